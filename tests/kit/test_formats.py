"""Dates, times, sums and numbers as people read them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from backend.kit import clock, formats
from backend.kit.language import use_language

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # a Tuesday, 10:00 in Việt Nam


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with clock.use(clock.Frozen(NOW)):
        yield


def at(day: int, hour: int, minute: int = 0, year: int = 2026, month: int = 11) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=clock.VN)


def plain(text: str) -> str:
    return text.replace(formats.NBSP, " ")


@pytest.mark.parametrize(
    ("moment", "vietnamese", "english"),
    [
        (at(24, 17), "hôm nay", "today"),
        (at(25, 0, 1), "ngày mai", "tomorrow"),
        (at(23, 23, 59), "hôm qua", "yesterday"),
        (at(26, 17), "thứ Năm 26/11", "Thu 26 Nov"),
        (at(29, 9), "Chủ nhật 29/11", "Sun 29 Nov"),
        (at(4, 9, year=2027, month=1), "thứ Hai 4/1/2027", "Mon 4 Jan 2027"),
    ],
)
def test_near_days_are_named_and_others_carry_their_weekday(moment: datetime, vietnamese: str, english: str) -> None:
    assert plain(formats.date(moment)) == vietnamese
    with use_language("en"):
        assert plain(formats.date(moment)) == english


def test_a_day_belongs_to_the_wall_clock_in_viet_nam() -> None:
    assert formats.date(datetime(2026, 11, 24, 17, 30, tzinfo=UTC)) == "ngày\u00a0mai"
    assert formats.date(date(2026, 11, 24)) == "hôm\u00a0nay"


def test_nothing_inside_a_date_or_a_sum_can_break() -> None:
    assert formats.date(at(26, 17)) == "thứ\u00a0Năm\u00a026/11"
    assert formats.money(24000) == "24.000\u00a0đ"


def test_a_log_begins_with_the_time_and_a_promise_with_the_day() -> None:
    assert plain(formats.datetime(at(24, 10, 32))) == "10:32 hôm nay"
    assert plain(formats.datetime(at(20, 16, 10))) == "16:10, thứ Sáu 20/11"
    assert plain(formats.due(at(26, 17))) == "thứ Năm 26/11, 17:00"
    assert formats.time(at(24, 9, 5)) == "9:05"


def test_dates_on_papers_are_in_figures() -> None:
    assert formats.full_date(date(2026, 3, 1)) == "01/03/2026"
    assert plain(formats.long_date(date(2026, 11, 21))) == "thứ Bảy 21/11/2026"
    with use_language("en"):
        assert plain(formats.full_date(date(2026, 3, 1))) == "1 Mar 2026"


def test_the_last_hour_is_counted_in_minutes() -> None:
    assert plain(formats.relative(NOW)) == "vừa xong"
    assert plain(formats.relative(NOW - timedelta(minutes=5))) == "5 phút trước"
    assert plain(formats.relative(NOW - timedelta(hours=2))) == "8:00 hôm nay"
    with use_language("en"):
        assert plain(formats.relative(NOW - timedelta(minutes=1))) == "1 minute ago"


def test_numbers_take_the_comma_of_their_language() -> None:
    assert formats.number(1.6) == "1,6"
    assert formats.number(2.0) == "2"
    assert formats.number(3150, 0) == "3.150"
    assert formats.number(100) == "100"
    with use_language("en"):
        assert formats.number(1.6) == "1.6"
        assert plain(formats.money(24000)) == "VND 24,000"


def test_spans_agree_with_their_number() -> None:
    assert plain(formats.working_days(1.6)) == "1,6 ngày làm việc"
    assert plain(formats.working_hours(6)) == "6 giờ làm việc"
    assert plain(formats.span(timedelta(hours=5, minutes=10))) == "5 giờ 10 phút"
    with use_language("en"):
        assert plain(formats.working_days(1)) == "1 working day"
        assert plain(formats.working_days(1.6)) == "1.6 working days"
        assert plain(formats.span(timedelta(minutes=1))) == "1 minute"


def test_what_costs_nothing_says_so() -> None:
    assert formats.fee(0) == "Miễn phí"
    assert plain(formats.fee(8000)) == "8.000 đ"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("+84912345678", "0912 345 678"),
        ("0912345678", "0912 345 678"),
        ("02003861000", "0200 386 1000"),
        ("+4930123", "+4930123"),
    ],
)
def test_phone_numbers_are_read_in_groups(written: str, shown: str) -> None:
    assert plain(formats.phone(written)) == shown


def test_codes_sizes_and_names_have_their_short_forms() -> None:
    assert formats.code_short("H29.131.02-261124-0147") == "261124-0147"
    assert plain(formats.personal_id("038198006417")) == "038 198 006 417"
    assert formats.personal_id("B1234567") == "B1234567"
    assert plain(formats.size(1_240_000)) == "1,2 MB"
    assert plain(formats.size(400)) == "1 KB"
    assert formats.capital("hôm nay") == "Hôm nay"
    assert formats.initials("Trần Thị Thu Hà") == "TH"
    assert formats.initials("Yến") == "Y"
