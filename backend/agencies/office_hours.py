"""The data a working-time calendar is made of: hours, days unlike their weekday, how sure a year is."""

from collections.abc import Mapping
from datetime import date, time
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

SHIPPED = Path(__file__).parent / "data" / "holidays.json"
"""The days an office starts with."""


class DayKind(StrEnum):
    """Why a day is unlike the others of its weekday."""

    HOLIDAY = "holiday"
    COMPENSATORY_REST = "compensatory_rest"
    SWAPPED_REST = "swapped_rest"
    MAKEUP_WORK = "makeup_work"
    CLOSED = "closed"  # by the office itself


class YearStatus(StrEnum):
    """How sure a year's calendar is."""

    CONFIRMED = "confirmed"
    ESTIMATED = "estimated"


class DayStatus(StrEnum):
    """How sure a national day is; unconfirmed: told of, but the text was not read."""

    CONFIRMED = "confirmed"
    ESTIMATED = "estimated"
    UNCONFIRMED = "unconfirmed"


class Span(msgspec.Struct, frozen=True, order=True):
    """One stretch of office hours, as the wall clock shows it; both ends belong to it."""

    start: time
    end: time

    def __post_init__(self) -> None:
        """Refuse a stretch that does not go forward."""
        if self.start >= self.end:
            raise ValueError(f"office hours must end after they start: {self.start}–{self.end}")


Spans = tuple[Span, ...]


class SpecialDay(msgspec.Struct, frozen=True, rename={"day": "date"}):
    """One day unlike its weekday; `swaps_for` is the other side of a swap."""

    day: date
    kind: DayKind
    swaps_for: date | None = None


class HoursFrom(msgspec.Struct, frozen=True):
    """Office hours per weekday that hold from the day `since` on, until the next ones."""

    since: date
    hours: dict[int, Spans]


class _Hours(msgspec.Struct, rename={"start": "from", "end": "to"}):
    start: str
    end: str


class _Year(msgspec.Struct):
    year: int
    status: YearStatus


class _Document(msgspec.Struct):
    weekly_rest: list[int]
    office_hours_default: list[_Hours]
    years: list[_Year]
    days: list[SpecialDay]


class OfficeHours(msgspec.Struct, frozen=True):
    """All an office says about its time.

    Args:
        hours: office hours per weekday, 1 = Monday … 7 = Sunday; on a rest day they are opening hours only.
        weekly_rest: weekdays that are not worked.
        days: days unlike their weekday.
        years: the years whose days are known, and how surely.
        changes: the hours an office set for itself, each from a day on, in the order of these days.
    """

    hours: dict[int, Spans]
    weekly_rest: frozenset[int]
    days: tuple[SpecialDay, ...]
    years: dict[int, YearStatus]
    changes: tuple[HoursFrom, ...] = ()


def read_document(document: Mapping[str, Any]) -> OfficeHours:
    """Read data shaped like `data/holidays.json`: the same hours on every weekday that is worked.

    Raises:
        msgspec.ValidationError: the data have another shape.
        ValueError: an hour is none, or goes backward.
    """
    data = msgspec.convert(document, _Document)
    spans = tuple(Span(time.fromisoformat(h.start), time.fromisoformat(h.end)) for h in data.office_hours_default)
    return OfficeHours(
        hours={weekday: spans for weekday in range(1, 8) if weekday not in data.weekly_rest},
        weekly_rest=frozenset(data.weekly_rest),
        days=tuple(data.days),
        years={entry.year: entry.status for entry in data.years},
    )
