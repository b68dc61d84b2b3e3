"""Live steps: what is announced in a transaction reaches every open screen that may see it, across processes, without loss.

An event only says that a subject changed; the screen asks for its block again. Each event row keeps the
transaction that wrote it, and the id sent to a browser is the oldest transaction still open when we read:
whatever committed later, in any order, is sent again after a gap. An event may come twice, never not at all.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Iterable
from typing import Any

import asyncpg
import structlog

from backend.kit.database import Record, fetch, fetch_value, unit_connection

log = structlog.get_logger("live")

CHANNEL = "live"
_HEARTBEAT_S = 15.0
_QUEUE_LENGTH = 200
_RETRY_S = 0.2

_READ = """
select e.id, e.topic, e.subject, pg_snapshot_xmin(pg_current_snapshot())::text as mark
from live_event e where e.xact >= $1::text::xid8 order by e.id
"""
_MISSED = """
select distinct subject from live_event where xact >= $1::text::xid8 and topic = any($2)
"""


async def announce(topics: Iterable[str], subject: str) -> None:
    """Tell, when the open unit of work commits, everybody who follows one of `topics` that `subject` changed.

    Raises:
        RuntimeError: outside a unit of work.
    """
    connection = unit_connection()
    await connection.executemany(
        "insert into live_event (topic, subject) values ($1, $2)", [(topic, subject) for topic in sorted(set(topics))]
    )
    await connection.execute("select pg_notify($1, '')", CHANNEL)


class Subscription:
    """One browser's stream: the topics its person may see, and the events that wait to be sent."""

    def __init__(self, topics: frozenset[str]) -> None:
        self.topics = topics
        self.waiting: asyncio.Queue[tuple[str, str]] = asyncio.Queue(_QUEUE_LENGTH)
        self.overflowed = False

    def offer(self, mark: str, subject: str) -> None:
        """Queue an event; a browser too slow to read loses its stream and resumes from its last id."""
        try:
            self.waiting.put_nowait((mark, subject))
        except asyncio.QueueFull:
            self.overflowed = True


class Hub:
    """Reads the events of the database once per process and hands them to the open streams."""

    def __init__(self) -> None:
        self.leaving = asyncio.Event()
        self._subscriptions: dict[str, set[Subscription]] = {}
        self._woken = asyncio.Event()
        self._mark = "0"
        self._seen: deque[int] = deque(maxlen=20_000)
        self._seen_set: set[int] = set()

    async def run(self, dsn: dict[str, Any]) -> None:
        """Listen until cancelled; after a cut connection connect again and read what was missed."""
        while True:
            try:
                await self._listen(dsn)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("listening again", reason=type(error).__name__)
            await asyncio.sleep(_RETRY_S)

    async def _listen(self, dsn: dict[str, Any]) -> None:
        connection = await asyncpg.connect(**dsn, server_settings={"application_name": "motcua-live"})
        lost = asyncio.Event()

        def on_lost(_: Any) -> None:
            lost.set()
            self._woken.set()

        try:
            connection.add_termination_listener(on_lost)
            await connection.add_listener(CHANNEL, lambda *_: self._woken.set())
            if self._mark == "0":
                self._mark = str(await connection.fetchval("select pg_snapshot_xmin(pg_current_snapshot())::text"))
            self._woken.set()
            while not lost.is_set():
                await self._woken.wait()
                self._woken.clear()
                if not lost.is_set():
                    await self._hand_out(await connection.fetch(_READ, self._mark))
        finally:
            with contextlib.suppress(Exception):
                await connection.close(timeout=1)

    async def _hand_out(self, rows: list[Record]) -> None:
        for row in rows:
            self._mark = row["mark"]
            if row["id"] in self._seen_set:
                continue
            self._remember(row["id"])
            for subscription in self._subscriptions.get(row["topic"], ()):
                subscription.offer(row["mark"], row["subject"])

    def _remember(self, event: int) -> None:
        if len(self._seen) == self._seen.maxlen:
            self._seen_set.discard(self._seen[0])
        self._seen.append(event)
        self._seen_set.add(event)

    @contextlib.contextmanager
    def _following(self, topics: frozenset[str]) -> Any:
        subscription = Subscription(topics)
        for topic in topics:
            self._subscriptions.setdefault(topic, set()).add(subscription)
        try:
            yield subscription
        finally:
            for topic in topics:
                followers = self._subscriptions[topic]
                followers.discard(subscription)
                if not followers:
                    del self._subscriptions[topic]

    async def stream(self, topics: frozenset[str], last: str | None) -> AsyncIterator[bytes]:
        """Yield server-sent events for `topics`, first those since the mark `last`, until the process leaves.

        Args:
            topics: what the person may see, decided by the caller.
            last: the id of the last event the browser got, if any.
        """
        with self._following(topics) as subscription:
            mark = str(await fetch_value("select pg_snapshot_xmin(pg_current_snapshot())::text"))
            yield b"retry: 1000\n" + _event(mark, "hello", "")
            if last and last.isdigit():
                for row in await fetch(_MISSED, last, list(topics)):
                    yield _event(mark, "change", row["subject"])
            while not self.leaving.is_set() and not subscription.overflowed:
                yield await self._next(subscription)

    async def _next(self, subscription: Subscription) -> bytes:
        waiting = asyncio.ensure_future(subscription.waiting.get())
        leaving = asyncio.ensure_future(self.leaving.wait())
        done, pending = await asyncio.wait({waiting, leaving}, timeout=_HEARTBEAT_S, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        return _event(waiting.result()[0], "change", waiting.result()[1]) if waiting in done else b": still here\n\n"


def _event(mark: str, kind: str, data: str) -> bytes:
    return f"id: {mark}\nevent: {kind}\ndata: {data}\n\n".encode()
