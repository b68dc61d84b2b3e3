"""Gettext with Vietnamese as the source language: a msgid is the Vietnamese text, English stands in `pwa/texts/en/*.po`."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Literal

from babel.messages.pofile import read_po
from markupsafe import Markup

Language = Literal["vi", "en"]

LANGUAGES: tuple[Language, ...] = ("vi", "en")
TEXTS = Path(__file__).parents[2] / "pwa" / "texts"

_current: ContextVar[Language] = ContextVar("language", default="vi")


@cache
def _catalogue(language: Language) -> dict[str, tuple[str, ...]]:
    """All texts of one language by msgid; a plural's forms stand in order."""
    texts: dict[str, tuple[str, ...]] = {}
    for path in sorted((TEXTS / language).glob("*.po")):
        with path.open("rb") as source:
            for message in read_po(source, locale=language):
                if not message.id or not message.string:
                    continue
                key = message.id if isinstance(message.id, str) else message.id[0]
                forms = (message.string,) if isinstance(message.string, str) else tuple(message.string)
                if all(forms):
                    texts[key] = forms
    return texts


def current_language() -> Language:
    """Return the language the running request or job speaks."""
    return _current.get()


def set_language(language: Language) -> None:
    """Speak `language` from here on in this task."""
    _current.set(language)


@contextmanager
def use_language(language: Language) -> Iterator[None]:
    """Speak `language` inside the block."""
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)


def _(text: str) -> str:
    """Return the Vietnamese `text` in the current language (itself where no translation exists)."""
    language = _current.get()
    return text if language == "vi" else _catalogue(language).get(text, (text,))[0]


def N_(text: str) -> str:
    """Mark `text` for translation where it is shown, and return it unchanged."""
    return text


def in_vietnamese(text: str) -> str:
    """Return words that stay Vietnamese (the catalogue's, what people wrote), marked so on a page in another language."""
    return text if not text or _current.get() == "vi" else Markup('<span lang="vi">{}</span>').format(text)


def with_vietnamese(text: str, **words: str) -> str:
    """Return a translated `text` with Vietnamese words put into its {places}, for a page to show.

    In Vietnamese it is plain text; in another language HTML in which only those words are marked.
    """
    if _current.get() == "vi":
        return text.format(**words)
    return Markup(text).format(**{name: in_vietnamese(word) for name, word in words.items()})


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the form for `count` things; Vietnamese has one form, English two."""
    language = _current.get()
    if language == "vi":
        return singular
    forms = _catalogue(language).get(singular, (singular, plural))
    return forms[0] if count == 1 else forms[-1]
