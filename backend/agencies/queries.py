"""Named reads of agencies."""

from uuid import UUID

import msgspec

from backend.agencies.tables import AgencyKind
from backend.kit.database import Record, fetch, fetch_one
from backend.kit.errors import NotFound
from backend.kit.language import _
from backend.kit.text import text_key

COLUMNS = (
    "id, kind, code, unit_code, parent, name, short_name, superior_name, centre_name, place, address, phone, email, "
    "cutoff, intake_hours"
)


class AgencyInfo(msgspec.Struct, frozen=True):
    """An agency, as other rooms need it. Names are those of `Agency`'s columns."""

    id: UUID
    kind: AgencyKind
    code: str
    unit_code: str | None
    parent: UUID | None
    name: str
    short_name: str
    superior_name: str
    centre_name: str
    place: str
    address: str
    phone: str
    email: str | None
    cutoff: str
    intake_hours: int


def agency_from(row: Record, prefix: str = "") -> AgencyInfo:
    """Return the agency in the columns of `row` that begin with `prefix`."""
    return msgspec.convert({name: row[prefix + name] for name in AgencyInfo.__struct_fields__}, AgencyInfo)


async def agency_by_id(agency: UUID) -> AgencyInfo:
    """Return an agency, also one that is closed by now: a dossier keeps the agency of its day.

    Raises:
        NotFound: there is none.
    """
    row = await fetch_one(f"select {COLUMNS} from agency where id = $1", agency)
    if row is None:
        raise NotFound(_("Không có cơ quan này."))
    return agency_from(row)


async def agency_by_code(code: str) -> AgencyInfo | None:
    """Return the agency with this identification code, or None."""
    row = await fetch_one(f"select {COLUMNS} from agency where code = $1", code)
    return agency_from(row) if row else None


async def communes() -> list[AgencyInfo]:
    """Return the communes that are open, in the order of a Vietnamese list."""
    rows = await fetch(f"select {COLUMNS} from agency where kind = $1 and closed_at is null", str(AgencyKind.COMMUNE))
    return sorted((agency_from(row) for row in rows), key=lambda one: text_key(one.place or one.short_name))


async def departments(agency: UUID) -> list[AgencyInfo]:
    """Return the departments of an agency."""
    rows = await fetch(
        f"select {COLUMNS} from agency where parent = $1 and kind = $2 and closed_at is null",
        agency,
        str(AgencyKind.DEPARTMENT),
    )
    return sorted((agency_from(row) for row in rows), key=lambda one: text_key(one.short_name))
