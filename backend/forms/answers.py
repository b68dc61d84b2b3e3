"""Answers through their life: begun with defaults, read without what is hidden, carried over to another version."""

import copy
from collections.abc import Iterator
from typing import Any

from backend.forms.choices import Choices, is_open
from backend.forms.definition import COMPOSITES, Field, FieldType, Form, inner_fields
from backend.forms.expressions import Reading, holds
from backend.forms.facts import Expression, Facts
from backend.forms.paths import Answers, drop, empty, find, join, put

MOST_ITEMS = 200
"""No repeated group grows past this, whatever the definition says."""


def leaves(field: Field, path: str, answers: Answers | None = None) -> Iterator[tuple[str, Field]]:
    """Yield (path, field) for every single question under `field`: parts of composites, fields of each item.

    Without `answers` a repeated group yields nothing but itself; with them also what its items hold.
    """
    if field.type in COMPOSITES:
        for part in inner_fields(field):
            yield from leaves(part, join(path, part.key), answers)
        return
    yield path, field
    if field.type is FieldType.REPEAT and answers is not None:
        for index in range(len(items(answers, path))):
            for inner in field.fields:
                yield from leaves(inner, join(path, str(index), inner.key), answers)


def items(answers: Answers, path: str) -> list[Any]:
    """Return the items of the repeated group at `path`; none when there is none."""
    found = find(answers, path)
    return found if isinstance(found, list) else []


def _default(field: Field, choices: Choices | None) -> Any:
    if field.default is not None:
        return copy.deepcopy(field.default)
    return choices.preset(field.options_from) if choices and field.options_from else None


def new_item(field: Field, choices: Choices | None = None) -> Answers:
    """Return a fresh item of a repeated group, its defaults filled in."""
    item: Answers = {}
    for inner in field.fields:
        _begin(inner, inner.key, item, choices)
    return item


def _begin(field: Field, path: str, answers: Answers, choices: Choices | None) -> None:
    if field.type is FieldType.REPEAT:
        wanted = field.rules.min_items or 0
        if field.required and wanted:
            put(answers, path, [new_item(field, choices) for _ in range(wanted)])
        return
    for leaf_path, leaf in leaves(field, path):
        value = _default(leaf, choices)
        if value is not None:
            put(answers, leaf_path, value)


def starting_answers(form: Form, choices: Choices | None = None) -> Answers:
    """Return what a new draft holds: every default, and as many empty items as a repeated group needs at least."""
    answers: Answers = {}
    for section in form.sections:
        for field in section.fields:
            _begin(field, join(section.key, field.key), answers, choices)
    return answers


def visible_answers(form: Form, answers: Answers, facts: Facts) -> Answers:
    """Return only what counts: known fields whose conditions hold and that say something.

    What is hidden reads as empty for every later condition; conditions look back only, so one pass suffices.
    """
    kept: Answers = {}
    reading = Reading(answers=kept, facts=facts)
    for section in form.sections:
        if shown(section.visible_if, reading):
            for field in section.fields:
                _keep(field, join(section.key, field.key), answers, reading)
    return kept


def shown(condition: Expression | None, reading: Reading) -> bool:
    """Whether something under `condition` is to be seen."""
    return condition is None or holds(condition, reading)


def _keep(field: Field, path: str, answers: Answers, reading: Reading) -> None:
    value = find(answers, path)
    if empty(value) or not shown(field.visible_if, reading):
        return
    if field.type is FieldType.REPEAT:
        if isinstance(value, list):
            put(reading.answers, path, [{} for _ in value])
            for index in range(len(value)):
                item = join(path, str(index))
                within = Reading(answers=reading.answers, facts=reading.facts, item=item)
                for inner in field.fields:
                    _keep(inner, join(item, inner.key), answers, within)
    elif field.type in COMPOSITES:
        for part in inner_fields(field):
            _keep(part, join(path, part.key), answers, reading)
    else:
        put(reading.answers, path, copy.deepcopy(value))


def says_nothing(field: Field, value: Any, choices: Choices | None = None) -> bool:
    """Whether an answer is blank, values that were only filled in beforehand (Việt Nam, our province) not counted."""
    if field.type not in COMPOSITES:
        return empty(value) or value == _default(field, choices)
    given = value if isinstance(value, dict) else {}
    return all(says_nothing(part, given.get(part.key), choices) for part in inner_fields(field))


def fits(field: Field, value: Any) -> bool:
    """Whether a kept value can stand in this field: of the right kind, and still among its own options."""
    offered = [option.value for option in field.options]
    if field.ticks:
        return isinstance(value, list) and set(value) <= set(offered)
    if field.type is FieldType.CHECKBOX:
        return isinstance(value, bool)
    if field.type in (FieldType.RADIO, FieldType.SELECT) and not is_open(field):
        return isinstance(value, str) and (not offered or value in offered)
    if field.type in (FieldType.NUMBER, FieldType.MONEY):
        return isinstance(value, int | float | str) and not isinstance(value, bool)
    if field.type is FieldType.DATE:
        return isinstance(value, str | dict)
    if field.type in (FieldType.REPEAT, FieldType.FILE):
        return isinstance(value, list)
    return isinstance(value, str)


def carry_over(answers: Answers, form: Form, choices: Choices | None = None) -> tuple[Answers, dict[str, Any]]:
    """Map answers to another version of their form by path.

    Args:
        answers: as given under the older version.
        form: the newer version.
        choices: the caller's lists, for what the newer version fills in beforehand.

    Returns:
        The answers under `form` (defaults where it asks something new), and by path what found no place there,
        to be shown to the person: nothing typed is lost.
    """
    carried = starting_answers(form, choices)
    left = copy.deepcopy(answers)
    for section in form.sections:
        for field in section.fields:
            path = join(section.key, field.key)
            if field.type is FieldType.REPEAT and isinstance(find(answers, path), list):
                put(carried, path, [new_item(field, choices) for _ in items(answers, path)])
            for leaf_path, leaf in leaves(field, path, carried):
                if leaf.type is FieldType.REPEAT:
                    continue
                value = find(answers, leaf_path)
                if not empty(value) and fits(leaf, value):
                    put(carried, leaf_path, copy.deepcopy(value))
                    drop(left, leaf_path)
    return carried, dict(_flat(left, ""))


def _flat(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield what is left, dates typed halfway (`{"day": …}`) as one value."""
    if isinstance(value, dict) and not set(value) <= {"day", "month", "year"}:
        for key, inner in value.items():
            yield from _flat(inner, join(path, key))
    elif isinstance(value, list) and any(isinstance(inner, dict) for inner in value):
        for index, inner in enumerate(value):
            yield from _flat(inner, join(path, str(index)))
    elif not empty(value):
        yield path, value
