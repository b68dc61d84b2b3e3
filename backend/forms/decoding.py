"""A definition as it comes in: decoded strictly, checked as a whole, every mistake with the place it stands at."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import regex

from backend.forms import conditions
from backend.forms.definition import COMPOSITES, Field, FieldType, Form, composite, inner_fields, option_sets
from backend.forms.paths import join

SOURCES = ("countries", "provinces", "communes", "banks", "health_facilities", "vsic_level4")
"""Names in `options_from` that are not bundled; whoever shows the form supplies them (`Choices`)."""

_KEY = re.compile(r"^[a-z][a-z0-9_]*$", re.ASCII)
_TRANSFORMS = ("title_case", "upper_no_accent")
_PRECISIONS = {"day", "month", "year"}


class DefinitionError(ValueError):
    """The definition does not hold. `place` is a JSON path such as `sections[0].fields[2]`."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}" if place else problem)
        self.place = place
        self.problem = problem


def decode(source: bytes | str | dict[str, Any]) -> Form:
    """Return the form that `source` (JSON, or JSON already parsed) defines.

    Raises:
        DefinitionError: naming the first place that is wrong.
    """
    try:
        if isinstance(source, dict):
            form = msgspec.convert(source, Form)
        else:
            form = msgspec.json.decode(source, type=Form)
    except msgspec.ValidationError as error:
        problem, _, place = str(error).partition(" - at `$")
        raise DefinitionError(place.rstrip("`").lstrip("."), problem) from None
    except msgspec.DecodeError as error:
        raise DefinitionError("", str(error)) from None
    for place, problem in problems(form):
        raise DefinitionError(place, problem)
    return form


def encode(form: Form) -> bytes:
    """Return the form as JSON; `decode` gives it back unchanged."""
    return msgspec.json.encode(form)


def problems(form: Form) -> Iterator[tuple[str, str]]:
    """Yield (place, problem) for everything that strict decoding alone does not see."""
    known: set[str] = set()
    keys: list[str] = []
    for index, section in enumerate(form.sections):
        place = f"sections[{index}]"
        yield from _key_problems(section.key, keys, place)
        keys.append(section.key)
        yield from _condition_problems(section.visible_if, f"{place}.visible_if", known, "")
        yield from _fields_problems(section.fields, f"{place}.fields", section.key, known)
    ids: list[str] = []
    for index, check in enumerate(form.checks):
        place = f"checks[{index}]"
        yield from _key_problems(check.id, ids, place)
        ids.append(check.id)
        yield from _condition_problems(check.when, f"{place}.when", known, "")


def _key_problems(key: str, others: list[str], place: str) -> Iterator[tuple[str, str]]:
    if not _KEY.match(key):
        yield place, f"the key {key!r} is not lower case letters, digits and _"
    if key in others:
        yield place, f"the key {key!r} stands twice"


def _fields_problems(
    fields: list[Field], place: str, path: str, known: set[str], repeat: str = ""
) -> Iterator[tuple[str, str]]:
    keys: list[str] = []
    if not fields:
        yield place, "there is no field"
    for index, field in enumerate(fields):
        here, own = f"{place}[{index}]", join(path, field.key)
        yield from _key_problems(field.key, keys, here)
        keys.append(field.key)
        yield from _condition_problems(field.visible_if, f"{here}.visible_if", known, repeat)
        yield from _condition_problems(field.source_if, f"{here}.source_if", known, repeat)
        for problem in _field_problems(field):
            yield here, problem
        known.add(own)
        if field.type is FieldType.REPEAT:
            if repeat:
                yield here, "a repeated group cannot hold another one"
            yield from _fields_problems(field.fields, f"{here}.fields", own, known, own)
        elif field.type in COMPOSITES:
            known.update(_part_paths(field, own))
        before = field.rules.not_before
        if before is not None and before not in known:
            yield f"{here}.validation", f"not_before: there is no field {before!r} before this one"


def _part_paths(field: Field, path: str) -> Iterator[str]:
    for part in inner_fields(field):
        yield join(path, part.key)
        yield from _part_paths(part, join(path, part.key))


def _condition_problems(
    condition: dict[str, Any] | None, place: str, known: set[str], repeat: str
) -> Iterator[tuple[str, str]]:
    if condition is None:
        return
    wrong = conditions.problems(condition)
    for problem in wrong:
        yield place, problem
    if not wrong:
        for path in conditions.asks(condition, repeat):
            if path not in known:
                yield place, f"there is no field {path!r} before this one"


def _field_problems(field: Field) -> Iterator[str]:
    chooses = field.type in (FieldType.RADIO, FieldType.SELECT)
    if chooses and bool(field.options) == bool(field.options_from):
        yield f"a {field.type} takes either options or options_from"
    if field.options_from and field.options_from not in option_sets() and field.options_from not in SOURCES:
        yield f"options_from: nobody supplies {field.options_from!r}"
    offered = [option.value for option in field.options]
    if len(set(offered)) < len(offered):
        yield "two options have the same value"
    chosen = field.default if isinstance(field.default, list) else [field.default]
    if offered and field.default is not None and not set(chosen) <= set(offered):
        yield f"the default {field.default!r} is not among the options"
    if field.type is not FieldType.REPEAT and field.fields:
        yield "only a repeated group has fields"
    if field.map_point and field.type is not FieldType.ADDRESS:
        yield "only an address has a point on the map"
    if field.import_csv and field.type is not FieldType.REPEAT:
        yield "only a repeated group is filled from a table"
    if field.parts:
        possible = {part.key for part in composite(field.type)} if field.type in COMPOSITES else set()
        for part in field.parts:
            if part not in possible:
                yield f"a {field.type} has no part {part!r}"
    if field.transform and field.transform not in _TRANSFORMS:
        yield f"unknown transform {field.transform!r}"
    if not set(field.precision) <= _PRECISIONS:
        yield "precision is day, month or year"
    yield from _rule_problems(field)


def _rule_problems(field: Field) -> Iterator[str]:
    rules = field.rules
    if rules.pattern is not None:
        try:
            regex.compile(rules.pattern)
        except regex.error as error:
            yield f"pattern: {error}"
    if rules.max_expr not in (None, "this_year"):
        yield f"unknown max_expr {rules.max_expr!r}"
    if rules.format not in (None, "email", "point"):
        yield f"unknown format {rules.format!r}"
    for check in rules.checks:
        if check not in ("province_code", "century_sex"):
            yield f"unknown check {check!r}"
    if not set(rules.must_include) <= {option.value for option in field.options}:
        yield "must_include names what is not among the options"
