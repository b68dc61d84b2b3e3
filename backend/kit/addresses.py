"""Addresses inside this site: which path is ours, and how it stands in a header."""

from urllib.parse import quote, urlsplit

_MARKS = "%/?#[]@!$&'()*+,;=:~"


def is_local(path: str) -> bool:
    """True for a path of ours: nobody is sent on to a foreign site."""
    if not path.startswith("/") or path.startswith(("//", "/\\")) or any(ord(c) < 33 or c == "\\" for c in path):
        return False
    try:
        parts = urlsplit(path)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc


def for_header(path: str) -> str:
    """Return `path` with every letter a header cannot carry percent-encoded: people type addresses with accents."""
    return quote(path, safe=_MARKS)
