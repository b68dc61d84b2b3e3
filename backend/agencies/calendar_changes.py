"""What the administrator of an agency changes in its calendar: closed days, make-up days, hours; each may be withdrawn."""

import json
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import NoReturn
from uuid import UUID

from backend.agencies import calendar_days
from backend.agencies.calendars import announce_calendar, forget_calendars, read_calendar
from backend.agencies.office_hours import DayKind, Spans
from backend.agencies.officers import Officer, name_of
from backend.agencies.tables import CalendarDay, OfficeWeek
from backend.agencies.working_time import WorkingCalendar
from backend.history.record import record
from backend.history.tables import ActorKind
from backend.kit import clock, formats
from backend.kit.database import execute, fetch_one, new_id, unit_of_work
from backend.kit.errors import Invalid, NotFound, Refused
from backend.kit.language import _

LONGEST_CLOSURE = timedelta(days=31)
FARTHEST = timedelta(days=731)
_LOCK = "select id from agency where id = $1 for update"

# What is wrong with a day, or None.
Check = Callable[[WorkingCalendar, dict[date, calendar_days.Day]], dict[str, str]]


def today() -> date:
    """Return the day it is in Việt Nam."""
    return clock.local(clock.now()).date()


def not_past(day: date) -> None:
    """Refuse a day nobody can plan any more.

    Raises:
        ValueError: it is past, or too far away, with the sentence that says so.
    """
    if day < today():
        raise ValueError(_("%(day)s đã qua. Chọn từ hôm nay trở đi.") % {"day": formats.full_date(day)})
    if day > today() + FARTHEST:
        raise ValueError(_("%(day)s còn quá xa. Chọn ngày trong hai năm tới.") % {"day": formats.full_date(day)})


async def close_days(by: Officer, first: date, last: date, reason: str) -> list[date]:
    """Close the agency on the working days from `first` to `last`, both included; return which those were.

    Args:
        by: the administrator.
        first, last: the same day for one.
        reason: why, as people read it.

    Raises:
        Invalid: the end lies before the start, it is past or too long, nobody works on these days, or one has an own rule.
    """
    mistakes = faults_of_span(first, last)
    if mistakes:
        raise _wrong(mistakes)

    def check(calendar: WorkingCalendar, own: dict[date, calendar_days.Day]) -> dict[str, str]:
        taken = [own[day] for day in _span(first, last) if day in own]
        if taken:
            return {"first": _taken(taken[0])}
        if not any(calendar.spans(day) for day in _span(first, last)):
            return {"first": _("Ngày này vốn không làm việc, không cần thêm.")}
        return {}

    async with unit_of_work():
        calendar = await _checked(by, check)
        days = [day for day in _span(first, last) if calendar.spans(day)]
        for day in days:
            await _insert(by, day, DayKind.CLOSED, reason, None)
        details = {"first": days[0], "last": days[-1], "days": len(days)}
        await _told(by, "close_days", details)
    forget_calendars()
    return days


def faults_of_span(first: date, last: date) -> dict[str, str]:
    """Return what is wrong with days to be closed, as field → sentence, whatever stands in the calendar."""
    mistakes: dict[str, str] = {}
    try:
        not_past(first)
    except ValueError as error:
        mistakes["first"] = str(error)
    if last < first:
        mistakes["last"] = _("Ngày cuối đứng trước ngày đầu. Xem lại hai ngày.")
    elif last - first >= LONGEST_CLOSURE:
        mistakes["last"] = _("Một lần nghỉ dài nhất 31 ngày. Nghỉ lâu hơn thì thêm từng đợt.")
    return mistakes


