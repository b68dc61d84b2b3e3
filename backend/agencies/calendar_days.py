"""Named reads of a calendar: the days of a year, the hours that hold one after another, with who entered them."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

import msgspec

from backend.agencies.calendars import hours_of
from backend.agencies.office_hours import DayKind, DayStatus, Spans
from backend.agencies.officers import names_of
from backend.kit.database import Record, fetch


class Day(msgspec.Struct, frozen=True):
    """A day unlike its weekday; `entered_by` and `withdrawn_by` are names of officers, empty for the national calendar."""

    id: UUID
    day: date
    kind: DayKind
    name: str
    status: DayStatus
    basis: str
    swaps_for: date | None
    entered_by: str
    entered_at: datetime | None
    withdrawn_by: str
    withdrawn_at: datetime | None


class Hours(msgspec.Struct, frozen=True):
    """The hours an agency set from a day on, per weekday, 1 = Monday; names of officers as in `Day`."""

    id: UUID
    since: date
    hours: dict[int, Spans]
    entered_by: str
    entered_at: datetime
    withdrawn_by: str
    withdrawn_at: datetime | None


_OWN = "select * from calendar_day where agency = $1 and (withdrawn_at is not null) = $2 order by date, entered_at"
_NATIONAL = """
select * from calendar_day
where agency is null and withdrawn_at is null and extract(year from date) = $1 order by date
"""
_HOURS = "select * from office_week where agency = $1 and (withdrawn_at is not null) = $2 order by since, entered_at"


async def own_days(agency: UUID, *, withdrawn: bool = False) -> list[Day]:
    """Return the days an agency entered for itself, those that count or those taken back."""
    return await _days(await fetch(_OWN, agency, withdrawn))


async def national_days(year: int) -> list[Day]:
    """Return the days of the national calendar of a year that count."""
    return await _days(await fetch(_NATIONAL, year))


async def hours_set(agency: UUID, *, withdrawn: bool = False) -> list[Hours]:
    """Return the hours an agency set, those that count or those taken back, in the order of their first days."""
    rows = await fetch(_HOURS, agency, withdrawn)
    names = await _names(rows)
    return [
        Hours(
            id=row["id"],
            since=row["since"],
            hours=hours_of(row["hours"]),
            entered_by=names.get(row["entered_by"], ""),
            entered_at=row["entered_at"],
            withdrawn_by=names.get(row["withdrawn_by"], ""),
            withdrawn_at=row["withdrawn_at"],
        )
        for row in rows
    ]


async def _days(rows: list[Record]) -> list[Day]:
    names = await _names(rows)
    return [
        Day(
            id=row["id"],
            day=row["date"],
            kind=DayKind(row["kind"]),
            name=row["name"],
            status=DayStatus(row["status"]),
            basis=row["basis"],
            swaps_for=row["swaps_for"],
            entered_by=names.get(row["entered_by"], ""),
            entered_at=row["entered_at"],
            withdrawn_by=names.get(row["withdrawn_by"], ""),
            withdrawn_at=row["withdrawn_at"],
        )
        for row in rows
    ]


async def _names(rows: Iterable[Record]) -> dict[UUID, str]:
    ids = {row[column] for row in rows for column in ("entered_by", "withdrawn_by")} - {None}
    return await names_of(ids) if ids else {}
