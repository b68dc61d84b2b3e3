"""Each expression with its empty side, its inclusive edges and its repeated groups."""

from datetime import date
from typing import Any

import pytest

from backend.forms import dates
from backend.forms.conditions import left_open
from backend.forms.expressions import Reading, holds, number
from backend.forms.facts import Facts

TODAY = date(2026, 11, 24)
ANSWERS = {
    "a": {
        "kind": "oath", "age": 18, "picked": ["x", "y"], "story": "Kết hôn ở xa", "blank": "  ", "ticked": True,
        "born": "2008-11-24", "year_only": "2008", "other": "oath",
    },
    "papers": {"items": [{"pages": 30, "role": "heir", "from": "vn"}, {"pages": 10, "role": "opponent"}, {}]},
}  # fmt: skip


def true(condition: dict[str, Any], item: str = "", **facts: Any) -> bool:
    return holds(condition, Reading(answers=ANSWERS, facts=Facts(today=TODAY, **facts), item=item))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"field": "a.kind", "equals": "oath"}, True),
        ({"field": "a.kind", "equals": "x"}, False),
        ({"field": "a.kind", "not_equals": "x"}, True),
        ({"field": "a.nothing", "not_equals": "x"}, False),
        ({"field": "a.blank", "not_equals": "x"}, False),
        ({"field": "a.nothing", "filled": False}, True),
        ({"field": "a.blank", "filled": False}, True),
        ({"field": "a.nothing", "filled": True}, False),
        ({"field": "a.nothing", "filled": False, "not_equals": "x"}, False),
        ({"field": "a.kind", "filled": True}, True),
        ({"field": "a.kind", "filled": False}, False),
        ({"field": "a.kind", "in": ["oath", "x"]}, True),
        ({"field": "a.picked", "in": ["y"]}, True),
        ({"field": "a.picked", "contains": "x"}, True),
        ({"field": "a.picked", "contains": "z"}, False),
        ({"field": "a.ticked", "equals": True}, True),
        ({"field": "a.age", "equals": True}, False),
        ({"field": "a.story", "matches": "kết hôn"}, True),
        ({"field": "a.story", "matches": "^hôn"}, False),
        ({"field": "a.age", "min": 18}, True),
        ({"field": "a.age", "max": 18}, True),
        ({"field": "a.age", "min": 18, "max": 17}, False),
        ({"field": "a.kind", "min": 0}, False),
        ({"field": "a.born", "older_than": {"years": 18}}, True),
        ({"field": "a.born", "older_than": {"years": 19}}, False),
        ({"field": "a.born", "younger_than": {"years": 18}}, False),
        ({"field": "a.born", "younger_than": {"years": 19}}, True),
        # Born some day of 2008: surely 17, surely not yet 19, but who knows whether 18.
        ({"field": "a.year_only", "older_than": {"years": 17}}, True),
        ({"field": "a.year_only", "older_than": {"years": 18}}, False),
        ({"field": "a.year_only", "younger_than": {"years": 18}}, False),
        ({"field": "a.year_only", "younger_than": {"years": 19}}, True),
        ({"same": ["a.kind", "a.other"]}, True),
        ({"same": ["a.nothing", "a.blank"]}, False),
        ({"compare": ["a.born", "a.born"], "min_gap": {"days": 0}}, False),
        ({"compare": ["a.born", "a.born"], "min_gap": {"days": 1}}, True),
        ({"compare": ["a.year_only", "a.born"], "min_gap": {"days": 0}}, False),
        ({"compare": ["a.nothing", "a.born"], "min_gap": {"years": 99}}, False),
        ({"compare": ["a.age", "a.age"], "min_gap": 1}, True),
        ({"compare": ["a.age", "a.age"]}, False),
        ({"field": "a.picked", "equals": ["y", "x"]}, True),
        ({"field": "a.kind", "older_than": {"years": 1}}, False),
        ({"field": "a.kind", "younger_than": {"years": 1}}, False),
        ({"field": "papers.items.1.pages", "equals": 10}, True),
        ({"field": "papers.items.9.pages", "filled": False}, True),
        ({"field": "a.kind.deeper", "filled": False}, True),
        ({"sum": "papers.items.pages", "min": 40}, True),
        ({"sum": "papers.items.pages", "min": 41}, False),
        ({"sum": "a.nothing", "equals": 0}, True),
        ({"count": "papers.items", "max": 3}, True),
        ({"count": "nothing.items", "equals": 0}, True),
        ({"count_where": {"repeat": "papers.items", "field": "role", "equals": "heir"}, "equals": 1}, True),
        ({"count_where": {"repeat": "nothing", "field": "role", "equals": "heir"}, "not_equals": 1}, True),
        ({"none_match": {"repeat": "papers.items", "field": "role", "equals": "opponent"}}, False),
        ({"none_match": {"repeat": "papers.items", "field": "role", "equals": "witness"}}, True),
        ({"none_match": {"repeat": "nothing", "field": "role", "equals": "witness"}}, True),
        ({"today_between": ["11-24", "12-31"]}, True),
        ({"today_between": ["12-01", "01-31"]}, False),
        ({"today_between": ["11-01", "01-31"]}, True),
        ({"field": "papers.items.role", "equals": "opponent"}, True),
        ({"field": "papers.items.pages", "min": 20, "max": 25}, False),
        ({"field": "papers.items.from", "filled": False}, True),
        ({"all": [{"field": "a.kind", "equals": "oath"}, {"field": "a.age", "min": 99}]}, False),
        ({"any": [{"field": "a.kind", "equals": "oath"}, {"field": "a.age", "min": 99}]}, True),
        ({"not": {"field": "a.nothing", "equals": "x"}}, True),
    ],
)  # fmt: skip
def test_an_expression_says_what_it_should(condition: dict[str, Any], expected: bool) -> None:
    assert true(condition) is expected


