"""A running office for tests: a database of its own, several server processes and a worker, as an operator would run them."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from backend.agencies.calendars import import_calendar
from backend.agencies.tables import Role
from backend.agencies.units import import_units
from backend.demo.tariffs import set_tariffs
from backend.kit import clock, database, settings
from backend.kit.migrating import migrate
from backend.kit.postgres import Embedded
from backend.kit.settings import PROJECT
from backend.procedures.importing import SHIPPED, import_document
from backend.procedures.offerings import missing_fees, open_all, set_tariff
from backend.procedures.queries import current, index
from tests import cast as the_cast

READY_SECONDS, STOP_SECONDS = 60, 15

_libc = ctypes.CDLL(None)


def die_with_the_test() -> None:
    """For a process that must not outlive the test, however that ends."""
    _libc.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


class Process:
    """One verb of the command line in a process of its own; what it logs is kept."""

    def __init__(self, arguments: list[str], environ: dict[str, str], log: Path, inherit: tuple[int, ...] = ()) -> None:
        self.arguments, self.environ, self.log, self.inherit = arguments, environ, log, inherit
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; it ends when the test does, however that ends."""
        with open(self.log, "ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "backend.command_line", *self.arguments],
                cwd=PROJECT,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=self.inherit,
                start_new_session=True,
                preexec_fn=die_with_the_test,
            )

    def end(self) -> None:
        """Ask it to stop, and force it when it does not."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    @property
    def running(self) -> bool:
        """Whether it lives."""
        return self.process is not None and self.process.poll() is None


class House:
    """An office: its cluster, server processes on ports of their own, a worker, and the cast in its database."""

    cast: the_cast.Cast
    colleague: the_cast.Person  # receives beside Lê Thị Mai

    def __init__(self, var: Path, servers: int = 2) -> None:
        self.var = var
        self.cluster = Embedded(var / "postgres", durable=False)
        self.listeners = [socket.create_server(("127.0.0.1", 0), backlog=512) for _ in range(servers)]
        self.sites = [f"http://localhost:{one.getsockname()[1]}" for one in self.listeners]
        own = own_settings(var, self.sites[0])
        self.settings = settings.load(own)
        environ = clean_environment() | own
        self.servers = [
            Process(["answer", str(one.fileno())], environ, var / f"server-{number}.log", (one.fileno(),))
            for number, one in enumerate(self.listeners, start=1)
        ]
        self.worker = Process(["worker"], environ, var / "worker.log")

    async def open(self) -> None:
        """Start the database, fill it, start the processes, and wait until each answers."""
        self.cluster.start()
        await migrate(self.cluster.dsn("owner"), self.cluster.dsn("app"))
        async with self.inside():
            self.cast = await settle()
            self.colleague = await the_cast.officer(
                "Hồ Văn Thảo", "0900000011", "038081000011", self.cast.commune, [Role.RECEPTIONIST]
            )
        for process in (*self.servers, self.worker):
            process.start()
        for site, server in zip(self.sites, self.servers, strict=True):
            wait_until_ready(site, server)

    def close(self) -> None:
        """End all processes and throw the database away."""
        for process in (*self.servers, self.worker):
            process.end()
        for listener in self.listeners:
            listener.close()
        self.cluster.discard()

    @contextlib.asynccontextmanager
    async def inside(self) -> AsyncIterator[None]:
        """Inside the block this process works in the office too: its settings hold, its pool is open."""
        with settings.use(self.settings):
            await database.open_pool(self.cluster.dsn("app"), 4)
            try:
                yield
            finally:
                await database.close_pool()

    @contextlib.asynccontextmanager
    async def owner(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection as the tables' owner, for looking at what is there."""
        connection = await asyncpg.connect(**self.cluster.dsn("owner"))
        try:
            yield connection
        finally:
            await connection.close()

    async def superuser(self, sql: str, *arguments: Any) -> Any:
        """Run one statement as the database's superuser and return its first value."""
        connection = await asyncpg.connect(**self.cluster.dsn("super"))
        try:
            return await connection.fetchval(sql, *arguments)
        finally:
            await connection.close()

    def logs(self) -> str:
        """What all processes logged."""
        return "\n".join(path.read_text(errors="replace") for path in sorted(self.var.glob("*.log")))


def own_settings(var: Path, public_url: str) -> dict[str, str]:
    """Return the settings of a house under `var`."""
    return {
        "MOTCUA_VAR": str(var),
        "MOTCUA_SECRET": "house" * 8,
        "MOTCUA_PUBLIC_URL": public_url,
        "MOTCUA_LOG_LEVEL": "warning",
        "MOTCUA_DEMO": "no",
    }


def clean_environment() -> dict[str, str]:
    """Return the caller's environment without settings: the house has its own database, whatever the tests use."""
    return {name: text for name, text in os.environ.items() if not name.startswith(("MOTCUA_", "DATABASE_URL"))}


async def settle() -> the_cast.Cast:
    """Fill an empty database: units, calendar, the whole catalogue, the cast; the province sets its fees, all is open."""
    await import_units()
    await import_calendar()
    await import_document(SHIPPED)
    cast = await the_cast.assemble()
    today = clock.local(clock.now()).date()
    await set_tariffs(cast.province, today)
    for entry in (await index()).entries:
        published = await current(entry.code)
        assert published is not None
        for fee in await missing_fees(cast.commune, published.version):
            await set_tariff(cast.province, entry.code, fee.id, 20_000, None, "NQ 12/2026", today, None)
    for agency in (cast.commune, cast.other_commune):
        await open_all(agency)
    return cast


def wait_until_ready(site: str, process: Process | None = None) -> None:
    """Ask until the server answers that it can work; its connections wait in the socket's queue until it accepts them."""
    deadline = time.monotonic() + READY_SECONDS
    with httpx.Client(base_url=site.replace("localhost", "127.0.0.1"), timeout=2) as client:
        while True:
            try:
                if client.get("/health/ready").status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            assert process is None or process.running, f"the server ended:\n{process.log.read_text(errors='replace')}"
            assert time.monotonic() < deadline, f"{site} does not answer"


@contextlib.contextmanager
def free_port() -> Iterator[int]:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        yield int(probe.getsockname()[1])
