"""The administrator's pages of the working calendar: the year as it counts here, and what may be changed in it."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, QueryParameter

from backend.accounts.registering import Mistakes
from backend.agencies import calendar_changes, calendar_days, calendar_forms, calendar_words
from backend.agencies.calendars import calendar_of
from backend.agencies.frame import staff_frame
from backend.agencies.guards import officer_with
from backend.agencies.inputs import Closure, MakeupDay
from backend.agencies.office_hours import DayKind
from backend.agencies.officers import Officer
from backend.agencies.tables import Role
from backend.agencies.working_time import CUTOFF
from backend.kit.errors import Problem, Refused
from backend.kit.language import _
from backend.kit.pages import AnyRequest, page, see

FORM = RequestEncodingType.URL_ENCODED
ADMINISTRATOR = officer_with(Role.ADMINISTRATOR)
_LONGEST_BOX = 20


@get("/can-bo/lich", guards=[ADMINISTRATOR])
async def show_calendar(
    request: AnyRequest,
    officer: NamedDependency[Officer],
    year: Annotated[int | None, QueryParameter(name="nam", ge=2000, le=2200)] = None,
    done: Annotated[str, QueryParameter(name="xong", max_length=20)] = "",
) -> Response[str]:
    """Show one year as it counts for the agency: days, hours, cut-off, and since when each of them holds."""
    return await _calendar(request, officer, year, done=done)


async def _calendar(
    request: AnyRequest, officer: Officer, year: int | None, *, done: str = "", problem: Problem | None = None
) -> Response[str]:
    calendar, today = await calendar_of(officer.agency_id), calendar_changes.today()
    year = year or today.year
    own = await calendar_days.own_days(officer.agency_id)
    hours = await calendar_days.hours_set(officer.agency_id)
    in_force = next((one for one in reversed(hours) if one.since <= today), None)
    return page(
        request,
        "agencies/calendar.html",
        status=problem.status if problem else 200,
        **staff_frame(officer),
        notice=problem.sentence if problem else "",
        done=done,
        today=today,
        year=year,
        years=sorted({year, today.year, today.year + 1} | {known for known in calendar.years if known >= today.year}),
        known=calendar.years.get(year),
        working_days=calendar.count_working_days(date(year - 1, 12, 31), date(year, 12, 31)),
        own=[one for one in own if one.day.year == year],
        withdrawn=[
            one for one in await calendar_days.own_days(officer.agency_id, withdrawn=True) if one.day.year == year
        ],
        national=await calendar_days.national_days(year),
        kinds={kind: _(words) for kind, words in calendar_words.KINDS.items()},
        week=calendar_words.week_rows(in_force.hours if in_force else calendar_words.work_hours(calendar.week)),
        in_force=in_force,
        coming=[(one, calendar_words.week_rows(one.hours)) for one in hours if one.since > today],
        former=[(one, calendar_words.week_rows(one.hours)) for one in hours if in_force and one.since < in_force.since],
        withdrawn_hours=await calendar_days.hours_set(officer.agency_id, withdrawn=True),
        cutoff=f"{calendar.cutoff:%-H:%M}",
        by_law=calendar.cutoff == CUTOFF,
    )


@get("/can-bo/lich/ngay-nghi", guards=[ADMINISTRATOR])
async def show_closure(request: AnyRequest, officer: NamedDependency[Officer]) -> Response[str]:
    """Show the form for days on which the agency is closed."""
    return _closure(request, officer, Closure())


@post("/can-bo/lich/ngay-nghi", guards=[ADMINISTRATOR], status_code=200)
async def close_days(
    request: AnyRequest, data: Annotated[Closure, Body(media_type=FORM)], officer: NamedDependency[Officer]
) -> Response[str]:
    """Close the agency on these days."""
    try:
        mistakes = Mistakes()
        first = mistakes.read(
            "first", lambda day: calendar_forms.read_day(day, data.first_month, data.first_year), data.first_day
        )
        last = first
        if any(box.strip() for box in (data.last_day, data.last_month, data.last_year)):
            last = mistakes.read(
                "last", lambda day: calendar_forms.read_day(day, data.last_month, data.last_year), data.last_day
            )
        reason = mistakes.read("reason", calendar_forms.read_reason, data.reason)
        if first and last:
            mistakes |= calendar_changes.faults_of_span(first, last)
        mistakes.refuse()
        assert first and last and reason
        await calendar_changes.close_days(officer, first, last, reason)
    except Problem as problem:
        return _closure(request, officer, data, problem)
    return see(request, f"/can-bo/lich?nam={first.year}&xong=nghi")


def _closure(request: AnyRequest, officer: Officer, typed: Closure, problem: Problem | None = None) -> Response[str]:
    return page(request, "agencies/closure.html", **_form(officer, typed, problem))


def _form(officer: Officer, typed: Any, problem: Problem | None) -> dict[str, Any]:
    """What every form of the calendar shows: what was typed, and what is wrong with it."""
    return {
        **staff_frame(officer),
        "status": problem.status if problem else 200,
        "typed": typed,
        "notice": problem.sentence if problem else "",
        "mistakes": problem.fields if problem else {},
    }


@get("/can-bo/lich/lam-bu", guards=[ADMINISTRATOR])
async def show_makeup_day(request: AnyRequest, officer: NamedDependency[Officer]) -> Response[str]:
    """Show the form for a day of rest that is worked."""
    return await _makeup_day(request, officer, MakeupDay())


@post("/can-bo/lich/lam-bu", guards=[ADMINISTRATOR], status_code=200)
async def add_makeup_day(
    request: AnyRequest, data: Annotated[MakeupDay, Body(media_type=FORM)], officer: NamedDependency[Officer]
) -> Response[str]:
    """Work on a day of rest in the place of a closed day."""
    try:
        mistakes = Mistakes()
        day = mistakes.read(
            "first", lambda box: calendar_forms.read_day(box, data.first_month, data.first_year), data.first_day
        )
        if day:
            mistakes.read("first", lambda _box: calendar_changes.not_past(day), "")
        swaps_for = mistakes.read("swaps_for", calendar_forms.read_choice, data.swaps_for)
        reason = mistakes.read("reason", calendar_forms.read_reason, data.reason)
        mistakes.refuse()
        assert day and swaps_for and reason
        await calendar_changes.add_makeup_day(officer, day, swaps_for, reason)
    except Problem as problem:
        return await _makeup_day(request, officer, data, problem)
    return see(request, f"/can-bo/lich?nam={day.year}&xong=bu")


async def _makeup_day(
    request: AnyRequest, officer: Officer, typed: MakeupDay, problem: Problem | None = None
) -> Response[str]:
    own = await calendar_days.own_days(officer.agency_id)
    made_up = {one.swaps_for for one in own}
    closed = [one for one in own if one.kind is DayKind.CLOSED and one.day not in made_up]
    return page(request, "agencies/makeup_day.html", closed=closed, **_form(officer, typed, problem))


@get("/can-bo/lich/gio", guards=[ADMINISTRATOR])
async def show_hours(request: AnyRequest, officer: NamedDependency[Officer]) -> Response[str]:
    """Show the form for other hours, filled in with those of today."""
    hours = await calendar_days.hours_set(officer.agency_id)
    today = calendar_changes.today()
    in_force = next((one.hours for one in reversed(hours) if one.since <= today), None)
    calendar = await calendar_of(officer.agency_id)
    return _hours(request, officer, calendar_forms.hours_typed(in_force or calendar_words.work_hours(calendar.week)))


@post("/can-bo/lich/gio", guards=[ADMINISTRATOR], status_code=200)
async def set_hours(
    request: AnyRequest, data: Annotated[dict[str, str], Body(media_type=FORM)], officer: NamedDependency[Officer]
) -> Response[str]:
    """Let the agency work by other hours from a day on."""
    typed = {name: text[:_LONGEST_BOX] for name, text in data.items()}
    try:
        mistakes = Mistakes()
        boxes = [typed.get(f"first_{box}", "") for box in ("day", "month", "year")]
        since = mistakes.read("first", lambda _box: calendar_forms.read_day(*boxes), "")
        if since:
            mistakes.read("first", lambda _box: calendar_changes.not_past(since), "")
        hours = calendar_forms.read_hours(typed, mistakes)
        mistakes.refuse()
        assert since
        await calendar_changes.set_hours(officer, since, hours)
    except Problem as problem:
        return _hours(request, officer, typed, problem)
    return see(request, "/can-bo/lich?xong=gio")


def _hours(
    request: AnyRequest, officer: Officer, typed: dict[str, str], problem: Problem | None = None
) -> Response[str]:
    return page(
        request,
        "agencies/hours.html",
        weekdays={weekday: _(calendar_forms.WEEKDAYS[weekday]) for weekday in calendar_forms.SHOWN},
        halves={half: _(words) for half, words in calendar_forms.HALVES.items()},
        **_form(officer, typed, problem),
    )


@post("/can-bo/lich/ngay/{day:uuid}/rut", guards=[ADMINISTRATOR], status_code=200)
async def withdraw_day(request: AnyRequest, day: FromPath[UUID], officer: NamedDependency[Officer]) -> Response[str]:
    """Take an own day of the agency back."""
    try:
        withdrawn = await calendar_changes.withdraw_day(officer, day)
    except Refused as problem:
        return await _calendar(request, officer, None, problem=problem)
    return see(request, f"/can-bo/lich?nam={withdrawn.year}&xong=rut")


@post("/can-bo/lich/gio/{hours:uuid}/rut", guards=[ADMINISTRATOR], status_code=200)
async def withdraw_hours(
    request: AnyRequest, hours: FromPath[UUID], officer: NamedDependency[Officer]
) -> Response[str]:
    """Take hours back that do not hold yet."""
    try:
        await calendar_changes.withdraw_hours(officer, hours)
    except Refused as problem:
        return await _calendar(request, officer, None, problem=problem)
    return see(request, "/can-bo/lich?xong=rut-gio")


handlers = [
    show_calendar,
    show_closure,
    close_days,
    show_makeup_day,
    add_makeup_day,
    show_hours,
    set_hours,
    withdraw_day,
    withdraw_hours,
]
