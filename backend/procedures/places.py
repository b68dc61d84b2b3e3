"""Where in a JSON text something stands, so that a mistake can be named by its line."""

import json
import re

_SPACE = re.compile(r"\s*")
_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_SCALAR = re.compile(r"[^\s,\]}]+")
_BRACKET = re.compile(_STRING.pattern + r"|[\[\]{}]", re.DOTALL)
_PART = re.compile(r"\[(\d+|\.\.\.)\]|([^.\[\]]+)")


def parts(path: str) -> list[str | int]:
    """Cut a path as msgspec writes it: "procedures[3].steps[0].key" → ["procedures", 3, "steps", 0, "key"]."""
    found: list[str | int] = []
    for match in _PART.finditer(path.removeprefix("$").lstrip(".")):
        number, name = match.groups()
        if number is None:
            found.append(name)
        elif number.isdigit():
            found.append(int(number))
    return found


def line_of(text: str, path: str) -> int:
    """Return the line (from 1) of `path` in the JSON `text`; the nearest thing around it when the path ends too early."""
    at = _skip(text, 0)
    for part in parts(path):
        inner = _item(text, at, part) if isinstance(part, int) else _member(text, at, part)
        if inner is None:
            break
        at = inner
    return text.count("\n", 0, at) + 1


def too_deep(text: str, most: int) -> int | None:
    """Return the line (from 1) on which brackets first stand more than `most` deep in each other; None: nowhere."""
    depth = 0
    for match in _BRACKET.finditer(text):
        if match.group() in "{[":
            depth += 1
        elif match.group() in "}]":
            depth -= 1
        if depth > most:
            return text.count("\n", 0, match.start()) + 1
    return None


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _end(text: str, at: int) -> int:
    """Where the value that begins at `at` ends."""
    if text[at] == '"':
        match = _STRING.match(text, at)
        return match.end() if match else len(text)
    if text[at] not in "{[":
        match = _SCALAR.match(text, at)
        return match.end() if match else len(text)
    depth = 0
    while at < len(text):
        letter = text[at]
        if letter == '"':
            at = _end(text, at)
            continue
        depth += (letter in "{[") - (letter in "}]")
        at += 1
        if depth == 0:
            return at
    return len(text)


def _item(text: str, at: int, wanted: int) -> int | None:
    if text[at] != "[":
        return None
    at = _skip(text, at + 1)
    for _ in range(wanted):
        if text[at] == "]":
            return None
        at = _skip(text, _end(text, at))
        if text[at] != ",":
            return None
        at = _skip(text, at + 1)
    return None if text[at] == "]" else at


def _member(text: str, at: int, wanted: str) -> int | None:
    if text[at] != "{":
        return None
    at = _skip(text, at + 1)
    while text[at] == '"':
        end = _end(text, at)
        name = json.loads(text[at:end])
        value = _skip(text, _skip(text, end) + 1)
        if name == wanted:
            return value
        at = _skip(text, _end(text, value))
        if text[at] != ",":
            return None
        at = _skip(text, at + 1)
    return None
