"""A step and a whole form: all mistakes at once, only of what is seen, warnings apart."""

from random import Random
from typing import Any

import msgspec
import pytest

from backend.forms.answers import leaves, visible_answers
from backend.forms.definition import Form, Level
from backend.forms.paths import drop, find, join, put
from backend.forms.steps import all_steps, step_of
from backend.forms.validation import missing, must_be_unique, validate
from tests.forms.generator import fill
from tests.forms.lists import CODES, FACTS, OFFERED, forms

BIRTH = forms()["1.001193"]


def texts(form: Form, answers: dict[str, Any], **facts: Any) -> dict[str, str]:
    world = msgspec.structs.replace(FACTS, **facts)
    return {one.path: one.text for one in validate(form, answers, world, OFFERED).errors}


def good(code: str = "1.001193", seed: int = 1, **fixed: Any) -> dict[str, Any]:
    return fill(forms()[code], Random(seed), OFFERED, FACTS, fixed=fixed)


def test_all_mistakes_of_a_step_are_shown_at_once() -> None:
    step = all_steps(BIRTH)[0]
    answers = {"submitter": {"full_name": "X1", "id_number": "123", "phone": "09", "birth_date": {"day": "31"}}}
    found = validate(BIRTH, answers, FACTS, OFFERED, step)
    assert [one.path.partition(".")[2] for one in found.errors] == ["full_name", "id_number", "birth_date", "phone"]
    assert found.errors[1].label == "Số định danh cá nhân (căn cước)"
    assert found.errors[1].text == "Số định danh có 12 chữ số, đang có 3."


def test_what_is_hidden_is_not_required() -> None:
    answers = good(**{"case.kind": "abandoned"})
    assert "mother" not in answers
    assert texts(BIRTH, answers) == {}


def test_a_person_needs_every_part_and_no_part_when_the_person_may_be_left_out() -> None:
    answers = good(**{"case.kind": "normal", "case.parents_known": "mother_only"})
    put(answers, "mother.person", {"nationality": "VN"})
    said = texts(BIRTH, answers)
    assert set(said) == {
        f"mother.person.{part}"
        for part in (
            "id_number",
            "full_name",
            "birth_date",
            "ethnicity",
            "residence.province",
            "residence.commune",
            "residence.detail",
        )
    }
    partial = good("1.004884")
    put(partial, "parents", {"father": {"nationality": "VN"}, "mother": {"full_name": "Lê Thị Mai"}})
    assert texts(forms()["1.004884"], partial) == {}


def test_a_partly_written_optional_address_must_be_finished() -> None:
    answers = good("2.001801")
    put(answers, "matter.place", {"province": "22"})
    assert "matter.place.commune" in texts(forms()["2.001801"], answers)
    drop(answers, "matter.place")
    assert "matter.place.commune" not in texts(forms()["2.001801"], answers)


def test_a_mistake_inside_an_item_stands_at_the_item() -> None:
    answers = good(**{"case.kind": "witness"})
    put(answers, "witnesses.items.0.person.phone", "12")
    assert list(texts(BIRTH, answers)) == ["witnesses.items.0.person.phone"]


def test_what_the_office_found_itself_is_not_asked_for() -> None:
    answers = good(**{"copies.fee_exemption": "poor"})
    drop(answers, "copies.fee_exemption_proof")
    assert "copies.fee_exemption_proof" in texts(BIRTH, answers)
    assert texts(BIRTH, answers, found=frozenset({"social_protection"})) == {}


def test_a_check_of_the_form_stands_at_its_last_question_in_the_step_that_asks_it() -> None:
    answers = good(**{"case.kind": "normal", "case.parents_known": "both"})
    put(answers, "case.parents_married", "no")
    step = step_of(all_steps(BIRTH), "case.parents_married")
    found = validate(BIRTH, answers, FACTS, OFFERED, step)
    assert [(one.path, one.check) for one in found.errors] == [("case.parents_married", "unmarried")]
    assert validate(BIRTH, answers, FACTS, OFFERED, all_steps(BIRTH)[0]).errors == []


def test_a_check_over_items_stands_at_the_group() -> None:
    answers = good("1.001612")
    for item in answers["activity"]["items"]:
        item["main"] = None
    found = validate(forms()["1.001612"], answers, FACTS, OFFERED)
    assert [(one.path, one.text) for one in found.errors] == [("activity.items", "Chọn đúng một ngành chính.")]


def test_a_system_fact_stops_the_form_as_a_whole() -> None:
    found = texts(forms()["1.001612"], good("1.001612"), system=frozenset({"owner_has_business"}))
    assert list(found) == [""]


