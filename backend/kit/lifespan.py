"""What one server process opens when it starts and closes when it leaves: its pool, and the listener for live steps."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator
from types import FrameType
from typing import Any

from litestar import Litestar

from backend.kit import settings
from backend.kit.access import refuse_undecided
from backend.kit.database import close_pool, open_pool
from backend.kit.live import Hub
from backend.kit.postgres import address


def _streams_end_on_signal(hub: Hub) -> None:
    """Let open streams say goodbye when the process is asked to leave; the server itself would wait for them."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):

        def chained(seen: int, frame: FrameType | None, before: Any = signal.getsignal(number)) -> None:
            loop.call_soon_threadsafe(hub.leaving.set)
            if callable(before):
                before(seen, frame)

        with contextlib.suppress(ValueError):  # not in the main thread: a test's server
            signal.signal(number, chained)


@contextlib.asynccontextmanager
async def lifespan(app: Litestar) -> AsyncIterator[None]:
    """Refuse routes nobody guards, open pool and hub, listen; close all of it at the end.

    Raises:
        RuntimeError: a route has no guard that decides, or the server is too old.
    """
    current = settings.current()
    refuse_undecided(app)
    await open_pool(address(current), current.pool_size)
    app.state.hub = Hub()
    _streams_end_on_signal(app.state.hub)
    listening = asyncio.create_task(app.state.hub.run(address(current)))
    try:
        yield
    finally:
        app.state.hub.leaving.set()
        listening.cancel()
        await close_pool()
