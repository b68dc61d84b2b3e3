"""When people find the office open: weekly hours as they are today, Saturday mornings, days off."""

import json
from datetime import date, datetime, time

import pytest

from backend.agencies.office_hours import SHIPPED, HoursFrom, OfficeHours, Span, YearStatus, read_document
from backend.agencies.working_time import WorkingCalendar
from backend.kit import clock
from backend.kit.clock import VN, Frozen
from backend.procedures.visiting import office_hours, week_words

MORNING, AFTERNOON = Span(time(7, 30), time(11, 30)), Span(time(13, 30), time(17))
SHIPPED_HOURS = read_document(json.loads(SHIPPED.read_text("utf-8")))
CALENDAR = WorkingCalendar.from_rows(
    OfficeHours(
        hours=SHIPPED_HOURS.hours,
        weekly_rest=SHIPPED_HOURS.weekly_rest,
        days=SHIPPED_HOURS.days,
        years={2026: YearStatus.CONFIRMED},
        changes=(HoursFrom(date(2026, 12, 1), {**dict.fromkeys(range(1, 6), (MORNING, AFTERNOON)), 6: (MORNING,)}),),
    )
)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment on the wall clock of Việt Nam."""
    return datetime.combine(day, time(hour, minute), VN)


@pytest.mark.parametrize(
    ("now", "is_open", "text"),
    [
        (at(date(2026, 11, 26), 9), True, "Xã làm việc đến 17:00"),
        (at(date(2026, 11, 26), 7), False, "Xã mở lúc 7:30 hôm nay"),
        (at(date(2026, 11, 26), 12), False, "Xã nghỉ trưa, làm lại lúc 13:30"),
        (at(date(2026, 11, 28), 9), False, "Xã nghỉ, mở lại thứ Hai 30/11, 7:30"),
        (at(date(2026, 12, 4), 18), False, "Xã nghỉ, mở lại ngày mai, 7:30"),
        (at(date(2026, 12, 5), 9), True, "Xã làm việc đến 11:30"),
        (at(date(2026, 12, 5), 12), False, "Xã nghỉ, mở lại thứ Hai 7/12, 7:30"),
        (at(date(2026, 11, 24), 9), False, "Xã nghỉ, mở lại ngày mai, 7:30"),
    ],
)
def test_the_door_says_whether_it_is_open_and_until_when(now: datetime, is_open: bool, text: str) -> None:
    with clock.use(Frozen(now)):
        said = office_hours(CALENDAR, now)
    assert (said["open"], said["text"].replace("\u00a0", " ")) == (is_open, text)


def test_the_weekly_hours_are_those_of_today() -> None:
    both = "7:30–11:30, 13:30–17:00"
    with clock.use(Frozen(at(date(2026, 11, 26), 9))):
        assert week_words(CALENDAR) == [("Thứ Hai – thứ Sáu", both)]
    with clock.use(Frozen(at(date(2026, 12, 1), 9))):
        assert week_words(CALENDAR) == [("Thứ Hai – thứ Sáu", both), ("Thứ Bảy", "7:30–11:30")]
