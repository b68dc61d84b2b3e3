"""One unit of work: all or nothing, and the pool is whole afterwards whatever happened."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
import pytest
from piccolo.engine.exceptions import TransactionError

from backend.kit.database import DB, close_pool, execute, fetch_value, open_pool, unit_connection, unit_of_work
from tests.conftest import Cluster

pytestmark = pytest.mark.anyio
SIZE = 3
ADD = "insert into rate_bucket (key, until) values ($1, now())"


@pytest.fixture
async def pool(db: Cluster) -> Cluster:
    """A pool so small that one lost connection shows."""
    await close_pool()
    await open_pool(db.app, SIZE)
    return db


async def kept(key: str) -> bool:
    return bool(await fetch_value("select exists (select from rate_bucket where key = $1)", key))


async def whole() -> None:
    """Every connection of the pool can be had at once, and none stands in a transaction."""
    assert DB.pool is not None
    async with asyncio.timeout(10):
        had = [await DB.pool.acquire() for _ in range(SIZE)]
        for connection in had:
            assert not connection.is_in_transaction()
            await connection.fetchval("select 1")
            await DB.pool.release(connection)
    with pytest.raises(RuntimeError):
        unit_connection()


async def test_what_happened_in_a_unit_is_kept_together(pool: Cluster) -> None:
    async with unit_of_work():
        await execute(ADD, "one")
        await execute(ADD, "two")
    assert await kept("one") and await kept("two")
    await whole()


async def test_an_error_keeps_nothing(pool: Cluster) -> None:
    for _ in range(SIZE + 1):
        with pytest.raises(ZeroDivisionError):
            async with unit_of_work():
                await execute(ADD, "one")
                raise ZeroDivisionError
    assert not await kept("one")
    await whole()


async def test_a_commit_that_fails_costs_no_connection(pool: Cluster, owner: asyncpg.Connection) -> None:
    await owner.execute(
        "create table late (id int primary key deferrable initially deferred); grant all on late to public"
    )
    try:
        for _ in range(SIZE + 1):
            with pytest.raises(asyncpg.UniqueViolationError):
                async with unit_of_work():
                    await execute("insert into late values (1), (1)")
        await whole()
    finally:
        await owner.execute("drop table late")


async def test_a_unit_inside_a_unit_is_refused_and_the_outer_one_goes_on(pool: Cluster) -> None:
    async with unit_of_work():
        await execute(ADD, "outer")
        with pytest.raises(TransactionError):
            async with unit_of_work():
                pass
        await execute(ADD, "after")
    assert await kept("outer") and await kept("after")
    await whole()


async def _slow_query() -> None:
    async with unit_of_work():
        await execute(ADD, "one")
        await fetch_value("select pg_sleep(30)")


async def _thinking() -> None:
    async with unit_of_work():
        await execute(ADD, "one")
        await asyncio.Event().wait()


async def _rolling_back() -> None:
    async with unit_of_work():
        await execute(ADD, "one")
        raise ZeroDivisionError


@pytest.mark.parametrize("doing", [_slow_query, _thinking, _rolling_back])
@pytest.mark.parametrize("after", [0.0, 0.001, 0.003, 0.01, 0.1])
async def test_who_hangs_up_leaves_nothing_behind(
    pool: Cluster, doing: Callable[[], Awaitable[None]], after: float
) -> None:
    tasks = [asyncio.ensure_future(doing()) for _ in range(SIZE * 2)]
    await asyncio.sleep(after)  # the moment of the cut is what is tried, wherever it falls
    for task in tasks:
        task.cancel()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(one, asyncio.CancelledError | ZeroDivisionError) for one in ended)
    assert not await kept("one")
    await whole()


async def test_a_connection_that_is_cut_inside_a_unit_is_replaced(pool: Cluster, owner: asyncpg.Connection) -> None:
    for _ in range(SIZE + 1):
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
            async with unit_of_work():
                await execute(ADD, "one")
                await owner.execute("select pg_terminate_backend($1)", await fetch_value("select pg_backend_pid()"))
                await execute(ADD, "two")
    assert not await kept("one")
    await whole()
