"""Officers: who works where, with which roles; appointing, changing, ending."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from backend.accounts import passwords, recovery
from backend.accounts.happenings import Hand
from backend.accounts.identifiers import person_name, phone_number
from backend.accounts.identity import mark_as_officer, unmark_as_officer
from backend.accounts.registering import Mistakes, insert_account
from backend.agencies import tables
from backend.agencies.queries import COLUMNS, AgencyInfo, agency_by_code, agency_from
from backend.agencies.tables import Role
from backend.history.record import record
from backend.history.tables import ActorKind
from backend.kit import clock
from backend.kit.database import Record, execute, fetch, fetch_one, fetch_value, new_id, unit_connection, unit_of_work
from backend.kit.errors import Invalid, NotFound, Refused
from backend.kit.language import N_, _
from backend.kit.text import clean, name_key

ROLE_WORDS = {
    Role.RECEPTIONIST: N_("Tiếp nhận"),
    Role.PROCESSOR: N_("Thụ lý"),
    Role.APPROVER: N_("Ký duyệt"),
    Role.LEADER: N_("Lãnh đạo"),
    Role.CLERK: N_("Văn thư"),
    Role.CASHIER: N_("Thu phí"),
    Role.ADMINISTRATOR: N_("Quản trị"),
}
LONGEST_TITLE = 100

_AGENCY = ", ".join(f"ag.{name.strip()} as agency_{name.strip()}" for name in COLUMNS.split(","))
_OFFICER = f"""
select o.id, o.account, o.full_name, o.title, o.roles, o.department, o.appointed_at, o.ended_at, {_AGENCY}
from officer o join agency ag on ag.id = o.agency
"""


class Officer(msgspec.Struct, frozen=True):
    """A person at work: where, under which title, with which roles."""

    id: UUID
    account_id: UUID
    agency_id: UUID
    agency: AgencyInfo
    name: str
    title: str
    roles: frozenset[Role]
    department_id: UUID | None = None
    appointed_at: datetime | None = None
    ended_at: datetime | None = None

    def may(self, *roles: Role) -> bool:
        """True when the officer holds one of `roles`."""
        return not self.roles.isdisjoint(roles)

    @property
    def hand(self) -> Hand:
        """As whom the officer acts on accounts."""
        return Hand(self.id, self.agency_id)

    @property
    def role_words(self) -> list[str]:
        """The roles in words of the current language, in the order of `Role`."""
        return [_(ROLE_WORDS[role]) for role in Role if role in self.roles]


def _officer(row: Record) -> Officer:
    agency = agency_from(row, "agency_")
    return Officer(
        id=UUID(str(row["id"])),
        account_id=UUID(str(row["account"])),
        agency_id=agency.id,
        agency=agency,
        name=row["full_name"],
        title=row["title"],
        roles=frozenset(Role(role) for role in row["roles"]),
        department_id=row["department"],
        appointed_at=row["appointed_at"],
        ended_at=row["ended_at"],
    )


async def places_of(account: UUID) -> list[Officer]:
    """Return where an account works at present, the latest appointment first."""
    rows = await fetch(
        _OFFICER + "where o.account = $1 and o.ended_at is null and ag.closed_at is null order by o.appointed_at desc",
        account,
    )
    return [_officer(row) for row in rows]


async def officers_of(agency: UUID, ended: bool = False) -> list[Officer]:
    """Return the officers of an agency by name; with `ended` those who no longer are."""
    rows = await fetch(_OFFICER + "where o.agency = $1 and (o.ended_at is not null) = $2", agency, ended)
    return sorted((_officer(row) for row in rows), key=lambda one: name_key(one.name))


async def officer_by_id(officer: UUID) -> Officer:
    """Return an officer, also one who has left: history names them.

    Raises:
        NotFound: there is none.
    """
    row = await fetch_one(_OFFICER + "where o.id = $1", officer)
    if row is None:
        raise NotFound(_("Không có cán bộ này."))
    return _officer(row)


async def in_office(agency: UUID) -> list[UUID]:
    """Return the ids of those who work at an agency now."""
    rows = await fetch("select id from officer where agency = $1 and ended_at is null", agency)
    return [UUID(str(row["id"])) for row in rows]


async def stays(officer: UUID) -> bool:
    """Say whether an officer is in office, and keep it so until the open unit of work ends."""
    unit_connection()
    return bool(await fetch("select id from officer where id = $1 and ended_at is null for share", officer))


def read_roles(words: Iterable[str]) -> list[Role]:
    """Return the roles named by `words`.

    Raises:
        ValueError: none, or one that does not exist.
    """
    known = {str(role): role for role in Role}
    chosen = list(words)
    if not chosen or any(word not in known for word in chosen):
        raise ValueError(_("Chọn ít nhất một vai trò."))
    return [role for role in Role if str(role) in chosen]


async def appoint(
    *, agency: UUID, account: UUID, name: str, title: str, roles: Iterable[Role], department: UUID | None = None
) -> UUID:
    """Make the holder of `account` an officer of `agency`; return the officer's id.

    Raises:
        Refused: they are one already.
    """
    made = new_id()
    try:
        async with unit_of_work():
            await _insert(made, agency, account, name, title, roles, department)
    except asyncpg.UniqueViolationError:
        raise Refused(_("Người này đã là cán bộ ở đây. Sửa vai trò trong danh sách.")) from None
    return made


async def _insert(
    made: UUID,
    agency: UUID,
    account: UUID,
    name: str,
    title: str,
    roles: Iterable[Role],
    department: UUID | None = None,
) -> None:
    await tables.Officer.insert(
        tables.Officer(
            id=made,
            agency=agency,
            account=account,
            department=department,
            full_name=name,
            title=title,
            roles=[str(role) for role in roles],
            appointed_at=clock.now(),
        )
    )
    await mark_as_officer(account)


async def appoint_new(
    *,
    agency: UUID,
    name: str,
    phone: str,
    password: str,
    roles: Iterable[str],
    title: str = "",
    department: UUID | None = None,
) -> UUID:
    """Open an account for somebody and make them an officer of `agency`; return the officer's id.

    The account says no personal number yet: its holder adds it, or the counter sees the card.

    Raises:
        Invalid: with a sentence per field.
    """
    mistakes = Mistakes()
    full_name = mistakes.read("full_name", person_name, name)
    number = mistakes.read("phone", phone_number, phone)
    weak = passwords.weakness(password, (number or "", full_name or ""))
    if weak:
        mistakes["password"] = weak
    chosen = mistakes.read("roles", lambda _words: read_roles(roles), "")
    mistakes.refuse()
    assert full_name and number and chosen
    kept, made = await passwords.hashed(password), new_id()
    async with unit_of_work():
        account = await insert_account(full_name, number, "", kept, language="vi")
        await _insert(made, agency, account, full_name, clean(title).strip()[:LONGEST_TITLE], chosen, department)
    return made


async def create_officer(
    *, agency: str, name: str, phone: str, roles: list[str], password: str, title: str = ""
) -> str:
    """Create an officer from words, for the command line; return the sentence that says so.

    Raises:
        ValueError: no agency has the code, or a word is no role.
        Invalid: name, phone or password will not do.
    """
    place = await agency_by_code(agency)
    if place is None:
        raise ValueError(f"no agency has the code {agency}")
    unknown = sorted(set(roles) - set(map(str, Role)))
    if unknown or not roles:
        raise ValueError(f"roles are {', '.join(Role)}; not {', '.join(unknown)}")
    try:
        await appoint_new(agency=place.id, name=name, phone=phone, password=password, roles=roles, title=title)
    except Invalid as problem:
        raise ValueError(" ".join(problem.fields.values())) from None
    return f"{name}: {', '.join(roles)}, {place.name}"


async def change_officer(by: Officer, officer: UUID, *, title: str, roles: Iterable[str]) -> None:
    """Change title and roles of an officer of the same agency.

    Args:
        by: the administrator.
        officer: whose.
        title, roles: the new ones; roles as words.

    Raises:
        NotFound: no such officer in the administrator's agency.
        Invalid: no role, or none that exists.
        Refused: the agency would be left without an administrator.
    """
    mistakes = Mistakes()
    chosen = mistakes.read("roles", lambda _words: read_roles(roles), "")
    mistakes.refuse()
    assert chosen is not None
    async with unit_of_work():
        await _found(by, officer)
        if Role.ADMINISTRATOR not in chosen:
            await _keep_an_administrator(by.agency_id, officer)
        await execute(
            "update officer set title = $2, roles = $3 where id = $1",
            officer,
            clean(title).strip()[:LONGEST_TITLE],
            [str(role) for role in chosen],
        )
        await _note_down(by, officer, "changed", {"roles": [str(role) for role in chosen]})


async def _note_down(by: Officer, officer: UUID, act: str, details: dict[str, Any]) -> None:
    await record(
        "officer",
        officer,
        act,
        agency=by.agency_id,
        actor_kind=ActorKind.OFFICER,
        actor=by.id,
        details=details,
        at=clock.now(),
    )


async def end_officer(by: Officer, officer: UUID) -> None:
    """End an appointment in the administrator's agency; history keeps it. What was assigned to them is free again.

    Raises:
        NotFound: no such officer in the administrator's agency, or ended already.
        Refused: the agency would be left without an administrator.
    """
    async with unit_of_work():
        account = await _found(by, officer)
        await _keep_an_administrator(by.agency_id, officer)
        await execute("update officer set ended_at = $2 where id = $1", officer, clock.now())
        await _note_down(by, officer, "ended", {})
        if not await fetch_value("select count(*) from officer where account = $1 and ended_at is null", account):
            await unmark_as_officer(account)


async def give_code(by: Officer, officer: UUID) -> str:
    """Make the code by which an officer of the administrator's agency sets a new password; return it.

    Raises:
        NotFound: no such officer in the administrator's agency, or one who has left.
        Refused: it is the administrator, or the officer works at another agency too.
    """
    one = await officer_by_id(officer)
    if one.agency_id != by.agency_id or one.ended_at is not None:
        raise NotFound(_("Không có cán bộ này."))
    return await give_code_to_holder(by, one.account_id)


async def give_code_to_holder(by: Officer, account: UUID) -> str:
    """As `give_code`, for an account that some officer holds.

    A code opens the account with all its roles, at every agency: nobody takes a leader's signature over with it who
    does not administer them all.

    Raises:
        Refused: `by` is no administrator of every agency the holder works at, or holds the account.
    """
    if account == by.account_id:
        raise Refused(_("Mã cho chính mình do người quản trị khác đưa."))
    if not by.may(Role.ADMINISTRATOR):
        raise Refused(_("Đây là tài khoản của cán bộ: mã do người quản trị đưa."))
    if any(place.agency_id != by.agency_id for place in await places_of(account)):
        raise Refused(_("Người này còn làm việc ở cơ quan khác, nên không lấy được mã ở đây."))
    return await recovery.give_code(account, by.account_id, by.hand)


async def _found(by: Officer, officer: UUID) -> UUID:
    account = await fetch_value(
        "select account from officer where id = $1 and agency = $2 and ended_at is null for update",
        officer,
        by.agency_id,
    )
    if account is None:
        raise NotFound(_("Không có cán bộ này."))
    return UUID(str(account))


async def _keep_an_administrator(agency: UUID, leaving: UUID) -> None:
    """Refuse the change that takes the last administrator away; the agency's row is the lock for two at once."""
    await fetch("select id from agency where id = $1 for update", agency)
    left = await fetch(
        "select id, roles @> array['administrator']::text[] as administers from officer "
        "where agency = $1 and ended_at is null",
        agency,
    )
    ids = {UUID(str(row["id"])) for row in left if row["administers"]}
    if leaving in ids and ids == {leaving}:
        raise Refused(_("Đây là người quản trị duy nhất. Giao quyền quản trị cho người khác trước."))


async def names_and_titles(officers: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    """Return names and titles of many officers by id, those who left too."""
    rows = await fetch("select id, full_name, title from officer where id = any($1)", list(set(officers)))
    return {UUID(str(row["id"])): (row["full_name"], row["title"]) for row in rows}


async def names_of(officers: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of many officers by id, those who left too."""
    return {officer: name for officer, (name, _title) in (await names_and_titles(officers)).items()}


async def name_of(officer: UUID) -> str:
    """Return an officer's name, also of one who has left; empty for nobody."""
    return (await names_of([officer])).get(officer, "")
