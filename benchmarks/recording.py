"""What a page asks the database, taken down from one real request, so that a bare handler can ask the same."""

from typing import Any

import asyncpg
import httpx

from backend.kit import database, settings
from backend.kit.postgres import address
from backend.kit.settings import Settings

Query = tuple[str, tuple[Any, ...]]
# What the pool says by itself when a connection comes back to it.
POOL = ("SELECT pg_advisory_unlock_all()", "RESET ALL", "CLOSE ALL", "UNLISTEN *")


async def queries_of(current: Settings, path: str, cookie: str) -> list[Query]:
    """Return the statements, with their arguments, that one GET of `path` runs; the second visit, when all is warm."""
    heard: list[Query] = []

    def note(query: Any) -> None:
        if not query.query.lstrip().startswith(POOL):
            heard.append((query.query, tuple(query.args or ())))

    async def listened(connection: asyncpg.Connection) -> None:
        connection.add_query_logger(note)

    with settings.use(current):
        from litestar_app import build

        app: Any = build()  # httpx knows ASGI by looser types
        await database.open_pool({**address(current), "init": listened}, 1)
        try:
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(transport=transport, base_url=current.public_url) as client:
                for _visit in range(2):
                    heard.clear()
                    answer = await client.get(path, headers={"Cookie": cookie})
                    if answer.status_code != 200:
                        raise RuntimeError(f"{path} answered {answer.status_code}")
        finally:
            await database.close_pool()
    return heard
