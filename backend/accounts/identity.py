"""What the counter does with an account: finds it by exact numbers, verifies the card, opens one for who has none."""

from datetime import date, datetime
from uuid import UUID

import asyncpg
import msgspec

from backend.accounts.happenings import Act, Hand, Happening, happened
from backend.accounts.identifiers import Identifier, Kind, birth_date, person_name, personal_number, phone_number
from backend.accounts.profiles import SEXES, account_of, personal_id_of
from backend.accounts.registering import Mistakes, insert_account
from backend.accounts.sessions import OFFICER_IDLE
from backend.kit import clock
from backend.kit.database import Record, execute, fetch, fetch_one, unit_of_work
from backend.kit.errors import NotFound, Refused
from backend.kit.formats import full_date, time
from backend.kit.language import _
from backend.kit.seal import fingerprint, seal, unseal

_SEEN = """
select id, full_name, phone, personal_id_sealed, birth_date, sex, created_at, identity_verified_at, officer_since,
    (select max(seen_at) from session s where s.account = a.id) as seen_at
from account a where closed_at is null and
"""
_FIND = _SEEN + "{column} = $1 order by identity_verified_at is null, seen_at desc nulls last, created_at limit 20"
_BY = {Kind.PHONE: "phone", Kind.PERSONAL_ID: "personal_id_print"}
_VERIFY = "update account set identity_verified_at = $2, identity_verified_by = $3 where id = $1"
NO_PASSWORD = "none: set by a one-time code"


class Found(msgspec.Struct, frozen=True):
    """An account as the counter sees it."""

    id: UUID
    full_name: str
    phone: str
    personal_id: str
    birth_date: date | None
    sex: str | None
    created_at: datetime
    seen_at: datetime | None
    verified_at: datetime | None
    officer: bool


class Card(msgspec.Struct, frozen=True):
    """What the officer read off the card; what is None stays as the person wrote it.

    The personal number, as typed, is read for an account that says none: others were found by theirs, or beside it.
    """

    full_name: str | None = None
    birth_date: date | None = None
    sex: str | None = None
    personal_id: str = ""


def _found(row: Record) -> Found:
    return Found(
        id=UUID(str(row["id"])),
        full_name=row["full_name"],
        phone=row["phone"],
        personal_id=unseal(row["personal_id_sealed"]),
        birth_date=row["birth_date"],
        sex=row["sex"],
        created_at=row["created_at"],
        seen_at=row["seen_at"],
        verified_at=row["identity_verified_at"],
        officer=row["officer_since"] is not None,
    )


async def find(named: Identifier) -> list[Found]:
    """Return the open accounts that claim exactly this phone or personal number, the verified one first.

    Then by last use: whoever stands at the counter has just used theirs, or can.
    """
    value = named.value if named.kind is Kind.PHONE else fingerprint(named.value)
    return [_found(row) for row in await fetch(_FIND.format(column=_BY[named.kind]), value)]


async def found_again(account: UUID) -> Found:
    """Return one account as the counter sees it.

    Raises:
        NotFound: no such account.
    """
    row = await fetch_one(_SEEN + " id = $1", account)
    if row is None:
        raise NotFound(_("Không có tài khoản này."))
    return _found(row)


async def verify_identity(
    account: UUID, by: UUID, card: Card | None = None, seen: bytes | None = None, hand: Hand | None = None
) -> None:
    """Note that an officer (the account `by`) saw the card of the person who holds `account`.

    Args:
        account: whose personal number is now proved.
        by: the officer's account.
        card: corrections from the card.
        seen: fingerprint of the personal number the account showed; None: the one it has now.
        hand: as whom the officer acts, for history.

    Raises:
        NotFound: no such account.
        Invalid: the account says no personal number, and the card gave none.
        Refused: it is verified already, another verified account has the number, or the number was changed meanwhile.
    """
    row, card, now = await account_of(account), card or Card(), clock.now()
    said = personal_id_of(row)
    if seen is not None and fingerprint(said) != seen:
        raise Refused(_("Người nộp vừa đổi số căn cước của tài khoản này. Tìm lại rồi so với thẻ."))
    number = said or _read_number(card)
    try:
        async with unit_of_work():
            done = await execute(
                "update account set identity_verified_at = $2, identity_verified_by = $3, "
                "full_name = coalesce($4, full_name), birth_date = coalesce($5, birth_date), sex = coalesce($6, sex), "
                "personal_id_sealed = $8, personal_id_print = $9 "
                "where id = $1 and personal_id_print = $7 and identity_verified_at is null and closed_at is null",
                account,
                now,
                by,
                card.full_name,
                card.birth_date,
                card.sex,
                row.personal_id_print,
                row.personal_id_sealed if said else seal(number),
                fingerprint(number),
            )
            if done:
                await happened(Happening(Act.IDENTITY_VERIFIED, account, hand))
    except asyncpg.UniqueViolationError:
        raise Refused(await _already_other(account, number)) from None
    if not done:
        raise Refused(await _already(account))


