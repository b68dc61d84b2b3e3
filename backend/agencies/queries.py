"""Named reads of agencies and their working time."""

import time as monotonic
from collections.abc import Iterable
from datetime import time
from uuid import UUID

import msgspec

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
from backend.agencies.tables import Agency, AgencyKind
from backend.agencies.working_time import WorkingCalendar
from backend.kit.database import fetch
from backend.kit.errors import NotFound
from backend.kit.language import _
from backend.kit.pages import AnyRequest

COMMUNE_COOKIE = "xa"
_KEPT_S = 30.0

_calendars: dict[UUID, tuple[float, WorkingCalendar]] = {}


async def agency_by_id(agency: UUID) -> Agency:
    """Return an agency.

    Raises:
        NotFound: there is none.
    """
    found = await Agency.objects().get(Agency.id == agency)
    if found is None:
        raise NotFound(_("Không tìm thấy cơ quan này."))
    return found


async def communes() -> list[Agency]:
    """Return the communes this installation serves, oldest first."""
    return (
        await Agency.objects()
        .where(Agency.kind == AgencyKind.COMMUNE, Agency.closed_at.is_null())
        .order_by(Agency.opened_at, Agency.code)
    )


async def commune_of(request: AnyRequest) -> Agency:
    """Return the commune the visitor chose, by default the first.

    Raises:
        NotFound: the installation has no commune yet.
    """
    open_ones = await communes()
    if not open_ones:
        raise NotFound(_("Chưa có xã nào được mở trên hệ thống này."))
    chosen = request.cookies.get(COMMUNE_COOKIE)
    return next((one for one in open_ones if one.code == chosen), open_ones[0])


def forget_calendars() -> None:
    """Read every calendar anew from the database: after somebody changed one."""
    _calendars.clear()


async def calendar_of(agency: UUID) -> WorkingCalendar:
    """Return an agency's working time; kept for half a minute, because every list asks for it."""
    kept = _calendars.get(agency)
    if kept and monotonic.monotonic() - kept[0] < _KEPT_S:
        return kept[1]
    calendar = await _read_calendar(await agency_by_id(agency))
    _calendars[agency] = (monotonic.monotonic(), calendar)
    return calendar


async def _read_calendar(agency: Agency) -> WorkingCalendar:
    shipped = read_document(msgspec.json.decode(SHIPPED.read_bytes()))
    days = await fetch(
        # The agency's own word on a day stands before the national one.
        "select distinct on (date) date, kind, swaps_for from calendar_day where agency = $1 or agency is null "
        "order by date, agency nulls last",
        agency.id,
    )
    years = await fetch("select year, status from calendar_year")
    own = hours_from(msgspec.json.decode(agency.office_hours))
    office = OfficeHours(
        hours=own or shipped.hours,
        weekly_rest=shipped.weekly_rest,
        days=tuple(SpecialDay(row["date"], DayKind(row["kind"]), row["swaps_for"]) for row in days),
        years={row["year"]: YearStatus(row["status"]) for row in years},
    )
    return WorkingCalendar.from_rows(office, time.fromisoformat(agency.cutoff))


def hours_from(data: dict[str, Iterable[tuple[str, str]]]) -> dict[int, Spans]:
    """Read office hours as an agency keeps them: weekday → [[from, to], …].

    Raises:
        ValueError: an hour is none, or goes backward.
    """
    return {
        int(weekday): tuple(Span(time.fromisoformat(start), time.fromisoformat(end)) for start, end in spans)
        for weekday, spans in data.items()
    }
