"""Pieces of the sentences people read: labels inside a sentence, what they typed in quotes, dates and numbers."""

from datetime import date
from typing import Any

from backend.forms import dates
from backend.kit import formats

_LONGEST_QUOTE = 40


def label_inside(label: str) -> str:
    """Return a label as it stands inside a sentence: "Số tài khoản (nếu có)" → "số tài khoản"."""
    bare = label.partition(" (")[0].strip().rstrip(":")
    first = bare.split(" ", 1)[0]
    return bare if first[1:] != first[1:].lower() else bare[:1].lower() + bare[1:]


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
