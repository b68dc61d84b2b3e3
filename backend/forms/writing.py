"""Answers as they stand in the boxes of a page, and as a browser would post them: the way back of `reading`."""

from typing import Any

from backend.forms import dates
from backend.forms.definition import COMPOSITES, Field, FieldType, inner_fields
from backend.forms.paths import empty, join


def as_typed(field: Field, value: Any) -> str:
    """Return the text of a box: numbers with a comma, đồng in threes, anything else as it is kept."""
    if empty(value):
        return ""
    if field.type is FieldType.MONEY and isinstance(value, int):
        return f"{value:,}".replace(",", ".")
    return str(value).replace(".", ",") if isinstance(value, float) else str(value)


def pairs_of(field: Field, path: str, value: Any) -> list[tuple[str, str]]:
    """Return names and values as a browser posts them for one field; files are not posted by name."""
    if field.type in COMPOSITES:
        given = value if isinstance(value, dict) else {}
        return [
            pair for part in inner_fields(field) for pair in pairs_of(part, join(path, part.key), given.get(part.key))
        ]
    if field.type is FieldType.REPEAT:
        return [
            pair
            for index, item in enumerate(value or [])
            for inner in field.fields
            for pair in pairs_of(inner, join(path, str(index), inner.key), item.get(inner.key))
        ]
    if field.type is FieldType.FILE:
        return []
    if field.type is FieldType.DATE:
        return [(f"{path}.{box}", text) for box, text in dates.boxes(value).items()]
    if field.ticks:
        return [(path, ""), *((path, str(one)) for one in value or [])]
    if field.type is FieldType.CHECKBOX:
        return [(path, ""), (path, "on")] if value is True else [(path, "")]
    return [(path, as_typed(field, value))]
