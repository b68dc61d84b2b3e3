"""The checklist: short, derived, and exact."""

from datetime import date
from typing import Any

import pytest

from backend.forms.reading import posted
from backend.procedures import checklist
from backend.procedures.definition import Channel
from backend.procedures.opening import NO_CASE, whole_form
from backend.procedures.workflow import main_path
from tests.procedures.real import document, procedure, version

TODAY = date(2026, 11, 25)


def paths(code: str, channel: Channel = Channel.ONLINE) -> list[str]:
    return [question.path for question in checklist.questions(version(code), channel)]


def test_birth_turns_on_five_answers() -> None:
    assert paths("1.001193") == [
        "submitter.capacity",
        "case.kind",
        "child.birth_date",
        "copies.count",
        "copies.fee_exemption",
    ]


def test_a_default_form_asks_case_quantity_and_exemptions() -> None:
    assert paths("1.001022") == ["case", "ask.extract_copy", "exempt.civil_charge", "exempt.extract_copy"]


def test_of_a_repeated_group_the_first_item_is_asked() -> None:
    assert paths("2.000815", Channel.COUNTER) == ["papers.items.0.pages", "papers.items.0.copies"]
    asked = checklist.questions(version("2.000815"), Channel.COUNTER)
    given = posted([("papers.items.0.pages", "5"), ("papers.items.0.copies", "2")])
    assert checklist.answers_from(asked, given) == {"papers": {"items": [{"pages": 5, "copies": 2}]}}


@pytest.mark.parametrize("one", document().procedures, ids=lambda one: one.code)
def test_it_is_short_for_every_procedure_and_channel(one: Any) -> None:
    for rule in one.channels:
        assert len(checklist.questions(version(one.code), rule.channel)) <= 8


def test_a_question_that_is_hidden_is_neither_asked_nor_kept() -> None:
    asked = checklist.questions(version("1.001776"), Channel.ONLINE)
    hidden, kept = checklist.visible(asked, {"request": {"group": "disabled"}}, TODAY)
    assert "request.group" not in [question.path for question in hidden]
    assert kept == {}
    answers = {"request": {"kind": "start", "group": "disabled"}, "disability": {"pregnant": "yes"}}
    shown, kept = checklist.visible(asked, answers, TODAY)
    assert "disability.pregnant" in [question.path for question in shown]
    assert kept == answers


def test_half_a_date_counts_as_no_answer() -> None:
    asked = checklist.questions(version("1.001193"), Channel.ONLINE)
    answers = checklist.answers_from(asked, posted([("child.birth_date.day", "31"), ("child.birth_date.month", "")]))
    assert "child" not in checklist.visible(asked, answers, TODAY)[1]


def test_defaults_stand_until_something_is_said() -> None:
    asked = checklist.questions(version("1.001193"), Channel.ONLINE)
    assert checklist.answers_from(asked, {})["case"] == {"kind": "normal"}
    assert checklist.answers_from(asked, posted([("case.kind", "oath")]))["case"] == {"kind": "oath"}


def test_cases_end_with_none_of_these() -> None:
    form = whole_form(version("1.001022"), Channel.COUNTER)
    assert [option.value for option in form.sections[0].fields[0].options] == ["has_proof", "no_proof", NO_CASE]
    assert whole_form(version("1.001193"), Channel.ONLINE) == procedure("1.001193").form


def test_the_plain_way_of_a_matter_leaves_waiting_and_sending_back_out() -> None:
    steps = procedure("1.001193").steps
    assert [step.key for step in main_path(steps)] == ["receive", "process", "id_number", "approve", "issue", "return"]
