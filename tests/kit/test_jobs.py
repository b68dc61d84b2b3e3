"""Work for later: exists exactly when its cause does, is tried again, is never lost, and is not cut short."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import asyncpg
import pytest
from pgqueuer.errors import RetryRequested

from backend.kit import clock, jobs
from backend.kit.database import AWAY, execute, fetch, fetch_value, unit_of_work
from backend.kit.jobs import Payload, enqueue, job
from tests.conftest import Cluster

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Only the jobs of one test, and waits that a test can wait for."""
    monkeypatch.setattr(jobs, "_handlers", {})
    monkeypatch.setattr(jobs, "_FIRST_WAIT", timedelta(milliseconds=5))
    monkeypatch.setattr(jobs, "_PATIENCE", timedelta(milliseconds=200))
    yield


@asynccontextmanager
async def worker(db: Cluster) -> AsyncIterator[asyncio.Event]:
    """A worker that begins again when its connection is cut; setting the event asks it to leave."""
    stop = asyncio.Event()

    async def life() -> None:
        while not stop.is_set():
            with suppress(*AWAY):
                await jobs.work(db.app, stop)

    living = asyncio.create_task(life())
    try:
        yield stop
    finally:
        stop.set()
        await asyncio.wait_for(living, 10)


async def states() -> list[str]:
    """The states of the jobs that are not done."""
    return [row["status"] for row in await fetch("select status::text from pgqueuer order by id")]


class Work:
    """A handler that remembers what it was given and fails as often as it is told."""

    def __init__(self, name: str = "greet", attempts: int = 6, failures: int = 0) -> None:
        self.done: list[Payload] = []
        self.starts = 0
        self.failures = failures
        self.attempts = attempts
        self.ended = asyncio.Event()
        self.exhausted = asyncio.Event()
        job(name, attempts)(self.handle)

    async def handle(self, payload: Payload) -> None:
        self.starts += 1
        if self.starts == self.attempts:
            self.exhausted.set()
        if self.starts <= self.failures:
            raise ValueError(payload["to"])
        self.done.append(payload)
        self.ended.set()

    async def wait(self) -> None:
        await asyncio.wait_for(self.ended.wait(), 10)


async def test_a_job_is_done_with_what_it_was_given(db: Cluster) -> None:
    work = Work()
    async with unit_of_work():
        await enqueue("greet", {"to": "Hà"})
    async with worker(db):
        await work.wait()
    assert work.done == [{"to": "Hà"}]
    assert await states() == []
    assert await fetch_value("select count(*) from job_start") == 0


