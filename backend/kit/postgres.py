"""The embedded PostgreSQL: a real server the app starts itself, reached through a socket only its user may open.

The server belongs to the process that starts it and ends with it, also when that process is killed. Other
processes on the machine share it. As root the server runs as an unprivileged user, as PostgreSQL demands.
"""

import contextlib
import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import asyncpg

from backend.kit.postgres_cluster import PORT, SUPERUSER, Cluster, PostgresError
from backend.kit.settings import Settings

__all__ = ["Embedded", "PostgresError", "Role", "address", "check", "embedded", "running"]

DATABASE = "motcua"
USERS = {"super": SUPERUSER, "owner": "motcua_owner", "app": "motcua_app"}
OLDEST = 15
START_SECONDS, RETRY_SECONDS, STOP_SECONDS = 60, 20, 30

Role = Literal["app", "owner", "super"]

PARAMETERS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    # Statements and details carry what people typed: they stay out of the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}
THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
ROLES = f"""
select format('create role %I login', name) from unnest(array['motcua_owner', 'motcua_app']) as name
where not exists (select from pg_roles where rolname = name) \\gexec
select 'create database {DATABASE} owner motcua_owner'
where not exists (select from pg_database where datname = '{DATABASE}') \\gexec
"""
# Said by a server that finds the remains of one killed moments ago; it passes.
PASSING = ("lock file", "still in use")

_libc = ctypes.CDLL(None)  # loaded before any fork: the child may not load libraries


def _stop_with_parent() -> None:
    _libc.prctl(1, signal.SIGINT)  # PR_SET_PDEATHSIG; SIGINT is PostgreSQL's fast and clean shutdown


