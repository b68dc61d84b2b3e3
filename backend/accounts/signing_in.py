"""Signing in by phone or personal number and password, signing out, changing the password."""

from uuid import UUID

import msgspec

from backend.accounts import passwords, sessions, throttle
from backend.accounts.identifiers import Identifier, Kind, identifier
from backend.accounts.profiles import known_words
from backend.accounts.registering import MOST_ACCOUNTS
from backend.kit.database import Record, execute, fetch, fetch_one, unit_of_work
from backend.kit.errors import Invalid
from backend.kit.language import Language, _
from backend.kit.seal import fingerprint

_CANDIDATES = """
select id, password_hash, officer_since is not null as officer, email, email_confirmed_at, language from account
where {column} = $1 and closed_at is null
order by identity_verified_at is null, officer_since is null, created_at limit $2
"""
_BY = {Kind.PHONE: "phone", Kind.PERSONAL_ID: "personal_id_print"}


class Opened(msgspec.Struct, frozen=True):
    """A session just opened: whose, and the token for its cookie."""

    account_id: UUID
    token: str
    officer: bool
    language: Language


async def candidates(named: Identifier) -> list[Record]:
    """Return the accounts somebody may mean by `named`: verified ones first, then the oldest, at most five."""
    value = named.value if named.kind is Kind.PHONE else fingerprint(named.value)
    return await fetch(_CANDIDATES.format(column=_BY[named.kind]), value, MOST_ACCOUNTS)


def read_identifier(text: str) -> Identifier:
    """Read what names an account.

    Raises:
        Invalid: it is neither a phone nor a personal number.
    """
    named = identifier(text)
    if named is None:
        sentence = _("Ghi số điện thoại 10 chữ số, hoặc số căn cước 12 chữ số.")
        raise Invalid(_("Còn chỗ cần sửa."), fields={"identifier": sentence})
    return named


async def sign_in(text: str, password: str, *, address: str, user_agent: str) -> Opened:
    """Sign a device in.

    Args:
        text: phone or personal number, as typed.
        password: as typed.
        address: the network address the try comes from.
        user_agent: the browser's own description.

    Raises:
        Invalid: wrong number or password; never says which, nor whether there is such an account.
        TooMany: too many tries.
    """
    named = read_identifier(text)
    if not password:
        raise Invalid(_("Còn chỗ cần sửa."), fields={"password": _("Chưa điền mật khẩu.")})
    await throttle.sign_in_tried(named, address)
    found = await _whose(await candidates(named), password)
    if found is None:
        sentence = _("Số hoặc mật khẩu chưa đúng. Kiểm tra cả hai.")
        raise Invalid(sentence, fields={"password": sentence})
    await throttle.sign_in_held(named, address)
    return await open_for(UUID(str(found["id"])), found["officer"], found["language"], user_agent)


async def open_for(account: UUID, officer: bool, language: Language, user_agent: str) -> Opened:
    """Open a session for a person who has just proved who they are."""
    return Opened(account, await sessions.open_session(account, user_agent, officer), officer, language)


async def _whose(rows: list[Record], password: str) -> Record | None:
    if not rows:
        await passwords.fits(None, password)  # nobody takes as long as somebody
    for row in rows:
        if await passwords.fits(row["password_hash"], password):
            return row
    return None


async def change_password(account: UUID, session: UUID, current: str, new: str) -> int:
    """Set a new password and sign all other devices out; return how many.

    Raises:
        Invalid: the present password is wrong, or the new one too weak.
        TooMany: the present one was guessed at too often.
    """
    await throttle.password_tried(str(account))
    row = await fetch_one("select password_hash from account where id = $1", account)
    fields = {}
    if row is None or not await passwords.fits(row["password_hash"], current):
        fields["current"] = _("Mật khẩu đang dùng chưa đúng.")
    weak = passwords.weakness(new, await known_words(account))
    if weak:
        fields["password"] = weak
    if fields:
        raise Invalid(_("Còn chỗ cần sửa."), fields=fields)
    return await set_password(account, new, but=session)


async def set_password(account: UUID, new: str, but: UUID | None = None) -> int:
    """Keep a new password, already judged, and sign out every device except `but`; return how many."""
    kept = await passwords.hashed(new)
    async with unit_of_work():
        await execute("update account set password_hash = $2 where id = $1", account, kept)
        return await sessions.revoke_all(account, but)