async def test_a_waiting_worker_is_woken_at_once(db: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_PATIENCE", timedelta(seconds=60))
    first, second = Work("first"), Work("second")
    async with worker(db):
        async with unit_of_work():
            await enqueue("first", {})
        await first.wait()
        async with unit_of_work():
            await enqueue("second", {})
        await asyncio.wait_for(second.ended.wait(), 2)


async def test_a_job_vanishes_with_the_unit_that_caused_it(db: Cluster) -> None:
    work = Work()
    with suppress(ZeroDivisionError):
        async with unit_of_work():
            await enqueue("greet", {"to": "nobody"})
            raise ZeroDivisionError
    assert await states() == []
    async with unit_of_work():
        await enqueue("greet", {"to": "Hà"})
    async with worker(db):
        await work.wait()
    assert work.done == [{"to": "Hà"}]


async def test_a_job_needs_a_cause(db: Cluster) -> None:
    with pytest.raises(RuntimeError):
        await enqueue("greet", {})


async def test_a_second_job_with_the_same_key_is_not_added_while_the_first_waits(db: Cluster) -> None:
    for _ in range(2):
        async with unit_of_work():
            await enqueue("greet", {}, key="greet-ha")
            await enqueue("greet", {}, key="greet-ha")
    assert await states() == ["queued"]


async def test_a_job_for_later_waits_for_its_moment(db: Cluster) -> None:
    later, now = Work("later"), Work("now")
    async with unit_of_work():
        await enqueue("later", {}, at=clock.now() + timedelta(hours=1))
        await enqueue("now", {}, at=clock.now() - timedelta(hours=1))
    async with worker(db):
        await now.wait()
    assert (later.starts, await states()) == (0, ["queued"])


async def test_a_failed_job_is_tried_again(db: Cluster) -> None:
    work = Work(failures=2)
    async with unit_of_work():
        await enqueue("greet", {"to": "Hà"})
    async with worker(db):
        await work.wait()
    assert (work.starts, work.done, await states()) == (3, [{"to": "Hà"}], [])


async def test_tries_are_further_and_further_apart(db: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_FIRST_WAIT", timedelta(seconds=2))
    Work(attempts=9, failures=99)
    waits = []
    for attempt in range(8):
        with pytest.raises(RetryRequested) as again:
            await jobs.perform("greet", {"to": "Hà"}, attempt)
        waits.append(again.value.delay.total_seconds())
    assert waits == [2, 8, 32, 128, 512, 1800, 1800, 1800]
    with pytest.raises(ValueError):
        await jobs.perform("greet", {"to": "Hà"}, 8)


async def test_what_fails_for_good_is_kept(db: Cluster) -> None:
    broken, sound = Work("broken", attempts=3, failures=99), Work("sound")
    async with unit_of_work():
        await enqueue("broken", {"to": "Hà"})
    async with worker(db):
        await asyncio.wait_for(broken.exhausted.wait(), 10)
        async with unit_of_work():
            await enqueue("sound", {})
        await sound.wait()
    kept = await fetch("select status::text, entrypoint, payload from pgqueuer")
    assert [(row["status"], row["entrypoint"], row["payload"]) for row in kept] == [
        ("failed", "broken", b'{"to": "H\\u00e0"}')
    ]
    assert broken.starts == 3


async def test_a_job_that_kills_its_workers_is_given_up(db: Cluster) -> None:
    work, sound = Work("deadly", attempts=2), Work("sound")
    async with unit_of_work():
        await enqueue("deadly", {})
        await execute("insert into job_start select id, 7 from pgqueuer")
        await enqueue("sound", {})
    async with worker(db):
        await sound.wait()
    assert (work.starts, await states()) == (0, ["failed"])


async def test_a_worker_asked_to_leave_ends_the_running_job_and_begins_no_other(db: Cluster) -> None:
    begun, go_on, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    @job("long")
    async def long(payload: Payload) -> None:
        begun.set()
        await go_on.wait()
        ended.set()

    other = Work()
    async with worker(db) as stop:
        async with unit_of_work():
            await enqueue("long", {})
        await asyncio.wait_for(begun.wait(), 10)
        stop.set()
        async with unit_of_work():
            await enqueue("greet", {})
        go_on.set()
    assert ended.is_set()
    assert (other.starts, await states()) == (0, ["queued"])


async def test_two_workers_share_the_work_and_do_each_job_once(db: Cluster) -> None:
    done: list[int] = []
    all_done = asyncio.Event()

    @job("count")
    async def count(payload: Payload) -> None:
        done.append(payload["n"])
        if len(done) == 60:
            all_done.set()

    async with unit_of_work():
        for number in range(60):
            await enqueue("count", {"n": number})
    async with worker(db), worker(db):
        await asyncio.wait_for(all_done.wait(), 20)
    assert sorted(done) == list(range(60))


async def test_a_cut_connection_of_the_worker_heals(db: Cluster, owner: asyncpg.Connection) -> None:
    before, after = Work("before"), Work("after")
    async with worker(db):
        async with unit_of_work():
            await enqueue("before", {})
        await before.wait()
        pids = await owner.fetch(
            "select pid from pg_stat_activity where application_name = 'motcua-worker' and datname = current_database()"
        )
        assert len(pids) == 1
        for row in pids:
            await execute("select pg_terminate_backend($1)", row["pid"])
        async with unit_of_work():
            await enqueue("after", {})
        await after.wait()


async def test_a_job_of_a_worker_that_was_killed_is_done_by_another(
    db: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Work()
    async with unit_of_work():
        await enqueue("greet", {})
    await execute(
        "update pgqueuer set status = 'picked', queue_manager_id = gen_random_uuid(), heartbeat = now() - interval '1 hour'"
    )
    async with worker(db):
        await work.wait()
    assert await states() == []


async def test_tidying_forgets_what_nobody_asks_for(db: Cluster) -> None:
    await execute(
        "insert into rate_bucket values ('old', now() - interval '1 second'), ('new', now() + interval '1 hour')"
    )
    await execute("insert into job_start values (1, 3)")
    await jobs.tidy()
    assert await fetch_value("select string_agg(key, ' ') from rate_bucket") == "new"
    assert await fetch_value("select count(*) from job_start") == 0
