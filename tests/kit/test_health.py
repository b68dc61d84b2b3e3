"""Whoever watches a process is told whether it can work."""

import asyncpg
import httpx
import pytest

from backend.kit import database, health
from tests.cast import Cast

pytestmark = pytest.mark.anyio


async def test_a_process_that_can_work_says_so(client: httpx.AsyncClient) -> None:
    assert (await client.get("/health/live")).status_code == 200
    assert (await client.get("/health/ready")).status_code == 200


@pytest.mark.parametrize(
    "trouble", [asyncpg.UndefinedTableError, ConnectionRefusedError, asyncpg.CannotConnectNowError]
)
async def test_a_process_that_waits_for_the_database_is_not_ready(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, trouble: type[Exception]
) -> None:
    async def fails(sql: str) -> None:
        raise trouble

    monkeypatch.setattr(health, "fetch_value", fails)
    assert (await client.get("/health/ready")).status_code == 503
    assert (await client.get("/health/live")).status_code == 200


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
async def test_a_page_says_that_the_server_starts_anew_while_the_database_is_away(
    client: httpx.AsyncClient, cast: Cast, accept: str
) -> None:
    pool = database.DB.pool
    assert pool is not None
    dsn = {"host": "localhost", "port": 1, "user": "nobody", "database": "nothing"}
    away = asyncpg.create_pool(**dsn, min_size=0, connect=database._connect)
    database.DB.pool = await away
    try:
        answer = await client.get("/", headers={"Accept": accept})
    finally:
        database.DB.pool = pool
    assert answer.status_code == 503 and answer.headers["Retry-After"]
    assert "khởi động lại" in answer.text
