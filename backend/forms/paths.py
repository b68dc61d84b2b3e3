"""Answers are nested dicts and lists; a path such as `witnesses.items.0.person.full_name` names a place in them."""

from typing import Any

Answers = dict[str, Any]


def join(*parts: str) -> str:
    """Return the parts as one path; empty ones leave no trace."""
    return ".".join(part for part in parts if part)


def find(answers: Any, path: str, otherwise: Any = None) -> Any:
    """Return what stands at `path`, list positions written as numbers; `otherwise` when nothing does."""
    place = answers
    for part in path.split("."):
        if isinstance(place, dict) and part in place:
            place = place[part]
        elif isinstance(place, list) and part.isascii() and part.isdigit() and len(part) < 6 and int(part) < len(place):
            place = place[int(part)]
        else:
            return otherwise
    return place


def put(answers: Answers, path: str, value: Any) -> None:
    """Set `value` at `path` in place; missing dicts on the way are made, list items must be there already."""
    *way, last = path.split(".")
    place: Any = answers
    for part in way:
        if isinstance(place, list):
            place = place[int(part)]
        else:
            inner = place.get(part)
            if not isinstance(inner, dict | list):
                inner = place[part] = {}
            place = inner
    if isinstance(place, list):
        place[int(last)] = value
    else:
        place[last] = value


def drop(answers: Answers, path: str) -> None:
    """Remove what stands at `path`, in place; nothing happens when nothing does."""
    way, _, last = path.rpartition(".")
    place = find(answers, way) if way else answers
    if isinstance(place, dict):
        place.pop(last, None)
    elif isinstance(place, list) and last.isdigit() and int(last) < len(place):
        del place[int(last)]


def values(answers: Any, path: str) -> list[Any]:
    """Return every value at `path`, taking each item of a repeated group on the way; `[None]` when there is none.

    `papers.items.pages` over two papers gives two values, None standing for the paper that has no answer.
    """
    found = _walk(answers, path.split(".") if path else [])
    return found or [None]


def _walk(place: Any, parts: list[str]) -> list[Any]:
    if not parts:
        return [place]
    if isinstance(place, list):
        if parts[0].isdigit():
            return _walk(place[int(parts[0])], parts[1:]) if int(parts[0]) < len(place) else [None]
        return [value for item in place for value in _walk(item, parts)]
    if isinstance(place, dict):
        return _walk(place.get(parts[0]), parts[1:])
    return [None]


def without_positions(path: str) -> str:
    """Return the path as the definition knows it: `witnesses.items.0.person` → `witnesses.items.person`."""
    return ".".join(part for part in path.split(".") if not part.isdigit())


def empty(value: Any) -> bool:
    """Whether an answer says nothing: None, blank text, an unticked box, no choice, no item."""
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, dict):
        return all(empty(inner) for inner in value.values())
    return value is None or value is False or value == []
