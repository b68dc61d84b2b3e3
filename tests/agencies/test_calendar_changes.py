"""What an administrator changes in the calendar: closed days, make-up days, hours; on the real database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from backend.agencies import calendar_changes, calendar_days, calendars, officers
from backend.agencies.calendar_changes import add_makeup_day, close_days, set_hours, withdraw_day, withdraw_hours
from backend.agencies.calendars import calendar_of, import_calendar
from backend.agencies.office_hours import Span
from backend.agencies.officers import Officer
from backend.agencies.tables import CalendarDay, Role
from backend.history.chain import verify
from backend.history.record import entries
from backend.kit.clock import VN, Frozen
from backend.kit.errors import Invalid, NotFound, Refused
from backend.kit.live import Hub
from tests.cast import NOON, Cast
from tests.conftest import Cluster

pytestmark = pytest.mark.anyio

TODAY = date(2026, 11, 25)  # a Wednesday
FRIDAY = date(2026, 12, 4)
SATURDAY = date(2026, 12, 5)
MORNING = (Span(time(7, 30), time(11, 30)),)


def vn(day: date, hour: int = 17) -> datetime:
    """A moment on the wall clock of Việt Nam."""
    return datetime.combine(day, time(hour), VN)


@pytest.fixture
async def tuan(cast: Cast) -> AsyncIterator[Officer]:
    """The administrator of Mai Khê; days of the cast's agencies are taken away afterwards, since the table is kept."""
    yield (await officers.places_of(cast.officer(Role.ADMINISTRATOR).account))[0]
    await CalendarDay.delete().where(CalendarDay.agency.is_not_null())


async def due(agency: Any, days: int = 3, start: date = date(2026, 12, 1)) -> datetime:
    """When something received at 9:00 on Tuesday 1/12 is due."""
    return (await calendar_of(agency)).add_working_days(vn(start, 9), days)


async def test_a_deadline_over_a_closed_day_moves_by_one_working_day_and_back_when_it_is_withdrawn(
    tuan: Officer, cast: Cast
) -> None:
    assert await due(tuan.agency_id) == vn(FRIDAY)
    assert await close_days(tuan, FRIDAY, FRIDAY, "Hội làng") == [FRIDAY]
    assert await due(tuan.agency_id) == vn(date(2026, 12, 7))
    assert await due(cast.other_commune) == vn(FRIDAY)
    (own,) = await calendar_days.own_days(tuan.agency_id)
    assert await withdraw_day(tuan, own.id) == FRIDAY
    assert await due(tuan.agency_id) == vn(FRIDAY)


async def test_a_withdrawn_day_stays_with_who_and_when_and_can_be_entered_again(tuan: Officer, frozen: Frozen) -> None:
    await close_days(tuan, FRIDAY, FRIDAY, "Hội làng")
    (own,) = await calendar_days.own_days(tuan.agency_id)
    frozen.advance(timedelta(hours=1))
    await withdraw_day(tuan, own.id)
    (kept,) = await calendar_days.own_days(tuan.agency_id, withdrawn=True)
    assert (kept.name, kept.entered_by, kept.entered_at) == ("Hội làng", tuan.name, NOON)
    assert (kept.withdrawn_by, kept.withdrawn_at) == (tuan.name, NOON + timedelta(hours=1))
    await close_days(tuan, FRIDAY, FRIDAY, "Bão số 9")
    assert [one.name for one in await calendar_days.own_days(tuan.agency_id)] == ["Bão số 9"]


async def test_a_closure_of_several_days_closes_only_those_that_are_worked(tuan: Officer) -> None:
    closed = await close_days(tuan, FRIDAY, date(2026, 12, 8), "Bão số 9")
    assert closed == [FRIDAY, date(2026, 12, 7), date(2026, 12, 8)]
    assert await due(tuan.agency_id) == vn(date(2026, 12, 9))


