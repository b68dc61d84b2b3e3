"""Live steps: nothing announced is lost, whatever is cut, closed, slow or out of order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import NamedTuple

import asyncpg
import pytest

from backend.kit import live
from backend.kit.database import execute, fetch_value, unit_of_work
from backend.kit.live import EVERYTHING, Hub, announce
from tests.conftest import Cluster

pytestmark = pytest.mark.anyio

HA = "person:ha"


class Event(NamedTuple):
    """One event as a browser gets it."""

    kind: str
    subjects: list[str]
    mark: str


class Browser:
    """Reads one stream as EventSource does and keeps the last id."""

    def __init__(self, hub: Hub, *topics: str, last: str | None = None, of: dict[str, int] | None = None) -> None:
        self._stream = hub.stream(frozenset(topics), last, of)
        self.last = last

    async def next(self, within: float = 5.0) -> Event:
        """Wait for the next event."""
        text = (await asyncio.wait_for(anext(self._stream), within)).decode()
        lines = dict(
            line.split(": ", 1) if ": " in line else (line.rstrip(":"), "") for line in text.splitlines() if line
        )
        found = Event(lines["event"], lines["data"].split(), lines.get("id", ""))
        self.last = found.mark or self.last
        return found

    async def changes(self, within: float = 5.0) -> list[str]:
        """Wait for the next subjects that changed."""
        while (found := await self.next(within)).kind != "change":
            pass
        return found.subjects

    async def goodbye(self) -> None:
        """Wait until the stream ends for good."""
        while (await self.next()).kind != "bye":
            pass
        with pytest.raises(StopAsyncIteration):
            await self.next()

    async def close(self) -> None:
        await self._stream.aclose()  # type: ignore[attr-defined]


async def tell(subject: str, *topics: str) -> None:
    """Announce in a unit of its own."""
    async with unit_of_work():
        await announce(topics or (HA,), subject)


@asynccontextmanager
async def hub(db: Cluster) -> AsyncIterator[Hub]:
    """A process that listens."""
    made = Hub()
    running = asyncio.create_task(made.run(db.app))
    try:
        yield made
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def listener_pids(owner: asyncpg.Connection) -> list[int]:
    """The database's processes that serve listening hubs."""
    rows = await owner.fetch(
        "select pid from pg_stat_activity where application_name = 'motcua-live' and datname = current_database()"
    )
    return [row["pid"] for row in rows]


async def test_a_step_arrives_within_a_second(db: Cluster) -> None:
    async with hub(db) as listening:
        browser = Browser(listening, HA)
        assert (await browser.next()).kind == "hello"
        await tell("dossier-1")
        assert await browser.changes(within=1) == ["dossier-1"]


async def test_every_process_gets_every_step(db: Cluster) -> None:
    async with hub(db) as first, hub(db) as second:
        browsers = [Browser(first, HA), Browser(second, HA)]
        for browser in browsers:
            await browser.next()
        await tell("dossier-1")
        for browser in browsers:
            assert await browser.changes(within=1) == ["dossier-1"]


async def test_nobody_hears_what_is_not_theirs(db: Cluster) -> None:
    async with hub(db) as listening:
        ha, commune = Browser(listening, HA), Browser(listening, "agency:1", "person:mai")
        await ha.next()
        await commune.next()
        await tell("dossier-1", "person:toan")
        await tell("dossier-2", "agency:1")
        await tell("dossier-3", HA)
        assert await ha.changes() == ["dossier-3"]
        assert await commune.changes() == ["dossier-2"]


async def test_one_act_for_several_topics_of_one_person_is_told_once(db: Cluster) -> None:
    async with hub(db) as listening:
        browser = Browser(listening, HA, "agency:1")
        await browser.next()
        await tell("dossier-1", HA, "agency:1", HA)
        await tell("end")
        heard = await browser.changes()
        while "end" not in heard:
            heard += await browser.changes()
        assert sorted(heard) == ["dossier-1", "end"]


async def test_what_is_rolled_back_is_never_announced(db: Cluster) -> None:
    async with hub(db) as listening:
        browser = Browser(listening, HA)
        await browser.next()
        with suppress(ZeroDivisionError):
            async with unit_of_work():
                await announce([HA], "dossier-undone")
                raise ZeroDivisionError
        await tell("dossier-done")
        assert await browser.changes() == ["dossier-done"]
        assert await fetch_value("select count(*) from live_event") == 1


