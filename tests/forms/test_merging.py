"""Two tabs on one draft: what only one of them changed is kept, what both changed is shown twice."""

import json
from typing import Any

import pytest

from backend.forms.definition import Field, FieldType, Form, Section
from backend.forms.merging import Was, stamp, stamps
from backend.forms.receiving import WAS, Received, receive, saved_reply
from backend.forms.steps import all_steps
from tests.forms.lists import OFFERED

FORM = Form(
    version=1,
    sections=[
        Section(
            key="a",
            title="A",
            fields=[
                Field(key="name", label="Tên", type=FieldType.TEXT),
                Field(key="born", label="Ngày sinh", type=FieldType.DATE),
            ],
        ),
        Section(
            key="w",
            title="W",
            fields=[
                Field(
                    key="items", label="Người", type=FieldType.REPEAT,
                    fields=[Field(key="name", label="Tên", type=FieldType.TEXT)],
                )
            ],
        ),
    ],
)  # fmt: skip
NAMES, WITNESSES = all_steps(FORM)
BEGAN = {"a": {"name": "An", "born": "2000-01-01"}, "w": {"items": [{"name": "X"}, {"name": "Y"}]}}


def was(step: Any, answers: dict[str, Any]) -> Was:
    return stamps([(step.path(field), field) for field in step.fields], answers)


def post(step: Any, kept: dict[str, Any], *pairs: tuple[str, str]) -> Received:
    return receive(step, [*pairs, (WAS, json.dumps(was(step, BEGAN)))], kept)


def test_changes_to_different_questions_are_both_kept() -> None:
    theirs = {**BEGAN, "a": {"name": "An", "born": "2001-02-03"}}
    whole_page = [("a.name", "Bình"), ("a.born.day", "1"), ("a.born.month", "1"), ("a.born.year", "2000")]
    got = post(NAMES, theirs, *whole_page)
    assert got.answers["a"] == {"name": "Bình", "born": "2001-02-03"}
    assert (got.conflicts, got.changed) == ([], ["a.name"])


def test_the_same_question_changed_twice_is_a_conflict_and_nothing_typed_is_lost() -> None:
    theirs = {**BEGAN, "a": {"name": "Chi", "born": "2000-01-01"}}
    got = post(NAMES, theirs, ("a.name", "Bình"))
    assert [(one.path, one.mine, one.theirs) for one in got.conflicts] == [("a.name", "Bình", "Chi")]
    assert got.answers["a"]["name"] == "Chi"
    assert got.shown["a"]["name"] == "Bình"


def test_the_same_change_in_both_is_no_conflict() -> None:
    theirs = {**BEGAN, "a": {"name": "Bình", "born": "2000-01-01"}}
    assert post(NAMES, theirs, ("a.name", "Bình")).conflicts == []


def test_a_conflict_ends_when_the_page_knows_the_other_answer_or_takes_it() -> None:
    theirs = {**BEGAN, "a": {"name": "Chi", "born": "2000-01-01"}}
    again = receive(NAMES, [("a.name", "Bình"), (WAS, json.dumps(was(NAMES, theirs)))], theirs)
    assert again.answers["a"]["name"] == "Bình"
    taken = post(NAMES, theirs, ("a.name", "Bình"), ("_do", "theirs:a.name"))
    assert (taken.answers["a"]["name"], taken.conflicts, taken.stays) == ("Chi", [], True)


def test_an_item_taken_away_elsewhere_does_not_shift_what_is_typed_here() -> None:
    theirs = {**BEGAN, "w": {"items": [{"name": "Y"}]}}
    got = post(WITNESSES, theirs, ("w.items.0.name", "X"), ("w.items.1.name", "Yến"))
    assert [one.path for one in got.conflicts] == ["w.items"]
    assert got.answers["w"]["items"] == [{"name": "Y"}]
    assert got.shown["w"]["items"] == [{"name": "X"}, {"name": "Yến"}]


def test_an_emptied_answer_is_a_change() -> None:
    got = post(NAMES, BEGAN, ("a.name", ""))
    assert got.changed == ["a.name"]
    assert not got.answers["a"]["name"]


def test_a_page_without_stamps_simply_saves() -> None:
    for text in ("", "{", "[]", '{"a.name": 1}'):
        got = receive(NAMES, [("a.name", "Bình"), (WAS, text)], BEGAN)
        assert (got.answers["a"]["name"], got.conflicts) == ("Bình", [])


def test_an_autosave_is_answered_with_the_stamps_it_may_go_on_from() -> None:
    got = post(NAMES, BEGAN, ("a.name", "Bình"))
    reply = saved_reply(got, 2, OFFERED)
    assert reply["version"] == 2
    assert reply["was"]["a.name"] == stamp("Bình")
    assert reply["conflicts"] == []


def test_an_autosave_in_conflict_is_told_the_other_answer_as_words_and_as_it_would_be_typed() -> None:
    theirs = {**BEGAN, "a": {"name": "An", "born": "2001-02-03"}}
    got = post(NAMES, theirs, ("a.born.day", "2"), ("a.born.month", "1"), ("a.born.year", "2000"))
    reply = saved_reply(got, 3, OFFERED)
    assert "a.born" not in reply["was"]
    assert reply["conflicts"] == [
        {
            "path": "a.born",
            "theirs": "03/02/2001",
            "stamp": stamp("2001-02-03"),
            "pairs": [("a.born.day", "3"), ("a.born.month", "2"), ("a.born.year", "2001")],
        }
    ]


@pytest.mark.parametrize(
    "button",
    ["theirs:", "theirs:w.items.x", "theirs:w.items.7", f"theirs:w.items.{'9' * 5000}", f"remove:w.items.{'9' * 5000}"],
)
def test_a_button_that_no_page_has_changes_nothing(button: str) -> None:
    received = receive(WITNESSES, [("_do", button)], BEGAN)
    assert received.answers == received.shown == BEGAN


def test_stamps_that_no_page_carries_are_none() -> None:
    received = receive(NAMES, [(WAS, "[" * 100_000), ("a.name", "Bình")], BEGAN)
    assert received.answers["a"]["name"] == "Bình"
