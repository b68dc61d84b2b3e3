"""The application on a port of its own, in the test's loop: streams need a real connection."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest
import uvicorn

from backend.kit.live import Hub
from tests.conftest import Cluster


@pytest.fixture
async def site(app: Any, db: Cluster) -> AsyncIterator[str]:
    """The application on a port, in this loop; returns its address."""
    app.state.hub = Hub()
    listening = asyncio.create_task(app.state.hub.run(db.app))
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None, timeout_graceful_shutdown=2))
    with suppress(asyncio.CancelledError):
        serving = asyncio.create_task(server._serve([listener]))
        yield f"http://localhost:{listener.getsockname()[1]}"
        app.state.hub.leaving.set()
        server.should_exit = True
        await serving
    listening.cancel()
