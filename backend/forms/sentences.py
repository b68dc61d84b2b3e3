"""Pieces of the sentences people read: labels inside a sentence, what they typed in quotes, dates and numbers."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from markupsafe import Markup

from backend.forms import dates
from backend.kit import formats
from backend.kit.language import current_language, in_vietnamese

_LONGEST_QUOTE = 40


def label_inside(label: str) -> str:
    """Return a label as it stands inside a sentence: "Số tài khoản (nếu có)" → "số tài khoản"."""
    bare = label.partition(" (")[0].strip().rstrip(":")
    first = bare.split(" ", 1)[0]
    return bare if first[1:] != first[1:].lower() else bare[:1].lower() + bare[1:]


def composed(text: str, vietnamese: Mapping[str, str], **typed: object) -> str:
    """Return a translated sentence with the form's own words and what was typed put into its {places}.

    In another language than Vietnamese it is HTML, in which only the form's own words are marked.
    """
    if current_language() == "vi":
        return text.format(**vietnamese, **typed)
    return Markup(text).format(**{name: in_vietnamese(words) for name, words in vietnamese.items()}, **typed)


def is_question(label: str) -> bool:
    """Whether the label asks ("Cha mẹ đã đăng ký kết hôn chưa?")."""
    return label.rstrip().endswith("?")


def quoted(value: Any) -> str:
    """Return what was typed in quotes, cut to a readable length."""
    text = " ".join(str(value).split())
    return f"“{text[: _LONGEST_QUOTE - 1]}…”" if len(text) > _LONGEST_QUOTE else f"“{text}”"


def figure(value: float | int) -> str:
    """Return a number; up to 9999 without a point, so that years stay years."""
    return str(value) if isinstance(value, int) and abs(value) < 10_000 else formats.number(value, 6)


def written(value: Any) -> str:
    """Return a date answer as a person writes it: 30/11/2026, 11/2026, 2026, or what was typed."""
    known = dates.span(value)
    if known and known.first == known.last:
        return formats.full_date(known.first)
    typed = dates.boxes(value)
    return "/".join(part for part in (typed["day"], typed["month"], typed["year"]) if part)


def day_written(day: date) -> str:
    """Return a day with its weekday, beginning a sentence."""
    return formats.capital(formats.long_date(day))


def ended(sentence: str) -> str:
    """Return the sentence with its full stop."""
    return sentence if sentence.rstrip().endswith((".", "?", "!")) else f"{sentence.rstrip()}."
