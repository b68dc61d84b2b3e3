"""Whatever is posted, a form answers with sentences: nothing is too long, too deep, too many or too strange."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.forms.answers import MOST_ITEMS, visible_answers
from backend.forms.definition import FieldType
from backend.forms.paths import find
from backend.forms.reading import LONGEST
from backend.forms.receiving import receive, saved_reply
from backend.forms.steps import Step, all_steps, step_of
from backend.forms.validation import validate
from backend.forms.words import in_words
from tests.forms.drawing import draw
from tests.forms.lists import CODES, FACTS, OFFERED, forms
from tests.forms.reading_html import faults

STRANGE = [
    "1e400", "-1e400", "nan", "inf", "0000-00-00", "0000", "9" * 400, "\x00", "\ud800", "a\udfffb", "Đặng", "\u202e",
    "Nguye\u0302\u0303n", "٣", "²", "1" + ".000" * 5, "-0", "+84", "<b>", "{value}", "%s", "{", "a" * 25_000, " ", "\r\n",
    "00", "99", "31", "2", "on", "VN", "none", "[]", '{"day": 1}',
]  # fmt: skip
TEXTS = st.one_of(st.sampled_from(STRANGE), st.text(st.characters(), max_size=40))


def asked(step: Step) -> list[str]:
    """Every name a page of this step posts, and some it never does."""
    names = ["_was", "_seen", "_do", "_version", "no.such.field", "case", "", ".", "0", "_csv.people.items"]
    for field in step.fields:
        path = step.path(field)
        names += [path, f"{path}.0", f"{path}.0.0.0", f"{path}.day", f"{path}.month", f"{path}.year", f"{path}.-1"]
        for inner in field.fields:
            for place in ("0", "7", "999", "10000", "-1", "x"):
                names += [f"{path}.{place}.{inner.key}", f"{path}.{place}.{inner.key}.year"]
        names += [
            f"{path}.{key}" for key in ("full_name", "birth_date.year", "residence.province", "point", "__class__")
        ]
    return names


def survive(code: str, step: Step, pairs: list[tuple[str, str]], kept: dict[str, Any]) -> dict[str, Any]:
    """Post, keep, check, show and read again: what every route does with a step."""
    form = forms()[code]
    received = receive(step, pairs, kept, OFFERED, FACTS)
    json.dumps(received.answers, allow_nan=False).encode()
    json.dumps(received.answers, ensure_ascii=False).encode()
    json.dumps(saved_reply(received, 1, OFFERED), ensure_ascii=False).encode()
    visible = visible_answers(form, received.answers, FACTS)
    findings = validate(form, received.answers, FACTS, OFFERED)
    assert all(one.text for one in (*findings.errors, *findings.warnings))
    in_words(form, visible, FACTS, OFFERED, blanks=True)
    page = draw(form, step, received.shown, findings=validate(form, received.answers, FACTS, OFFERED, step))
    assert faults(page) == []
    return received.answers


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_post_is_too_strange(data: st.DataObject) -> None:
    code = data.draw(st.sampled_from(CODES))
    step = data.draw(st.sampled_from(all_steps(forms()[code])))
    names = st.sampled_from(asked(step))
    answers: dict[str, Any] = {}
    for _round in range(2):
        pairs = data.draw(st.lists(st.tuples(names, TEXTS), max_size=12))
        answers = survive(code, step, pairs, answers)


@pytest.mark.parametrize("text", STRANGE)
@pytest.mark.parametrize("kind", [kind for kind in FieldType if kind not in ("repeat", "person", "address", "file")])
def test_every_kind_of_question_takes_every_strange_text(kind: FieldType, text: str) -> None:
    for code in CODES:
        for step in all_steps(forms()[code]):
            for field in step.fields:
                if field.type is kind:
                    path = step.path(field)
                    survive(
                        code, step, [(path, text), *((f"{path}.{box}", text) for box in ("day", "month", "year"))], {}
                    )
                    return


def test_a_field_of_ten_megabytes_is_cut_and_said_to_be_too_long() -> None:
    step = step_of(all_steps(forms()["1.001193"]), "child.full_name")
    assert step
    kept = survive("1.001193", step, [("child.full_name", "ẳ" * 10_000_000)], {})
    assert len(kept["child"]["full_name"]) <= LONGEST


def test_ten_thousand_rows_are_no_more_than_a_group_holds() -> None:
    step = step_of(all_steps(forms()["1.004194"]), "people.items")
    assert step
    rows = [(f"people.items.{place}.relation", "x") for place in range(10_000)]
    assert len(survive("1.004194", step, rows, {})["people"]["items"]) <= MOST_ITEMS


def test_letters_that_are_none_are_left_out() -> None:
    step = step_of(all_steps(forms()["1.001193"]), "child.full_name")
    assert step
    assert (
        find(survive("1.001193", step, [("child.full_name", "Ha\udfff\x00 Nguye\u0302\u0303n")], {}), "child.full_name")
        == "Ha Nguyễn"
    )


@pytest.mark.parametrize(
    "was", ["[" * 100_000, '{"a":' * 50_000, "null", "[]", '{"child.full_name": 5}', "\ud800", "{"]
)
def test_stamps_that_are_not_ours_say_nothing(was: str) -> None:
    step = step_of(all_steps(forms()["1.001193"]), "child.full_name")
    assert step
    kept = survive("1.001193", step, [("child.full_name", "An"), ("_was", was)], {})
    assert kept["child"]["full_name"] == "An"
