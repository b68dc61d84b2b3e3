"""A form in short steps: how it is cut, what is left out, and the step before the default form."""

from random import Random

import msgspec
import pytest

from backend.forms.answers import starting_answers, visible_answers
from backend.forms.definition import COMPOSITES, FieldType, Option, default_form
from backend.forms.steps import MOST_FIELDS, Asked, all_steps, step_of, visible_steps, with_first_step
from backend.forms.validation import validate
from backend.kit.language import use_language
from tests.forms.generator import fill
from tests.forms.lists import CODES, FACTS, OFFERED, forms


@pytest.mark.parametrize("code", CODES)
def test_steps_hold_every_field_once_and_in_order(code: str) -> None:
    form = forms()[code]
    steps = all_steps(form)
    asked = [(step.section.key, field.key) for step in steps for field in step.fields]
    assert asked == [(section.key, field.key) for section in form.sections for field in section.fields]
    assert len({step.key for step in steps}) == len(steps)
    for step in steps:
        alone = [field for field in step.fields if field.type in COMPOSITES or field.type is FieldType.REPEAT]
        assert len(step.fields) == 1 if alone else 1 <= len(step.fields) <= MOST_FIELDS


def test_a_long_section_is_cut_into_parts_of_nearly_equal_length() -> None:
    sizes = [len(step.fields) for step in all_steps(forms()["1.001193"]) if step.section.key == "case"]
    assert sizes == [3, 3]


def test_titles_say_where_one_is() -> None:
    titles = [step.title for step in all_steps(forms()["1.001193"])]
    assert titles[:3] == ["Người nộp hồ sơ", "Nơi cư trú", "Người nộp hồ sơ (3)"]
    assert "Mẹ" in titles


def test_steps_that_no_answer_can_open_are_left_out_and_the_rest_is_numbered() -> None:
    form = forms()["1.001193"]
    answers = starting_answers(form, OFFERED)
    answers["case"]["parents_known"] = "mother_only"
    steps = visible_steps(form, visible_answers(form, answers, FACTS), FACTS, after=("Giấy tờ", "Xem lại"))
    keys = [step.key for step in steps]
    assert "mother" in keys and "father" not in keys and "witnesses" not in keys and "case-2" not in keys
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))
    assert {step.total for step in steps} == {len(steps) + 2}
    assert steps[-1].next_title == "Giấy tờ"
    assert steps[0].line == f"Bước 1 trên {len(steps) + 2}"
    with use_language("en"):
        assert steps[0].line == f"Step 1 of {len(steps) + 2}"


@pytest.mark.parametrize("code", CODES)
def test_no_visible_question_is_without_a_step(code: str) -> None:
    form = forms()[code]
    for seed in range(5):
        visible = fill(form, Random(seed), OFFERED, FACTS)
        steps = visible_steps(form, visible, FACTS)
        for section, answers in visible.items():
            for key in answers:
                assert step_of(steps, f"{section}.{key}")


def first() -> list[Option]:
    return [Option(value="normal", label="Thông thường"), Option(value="foreign", label="Có yếu tố nước ngoài")]


def test_the_first_step_asks_case_quantities_and_exemptions() -> None:
    exemptions = [
        Asked(fee="copy", question="Có được miễn lệ phí không?", options=(Option(value="poor", label="Hộ nghèo"),))
    ]
    form = with_first_step(default_form(), first(), [Asked(fee="copy", question="Mấy bản?")], exemptions)
    step = all_steps(form)[0]
    assert step.key == "case"
    assert [step.path(field) for field in step.fields] == ["case", "ask.copy", "exempt.copy"]
    answers = starting_answers(form)
    assert (answers["ask"], answers["exempt"]) == ({"copy": 1}, {"copy": "none"})
    assert [one.path for one in validate(form, answers, FACTS, OFFERED, step).errors] == ["case"]
    answers["case"] = "foreign"
    assert validate(form, answers, FACTS, OFFERED, step).fine
    visible = visible_answers(form, answers, FACTS)
    assert (visible["case"], visible["ask"], visible["exempt"]) == ("foreign", {"copy": 1}, {"copy": "none"})
    assert all_steps(form)[1].section.key == "submitter"


def test_one_case_and_no_questions_need_no_first_step() -> None:
    assert with_first_step(default_form(), first()[:1]) == default_form()


def test_a_form_with_the_first_step_is_filled_by_the_generator_like_any_other() -> None:
    form = with_first_step(default_form(), first(), [Asked(fee="copy", question="Mấy bản?")])
    assert validate(form, fill(form, Random(1), OFFERED, FACTS), FACTS, OFFERED).fine


def test_the_chosen_case_can_be_read_by_conditions() -> None:
    form = with_first_step(default_form(), first())
    request = msgspec.structs.replace(form.sections[2], visible_if={"field": "case", "equals": "foreign"})
    form = msgspec.structs.replace(form, sections=[*form.sections[:2], request, *form.sections[3:]])
    shown = [step.section.key for step in visible_steps(form, {"case": "normal"}, FACTS)]
    assert "request" not in shown
    assert "request" in [step.section.key for step in visible_steps(form, {"case": "foreign"}, FACTS)]