def test_a_case_and_a_system_fact_come_from_outside() -> None:
    assert true({"case": "oath"}, case="oath")
    assert not true({"case": "oath"})
    assert true({"system": "has_business"}, system=frozenset({"has_business"}))
    assert not true({"system": "has_business"})


def test_a_dot_means_the_item_at_hand() -> None:
    condition = {"field": "./role", "equals": "heir"}
    assert true(condition, item="papers.items.0")
    assert not true(condition, item="papers.items.1")


def test_numbers_can_be_asked_for_themselves() -> None:
    reading = Reading(answers=ANSWERS, facts=Facts(today=TODAY))
    assert number({"sum": "papers.items.pages"}, reading) == 40
    assert number({"count": "papers.items"}, reading) == 3
    assert number({"value": "a.age"}, reading) == 18
    assert number({"value": "a.nothing"}, reading) == 0


@pytest.mark.parametrize(
    ("born", "today", "days", "older", "younger"),
    [
        ("2026-09-25", date(2026, 11, 24), 60, False, True),
        ("2026-09-24", date(2026, 11, 24), 60, True, False),
        ("2026-11-25", date(2026, 11, 24), 60, False, True),
    ],
)
def test_days_back_are_counted_from_today(born: str, today: date, days: int, older: bool, younger: bool) -> None:
    assert dates.older(born, today, {"days": days}) is older
    assert dates.younger(born, today, {"days": days}) is younger


def test_a_leap_day_child_is_of_age_on_the_first_of_march() -> None:
    assert not dates.older("2008-02-29", date(2026, 2, 28), {"years": 18})
    assert dates.older("2008-02-29", date(2026, 3, 1), {"years": 18})


@pytest.mark.parametrize(
    ("condition", "left"),
    [
        ({"field": "a.kind", "equals": "oath"}, True),
        ({"field": "a.kind", "equals": "x"}, False),
        ({"field": "b.live", "equals": "x"}, {"field": "b.live", "equals": "x"}),
        ({"all": [{"field": "a.kind", "equals": "x"}, {"field": "b.live", "equals": "x"}]}, False),
        ({"all": [{"field": "a.kind", "equals": "oath"}, {"field": "b.live", "filled": True}]},
         {"field": "b.live", "filled": True}),
        ({"any": [{"field": "a.kind", "equals": "oath"}, {"field": "b.live", "filled": True}]}, True),
        ({"not": {"field": "b.live", "equals": "x"}}, {"not": {"field": "b.live", "equals": "x"}}),
        ({"field": "./live", "equals": "x"}, {"field": "b.items.0.live", "equals": "x"}),
    ],
)  # fmt: skip
def test_only_what_can_still_change_is_left_for_the_browser(condition: dict[str, Any], left: Any) -> None:
    reading = Reading(answers=ANSWERS, facts=Facts(today=TODAY), item="b.items.0")
    assert left_open(condition, reading, {"b.live", "b.items", "b.items.live"}) == left
