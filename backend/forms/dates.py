"""Dates as people know them: a day, a month or only a year. Kept as `2026-11-30`, `2026-11` or `2026`."""

import calendar
import re
from collections.abc import Callable
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import Any

import msgspec

_LONGEST_REST = 60  # days off in a row after which a calendar says nothing
_KEPT = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$", re.ASCII)


def every_day(day: date) -> bool:
    """Tell that the office works on `day`, where nobody says otherwise."""
    return True


class Span(msgspec.Struct, frozen=True):
    """The days an answer may mean: one day, all days of a month, or of a year."""

    first: date
    last: date


def span(value: Any) -> Span | None:
    """Return the days `value` may mean; None when it is no date (nothing, or boxes that do not make one)."""
    match = _KEPT.match(value) if isinstance(value, str) else None
    if match is None:
        return None
    year, month, day = (int(part) if part else 0 for part in match.groups())
    try:
        if day:
            return Span(date(year, month, day), date(year, month, day))
        if month:
            return Span(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))
        return Span(date(year, 1, 1), date(year, 12, 31))
    except ValueError:
        return None


def from_boxes(day: str, month: str, year: str) -> Any:
    """Return the date three boxes make, or, where they make none, what was typed as `{"day": …}`; None when blank.

    What cannot be read as a date is kept as typed, so that the person finds it again beside the mistake.
    """
    typed = {"day": day.strip(), "month": month.strip(), "year": year.strip()}
    if not any(typed.values()):
        return None
    if _number(typed["year"], 4) and all(not typed[box] or _number(typed[box], 2) for box in ("day", "month")):
        text = "-".join([typed["year"]] + [typed[box].zfill(2) for box in ("month", "day") if typed[box]])
        if span(text) and (typed["month"] or not typed["day"]):
            return text
    return {box: text for box, text in typed.items() if text}


def _number(text: str, longest: int) -> bool:
    return bool(text) and text.isascii() and text.isdigit() and (len(text) == 4 if longest == 4 else len(text) <= 2)


def boxes(value: Any) -> dict[str, str]:
    """Return the texts of the three boxes for a kept value; the inverse of `from_boxes`."""
    if isinstance(value, dict):
        return {box: str(value.get(box, "")) for box in ("day", "month", "year")}
    parts = value.split("-") if isinstance(value, str) and span(value) else []
    year, month, day = [*parts, "", "", ""][:3]
    return {"day": day.lstrip("0"), "month": month.lstrip("0"), "year": year}


def add(day: date, *, years: int = 0, days: int = 0) -> date:
    """Return the day so many years, then days later; 29 February of a common year counts as 1 March.

    Nothing lies outside the calendar's years 1 to 9999: what would, is its first or last day.
    """
    year = day.year + years
    if not MINYEAR <= year <= MAXYEAR:
        return date.max if years > 0 else date.min
    try:
        moved = day.replace(year=year)
    except ValueError:
        moved = date(year, 3, 1)
    return date.fromordinal(min(max(moved.toordinal() + days, 1), date.max.toordinal()))


def last_day(day: date, days: int, working_day: Callable[[date], bool]) -> date:
    """Return the last of so many days after `day`; a day off passes it on (Civil Code 2015 Art 148 k.5)."""
    last = add(day, days=days)
    for _day in range(_LONGEST_REST):
        if working_day(last) or last == date.max:
            break
        last += timedelta(days=1)
    return last


def older(value: Any, today: date, length: dict[str, int], working_day: Callable[[date], bool] = every_day) -> bool:
    """Whether the date lies at least `years` back, or its `days` are over, whichever day it means."""
    known = span(value)
    if known is None:
        return False
    if "years" in length:
        return add(known.last, years=length["years"]) <= today
    return last_day(known.last, length["days"], working_day) < today


def younger(value: Any, today: date, length: dict[str, int], working_day: Callable[[date], bool] = every_day) -> bool:
    """Whether fewer than `years` have passed, or its `days` are not over, whichever day it means."""
    known = span(value)
    if known is None:
        return False
    if "years" in length:
        return add(known.first, years=length["years"]) > today
    return last_day(known.first, length["days"], working_day) >= today


def closer(first: Any, second: Any, gap: dict[str, int]) -> bool:
    """Whether `second` comes before `first` + `gap`, whichever days the two mean."""
    one, other = span(first), span(second)
    if one is None or other is None:
        return False
    return other.last < add(one.first, years=gap.get("years", 0), days=gap.get("days", 0))