async def test_announcing_belongs_into_a_unit_of_work(db: Cluster) -> None:
    with pytest.raises(RuntimeError):
        await announce([HA], "dossier-1")


async def test_a_browser_resumes_after_a_gap(db: Cluster) -> None:
    async with hub(db) as listening:
        browser = Browser(listening, HA)
        await browser.next()
        await tell("dossier-1")
        await browser.changes()
        await browser.close()
        await tell("dossier-2")
        await tell("dossier-3", "person:toan")
        again = Browser(listening, HA, last=browser.last)
        assert "dossier-2" in (missed := await again.changes())
        assert "dossier-3" not in missed


async def test_a_browser_resumes_at_another_process(db: Cluster) -> None:
    async with hub(db) as first:
        browser = Browser(first, HA)
        await browser.next()
    await tell("dossier-1")
    async with hub(db) as second:
        assert await Browser(second, HA, last=browser.last).changes() == ["dossier-1"]


async def test_a_mark_is_never_taken_before_what_it_stands_for(db: Cluster) -> None:
    async with hub(db) as listening:
        browser = Browser(listening, HA)
        before = (await browser.next()).mark
        await browser.close()
        await tell("dossier-1")
        cut_early = Browser(listening, HA, last=before)
        assert (await cut_early.next()).kind == "hello"
        await cut_early.close()
        assert "dossier-1" in await Browser(listening, HA, last=cut_early.last).changes()


async def test_a_page_that_was_rendered_before_its_stream_opened_misses_nothing(db: Cluster) -> None:
    async with hub(db) as listening:
        first = Browser(listening, HA)
        await first.next()
        page = listening.mark
        await tell("dossier-1")
        await first.changes()
        assert await Browser(listening, HA, last=page).changes() == ["dossier-1"]


async def test_a_stream_that_opens_before_the_process_listens_misses_nothing(db: Cluster) -> None:
    waiting = Hub()
    browser = Browser(waiting, HA)
    await browser.next()
    await tell("dossier-1")
    running = asyncio.create_task(waiting.run(db.app))
    assert await browser.changes() == ["dossier-1"]
    running.cancel()


async def test_transactions_that_commit_out_of_order_lose_nothing(db: Cluster) -> None:
    async with hub(db) as listening:
        browser = Browser(listening, HA)
        await browser.next()
        slow = await asyncpg.connect(**db.app)
        transaction = slow.transaction()
        await transaction.start()
        await slow.execute("insert into live_event (topic, subject) values ($1, 'dossier-early')", HA)
        await slow.execute("select pg_notify('live', '')")
        await tell("dossier-late")
        assert await browser.changes() == ["dossier-late"]
        await browser.close()
        # Committed while nobody read, by a transaction older than the event the browser has seen.
        await transaction.commit()
        await slow.close()
        assert "dossier-early" in await Browser(listening, HA, last=browser.last).changes()


async def test_an_open_stream_gets_the_late_commit_of_an_early_transaction_once(db: Cluster) -> None:
    async with hub(db) as listening:
        browser = Browser(listening, HA)
        await browser.next()
        slow = await asyncpg.connect(**db.app)
        async with slow.transaction():
            await slow.execute("insert into live_event (topic, subject) values ($1, 'dossier-early')", HA)
            await slow.execute("select pg_notify('live', '')")
            for number in range(3):
                await tell(f"dossier-{number}")
                assert await browser.changes() == [f"dossier-{number}"]
        assert await browser.changes() == ["dossier-early"]
        await slow.close()
        await tell("end")
        assert await browser.changes() == ["end"]


async def test_a_cut_listening_connection_heals_and_loses_nothing(db: Cluster, owner: asyncpg.Connection) -> None:
    async with hub(db) as listening:
        browser = Browser(listening, HA)
        await browser.next()
        await tell("dossier-before")
        await browser.changes()
        for pid in await listener_pids(owner):
            await execute("select pg_terminate_backend($1)", pid)
        for number in range(5):
            await tell(f"dossier-{number}")
        heard: list[str] = []
        while len(heard) < 5:
            heard += await browser.changes()
        assert sorted(heard) == [f"dossier-{number}" for number in range(5)]
        await tell("dossier-after")
        assert await browser.changes(within=1) == ["dossier-after"]


