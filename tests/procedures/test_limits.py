"""Time limits: the three kinds of clock, the same day, what is open, and every limit of the catalogue."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from fractions import Fraction
from itertools import combinations
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.agencies.office_hours import SHIPPED
from backend.agencies.working_time import WorkingCalendar
from backend.kit.clock import VN, local
from backend.kit.errors import Invalid
from backend.kit.language import use_language
from backend.procedures.counting import Count, Term, Unit, land, until
from backend.procedures.importing import SHIPPED as PROCEDURES
from backend.procedures.limits import (
    CountedFrom,
    Due,
    Mode,
    Open,
    TimeLimit,
    describe,
    describe_open,
    due,
    milestones,
)

CALENDAR = WorkingCalendar.from_document(json.loads(SHIPPED.read_text("utf-8")))
CATALOGUE = json.loads(PROCEDURES.read_bytes())["procedures"]


def at(day: str, clock: str = "09:00") -> datetime:
    """A moment of 2026 as the wall clock in Việt Nam shows it."""
    return datetime.strptime(f"{day}/2026 {clock}", "%d/%m/%Y %H:%M").replace(tzinfo=VN).astimezone(UTC)


def limit(value: float | None = 3, unit: str | None = "working_days", **more: Any) -> TimeLimit:
    return msgspec.convert({"value": value, "unit": unit} | more, TimeLimit)


def exception(value: float | None, unit: str = "working_days", mode: str = "replace", **more: Any) -> dict[str, Any]:
    return {"value": value, "unit": unit, "mode": mode, "condition": "…", "when": None} | more


def always(_when: dict[str, Any]) -> bool:
    return True


def never(_when: dict[str, Any]) -> bool:
    return False


def count(limit: TimeLimit, start: datetime, *chosen: int) -> datetime | None:
    return due(limit, start, CALENDAR, never, chosen).at


SAME_DAY = limit(1, same_day=True, cutoff="15:00")


# The worked examples of the law.


@pytest.mark.parametrize(
    ("start", "asked", "expected"),
    [
        pytest.param(at("02/03"), limit(3), at("05/03", "17:00"), id="1 an ordinary week"),
        pytest.param(at("13/02", "10:00"), limit(3), at("25/02", "17:00"), id="2 Tết"),
        pytest.param(at("24/04"), limit(3), at("04/05", "17:00"), id="3 Hùng kings, 30/4, 1/5"),
        pytest.param(at("21/08"), limit(1), at("22/08", "17:00"), id="4 a make-up Saturday"),
        pytest.param(at("28/08"), limit(2), at("04/09", "17:00"), id="5 31/8 swapped, 1-2/9"),
        pytest.param(at("23/11", "10:00"), limit(1), at("25/11", "17:00"), id="6 Culture Day"),
        pytest.param(at("20/11", "14:59"), SAME_DAY, at("20/11", "17:00"), id="7 certified before 15:00"),
        pytest.param(at("20/11", "15:00"), SAME_DAY, at("20/11", "17:00"), id="7 15:00 is in time"),
        pytest.param(at("20/11", "15:01"), SAME_DAY, at("23/11", "17:00"), id="7 certified after 15:00"),
        pytest.param(at("23/11", "15:30"), SAME_DAY, at("25/11", "17:00"), id="8 after 15:00 before a holiday"),
        pytest.param(at("01/06"), limit(10), at("15/06", "17:00"), id="9 before its pause"),
        pytest.param(at("08/07", "14:00"), limit(8, "working_hours"), at("09/07", "14:30"), id="11 working hours"),
        pytest.param(at("05/02"), limit(15, "days"), at("23/02", "17:00"), id="12 calendar days into Tết"),
        pytest.param(at("02/03"), limit(3.5), at("06/03", "11:15"), id="half a working day"),
        pytest.param(at("02/03"), limit(2, "months"), at("04/05", "17:00"), id="months into a holiday"),
        pytest.param(at("06/03", "16:00"), limit(24, "hours"), at("07/03", "16:00"), id="hours run round the clock"),
    ],
)
def test_a_limit_ends_where_the_law_s_examples_say(start: datetime, asked: TimeLimit, expected: datetime) -> None:
    assert count(asked, start) == expected


# Replacing and extending.


def test_the_longest_replacing_exception_that_holds_is_the_total_even_below_the_limit() -> None:
    asked = limit(5, exceptions=[exception(1), exception(3), exception(20, when={"field": "a.b", "filled": True})])
    assert count(asked, at("02/03")) == at("09/03", "17:00")
    assert count(asked, at("02/03"), 0) == at("03/03", "17:00")
    assert count(asked, at("02/03"), 0, 1) == at("05/03", "17:00")
    assert due(asked, at("02/03"), CALENDAR, always, [0, 1]).at == at("30/03", "17:00")


def test_the_longest_is_measured_on_the_calendar_not_by_the_number() -> None:
    asked = limit(1, exceptions=[exception(5), exception(6, "days")])
    # Five working days from Monday end on Monday; six days end on Sunday, so also on Monday; over Tết days end sooner.
    assert count(asked, at("02/03"), 0, 1) == at("09/03", "17:00")
    assert count(asked, at("12/02"), 0, 1) == at("26/02", "17:00")


def test_each_extending_exception_is_added() -> None:
    asked = limit(3, exceptions=[exception(2, mode="extend"), exception(1.5, mode="extend"), exception(10)])
    assert count(asked, at("02/03"), 0) == at("09/03", "17:00")
    assert count(asked, at("02/03"), 0, 1) == at("11/03", "11:15")
    assert count(asked, at("02/03"), 0, 1, 2) == at("20/03", "11:15")


def test_calendar_days_inside_a_period_run_on_through_days_off() -> None:
    asked = limit(5, "days", exceptions=[exception(1, mode="extend"), exception(60, "days", "extend")])
    # Five days from Monday end on Saturday: alone that passes on to Monday; one working day more is Monday.
    assert count(asked, at("02/03")) == at("09/03", "17:00")
    assert count(asked, at("02/03"), 0) == at("09/03", "17:00")
    # 65 days end on 06/05, a Wednesday: not 5 days passed on and then 60.
    assert count(asked, at("02/03"), 1) == at("06/05", "17:00")


def test_a_part_of_a_day_meets_the_next_whole_one() -> None:
    asked = limit(0.5, exceptions=[exception(1, mode="extend")])
    assert count(asked, at("02/03"), 0) == at("04/03", "11:15")


def test_hours_behind_calendar_days_begin_when_those_are_over_and_never_end_sooner() -> None:
    two_hours = exception(2, "working_hours", "extend")
    assert count(limit(1, "days", exceptions=[two_hours]), at("02/03"), 0) == at("04/03", "09:30")
    # Five days end on Saturday and are passed on to Monday evening; two hours more cannot end on Monday morning.
    assert count(limit(5, "days", exceptions=[two_hours]), at("02/03"), 0) == at("09/03", "17:00")


def test_an_exception_s_when_is_asked_of_the_dossier_and_its_place_is_told() -> None:
    asked = limit(3, exceptions=[exception(5, when={"field": "a.b", "equals": "x"}), exception(1, mode="extend")])
    held = due(asked, at("02/03"), CALENDAR, lambda when: when == {"field": "a.b", "equals": "x"}, [1])
    assert (held.applied, held.at) == ((0, 1), at("10/03", "17:00"))
    assert due(asked, at("02/03"), CALENDAR, never).applied == ()


def test_an_officer_cannot_pick_what_the_procedure_does_not_leave_to_them() -> None:
    asked = limit(3, exceptions=[exception(5, when={"field": "a.b", "filled": True})])
    for place in (0, 1, -1):
        with pytest.raises(Invalid, match="quy trình"):
            count(asked, at("02/03"), place)


# The same day and the cut-off.


def test_the_same_day_is_the_next_one_when_the_office_has_closed_or_does_not_open() -> None:
    without_cutoff = limit(1, same_day=True)
    assert count(without_cutoff, at("20/11", "16:59")) == at("20/11", "17:00")
    assert count(without_cutoff, at("20/11", "17:00")) == at("23/11", "17:00")
    assert count(without_cutoff, at("21/11", "10:00")) == at("23/11", "17:00")
    assert count(SAME_DAY, at("21/11", "10:00")) == at("23/11", "17:00")
    assert count(SAME_DAY, at("20/11", "06:00")) == at("20/11", "17:00")


def test_a_cut_off_moves_the_day_of_receipt_of_longer_limits_too() -> None:
    asked = limit(3, cutoff="15:00")
    assert count(asked, at("02/03", "15:00")) == at("05/03", "17:00")
    assert count(asked, at("02/03", "15:01")) == at("06/03", "17:00")
    assert count(asked, at("07/03", "10:00")) == at("12/03", "17:00")


def test_an_exception_keeps_the_limit_s_cut_off_unless_it_has_its_own() -> None:
    asked = limit(1, cutoff="15:00", exceptions=[exception(2), exception(2, cutoff=None), exception(2, cutoff="16:00")])
    assert [count(asked, at("02/03", "15:30"), place) for place in range(3)] == [
        at("05/03", "17:00"),
        at("04/03", "17:00"),
        at("04/03", "17:00"),
    ]
    assert count(asked, at("02/03", "16:30"), 2) == at("05/03", "17:00")


def test_a_same_day_exception_replaces_a_limit_of_days_and_the_other_way_round() -> None:
    quicker = limit(3, exceptions=[exception(1, same_day=True, cutoff="15:00")])
    assert count(quicker, at("02/03"), 0) == at("02/03", "17:00")
    slower = limit(1, same_day=True, cutoff="15:00", exceptions=[exception(5)])
    assert count(slower, at("02/03"), 0) == at("09/03", "17:00")


def test_an_extension_of_the_same_day_begins_behind_that_day() -> None:
    asked = limit(
        1, same_day=True, cutoff="15:00", exceptions=[exception(3, mode="extend"), exception(7, "days", "extend")]
    )
    assert count(asked, at("02/03"), 0) == at("05/03", "17:00")
    assert count(asked, at("02/03", "15:01"), 0) == at("06/03", "17:00")
    assert count(asked, at("02/03"), 1) == at("09/03", "17:00")


# What is open.


def test_an_unknown_unit_gives_no_due_moment_but_words() -> None:
    unknown = due(limit(None, None), at("02/03"), CALENDAR, never)
    assert (unknown.at, unknown.open) == (None, Open.UNKNOWN)
    assert describe_open(Open.UNKNOWN) == "Chưa có thời hạn được công bố"
    known_case = limit(None, None, exceptions=[exception(2)])
    assert count(known_case, at("02/03"), 0) == at("04/03", "17:00")
    unknown_case = limit(
        1, exceptions=[exception(None) | {"unit": None}, exception(None, mode="extend") | {"unit": None}]
    )
    assert [due(unknown_case, at("02/03"), CALENDAR, never, [n]).open for n in (0, 1)] == [Open.UNKNOWN] * 2


def test_what_is_as_agreed_is_due_when_it_was_agreed() -> None:
    asked = limit(1, same_day=True, cutoff="15:00", exceptions=[exception(None, mode="extend")])
    waiting = due(asked, at("02/03"), CALENDAR, never, [0])
    assert (waiting.at, waiting.open) == (None, Open.AGREED)
    assert due(asked, at("02/03"), CALENDAR, never, [0], agreed=at("04/03", "10:00")).at == at("04/03", "10:00")
    assert due(asked, at("02/03"), CALENDAR, never, [], agreed=at("04/03", "10:00")).at == at("02/03", "17:00")


@pytest.mark.parametrize(
    ("agreed", "words"),
    [
        (at("07/03", "10:00"), "giờ làm việc"),
        (at("04/03", "12:00"), "giờ làm việc"),
        (at("03/03", "16:00"), "sớm hơn"),
    ],
)
def test_an_agreed_moment_outside_hours_or_before_the_law_s_is_refused(agreed: datetime, words: str) -> None:
    asked = limit(2, exceptions=[exception(None, mode="extend")])
    with pytest.raises(Invalid, match=words):
        due(asked, at("02/03"), CALENDAR, never, [0], agreed=agreed)


def test_an_agreement_instead_of_the_limit_may_be_shorter_but_not_past() -> None:
    for asked, chosen in ((limit(5, exceptions=[exception(None)]), [0]), (limit(None), [])):
        assert due(asked, at("02/03"), CALENDAR, never, chosen, agreed=at("02/03", "16:00")).at == at("02/03", "16:00")
        with pytest.raises(Invalid, match="sớm hơn"):
            due(asked, at("02/03"), CALENDAR, never, chosen, agreed=at("27/02", "16:00"))


def test_before_acceptance_nothing_is_due() -> None:
    asked = limit(30, "days", **{"from": "acceptance"})
    waiting = due(asked, None, CALENDAR, never)
    assert (waiting.at, waiting.open, asked.counted_from) == (None, Open.NOT_STARTED, CountedFrom.ACCEPTANCE)
    assert describe_open(Open.NOT_STARTED) == "Thời hạn tính từ ngày thụ lý"


def test_years_without_a_calendar_are_reported_with_the_due_moment() -> None:
    start = datetime(2027, 12, 30, 9, tzinfo=VN)
    assert due(limit(3), start, CALENDAR, never).unknown_years == (2028,)
    assert due(limit(3), at("02/03"), CALENDAR, never).unknown_years == ()


# Milestones.


def test_milestones_share_the_limit_s_start_or_tell_what_starts_them() -> None:
    inner = [
        {"value": 2, "unit": "working_days", "name": "Kiểm tra", "when": None},
        {"value": 3, "unit": "days", "name": "Công bố", "when": None, "after": "Ký quyết định"},
        {"value": 1, "unit": "working_days", "name": "Xác minh", "when": {"field": "a.b", "filled": True}},
    ]
    asked = limit(5, cutoff="15:00", milestones=inner)
    shown = due(asked, at("02/03", "15:30"), CALENDAR, never).milestones
    assert [(one.name, one.at, one.after) for one in shown] == [
        ("Kiểm tra", at("05/03", "17:00"), None),
        ("Công bố", None, "Ký quyết định"),
    ]
    assert [one.name for one in milestones(asked, at("02/03"), CALENDAR, always)] == ["Kiểm tra", "Công bố", "Xác minh"]


def test_a_milestone_does_not_move_the_due_moment() -> None:
    inner = [{"value": 9, "unit": "working_days", "name": "…", "when": None}]
    assert count(limit(5, milestones=inner), at("02/03")) == count(limit(5), at("02/03"))


# Words.


@pytest.mark.parametrize(
    ("asked", "vietnamese", "english"),
    [
        (limit(3), "3 ngày làm việc", "3 working days"),
        (limit(1), "1 ngày làm việc", "1 working day"),
        (limit(3.5), "3,5 ngày làm việc", "3.5 working days"),
        (limit(8, "working_hours"), "8 giờ làm việc", "8 working hours"),
        (limit(1, "hours"), "1 giờ", "1 hour"),
        (limit(30, "days"), "30 ngày", "30 days"),
        (limit(2, "months"), "2 tháng", "2 months"),
        (SAME_DAY, "ngay trong ngày", "the same day"),
        (limit(None, None), "chưa xác định", "not known"),
        (limit(None), "theo thỏa thuận", "as agreed"),
        (limit(1, exceptions=[exception(7, "days", "extend")]).exceptions[0], "thêm 7 ngày", "7 days more"),
        (limit(1, exceptions=[exception(23, "days")]).exceptions[0], "23 ngày", "23 days"),
    ],
)
def test_a_limit_is_told_in_both_languages(asked: Any, vietnamese: str, english: str) -> None:
    assert describe(asked) == vietnamese
    with use_language("en"):
        assert describe(asked) == english


# The catalogue.


def limits_of_the_catalogue() -> Iterator[Any]:
    for procedure in CATALOGUE:
        for channel in procedure["channels"]:
            yield pytest.param(channel["time_limit"], id=f"{procedure['code']} {channel['channel']}")
        for child in (procedure["linked"] or {}).get("children", ()):
            if child["time_limit"]:
                yield pytest.param(child["time_limit"], id=f"{procedure['code']} {child['key']}")


STARTS = (at("02/03", "08:00"), at("13/02", "15:30"), at("28/08", "15:00"), at("21/11", "23:00"), at("23/11", "16:59"))


def check_due(held: Due, start: datetime) -> None:
    if held.at is None:
        assert held.open is Open.AGREED
        assert held.count is None
        return
    assert held.open is None
    assert held.at > start
    assert held.count is not None
    assert land(held.count, start, CALENDAR) == held.at
    if not any(term.unit is Unit.HOURS for term in held.count.terms):
        assert CALENDAR.is_open(held.at)
    for inner in held.milestones:
        assert (inner.at is None) is (inner.after is not None)


@pytest.mark.parametrize("document", list(limits_of_the_catalogue()))
def test_every_limit_of_the_catalogue_computes_with_every_set_of_its_exceptions(document: dict[str, Any]) -> None:
    asked = msgspec.convert(document, TimeLimit)
    to_pick = [place for place, one in enumerate(asked.exceptions) if one.when is None]
    for start in STARTS:
        for holds in (never, always):
            for size in range(len(to_pick) + 1):
                for chosen in combinations(to_pick, size):
                    check_due(due(asked, start, CALENDAR, holds, chosen), start)


@pytest.mark.parametrize("document", list(limits_of_the_catalogue()))
def test_every_limit_of_the_catalogue_is_read_whole_and_told_in_words(document: dict[str, Any]) -> None:
    asked = msgspec.convert(document, TimeLimit)
    written = msgspec.json.decode(msgspec.json.encode(asked))
    # Left out and said to be false is the same for the day; a cut-off that is left out stays left out.
    for one in written["exceptions"]:
        if not one["same_day"]:
            del one["same_day"]
    assert written == document
    for part in (asked, *asked.exceptions, *asked.milestones):
        words = describe(part)
        assert words
        with use_language("en"):
            assert describe(part) != words


def test_the_catalogue_has_sixty_procedures_with_a_limit_on_every_channel() -> None:
    assert len(CATALOGUE) == 60
    assert len(list(limits_of_the_catalogue())) == 169


@pytest.mark.parametrize(
    ("code", "channel", "start", "chosen", "holds", "expected"),
    [
        ("1.001193", "online", at("02/03"), [], never, at("02/03", "17:00")),
        ("1.001193", "online", at("02/03"), [0], always, at("12/03", "17:00")),
        ("1.004873", "online", at("02/03"), [0], never, at("25/03", "17:00")),
        ("1.004859", "online", at("02/03", "15:30"), [], always, at("03/03", "17:00")),
        ("1.004859", "online", at("02/03"), [1], always, at("10/03", "17:00")),
        ("2.001263", "online", at("02/03"), [0, 1], never, at("09/06", "17:00")),
        ("2.002913", "online", at("02/03"), [3], always, at("31/03", "17:00")),
        ("1.116556", "counter", at("02/03", "16:00"), [1], never, at("02/03", "17:00")),
        ("1.116556", "online", at("02/03"), [0, 1], never, at("01/04", "17:00")),
    ],
)
def test_limits_of_the_catalogue_end_where_counted_by_hand(
    code: str, channel: str, start: datetime, chosen: list[int], holds: Any, expected: datetime
) -> None:
    (procedure,) = (one for one in CATALOGUE if one["code"] == code)
    (offer,) = (one for one in procedure["channels"] if one["channel"] == channel)
    assert due(msgspec.convert(offer["time_limit"], TimeLimit), start, CALENDAR, holds, chosen).at == expected


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"value": 0, "unit": "days"}, "value"),
        ({"value": -1.5, "unit": "days"}, "value"),
        ({"value": 1, "unit": "weeks"}, "unit"),
        ({"value": 1, "unit": "days", "cutoff": "25:00"}, "cutoff"),
        ({"value": 1, "unit": "days", "cut_off": "15:00"}, "cut_off"),
        ({"value": 1, "unit": "days", "from": "tomorrow"}, "from"),
        ({"value": 1, "unit": "days", "exceptions": [exception(2, mode="shorten")]}, "mode"),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused_by_its_field(wrong: dict[str, Any], where: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=where):
        msgspec.convert(wrong, TimeLimit)


# Properties.

moments = st.datetimes(datetime(2025, 12, 20), datetime(2027, 1, 20), timezones=st.just(UTC))  # noqa: DTZ001
values = st.integers(1, 8 * 15).map(lambda eighths: eighths / 8)
units = st.sampled_from(list(Unit))
cutoffs = st.sampled_from([None, "11:00", "15:00", "16:30"])


@st.composite
def limits(draw: st.DrawFn) -> TimeLimit:
    def one() -> dict[str, Any]:
        unit = draw(units)
        value = draw(st.integers(1, 4)) / 2 if unit is Unit.MONTHS else draw(values)
        return {"value": value, "unit": unit, "same_day": draw(st.booleans()), "cutoff": draw(cutoffs)}

    exceptions = [one() | {"mode": draw(st.sampled_from(list(Mode))), "condition": "", "when": None} for _ in range(3)]
    return msgspec.convert(one() | {"exceptions": exceptions}, TimeLimit)


places = st.sets(st.integers(0, 2))


@given(limits(), moments, places)
def test_every_due_moment_lies_ahead_and_working_time_ends_in_office_hours(
    asked: TimeLimit, start: datetime, chosen: set[int]
) -> None:
    held = due(asked, start, CALENDAR, never, chosen)
    check_due(held, start)


@given(limits(), moments, moments, places)
def test_what_is_received_later_is_never_due_sooner(
    asked: TimeLimit, one: datetime, other: datetime, chosen: set[int]
) -> None:
    first, second = (due(asked, start, CALENDAR, never, chosen).at for start in sorted([one, other]))
    assert first is not None
    assert second is not None
    assert first <= second


@given(limits(), moments, places, st.integers(0, 2))
def test_one_more_exception_never_makes_a_dossier_due_sooner(
    asked: TimeLimit, start: datetime, chosen: set[int], extra: int
) -> None:
    before = due(asked, start, CALENDAR, never, chosen - {extra}).at
    after = due(asked, start, CALENDAR, never, chosen | {extra}).at
    assert before is not None
    assert after is not None
    modes = {asked.exceptions[place].mode for place in chosen - {extra}}
    # The first replacing exception may well be shorter than the limit it replaces.
    if asked.exceptions[extra].mode is Mode.EXTEND or Mode.REPLACE in modes:
        assert before <= after


@given(moments, st.integers(1, 8 * 15).map(lambda eighths: Fraction(eighths, 8)))
def test_a_count_until_a_named_moment_ends_at_that_moment(start: datetime, days: Fraction) -> None:
    named = land(Count(terms=(Term(days, Unit.WORKING_DAYS),)), start, CALENDAR)
    assert land(until(start, named, CALENDAR), start, CALENDAR) == named


def test_a_moment_named_for_the_same_day_is_counted_as_the_same_day() -> None:
    assert until(at("02/03"), at("02/03", "16:00"), CALENDAR) == Count(terms=(), same_day=True)
    assert local(land(until(at("02/03"), at("02/03", "16:00"), CALENDAR), at("02/03"), CALENDAR)).time() == time(17)


@given(limits(), moments)
def test_a_limit_without_exceptions_is_its_own_total(asked: TimeLimit, start: datetime) -> None:
    bare = due(msgspec.structs.replace(asked, exceptions=()), start, CALENDAR, never)
    assert due(asked, start, CALENDAR, never).at == bare.at
    assert bare.at is not None
    if asked.same_day:
        assert CALENDAR.working_days_between(start, bare.at) <= 2
        assert bare.at - start < timedelta(days=14)
