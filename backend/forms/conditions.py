"""Conditions without answers: whether one is well formed, what it asks, what of it is left for the browser."""

from typing import Any

import regex

from backend.forms.expressions import Reading, holds
from backend.forms.facts import Expression
from backend.forms.paths import join, without_positions

_FIELD_TESTS = {
    "equals", "not_equals", "in", "contains", "filled", "matches", "min", "max", "older_than", "younger_than",
}  # fmt: skip
_NUMBER_TESTS = {"equals", "not_equals", "min", "max"}
_ALONE = ("all", "any", "not", "same", "none_match", "today_between", "case", "system")
_NUMBERS = ("sum", "count", "count_where")


def problems(expression: Any) -> list[str]:
    """Return what is wrong with the condition, as sentences; nothing when it is well formed."""
    if not isinstance(expression, dict):
        return ["a condition is an object"]
    keys = set(expression)
    if "field" in keys:
        return _field_problems(expression)
    for name in ("all", "any"):
        if keys == {name}:
            inner = expression[name]
            if not isinstance(inner, list) or not inner:
                return [f"`{name}` takes a list of conditions"]
            return [problem for one in inner for problem in problems(one)]
    if keys == {"not"}:
        return problems(expression["not"])
    return _other_problems(expression, keys)


def _field_problems(expression: Expression) -> list[str]:
    found = []
    tests = {name: wanted for name, wanted in expression.items() if name != "field"}
    if not isinstance(expression["field"], str):
        found.append("`field` takes a path")
    if not tests:
        found.append("a test is missing beside `field`")
    found += [f"unknown test `{name}`" for name in tests if name not in _FIELD_TESTS]
    if not isinstance(tests.get("in", []), list):
        found.append("`in` takes a list")
    if not isinstance(tests.get("filled", True), bool):
        found.append("`filled` takes true or false")
    found += [f"`{name}` takes a number" for name in ("min", "max") if not _is_number(tests.get(name, 0))]
    for name in ("older_than", "younger_than"):
        if name in tests and not _is_length(tests[name]):
            found.append(f"`{name}` takes {{years: n}} or {{days: n}}")
    if "matches" in tests:
        try:
            regex.compile(tests["matches"])
        except (regex.error, TypeError) as error:
            found.append(f"`matches`: {error}")
    return found


def _other_problems(expression: Expression, keys: set[str]) -> list[str]:
    for name in _NUMBERS:
        if name in keys:
            tests = keys - {name}
            bad = tests - _NUMBER_TESTS
            if bad or not tests:
                return [f"`{name}` is tested by min, max, equals or not_equals"]
            return _matcher_problems(expression[name]) if name == "count_where" else _path_problems(expression[name])
    if "compare" in keys and keys <= {"compare", "min_gap"}:
        gap = expression.get("min_gap", {"days": 0})
        wrong = [] if _is_length(gap) or _is_number(gap) else ["`min_gap` takes {years: n}, {days: n} or a number"]
        return _pair_problems("compare", expression["compare"]) + wrong
    if len(keys) != 1 or next(iter(keys)) not in _ALONE:
        return [f"not a condition: {', '.join(sorted(keys)) or 'empty'}"]
    (name,) = keys
    value = expression[name]
    if name == "same":
        return _pair_problems(name, value)
    if name == "none_match":
        return _matcher_problems(value)
    if name == "today_between":
        days = value if isinstance(value, list) else []
        good = len(days) == 2 and all(isinstance(day, str) and regex.fullmatch(r"[01]\d-[0-3]\d", day) for day in days)
        return [] if good else ["`today_between` takes two days as mm-dd"]
    return _path_problems(value)


def _path_problems(value: Any) -> list[str]:
    return [] if isinstance(value, str) and value else ["a name is missing"]


def _pair_problems(name: str, value: Any) -> list[str]:
    good = isinstance(value, list) and len(value) == 2 and all(isinstance(path, str) for path in value)
    return [] if good else [f"`{name}` takes two paths"]


def _matcher_problems(value: Any) -> list[str]:
    good = isinstance(value, dict) and set(value) == {"repeat", "field", "equals"}
    return [] if good else ["takes {repeat, field, equals}"]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_length(value: Any) -> bool:
    return isinstance(value, dict) and list(value) in (["years"], ["days"]) and all(map(_is_number, value.values()))


def asks(expression: Expression, item: str = "") -> list[str]:
    """Return the paths the condition reads, as the definition knows them (no positions), in order.

    Args:
        expression: a well-formed condition.
        item: path of the repeated group that `./` stands for.
    """
    found: list[str] = []
    for name, value in expression.items():
        if name in ("all", "any"):
            found += [path for inner in value for path in asks(inner, item)]
        elif name == "not":
            found += asks(value, item)
        elif name in ("field", "sum", "count"):
            found.append(value)
        elif name in ("compare", "same"):
            found += value
        elif name in ("count_where", "none_match"):
            found.append(join(value["repeat"], value["field"]))
    here = without_positions(item)
    return [join(here, path[2:]) if path.startswith("./") else without_positions(path) for path in found]


def left_open(expression: Expression, reading: Reading, live: set[str]) -> Expression | bool:
    """Return what is undecided while the fields in `live` can still change, everything else being known.

    Args:
        expression: a well-formed condition.
        reading: the answers given before.
        live: paths (without positions) of the fields on the same page.

    Returns:
        True or False when it is decided, else the condition for the browser with `./` resolved to full paths.
    """
    if not any(_touches(path, live) for path in asks(expression, reading.item)):
        return holds(expression, reading)
    for name, decided in (("all", False), ("any", True)):
        if name in expression:
            parts = [left_open(inner, reading, live) for inner in expression[name]]
            if any(part is decided for part in parts):
                return decided
            still = [part for part in parts if not isinstance(part, bool)]
            return {name: still} if len(still) > 1 else still[0]
    if "not" in expression:
        part = left_open(expression["not"], reading, live)
        return not part if isinstance(part, bool) else {"not": part}
    if "field" in expression:
        return {**expression, "field": reading.path(expression["field"])}
    return dict(expression)


def _touches(path: str, live: set[str]) -> bool:
    return any(path == one or path.startswith(f"{one}.") or one.startswith(f"{path}.") for one in live)
