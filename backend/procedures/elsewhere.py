"""What people look for here although another office does it; and the eight procedures that home shows."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import msgspec
from rapidfuzz.distance import OSA

from backend.procedures.search import Entry, Index, words_of

_DATA = Path(__file__).parent / "data"
_ON_HOME = 8
_ICON_OF_FIELD = {
    "ho-tich": "notebook-pen",
    "chung-thuc": "stamp",
    "cu-tru": "house",
    "bao-tro-xa-hoi": "hand-heart",
    "ho-kinh-doanh": "store",
    "dat-dai": "land-plot",
    "giao-duc": "graduation-cap",
}


class Elsewhere(msgspec.Struct, frozen=True):
    """Something another office does: what people call it, its name, where it is done, what of ours is near."""

    words: tuple[str, ...]
    name: str
    place: str
    near: tuple[str, ...] = ()


class Frequent(msgspec.Struct, frozen=True):
    """One of the procedures on home, by a word or two and an icon."""

    code: str
    label: str
    icon: str


@cache
def _elsewhere() -> tuple[Elsewhere, ...]:
    return msgspec.json.decode((_DATA / "elsewhere.json").read_bytes(), type=tuple[Elsewhere, ...])


@cache
def _frequent() -> tuple[Frequent, ...]:
    return msgspec.json.decode((_DATA / "frequent.json").read_bytes(), type=tuple[Frequent, ...])


def done_elsewhere(text: str) -> Elsewhere | None:
    """Return what another office does that is called like `text`, one slip of the finger forgiven."""
    typed = "".join(words_of(text))
    for one in _elsewhere():
        for words in one.words:
            known = "".join(words_of(words))
            if typed and OSA.distance(typed, known, score_cutoff=1) <= 1:
                return one
    return None


def frequent(index: Index) -> list[tuple[Entry, str, str]]:
    """Return home's procedures as (entry, label, icon): the named ones that are in the catalogue, then the most frequent."""
    named = [(index.by_code[one.code], one.label, one.icon) for one in _frequent() if one.code in index.by_code]
    there = {entry.code for entry, _label, _icon in named}
    others: Sequence[Entry] = [entry for entry in index.entries if entry.code not in there]
    filled = [(entry, entry.plain_name, _ICON_OF_FIELD.get(entry.field_slug, "file-text")) for entry in others]
    return [*named, *filled][:_ON_HOME]
