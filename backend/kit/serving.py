"""The two kinds of process that do the office's work: one answers requests, one does the jobs they leave behind."""

import asyncio
import contextlib
import signal
import socket

import structlog
import uvicorn

from backend.kit import database, jobs, logs
from backend.kit.postgres import address
from backend.kit.settings import Settings

GRACE_SECONDS = 10  # for requests under way when the process is asked to leave
KEEP_ALIVE_SECONDS = 30
AGAIN_SECONDS = 1  # between two tries to reach a database that is away


def serve(settings: Settings, listener: socket.socket) -> None:
    """Answer requests on `listener` until a signal asks to leave."""
    logs.set_up(settings.log_level, settings.log_format)
    config = uvicorn.Config(
        "litestar_app:app",
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        server_header=False,
        proxy_headers=settings.trusted_proxies is not None,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        access_log=False,
        log_config=None,
    )
    uvicorn.Server(config).run(sockets=[listener])


async def work(settings: Settings) -> None:
    """Do jobs until a signal asks to leave; the running ones end first. A database that is away is waited for."""
    logs.set_up(settings.log_level, settings.log_format)
    log = structlog.get_logger("worker")
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    while not stop.is_set():
        try:
            await database.open_pool(address(settings), settings.pool_size)
            await jobs.work(address(settings), stop)
        except database.AWAY as error:
            log.warning("the database is away", reason=type(error).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), AGAIN_SECONDS)
        finally:
            await database.close_pool()
