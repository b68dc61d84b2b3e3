"""Live steps: what is announced in a transaction reaches every open screen that may see it, across processes, without loss.

An event only says that a subject changed; the screen asks for its block again. Each event row keeps the
transaction that wrote it, and the id sent to a browser, the mark, is the oldest transaction still open when we
read: whatever commits later, in any order, is read again from there. An event may come twice, never not at all.

On the wire: `hello` (the mark alone, also as heartbeat), `change` (subjects parted by blanks; * when it is not known
what changed), `bye` (do not come back). One event carries one mark and all it stands for: half of it never arrives.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from typing import Any

import asyncpg
import structlog

from backend.kit.database import Record, fetch, unit_connection

log = structlog.get_logger("live")

CHANNEL = "live"
HEARTBEAT_S = 15.0
EVERYTHING = "*"
_MOST_SUBJECTS = 200
_RETRY_S = 0.2
_ANSWER_S = 10.0

_MARK = "pg_snapshot_xmin(pg_current_snapshot())::text"
_READ = f"""
select {_MARK} as mark, e.id, e.topic, e.subject
from (select 1) as always left join live_event e on e.xact >= $1::text::xid8 order by e.id
"""
# A mark of the future is one of another database; one before the oldest kept event is too old to know.
_MISSED = f"""
select {_MARK} as mark,
    $1::text::xid8 > pg_snapshot_xmin(pg_current_snapshot())
        or $1::text::xid8 < (select min(xact) from live_event) as unknown,
    array(select distinct subject from live_event where xact >= $1::text::xid8 and topic = any($2)) as subjects
"""
# The newest of the old events stays, so that a table that was swept is never empty.
_SWEEP = """
delete from live_event where xact < (select max(xact) from live_event where at < now() - interval '2 days')
    or xact >= pg_snapshot_xmax(pg_current_snapshot())
"""


async def announce(topics: Iterable[str], subject: str) -> None:
    """Tell, when the open unit of work commits, everybody who follows one of `topics` that `subject` changed.

    Args:
        topics: person:<account>, agency:<agency>.
        subject: one word without blanks; the browser gets the DOM event live:<subject>.

    Raises:
        RuntimeError: outside a unit of work.
    """
    connection = unit_connection()
    await connection.executemany(
        "insert into live_event (topic, subject) values ($1, $2)", [(topic, subject) for topic in sorted(set(topics))]
    )
    await connection.execute("select pg_notify($1, '')", CHANNEL)


_hearers: dict[str, Callable[[str], None]] = {}


def when_announced(topic: str, act: Callable[[str], None]) -> None:
    """Have `act` called with each subject announced under `topic`, in every server process, for what it keeps in memory."""
    _hearers[topic] = act


async def sweep() -> None:
    """Forget events older than two days: a screen that slept longer fetches everything anew."""
    await fetch(_SWEEP)


class Subscription:
    """One browser's stream: the topics its person may see, and the subjects that changed since it was last told."""

    def __init__(self, topics: frozenset[str]) -> None:
        self.topics = topics
        self.woken = asyncio.Event()
        self.over = False
        self._changed: dict[str, None] = {}

    def offer(self, subject: str) -> None:
        """Remember that `subject` changed; a browser slow to read is told later, once."""
        self._changed[subject] = None
        self.woken.set()

    def end(self) -> None:
        """Let the stream end for good: a newer one took its place."""
        self.over = True
        self.woken.set()

    def take(self) -> list[str]:
        """Return what changed and forget it."""
        changed = list(self._changed)
        self._changed.clear()
        self.woken.clear()
        return changed


