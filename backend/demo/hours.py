"""The working time of an office up to now as one line: so many working minutes ago is a moment in office hours."""

from bisect import bisect_right
from datetime import date, datetime, time, timedelta
from random import Random

from backend.agencies.working_time import WorkingCalendar
from backend.kit.clock import VN, local

WORKING_DAY = 480.0
"""Minutes; an office with other hours has days that are a little longer or shorter on this line."""

_DAYS_BACK = 110
_MINUTE = timedelta(minutes=1)


class Hours:
    """Past working time of one office.

    Args:
        calendar: of the office.
        now: the present moment; nothing here is later.
    """

    def __init__(self, calendar: WorkingCalendar, now: datetime) -> None:
        self.calendar, self.now = calendar, now
        today = local(now).date()
        self.today = today if calendar.is_working_day(today) else calendar.next_working_day(today)
        """The present working day, or the coming one on a day off."""
        self._spans: list[tuple[float, datetime, datetime]] = []
        self._ends: list[float] = []
        ago = 0.0
        for back in range(_DAYS_BACK):
            day = today - timedelta(days=back)
            for span in reversed(calendar.spans(day)):
                opens, closes = _moment(day, span.start), min(_moment(day, span.end), now)
                if opens < closes:
                    self._spans.append((ago, opens, closes))
                    self._ends.append(ago)
                    ago += (closes - opens) / _MINUTE

    def at(self, ago: float) -> datetime:
        """Return the moment that lies `ago` working minutes (0 or more) before now."""
        before, opens, closes = self._spans[bisect_right(self._ends, max(ago, 0.0)) - 1]
        return max(closes - (max(ago, 0.0) - before) * _MINUTE, opens)

    def ago(self, moment: datetime) -> float:
        """Return how many working minutes lie between a past moment and now."""
        return max(self.calendar.working_time_between(moment, self.now) / _MINUTE, 0.0)

    @property
    def worked_today(self) -> float:
        """Minutes that were worked today so far."""
        return self.ago(_moment(self.today, time())) if local(self.now).date() == self.today else 0.0

    def day_before(self, days: int) -> date:
        """Return the working day that lies `days` working days before the present one."""
        day = self.today
        for _back in range(days):
            day = self.calendar.previous_working_day(day)
        return day

    def within(self, day: date, rng: Random, until: time = time(14, 45)) -> datetime:
        """Return a moment in the office hours of a past working day, in time for what has to be in before 15:00."""
        opens = self.ago(self.calendar.opening(day))
        last = max(self.ago(min(_moment(day, until), self.now)), 0.0)
        return self.at(rng.uniform(last, max(opens - 3, last)))

    def evening(self, before: date, rng: Random) -> datetime:
        """Return a moment of the evening before a working day, at which people fill in forms at home."""
        at = _moment(before - timedelta(days=1), time(18, 40)) + rng.uniform(0, 225) * _MINUTE
        return min(at, self.now - 5 * _MINUTE)


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, VN)
