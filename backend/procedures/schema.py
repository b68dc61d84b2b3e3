"""The JSON Schema of what `motcua import-procedures` takes, published as `docs/procedures.schema.json`."""

from pathlib import Path
from typing import Any

import msgspec

from backend.procedures.definition import Document

PUBLISHED = Path(__file__).parents[2] / "docs" / "procedures.schema.json"

_CONDITIONS = ("when", "required_if", "applies_if", "visible_if", "source_if")
_PATH = {"type": "string"}
_LENGTH = {
    "type": "object",
    "properties": {"years": {"type": "number"}, "days": {"type": "number"}},
    "minProperties": 1,
    "maxProperties": 1,
    "additionalProperties": False,
}
_CONDITION: dict[str, Any] = {
    "type": "object",
    "title": "Condition",
    "description": "Holds when everything given holds; an empty answer makes each test false but `filled: false`.",
    "minProperties": 1,
    "additionalProperties": False,
    "properties": {
        "field": _PATH,
        "equals": {},
        "not_equals": {},
        "in": {"type": "array"},
        "contains": {},
        "filled": {"type": "boolean"},
        "matches": {"type": "string", "format": "regex"},
        "min": {"type": "number"},
        "max": {"type": "number"},
        "older_than": _LENGTH,
        "younger_than": _LENGTH,
        "compare": {"type": "array", "items": _PATH, "minItems": 2, "maxItems": 2},
        "min_gap": {"anyOf": [_LENGTH, {"type": "number"}]},
        "same": {"type": "array", "items": _PATH, "minItems": 2, "maxItems": 2},
        "sum": _PATH,
        "count": _PATH,
        "count_where": {"$ref": "#/$defs/Matcher"},
        "none_match": {"$ref": "#/$defs/Matcher"},
        "today_between": {
            "type": "array",
            "items": {"type": "string", "pattern": "^[01]\\d-[0-3]\\d$"},
            "minItems": 2,
            "maxItems": 2,
        },
        "all": {"type": "array", "items": {"$ref": "#/$defs/Condition"}, "minItems": 1},
        "any": {"type": "array", "items": {"$ref": "#/$defs/Condition"}, "minItems": 1},
        "not": {"$ref": "#/$defs/Condition"},
        "case": {"type": "string"},
        "system": {"type": "string"},
    },
}
_MATCHER = {
    "type": "object",
    "properties": {"repeat": _PATH, "field": _PATH, "equals": {}},
    "required": ["repeat", "field", "equals"],
    "additionalProperties": False,
}


def schema() -> dict[str, Any]:
    """Return the schema of a whole document; one line of JSON Lines is its `#/$defs/Procedure`."""
    made = msgspec.json.schema(Document)
    defs = made["$defs"]
    for definition in defs.values():
        for name, place in definition.get("properties", {}).items():
            if name in _CONDITIONS:
                _name_condition(place)
    defs["Condition"] = _CONDITION
    defs["Matcher"] = _MATCHER
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Một Cửa: administrative procedures",
        **made,
    }


def _name_condition(place: dict[str, Any]) -> None:
    """Say what the object of a condition holds: Python knows it only as data."""
    if place.get("type") == "object":
        place.pop("type")
        place["$ref"] = "#/$defs/Condition"
    for choice in place.get("anyOf", ()):
        if choice.get("type") == "object":
            choice.pop("type")
            choice["$ref"] = "#/$defs/Condition"


def published() -> bytes:
    """Return the schema as it stands in the file."""
    return msgspec.json.format(msgspec.json.encode(schema(), order="deterministic"), indent=2) + b"\n"


if __name__ == "__main__":
    PUBLISHED.write_bytes(published())