def _read_number(card: Card) -> str:
    mistakes = Mistakes()
    number = mistakes.read("personal_id", personal_number, card.personal_id)
    mistakes.refuse()
    assert number
    return number


async def _already(account: UUID) -> str:
    row = await fetch_one(
        "select a.identity_verified_at as at, o.full_name as who from account a "
        "left join account o on o.id = a.identity_verified_by where a.id = $1",
        account,
    )
    if row is None or row["at"] is None:
        return _("Tài khoản vừa thay đổi. Tìm lại rồi so với thẻ.")
    return _("%(who)s đã xác minh tài khoản này lúc %(time)s ngày %(date)s.") % {
        "who": row["who"] or _("Một cán bộ"),
        "time": time(row["at"]),
        "date": full_date(row["at"]),
    }


async def _already_other(account: UUID, number: str) -> str:
    row = await fetch_one(
        "select phone, created_at from account where personal_id_print = $2 and id <> $1 "
        "and identity_verified_at is not null and closed_at is null",
        account,
        fingerprint(number),
    )
    if row is None:
        return _("Số căn cước này vừa được xác minh cho tài khoản khác. Tìm lại.")
    return _(
        "Số căn cước này đã xác minh cho tài khoản khác, số điện thoại đuôi %(tail)s, mở ngày %(date)s. "
        "Mỗi số chỉ xác minh cho một tài khoản."
    ) % {"tail": row["phone"][-3:], "date": full_date(row["created_at"])}


async def open_at_counter(
    *,
    full_name: str,
    phone: str,
    personal_id: str,
    born: tuple[str, str, str],
    sex: str,
    by: UUID,
    hand: Hand | None = None,
) -> UUID:
    """Open a verified account for a person who stands there with their card; a one-time code sets the password.

    Args:
        full_name, phone, personal_id, born, sex: as typed; born is day, month, year.
        by: the officer's account.
        hand: as whom the officer acts, for history.

    Raises:
        Invalid: with a sentence per field.
        Refused: another verified account has the number.
    """
    mistakes = Mistakes()
    name = mistakes.read("full_name", person_name, full_name)
    number = mistakes.read("phone", phone_number, phone)
    personal = mistakes.read("personal_id", personal_number, personal_id)
    birth = mistakes.read("birth_date", lambda day: birth_date(day, born[1], born[2]), born[0])
    mistakes.refuse()
    assert name and number and personal
    try:
        async with unit_of_work():
            account = await insert_account(
                name, number, personal, NO_PASSWORD, language="vi", birth_date=birth, sex=sex if sex in SEXES else None
            )
            await execute(_VERIFY, account, clock.now(), by)
            await happened(Happening(Act.OPENED_AT_COUNTER, account, hand))
    except asyncpg.UniqueViolationError:
        raise Refused(_("Số căn cước này đã có tài khoản được xác minh. Tìm lại theo số căn cước.")) from None
    return account


async def mark_as_officer(account: UUID) -> None:
    """Let an account enter staff mode; called by the agencies room when it appoints.

    Devices that are signed in already stay so no longer than an officer's do.
    """
    now = clock.now()
    await execute("update account set officer_since = coalesce(officer_since, $2) where id = $1", account, now)
    await execute(
        "update session set expires_at = least(expires_at, $2) where account = $1 and revoked_at is null",
        account,
        now + OFFICER_IDLE,
    )


async def unmark_as_officer(account: UUID) -> None:
    """Close staff mode to an account; called by the agencies room when the last appointment ends."""
    await execute("update account set officer_since = null where id = $1", account)