@pytest.mark.parametrize(
    ("first", "last", "field", "sentence"),
    [
        pytest.param(TODAY - timedelta(days=1), TODAY, "first", "đã qua", id="past"),
        pytest.param(date(2029, 1, 3), date(2029, 1, 3), "first", "quá xa", id="far"),
        pytest.param(FRIDAY, FRIDAY - timedelta(days=1), "last", "đứng trước", id="backward"),
        pytest.param(FRIDAY, FRIDAY + timedelta(days=31), "last", "31 ngày", id="too long"),
        pytest.param(SATURDAY, SATURDAY + timedelta(days=1), "first", "không làm việc", id="a weekend"),
    ],
)
async def test_days_that_cannot_be_closed_are_refused_in_a_sentence(
    tuan: Officer, first: date, last: date, field: str, sentence: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await close_days(tuan, first, last, "Hội làng")
    assert sentence in refused.value.fields[field]
    assert await calendar_days.own_days(tuan.agency_id) == []


async def test_today_may_be_closed_still(tuan: Officer) -> None:
    assert await close_days(tuan, TODAY, TODAY, "Bão số 9") == [TODAY]


async def test_closures_never_overlap_and_the_refusal_names_what_stands_there(tuan: Officer) -> None:
    await close_days(tuan, FRIDAY, FRIDAY, "Hội làng")
    with pytest.raises(Invalid) as refused:
        await close_days(tuan, date(2026, 12, 3), date(2026, 12, 8), "Bão số 9")
    assert refused.value.fields == {"first": f"04/12/2026 đã có trong lịch của xã: Hội làng ({tuan.name} nhập)."}
    assert [one.day for one in await calendar_days.own_days(tuan.agency_id)] == [FRIDAY]


async def test_a_make_up_day_is_worked_in_the_place_of_the_closed_one(tuan: Officer) -> None:
    await set_hours(tuan, date(2026, 12, 1), {1: MORNING, 2: MORNING, 3: MORNING, 4: MORNING, 5: MORNING})
    await close_days(tuan, FRIDAY, FRIDAY, "Hội làng")
    await add_makeup_day(tuan, SATURDAY, FRIDAY, "Bù ngày 4/12")
    calendar = await calendar_of(tuan.agency_id)
    assert calendar.spans(SATURDAY) == MORNING
    assert calendar.next_working_day(date(2026, 12, 3)) == SATURDAY


@pytest.mark.parametrize(
    ("day", "swaps_for", "field", "sentence"),
    [
        pytest.param(date(2026, 11, 22), FRIDAY, "first", "đã qua", id="past"),
        pytest.param(date(2026, 12, 8), FRIDAY, "first", "vốn làm việc", id="a working day"),
        pytest.param(FRIDAY, FRIDAY, "first", "đã có trong lịch", id="the closed day itself"),
        pytest.param(SATURDAY, date(2026, 12, 3), "swaps_for", "chưa ghi nghỉ", id="for a day that is worked"),
        pytest.param(date(2027, 1, 1), FRIDAY, "first", "cả nước nghỉ", id="a national holiday"),
    ],
)
async def test_what_makes_up_for_nothing_is_refused_in_a_sentence(
    tuan: Officer, day: date, swaps_for: date, field: str, sentence: str
) -> None:
    await import_calendar()
    await close_days(tuan, FRIDAY, FRIDAY, "Hội làng")
    with pytest.raises(Invalid) as refused:
        await add_makeup_day(tuan, day, swaps_for, "Bù")
    assert sentence in refused.value.fields[field]


async def test_a_closed_day_is_made_up_for_once_and_stays_while_it_is(tuan: Officer) -> None:
    await close_days(tuan, FRIDAY, FRIDAY, "Hội làng")
    await add_makeup_day(tuan, SATURDAY, FRIDAY, "Bù")
    with pytest.raises(Invalid) as twice:
        await add_makeup_day(tuan, date(2026, 12, 12), FRIDAY, "Bù")
    assert "05/12/2026" in twice.value.fields["swaps_for"]
    closed, makeup = await calendar_days.own_days(tuan.agency_id)
    with pytest.raises(Refused, match="05/12/2026"):
        await withdraw_day(tuan, closed.id)
    await withdraw_day(tuan, makeup.id)
    await withdraw_day(tuan, closed.id)
    assert await calendar_days.own_days(tuan.agency_id) == []


async def test_a_day_that_is_past_is_withdrawn_no_more(tuan: Officer, frozen: Frozen) -> None:
    await close_days(tuan, FRIDAY, FRIDAY, "Hội làng")
    (own,) = await calendar_days.own_days(tuan.agency_id)
    frozen.advance(timedelta(days=10))
    with pytest.raises(Refused, match="Ngày đã qua"):
        await withdraw_day(tuan, own.id)


async def test_hours_hold_from_their_day_on_and_what_went_before_is_counted_by_the_old_ones(tuan: Officer) -> None:
    await set_hours(tuan, date(2026, 12, 3), dict.fromkeys(range(1, 6), MORNING))
    assert await due(tuan.agency_id, 1) == vn(date(2026, 12, 2))
    assert (await due(tuan.agency_id, 2)).astimezone(VN).time() == time(11, 30)


async def test_hours_are_set_once_a_day_and_withdrawn_only_before_they_have_held(tuan: Officer, frozen: Frozen) -> None:
    await set_hours(tuan, FRIDAY, {1: MORNING})
    with pytest.raises(Invalid) as twice:
        await set_hours(tuan, FRIDAY, {2: MORNING})
    assert tuan.name in twice.value.fields["first"]
    (one,) = await calendar_days.hours_set(tuan.agency_id)
    await withdraw_hours(tuan, one.id)
    with pytest.raises(Refused, match="rút trước"):
        await withdraw_hours(tuan, one.id)
    await set_hours(tuan, FRIDAY, {2: MORNING})
    (again,) = await calendar_days.hours_set(tuan.agency_id)
    frozen.advance(timedelta(days=10))
    with pytest.raises(Refused, match="Giờ đã áp dụng"):
        await withdraw_hours(tuan, again.id)
    with pytest.raises(Invalid):
        await set_hours(tuan, FRIDAY, {3: MORNING})


async def test_another_agency_s_days_and_hours_are_not_there(tuan: Officer, cast: Cast) -> None:
    assert cast.stranger_officer is not None
    lan = (await officers.places_of(cast.stranger_officer.account))[0]
    await close_days(tuan, FRIDAY, FRIDAY, "Hội làng")
    await set_hours(tuan, FRIDAY, {1: MORNING})
    with pytest.raises(NotFound):
        await withdraw_day(lan, (await calendar_days.own_days(tuan.agency_id))[0].id)
    with pytest.raises(NotFound):
        await withdraw_hours(lan, (await calendar_days.hours_set(tuan.agency_id))[0].id)


async def test_history_says_who_did_what_to_the_agency_s_calendar_by_ids_alone(tuan: Officer) -> None:
    await close_days(tuan, FRIDAY, FRIDAY, "Hội làng")
    await add_makeup_day(tuan, SATURDAY, FRIDAY, "Bù")
    await withdraw_day(tuan, (await calendar_days.own_days(tuan.agency_id))[1].id)
    await set_hours(tuan, FRIDAY, {1: MORNING})
    await withdraw_hours(tuan, (await calendar_days.hours_set(tuan.agency_id))[0].id)
    told = await entries(tuan.agency_id)
    assert [one.act for one in reversed(told)] == [
        "close_days",
        "make_up_day",
        "withdraw_day",
        "set_hours",
        "withdraw_hours",
    ]
    assert {(one.subject_kind, one.actor, one.agency) for one in told} == {("agency", tuan.id, tuan.agency_id)}
    assert told[-1].details == {"first": "2026-12-04", "last": "2026-12-04", "days": 1}
    assert await verify(tuan.agency_id) == []


async def test_nothing_is_kept_of_a_change_that_breaks_off(tuan: Officer, monkeypatch: pytest.MonkeyPatch) -> None:
    async def break_off(*_arguments: object, **_named: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(calendar_changes, "record", break_off)
    with pytest.raises(ConnectionError):
        await close_days(tuan, FRIDAY, FRIDAY, "Hội làng")
    assert await calendar_days.own_days(tuan.agency_id) == []
    assert await entries(tuan.agency_id) == []


async def test_of_two_administrators_closing_the_same_day_at_once_one_reads_who_was_first(
    tuan: Officer, cast: Cast
) -> None:
    await officers.appoint(
        agency=cast.commune, account=cast.ha.account, name=cast.ha.name, title="", roles=[Role.ADMINISTRATOR]
    )
    ha = (await officers.places_of(cast.ha.account))[0]
    ended = await asyncio.gather(
        asyncio.create_task(close_days(tuan, FRIDAY, FRIDAY, "Hội làng")),
        asyncio.create_task(close_days(ha, date(2026, 12, 3), FRIDAY, "Bão số 9")),
        return_exceptions=True,
    )
    (refused,) = [one for one in ended if isinstance(one, Invalid)]
    own = await calendar_days.own_days(tuan.agency_id)
    assert len({one.entered_by for one in own}) == 1
    assert own[0].entered_by in refused.fields["first"]


async def test_of_two_administrators_withdrawing_at_once_one_reads_who_was_first(tuan: Officer, cast: Cast) -> None:
    await close_days(tuan, FRIDAY, FRIDAY, "Hội làng")
    (own,) = await calendar_days.own_days(tuan.agency_id)
    ended = await asyncio.gather(
        asyncio.create_task(withdraw_day(tuan, own.id)),
        asyncio.create_task(withdraw_day(tuan, own.id)),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in ended) == ["Refused", "date"]
    assert [one.act for one in await entries(tuan.agency_id)].count("withdraw_day") == 1


@asynccontextmanager
async def listening(cluster: Cluster) -> AsyncIterator[AsyncIterator[bytes]]:
    """This process as a server that hears what others commit; what is yielded tells when it has heard."""
    hub = Hub()
    running = asyncio.create_task(hub.run(cluster.app))
    stream = hub.stream(frozenset({calendars.TOPIC}), None)
    try:
        await anext(stream)
        yield stream
    finally:
        running.cancel()
        hub.leaving.set()


async def test_a_change_made_by_another_process_is_counted_at_once_in_this_one(
    tuan: Officer, db: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if the verb ran elsewhere: what it does in its own memory does not reach this process.
    monkeypatch.setattr(calendar_changes, "forget_calendars", lambda: None)
    async with listening(db) as stream, asyncio.timeout(20):
        assert await due(tuan.agency_id) == vn(FRIDAY)
        await close_days(tuan, FRIDAY, FRIDAY, "Hội làng")
        while b"event: change" not in await anext(stream):
            pass
        assert await due(tuan.agency_id) == vn(date(2026, 12, 7))


async def test_a_calendar_read_while_somebody_changed_it_is_not_kept(
    tuan: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = calendars.read_calendar

    async def read_slowly(agency: Any) -> Any:
        found = await read(agency)
        calendars.forget_calendars()
        return found

    calendars.forget_calendars()
    monkeypatch.setattr(calendars, "read_calendar", read_slowly)
    before = await calendar_of(tuan.agency_id)
    assert await calendar_of(tuan.agency_id) is not before
