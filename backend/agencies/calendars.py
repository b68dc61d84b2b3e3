"""The working-time calendar of one office, from the national days, its own days and its office hours."""

import json
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import structlog

from backend.agencies.office_hours import (
    SHIPPED,
    DayKind,
    OfficeHours,
    Span,
    Spans,
    SpecialDay,
    YearStatus,
    read_document,
)
from backend.agencies.working_time import WorkingCalendar
from backend.kit import clock
from backend.kit.database import Record, fetch, fetch_one, new_id, unit_of_work
from backend.kit.errors import NotFound
from backend.kit.language import _

log = structlog.get_logger("calendars")

KEPT = timedelta(minutes=1)

# An office's own day goes before the national one.
_DAYS = """
select distinct on (date) date, kind, swaps_for from calendar_day where agency is null or agency = $1
order by date, agency is null
"""

_kept: dict[UUID, tuple[datetime, WorkingCalendar]] = {}
_warned: set[int] = set()


async def calendar_of(agency: UUID) -> WorkingCalendar:
    """Return the calendar of an agency; this process keeps it for a minute.

    Raises:
        NotFound: no such agency.
    """
    now = clock.now()
    found = _kept.get(agency)
    if found is None or abs(now - found[0]) > KEPT:
        found = _kept[agency] = (now, await _read(agency))
        _warn(found[1], now)
    return found[1]


def forget_calendars() -> None:
    """Read all calendars anew, after days or hours were changed."""
    _kept.clear()


async def _read(agency: UUID) -> WorkingCalendar:
    office = await fetch_one("select office_hours, cutoff from agency where id = $1", agency)
    if office is None:
        raise NotFound(_("Không có cơ quan này."))
    years = await fetch("select year, status from calendar_year")
    shipped = read_document(json.loads(SHIPPED.read_text("utf-8")))
    hours = OfficeHours(
        hours=_hours(json.loads(office["office_hours"] or "{}")) or shipped.hours,
        weekly_rest=shipped.weekly_rest,
        days=tuple(_day(row) for row in await fetch(_DAYS, agency)),
        years={row["year"]: YearStatus(row["status"]) for row in years},
    )
    return WorkingCalendar.from_rows(hours, time.fromisoformat(office["cutoff"]))


def _hours(written: dict[str, list[list[str]]]) -> dict[int, Spans]:
    return {
        int(weekday): tuple(Span(time.fromisoformat(start), time.fromisoformat(end)) for start, end in spans)
        for weekday, spans in written.items()
    }


def _day(row: Record) -> SpecialDay:
    return SpecialDay(day=row["date"], kind=DayKind(row["kind"]), swaps_for=row["swaps_for"])


def _warn(calendar: WorkingCalendar, now: datetime) -> None:
    for year in unknown_years(calendar, now):
        if year not in _warned:
            _warned.add(year)
            log.warning("this year has no holidays yet, only weekends count", year=year)


def unknown_years(calendar: WorkingCalendar, now: datetime) -> tuple[int, ...]:
    """Return the years of the next twelve months without a calendar: administrators are told."""
    return calendar.unknown_years(now, now + timedelta(days=365))


_KEEP_DAY = """
insert into calendar_day (id, agency, date, kind, name, status, basis, swaps_for) values ($1, null, $2, $3, $4, $5, $6, $7)
on conflict (agency, date) do update
set kind = excluded.kind, name = excluded.name, status = excluded.status, basis = excluded.basis,
    swaps_for = excluded.swaps_for
"""
_KEEP_YEAR = "insert into calendar_year (year, status) values ($1, $2) on conflict (year) do update set status = $2"


async def import_calendar(document: dict[str, Any] | None = None) -> int:
    """Take over the national days and years of a document like the shipped one; return how many days it has.

    Doing it again changes nothing; days an office entered for itself stay.

    Args:
        document: shaped like `data/holidays.json`, which is taken when none is given.

    Raises:
        msgspec.ValidationError: it has another shape.
    """
    document = document or json.loads(SHIPPED.read_text("utf-8"))
    read = read_document(document)
    words = {day["date"]: day for day in document["days"]}
    rows = []
    for day in read.days:
        said = words[day.day.isoformat()]
        name, status, basis = said["name"], said.get("status", "confirmed"), said.get("basis", "")
        rows.append((new_id(), day.day, str(day.kind), name, status, basis, day.swaps_for))
    async with unit_of_work() as connection:
        await connection.executemany(_KEEP_DAY, rows)
        await connection.executemany(_KEEP_YEAR, [(year, str(status)) for year, status in read.years.items()])
    forget_calendars()
    return len(rows)
