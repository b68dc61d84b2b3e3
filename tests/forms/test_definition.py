"""Definitions: decoded strictly, mistakes named by their place, and back again unchanged."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.forms import conditions
from backend.forms.decoding import DefinitionError, decode, encode
from backend.forms.definition import FieldType, composite, default_form, id_province_codes, option_sets, parts_of
from tests.forms.lists import CODES, forms


def form(*fields: dict[str, Any], checks: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"version": 1, "sections": [{"key": "a", "title": "A", "fields": list(fields)}], "checks": checks or []}


def text(key: str = "x", **more: Any) -> dict[str, Any]:
    return {"key": key, "label": "X", "type": "text", "required": True, **more}


@pytest.mark.parametrize("code", CODES)
def test_every_form_of_the_catalogue_goes_out_as_it_came_in(code: str) -> None:
    assert decode(encode(forms()[code])) == forms()[code]


def test_what_is_bundled_is_all_there() -> None:
    assert len(option_sets()["ethnicities"]) == 54
    assert len(option_sets()["relations"]) == 10
    assert len(composite(FieldType.PERSON)) == 14
    assert len(id_province_codes()) == 63
    assert [section.key for section in default_form().sections] == ["submitter", "request", "delivery", "declaration"]


@pytest.mark.parametrize(
    ("source", "place", "says"),
    [
        ("{", "", "truncated"),
        ({"version": 1}, "", "sections"),
        (form(text(tpye="text")), "sections[0].fields[0]", "tpye"),
        (form({"key": "x", "label": "X", "type": "colour"}), "sections[0].fields[0].type", "colour"),
        (form(text("Họ")), "sections[0].fields[0]", "lower case"),
        (form(text(), text()), "sections[0].fields[1]", "twice"),
        (form(text(visible_if={"field": "a.y", "equals": 1})), "sections[0].fields[0].visible_if", "a.y"),
        (form(text(visible_if={"field": "a.x", "equals": 1})), "sections[0].fields[0].visible_if", "before"),
        (form(text(), text("y", visible_if={"field": "a.x"})), "sections[0].fields[1].visible_if", "test is missing"),
        (form(text(), text("y", visible_if={"field": "a.x", "is": 1})), "sections[0].fields[1].visible_if", "`is`"),
        (form(text(), text("y", visible_if={"all": []})), "sections[0].fields[1].visible_if", "list"),
        (form(text(validation={"pattern": "("})), "sections[0].fields[0]", "pattern"),
        (form(text(validation={"not_before": "a.z"})), "sections[0].fields[0].validation", "a.z"),
        (form(text(validation={"format": "fax"})), "sections[0].fields[0]", "fax"),
        (form(text(validation={"checks": ["age"]})), "sections[0].fields[0]", "age"),
        (form(text(validation={"max_expr": "today"})), "sections[0].fields[0]", "today"),
        (form(text(transform="shout")), "sections[0].fields[0]", "shout"),
        (form(text(parts=["soul"])), "sections[0].fields[0]", "soul"),
        (form({"key": "x", "label": "X", "type": "radio"}), "sections[0].fields[0]", "options"),
        (form({"key": "x", "label": "X", "type": "select", "options_from": "moons"}), "sections[0].fields[0]", "moons"),
        (form({"key": "x", "label": "X", "type": "repeat"}), "sections[0].fields[0].fields", "no field"),
        (form(text(), checks=[{"id": "c", "when": {"sum": "a.x"}, "level": "error", "message": "m"}]),
         "checks[0].when", "tested by"),
        (form(text(), checks=[{"id": "c", "when": {"case": "k"}, "level": "loud", "message": "m"}]),
         "checks[0].level", "loud"),
    ],
)  # fmt: skip
def test_a_mistake_names_the_place(source: Any, place: str, says: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        decode(source)
    assert refused.value.place == place
    assert says in refused.value.problem


def test_parts_of_a_person_are_asked_in_the_composites_order_and_all_required() -> None:
    field = decode(form({"key": "p", "label": "P", "type": "person", "parts": ["email", "full_name", "id_number"]}))
    parts = parts_of(field.sections[0].fields[0])
    assert [(part.key, part.required) for part in parts] == [("id_number", True), ("full_name", True), ("email", False)]


def test_partial_answers_make_every_part_optional() -> None:
    whole = {"key": "p", "label": "P", "type": "person", "parts": ["full_name", "residence"], "allow_partial": True}
    name, residence = parts_of(decode(form(whole)).sections[0].fields[0])
    assert not name.required
    assert not any(part.required for part in parts_of(residence))


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ("a.x", "an object"),
        ({}, "not a condition"),
        ({"field": 7, "equals": 1}, "takes a path"),
        ({"field": "a.x", "in": "abc"}, "takes a list"),
        ({"field": "a.x", "filled": "yes"}, "true or false"),
        ({"field": "a.x", "min": "1"}, "takes a number"),
        ({"field": "a.x", "older_than": {"weeks": 1}}, "{years: n}"),
        ({"field": "a.x", "matches": "("}, "matches"),
        ({"count": "", "min": 1}, "a name"),
        ({"compare": ["a.x"]}, "two paths"),
        ({"compare": ["a.x", "a.x"], "min_gap": "far"}, "min_gap"),
        ({"same": "a.x"}, "two paths"),
        ({"none_match": {"repeat": "a.x"}}, "{repeat, field, equals}"),
        ({"count_where": {}, "equals": 1}, "{repeat, field, equals}"),
        ({"today_between": ["1-1", "12-31"]}, "mm-dd"),
        ({"any": [{"not": {"case": ""}}]}, "a name"),
        ({"case": "k", "system": "s"}, "not a condition"),
    ],
)
def test_a_condition_that_cannot_be_read_is_refused(condition: Any, says: str) -> None:
    assert says in conditions.problems(condition)[0]


@pytest.mark.parametrize(
    ("field", "says"),
    [
        ({"type": "radio", "options": [{"value": "a", "label": "A"}] * 2}, "same value"),
        ({"type": "radio", "options": [{"value": "a", "label": "A"}], "default": "b"}, "default"),
        ({"type": "text", "fields": [{"key": "y", "label": "Y", "type": "text"}]}, "has fields"),
        ({"type": "date", "precision": ["century"]}, "precision"),
        (
            {"type": "checkbox", "options": [{"value": "a", "label": "A"}], "validation": {"must_include": ["b"]}},
            "among",
        ),
    ],
)
def test_a_field_that_contradicts_itself_is_refused(field: dict[str, Any], says: str) -> None:
    with pytest.raises(DefinitionError, match=says):
        decode(form({"key": "x", "label": "X", **field}))


def test_a_group_inside_a_group_is_refused() -> None:
    inner = {"key": "y", "label": "Y", "type": "repeat", "fields": [text()]}
    with pytest.raises(DefinitionError, match="cannot hold another"):
        decode(form({"key": "x", "label": "X", "type": "repeat", "fields": [inner]}))


KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=20)


@st.composite
def definitions(draw: st.DrawFn) -> dict[str, Any]:
    def field(key: str, before: list[str], depth: int = 0) -> dict[str, Any]:
        kinds = [
            "text",
            "date",
            "number",
            "radio",
            "checkbox",
            "person",
            "address",
            "file",
            *([] if depth else ["repeat"]),
        ]
        made: dict[str, Any] = {
            "key": key, "label": draw(WORDS), "type": draw(st.sampled_from(kinds)), "required": draw(st.booleans()),
        }  # fmt: skip
        if made["type"] == "radio":
            values = draw(st.lists(KEYS, min_size=1, max_size=3, unique=True))
            made["options"] = [{"value": value, "label": draw(WORDS)} for value in values]
        if made["type"] == "repeat":
            made["fields"] = [
                field(inner, [], 1) for inner in draw(st.lists(KEYS, min_size=1, max_size=3, unique=True))
            ]
        if before and draw(st.booleans()):
            made["visible_if"] = {"field": draw(st.sampled_from(before)), "filled": draw(st.booleans())}
        return made

    before: list[str] = []
    sections = []
    for key in draw(st.lists(KEYS, min_size=1, max_size=3, unique=True)):
        fields = []
        for inner in draw(st.lists(KEYS, min_size=1, max_size=6, unique=True)):
            fields.append(field(inner, before))
            before.append(f"{key}.{inner}")
        sections.append({"key": key, "title": draw(WORDS), "fields": fields})
    return {"version": draw(st.integers(1, 9)), "sections": sections, "checks": []}


@given(definitions())
def test_any_definition_goes_out_as_it_came_in(source: dict[str, Any]) -> None:
    made = decode(json.dumps(source))
    assert decode(encode(made)) == made
