"""Patterns of a definition, tried on what people type. A pattern is somebody else's, so its time is limited."""

from functools import cache

import regex

_LONGEST_S = 0.2


@cache
def _compiled(pattern: str, ignore_case: bool) -> "regex.Pattern[str]":
    return regex.compile(pattern, regex.IGNORECASE if ignore_case else 0)


def found_in(pattern: str, text: str, *, ignore_case: bool = False) -> bool:
    """Return whether the pattern is found in the text; one that runs away on it counts as not found."""
    try:
        return _compiled(pattern, ignore_case).search(text, timeout=_LONGEST_S) is not None
    except TimeoutError:
        return False
