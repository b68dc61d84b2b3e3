"""The working-time calendar of one office, from the national days, its own days and its office hours."""

import json
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import structlog

from backend.agencies.calendar_documents import NationalDay, read_national
from backend.agencies.office_hours import (
    SHIPPED,
    DayKind,
    HoursFrom,
    OfficeHours,
    Span,
    Spans,
    SpecialDay,
    YearStatus,
    read_document,
)
from backend.agencies.working_time import WorkingCalendar
from backend.kit import clock
from backend.kit.database import Record, execute, fetch, fetch_one, new_id, unit_of_work
from backend.kit.errors import NotFound
from backend.kit.language import _
from backend.kit.live import EVERYTHING, announce, when_announced

log = structlog.get_logger("calendars")

KEPT = timedelta(minutes=1)
TOPIC = "calendars"

# An office's own day goes before the national one.
_DAYS = """
select distinct on (date) date, kind, swaps_for from calendar_day
where (agency is null or agency = $1) and withdrawn_at is null order by date, agency is null
"""
_HOURS = "select since, hours from office_week where agency = $1 and withdrawn_at is null order by since"

_kept: dict[UUID, tuple[datetime, WorkingCalendar]] = {}
_forgotten = 0
_warned: set[int] = set()


async def calendar_of(agency: UUID) -> WorkingCalendar:
    """Return the calendar of an agency; this process keeps it for a minute, or until somebody changes one.

    Raises:
        NotFound: no such agency.
    """
    now = clock.now()
    found = _kept.get(agency)
    if found is None or abs(now - found[0]) > KEPT:
        before = _forgotten
        found = (now, await read_calendar(agency))
        # What changed while it was read may be missing in it.
        if before == _forgotten:
            _kept[agency] = found
        _warn(found[1], now)
    return found[1]


def forget_calendars() -> None:
    """Read all calendars anew, after days or hours were changed."""
    global _forgotten
    _forgotten += 1
    _kept.clear()


when_announced(TOPIC, lambda _subject: forget_calendars())


async def announce_calendar(agency: UUID | None) -> None:
    """Have every server process read calendars anew once the open unit of work commits; None: the national one changed."""
    await announce([TOPIC], str(agency) if agency else EVERYTHING)


async def read_calendar(agency: UUID) -> WorkingCalendar:
    """Return the calendar of an agency as it stands in the database, seen from the open unit of work if there is one.

    Raises:
        NotFound: no such agency.
    """
    office = await fetch_one("select cutoff from agency where id = $1", agency)
    if office is None:
        raise NotFound(_("Không có cơ quan này."))
    years = await fetch("select year, status from calendar_year")
    shipped = read_document(json.loads(SHIPPED.read_text("utf-8")))
    hours = OfficeHours(
        hours=shipped.hours,
        weekly_rest=shipped.weekly_rest,
        days=tuple(_day(row) for row in await fetch(_DAYS, agency)),
        years={row["year"]: YearStatus(row["status"]) for row in years},
        changes=tuple(HoursFrom(row["since"], hours_of(row["hours"])) for row in await fetch(_HOURS, agency)),
    )
    return WorkingCalendar.from_rows(hours, time.fromisoformat(office["cutoff"]))


def hours_of(written: str) -> dict[int, Spans]:
    """Return the hours per weekday that a row of `office_week` keeps as JSON."""
    return {
        int(weekday): tuple(Span(time.fromisoformat(start), time.fromisoformat(end)) for start, end in spans)
        for weekday, spans in json.loads(written).items()
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


_ADD_DAY = """
insert into calendar_day (id, agency, date, kind, name, status, basis, swaps_for, entered_at)
values ($1, null, $2, $3, $4, $5, $6, $7, $8)
"""
_NATIONAL = """
select date, kind, name, status, basis, swaps_for from calendar_day
where agency is null and withdrawn_at is null and extract(year from date) = any($1)
"""
_WITHDRAW = """
update calendar_day set withdrawn_at = $1 where agency is null and withdrawn_at is null and date = any($2)
"""
_KEEP_YEAR = "insert into calendar_year (year, status) values ($1, $2) on conflict (year) do update set status = $2"


async def import_calendar(document: dict[str, Any] | None = None) -> int:
    """Take over the national days of the years a document names, all or nothing; return how many days it has.

    What a year had before and the document has not is withdrawn, never erased. Doing it again changes nothing; days an
    office entered for itself stay. The shipped document leaves a year alone that is sure already where it only guesses.

    Args:
        document: shaped like `data/holidays.json`, which is taken when none is given.

    Raises:
        CalendarRefused: it has another shape, contradicts itself, or guesses at a year that is sure already.
    """
    national = read_national(document or json.loads(SHIPPED.read_text("utf-8")))
    async with unit_of_work() as connection:
        await connection.execute("lock table calendar_year in exclusive mode")
        rows = await connection.fetch("select year, status from calendar_year")
        sure = {row["year"] for row in rows if row["status"] == YearStatus.CONFIRMED}
        guessed = [year for year, status in national.years.items() if status is YearStatus.ESTIMATED and year in sure]
        if document is not None:
            national.refuse_guesses(guessed)
        years = {year: status for year, status in national.years.items() if year not in guessed}
        wanted = {one.day: one for one in national.days if one.day.year in years}
        present = {row["date"]: _national(row) for row in await connection.fetch(_NATIONAL, list(years))}
        await _replace(present, wanted)
        await connection.executemany(_KEEP_YEAR, [(year, str(status)) for year, status in years.items()])
        await announce_calendar(None)
    forget_calendars()
    return len(national.days)


def _national(row: Record) -> NationalDay:
    return NationalDay(row["date"], row["kind"], row["name"], row["status"], row["basis"], row["swaps_for"])


async def _replace(present: dict[date, NationalDay], wanted: dict[date, NationalDay]) -> None:
    """Withdraw what is no longer so, and add what is new."""
    now = clock.now()
    over = [day for day, one in present.items() if wanted.get(day) != one]
    await execute(_WITHDRAW, now, over)
    for day, one in wanted.items():
        if present.get(day) != one:
            await execute(
                _ADD_DAY, new_id(), day, str(one.kind), one.name, str(one.status), one.basis, one.swaps_for, now
            )
