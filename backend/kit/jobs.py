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
from pgqueuer.models import Job

from backend.kit import clock
from backend.kit.database import execute, fetch_value, unit_connection

log = structlog.get_logger("jobs")

Payload = dict[str, Any]
Handler = Callable[[Payload], Awaitable[None]]

_handlers: dict[str, tuple[Handler, int]] = {}
_FIRST_WAIT = timedelta(seconds=2)
_LONGEST_WAIT = timedelta(minutes=30)
_MOST_STARTS = 10


def job(name: str, attempts: int = 6) -> Callable[[Handler], Handler]:
    """Register a handler under `name`; after `attempts` failures the job is kept as failed for good."""

    def register(handler: Handler) -> Handler:
        _handlers[name] = (handler, attempts)
        return handler

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


def _wait(attempts: int) -> timedelta:
    return min(_FIRST_WAIT * 4**attempts, _LONGEST_WAIT)


async def perform(name: str, payload: Payload, attempts: int) -> None:
    """Do one job; ask for a retry with back-off until its attempts are used up.

    Raises:
        RetryRequested: it failed and is to be tried again.
        Exception: it failed for good.
    """
    handler, most = _handlers[name]
    try:
        await handler(payload)
    except Exception as error:
        log.warning("job failed", job=name, attempt=attempts + 1, of=most, error=type(error).__name__)
        if attempts + 1 >= most:
            raise
        raise RetryRequested(delay=_wait(attempts), reason=type(error).__name__) from error


async def _count_start(job_id: int) -> None:
    """Count a start before it happens: a job that kills its worker must not come back for ever."""
    starts = await fetch_value(
        "insert into job_start (job, starts) values ($1, 1) on conflict (job) do update "
        "set starts = job_start.starts + 1 returning starts",
        job_id,
    )
    if starts > _MOST_STARTS:
        raise RuntimeError("this job was started too often without coming to an end")


async def work(dsn: dict[str, Any], stop: asyncio.Event) -> None:
    """Do jobs until `stop` is set; the running ones end first. A lost connection is the caller's to heal."""
    connection = await asyncpg.connect(**dsn)
    queue = PgQueuer(AsyncpgDriver(connection))
    for name in _handlers:
        _bind(queue, name)

    async def leave() -> None:
        await stop.wait()
        queue.shutdown.set()

    leaving = asyncio.create_task(leave())
    try:
        await queue.run(dequeue_timeout=timedelta(seconds=5), batch_size=20, max_concurrent_tasks=40)
    finally:
        leaving.cancel()
        await connection.close()


def _bind(queue: PgQueuer, name: str) -> None:
    @queue.entrypoint(name, on_failure="hold")
    async def run(job: Job) -> None:
        await _count_start(job.id)
        await perform(name, json.loads(job.payload or b"{}"), job.attempts)
        await execute("delete from job_start where job = $1", job.id)