def test_warnings_stop_nobody_and_are_said_once() -> None:
    answers = good()
    put(answers, "child.birth_date", "2026-01-01")
    found = validate(BIRTH, answers, FACTS, OFFERED)
    assert found.fine
    late = next(one for one in found.warnings if one.check == "late")
    assert late.level is Level.WARNING
    assert found.unseen(frozenset())
    assert not found.unseen(frozenset(one.key for one in found.warnings))


def test_a_name_to_be_unique_is_handed_out_folded_and_refused_when_taken() -> None:
    form, answers = forms()["1.001612"], good("1.001612")
    put(answers, "business.name", "Tạp Hóa Lan")
    assert list(must_be_unique(form, answers, FACTS)) == [("business.name", "commune", "tap hoa lan")]
    assert "business.name" in texts(form, answers, taken=frozenset({("business.name", "tap hoa lan")}))


@pytest.mark.parametrize("code", CODES)
def test_a_blank_form_says_of_every_required_question_that_it_is_missing(code: str) -> None:
    form = forms()[code]
    said = {one.path: one.text for one in validate(form, {}, FACTS, OFFERED).errors}
    for section in form.sections:
        for field in section.fields:
            if section.visible_if or field.visible_if or not field.required:
                continue
            for path, leaf in leaves(field, join(section.key, field.key)):
                if leaf.required:
                    assert said[path].endswith("."), path


def every_rule() -> list[Any]:
    found = []
    for code in CODES:
        for section in forms()[code].sections:
            for field in section.fields:
                top = join(section.key, field.key)
                inner = [(join(top, "0", one.key), one) for one in field.fields]
                for path, one in [(top, field), *inner]:
                    for rule in msgspec.to_builtins(one.rules):
                        if rule not in ("message", "checks", "accept", "max_mb", "max_files", "integer", "unique_in"):
                            found.append(pytest.param(code, path, one, rule, id=f"{code} {path} {rule}"))
    return found


def broken(field: Any, rule: str, answers: dict[str, Any]) -> Any:
    """An answer against one rule."""
    rules = field.rules
    return {
        "min_length": lambda: "x" * (rules.min_length - 1),
        "max_length": lambda: "x" * (rules.max_length + 1),
        "pattern": lambda: "@?" * max(2, rules.min_length or 0),
        "digits": lambda: "1" * (rules.digits - 1),
        "min": lambda: rules.min - 1,
        "max": lambda: rules.max + 1,
        "max_expr": lambda: FACTS.today.year + 1,
        "min_items": list,
        "max_items": lambda: [{}] * (rules.max_items + 1),
        "must_include": lambda: [one.value for one in field.options if one.value not in rules.must_include],
        "must_be": lambda: False,
        "not_future": lambda: "2027-01-01",
        "not_past": lambda: "2020-01-01",
        "working_day": lambda: "2026-12-05",
        "not_before": lambda: "1900-01-01",
        "max_age_years": lambda: "1990-01-01",
        "format": lambda: "an-xa.vn",
        "forbidden_words": lambda: rules.forbidden_words[0],
    }[rule]()


POOL: dict[str, list[dict[str, Any]]] = {}


def with_answer_at(code: str, path: str) -> dict[str, Any] | None:
    """Accepted answers in which the question at `path` is seen."""
    if code not in POOL:
        POOL[code] = [fill(forms()[code], Random(seed), OFFERED, FACTS) for seed in range(60)]
    return next((one for one in POOL[code] if find(one, path) is not None), None)


@pytest.mark.parametrize(("code", "path", "field", "rule"), every_rule())
def test_every_rule_of_every_form_refuses_in_words(code: str, path: str, field: Any, rule: str) -> None:
    accepted = with_answer_at(code, path)
    assert accepted, "the generator never reaches this question"
    answers = msgspec.msgpack.decode(msgspec.msgpack.encode(accepted))
    put(answers, path, broken(field, rule, answers))
    said = texts(forms()[code], answers)
    assert path in said
    sentence = said[path]
    assert sentence[0].isupper() or sentence[0].isdigit() or sentence[0] == "“"
    assert sentence.rstrip().endswith((".", "?"))
    assert "{" not in sentence
    if rule in ("min_length", "max_length", "digits", "min", "max", "max_expr") and sentence != missing(field):
        assert any(letter.isdigit() for letter in sentence)


def test_hidden_answers_are_never_checked() -> None:
    answers = good(**{"delivery.method": "counter"})
    put(answers, "delivery.phone", "không có")
    assert texts(BIRTH, answers) == {}
    assert "phone" not in visible_answers(BIRTH, answers, FACTS)["delivery"]
