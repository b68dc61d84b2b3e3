"""The baseline of pages: a Litestar handler that asks the database what the page asks, and answers without a template."""

import contextlib
import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator

import httpx
import uvicorn
from litestar import Litestar, get

from backend.kit import database, settings
from backend.kit.postgres import address
from backend.kit.serving import KEEP_ALIVE_SECONDS
from backend.kit.settings import PROJECT
from benchmarks.office import Office
from benchmarks.recording import Query

ANSWER = "bare"
READY_SECONDS = 30


def application(queries: list[Query]) -> Litestar:
    """Return the app whose one handler runs `queries` on a pool as large as the page's."""
    current = settings.current()

    @contextlib.asynccontextmanager
    async def pool(app: Litestar) -> AsyncIterator[None]:
        await database.open_pool(address(current), current.pool_size)
        try:
            yield
        finally:
            await database.close_pool()

    @get("/")
    async def answer() -> str:
        for sql, arguments in queries:
            await database.fetch(sql, *arguments)
        return ANSWER

    return Litestar(route_handlers=[answer], lifespan=[pool], openapi_config=None, logging_config=None)


@contextlib.contextmanager
def bare_server(office: Office, queries: list[Query]) -> Iterator[str]:
    """Run the baseline in a process of its own and yield its address."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.bare", str(listener.fileno())],
            cwd=PROJECT,
            env={**os.environ, **office.environ},
            stdin=subprocess.PIPE,
            pass_fds=[listener.fileno()],
        )
        site = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        try:
            assert process.stdin is not None
            process.stdin.write(pickle.dumps(queries))
            process.stdin.close()
            _wait(site)
            yield site
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()


def _wait(site: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            if httpx.get(site, timeout=5).text == ANSWER:
                return
        except httpx.HTTPError:
            pass
        if time.monotonic() > deadline:
            raise RuntimeError("the baseline does not answer")
        time.sleep(0.2)  # nothing tells a stranger when a server begins to answer


if __name__ == "__main__":
    # Ours, written by the process that started this one.
    asked: list[Query] = pickle.loads(sys.stdin.buffer.read())
    server = uvicorn.Server(
        uvicorn.Config(
            application(asked),
            loop="uvloop",
            http="httptools",
            ws="none",
            lifespan="on",
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            access_log=False,
            log_level="warning",
        )
    )
    server.run(sockets=[socket.socket(fileno=int(sys.argv[1]))])
