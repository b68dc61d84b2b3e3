"""Two tabs, one draft: a save says what it began from, question by question, so that only true conflicts show."""

import copy
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from backend.forms.answers import leaves
from backend.forms.definition import Field, FieldType
from backend.forms.paths import Answers, empty, find, put

_FILE_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Was = dict[str, str]
"""Path of a unit → stamp of its answer when the page was made. A unit is one question, or a whole repeated group."""


class Conflict(msgspec.Struct, frozen=True):
    """One unit changed here and elsewhere since the page was made."""

    path: str
    field: Field
    mine: Any
    theirs: Any


class Merged(msgspec.Struct, frozen=True):
    """What a save gives.

    answers: to keep; where both changed, theirs.
    shown: to show again; where both changed, mine.
    changed: paths this save changes.
    """

    answers: Answers
    shown: Answers
    conflicts: list[Conflict]
    changed: list[str]


def stamp(value: Any) -> str:
    """Return a short mark of an answer; blank ones share one mark. It tells changes apart, and proves nothing."""
    text = "" if empty(value) else json.dumps(_said(value), sort_keys=True, ensure_ascii=False)
    return hashlib.blake2s(text.encode(), digest_size=5).hexdigest()


def _said(value: Any) -> Any:
    """Without blanks, and without files: they are uploaded beside the page, which must not look like typing elsewhere."""
    if isinstance(value, dict):
        return {key: _said(inner) for key, inner in value.items() if not empty(inner) and not _are_files(inner)}
    return [_said(inner) for inner in value] if isinstance(value, list) else value


def _are_files(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) and _FILE_ID.fullmatch(one) for one in value)


def units(fields: Iterable[tuple[str, Field]]) -> list[tuple[str, Field]]:
    """Return the units under fields given as (path, field)."""
    return [leaf for path, field in fields for leaf in leaves(field, path)]


def stamps(fields: Iterable[tuple[str, Field]], answers: Answers) -> Was:
    """Return the stamp of every unit, to go along with a page; files are left out, they are not posted."""
    return {path: stamp(find(answers, path)) for path, field in units(fields) if field.type is not FieldType.FILE}


def merge(fields: Iterable[tuple[str, Field]], kept: Answers, posted: Answers, was: Mapping[str, str]) -> Merged:
    """Lay a save over what is kept.

    Args:
        fields: the questions of the page, as (path, field).
        kept: the draft as it stands now.
        posted: `kept` with the page's answers read into it.
        was: stamps the page carries; a unit it does not name was not on the page as far as conflicts go.
    """
    answers, shown = copy.deepcopy(kept), copy.deepcopy(posted)
    conflicts: list[Conflict] = []
    changed: list[str] = []
    for path, field in units(fields):
        mine, theirs = find(posted, path), find(kept, path)
        began = was.get(path, stamp(theirs))
        if stamp(mine) == stamp(theirs):
            continue
        if stamp(mine) == began:
            put(shown, path, copy.deepcopy(theirs))
        elif stamp(theirs) == began:
            put(answers, path, copy.deepcopy(mine))
            changed.append(path)
        else:
            conflicts.append(Conflict(path=path, field=field, mine=mine, theirs=theirs))
    return Merged(answers=answers, shown=shown, conflicts=conflicts, changed=changed)
