"""The words of the news: the room that speaks registers them per event; they are put together when somebody reads."""

from collections.abc import Callable
from typing import Any

import msgspec

from backend.kit.language import _

Data = dict[str, Any]
Speaker = Callable[[Data], "Words"]


class Words(msgspec.Struct, frozen=True):
    """One piece of news as a person reads it, in the current language.

    Args:
        title: the news itself, a few words.
        line: what follows from it, one or two sentences; no personal data beyond a code: it also goes out by mail.
        path: the page it leads to, from the root of the site.
        icon: a name of our sprite.
        tone: info, warn, bad, ok, door, vio, grey or wall.
    """

    title: str
    line: str
    path: str
    icon: str = "bell"
    tone: str = "info"


_speakers: dict[str, Speaker] = {}


def register(event: str, speaker: Speaker) -> None:
    """Let `speaker` find the words of `event`, given the data it was told with.

    Raises:
        RuntimeError: two rooms speak of the same event.
    """
    if event in _speakers:
        raise RuntimeError(f"the words of {event} are given twice")
    _speakers[event] = speaker


def spoken(event: str, data: Data) -> Words:
    """Return the words of `event` in the current language; news nobody speaks of any more stays readable."""
    speaker = _speakers.get(event)
    return speaker(data) if speaker else Words(_("Có tin mới"), "", "/thong-bao", "bell", "grey")


def events() -> list[str]:
    """Return every event somebody speaks of."""
    return sorted(_speakers)
