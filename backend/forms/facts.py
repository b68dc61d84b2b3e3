"""What a form cannot know by itself and is told by the room that uses it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import msgspec

from backend.forms.dates import every_day


class FileFacts(msgspec.Struct, frozen=True):
    """One uploaded file as the files room knows it."""

    name: str
    media_type: str
    size: int


class Facts(msgspec.Struct, frozen=True):
    """The world outside the answers.

    today: the day in Việt Nam.
    case: key of the chosen case, when a person chooses it.
    system: what a database or an officer says is so (`owner_has_business`).
    found: databases in which the office has found this person's papers: such a paper is not asked for.
    working_day: whether the office works on a day.
    taken: (path, folded value) pairs that must be unique and are in use already.
    files: what is known of uploaded files, by their id.
    """

    today: date
    case: str | None = None
    system: frozenset[str] = frozenset()
    found: frozenset[str] = frozenset()
    working_day: Callable[[date], bool] = every_day
    taken: frozenset[tuple[str, str]] = frozenset()
    files: Mapping[str, FileFacts] = {}


Expression = dict[str, Any]
"""A condition of the definition, as data: `{"field": "case.kind", "equals": "oath"}` and its relatives."""
