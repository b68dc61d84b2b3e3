"""A throw-away PostgreSQL per worker, migrated once; each test finds clean tables, a frozen clock and the cast if it asks."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import hypothesis
import pytest
from argon2 import PasswordHasher

from backend.accounts import passwords
from backend.kit import clock, database, settings
from backend.kit.language import set_language
from backend.kit.live import Hub
from backend.kit.migrating import APPEND_ONLY, migrate
from backend.kit.postgres import Embedded
from tests import cast as the_cast

# How long an example takes says how busy the machine is, not whether it holds.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
NOBODY = QUICK.hash("nobody's")

# What many tests read and none changes stays between tests.
KEPT = {"migration", "administrative_unit", "calendar_day", "calendar_year", "pgqueuer_schedules"}
TABLES = "select tablename from pg_tables where schemaname = 'public'"


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def quick_passwords(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with little work: limits refill by the database's own clock, and slow guesses in a row would outlast them.

    The journeys keep the real figures: their servers are processes of their own.
    """
    if "journeys" not in request.path.parts:
        monkeypatch.setattr(passwords, "_KIBIBYTES", 64)
        monkeypatch.setattr(passwords, "_hasher", QUICK)
        monkeypatch.setattr(passwords, "_nobody", lambda: NOBODY)


@pytest.fixture(scope="session")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run-time folder of this worker."""
    return tmp_path_factory.mktemp("var")


@pytest.fixture(scope="session", autouse=True)
def current_settings(var: Path) -> Iterator[settings.Settings]:
    """Settings of the tests: nothing of the caller's environment but the database."""
    environ = {"MOTCUA_VAR": str(var), "MOTCUA_SECRET": "test" * 12, "MOTCUA_LOG_LEVEL": "warning"}
    environ |= {name: os.environ[name] for name in ("DATABASE_URL", "MOTCUA_OWNER_DATABASE_URL") if name in os.environ}
    loaded = settings.load(environ)
    with settings.use(loaded):
        yield loaded


class Cluster:
    """Where the tests' databases are: asyncpg arguments per role, and the embedded server if it is ours."""

    def __init__(self, owner: dict[str, Any], app: dict[str, Any], embedded: Embedded | None) -> None:
        self.owner, self.app, self.embedded = owner, app, embedded


@pytest.fixture(scope="session")
def cluster(var: Path, current_settings: settings.Settings) -> Iterator[Cluster]:
    """The server, started; DATABASE_URL names another one."""
    if not current_settings.embedded:
        yield Cluster({"dsn": current_settings.owner_database_url}, {"dsn": current_settings.database_url}, None)
        return
    server = Embedded(var / "postgres", durable=False)
    server.start()
    try:
        yield Cluster(server.dsn("owner"), server.dsn("app"), server)
    finally:
        server.discard()


@pytest.fixture(scope="session")
async def migrated(cluster: Cluster) -> Cluster:
    """The server with the product's tables."""
    await migrate(cluster.owner, cluster.app)
    return cluster


async def empty_tables(owner: asyncpg.Connection) -> None:
    """Empty every table that holds rows, the append-only ones too: only their owner can."""
    names = [row["tablename"] for row in await owner.fetch(TABLES) if row["tablename"] not in KEPT]
    probe = " union all ".join(f"select '{name}' where exists (select from \"{name}\")" for name in names)
    used = [row[0] for row in await owner.fetch(probe)]
    async with owner.transaction():
        for name in APPEND_ONLY:
            await owner.execute(f"alter table {name} disable trigger user")
        if used:
            await owner.execute("truncate " + ", ".join(f'"{name}"' for name in used))
        for name in APPEND_ONLY:
            await owner.execute(f"alter table {name} enable always trigger {name}_kept")
            await owner.execute(f"alter table {name} enable always trigger {name}_not_emptied")


@pytest.fixture
async def owner(migrated: Cluster) -> AsyncIterator[asyncpg.Connection]:
    """A connection as the owner of the tables, for what the running role may not do."""
    connection = await asyncpg.connect(**migrated.owner)
    yield connection
    await connection.close()


@pytest.fixture
async def db(migrated: Cluster, owner: asyncpg.Connection) -> AsyncIterator[Cluster]:
    """Clean tables and an open pool as the running role."""
    await empty_tables(owner)
    set_language("vi")  # a page asked for in English by the test before speaks on in this task
    await database.open_pool(migrated.app, 10)
    yield migrated
    await database.close_pool()


@pytest.fixture
def frozen() -> Iterator[clock.Frozen]:
    """The product's clock stands at 10:00 on Wednesday 25/11/2026 until the test moves it."""
    still = clock.Frozen(the_cast.NOON)
    with clock.use(still):
        yield still


@pytest.fixture
async def cast(db: Cluster, frozen: clock.Frozen) -> the_cast.Cast:
    """The named cast, in clean tables."""
    return await the_cast.assemble()


@pytest.fixture(scope="session")
def app(current_settings: settings.Settings) -> Any:
    """The application as it is served, but for its lifespan: pool and clock are the tests'."""
    from litestar_app import build
    from storage import open_store

    made = build()
    made.state.store = open_store(current_settings)
    return made


@pytest.fixture
async def client(app: Any, db: Cluster) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without cookies; see `tests/browser.py` for one that is signed in."""
    app.state.hub = Hub()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost:8000") as made:
        yield made