class Hub:
    """Reads the events of the database once per process and hands them to the open streams."""

    def __init__(self) -> None:
        self.leaving = asyncio.Event()
        self._followers: dict[str, set[Subscription]] = {}
        self._held: dict[str, list[Subscription]] = {}
        self._woken = asyncio.Event()
        self._listening = False
        self._mark: str | None = None
        self._handed_out: set[int] = set()

    @property
    def mark(self) -> str:
        """Everything before this mark has been handed out; a page carries it so that its stream begins here."""
        return self._mark or ""

    async def run(self, dsn: dict[str, Any]) -> None:
        """Listen until cancelled; after a cut connection connect again and read what was missed."""
        while True:
            try:
                await self._listen(dsn)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("listening again", reason=type(error).__name__)
            await asyncio.sleep(_RETRY_S)  # a database that is away does not say when it is back

    async def _listen(self, dsn: dict[str, Any]) -> None:
        connection = await asyncpg.connect(
            **dsn, server_settings={"application_name": "motcua-live"}, command_timeout=_ANSWER_S
        )
        try:
            connection.add_termination_listener(lambda *_: self._woken.set())
            await connection.add_listener(CHANNEL, lambda *_: self._woken.set())
            self._begin(await connection.fetchval(f"select {_MARK}"))
            while not connection.is_closed():
                self._woken.clear()
                self._hand_out(await connection.fetch(_READ, self._mark))
                self._listening = True
                # A line that is dead without saying so is noticed by reading now and then.
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), HEARTBEAT_S)
        finally:
            self._listening = False
            connection.terminate()

    def _begin(self, mark: str) -> None:
        """Take the first mark; later ones come with what is read, so that a cut line misses nothing."""
        if self._mark is None:
            self._mark = mark

    def _hand_out(self, rows: list[Record]) -> None:
        """Offer what was read to its followers, but for what the reading before brought already."""
        events = [row for row in rows if row["id"] is not None]
        for event in events:
            if event["id"] not in self._handed_out:
                if hearer := _hearers.get(event["topic"]):
                    hearer(event["subject"])
                for follower in self._followers.get(event["topic"], ()):
                    follower.offer(event["subject"])
        self._handed_out = {event["id"] for event in events}
        self._mark = rows[0]["mark"]

    @contextlib.contextmanager
    def _following(self, topics: frozenset[str], holders: Mapping[str, int]) -> Iterator[Subscription]:
        subscription = Subscription(topics)
        for topic in topics:
            self._followers.setdefault(topic, set()).add(subscription)
        for holder, most in holders.items():
            held = self._held.setdefault(holder, [])
            held.append(subscription)
            for oldest in held[:-most]:
                oldest.end()
        try:
            yield subscription
        finally:
            for topic in topics:
                _forget(self._followers, topic, subscription)
            for holder in holders:
                _forget(self._held, holder, subscription)

    async def stream(
        self, topics: frozenset[str], last: str | None, holders: Mapping[str, int] | None = None
    ) -> AsyncIterator[bytes]:
        """Yield server-sent events for `topics`, first what changed since `last`, until the process leaves.

        At least every HEARTBEAT_S seconds something is yielded.

        Args:
            topics: what the person may see, decided by the caller.
            last: the mark of the page, or of the last event the browser got; None: from now on.
            holders: whose stream it is (a session, an account), and how many streams each may have open in this
                process, at least one; the newest stays, the oldest is told `bye`.
        """
        with self._following(topics, holders or {}) as subscription:
            # The mark of this process, the same that its pages carry: a browser sees at a glance that it missed nothing.
            mark = self._mark
            present, missed = await self._missed(topics, last)
            mark = mark or present
            # A browser that takes a mark must have got all that came before it, in the same event.
            yield b"retry: 1000\n" + event("hello", mark="" if missed else mark)
            if missed:
                yield event("change", missed, mark)
            while not self.leaving.is_set():
                await self._wait(subscription)
                if subscription.over:
                    yield event("bye")
                    return
                yield self._next(subscription)

    def _next(self, subscription: Subscription) -> bytes:
        if changed := subscription.take():
            return event("change", changed, self.mark)
        # While we do not hear the database ourselves, the screen must not believe that it is up to date.
        return event("hello", mark=self.mark) if self._listening else b": not heard\n\n"

    async def _missed(self, topics: frozenset[str], last: str | None) -> tuple[str, list[str]]:
        """Return the present mark and what changed since `last`; the first of all streams makes the process begin here."""
        known = last is not None and last.isascii() and last.isdigit() and len(last) < 19
        row = (await fetch(_MISSED, last if known else "0", list(topics)))[0]
        self._begin(row["mark"])
        if not known:
            return row["mark"], []
        return row["mark"], [EVERYTHING] if row["unknown"] else list(row["subjects"])

    async def _wait(self, subscription: Subscription) -> None:
        waits = [asyncio.ensure_future(subscription.woken.wait()), asyncio.ensure_future(self.leaving.wait())]
        try:
            await asyncio.wait(waits, timeout=HEARTBEAT_S, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()


def _forget(kept: dict[str, Any], key: str, subscription: Subscription) -> None:
    """Take a subscription out of what is kept under `key`; what is empty goes."""
    kept[key].remove(subscription)
    if not kept[key]:
        del kept[key]


def event(kind: str, subjects: Iterable[str] = (), mark: str = "") -> bytes:
    """Return one server-sent event; more subjects than a screen can show count as everything."""
    listed = list(subjects)
    data = " ".join(listed) if len(listed) <= _MOST_SUBJECTS else EVERYTHING
    head = f"id: {mark}\n" if mark else ""
    return f"{head}event: {kind}\ndata: {data}\n\n".encode()
