"""A posted step, from names and texts to a draft that can be kept: read, merged, and any button of the page obeyed."""

import copy
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from backend.forms.answers import MOST_ITEMS, items, new_item
from backend.forms.choices import Choices
from backend.forms.definition import Field, FieldType
from backend.forms.facts import Facts
from backend.forms.merging import Conflict, Merged, Was, merge, stamp, units
from backend.forms.paths import Answers, find, put, without_positions
from backend.forms.reading import TABLE, Posted, posted, read
from backend.forms.sheet import Imported, has_table, imported
from backend.forms.steps import Step
from backend.forms.words import text_of
from backend.forms.writing import pairs_of
from backend.kit.language import _

DO = "_do"
"""Name of the buttons that change the page: `add:path`, `remove:path.2`, `theirs:path`, `table:path`, `again` (redraw)."""
WAS = "_was"
"""Name of the hidden field with the stamps of the page."""
SEEN = "_seen"
"""Name of the hidden field with the keys of the warnings the page showed."""
VERSION = "_version"
"""Name of the hidden field with the draft's version."""


class Received(msgspec.Struct, frozen=True):
    """What came of a post.

    answers: the draft to keep.
    shown: the draft to show again (keeps what was typed where there is a conflict).
    conflicts: questions that changed here and elsewhere; the person picks.
    changed: paths that differ from what was kept.
    stays: whether a button of the page was pressed: show the step again, check nothing.
    sent: paths the page said it began from; all of a step, or only what an autosave changed.
    focus: path of the item that was added, or of the group one was taken from.
    seen: warnings the page showed already; the same again stop nobody.
    table: what came of a table for a repeated group; with another button pressed only its text, to be shown again.
    """

    answers: Answers
    shown: Answers
    conflicts: list[Conflict]
    changed: list[str]
    stays: bool
    sent: tuple[str, ...] = ()
    focus: str = ""
    seen: frozenset[str] = frozenset()
    table: Imported | None = None

    @property
    def dirty(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.changed)


def receive(
    step: Step,
    pairs: Iterable[tuple[str, Any]],
    kept: Answers,
    choices: Choices | None = None,
    facts: Facts | None = None,
) -> Received:
    """Read a posted step, or the changed part of one.

    Args:
        step: the step that was shown.
        pairs: names and values as posted (`form.multi_items()`); uploads are ignored.
        kept: the draft as it stands now, not changed.
        choices: the caller's lists, for what a new item has filled in beforehand.
        facts: the world outside; without it and `choices` no table is read.
    """
    given = posted(pairs)
    action, _, target = given.get(DO, [""])[-1].partition(":")
    fields = [(step.path(field), field) for field in step.fields]
    tables = {path: text for path, field in fields if has_table(field) and (text := _table_text(path, given))}
    if tables and not action:
        # Rows pasted and sent by the page's own button are meant to be taken, too.
        action, target = "table", next(iter(tables))
    typed = copy.deepcopy(kept)
    for path, field in fields:
        read(field, path, given, typed)
    was = stamps_of(given.get(WAS, [""])[-1])
    if action == "theirs" and target in dict(units(fields)):
        put(typed, target, copy.deepcopy(find(kept, target)))
    merged = merge(fields, kept, typed, was)
    focus = ""
    if action in ("add", "remove"):
        for answers in (merged.answers, merged.shown):
            _change(fields, action, target, answers, choices)
        merged.changed.append(target)
        group = without_positions(target)
        focus = f"{group}.{len(items(merged.shown, group)) - 1}" if action == "add" else group
    table = next((Imported(path=path, text=text) for path, text in tables.items()), None)
    if action == "table" and choices and facts:
        table = _take_table(fields, target, tables.get(target, ""), merged, choices, facts)
        focus = target if table and table.items else ""
    return Received(
        answers=merged.answers,
        shown=merged.shown,
        conflicts=merged.conflicts,
        changed=merged.changed,
        stays=bool(action),
        sent=tuple(was),
        focus=focus,
        seen=frozenset(given.get(SEEN, [""])[-1].split()),
        table=table,
    )


def _table_text(path: str, given: Posted) -> str:
    """The table sent for a group; a file counts before the box."""
    return next((text for text in given.get(TABLE + path, []) if text.strip()), "")


def _take_table(
    fields: Sequence[tuple[str, Field]], path: str, text: str, merged: Merged, choices: Choices, facts: Facts
) -> Imported | None:
    """Lay a table's rows behind the items that are there, once nothing in it is wrong."""
    field = dict(fields).get(path)
    if field is None or not has_table(field):
        return None
    table = imported(field, path, text, merged.shown, facts, choices)
    if table.items:
        for answers in (merged.answers, merged.shown):
            put(answers, path, copy.deepcopy(table.items))
        merged.changed.append(path)
    return table


def saved_reply(received: Received, version: int, choices: Choices) -> dict[str, Any]:
    """Return what an autosave is answered with, as JSON: 200, or 409 when there are conflicts (the rest is kept).

    Args:
        received: what came of the post.
        version: of the draft after it.
        choices: the caller's lists, to put the other answer into words.
    """
    open_paths = {conflict.path for conflict in received.conflicts}
    return {
        "version": version,
        "was": {path: stamp(find(received.answers, path)) for path in received.sent if path not in open_paths},
        "conflicts": [
            {
                "path": conflict.path,
                "theirs": their_words(conflict, received.answers, choices),
                "stamp": stamp(conflict.theirs),
                "pairs": None
                if conflict.field.type is FieldType.REPEAT
                else pairs_of(conflict.field, conflict.path, conflict.theirs),
            }
            for conflict in received.conflicts
        ],
    }


def their_words(conflict: Conflict, answers: Answers, choices: Choices) -> str:
    """Return what the answer was changed to elsewhere, as text."""
    if conflict.field.type is FieldType.REPEAT:
        return _("{count} mục").format(count=len(conflict.theirs or []))
    beside = find(answers, conflict.path.rpartition(".")[0])
    said = text_of(conflict.field, conflict.theirs, choices, beside if isinstance(beside, dict) else {})
    return said or _("(để trống)")


def stamps_of(text: str) -> Was:
    """Return the stamps a page carried; none when the text is not ours."""
    try:
        return msgspec.convert(json.loads(text), Was)
    except (ValueError, RecursionError, msgspec.ValidationError):
        return {}


def _change(
    fields: Sequence[tuple[str, Field]], action: str, target: str, answers: Answers, choices: Choices | None
) -> None:
    known: Mapping[str, Field] = {path: field for path, field in fields if field.type is FieldType.REPEAT}
    path = without_positions(target)
    if path not in known:
        return
    kept = items(answers, path)
    if action == "add" and len(kept) < min(known[path].rules.max_items or MOST_ITEMS, MOST_ITEMS):
        put(answers, path, [*kept, new_item(known[path], choices)])
    place = target[len(path) + 1 :]
    if action == "remove" and place.isascii() and place.isdigit() and len(place) < 4 and int(place) < len(kept):
        put(answers, path, kept[: int(place)] + kept[int(place) + 1 :])
