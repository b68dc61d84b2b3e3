"""Work for later, enqueued in the transaction of its cause and done by the worker, at least once: handlers are idempotent."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import structlog
from pgqueuer import PgQueuer, Queries
from pgqueuer.db import AsyncpgDriver
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job, Schedule

from backend.kit import clock, live
from backend.kit.database import execute, fetch_value, unit_connection

log = structlog.get_logger("jobs")

Payload = dict[str, Any]
Handler = Callable[[Payload], Awaitable[None]]
Chore = Callable[[], Awaitable[None]]

_handlers: dict[str, tuple[Handler, int]] = {}
_daily: dict[str, tuple[Chore, str]] = {}
_FIRST_WAIT = timedelta(seconds=2)
_LONGEST_WAIT = timedelta(minutes=30)
_MOST_CRASHES = 5
# A worker that gives no sign for this long is taken for dead, and its jobs are done by another.
_SILENCE = timedelta(seconds=30)
# What an empty queue waits for news before it looks by itself.
_PATIENCE = timedelta(seconds=5)


def job(name: str, attempts: int = 6) -> Callable[[Handler], Handler]:
    """Register a handler under `name`; after `attempts` failures the job is kept as failed for good."""

    def register(handler: Handler) -> Handler:
        _handlers[name] = (handler, attempts)
        return handler

    return register


def daily(name: str, hour: int, minute: int = 0) -> Callable[[Chore], Chore]:
    """Register a chore that one of the workers does once a day at `hour`:`minute` in Việt Nam."""

    def register(chore: Chore) -> Chore:
        _daily[name] = (chore, f"{minute} {(hour - 7) % 24} * * *")
        return chore

    return register


async def enqueue(name: str, payload: Payload, *, key: str | None = None, at: datetime | None = None) -> None:
    """Add a job to the open unit of work: it exists exactly when the unit commits.

    Args:
        name: a registered handler.
        payload: what it is given; ids only, never personal data.
        key: a second job with the same key is not added while the first waits.
        at: not before this moment.

    Raises:
        RuntimeError: outside a unit of work.
    """
    after = at - clock.now() if at else None
    await Queries(AsyncpgDriver(unit_connection())).enqueue(
        [name],
        [json.dumps(payload).encode()],
        [0],
        [after],
        [key],
        on_conflict="skip",
    )


async def take_back(*names: str) -> int:
    """Remove the jobs of these names that wait, in the open unit of work; return how many there were."""
    return await execute("delete from pgqueuer where entrypoint = any($1) and status = 'queued'", list(names))


def _wait(attempts: int) -> timedelta:
    return min(_FIRST_WAIT * 4.0**attempts, _LONGEST_WAIT)


async def perform(name: str, payload: Payload, attempts: int) -> None:
    """Do one job; ask for a retry with back-off until its attempts are used up.

    Args:
        name: a registered handler.
        payload: what it is given.
        attempts: how many failed before.

    Raises:
        RetryRequested: it failed and is to be tried again.
        Exception: it failed for good.
    """
    await _judged(name, attempts, _handlers[name][0](payload))


async def _judged(name: str, attempts: int, doing: Awaitable[None]) -> None:
    most = _handlers[name][1]
    try:
        await doing
    except _Crashing:
        log.error("job given up", job=name)
        raise
    except Exception as error:
        log.warning("job failed", job=name, attempt=attempts + 1, of=most, error=type(error).__name__)
        if attempts + 1 >= most:
            raise
        raise RetryRequested(delay=_wait(attempts), reason=type(error).__name__) from error


class _Crashing(Exception):
    """A job that takes its worker down with it, again and again."""


async def _counted(job: Job) -> None:
    """Do a job; its start is counted before it happens, because one that kills its worker fails without a trace."""
    handler, most = _handlers[job.entrypoint]
    starts = await fetch_value(
        "insert into job_start (job, starts) values ($1, 1) on conflict (job) do update "
        "set starts = job_start.starts + 1 returning starts",
        job.id,
    )
    if starts > most + _MOST_CRASHES:
        raise _Crashing(f"started {starts - 1} times without coming to an end")
    await handler(json.loads(job.payload or b"{}"))
    await execute("delete from job_start where job = $1", job.id)


async def work(dsn: dict[str, Any], stop: asyncio.Event) -> None:
    """Do jobs until `stop` is set; the running ones end first.

    Args:
        dsn: asyncpg's arguments; the pool of this process must be open beside it.
        stop: set it to leave.

    Raises:
        ConnectionError and its like: the connection was lost; the caller begins again.
    """
    connection = await asyncpg.connect(**dsn, server_settings={"application_name": "motcua-worker"})
    queue = PgQueuer(AsyncpgDriver(connection))
    for name in _handlers:
        queue.entrypoint(name, on_failure="hold")(_run)
    for name, (chore, when) in _daily.items():
        queue.schedule(name, when)(_alone(chore))
    connection.add_termination_listener(lambda *_: queue.shutdown.set())

    async def leave() -> None:
        await stop.wait()
        queue.shutdown.set()

    leaving = asyncio.create_task(leave())
    try:
        await queue.run(dequeue_timeout=_PATIENCE, batch_size=20, max_concurrent_tasks=40, heartbeat_timeout=_SILENCE)
    finally:
        leaving.cancel()
        connection.terminate() if connection.is_closed() else await connection.close()
    if not stop.is_set():
        raise ConnectionError("the worker's connection was lost")


async def _run(job: Job) -> None:
    await _judged(job.entrypoint, job.attempts, _counted(job))


def _alone(chore: Chore) -> Callable[[Schedule], Awaitable[None]]:
    async def do(schedule: Schedule) -> None:
        await chore()

    return do


_TIDY = (
    "delete from pgqueuer_log where created < now() - interval '30 days'",
    "delete from job_start where not exists (select from pgqueuer where id = job_start.job)",
    "delete from rate_bucket where until < now()",
)


@daily("tidy", hour=3, minute=17)
async def tidy() -> None:
    """Forget what nobody will ask for: old events, logs of finished jobs, limits that are over."""
    await live.sweep()
    for sql in _TIDY:
        await execute(sql)