def _span(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


async def add_makeup_day(by: Officer, day: date, swaps_for: date, reason: str) -> None:
    """Work on a day of rest in the place of a day that is closed, by the hours of that day.

    Args:
        by: the administrator.
        day: the day of rest that is worked.
        swaps_for: the closed day it makes up for.
        reason: why, as people read it.

    Raises:
        Invalid: it is past, a working day already, a national holiday, or makes up for a day that is no closed one.
    """
    mistakes: dict[str, str] = {}
    try:
        not_past(day)
    except ValueError as error:
        mistakes["first"] = str(error)

    def check(calendar: WorkingCalendar, own: dict[date, calendar_days.Day]) -> dict[str, str]:
        wrong = dict(mistakes)
        if not wrong and day in own:
            wrong["first"] = _taken(own[day])
        elif not wrong and calendar.spans(day):
            wrong["first"] = _("Ngày này vốn làm việc, không làm bù được.")
        elif not wrong and day in calendar.days:
            wrong["first"] = _("Ngày này cả nước nghỉ, không làm bù được.")
        if swaps_for not in own or own[swaps_for].kind is not DayKind.CLOSED:
            wrong["swaps_for"] = _("Xã chưa ghi nghỉ ngày này. Thêm ngày nghỉ trước, rồi thêm ngày làm bù.")
        elif other := next((one for one in own.values() if one.swaps_for == swaps_for), None):
            wrong["swaps_for"] = _("Ngày này đã có ngày làm bù: %(day)s.") % {"day": formats.full_date(other.day)}
        return wrong

    async with unit_of_work():
        await _checked(by, check)
        await _insert(by, day, DayKind.MAKEUP_WORK, reason, swaps_for)
        await _told(by, "make_up_day", {"day": day, "swaps_for": swaps_for})
    forget_calendars()


async def withdraw_day(by: Officer, day: UUID) -> date:
    """Take an own day of the agency back and return its date; the row stays and says who did it, and when.

    Raises:
        NotFound: the agency has no such day.
        Refused: it is past, or somebody was first, or a make-up day still stands for it.
    """
    async with unit_of_work():
        await fetch_one(_LOCK, by.agency_id)
        row = await fetch_one("select * from calendar_day where id = $1 and agency = $2", day, by.agency_id)
        if row is None:
            raise NotFound(_("Không có ngày này trong lịch của xã."))
        if row["withdrawn_at"]:
            await _somebody_was_first(row["withdrawn_by"])
        if row["date"] < today():
            raise Refused(_("Ngày đã qua không rút được: hạn trả đã tính theo ngày đó."))
        made_up = await fetch_one(
            "select date from calendar_day where agency = $1 and withdrawn_at is null and swaps_for = $2",
            by.agency_id,
            row["date"],
        )
        if made_up:
            sentence = _("Còn ngày làm bù %(day)s cho ngày này. Rút ngày làm bù trước.")
            raise Refused(sentence % {"day": formats.full_date(made_up["date"])})
        await execute(
            "update calendar_day set withdrawn_by = $2, withdrawn_at = $3 where id = $1", day, by.id, clock.now()
        )
        await _told(by, "withdraw_day", {"day": row["date"], "kind": row["kind"]})
    forget_calendars()
    withdrawn: date = row["date"]
    return withdrawn


async def set_hours(by: Officer, since: date, hours: dict[int, Spans]) -> None:
    """Let the agency work by these hours from a day on.

    Args:
        by: the administrator.
        since: the first day.
        hours: per weekday, 1 = Monday; on a day of rest people are received, but it counts for no deadline.

    Raises:
        Invalid: the day is past or too far away, or hours were set from that very day already.
    """
    try:
        not_past(since)
    except ValueError as error:
        raise _wrong({"first": str(error)}) from None
    async with unit_of_work():
        await fetch_one(_LOCK, by.agency_id)
        other = await fetch_one(
            "select entered_by from office_week where agency = $1 and since = $2 and withdrawn_at is null",
            by.agency_id,
            since,
        )
        if other:
            sentence = _("%(name)s đã đặt giờ từ đúng ngày này. Rút giờ đó trước, hoặc chọn ngày khác.")
            raise _wrong({"first": sentence % {"name": await name_of(other["entered_by"])}})
        written = {
            str(weekday): [[f"{span.start:%H:%M}", f"{span.end:%H:%M}"] for span in spans]
            for weekday, spans in hours.items()
            if spans
        }
        made = new_id()
        await OfficeWeek.insert(
            OfficeWeek(
                id=made,
                agency=by.agency_id,
                since=since,
                hours=json.dumps(written),
                entered_by=by.id,
                entered_at=clock.now(),
            )
        )
        await _told(by, "set_hours", {"since": since, "hours": made})
    forget_calendars()


async def withdraw_hours(by: Officer, hours: UUID) -> None:
    """Take hours back that do not hold yet, or only since today; the row stays and says who did it, and when.

    Raises:
        NotFound: the agency has no such hours.
        Refused: they hold already, or somebody was first.
    """
    async with unit_of_work():
        await fetch_one(_LOCK, by.agency_id)
        row = await fetch_one("select * from office_week where id = $1 and agency = $2", hours, by.agency_id)
        if row is None:
            raise NotFound(_("Không có giờ làm việc này trong lịch của xã."))
        if row["withdrawn_at"]:
            await _somebody_was_first(row["withdrawn_by"])
        if row["since"] < today():
            raise Refused(_("Giờ đã áp dụng không rút được. Đặt giờ mới từ một ngày sắp tới."))
        await execute(
            "update office_week set withdrawn_by = $2, withdrawn_at = $3 where id = $1", hours, by.id, clock.now()
        )
        await _told(by, "withdraw_hours", {"since": row["since"], "hours": hours})
    forget_calendars()


def _wrong(mistakes: dict[str, str]) -> Invalid:
    return Invalid(_("Còn chỗ cần sửa."), fields=mistakes)


def _taken(day: calendar_days.Day) -> str:
    sentence = _("%(day)s đã có trong lịch của xã: %(reason)s (%(name)s nhập).")
    return sentence % {"day": formats.full_date(day.day), "reason": day.name, "name": day.entered_by}


async def _somebody_was_first(officer: UUID) -> NoReturn:
    raise Refused(_("%(name)s đã rút trước rồi.") % {"name": await name_of(officer)})


async def _checked(by: Officer, check: Check) -> WorkingCalendar:
    """The agency's calendar, behind the lock that keeps two administrators apart, if nothing is wrong with the change."""
    await fetch_one(_LOCK, by.agency_id)
    calendar = await read_calendar(by.agency_id)
    own = {one.day: one for one in await calendar_days.own_days(by.agency_id)}
    if mistakes := check(calendar, own):
        raise _wrong(mistakes)
    return calendar


async def _insert(by: Officer, day: date, kind: DayKind, reason: str, swaps_for: date | None) -> None:
    await CalendarDay.insert(
        CalendarDay(
            id=new_id(),
            agency=by.agency_id,
            date=day,
            kind=kind,
            name=reason,
            swaps_for=swaps_for,
            entered_by=by.id,
            entered_at=clock.now(),
        )
    )


async def _told(by: Officer, act: str, details: dict[str, object]) -> None:
    """Write what was done into the agency's history, and have every process read calendars anew."""
    await record(
        "agency",
        by.agency_id,
        act,
        agency=by.agency_id,
        actor_kind=ActorKind.OFFICER,
        actor=by.id,
        details=details,
        at=clock.now(),
    )
    await announce_calendar(by.agency_id)
