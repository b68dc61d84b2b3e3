"""Every condition of every form comes out true and false, and what stands under it is seen and not seen."""

from collections.abc import Iterator
from typing import Any

import pytest

from backend.forms.answers import visible_answers
from backend.forms.definition import Field, FieldType, Form
from backend.forms.expressions import Reading, holds
from backend.forms.facts import Expression
from backend.forms.paths import find, join, put
from tests.forms.arranging import Arranged
from tests.forms.lists import CODES, TODAY, forms

Place = tuple[str, str, Expression, str]


def fields_with_conditions(form: Form) -> Iterator[tuple[str, Field, str]]:
    """Yield (path, field, item) of every field under a condition; inside a repeated group, of its first item."""
    for section in form.sections:
        for field in section.fields:
            path = join(section.key, field.key)
            if field.visible_if:
                yield path, field, ""
            for inner in field.fields:
                if inner.visible_if:
                    yield join(path, "0", inner.key), inner, join(path, "0")


def all_conditions() -> list[Any]:
    found = []
    for code in CODES:
        form = forms()[code]
        for section in form.sections:
            if section.visible_if:
                found.append(pytest.param(code, section.visible_if, "", id=f"{code} {section.key}"))
            for field in section.fields:
                if field.source_if:
                    found.append(
                        pytest.param(code, field.source_if, "", id=f"{code} source of {section.key}.{field.key}")
                    )
        for path, field, item in fields_with_conditions(form):
            found.append(pytest.param(code, field.visible_if, item, id=f"{code} {path}"))
        for check in form.checks:
            found.append(pytest.param(code, check.when, "", id=f"{code} check {check.id}"))
    return found


def arranged(code: str, condition: Expression, item: str, wanted: bool) -> Arranged:
    made = Arranged(forms()[code], TODAY)
    if item:
        group = item.rpartition(".")[0]
        made.show(group)
        put(made.answers, group, [{}])
    made.make(condition, wanted, item)
    return made


@pytest.mark.parametrize(("code", "condition", "item"), all_conditions())
def test_a_condition_can_be_true_and_false(code: str, condition: Expression, item: str) -> None:
    for wanted in (True, False):
        made = arranged(code, condition, item, wanted)
        visible = visible_answers(made.form, made.answers, made.facts)
        assert holds(condition, Reading(answers=visible, facts=made.facts, item=item)) is wanted


def visibility() -> list[Any]:
    return [
        pytest.param(code, path, field, item, id=f"{code} {path}")
        for code in CODES
        for path, field, item in fields_with_conditions(forms()[code])
    ]


ANSWERS = {
    FieldType.FILE: ["a"], FieldType.CHECKBOX: True, FieldType.ADDRESS: {"province": "01"}, FieldType.REPEAT: [{"x": "y"}],
    FieldType.PERSON: {"full_name": "An"},
}  # fmt: skip


@pytest.mark.parametrize(("code", "path", "field", "item"), visibility())
def test_what_is_hidden_is_not_kept(code: str, path: str, field: Field, item: str) -> None:
    assert field.visible_if
    for wanted in (True, False):
        made = arranged(code, field.visible_if, item, wanted)
        section = next(one for one in made.form.sections if one.key == path.split(".")[0])
        if section.visible_if:
            made.make(section.visible_if, True)
        put(made.answers, path, ANSWERS.get(field.type, "x"))
        kept = visible_answers(made.form, made.answers, made.facts)
        assert (find(kept, path) is not None) is wanted


def test_there_are_as_many_conditions_as_the_catalogue_has() -> None:
    assert len(all_conditions()) == 22 + 110 + 2 + 40