class Embedded:
    """The server of one cluster; `durable=False` gives up safety for speed, for clusters that are thrown away."""

    def __init__(self, home: Path, durable: bool = True) -> None:
        self.cluster = Cluster(home)
        self.home, self.data, self.sockets = self.cluster.home, self.cluster.data, self.cluster.sockets
        self.durable = durable
        self.child: subprocess.Popen[bytes] | None = None
        self._lock: int | None = None

    def dsn(self, role: Role = "app", database: str = DATABASE) -> dict[str, Any]:
        """Keyword arguments for `asyncpg.connect`, `asyncpg.create_pool` and Piccolo's engine."""
        return {"host": str(self.sockets), "port": PORT, "user": USERS[role], "database": database}

    def start(self) -> Literal["owner", "shared"]:
        """Start the server, or find it started by another process ("shared").

        Call it from the main thread: the server ends with the thread that started it. The first start makes
        the cluster, its roles and its database. Raises PostgresError.
        """
        if threading.current_thread() is not threading.main_thread():
            raise PostgresError("the embedded PostgreSQL must be started from the main thread")
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            if not self._take_lock():
                return "shared"
            self.cluster.prepare(self.durable)
            self._spawn_until_ready()
            self.query(ROLES)
        except OSError as error:
            self.stop()
            raise PostgresError(f"PostgreSQL cannot start in {self.home}: {error}") from error
        except BaseException:
            self.stop()
            raise
        return "owner"

    def revive(self) -> bool:
        """Start the server again if it has died under its owner; true when it had to."""
        if self.child is None or self.child.poll() is None:
            return False
        self._spawn_until_ready()
        return True

    def stop(self) -> None:
        """Stop the server if this process started it; open transactions are rolled back."""
        if self.child is not None:
            if self.child.poll() is None:
                self.child.send_signal(signal.SIGINT)
            try:
                self.child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.child.send_signal(signal.SIGQUIT)  # at once; the next start recovers from the log
                self.child.wait(STOP_SECONDS)
            self.child = None
            with contextlib.suppress(OSError):
                self.sockets.rmdir()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def discard(self) -> None:
        """Stop the server and delete the cluster with all it holds: for throw-away clusters."""
        self.stop()
        self.cluster.discard()

    def accepts(self) -> bool:
        """Does the server answer on its socket?"""
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self.sockets / f".s.PGSQL.{PORT}"))
            except OSError:
                return False
        return self._ready_line() is not None

    def clone(self, name: str, template: str = DATABASE) -> None:
        """Make database `name` as a copy of `template`, to which nobody may be connected meanwhile."""
        self.query(f'create database "{name}" template "{template}" owner {USERS["owner"]}')

    def drop(self, name: str) -> None:
        """Drop database `name`, ending whoever is connected to it."""
        self.query(f'drop database if exists "{name}" with (force)')

    def query(self, sql: str, database: str = "postgres") -> str:
        """Run `sql` as the superuser and return the rows as text. Raises PostgresError with the server's words."""
        where = ["-h", str(self.sockets), "-p", str(PORT), "-U", SUPERUSER, "-d", database]
        return self.cluster.run("psql", *where, "-XqAt", "-v", "ON_ERROR_STOP=1", "-f", "-", text=sql)

    def _take_lock(self) -> bool:
        """Become the owner (true), or wait for another owner's server to answer (false)."""
        lock = os.open(self.home / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if self.accepts():
                    os.close(lock)
                    return False
                time.sleep(0.05)  # two things may come, a free lock or an answer: no one call waits for both
            else:
                self._lock = lock
                return True
        os.close(lock)
        raise PostgresError(f"another process holds {self.home / 'lock'}, but its PostgreSQL does not answer")

    def _spawn_until_ready(self) -> None:
        begun = time.monotonic()
        self._spawn()
        while not self._is_ready():
            assert self.child is not None
            waited = time.monotonic() - begun
            if self.child.poll() is not None:
                said = self._last_words()
                if waited > RETRY_SECONDS or not any(words in said for words in PASSING):
                    raise PostgresError(f"PostgreSQL stopped at once; {self.home / 'log'} ends with:\n{said}")
                time.sleep(0.3)  # what is in the way passes without a sign
                self._spawn()
            if waited > START_SECONDS:
                raise PostgresError(f"PostgreSQL does not get ready; read {self.home / 'log'}")
            time.sleep(0.02)  # it writes into a file that it is ready, and may end instead

    def _spawn(self) -> None:
        parameters = PARAMETERS | ({} if self.durable else THROW_AWAY)
        options = [word for name, value in parameters.items() for word in ("-c", f"{name}={value}")]
        where = ["-D", str(self.data.resolve()), "-k", str(self.sockets), "-p", str(PORT)]
        with open(self.home / "log", "ab") as log:
            self.child = subprocess.Popen(
                [str(self.cluster.programs / "postgres"), *where, *options],
                cwd="/",
                env=self.cluster.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # the terminal's Ctrl-C is ours: the server stops last
                preexec_fn=_stop_with_parent,  # runs after the change of user, which would clear the wish
                **self.cluster.as_user(),
            )

    def _is_ready(self) -> bool:
        # After kill -9 a stale file still says ready, so the process must be ours.
        return self.child is not None and self._ready_line() == self.child.pid

    def _ready_line(self) -> int | None:
        """The process that `postmaster.pid` calls ready."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            if lines[7].strip() == "ready":
                return int(lines[0])
        return None

    def _last_words(self) -> str:
        return "\n".join((self.home / "log").read_text(errors="replace").splitlines()[-4:])


def embedded(settings: Settings) -> Embedded:
    """The cluster of this installation."""
    return Embedded(settings.var / "postgres")


def address(settings: Settings, role: Role = "app") -> dict[str, Any]:
    """Keyword arguments for asyncpg and Piccolo: the server of DATABASE_URL, else the embedded one."""
    if settings.database_url is None:
        return embedded(settings).dsn(role)
    return {"dsn": settings.owner_database_url if role == "owner" else settings.database_url}


async def check(settings: Settings) -> None:
    """Can both roles sign in, and is the server new enough? Raises PostgresError naming the setting at fault."""
    roles: tuple[tuple[str, Role], ...] = (("DATABASE_URL", "app"), ("MOTCUA_OWNER_DATABASE_URL", "owner"))
    for variable, role in roles:
        try:
            connection = await asyncpg.connect(**address(settings, role), timeout=10)
        except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise PostgresError(f"{variable}: PostgreSQL cannot be reached: {error or type(error).__name__}") from None
        try:
            major = int(await connection.fetchval("show server_version_num")) // 10000
        finally:
            await connection.close()
        if major < OLDEST:
            raise PostgresError(f"{variable}: PostgreSQL {OLDEST} or newer is needed, this one is {major}")


@contextlib.contextmanager
def running(settings: Settings) -> Iterator[Embedded | None]:
    """The database is up inside the block: the embedded one is started, unless another process has done so.

    Yields the embedded server, None when DATABASE_URL names another one. Raises PostgresError.
    """
    if not settings.embedded:
        yield None
        return
    server = embedded(settings)
    server.start()
    try:
        yield server
    finally:
        server.stop()
