"""News by e-mail: the words and a link, in plain text, to the confirmed address of the account."""

from uuid import UUID

import msgspec
from markupsafe import Markup

from backend.kit import mail, settings
from backend.kit.database import fetch_one
from backend.kit.language import Language, _, use_language
from backend.notifications.words import Data, spoken

_READER = """
select a.email, a.language, coalesce(g.short_name, '') as office
from account a left join agency g on g.id = $2
where a.id = $1 and a.email is not null and a.email_confirmed_at is not null and a.closed_at is null
"""


class Reader(msgspec.Struct, frozen=True):
    """Whom a mail goes to, as it is at the moment of sending."""

    address: str
    language: Language
    office: str


async def reader(account: UUID, agency: UUID | None) -> Reader | None:
    """Return where and in which language `account` is written to, or None when it has no confirmed address now."""
    row = await fetch_one(_READER, account, agency)
    return msgspec.convert({"address": row["email"], **dict(row)}, Reader) if row else None


def letter(event: str, data: Data, office: str) -> tuple[str, str]:
    """Return subject and text of the mail about `event`, in the current language."""
    words, site = spoken(event, data), settings.current().public_url
    title = Markup(words.title).striptags() if isinstance(words.title, Markup) else words.title
    subject = f"{title} · {office}" if office else title
    paragraphs = [
        title,
        words.line,
        _("Xem trên trang một cửa: %(link)s") % {"link": site + words.path},
        _("Không muốn nhận thư báo nữa: %(link)s") % {"link": f"{site}/thong-bao#cai-dat"},
    ]
    return subject, "\n\n".join(paragraph for paragraph in paragraphs if paragraph) + "\n"


async def send(to: Reader, event: str, data: Data, delivery: UUID) -> None:
    """Mail one piece of news; every try of the same delivery carries the same Message-ID.

    Raises:
        MailRefused: the mail server will never take it.
        MailDelayed: not now.
    """
    with use_language(to.language):
        subject, text = letter(event, data, to.office)
    await mail.send(to.address, subject, text, f"delivery-{delivery}")
