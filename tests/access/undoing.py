"""What a request wrote is undone before the next one: all of them meet the same world."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from backend.kit.database import DB


class _Lent:
    """The one connection, lent as the pool lends: awaited, or for a block."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection

    def __await__(self) -> Any:
        return self.__aenter__().__await__()

    async def __aenter__(self) -> asyncpg.Connection:
        return self.connection

    async def __aexit__(self, *_trouble: object) -> None:
        """It is nobody's to give back."""


class _OneConnection:
    """Stands in for the pool."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection

    def acquire(self) -> _Lent:
        return _Lent(self.connection)

    async def release(self, connection: asyncpg.Connection) -> None:
        """It stays."""


@asynccontextmanager
async def undone() -> AsyncIterator[None]:
    """Everything written inside the block happens in one transaction, whose units become savepoints, and is undone."""
    pool = DB.pool
    assert pool is not None
    async with pool.acquire() as connection:
        everything = connection.transaction()
        await everything.start()
        DB.pool = _OneConnection(connection)  # type: ignore[assignment]
        try:
            yield
        finally:
            DB.pool = pool
            await everything.rollback()
