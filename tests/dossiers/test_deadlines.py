"""A dossier's clock: starts, pauses, putting off once, the chip, and linked children."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from fractions import Fraction
from itertools import combinations
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.agencies.office_hours import SHIPPED, OfficeHours, Span, YearStatus
from backend.agencies.working_time import WorkingCalendar
from backend.dossiers.deadlines import (
    Child,
    Pause,
    Standing,
    child_due,
    chip,
    clock_start,
    facts,
    forward_by,
    intake_by,
    latest_apology,
    longest_chain,
    put_off,
    run,
)
from backend.kit.clock import VN
from backend.kit.errors import Invalid, Refused
from backend.kit.language import use_language
from backend.procedures.counting import Count, Term, Unit, land, until
from backend.procedures.importing import SHIPPED as PROCEDURES
from backend.procedures.limits import CountedFrom, TimeLimit, due

CALENDAR = WorkingCalendar.from_document(json.loads(SHIPPED.read_text("utf-8")))
CATALOGUE = json.loads(PROCEDURES.read_bytes())["procedures"]
SAME_DAY = Count(terms=(), same_day=True, cutoff=time(15))


def at(day: str, clock: str = "09:00") -> datetime:
    """A moment of 2026 as the wall clock in Việt Nam shows it."""
    return datetime.strptime(f"{day}/2026 {clock}", "%d/%m/%Y %H:%M").replace(tzinfo=VN).astimezone(UTC)


def count(value: float | Fraction, unit: Unit = Unit.WORKING_DAYS, *more: Term, **rules: Any) -> Count:
    return Count(terms=(Term(Fraction(value), unit), *more), **rules)


def never(_when: dict[str, Any]) -> bool:
    return False


# Where the clock starts.


def test_a_dossier_from_across_the_boundary_is_counted_from_when_the_competent_agency_got_it() -> None:
    """Worked example 10."""
    start = clock_start(CountedFrom.COMPLETE_DOSSIER, at("06/07", "16:00"), competent_received=at("07/07"))
    assert start == at("07/07")
    assert land(count(5), start, CALENDAR) == at("14/07", "17:00")


def test_a_limit_from_acceptance_starts_with_it_and_not_before() -> None:
    assert clock_start(CountedFrom.ACCEPTANCE, at("06/07")) is None
    assert clock_start(CountedFrom.ACCEPTANCE, at("06/07"), accepted=at("10/07")) == at("10/07")
    for counted_from in (CountedFrom.COMPLETE_DOSSIER, CountedFrom.REQUEST):
        assert clock_start(counted_from, at("06/07"), accepted=at("10/07")) == at("06/07")


def test_a_filing_from_the_net_is_answered_within_eight_working_hours() -> None:
    """Worked example 11."""
    assert intake_by(at("08/07", "14:00"), CALENDAR) == at("09/07", "14:30")
    assert intake_by(at("10/07", "22:00"), CALENDAR, 4) == at("13/07", "11:30")


def test_a_dossier_goes_on_the_same_day_or_after_15_00_when_the_next_working_day_begins() -> None:
    assert forward_by(at("20/11", "15:00"), CALENDAR) == at("20/11", "17:00")
    assert forward_by(at("20/11", "15:01"), CALENDAR) == at("23/11", "07:30")
    assert forward_by(at("21/11", "10:00"), CALENDAR) == at("23/11", "07:30")
    early_closing = WorkingCalendar.from_rows(
        OfficeHours(
            hours=dict.fromkeys(range(1, 8), (Span(time(8), time(12)),)),
            weekly_rest=frozenset({6, 7}),
            days=(),
            years={2026: YearStatus.CONFIRMED},
        )
    )
    assert forward_by(at("20/11", "13:00"), early_closing) == at("23/11", "08:00")


# Pauses.


def test_a_paused_clock_keeps_the_days_not_used() -> None:
    """Worked example 9: 10 working days, two used before the pause, eight left after it."""
    assert land(count(10), at("01/06"), CALENDAR) == at("15/06", "17:00")
    standing = run(count(10), at("01/06"), [Pause(at("04/06", "10:00"))], CALENDAR)
    assert (standing.due, standing.left) == (None, count(8))
    again = run(count(10), at("01/06"), [Pause(at("04/06", "10:00"), at("15/06"))], CALENDAR)
    assert (again.due, again.left) == (at("25/06", "17:00"), count(8))


@pytest.mark.parametrize(
    ("counted", "start", "pauses", "expected"),
    [
        pytest.param(count(10), at("01/06"), [], at("15/06", "17:00"), id="no pause"),
        pytest.param(
            count(10),
            at("01/06"),
            [Pause(at("15/06"), at("17/06")), Pause(at("04/06"), at("08/06"))],
            at("23/06", "17:00"),
            id="two pauses, given in any order",
        ),
        pytest.param(
            count(3),
            at("01/06"),
            [Pause(at("01/06", "10:00"), at("02/06"))],
            at("05/06", "17:00"),
            id="on the first day",
        ),
        pytest.param(
            count(3), at("01/06"), [Pause(at("04/06", "16:00"), at("10/06"))], at("11/06", "17:00"), id="on the due day"
        ),
        pytest.param(
            count(3), at("01/06"), [Pause(at("06/06"), at("10/06"))], at("04/06", "17:00"), id="after the due moment"
        ),
        pytest.param(
            count(3.5), at("02/03"), [Pause(at("04/03"), at("09/03"))], at("12/03", "11:15"), id="half a day stays half"
        ),
        pytest.param(
            count(8, Unit.WORKING_HOURS),
            at("01/06", "14:00"),
            [Pause(at("01/06", "16:00"), at("03/06", "08:00"))],
            at("03/06", "16:00"),
            id="working hours to the minute",
        ),
        pytest.param(
            count(24, Unit.HOURS),
            at("01/06", "14:00"),
            [Pause(at("01/06", "20:00"), at("03/06", "08:00"))],
            at("04/06", "02:00"),
            id="hours to the minute",
        ),
        pytest.param(
            count(15, Unit.DAYS),
            at("01/06"),
            [Pause(at("05/06"), at("15/06"))],
            at("29/06", "17:00"),
            id="calendar days",
        ),
        pytest.param(
            count(1, Unit.MONTHS), at("01/06"), [Pause(at("29/06"), at("06/07"))], at("09/07", "17:00"), id="a month"
        ),
        pytest.param(
            count(5, Unit.DAYS),
            at("01/06"),
            [Pause(at("08/06", "10:00"), at("10/06"))],
            at("11/06", "17:00"),
            id="in the working day an end on a day off was passed on to",
        ),
        pytest.param(
            SAME_DAY, at("01/06"), [Pause(at("01/06", "10:00"), at("03/06"))], at("03/06", "17:00"), id="the same day"
        ),
        pytest.param(
            SAME_DAY,
            at("01/06"),
            [Pause(at("01/06", "10:00"), at("03/06", "15:01"))],
            at("04/06", "17:00"),
            id="the same day, complete after the cut-off",
        ),
        pytest.param(
            Count(terms=(Term(Fraction(3), Unit.WORKING_DAYS),), same_day=True, cutoff=time(15)),
            at("01/06"),
            [Pause(at("03/06"), at("08/06"))],
            at("10/06", "17:00"),
            id="behind the same day",
        ),
        pytest.param(
            Count(terms=(Term(Fraction(3), Unit.WORKING_DAYS),), same_day=True, cutoff=time(15)),
            at("01/06"),
            [Pause(at("01/06", "16:00"), at("08/06"))],
            at("11/06", "17:00"),
            id="on the same day, with more behind it",
        ),
        pytest.param(
            count(8, Unit.WORKING_HOURS, cutoff=time(15)),
            at("01/06", "15:30"),
            [Pause(at("01/06", "16:00"), at("02/06", "09:00"))],
            at("03/06", "09:30"),
            id="before the working hours began",
        ),
        pytest.param(
            count(24, Unit.HOURS, cutoff=time(15)),
            at("01/06", "15:30"),
            [Pause(at("01/06", "16:00"), at("02/06", "09:00"))],
            at("03/06", "09:00"),
            id="before the hours began",
        ),
        pytest.param(
            count(15, Unit.DAYS),
            at("01/06"),
            [Pause(at("01/06", "10:00"), at("03/06"))],
            at("18/06", "17:00"),
            id="on the day calendar days begin",
        ),
        pytest.param(
            count(30, Unit.DAYS, Term(Fraction(7), Unit.WORKING_DAYS)),
            at("01/06"),
            [Pause(at("06/07"), at("13/07"))],
            at("20/07", "17:00"),
            id="in the second of two terms",
        ),
        pytest.param(
            count(2, Unit.WORKING_DAYS, Term(Fraction(4), Unit.DAYS)),
            at("01/06"),
            [Pause(at("02/06"), at("03/06"))],
            at("09/06", "17:00"),
            id="in the first of two terms",
        ),
    ],
)
def test_pauses_move_the_due_moment_as_counted_by_hand(
    counted: Count, start: datetime, pauses: Iterable[Pause], expected: datetime
) -> None:
    assert run(counted, start, pauses, CALENDAR).due == expected


def test_a_date_put_off_can_be_paused_too() -> None:
    promised = until(at("10/07"), at("16/07", "10:00"), CALENDAR)
    assert run(promised, at("10/07"), [], CALENDAR).due == at("16/07", "10:00")
    assert run(promised, at("10/07"), [Pause(at("14/07"), at("20/07"))], CALENDAR).due == at("23/07", "10:00")


moments = st.datetimes(datetime(2026, 1, 5), datetime(2026, 12, 20), timezones=st.just(UTC))  # noqa: DTZ001
stretches = st.timedeltas(timedelta(), timedelta(days=40))
terms = st.builds(Term, st.integers(1, 80).map(lambda eighths: Fraction(eighths, 8)), st.sampled_from(list(Unit)[:4]))
counts = st.builds(
    lambda listed, same_day, cutoff: Count(tuple(listed), same_day, cutoff),
    st.lists(terms, min_size=1, max_size=2, unique_by=lambda term: term.unit),
    st.booleans(),
    st.sampled_from([None, time(15)]),
)


@given(counts, moments, stretches, stretches, st.integers(0, 10))
def test_a_pause_never_makes_a_dossier_due_sooner_and_a_longer_one_never_sooner_than_a_shorter(
    counted: Count, start: datetime, before: timedelta, length: timedelta, more: int
) -> None:
    since = start + before
    plain = land(counted, start, CALENDAR)
    short = run(counted, start, [Pause(since, since + length)], CALENDAR).due
    long = run(counted, start, [Pause(since, since + length + timedelta(days=more))], CALENDAR).due
    assert short is not None
    assert long is not None
    assert plain <= short <= long
    if since > plain:
        assert long == plain


@given(moments, st.integers(1, 20), st.integers(0, 30), stretches)
def test_working_days_used_and_left_are_the_whole_limit(
    start: datetime, days: int, later: int, length: timedelta
) -> None:
    since = start + timedelta(days=later)
    if since > land(count(days), start, CALENDAR):
        return
    left = run(count(days), start, [Pause(since)], CALENDAR).left
    used = CALENDAR.count_working_days(start.astimezone(VN).date(), since.astimezone(VN).date() - timedelta(days=1))
    assert left == count(days - used)
    resumed = since + length
    assert run(count(days), start, [Pause(since, resumed)], CALENDAR).due == CALENDAR.add_working_days(
        resumed, days - used
    )


# Putting off.


def test_an_apology_is_in_time_until_one_working_day_before_and_a_second_one_is_refused() -> None:
    """Worked example 13."""
    due_at = at("10/07", "17:00")
    assert latest_apology(due_at, CALENDAR) == at("09/07", "17:00")
    first = put_off(due_at, at("16/07", "17:00"), 0, at("09/07", "17:00"), CALENDAR)
    assert (first.due, first.in_time) == (at("16/07", "17:00"), True)
    with pytest.raises(Refused, match="một lần"):
        put_off(first.due, at("20/07", "17:00"), 1, at("14/07"), CALENDAR)


def test_one_day_before_a_monday_is_the_working_day_before_it() -> None:
    assert latest_apology(at("03/09", "11:15"), CALENDAR) == at("28/08", "17:00")


def test_a_late_apology_is_still_owed_and_marked() -> None:
    assert not put_off(at("10/07", "17:00"), at("16/07", "17:00"), 0, at("09/07", "17:01"), CALENDAR).in_time


@pytest.mark.parametrize(
    ("new_due", "now", "words"),
    [
        (at("10/07", "17:00"), at("08/07"), "sau ngày hẹn cũ"),
        (at("13/07", "17:00"), at("14/07"), "chưa qua"),
        (at("11/07", "10:00"), at("08/07"), "giờ làm việc"),
        (at("13/07", "12:00"), at("08/07"), "giờ làm việc"),
    ],
)
def test_a_new_date_is_later_still_to_come_and_within_office_hours(
    new_due: datetime, now: datetime, words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        put_off(at("10/07", "17:00"), new_due, 0, now, CALENDAR)


# What the chip says.


@pytest.mark.parametrize(
    ("now", "standing", "days", "vietnamese", "english"),
    [
        (at("02/03", "10:00"), Standing.LEFT, 3, "Còn 3 ngày", "3 days left"),
        (at("02/03", "23:59"), Standing.LEFT, 3, "Còn 3 ngày", "3 days left"),
        (at("04/03", "16:59"), Standing.LEFT, 1, "Còn 1 ngày", "1 day left"),
        (at("05/03", "00:00"), Standing.TODAY, 0, "Hạn hôm nay", "Due today"),
        (at("05/03", "17:00"), Standing.TODAY, 0, "Hạn hôm nay", "Due today"),
        (at("05/03", "17:01"), Standing.OVERDUE, 0, "Vừa quá hạn", "Just overdue"),
        (at("06/03", "07:00"), Standing.OVERDUE, 1, "Quá hạn 1 ngày", "1 day overdue"),
        (at("08/03", "12:00"), Standing.OVERDUE, 1, "Quá hạn 1 ngày", "1 day overdue"),
        (at("09/03", "12:00"), Standing.OVERDUE, 2, "Quá hạn 2 ngày", "2 days overdue"),
    ],
)
def test_the_deadline_chip_counts_the_office_s_days(
    now: datetime, standing: Standing, days: int, vietnamese: str, english: str
) -> None:
    shown = facts(at("05/03", "17:00"), at("02/03"), now, CALENDAR)
    assert (shown.standing, shown.days, chip(shown)) == (standing, days, vietnamese)
    with use_language("en"):
        assert chip(shown) == english


def test_a_due_moment_promised_for_a_day_off_is_a_day_away() -> None:
    assert facts(at("08/03", "10:00"), at("02/03"), at("07/03"), CALENDAR).days == 1


def test_used_and_left_are_working_time_in_days_of_the_office() -> None:
    shown = facts(at("05/03", "17:00"), at("02/03", "13:30"), at("03/03", "11:15"), CALENDAR)
    assert (shown.used, shown.left) == (Fraction(7, 2) / Fraction(15, 2) + Fraction(1, 2), Fraction(5, 2))
    late = facts(at("05/03", "17:00"), at("02/03", "13:30"), at("06/03", "11:15"), CALENDAR)
    assert late.left == Fraction(-1, 2)


def test_pauses_are_not_used_time_and_an_open_one_stops_the_chip() -> None:
    pauses = [Pause(at("02/03", "17:00"), at("04/03", "17:00")), Pause(at("05/03", "17:00"))]
    shown = facts(at("11/03", "17:00"), at("02/03", "07:30"), at("10/03"), CALENDAR, pauses)
    assert (shown.standing, shown.used, shown.left) == (Standing.PAUSED, 2, None)
    assert chip(shown) == "Tạm dừng tính giờ"
    with use_language("en"):
        assert chip(shown) == "Clock stopped"


@given(moments, st.integers(1, 30), stretches)
def test_used_and_left_add_up_to_the_way_from_start_to_due(start: datetime, days: int, later: timedelta) -> None:
    due_at = CALENDAR.add_working_days(start, days)
    shown = facts(due_at, start, start + later, CALENDAR)
    assert shown.left is not None
    assert shown.used + shown.left == CALENDAR.working_days_between(start, due_at)
    assert (shown.standing is Standing.OVERDUE) is (start + later > due_at)


# Linked procedures.


def children(code: str, wanted: Iterable[str], verified: Iterable[str] = ()) -> list[Child]:
    """The required child of a linked procedure of the catalogue and the wanted ones."""
    (procedure,) = (one for one in CATALOGUE if one["code"] == code)
    return [
        Child(
            key=child["key"],
            limit=msgspec.convert(child["time_limit"], TimeLimit),
            starts_after=tuple(child["starts_after"]),
            chosen=(0,) if child["key"] in verified else (),
        )
        for child in procedure["linked"]["children"]
        if child["required"] or child["key"] in wanted
    ]


def parent(code: str) -> TimeLimit:
    (procedure,) = (one for one in CATALOGUE if one["code"] == code)
    return msgspec.convert(procedure["channels"][0]["time_limit"], TimeLimit)


@pytest.mark.parametrize("start", [at("02/03"), at("13/02", "15:30"), at("28/08", "15:00")])
@pytest.mark.parametrize("verified", [False, True])
def test_a_parent_is_due_with_the_longest_chain_of_its_chosen_children(start: datetime, verified: bool) -> None:
    """2.002913: death, then what was chosen; with every set of what can be."""
    optional = ("residence", "funeral_social", "funeral_merit", "survivor")
    for size in range(1, len(optional) + 1):
        for wanted in combinations(optional, size):
            chain = longest_chain(children("2.002913", wanted, ["death"] if verified else []), start, CALENDAR, never)
            limit = parent("2.002913")
            total = due(limit, start, CALENDAR, lambda when: when["contains"] in wanted, [3] if verified else [])  # noqa: B023
            assert chain == total.at


@pytest.mark.parametrize(
    ("wanted", "verified", "expected"),
    [
        ([], [], at("02/03", "17:00")),
        ([], ["birth"], at("05/03", "17:00")),
        (["residence"], [], at("05/03", "17:00")),
        (["residence", "health_card", "id_card"], [], at("09/03", "17:00")),
        (["residence"], ["residence"], at("09/03", "17:00")),
        (["health_card"], ["birth"], at("09/03", "17:00")),
    ],
)
def test_chains_of_a_birth_end_where_counted_by_hand(
    wanted: list[str], verified: list[str], expected: datetime
) -> None:
    assert longest_chain(children("3.000722", wanted, verified), at("02/03"), CALENDAR, never) == expected


def test_a_child_does_not_wait_for_one_that_was_not_chosen() -> None:
    limit = msgspec.convert({"value": 2, "unit": "working_days"}, TimeLimit)
    alone = Child(key="b", limit=limit, starts_after=("a",))
    assert longest_chain([alone], at("02/03"), CALENDAR, never) == at("04/03", "17:00")


def test_a_chain_with_an_open_limit_is_open() -> None:
    unknown = Child(key="b", limit=msgspec.convert({"value": None, "unit": None}, TimeLimit), starts_after=("a",))
    known = Child(key="a", limit=msgspec.convert({"value": 1, "unit": "working_days"}, TimeLimit))
    assert longest_chain([known, unknown], at("02/03"), CALENDAR, never) is None
    assert child_due(unknown, at("03/03"), at("05/03", "17:00"), CALENDAR, never) == at("05/03", "17:00")


def test_children_that_wait_for_each_other_are_refused() -> None:
    limit = msgspec.convert({"value": 1, "unit": "working_days"}, TimeLimit)
    ring = [Child(key="a", limit=limit, starts_after=("b",)), Child(key="b", limit=limit, starts_after=("a",))]
    with pytest.raises(ValueError, match="cycle"):
        longest_chain(ring, at("02/03"), CALENDAR, never)


def test_no_child_is_due_after_its_parent() -> None:
    (birth, residence) = children("3.000722", ["residence"])
    assert child_due(birth, at("02/03"), at("05/03", "17:00"), CALENDAR, never) == at("02/03", "17:00")
    # Registered late, the birth leaves residence less than its own two days.
    assert child_due(residence, at("04/03"), at("05/03", "17:00"), CALENDAR, never) == at("05/03", "17:00")
