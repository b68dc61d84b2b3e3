"""Who of the office has a dossier open just now: one row per open page, for as long as its stream lasts.

A closed page takes its row away at once. What a killed process left behind is old after two beats and a half, and the
beat of any other page takes it away. Whoever shows a dossier is told by a live step and asks who is there.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import anyio

from backend.agencies.officers import Officer, names_of
from backend.dossiers.tables import Dossier
from backend.kit import clock, live
from backend.kit.database import execute, fetch, new_id, unit_of_work
from backend.kit.live import HEARTBEAT_S, Hub, event

LASTS = timedelta(seconds=2.5 * HEARTBEAT_S)
# Of one officer in a process: hidden pages hold nothing, so that more than a few are left-overs.
_MOST_PAGES = 8
_TO_LEAVE_S = 5.0

_OTHERS = """
select distinct officer from dossier_presence
where dossier = $1 and agency = $2 and officer <> $3 and seen_at > $4
"""
# Two who come at once must see one another; they wait for each other's row.
_IN_TURN = "select pg_advisory_xact_lock(hashtextextended('present-' || $1, 0))"
_SEEN = """
insert into dossier_presence (id, agency, dossier, officer, seen_at) values ($1, $2, $3, $4, $5)
on conflict (id) do update set seen_at = excluded.seen_at
"""
# Skipping what is locked: two beats that sweep at once never wait for one another.
_SWEEP = """
delete from dossier_presence where id in (select id from dossier_presence where seen_at <= $1 for update skip locked)
returning agency, dossier
"""


async def others(dossier: Dossier, officer: Officer) -> list[str]:
    """Return the names of the colleagues who have the dossier open now, without `officer`."""
    rows = await fetch(_OTHERS, dossier.id, officer.agency_id, officer.id, clock.now() - LASTS)
    return sorted((await names_of(row["officer"] for row in rows)).values())


async def present(
    hub: Hub, dossier: Dossier, officer: Officer, still: Callable[[], Awaitable[bool]]
) -> AsyncIterator[bytes]:
    """Hold an open page: `officer` counts as there until this stream is closed, or says goodbye.

    Args:
        hub: of this process, to end when it leaves.
        dossier: that is shown.
        officer: before whom.
        still: whether they may still see it; asked at every beat.
    """
    page = new_id()
    await _enter(page, dossier, officer)
    try:
        begun = False
        async for step in hub.stream(frozenset(), None, {f"present:{officer.id}": _MOST_PAGES}):
            if begun and not await still():
                yield event("bye")
                return
            if begun:
                await beat(page, dossier, officer)
            begun = True
            yield step
    finally:
        # The browser is gone and this task is being cancelled: the row must go all the same.
        with anyio.move_on_after(_TO_LEAVE_S, shield=True):
            await _leave(page, dossier, officer)


async def _enter(page: UUID, dossier: Dossier, officer: Officer) -> None:
    async with unit_of_work():
        await fetch(_IN_TURN, str(dossier.id))
        await execute(_SEEN, page, officer.agency_id, dossier.id, officer.id, clock.now())
        await _tell_others(dossier, officer)


async def _leave(page: UUID, dossier: Dossier, officer: Officer) -> None:
    async with unit_of_work():
        await fetch(_IN_TURN, str(dossier.id))
        await execute("delete from dossier_presence where id = $1", page)
        await _tell_others(dossier, officer)


async def _tell_others(dossier: Dossier, officer: Officer) -> None:
    """Tell the office, but only where a colleague is there to read it."""
    if await others(dossier, officer):
        await live.announce([f"agency:{officer.agency_id}"], f"present-{dossier.id}")


async def beat(page: UUID, dossier: Dossier, officer: Officer) -> None:
    """Say that a page is still open, and take away the pages of processes that died."""
    now = clock.now()
    async with unit_of_work():
        await execute(_SEEN, page, officer.agency_id, dossier.id, officer.id, now)
        for gone in {(row["agency"], row["dossier"]) for row in await fetch(_SWEEP, now - LASTS)}:
            await live.announce([f"agency:{gone[0]}"], f"present-{gone[1]}")
