"""Conditions over answers: whether one holds today. An empty value passes no test but `filled: false`."""

from collections.abc import Callable
from itertools import product
from typing import Any

import msgspec

from backend.forms import dates
from backend.forms.facts import Expression, Facts
from backend.forms.paths import Answers, empty, find, values
from backend.forms.patterns import found_in


class Reading(msgspec.Struct, frozen=True):
    """What conditions are read over.

    answers: only what is visible, nested by path (hidden answers read as empty).
    facts: the day, the case, what databases say.
    item: path of the item of a repeated group that `./field` belongs to, if inside one.
    """

    answers: Answers
    facts: Facts
    item: str = ""

    def path(self, path: str) -> str:
        """Return `path` with `./` resolved to the item at hand."""
        return f"{self.item}.{path[2:]}" if path.startswith("./") else path

    def values(self, path: str) -> list[Any]:
        """Return every value at `path`; `[None]` when there is none."""
        return values(self.answers, self.path(path))


def holds(expression: Expression, reading: Reading) -> bool:
    """Return whether the condition is true.

    Raises:
        KeyError: it is none that the definition knows; `conditions.problems` finds this beforehand.
    """
    if "field" in expression:
        return any(_passes(value, expression, reading.facts) for value in reading.values(expression["field"]))
    return _OTHERS[next(key for key in _OTHERS if key in expression)](expression, reading)


def number(expression: Expression, reading: Reading) -> float | int:
    """Return what `sum`, `count`, `count_where` or `value` gives; 0 over nothing.

    `{"value": path}` is the one number standing there.
    """
    if "sum" in expression or "value" in expression:
        found = reading.values(expression.get("sum") or expression["value"])
        total: float | int = sum(value for value in found if _is_number(value))
        return total
    if "count" in expression:
        items = find(reading.answers, reading.path(expression["count"]))
        return len(items) if isinstance(items, list) else 0
    return len(_matching(expression["count_where"], reading))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _equal(value: Any, other: Any) -> bool:
    if isinstance(value, bool) or isinstance(other, bool):
        return value is other
    if isinstance(value, list) and isinstance(other, list):
        return sorted(map(str, value)) == sorted(map(str, other))
    return bool(value == other)


def _passes(value: Any, test: Expression, facts: Facts) -> bool:
    """Whether one value passes every test given."""
    if empty(value):
        return test.get("filled") is False and len(test) == 2
    return all(_TESTS[name](value, wanted, facts) for name, wanted in test.items() if name != "field")


_TESTS: dict[str, Callable[[Any, Any, Facts], bool]] = {
    "equals": lambda value, wanted, facts: _equal(value, wanted),
    "not_equals": lambda value, wanted, facts: not _equal(value, wanted),
    "in": lambda value, wanted, facts: any(
        _equal(one, other) for one in (value if isinstance(value, list) else [value]) for other in wanted
    ),
    "contains": lambda value, wanted, facts: isinstance(value, list | str) and wanted in value,
    "filled": lambda value, wanted, facts: wanted is True,
    "matches": lambda value, wanted, facts: isinstance(value, str) and found_in(wanted, value, ignore_case=True),
    "min": lambda value, wanted, facts: _is_number(value) and value >= wanted,
    "max": lambda value, wanted, facts: _is_number(value) and value <= wanted,
    "older_than": lambda value, wanted, facts: dates.older(value, facts.today, wanted, facts.working_day),
    "younger_than": lambda value, wanted, facts: dates.younger(value, facts.today, wanted, facts.working_day),
}


def _pairs(paths: list[str], reading: Reading) -> list[tuple[Any, Any]]:
    found = product(reading.values(paths[0]), reading.values(paths[1]))
    return [(one, other) for one, other in found if not empty(one) and not empty(other)]


def _compare(expression: Expression, reading: Reading) -> bool:
    gap = expression.get("min_gap", {})
    for first, second in _pairs(expression["compare"], reading):
        if _is_number(first) and _is_number(second):
            if second < first + (gap if _is_number(gap) else 0):
                return True
        elif dates.closer(first, second, gap if isinstance(gap, dict) else {}):
            return True
    return False


def _matching(wanted: Expression, reading: Reading) -> list[Any]:
    items = find(reading.answers, reading.path(wanted["repeat"]))
    found: list[Any] = items if isinstance(items, list) else []
    return [item for item in found if any(_equal(value, wanted["equals"]) for value in values(item, wanted["field"]))]


def _number_passes(expression: Expression, reading: Reading) -> bool:
    value = number(expression, reading)
    tests = (name for name in expression if name in ("equals", "not_equals", "min", "max"))
    return all(_TESTS[name](value, expression[name], reading.facts) for name in tests)


def _today_between(expression: Expression, reading: Reading) -> bool:
    first, last = map(str, expression["today_between"])
    now = reading.facts.today.strftime("%m-%d")
    return first <= now <= last if first <= last else now >= first or now <= last


_OTHERS: dict[str, Callable[[Expression, Reading], bool]] = {
    "all": lambda e, r: all(holds(inner, r) for inner in e["all"]),
    "any": lambda e, r: any(holds(inner, r) for inner in e["any"]),
    "not": lambda e, r: not holds(e["not"], r),
    "compare": _compare,
    "same": lambda e, r: any(_equal(one, other) for one, other in _pairs(e["same"], r)),
    "sum": _number_passes,
    "count": _number_passes,
    "count_where": _number_passes,
    "none_match": lambda e, r: not _matching(e["none_match"], r),
    "today_between": _today_between,
    "case": lambda e, r: r.facts.case == e["case"],
    "system": lambda e, r: e["system"] in r.facts.system,
}
