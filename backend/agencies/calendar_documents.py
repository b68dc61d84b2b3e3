"""A national calendar as it comes in a file: its shape, and what in it contradicts itself."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Annotated, Any

import msgspec

from backend.agencies.office_hours import DayKind, DayStatus, YearStatus

_MOST_FAULTS = 50


class NationalDay(msgspec.Struct, frozen=True, rename={"day": "date"}):
    """One day of the national calendar: what it is, its name, how sure it is and by which text."""

    day: date
    kind: DayKind
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\A[^\x00]*\Z")]
    status: DayStatus = DayStatus.CONFIRMED
    basis: Annotated[str, msgspec.Meta(max_length=500, pattern=r"\A[^\x00]*\Z")] = ""
    swaps_for: date | None = None


class _Written(NationalDay, frozen=True, rename={"day": "date"}):
    weekday: Annotated[int, msgspec.Meta(ge=1, le=7)] | None = None


class _Year(msgspec.Struct, frozen=True):
    year: Annotated[int, msgspec.Meta(ge=2000, le=2200)]
    status: YearStatus


class _Document(msgspec.Struct, frozen=True):
    years: tuple[_Year, ...]
    days: tuple[_Written, ...]


class CalendarRefused(Exception):
    """Nothing was imported; `faults` are (path in the document, sentence)."""

    def __init__(self, faults: Iterable[tuple[str, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(f"{path}: {sentence}" for path, sentence in self.faults))


class National(msgspec.Struct, frozen=True):
    """The years a document names with how sure they are, and their days."""

    years: dict[int, YearStatus]
    days: tuple[NationalDay, ...]

    def refuse_guesses(self, years: Iterable[int]) -> None:
        """Refuse to put guesses in the place of what is sure.

        Raises:
            CalendarRefused: there is such a year.
        """
        places = list(self.years)
        faults = [
            (f"years[{places.index(year)}].status", f"{year} is confirmed here already, the file only estimates it")
            for year in years
        ]
        if faults:
            raise CalendarRefused(faults)


def read_national(document: Mapping[str, Any]) -> National:
    """Read years and days of a document shaped like `data/holidays.json`; everything else in it is not looked at.

    Raises:
        CalendarRefused: it has another shape, or contradicts itself.
    """
    try:
        data = msgspec.convert(document, _Document)
    except msgspec.ValidationError as error:
        sentence, _at, path = str(error).partition(" - at `$")
        raise CalendarRefused([(path.rstrip("`").lstrip("."), sentence)]) from None
    faults = list(_faults(data))[:_MOST_FAULTS]
    if faults:
        raise CalendarRefused(faults)
    days = tuple(NationalDay(one.day, one.kind, one.name, one.status, one.basis, one.swaps_for) for one in data.days)
    return National(years={one.year: one.status for one in data.years}, days=days)


def _faults(data: _Document) -> Iterator[tuple[str, str]]:
    years, days = Counter(one.year for one in data.years), {one.day: one for one in data.days}
    if not data.years:
        yield "years", "the file names no year"
    for place, year in enumerate(data.years):
        if years[year.year] > 1:
            yield f"years[{place}].year", f"{year.year} stands there twice"
        if not any(day.year == year.year for day in days):
            yield f"years[{place}].year", f"{year.year} has no day at all"
    seen: set[date] = set()
    for place, one in enumerate(data.days):
        for field, sentence in _faults_of(one, days, years, one.day in seen):
            yield f"days[{place}].{field}", sentence
        seen.add(one.day)


def _faults_of(
    one: _Written, days: Mapping[date, _Written], years: Mapping[int, int], again: bool
) -> Iterator[tuple[str, str]]:
    if again:
        yield "date", f"{one.day} stands there twice"
    if one.day.year not in years:
        yield "date", f"{one.day} lies in no year the file names"
    if one.weekday is not None and one.weekday != one.day.isoweekday():
        yield "weekday", f"{one.day} is weekday {one.day.isoweekday()}, not {one.weekday}"
    if not one.name.strip():
        yield "name", "the day has no name"
    if one.kind is DayKind.CLOSED:
        yield "kind", "an office closes by itself, not by the national calendar"
    swap = {DayKind.MAKEUP_WORK: DayKind.SWAPPED_REST, DayKind.SWAPPED_REST: DayKind.MAKEUP_WORK}.get(one.kind)
    if one.swaps_for is not None and swap is None:
        yield "swaps_for", f"a {one.kind} is swapped for nothing"
    elif one.swaps_for is not None:
        other = days.get(one.swaps_for)
        if other is None or other.kind is not swap or other.swaps_for != one.day:
            yield "swaps_for", f"{one.swaps_for} is not the other side of this swap"
