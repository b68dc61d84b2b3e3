"""Working time of one office: the counting of periods over its hours, rest days, holidays and make-up days.

Moments go in and out as aware UTC datetimes; days and hours are those of Việt Nam. The calendar is data (the ministry's
yearly notice, corrected by each office), never code. A year without data has its weekends only: see `unknown_years`.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Any, Self

import msgspec

from backend.agencies.office_hours import DayKind, OfficeHours, Spans, YearStatus, read_document
from backend.kit.clock import VN, local

CUTOFF = time(15)
"""What is received after 15:00:00 counts as received on the next working day, unless an office says otherwise."""

DAYS_IN_A_MONTH = 30  # Civil Code 2015 Art 146: half a month is fifteen days

Number = int | float | Decimal | Fraction

_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)


Week = tuple[Spans, ...]


class WeekFrom(msgspec.Struct, frozen=True):
    """A week that holds from the day `since` on: the hours that are worked, and those in which people are received."""

    since: date
    work: Week
    open: Week


class WorkingCalendar(msgspec.Struct, frozen=True):
    """When one office works.

    Args:
        week: hours per weekday, Monday first; none = a weekly rest day.
        days: hours of the days unlike their weekday; none = a day off.
        cutoff: the last moment that still counts as received today.
        years: the years whose days are known, and how surely.
        later: the weeks that follow, in the order of their first days.

    Raises:
        ValueError: the office would never work, or a day's hours overlap.
    """

    week: Week
    days: dict[date, Spans]
    cutoff: time = CUTOFF
    years: dict[int, YearStatus] = {}
    later: tuple[WeekFrom, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a calendar no period could ever end in."""
        if any(len(week) != 7 or not any(week) for week in [self.week, *(one.work for one in self.later)]):
            raise ValueError("a calendar needs seven weekdays, one of them worked")
        for spans in [*self.week, *self.days.values(), *(spans for one in self.later for spans in one.open)]:
            if any(later.start < earlier.end for earlier, later in pairwise(spans)):
                raise ValueError(f"office hours of a day overlap or stand out of order: {spans}")

    @classmethod
    def from_rows(cls, office: OfficeHours, cutoff: time = CUTOFF) -> Self:
        """Build the calendar of an office from plain rows, as the database keeps them.

        Raises:
            ValueError: the office would never work, or a day's hours overlap.
        """
        later = tuple(
            WeekFrom(change.since, _week(change.hours, office.weekly_rest), _week(change.hours))
            for change in office.changes
        )
        plain = cls(week=_week(office.hours, office.weekly_rest), days={}, later=later)
        always, changed = _week(office.hours), [(one.since, one.open) for one in later]
        for special in office.days:
            plain.days[special.day] = ()
            if special.kind is DayKind.MAKEUP_WORK:
                # Worked by the hours of the day it makes up for; an office names none for its days of rest.
                model = special.swaps_for or special.day
                own = _in_force(model, always, changed)[model.weekday()]
                plain.days[special.day] = own or next(filter(None, plain.week_of(special.day)), ())
        return cls(week=plain.week, days=plain.days, cutoff=cutoff, years=office.years, later=later)

    @classmethod
    def from_document(cls, document: Mapping[str, Any], cutoff: time = CUTOFF) -> Self:
        """Build a calendar from data shaped like `data/holidays.json`.

        Raises:
            msgspec.ValidationError: the data have another shape.
            ValueError: see `from_rows`.
        """
        return cls.from_rows(read_document(document), cutoff)

    def week_of(self, day: date) -> Week:
        """Return the hours per weekday, Monday first, that are worked in the week in force on `day`."""
        return _in_force(day, self.week, [(one.since, one.work) for one in self.later]) if self.later else self.week

    def spans(self, day: date) -> Spans:
        """Return the office hours of `day`; none on a day off."""
        own = self.days.get(day)
        return self.week_of(day)[day.weekday()] if own is None else own

    def open_week_of(self, day: date) -> Week:
        """Return the hours per weekday, Monday first, in which people are received in the week in force on `day`."""
        return _in_force(day, self.week, [(one.since, one.open) for one in self.later])

    def reception(self, day: date) -> Spans:
        """Return the hours of `day` in which people are received: those that are worked, and those of a day of rest."""
        own = self.days.get(day)
        return self.open_week_of(day)[day.weekday()] if own is None else own

    def is_working_day(self, day: date) -> bool:
        """Tell whether the office works on `day`."""
        return bool(self.spans(day))

    def is_open(self, moment: datetime) -> bool:
        """Tell whether `moment` lies within office hours; opening and closing belong to them."""
        return any(opens <= moment <= closes for opens, closes in self._open(local(moment).date()))

    def next_working_day(self, day: date) -> date:
        """Return the first working day after `day`."""
        day += _DAY
        while not self.spans(day):
            day += _DAY
        return day

    def previous_working_day(self, day: date) -> date:
        """Return the last working day before `day`."""
        day -= _DAY
        while not self.spans(day):
            day -= _DAY
        return day

    def opening(self, day: date) -> datetime:
        """Return the moment the office opens on working day `day`; ValueError on a day off."""
        return self._moment(day, self._worked(day)[0].start)

    def closing(self, day: date) -> datetime:
        """Return the moment the office closes on working day `day`; ValueError on a day off."""
        return self._moment(day, self._worked(day)[-1].end)

    def closing_on_or_after(self, day: date) -> datetime:
        """Return the end of a period whose last day is `day`: a day off passes it on (Civil Code 2015 Art 148 k.5)."""
        return self.closing(day if self.spans(day) else self.next_working_day(day))

    def counts_from(self, moment: datetime, cutoff: time | None) -> datetime:
        """Return when something handed in at `moment` counts as received.

        In time on a working day: then itself, or at opening when it came before; later, or on a day off: when the
        next working day opens. 15:00:00 is in time (NĐ 23/2015 Art 7). Without a cut-off every moment counts as it is.
        """
        wall = _wall(moment)
        if cutoff is None:
            return moment.astimezone(UTC)
        if self.spans(wall.date()) and wall.time().replace(microsecond=0) <= cutoff:
            return max(moment.astimezone(UTC), self.opening(wall.date()))
        return self.opening(self.next_working_day(wall.date()))

    def add_working_hours(self, start: datetime, hours: Number) -> datetime:
        """Return the first moment by which the office has worked `hours` (0 or more) since `start`."""
        if hours < 0:
            raise ValueError("working hours only run forward")
        return self._advance(start, _share(timedelta(hours=1), exact(hours)))

    def add_working_days(self, start: datetime, days: Number) -> datetime:
        """Return the end of a period of `days` working days (more than 0) whose event falls on `start`.

        The day of the event is not counted (Civil Code 2015 Art 147); whole days end at closing time, a part of a day
        when that part of *that* day's hours has passed, never rounded.
        """
        count = exact(days)
        if count <= 0:
            raise ValueError("a period of working days is longer than none; due the same day is a rule of its own")
        day = _wall(start).date()
        for _day in range(ceil(count)):
            day = self.next_working_day(day)
        return self._into(day, count - ceil(count) + 1)

    def add_days(self, start: datetime, days: Number) -> datetime:
        """Return the end of a period of `days` calendar days (more than 0) whose event falls on `start`.

        Days off are counted, a day begun is a day; it ends when the office closes, a last day off passes the end on.
        """
        count = exact(days)
        if count <= 0:
            raise ValueError("a period of days is longer than none")
        return self.closing_on_or_after(_wall(start).date() + timedelta(days=ceil(count)))

    def add_months(self, start: datetime, months: Number) -> datetime:
        """Return the end of a period of `months` (more than 0) whose event falls on `start`; see `months_after`."""
        count = exact(months)
        if count <= 0:
            raise ValueError("a period of months is longer than none")
        return self.closing_on_or_after(months_after(_wall(start).date(), count))

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """Return how long the office works from `start` to `end`; negative when `end` is the earlier."""
        if end < start:
            return -self.working_time_between(end, start)
        return sum((worked for _day, worked in self._worked_between(start, end)), timedelta())

    def working_days_between(self, start: datetime, end: datetime) -> Fraction:
        """Return the working time from `start` to `end` in days of this office, each hour a part of its own day."""
        if end < start:
            return -self.working_days_between(end, start)
        worked = self._worked_between(start, end)
        return sum(
            (Fraction(time_of_it // _TICK, self._length(day) // _TICK) for day, time_of_it in worked), Fraction()
        )

    def count_working_days(self, after: date, through: date) -> int:
        """Return how many working days lie after `after`, up to and with `through`."""
        return sum(bool(self.spans(after + timedelta(days=n))) for n in range(1, (through - after).days + 1))

    def unknown_years(self, start: datetime, end: datetime) -> tuple[int, ...]:
        """Return the years from `start` to `end` without a calendar, of which administrators are warned."""
        return tuple(year for year in range(_wall(start).year, _wall(end).year + 1) if year not in self.years)

    def _worked(self, day: date) -> Spans:
        spans = self.spans(day)
        if not spans:
            raise ValueError(f"{day} is a day off")
        return spans

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, VN).astimezone(UTC)

    def _open(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        for span in self.spans(day):
            yield self._moment(day, span.start), self._moment(day, span.end)

    def _length(self, day: date) -> timedelta:
        return sum((closes - opens for opens, closes in self._open(day)), timedelta())

    def _into(self, day: date, part: Fraction) -> datetime:
        """The moment by which `part` (more than 0, at most 1) of the hours of working day `day` has passed."""
        return self._advance(self.opening(day), _share(self._length(day), part))

    def _advance(self, start: datetime, left: timedelta) -> datetime:
        day, start = _wall(start).date(), start.astimezone(UTC)
        while True:
            for opens, closes in self._open(day):
                begin = max(opens, start)
                if begin + left <= closes:
                    return begin + left
                left -= max(closes - begin, timedelta())
            day += _DAY

    def _worked_between(self, start: datetime, end: datetime) -> Iterator[tuple[date, timedelta]]:
        day, last = _wall(start).date(), _wall(end).date()
        while day <= last:
            for opens, closes in self._open(day):
                worked = min(closes, end) - max(opens, start)
                if worked > timedelta():
                    yield day, worked
            day += _DAY


def _week(hours: Mapping[int, Spans], rest: frozenset[int] = frozenset()) -> Week:
    return tuple(() if weekday in rest else tuple(sorted(hours.get(weekday, ()))) for weekday in range(1, 8))


def _in_force(day: date, first: Week, changes: Sequence[tuple[date, Week]]) -> Week:
    """The week of `day`: the last one that had begun by then."""
    return next((week for since, week in reversed(changes) if since <= day), first)


def exact(value: Number) -> Fraction:
    """Return the number as it is written: 0.1 is one tenth, not the nearest binary number."""
    return Fraction(str(value))


def months_after(day: date, months: Number) -> date:
    """Return the last day of a period of months that begins with `day`.

    The same day of the last month, or its last one (Civil Code 2015 Art 148 k.3); half a month is fifteen days.
    """
    whole, part = divmod(exact(months), 1)
    year, month = divmod(day.year * 12 + day.month - 1 + int(whole), 12)
    last = date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    return last + timedelta(days=ceil(part * DAYS_IN_A_MONTH))


def _wall(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone says nothing")
    return local(moment)


def _share(length: timedelta, part: Fraction) -> timedelta:
    return timedelta(microseconds=round(length // _TICK * part))