async def test_a_slow_browser_is_told_each_subject_once(db: Cluster) -> None:
    async with hub(db) as listening:
        slow, quick = Browser(listening, HA), Browser(listening, HA)
        await slow.next()
        await quick.next()
        for _ in range(20):
            await tell("dossier-1")
            await quick.changes()
        assert await slow.changes() == ["dossier-1"]
        await tell("dossier-2")
        assert await slow.changes() == ["dossier-2"]


async def test_a_mark_too_old_to_know_refreshes_everything(db: Cluster) -> None:
    async with hub(db) as listening:
        browser = Browser(listening, HA)
        await browser.next()
        old = browser.last
        await tell("dossier-1")
        await execute("update live_event set at = at - interval '3 days'")
        await tell("dossier-2")
        await execute("update live_event set at = at - interval '3 days' where subject = 'dossier-2'")
        await tell("dossier-3")
        await live.sweep()
        assert await Browser(listening, HA, last=old).changes() == [EVERYTHING]
        assert await fetch_value("select string_agg(subject, ' ' order by id) from live_event") == "dossier-2 dossier-3"


async def test_a_mark_of_another_database_refreshes_everything(db: Cluster) -> None:
    async with hub(db) as listening:
        assert await Browser(listening, HA, last="999999999999").changes() == [EVERYTHING]


@pytest.mark.parametrize("last", ["", "x", "-1", "1; select 1", "9" * 40, "٣"])
async def test_a_mark_that_is_none_counts_as_none(db: Cluster, last: str) -> None:
    await tell("dossier-1")
    async with hub(db) as listening:
        browser = Browser(listening, HA, last=last)
        assert (await browser.next()).kind == "hello"
        await tell("dossier-2")
        assert await browser.changes() == ["dossier-2"]


async def test_a_quiet_stream_says_that_it_lives(db: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.05)
    async with hub(db) as listening:
        browser = Browser(listening, HA)
        assert [(await browser.next()).kind for _ in range(3)] == ["hello"] * 3


async def test_streams_end_when_the_process_leaves(db: Cluster) -> None:
    async with hub(db) as listening:
        browser = Browser(listening, HA)
        await browser.next()
        listening.leaving.set()
        with suppress(StopAsyncIteration):
            assert (await browser.next()).kind == "hello"
            await browser.next()
            pytest.fail("the stream goes on")


async def test_a_closed_stream_is_forgotten(db: Cluster) -> None:
    async with hub(db) as listening:
        browser = Browser(listening, HA)
        await browser.next()
        await browser.close()
        assert listening._followers == {}


async def test_of_too_many_streams_of_one_the_newest_stay_and_the_oldest_end_for_good(db: Cluster) -> None:
    async with hub(db) as listening:
        browsers = []
        for _ in range(4):
            browsers.append(Browser(listening, HA, of={"session:1": 2}))
            await browsers[-1].next()
        await asyncio.gather(*(browser.goodbye() for browser in browsers[:2]))
        await tell("dossier-1")
        assert [await browser.changes() for browser in browsers[2:]] == [["dossier-1"]] * 2


async def test_a_stream_that_was_closed_takes_no_place(db: Cluster) -> None:
    async with hub(db) as listening:
        first, second = Browser(listening, HA, of={"session:1": 2}), Browser(listening, HA, of={"session:1": 2})
        await first.next()
        await second.next()
        await second.close()
        third = Browser(listening, HA, of={"session:1": 2})
        await third.next()
        await tell("dossier-1")
        assert await first.changes() == ["dossier-1"]


async def test_each_holder_of_a_stream_has_a_limit_and_disturbs_no_other(db: Cluster) -> None:
    async with hub(db) as listening:
        other = Browser(listening, HA, of={"account:toan": 1})
        await other.next()
        devices = [Browser(listening, HA, of={f"session:{number}": 1, "account:ha": 2}) for number in range(3)]
        for device in devices:
            await device.next()
        await devices[0].goodbye()
        await tell("dossier-1")
        for browser in (other, *devices[1:]):
            assert await browser.changes() == ["dossier-1"]


async def test_streams_that_ended_leave_nothing_behind(db: Cluster) -> None:
    async with hub(db) as listening:
        browsers = [Browser(listening, HA, of={"session:1": 1}) for _ in range(2)]
        for browser in browsers:
            await browser.next()
        await browsers[0].goodbye()
        await browsers[1].close()
        assert (listening._followers, listening._held) == ({}, {})
