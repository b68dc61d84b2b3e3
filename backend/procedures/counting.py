"""Counting on an office's calendar: terms one after the other, and where each begins and ends."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction
from math import ceil

import msgspec

from backend.agencies.working_time import WorkingCalendar, months_after
from backend.kit.clock import VN, local

_DAY_END = time(23, 59, 59)


class Unit(StrEnum):
    """What a limit counts; `hours` run round the clock, `days` and `months` through days off."""

    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    HOURS = "hours"
    DAYS = "days"
    MONTHS = "months"


class Term(msgspec.Struct, frozen=True):
    """So much of one unit."""

    value: Fraction
    unit: Unit


class Count(msgspec.Struct, frozen=True):
    """What is to be counted: its terms one after the other, behind the same day if it starts with that."""

    terms: tuple[Term, ...]
    same_day: bool = False
    cutoff: time | None = None


class Step(msgspec.Struct, frozen=True):
    """One term of a count on the calendar; `term` is None for the same day."""

    begin: datetime
    end: datetime
    term: Term | None


def walk(count: Count, start: datetime, calendar: WorkingCalendar) -> tuple[Step, ...]:
    """Return where each term of `count` begins and ends; calendar days may end on a day off here."""
    begin = calendar.counts_from(start, count.cutoff)
    steps = []
    if count.same_day:
        day = local(begin).date()
        if not calendar.is_working_day(day) or begin >= calendar.closing(day):
            day = calendar.next_working_day(day)
        steps.append(Step(begin, calendar.closing(day), None))
    for term in count.terms:
        begin = steps[-1].end if steps else begin
        steps.append(Step(begin, _pass(term, begin, calendar), term))
    return tuple(steps)


def land(count: Count, start: datetime, calendar: WorkingCalendar) -> datetime:
    """Return the end of `count` from `start`.

    Only the period as a whole may not end on a day off: days inside it run on, but a term more never makes it end sooner.
    """
    return max(_land(step, calendar) for step in walk(count, start, calendar))


def until(start: datetime, at: datetime, calendar: WorkingCalendar) -> Count:
    """Return the count that ends at a moment named by a person (agreed, or put off) instead of by law."""
    end_of_day = datetime.combine(local(start).date(), _DAY_END, VN)
    days = calendar.working_days_between(end_of_day, at)
    return Count(terms=(Term(days, Unit.WORKING_DAYS),)) if days > 0 else Count(terms=(), same_day=True)


def joined(terms: Iterable[Term]) -> tuple[Term, ...]:
    """Return the terms with neighbours of one unit made one, so that a part of a day meets the next whole ones."""
    result: list[Term] = []
    for term in terms:
        if result and result[-1].unit is term.unit:
            result[-1] = Term(result[-1].value + term.value, term.unit)
        else:
            result.append(term)
    return tuple(result)


def _land(step: Step, calendar: WorkingCalendar) -> datetime:
    if step.term is not None and step.term.unit in (Unit.DAYS, Unit.MONTHS):
        return calendar.closing_on_or_after(local(step.end).date())
    return step.end


def _pass(term: Term, begin: datetime, calendar: WorkingCalendar) -> datetime:
    match term.unit:
        case Unit.WORKING_HOURS:
            return calendar.add_working_hours(begin, term.value)
        case Unit.WORKING_DAYS:
            return calendar.add_working_days(begin, term.value)
        case Unit.HOURS:
            return begin + timedelta(microseconds=round(term.value * 3_600_000_000))
        case Unit.DAYS:
            last = local(begin).date() + timedelta(days=ceil(term.value))
        case Unit.MONTHS:
            last = months_after(local(begin).date(), term.value)
    return datetime.combine(last, _DAY_END, VN).astimezone(UTC)
