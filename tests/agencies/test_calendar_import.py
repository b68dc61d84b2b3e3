"""The national calendar from a file: all or nothing, year by year; what contradicts itself is named by its place."""

import json
from collections.abc import AsyncIterator
from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from backend.agencies.calendar_days import national_days
from backend.agencies.calendar_documents import CalendarRefused
from backend.agencies.calendars import calendar_of, import_calendar
from backend.agencies.office_hours import SHIPPED, YearStatus
from backend.agencies.tables import CalendarDay, CalendarYear
from backend.kit.database import fetch
from tests.cast import Cast

pytestmark = pytest.mark.anyio

NEXT: dict[str, Any] = {
    "years": [{"year": 2031, "status": "estimated"}],
    "days": [
        {"date": "2031-01-01", "weekday": 3, "kind": "holiday", "name": "Tết Dương lịch"},
        {"date": "2031-05-02", "weekday": 5, "kind": "swapped_rest", "name": "Hoán đổi", "swaps_for": "2031-05-10"},
        {"date": "2031-05-10", "weekday": 6, "kind": "makeup_work", "name": "Làm bù", "swaps_for": "2031-05-02"},
    ],
}


@pytest.fixture(autouse=True)
async def next_year(cast: Cast) -> AsyncIterator[None]:
    """The tables of calendars are kept between tests: the year that is brought in here goes again."""
    yield
    await CalendarDay.delete().where(CalendarDay.date >= date(2031, 1, 1))
    await CalendarYear.delete().where(CalendarYear.year == 2031)


async def test_a_further_year_is_known_once_it_is_imported(cast: Cast) -> None:
    assert 2031 not in (await calendar_of(cast.commune)).years
    assert await import_calendar(NEXT) == 3
    calendar = await calendar_of(cast.commune)
    assert calendar.years[2031] is YearStatus.ESTIMATED
    assert not calendar.is_working_day(date(2031, 1, 1))
    assert calendar.is_working_day(date(2031, 5, 10))


async def test_a_confirmed_year_takes_the_place_of_the_estimated_one_and_nothing_is_erased(cast: Cast) -> None:
    await import_calendar(NEXT)
    sure = deepcopy(NEXT)
    sure["years"][0]["status"] = "confirmed"
    sure["days"] = [sure["days"][0], {"date": "2031-01-02", "kind": "holiday", "name": "Nghỉ thêm"}]
    await import_calendar(sure)
    await import_calendar(sure)
    assert [one.day.isoformat() for one in await national_days(2031)] == ["2031-01-01", "2031-01-02"]
    kept = await fetch("select withdrawn_at from calendar_day where agency is null and date >= '2031-01-01'")
    assert sorted(row["withdrawn_at"] is None for row in kept) == [False, False, True, True]


async def test_a_guess_never_takes_the_place_of_what_is_sure(cast: Cast) -> None:
    sure = deepcopy(NEXT)
    sure["years"][0]["status"] = "confirmed"
    await import_calendar(sure)
    with pytest.raises(CalendarRefused) as refused:
        await import_calendar(NEXT)
    assert refused.value.faults[0][0] == "years[0].status"


async def test_the_shipped_guess_leaves_a_year_alone_that_an_office_made_sure(cast: Cast) -> None:
    await import_calendar()
    sure = {
        "years": [{"year": 2027, "status": "confirmed"}],
        "days": [NEXT["days"][0] | {"date": "2027-01-01", "weekday": 5}],
    }
    await import_calendar(sure)
    await import_calendar()
    assert [one.day.isoformat() for one in await national_days(2027)] == ["2027-01-01"]
    await CalendarYear.update({CalendarYear.status: "estimated"}).where(CalendarYear.year == 2027)
    await import_calendar(json.loads(SHIPPED.read_text("utf-8")))
    assert len(await national_days(2027)) > 10


@pytest.mark.parametrize(
    ("place", "changed", "path", "sentence"),
    [
        (0, {"weekday": 4}, "days[0].weekday", "is weekday 3"),
        (0, {"date": "2030-01-01", "weekday": 2}, "days[0].date", "lies in no year"),
        (1, {"date": "2031-01-01", "weekday": 3, "kind": "holiday"}, "days[1].date", "stands there twice"),
        (1, {"swaps_for": "2031-05-11"}, "days[1].swaps_for", "not the other side"),
        (0, {"swaps_for": "2031-05-11"}, "days[0].swaps_for", "swapped for nothing"),
        (0, {"kind": "closed"}, "days[0].kind", "closes by itself"),
        (0, {"kind": "feast"}, "days[0].kind", "feast"),
        (0, {"name": "  "}, "days[0].name", "no name"),
        (0, {"name": "Tết\x00"}, "days[0].name", "Expected"),
        (2, {"date": "2031-02-30"}, "days[2].date", "Invalid"),
    ],
)
async def test_a_file_that_contradicts_itself_is_refused_whole_and_names_the_place(
    place: int, changed: dict[str, Any], path: str, sentence: str
) -> None:
    wrong = deepcopy(NEXT)
    wrong["days"][place] |= changed
    with pytest.raises(CalendarRefused) as refused:
        await import_calendar(wrong)
    assert any(where == path and sentence in said for where, said in refused.value.faults), refused.value.faults
    assert await national_days(2031) == []


async def test_a_year_without_any_day_is_refused(cast: Cast) -> None:
    with pytest.raises(CalendarRefused, match="no day at all"):
        await import_calendar({"years": [{"year": 2031, "status": "confirmed"}], "days": []})
