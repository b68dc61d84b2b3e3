"""What can be chosen where the definition only names a list: countries, provinces, communes, and open suggestions."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Protocol

import msgspec
from babel import Locale

from backend.forms.definition import Field, FieldType, Option, option_sets
from backend.kit.language import Language, current_language
from backend.kit.text import fold, text_key

SUGGESTIONS = ("banks", "health_facilities", "vsic_level4")
"""Lists that only help typing: any other text is as good."""


class Choices(Protocol):
    """Whoever shows a form supplies the lists that are not the engine's."""

    def options(self, source: str, parent: str | None = None) -> Sequence[Option]:
        """Return what `source` offers; communes within the province `parent`."""

    def preset(self, source: str) -> str | None:
        """Return the value to begin with where the definition has none (the office's own province), or None."""


class Offered(msgspec.Struct, frozen=True):
    """Choices held in memory.

    provinces: all provinces, in the order to show.
    communes: province → its communes.
    suggestions: name → texts (banks, health_facilities, vsic_level4).
    home: province and commune of the office, chosen beforehand in addresses.
    """

    provinces: Sequence[Option] = ()
    communes: Mapping[str, Sequence[Option]] = {}
    suggestions: Mapping[str, Sequence[str]] = {}
    home: Mapping[str, str] = {}

    def options(self, source: str, parent: str | None = None) -> Sequence[Option]:
        """Return what `source` offers; communes within the province `parent`."""
        if source == "countries":
            return countries(current_language())
        if source == "provinces":
            return self.provinces
        if source == "communes":
            return self.communes.get(parent or "", ())
        if source in SUGGESTIONS:
            return [Option(value=text, label=text) for text in self.suggestions.get(source, ())]
        return option_sets()[source]

    def preset(self, source: str) -> str | None:
        """Return the office's own province or commune; None for anything else."""
        return self.home.get({"provinces": "province", "communes": "commune"}.get(source, ""))


@cache
def countries(language: Language) -> tuple[Option, ...]:
    """Every country by its two letters, Việt Nam first, the others in the order of the language."""
    named = [
        Option(value=code, label=name)
        for code, name in Locale(language).territories.items()
        if len(code) == 2 and code not in ("EU", "EZ", "QO", "UN", "XA", "XB", "ZZ")
    ]
    order = text_key if language == "vi" else fold
    return tuple(sorted(named, key=lambda option: (option.value != "VN", order(option.label))))


def is_open(field: Field) -> bool:
    """Whether any text may be answered, the list being only suggestions."""
    return bool(field.suggestions) or field.options_from in SUGGESTIONS


def offered(field: Field, choices: Choices, parent: str | None = None) -> Sequence[Option]:
    """Return what the field offers, by itself or from the named list.

    Args:
        field: a field of the definition.
        choices: the caller's lists.
        parent: what is answered in the field it depends on (a commune's province).
    """
    if field.suggestions:
        return [Option(value=text, label=text) for text in field.suggestions]
    if field.options_from:
        return choices.options(field.options_from, parent)
    return field.options


def label_of(field: Field, value: str, choices: Choices, parent: str | None = None) -> str:
    """Return the words for a chosen value; the value itself when the list does not have it (any more)."""
    if field.type in (FieldType.TEXT, FieldType.NUMBER) or is_open(field):
        return value
    return next((option.label for option in offered(field, choices, parent) if option.value == value), value)
