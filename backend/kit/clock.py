"""The only source of time. Moments are aware UTC datetimes; people see Asia/Ho_Chi_Minh."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

VN = ZoneInfo("Asia/Ho_Chi_Minh")


class Clock(Protocol):
    """Anything that can say what time it is."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""


class _SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class Frozen:
    """A clock that stands still until a test moves it.

    Args:
        at: the moment it shows, aware.
    """

    def __init__(self, at: datetime) -> None:
        self.at = at.astimezone(UTC)

    def now(self) -> datetime:
        """Return the moment the clock was last set to."""
        return self.at

    def advance(self, by: timedelta) -> None:
        """Move the clock forward (or back) by `by`."""
        self.at += by


_clock: Clock = _SystemClock()


def now() -> datetime:
    """Return the present moment as an aware UTC datetime."""
    return _clock.now()


@contextmanager
def use(clock: Clock) -> Iterator[Clock]:
    """Make `clock` the product's clock inside the block."""
    global _clock
    before, _clock = _clock, clock
    try:
        yield clock
    finally:
        _clock = before


def local(moment: datetime) -> datetime:
    """Return `moment` as the wall clock in Việt Nam shows it."""
    return moment.astimezone(VN)
