"""Signing in by phone or personal number and password, signing out, changing the password."""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from backend.accounts import known_devices, passwords, sessions, throttle
from backend.accounts.codes import void_codes
from backend.accounts.happenings import Act, Happening, happened
from backend.accounts.identifiers import Identifier, Kind, identifier
from backend.accounts.profiles import known_words
from backend.accounts.tables import CodePurpose
from backend.kit.database import Record, execute, fetch, fetch_one, unit_connection, unit_of_work
from backend.kit.errors import Invalid, TooMany
from backend.kit.language import Language, _
from backend.kit.seal import fingerprint

_CLAIMING = """
select id, password_hash, officer_since is not null as officer, email, language from account
where {column} = $1 and closed_at is null and
"""
_FITTING = """ starts_with(password_hash, $2) and id <> all($3)
order by identity_verified_at is null, officer_since is null, email_confirmed_at is null, created_at limit $4
"""
# How many hashes a wrong password is compared with, always: its time tells nothing of how many claim the number.
CHECKS = 2
# Whoever opens accounts by the dozen in one browser has no tries of their own for all of them.
_MOST_OWN = 5
_BY = {Kind.PHONE: "phone", Kind.PERSONAL_ID: "personal_id_print"}


class Opened(msgspec.Struct, frozen=True):
    """A session just opened: whose, the token for its cookie, and the one by which the device is known."""

    account_id: UUID
    token: str
    device: str
    officer: bool
    language: Language


async def claiming(named: Identifier, where: str, *values: object) -> list[Record]:
    """Return the open accounts that claim the number `named`.

    Args:
        named: the number.
        where: a condition of ours in SQL, and an order; its values are $2, $3 …
        values: those.
    """
    value = named.value if named.kind is Kind.PHONE else fingerprint(named.value)
    return await fetch(_CLAIMING.format(column=_BY[named.kind]) + where, value, *values)


def read_identifier(text: str, others: Mapping[str, str | None] | None = None) -> Identifier:
    """Read what names an account.

    Args:
        text: as typed.
        others: what is wrong with other fields of the same form, by field: all is told at once.

    Raises:
        Invalid: it is neither a phone nor a personal number, or another field has a mistake.
    """
    named = identifier(text)
    unread = None if named else _("Ghi số điện thoại 10 chữ số, hoặc số căn cước 12 chữ số.")
    fields = {name: wrong for name, wrong in {"identifier": unread, **(others or {})}.items() if wrong}
    if named is None or fields:
        raise Invalid(_("Còn chỗ cần sửa."), fields=fields)
    return named


async def sign_in(text: str, password: str, *, address: str, user_agent: str, device: str = "") -> Opened:
    """Sign a device in.

    A device that one of the number's accounts knows has tries of its own at that account; all the rest share theirs.

    Args:
        text: phone or personal number, as typed.
        password: as typed.
        address: the network address the try comes from.
        user_agent: the browser's own description.
        device: the token by which the browser may be known.

    Raises:
        Invalid: wrong number or password; never says which, nor whether there is such an account.
        TooMany: too many tries.
    """
    named = read_identifier(text, {"password": None if password else _("Chưa điền mật khẩu.")})
    known = await known_devices.known_at(device)
    own = await claiming(named, f"id = any($2) order by created_at limit {_MOST_OWN}", list(known)) if known else []
    tried = {row["id"]: known[row["id"]] for row in own if await throttle.known_device_tried(known[row["id"]])}
    found = None
    if tried:
        mark = await passwords.marked(password)
        fitting = [row for row in own if row["id"] in tried and row["password_hash"].startswith(mark)]
        found = await _whose(fitting, password)
    if found is not None:
        await throttle.known_device_held(tried[found["id"]])
    else:
        found = await _among_strangers(named, password, address, tried)
    return await open_for(UUID(str(found["id"])), found["officer"], found["language"], user_agent, device)


async def _among_strangers(named: Identifier, password: str, address: str, tried: dict[UUID, UUID]) -> Record:
    """Return whose password it is among accounts that do not know the device, within the tries all strangers share."""
    sentence = _("Số hoặc mật khẩu chưa đúng. Kiểm tra cả hai.")
    wrong = Invalid(sentence, fields={"password": sentence})
    try:
        await throttle.sign_in_tried(named, address)
    except TooMany:
        if tried:
            raise wrong from None  # their own tries are not used up: they may go on
        raise
    mark = await passwords.marked(password)  # after the tries were counted: it is slow on purpose
    found = await _whose(await claiming(named, _FITTING, mark, list(tried), CHECKS), password)
    if found is None:
        raise wrong
    await throttle.sign_in_held(named, address)
    return found


async def open_for(account: UUID, officer: bool, language: Language, user_agent: str, device: str = "") -> Opened:
    """Open a session for a person who has just proved who they are; a device new to them is told to the rest.

    Args:
        account: whose.
        officer: True when they may enter staff mode.
        language: in which they are written to.
        user_agent: the browser's own description.
        device: the token by which the browser may be known.
    """
    async with unit_of_work():
        known = await known_devices.remember(account, device)
        if known.news:
            await happened(Happening(Act.NEW_DEVICE, account))
        return await open_on(known, account, officer, language, user_agent)


async def open_on(
    known: known_devices.Remembered, account: UUID, officer: bool, language: Language, user_agent: str
) -> Opened:
    """Open a session on a device known by now."""
    token = await sessions.open_session(account, user_agent, officer, known.id)
    return Opened(account, token, known.token, officer, language)


async def _whose(rows: list[Record], password: str) -> Record | None:
    """Return the first of `rows` that `password` opens; none takes as long whoever claims the number."""
    for place in range(CHECKS):
        row = rows[place] if place < len(rows) else None
        if await passwords.fits(row["password_hash"] if row else None, password):
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
    kept = await passwords.hashed(new)
    async with unit_of_work():
        left = await set_password(account, kept, but=session)
        await happened(Happening(Act.PASSWORD_CHANGED, account))
    return left


async def set_password(account: UUID, kept: str, but: UUID | None = None) -> int:
    """Keep the hash of a new password inside the open unit of work; return how many devices that signed out.

    Every device but the session `but` is signed out and a stranger again, and codes for a new password are void.
    """
    unit_connection()
    await execute("update account set password_hash = $2 where id = $1", account, kept)
    await void_codes(account, CodePurpose.RECOVERY)
    return await sessions.revoke_all(account, but)
