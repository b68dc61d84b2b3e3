"""What a browser posts becomes answers. Names are paths; what cannot be understood is kept as it was typed."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

import regex

from backend.forms import dates
from backend.forms.answers import MOST_ITEMS, items, new_item
from backend.forms.definition import COMPOSITES, Field, FieldType, inner_fields
from backend.forms.paths import Answers, join, put
from backend.kit.text import clean

Posted = dict[str, list[str]]

LONGEST = 20_000
"""Characters kept of one answer; the longest that a form allows is half of it."""

TABLE = "_csv."
"""What a table for a repeated group is posted under, before the group's path."""
LONGEST_TABLE = 1_000_000
"""Characters of one table; two hundred people are a twentieth of it."""

_SPACES = re.compile(r"[\s.\-]+")
_THOUSANDS = re.compile(r"^-?\d{1,3}(\.\d{3}){1,4}(,\d{1,6})?$", re.ASCII)
_DECIMAL = re.compile(r"^-?\d{1,15}([.,]\d{1,6})?$", re.ASCII)
_DONG = re.compile(r"^-?(\d{1,15}|\d{1,3}([.,]\d{3}){1,4})$", re.ASCII)
_POINTS = (
    re.compile(r"^\s*(-?\d{1,3}(?:\.\d{1,12})?)[\s,;]+(-?\d{1,3}(?:\.\d{1,12})?)\s*$", re.ASCII),
    re.compile(r"^\s*(-?\d{1,3}(?:,\d{1,12})?)(?:\s*;\s*|,?\s+)(-?\d{1,3}(?:,\d{1,12})?)\s*$", re.ASCII),
)
_D = str.maketrans("đĐ", "dD")
_WORD = regex.compile(r"[\p{L}\p{M}]+")


def posted(pairs: Iterable[tuple[str, Any]]) -> Posted:
    """Return posted pairs by name, cleaned (NFC, no NUL) and cut to a bearable length; uploads are left out."""
    found: Posted = {}
    for name, value in pairs:
        if isinstance(value, str):
            longest = LONGEST_TABLE if name.startswith(TABLE) else LONGEST
            found.setdefault(name, []).append(clean(value[:longest])[:longest])
    return found


def read(field: Field, path: str, given: Posted, answers: Answers) -> None:
    """Read one field into `answers` in place; what the post does not name stays as it is.

    Args:
        field: the question.
        path: where its answer stands.
        given: from `posted`.
        answers: changed in place. Files are never read from a post: the files room puts their ids.
    """
    if field.type in COMPOSITES:
        for part in inner_fields(field):
            read(part, join(path, part.key), given, answers)
    elif field.type is FieldType.REPEAT:
        _read_items(field, path, given, answers)
    elif field.type is FieldType.DATE:
        typed = [given.get(f"{path}.{box}") for box in ("day", "month", "year")]
        if any(box is not None for box in typed):
            put(answers, path, dates.from_boxes(*((box or [""])[-1] for box in typed)))
    elif field.type is not FieldType.FILE and path in given:
        put(answers, path, parse(field, given[path]))


def _read_items(field: Field, path: str, given: Posted, answers: Answers) -> None:
    """Items are read where they stand; one that is new here (a page kept from before) is added at the end."""
    kept = items(answers, path)
    named = {name[len(path) + 1 :].partition(".")[0] for name in given if name.startswith(f"{path}.")}
    places = sorted(int(place) for place in named if place.isascii() and place.isdigit() and len(place) < 4)
    most = min(field.rules.max_items or MOST_ITEMS, MOST_ITEMS)
    for place in places:
        target = place
        if place >= len(kept):
            if len(kept) >= most:
                break
            kept = [*kept, new_item(field)]
            put(answers, path, kept)
            target = len(kept) - 1
        item = join(path, str(target))
        named_here = given if target == place else _renamed(given, join(path, str(place)), item)
        for inner in field.fields:
            read(inner, join(item, inner.key), named_here, answers)


def _renamed(given: Posted, old: str, new: str) -> Posted:
    return {f"{new}.{name[len(old) + 1 :]}": texts for name, texts in given.items() if name.startswith(f"{old}.")}


def parse(field: Field, texts: list[str]) -> Any:
    """Return the answer that texts posted under one name give: a number where it is one, else the text as typed."""
    if field.ticks:
        return [option.value for option in field.options if option.value in texts]
    text = texts[-1]
    if field.type is FieldType.CHECKBOX:
        return True if text else None
    if not field.multiline:
        text = " ".join(text.split())
    if field.type in (FieldType.NUMBER, FieldType.MONEY):
        return as_money(text) if field.type is FieldType.MONEY else as_number(text)
    if field.type is FieldType.IDNUMBER or (field.rules.digits and field.type is FieldType.TEXT):
        return _SPACES.sub("", text) or None
    if field.type is FieldType.PHONE:
        return phone(text)
    if field.rules.format == "point":
        return point(text)
    if field.inputmode == "numeric":
        text = text.replace(" ", "")
    return transformed(field, text.strip()) or None


def as_number(text: str) -> float | int | str | None:
    """Return "24.000" as 24000, "2,5" as 2.5, "2,0" as 2; text that is no number as it is; None when blank."""
    if not text:
        return None
    if _THOUSANDS.match(text):
        text = text.replace(".", "")
    elif not _DECIMAL.match(text):
        return text
    number = float(text.replace(",", "."))
    return int(number) if number.is_integer() else number


def as_money(text: str) -> float | int | str | None:
    """Return "24.000 đ", "24,000" or "24000" as 24000: đồng have no decimals, so both marks part thousands."""
    figures = re.sub(r"\s*(đồng|đ|vnd)\.?$", "", text.lower()).replace(" ", "")
    return int(re.sub(r"[.,]", "", figures)) if _DONG.match(figures) else as_number(text)


def phone(text: str) -> str | None:
    """Return a phone number without spaces, 84 or +84 written as 0."""
    bare = _SPACES.sub("", text)
    return re.sub(r"^\+?84(?=\d{9}$)", "0", bare) or None


def point(text: str) -> str | None:
    """Return a place on the map as "20.8172, 105.3376" however its two numbers were parted; else the text as typed."""
    found = next((match for pattern in _POINTS if (match := pattern.match(text))), None)
    return ", ".join(number.replace(",", ".") for number in found.groups()) if found else text.strip() or None


def transformed(field: Field, text: str) -> str:
    """Return the text as the field wants it written: names with capitals, account names without accents, no prefix."""
    if field.prefix and text.lower().startswith(field.prefix.strip().lower() + " "):
        text = text[len(field.prefix.strip()) :].strip()
    if field.transform == "title_case":
        return _WORD.sub(lambda match: _capital(match.group()), text)
    if field.transform == "upper_no_accent":
        return bare(text).upper()
    return text


def _capital(word: str) -> str:
    """A word in one case gets one capital; "McDonald" stays as it is typed."""
    return word[:1].upper() + word[1:].lower() if word.islower() or word.isupper() else word


def bare(text: str) -> str:
    """Return the text without Vietnamese marks, its case kept."""
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).translate(_D)
