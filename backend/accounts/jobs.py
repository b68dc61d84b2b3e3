"""Mails of this room: the link that confirms an address, the code that sets a new password."""

from datetime import timedelta
from uuid import UUID

from backend.accounts.codes import code_of
from backend.accounts.tables import CodePurpose
from backend.kit import clock, mail, settings
from backend.kit.database import Record, execute, fetch_one
from backend.kit.jobs import Payload, daily, job
from backend.kit.language import _, use_language

_OPEN = """
select c.purpose, c.target, a.full_name, a.language from one_time_code c join account a on a.id = c.account
where c.id = $1 and c.used_at is null and c.expires_at > $2 and a.closed_at is null
"""


@job("accounts.code_mail")
async def mail_code(payload: Payload) -> None:
    """Mail the code of the row `code`; one that is used or outdated by now needs no mail."""
    code_id = UUID(payload["code"])
    row = await fetch_one(_OPEN, code_id, clock.now())
    if row is None or not mail.configured():
        return
    with use_language(row["language"]):
        subject, text = _words(row, code_of(code_id))
    try:
        await mail.send(row["target"], subject, text, f"code-{code_id}")
    except mail.MailRefused:
        return  # no such mailbox: trying again changes nothing, and the page tells the way to the counter


# A session is asked about for a day (a post that waits for its person), and shown to the counter as last use.
_SWEEP = (
    ("delete from session where coalesce(revoked_at, expires_at) < $1", timedelta(days=400)),
    ("delete from known_device where expires_at < $1", timedelta()),
    ("delete from one_time_code where expires_at < $1", timedelta(days=30)),
)


@daily("accounts.sweep", hour=3, minute=5)
async def sweep() -> None:
    """Forget sessions, devices and codes that ended long ago."""
    for sql, kept in _SWEEP:
        await execute(sql, clock.now() - kept)


def _words(row: Record, code: str) -> tuple[str, str]:
    address = settings.current().public_url
    if row["purpose"] == CodePurpose.EMAIL:
        return _("Xác nhận địa chỉ e-mail"), _(
            "Chào %(name)s,\n\n"
            "Mở liên kết này để nhận tin về hồ sơ qua e-mail:\n%(link)s\n\n"
            "Liên kết dùng được trong 2 ngày. Không phải mình gửi thì bỏ qua thư này.\n"
        ) % {"name": row["full_name"], "link": f"{address}/toi/thong-tin/email?ma={code}"}
    return _("Mã đặt lại mật khẩu"), _(
        "Chào %(name)s,\n\n"
        "Mã đặt lại mật khẩu: %(code)s\n"
        "Điền mã ở %(link)s trong 30 phút. Mã dùng một lần.\n\n"
        "Không phải mình xin mã thì bỏ qua thư này, mật khẩu vẫn như cũ. Đừng đọc mã cho ai.\n"
    ) % {"name": row["full_name"], "code": f"{code[:4]} {code[4:]}", "link": f"{address}/quen-mat-khau/ma"}
