"""Officers: who works for which agency, in which roles."""

from collections.abc import Iterable
from uuid import UUID

import msgspec

from backend.accounts.identity import mark_as_officer, unmark_as_officer
from backend.agencies.tables import Officer as OfficerRow
from backend.agencies.tables import Role
from backend.kit import clock
from backend.kit.database import Record, execute, fetch, fetch_one, fetch_value, new_id, unit_of_work
from backend.kit.errors import Refused
from backend.kit.language import _


class Officer(msgspec.Struct, frozen=True):
    """An officer at work, with the agency's names that pages show beside theirs."""

    id: UUID
    account_id: UUID
    agency_id: UUID
    name: str
    title: str
    roles: frozenset[Role]
    agency_name: str
    agency_short_name: str

    def has(self, *roles: Role) -> bool:
        """Whether one of `roles` is theirs."""
        return bool(self.roles & set(roles))


_SELECT = """
select o.id, o.account as account_id, o.agency as agency_id, o.full_name as name, o.title, o.roles,
    a.name as agency_name, a.short_name as agency_short_name
from officer o join agency a on a.id = o.agency
where o.ended_at is null and a.closed_at is null
"""


def _officer(row: Record) -> Officer:
    known = {str(role) for role in Role}
    return Officer(
        id=UUID(str(row["id"])),
        account_id=UUID(str(row["account_id"])),
        agency_id=UUID(str(row["agency_id"])),
        name=row["name"],
        title=row["title"],
        roles=frozenset(Role(role) for role in row["roles"] if role in known),
        agency_name=row["agency_name"],
        agency_short_name=row["agency_short_name"],
    )


async def officer_of(account: UUID) -> Officer | None:
    """Return the office a person holds (the newest, should there be several), or None."""
    row = await fetch_one(_SELECT + " and o.account = $1 order by o.appointed_at desc limit 1", account)
    return _officer(row) if row else None


async def officer_by_id(officer: UUID) -> Officer | None:
    """Return an officer who is still at work, or None."""
    row = await fetch_one(_SELECT + " and o.id = $1", officer)
    return _officer(row) if row else None


async def officers_of(agency: UUID) -> list[Officer]:
    """Return everybody at work in an agency, in the order of their appointment."""
    return [_officer(row) for row in await fetch(_SELECT + " and o.agency = $1 order by o.appointed_at, o.id", agency)]


async def name_of(officer: UUID) -> str:
    """Return an officer's name, also of one who has left; empty for nobody."""
    return str(await fetch_value("select full_name from officer where id = $1", officer) or "")


async def names_of(officers: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of many officers, those who left too."""
    rows = await fetch("select id, full_name from officer where id = any($1)", list(set(officers)))
    return {UUID(str(row["id"])): row["full_name"] for row in rows}


async def create_officer(
    account: UUID, agency: UUID, full_name: str, title: str, roles: Iterable[Role], department: UUID | None = None
) -> UUID:
    """Appoint a person to an agency with roles; return the officer's id.

    Raises:
        Refused: they already work there.
    """
    made = new_id()
    async with unit_of_work():
        if await fetch_value(
            "select 1 from officer where account = $1 and agency = $2 and ended_at is null for update", account, agency
        ):
            raise Refused(_("Người này đang là cán bộ của cơ quan. Sửa vai trò ở danh sách."))
        await OfficerRow.insert(
            OfficerRow(
                id=made,
                agency=agency,
                account=account,
                department=department,
                full_name=full_name,
                title=title,
                roles=sorted(str(role) for role in roles),
                appointed_at=clock.now(),
            )
        )
        await mark_as_officer(account)
    return made


async def change_roles(officer: Officer, roles: Iterable[Role]) -> None:
    """Give an officer other roles.

    Raises:
        Refused: the agency would lose its last administrator.
    """
    wanted = frozenset(roles)
    async with unit_of_work():
        if Role.ADMINISTRATOR in officer.roles - wanted:
            await _keep_an_administrator(officer)
        await execute("update officer set roles = $2 where id = $1", officer.id, sorted(str(role) for role in wanted))


async def end_office(officer: Officer) -> None:
    """End an officer's work for the agency; what they did stays theirs.

    Raises:
        Refused: the agency would lose its last administrator.
    """
    async with unit_of_work():
        if Role.ADMINISTRATOR in officer.roles:
            await _keep_an_administrator(officer)
        await execute("update officer set ended_at = $2 where id = $1 and ended_at is null", officer.id, clock.now())
        others = await fetch_value("select 1 from officer where account = $1 and ended_at is null", officer.account_id)
        if not others:
            await unmark_as_officer(officer.account_id)


async def _keep_an_administrator(leaving: Officer) -> None:
    """Lock the agency's administrators, so that two cannot leave at once, and see that one stays."""
    rows = await fetch(
        "select id from officer where agency = $1 and ended_at is null and $2 = any(roles) for update",
        leaving.agency_id,
        str(Role.ADMINISTRATOR),
    )
    if all(UUID(str(row["id"])) == leaving.id for row in rows):
        raise Refused(_("Cơ quan phải còn ít nhất một quản trị. Giao vai trò này cho người khác trước."))
