"""The one stream of live steps: what a person may follow, for as long as their session lasts."""

from collections.abc import AsyncIterator
from datetime import timedelta

from backend.accounts import sessions
from backend.accounts.viewer import Viewer
from backend.agencies.officers import places_of
from backend.kit import clock
from backend.kit.live import HEARTBEAT_S, Hub, event

# The stream says something at least every heartbeat; the session is asked for just before it does.
_ASK_EVERY = timedelta(seconds=HEARTBEAT_S - 1)

# In a process. A browser reads one for all its tabs, beside it one or two it has left and we have not noticed yet.
_MOST_OF_A_SESSION = 4
_MOST_OF_AN_ACCOUNT = 12


async def topics(viewer: Viewer) -> frozenset[str]:
    """Return what `viewer` may follow: their own news and, for an officer in office, that of the agency."""
    found = {f"person:{viewer.account_id}"}
    if viewer.officer:
        found |= {f"agency:{place.agency_id}" for place in await places_of(viewer.account_id)}
    return frozenset(found)


async def follow(hub: Hub, viewer: Viewer, token: str, last: str | None) -> AsyncIterator[bytes]:
    """Yield the live steps of `viewer` until the session of `token` ends; then say goodbye.

    When the person may follow something else than before, the stream ends too and the browser comes back for the new one.
    Of too many streams of one session or account the newest go on.

    Args:
        hub: of this process.
        viewer, token: who follows, and by which session.
        last: the mark of the page or of the last event the browser got.
    """
    asked, followed = clock.now(), await topics(viewer)
    holders = {f"session:{viewer.session_id}": _MOST_OF_A_SESSION, f"account:{viewer.account_id}": _MOST_OF_AN_ACCOUNT}
    async for step in hub.stream(followed, last, holders):
        if clock.now() - asked >= _ASK_EVERY:
            asked = clock.now()
            if await sessions.who(token) is None:
                yield event("bye")
                return
            if await topics(viewer) != followed:
                return
        yield step
