"""Working time: the law's worked examples, the shipped calendar, and properties that hold on any calendar."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.agencies.office_hours import (
    SHIPPED,
    DayKind,
    HoursFrom,
    OfficeHours,
    Span,
    SpecialDay,
    YearStatus,
    read_document,
)
from backend.agencies.working_time import WeekFrom, WorkingCalendar
from backend.kit.clock import VN, local

DOCUMENT: dict[str, Any] = json.loads(SHIPPED.read_text("utf-8"))
SHIPPED_CALENDAR = WorkingCalendar.from_document(DOCUMENT)
MORNING, AFTERNOON = Span(time(7, 30), time(11, 30)), Span(time(13, 30), time(17))


def at(day: str, clock: str = "09:00") -> datetime:
    """A moment as the wall clock in Việt Nam shows it, in the year 2026: at("02/03", "09:00")."""
    return datetime.strptime(f"{day}/2026 {clock}", "%d/%m/%Y %H:%M").replace(tzinfo=VN).astimezone(UTC)


def office(**changes: Any) -> OfficeHours:
    plain: dict[str, Any] = {
        "hours": dict.fromkeys(range(1, 8), (MORNING, AFTERNOON)),
        "weekly_rest": frozenset({6, 7}),
        "days": (),
        "years": {2026: YearStatus.CONFIRMED},
    }
    return OfficeHours(**(plain | changes))


# The worked examples of the law.


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        pytest.param(at("02/03"), 3, at("05/03", "17:00"), id="1 an ordinary week"),
        pytest.param(at("13/02", "10:00"), 3, at("25/02", "17:00"), id="2 Tết"),
        pytest.param(at("24/04"), 3, at("04/05", "17:00"), id="3 Hùng kings, 30/4, 1/5"),
        pytest.param(at("21/08"), 1, at("22/08", "17:00"), id="4 a make-up Saturday"),
        pytest.param(at("28/08"), 2, at("04/09", "17:00"), id="5 31/8 swapped, 1-2/9"),
        pytest.param(at("23/11", "10:00"), 1, at("25/11", "17:00"), id="6 Culture Day"),
        pytest.param(at("02/03"), 3.5, at("06/03", "11:15"), id="half a working day is half of that day's hours"),
    ],
)
def test_working_days_end_where_the_law_s_examples_say(start: datetime, days: float, due: datetime) -> None:
    assert SHIPPED_CALENDAR.add_working_days(start, days) == due


def test_eight_working_hours_run_over_the_night() -> None:
    assert SHIPPED_CALENDAR.add_working_hours(at("08/07", "14:00"), 8) == at("09/07", "14:30")


def test_fifteen_calendar_days_that_end_in_tet_end_on_the_next_working_day() -> None:
    assert SHIPPED_CALENDAR.add_days(at("05/02"), 15) == at("23/02", "17:00")


# The shipped calendar.


def test_the_shipped_days_name_their_weekday_rightly_and_stand_once() -> None:
    days = [date.fromisoformat(day["date"]) for day in DOCUMENT["days"]]
    assert [day.isoweekday() for day in days] == [day["weekday"] for day in DOCUMENT["days"]]
    assert len(set(days)) == len(days)


def test_every_shipped_swap_has_both_sides_and_trades_a_day_of_work_for_a_day_of_rest() -> None:
    swaps = {day.day: day for day in read_document(DOCUMENT).days if day.swaps_for}
    assert len(swaps) == 6
    for day in swaps.values():
        assert day.swaps_for is not None
        other = swaps[day.swaps_for]
        assert other.swaps_for == day.day
        assert {day.kind, other.kind} == {DayKind.MAKEUP_WORK, DayKind.SWAPPED_REST}
        assert SHIPPED_CALENDAR.is_working_day(day.day) is (day.kind is DayKind.MAKEUP_WORK)


def test_a_year_has_as_many_working_days_as_counted_by_hand() -> None:
    # 2026 has 261 weekdays; off: 1/1, 2/1, 16-20/2, 27/4, 30/4, 1/5, 31/8, 1/9, 2/9, 24/11; made up: 10/1, 22/8.
    assert SHIPPED_CALENDAR.count_working_days(date(2025, 12, 31), date(2026, 12, 31)) == 261 - 14 + 2


def test_years_without_a_calendar_are_named_and_have_their_weekends_only() -> None:
    far = at("30/12").replace(year=2027)
    due = SHIPPED_CALENDAR.add_working_days(far, 3)
    assert local(due) == datetime(2028, 1, 4, 17, tzinfo=VN)
    assert SHIPPED_CALENDAR.unknown_years(far, due) == (2028,)
    assert SHIPPED_CALENDAR.unknown_years(at("30/12"), far) == ()
    assert SHIPPED_CALENDAR.years[2027] is YearStatus.ESTIMATED


# Hours, rest days and make-up days are data.


def test_an_office_with_other_hours_closes_when_they_end() -> None:
    hours = {weekday: (Span(time(8), time(12)),) if weekday == 5 else (MORNING, AFTERNOON) for weekday in range(1, 8)}
    calendar = WorkingCalendar.from_rows(office(hours=hours))
    assert calendar.add_working_days(at("02/03"), 4) == at("06/03", "12:00")
    assert calendar.add_working_days(at("02/03"), 3.5) == at("06/03", "10:00")


def test_hours_set_from_a_day_on_hold_from_that_day_until_the_next_ones() -> None:
    mornings = HoursFrom(date(2026, 3, 4), dict.fromkeys(range(1, 7), (MORNING,)))
    evenings = HoursFrom(date(2026, 3, 6), dict.fromkeys(range(1, 6), (Span(time(13), time(20)),)))
    calendar = WorkingCalendar.from_rows(office(changes=(mornings, evenings)))
    closed = [calendar.closing(date(2026, 3, day)) for day in (3, 4, 5, 6, 9)]
    assert closed == [
        at("03/03", "17:00"),
        at("04/03", "11:30"),
        at("05/03", "11:30"),
        at("06/03", "20:00"),
        at("09/03", "20:00"),
    ]


def test_saturday_mornings_receive_people_and_count_for_no_deadline() -> None:
    saturdays = HoursFrom(date(2026, 3, 2), {**dict.fromkeys(range(1, 6), (MORNING, AFTERNOON)), 6: (MORNING,)})
    calendar = WorkingCalendar.from_rows(office(changes=(saturdays,)))
    assert calendar.reception(date(2026, 3, 7)) == (MORNING,)
    assert calendar.reception(date(2026, 2, 28)) == (MORNING, AFTERNOON)[:0]
    assert not calendar.is_working_day(date(2026, 3, 7))
    assert calendar.add_working_days(at("06/03"), 1) == at("09/03", "17:00")


def test_a_make_up_day_is_worked_by_the_hours_its_day_has_by_then() -> None:
    since = HoursFrom(date(2026, 3, 2), {5: (MORNING,), 1: (AFTERNOON,)})
    saturday = SpecialDay(date(2026, 3, 14), DayKind.MAKEUP_WORK, swaps_for=date(2026, 3, 13))
    calendar = WorkingCalendar.from_rows(office(changes=(since,), days=(saturday,)))
    assert calendar.spans(saturday.day) == (MORNING,)


def test_an_office_that_works_on_saturday_counts_it() -> None:
    calendar = WorkingCalendar.from_rows(office(weekly_rest=frozenset({7})))
    assert calendar.add_working_days(at("06/03"), 1) == at("07/03", "17:00")


def test_opening_hours_on_a_rest_day_are_no_working_time() -> None:
    calendar = WorkingCalendar.from_rows(office(hours=dict.fromkeys(range(1, 7), (MORNING,))))
    assert not calendar.is_working_day(date(2026, 3, 7))
    assert calendar.add_working_hours(at("06/03", "11:00"), 1) == at("09/03", "08:00")


def test_a_make_up_day_is_worked_by_the_hours_of_the_day_it_makes_up_for() -> None:
    hours = {1: (Span(time(7), time(10)),), 2: (MORNING, AFTERNOON), 3: (MORNING,), 4: (MORNING,), 5: (MORNING,)}
    saturday = SpecialDay(day=date(2026, 8, 22), kind=DayKind.MAKEUP_WORK, swaps_for=date(2026, 9, 1))
    assert WorkingCalendar.from_rows(office(hours=hours, days=(saturday,))).closing(saturday.day) == at(
        "22/08", "17:00"
    )


def test_a_make_up_day_without_hours_of_its_own_takes_those_of_the_first_day_worked() -> None:
    hours = {1: (MORNING,), 2: (MORNING, AFTERNOON)}
    saturday = SpecialDay(day=date(2026, 8, 22), kind=DayKind.MAKEUP_WORK)
    assert WorkingCalendar.from_rows(office(hours=hours, days=(saturday,))).closing(saturday.day) == at(
        "22/08", "11:30"
    )


def test_hours_given_out_of_order_are_put_in_order() -> None:
    calendar = WorkingCalendar.from_rows(office(hours=dict.fromkeys(range(1, 8), (AFTERNOON, MORNING))))
    assert calendar.opening(date(2026, 3, 2)) == at("02/03", "07:30")
    assert calendar.closing(date(2026, 3, 2)) == at("02/03", "17:00")


def test_opening_and_closing_belong_to_office_hours_and_noon_does_not() -> None:
    inside = ["07:30", "11:30", "13:30", "17:00"]
    outside = ["07:29", "11:31", "12:30", "17:01"]
    assert [SHIPPED_CALENDAR.is_open(at("02/03", clock)) for clock in inside + outside] == [True] * 4 + [False] * 4
    assert not SHIPPED_CALENDAR.is_open(at("24/11", "09:00"))


# What cannot be.


@pytest.mark.parametrize(
    "impossible",
    [
        lambda: WorkingCalendar.from_rows(office(weekly_rest=frozenset(range(1, 8)))),
        lambda: WorkingCalendar.from_rows(office(hours={})),
        lambda: WorkingCalendar.from_rows(office(hours={1: (MORNING, Span(time(11), time(12)))})),
        lambda: Span(time(17), time(7, 30)),
        lambda: SHIPPED_CALENDAR.closing(date(2026, 11, 24)),
        lambda: SHIPPED_CALENDAR.add_working_days(at("02/03"), 0),
        lambda: SHIPPED_CALENDAR.add_working_hours(at("02/03"), -1),
        lambda: SHIPPED_CALENDAR.add_days(at("02/03"), 0),
        lambda: SHIPPED_CALENDAR.add_months(at("02/03"), -1),
        lambda: SHIPPED_CALENDAR.add_working_days(datetime(2026, 3, 2, 9), 1),  # noqa: DTZ001
    ],
    ids=[
        "an office that never works",
        "an office without hours",
        "hours that overlap",
        "hours that go backward",
        "closing time of a day off",
        "no working days",
        "hours backward",
        "no days",
        "months backward",
        "a moment without a zone",
    ],
)
def test_what_cannot_be_is_refused(impossible: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        impossible()


def test_data_of_another_shape_are_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="kind"):
        WorkingCalendar.from_document(DOCUMENT | {"days": [{"date": "2026-01-01", "kind": "party"}]})


# The cut-off, calendar days and months.


@pytest.mark.parametrize(
    ("moment", "counts"),
    [
        (at("20/11", "14:59"), at("20/11", "14:59")),
        (at("20/11", "15:00"), at("20/11", "15:00")),
        (at("20/11", "15:00") + timedelta(milliseconds=999), at("20/11", "15:00") + timedelta(milliseconds=999)),
        (at("20/11", "15:00") + timedelta(seconds=1), at("23/11", "07:30")),
        (at("20/11", "15:01"), at("23/11", "07:30")),
        (at("21/11", "09:00"), at("23/11", "07:30")),
        (at("23/11", "15:30"), at("25/11", "07:30")),
        (at("23/11", "05:00"), at("23/11", "07:30")),
    ],
)
def test_the_cut_off_is_in_time_to_the_second_and_days_off_count_as_the_next_working_day(
    moment: datetime, counts: datetime
) -> None:
    assert SHIPPED_CALENDAR.counts_from(moment, SHIPPED_CALENDAR.cutoff) == counts


def test_without_a_cut_off_a_moment_counts_as_it_is() -> None:
    assert SHIPPED_CALENDAR.counts_from(at("21/11", "23:00"), None) == at("21/11", "23:00")


@pytest.mark.parametrize(
    ("days", "due"),
    [(1, at("03/03", "17:00")), (5, at("09/03", "17:00")), (1.5, at("04/03", "17:00")), (4.5, at("09/03", "17:00"))],
)
def test_calendar_days_run_through_weekends_and_end_on_working_days(days: float, due: datetime) -> None:
    assert SHIPPED_CALENDAR.add_days(at("02/03"), days) == due


@pytest.mark.parametrize(
    ("start", "months", "due"),
    [
        pytest.param(at("02/03"), 1, at("02/04", "17:00"), id="the same day of the month"),
        pytest.param(at("31/08"), 1, at("30/09", "17:00"), id="the last day of a shorter month"),
        pytest.param(at("02/03"), 2, at("04/05", "17:00"), id="from a Saturday to Monday"),
        pytest.param(at("30/11"), 1, at("30/12", "17:00"), id="November to December"),
        pytest.param(at("02/03"), 0.5, at("17/03", "17:00"), id="half a month is fifteen days"),
        pytest.param(at("02/03"), 0.25, at("10/03", "17:00"), id="a day begun is a day"),
        pytest.param(at("02/03"), 1.5, at("17/04", "17:00"), id="a month and a half"),
        pytest.param(at("15/12"), 2, at("15/02", "17:00").replace(year=2027), id="over the year's end"),
    ],
)
def test_months_end_on_their_day_or_the_next_working_day(start: datetime, months: float, due: datetime) -> None:
    assert SHIPPED_CALENDAR.add_months(start, months) == due


def test_working_time_is_measured_in_days_of_the_office() -> None:
    assert SHIPPED_CALENDAR.working_days_between(at("02/03", "11:30"), at("03/03", "11:15")) == Fraction(
        3.5 + 3.75
    ) / Fraction(7.5)
    assert SHIPPED_CALENDAR.working_time_between(at("02/03", "11:00"), at("02/03", "14:00")) == timedelta(hours=1)
    assert SHIPPED_CALENDAR.working_days_between(at("06/03", "17:00"), at("09/03", "07:30")) == 0
    assert SHIPPED_CALENDAR.working_days_between(at("05/03"), at("04/03")) == -1


def test_a_day_is_found_before_and_after_days_off() -> None:
    assert SHIPPED_CALENDAR.previous_working_day(date(2026, 9, 3)) == date(2026, 8, 28)
    assert SHIPPED_CALENDAR.next_working_day(date(2026, 2, 13)) == date(2026, 2, 23)


# Properties, on the shipped calendar and on invented ones.


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    def spans(least: int) -> st.SearchStrategy[tuple[Span, ...]]:
        minutes = st.lists(st.integers(0, 24 * 4 - 1), min_size=2 * least, max_size=6, unique=True).map(sorted)
        return minutes.map(
            lambda ticks: tuple(
                Span(time(a // 4, a % 4 * 15), time(b // 4, b % 4 * 15))
                for a, b in zip(ticks[::2], ticks[1::2], strict=False)
            )
        )

    days = st.dates(date(2025, 12, 1), date(2027, 3, 1))
    return WorkingCalendar(
        week=(draw(spans(1)), *(draw(spans(0)) for _ in range(6))),
        days=draw(st.dictionaries(days, spans(0), max_size=30)),
        cutoff=draw(st.times()).replace(microsecond=0),
    )


any_calendar = st.one_of(st.just(SHIPPED_CALENDAR), calendars())
moments = st.datetimes(datetime(2025, 12, 20), datetime(2027, 1, 20), timezones=st.just(UTC))  # noqa: DTZ001
some_days = st.integers(1, 8 * 20).map(lambda eighths: Fraction(eighths, 8))
whole_days = st.integers(1, 20)
some_months = st.integers(1, 12).map(lambda halves: Fraction(halves, 2))
some_hours = st.integers(0, 4 * 60).map(lambda quarters: Fraction(quarters, 4))


@given(any_calendar, moments, moments, some_days, some_months)
def test_later_starts_never_end_sooner(
    calendar: WorkingCalendar, one: datetime, other: datetime, n: Fraction, months: Fraction
) -> None:
    early, late = sorted([one, other])
    for add in (calendar.add_working_days, calendar.add_working_hours, calendar.add_days):
        assert add(early, n) <= add(late, n)
    assert calendar.add_months(early, months) <= calendar.add_months(late, months)
    assert calendar.counts_from(early, calendar.cutoff) <= calendar.counts_from(late, calendar.cutoff)


@given(any_calendar, moments, st.tuples(some_days, some_days), st.tuples(some_months, some_months))
def test_longer_periods_never_end_sooner(
    calendar: WorkingCalendar, start: datetime, days: tuple[Fraction, Fraction], months: tuple[Fraction, Fraction]
) -> None:
    for add, (short, long) in (
        (calendar.add_working_days, sorted(days)),
        (calendar.add_working_hours, sorted(days)),
        (calendar.add_days, sorted(days)),
        (calendar.add_months, sorted(months)),
    ):
        assert start < add(start, short) <= add(start, long)
    short, long = sorted(days)
    if short < long:
        assert calendar.add_working_days(start, short) < calendar.add_working_days(start, long)


@given(any_calendar, moments, whole_days, some_days)
def test_working_days_add_up(calendar: WorkingCalendar, start: datetime, n: int, m: Fraction) -> None:
    assert calendar.add_working_days(calendar.add_working_days(start, n), m) == calendar.add_working_days(start, n + m)


@given(any_calendar, moments, some_hours, some_hours)
def test_working_hours_add_up(calendar: WorkingCalendar, start: datetime, n: Fraction, m: Fraction) -> None:
    assert calendar.add_working_hours(calendar.add_working_hours(start, n), m) == calendar.add_working_hours(
        start, n + m
    )


@given(any_calendar, moments, some_days)
def test_no_period_of_working_time_ends_outside_office_hours(
    calendar: WorkingCalendar, start: datetime, n: Fraction
) -> None:
    for add in (calendar.add_working_days, calendar.add_working_hours, calendar.add_days, calendar.add_months):
        assert calendar.is_open(add(start, n))
    assert calendar.is_open(calendar.add_working_hours(start, 0))


@given(any_calendar, moments, some_days)
def test_the_working_days_between_start_and_end_are_those_added(
    calendar: WorkingCalendar, start: datetime, n: Fraction
) -> None:
    midnight = datetime.combine(local(start).date() + timedelta(days=1), time(), VN)
    between = calendar.working_days_between(midnight, calendar.add_working_days(start, n))
    # Exact but for the microsecond a clock cannot split, in a day of at least a quarter of an hour.
    assert abs(between - n) < Fraction(2, 900_000_000)


@given(
    any_calendar, moments, some_days, some_months, st.sets(st.dates(date(2025, 12, 20), date(2027, 3, 1)), min_size=1)
)
def test_closing_further_days_never_makes_a_deadline_earlier(
    calendar: WorkingCalendar, start: datetime, n: Fraction, months: Fraction, closed: set[date]
) -> None:
    fewer = msgspec.structs.replace(calendar, days=calendar.days | dict.fromkeys(closed, ()))
    assert calendar.counts_from(start, calendar.cutoff) <= fewer.counts_from(start, fewer.cutoff)
    assert calendar.add_working_days(start, n) <= fewer.add_working_days(start, n)
    assert calendar.add_working_hours(start, n) <= fewer.add_working_hours(start, n)
    assert calendar.add_days(start, n) <= fewer.add_days(start, n)
    assert calendar.add_months(start, months) <= fewer.add_months(start, months)


@given(any_calendar, moments, some_days, st.dates(date(2025, 12, 20), date(2027, 3, 1)))
def test_the_same_hours_set_anew_change_no_deadline(
    calendar: WorkingCalendar, start: datetime, n: Fraction, since: date
) -> None:
    again = msgspec.structs.replace(calendar, later=(WeekFrom(since, calendar.week, calendar.week),))
    assert calendar.add_working_days(start, n) == again.add_working_days(start, n)
    assert calendar.add_working_hours(start, n) == again.add_working_hours(start, n)


@given(any_calendar, moments, some_hours)
def test_the_working_time_between_start_and_end_is_that_added(
    calendar: WorkingCalendar, start: datetime, n: Fraction
) -> None:
    assert calendar.working_time_between(start, calendar.add_working_hours(start, n)) == timedelta(hours=float(n))


@given(any_calendar, moments, moments, moments)
def test_working_time_between_moments_adds_up(
    calendar: WorkingCalendar, one: datetime, two: datetime, three: datetime
) -> None:
    for between in (calendar.working_days_between, calendar.working_time_between):
        assert between(one, two) + between(two, three) == between(one, three)
        assert between(one, two) == -between(two, one)


@given(any_calendar, st.dates(date(2025, 12, 1), date(2027, 3, 1)))
def test_days_come_back_from_their_neighbours(calendar: WorkingCalendar, day: date) -> None:
    after = calendar.next_working_day(day)
    assert calendar.count_working_days(day, after) == 1
    if calendar.is_working_day(day):
        assert calendar.previous_working_day(after) == day


@given(any_calendar, moments, some_days)
def test_the_zone_a_moment_is_written_in_changes_nothing(
    calendar: WorkingCalendar, start: datetime, n: Fraction
) -> None:
    due = calendar.add_working_days(start, n)
    assert due.tzinfo is UTC
    assert calendar.add_working_days(start.astimezone(VN), n) == due
    # Việt Nam knows no summer time: an hour of office is an hour anywhere.
    assert local(due).utcoffset() == timedelta(hours=7)
