"""What is known already is filled in: from the person's profile, or from an earlier section of the same form."""

import copy
from collections.abc import Mapping
from typing import Any

from backend.forms.answers import says_nothing, shown, visible_answers
from backend.forms.choices import Choices
from backend.forms.definition import COMPOSITES, Field, Form, inner_fields
from backend.forms.expressions import Reading
from backend.forms.facts import Facts
from backend.forms.paths import Answers, empty, find, join, put

PROFILE = "profile"


def prefill(
    form: Form,
    answers: Answers,
    profile: Mapping[str, Any],
    facts: Facts,
    choices: Choices | None = None,
    only: list[Field] | None = None,
) -> Answers:
    """Return the answers with empty fields filled from their `source`; nothing that was typed is touched.

    Args:
        form: the definition.
        answers: the draft so far, not changed.
        profile: what is known of the person under the keys of the form's fields (`full_name`, `birth_date` as
            2026-11-30, `residence` as {province, commune, detail} …).
        facts: the world outside.
        choices: the caller's lists: what they fill in beforehand counts as empty.
        only: just these fields, for instance those of the step about to be shown.
    """
    filled = copy.deepcopy(answers)
    for section in form.sections:
        for field in section.fields:
            if field.source is None or (only is not None and field not in only):
                continue
            path = join(section.key, field.key)
            reading = Reading(answers=visible_answers(form, filled, facts), facts=facts)
            if not shown(field.source_if, reading) or not says_nothing(field, find(filled, path), choices):
                continue
            value = _known(field, profile, reading.answers)
            if not empty(value):
                put(filled, path, _laid_over(find(filled, path), value))
    return filled


def _known(field: Field, profile: Mapping[str, Any], answers: Answers) -> Any:
    """What the source says, cut to what the field asks."""
    source = field.source or ""
    place, _, path = source.partition(".")
    origin: Any = profile if place == PROFILE else find(answers, place)
    value = find(origin, path) if path else origin
    return _asked(field, value)


def _asked(field: Field, value: Any) -> Any:
    if field.type not in COMPOSITES:
        return copy.deepcopy(value) if isinstance(value, str | int | float | list) else None
    given = value if isinstance(value, Mapping) else {}
    parts = {part.key: _asked(part, given.get(part.key)) for part in inner_fields(field)}
    return {key: inner for key, inner in parts.items() if not empty(inner)}


def _laid_over(kept: Any, value: Any) -> Any:
    if isinstance(kept, dict) and isinstance(value, dict):
        return {**kept, **{key: _laid_over(kept.get(key), inner) for key, inner in value.items()}}
    return value
