"""PostgreSQL: one engine, one way to write (`unit_of_work`), one way to read by hand (`fetch`)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
import uuid_utils
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction


class _Engine(PostgresEngine):
    """Piccolo's engine, without the call to the server that it makes when it is only imported."""

    async def check_version(self) -> None:
        """The version is checked once, at start, by `open_pool`."""


DB = _Engine(config={}, extensions=())

OLDEST_SERVER = 150000
Connection: TypeAlias = asyncpg.Connection
Record: TypeAlias = asyncpg.Record

# What asyncpg raises while the server is away: the socket is gone, refuses, or is still recovering.
AWAY: tuple[type[BaseException], ...] = (
    ConnectionError,
    FileNotFoundError,
    asyncpg.CannotConnectNowError,
    asyncpg.ConnectionDoesNotExistError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the line broke in the middle of an answer
    TimeoutError,
)

# What it answers to a text with NUL, in an address or a form that nobody cleaned.
UNKEEPABLE: tuple[type[BaseException], ...] = (
    asyncpg.CharacterNotInRepertoireError,
    asyncpg.UntranslatableCharacterError,
)


def new_id() -> UUID:
    """Return a UUIDv7: unique everywhere, ordered by time, made without asking the database."""
    return UUID(bytes=uuid_utils.uuid7().bytes)


async def _connect(*arguments: Any, **named: Any) -> Connection:
    """Connect; a name that is not found, or several addresses that all refuse, is a lost connection like any other."""
    try:
        return await asyncpg.connect(*arguments, **named)
    except OSError as error:
        raise ConnectionError(type(error).__name__) from error


async def open_pool(dsn: dict[str, Any], size: int) -> None:
    """Point the engine at `dsn` (asyncpg's keyword arguments) and open its pool of up to `size` connections.

    Raises:
        RuntimeError: the server is too old.
    """
    DB.config = dict(dsn)
    await DB.start_connection_pool(min_size=1, max_size=size, max_inactive_connection_lifetime=300, connect=_connect)
    version = int(await fetch_value("show server_version_num"))
    if version < OLDEST_SERVER:
        raise RuntimeError(f"PostgreSQL 15 or newer is needed, this one is {version // 10000}")


async def close_pool() -> None:
    """Give all connections back to the server."""
    if DB.pool:
        await DB.close_connection_pool()


async def _as_it_is(connection: Connection) -> None:
    if connection.is_in_transaction():
        await connection.reset()


@asynccontextmanager
async def in_haste() -> AsyncIterator[None]:
    """Inside the block a commit does not wait for the disk: the last of them are lost with a machine that dies.

    For making much that can be made again. The first commit after the block makes everything before it safe.
    Connections go back to the pool as they are, which spares every statement a second way to the server.
    """
    config, size = dict(DB.config), DB.pool.get_max_size() if DB.pool else 1
    hasty = {**config.get("server_settings", {}), "synchronous_commit": "off"}
    await close_pool()
    await open_pool({**config, "server_settings": hasty, "reset": _as_it_is}, size)
    try:
        yield
    finally:
        await close_pool()
        await open_pool(config, size)


def _open_transaction() -> PostgresTransaction | None:
    return DB.current_transaction.get()


@asynccontextmanager
async def unit_of_work() -> AsyncIterator[Connection]:
    """Open one transaction and yield its asyncpg connection; all or nothing of what happens inside is kept.

    Piccolo queries and `fetch` inside the block run in it. Units are never nested, because an inner error
    that is swallowed would keep its rows. The connection goes back to the pool whatever happens.

    Raises:
        TransactionError: a unit is already open in this task.
    """
    transaction = DB.transaction(allow_nested=False)
    await _begin(transaction)
    try:
        yield transaction.connection
    except BaseException:
        await _end(transaction, transaction.rollback)
        raise
    else:
        await _end(transaction, transaction.commit)


async def _begin(transaction: PostgresTransaction) -> None:
    """Enter the transaction; a BEGIN that fails must not cost the pool its connection."""
    try:
        await transaction.__aenter__()
    except BaseException:
        connection = getattr(transaction, "connection", None)
        if connection is not None and DB.pool is not None:
            await asyncio.shield(DB.pool.release(connection))
        raise


async def _end(transaction: PostgresTransaction, how: Callable[[], Awaitable[None]]) -> None:
    """Finish by commit or rollback; Piccolo itself keeps the connection when a COMMIT fails."""
    try:
        await how()
    finally:
        DB.current_transaction.reset(transaction.context)
        if DB.pool is not None:
            await asyncio.shield(DB.pool.release(transaction.connection))
        else:
            await transaction.connection.close()


def unit_connection() -> Connection:
    """Return the connection of the open unit of work.

    Raises:
        RuntimeError: no unit is open: what must be true together was about to be written apart.
    """
    transaction = _open_transaction()
    if transaction is None:
        raise RuntimeError("this must happen inside a unit_of_work()")
    return transaction.connection


@asynccontextmanager
async def _connection() -> AsyncIterator[Connection]:
    transaction = _open_transaction()
    if transaction is not None:
        yield transaction.connection
    elif DB.pool is not None:
        async with DB.pool.acquire() as connection:
            yield connection
    else:
        connection = await asyncpg.connect(**DB.config)
        try:
            yield connection
        finally:
            await connection.close()


async def fetch(sql: str, *arguments: Any) -> list[Record]:
    """Run `sql` with $1… placeholders in the open unit, else on a connection of the pool; return all rows."""
    async with _connection() as connection:
        return list(await connection.fetch(sql, *arguments))


async def fetch_one(sql: str, *arguments: Any) -> Record | None:
    """As `fetch`, but return the first row or None."""
    async with _connection() as connection:
        return await connection.fetchrow(sql, *arguments)


async def fetch_value(sql: str, *arguments: Any) -> Any:
    """As `fetch`, but return the first column of the first row, or None."""
    async with _connection() as connection:
        return await connection.fetchval(sql, *arguments)


async def execute(sql: str, *arguments: Any) -> int:
    """Run a writing statement and return how many rows it touched."""
    async with _connection() as connection:
        status = await connection.execute(sql, *arguments)
        return int(status.rsplit(" ", 1)[-1]) if status[-1:].isdigit() else 0
