"""Answers as words, for the review, the officer's page and papers: label and text, section by section."""

from collections.abc import Iterator
from typing import Any

import msgspec

from backend.forms.answers import items, shown
from backend.forms.choices import Choices, label_of
from backend.forms.definition import COMPOSITES, Field, FieldType, Form, inner_fields
from backend.forms.expressions import Reading
from backend.forms.facts import Facts
from backend.forms.paths import Answers, empty, find, join
from backend.forms.sentences import figure, written
from backend.kit import formats
from backend.kit.language import _, ngettext


class Pair(msgspec.Struct, frozen=True):
    """One answer. `group` names the person or the item it belongs to, empty outside of one."""

    path: str
    label: str
    text: str
    group: str = ""


class SectionWords(msgspec.Struct, frozen=True):
    """One section as it is read."""

    key: str
    title: str
    pairs: list[Pair]

    def groups(self) -> list[tuple[str, list[Pair]]]:
        """Return the pairs in runs of one group, in order."""
        runs: list[tuple[str, list[Pair]]] = []
        for pair in self.pairs:
            if not runs or runs[-1][0] != pair.group:
                runs.append((pair.group, []))
            runs[-1][1].append(pair)
        return runs


def in_words(
    form: Form, visible: Answers, facts: Facts, choices: Choices, *, blanks: bool = False
) -> list[SectionWords]:
    """Return the sections that are seen, with their answers as text.

    Args:
        form: the definition.
        visible: from `visible_answers`.
        facts: the world outside.
        choices: the caller's lists.
        blanks: also list questions without an answer, with empty text (a form to fill by hand).
    """
    reading = Reading(answers=visible, facts=facts)
    sections = []
    for section in form.sections:
        if shown(section.visible_if, reading):
            pairs = [
                pair
                for field in section.fields
                for pair in _pairs(field, join(section.key, field.key), reading, choices, "", blanks)
            ]
            if pairs:
                sections.append(SectionWords(key=section.key, title=section.title, pairs=pairs))
    return sections


def _pairs(field: Field, path: str, reading: Reading, choices: Choices, group: str, blanks: bool) -> Iterator[Pair]:
    if not shown(field.visible_if, reading):
        return
    value = find(reading.answers, path)
    if field.type is FieldType.REPEAT:
        count = len(items(reading.answers, path))
        for index in range(max(count, 1) if blanks else count):
            item = join(path, str(index))
            within = Reading(answers=reading.answers, facts=reading.facts, item=item)
            for inner in field.fields:
                yield from _pairs(inner, join(item, inner.key), within, choices, item_label(field, index), blanks)
    elif field.type is FieldType.PERSON:
        for part in inner_fields(field):
            yield from _pairs(part, join(path, part.key), reading, choices, group or field.label, blanks)
    elif blanks or not empty(value):
        yield Pair(path=path, label=field.label, text=text_of(field, value, choices, near(reading, path)), group=group)


def near(reading: Reading, path: str) -> Answers:
    """Return what stands beside the field at `path`; labels of some choices depend on it."""
    beside = find(reading.answers, path.rpartition(".")[0])
    return beside if isinstance(beside, dict) else {}


def item_label(field: Field, index: int) -> str:
    """Return what one item of a repeated group is called: "Người làm chứng 2"."""
    return (field.item_label or f"{field.label} {{n}}").replace("{n}", str(index + 1))


def text_of(field: Field, value: Any, choices: Choices, beside: Answers | None = None) -> str:
    """Return one answer as text; an address in one line, several choices with commas, nothing as "".

    Args:
        field: the question (no repeated group).
        value: its answer.
        choices: the caller's lists.
        beside: the answers next to it (a commune is named within its province).
    """
    if empty(value):
        return ""
    if field.type is FieldType.ADDRESS:
        return _address(field, value, choices)
    if field.type in COMPOSITES:
        given = value if isinstance(value, dict) else {}
        return ", ".join(
            text for part in inner_fields(field) if (text := text_of(part, given.get(part.key), choices, given))
        )
    if field.type is FieldType.DATE:
        return written(value)
    if field.type is FieldType.MONEY and isinstance(value, int):
        return formats.money(value)
    if isinstance(value, bool):
        return _("Có") if value else ""
    if isinstance(value, int | float):
        return figure(value)
    if field.type is FieldType.FILE:
        return ngettext("%(n)s tệp", "%(n)s files", len(value)) % {"n": len(value)}
    if isinstance(value, list):
        return ", ".join(label_of(field, str(one), choices) for one in value)
    return _single(field, str(value), choices, beside or {})


def _single(field: Field, value: str, choices: Choices, beside: Answers) -> str:
    if field.type is FieldType.PHONE:
        return formats.phone(value)
    if field.type is FieldType.IDNUMBER:
        return formats.personal_id(value)
    if field.prefix:
        return f"{field.prefix.strip()} {value}"
    if field.options or field.options_from:
        return label_of(field, value, choices, beside.get(field.depends_on) if field.depends_on else None)
    return value


def _address(field: Field, value: Any, choices: Choices) -> str:
    """From the house outwards: "Số 5, đường Lê Lợi, thôn Đông, xã Mai Khê, tỉnh Hòa Bình"."""
    given = value if isinstance(value, dict) else {}
    parts = {part.key: part for part in inner_fields(field)}
    named = (
        text_of(parts[key], given.get(key), choices, given)
        for key in ("detail", "hamlet", "commune", "province")
        if key in parts
    )
    place = given.get("point")
    return ", ".join(
        text for text in (*named, f"({place})" if isinstance(place, str) and place.strip() else "") if text
    )
