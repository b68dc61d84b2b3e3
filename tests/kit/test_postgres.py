"""The embedded PostgreSQL starts, is shared, survives kill -9 and runs without rights."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

from backend.kit.postgres import Embedded, PostgresError, Role
from backend.kit.settings import PROJECT

HOLDER = """
import sys, signal
from pathlib import Path
from backend.kit.postgres import Embedded
server = Embedded(Path(sys.argv[1]))
print(server.start(), server.child.pid if server.child else 0, flush=True)
signal.pause()
"""


@pytest.fixture
def home() -> Iterator[Path]:
    # Not pytest's folder: for root that one is closed to others, and here the plain case is wanted.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        place = Path(folder) / "postgres"
        yield place
        Embedded(place).discard()


@pytest.fixture
def server(home: Path) -> Iterator[Embedded]:
    started = Embedded(home, durable=False)
    started.start()
    yield started
    started.stop()


def ask(server: Embedded, sql: str, role: Role = "app", database: str = "motcua") -> object:
    async def go() -> object:
        connection = await asyncpg.connect(**server.dsn(role, database))
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    return asyncio.run(go())


def hold(home: Path) -> tuple[subprocess.Popen[str], str, int]:
    """Another process that starts the server: itself, what it became, the server's process."""
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(home)], stdout=subprocess.PIPE, text=True, cwd=PROJECT)
    assert holder.stdout is not None
    became, process = holder.stdout.readline().split()
    return holder, became, int(process)


def kill(holder: subprocess.Popen[str], *processes: int) -> None:
    for process in processes:
        os.kill(process, signal.SIGKILL)
    holder.kill()
    holder.wait()
    assert holder.stdout is not None
    holder.stdout.close()


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        os.sched_yield()


def test_the_first_start_makes_a_database_and_two_roles_of_which_only_the_owner_shapes_it(server: Embedded) -> None:
    ask(server, "create table paper (name text)", "owner")
    assert ask(server, "select current_user", "app") == "motcua_app"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        ask(server, "select * from paper")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        ask(server, "create table other (name text)")


def test_the_owner_may_create_the_extensions_we_use_and_text_is_vietnamese(server: Embedded) -> None:
    for extension in ("unaccent", "pg_trgm", "btree_gin", "fuzzystrmatch"):
        ask(server, f"create extension {extension}", "owner")
    assert ask(server, "select lower('ĐƯỜNG')") == "đường"
    assert ask(server, "select public.unaccent('Đường Lê Lợi')") == "Duong Le Loi"


def test_the_server_is_no_root_and_listens_on_no_port(server: Embedded) -> None:
    assert server.child is not None
    assert Path(f"/proc/{server.child.pid}").stat().st_uid != 0
    assert ask(server, "show listen_addresses") == ""
    assert server.sockets.stat().st_mode & 0o077 == 0


def test_a_second_process_shares_the_running_server(server: Embedded, home: Path) -> None:
    holder, became, _ = hold(home)
    assert became == "shared"
    kill(holder)
    assert ask(server, "select 1") == 1


def test_the_server_ends_with_its_owner_even_when_that_one_is_killed(home: Path) -> None:
    holder, became, _ = hold(home)
    assert became == "owner"
    server = Embedded(home)
    assert server.accepts()
    kill(holder)
    wait_until(lambda: not server.accepts())


def test_data_survives_kill_9_of_everything_and_a_new_start_works_at_once(home: Path) -> None:
    holder, _, process = hold(home)
    server = Embedded(home)
    ask(server, "create table kept (name text)", "owner")
    ask(server, "insert into kept values ('Lan')", "owner")
    kill(holder, process)
    assert server.start() == "owner"
    assert ask(server, "select name from kept", "owner") == "Lan"
    server.stop()


def test_a_server_killed_under_its_owner_is_revived(server: Embedded) -> None:
    assert not server.revive()
    assert server.child is not None
    server.child.kill()
    server.child.wait()
    assert server.revive()
    assert ask(server, "select 1") == 1


def test_a_long_path_and_a_closed_folder_are_no_obstacle(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    server = Embedded(tmp_path / ("long" * 40), durable=False)
    try:
        assert server.start() == "owner"
        assert ask(server, "select 1") == 1
        server.stop()
        assert server.start() == "owner"
    finally:
        server.discard()
    assert not server.data.exists()
    assert not server.sockets.exists()


def test_a_copy_of_the_database_is_made_and_dropped(server: Embedded) -> None:
    ask(server, "create table kept (name text)", "owner")
    server.clone("copy")
    assert ask(server, "select count(*) from kept", "owner", "copy") == 0
    server.drop("copy")
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        ask(server, "select 1", "owner", "copy")


def test_a_cluster_of_another_version_is_refused_with_both_named(home: Path) -> None:
    server = Embedded(home, durable=False)
    server.start()
    server.stop()
    (server.data / "PG_VERSION").write_text("15\n")
    with pytest.raises(PostgresError, match="made by PostgreSQL 15, but this is 18"):
        server.start()


def test_sql_that_fails_comes_back_in_the_servers_words(server: Embedded) -> None:
    with pytest.raises(PostgresError, match="no_such_table"):
        server.query("select * from no_such_table")
