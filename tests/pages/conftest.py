"""One running house with a past and one browser per worker, for every page of the book."""

import os
import shutil
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from litestar import get
from playwright.async_api import Browser, async_playwright

from backend.accounts import consents
from backend.accounts.identity import verify_identity
from backend.accounts.profiles import remember_residence
from backend.agencies.tables import Role
from backend.kit import settings
from backend.kit.access import anyone
from backend.kit.live import Hub
from tests import world
from tests.dossiers import stories
from tests.journeys.house import House
from tests.pages.book import MORE_DRAFTS
from tests.pages.reading import Reader
from tests.world import World

CHROME = os.environ.get("CHROME_PATH") or shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--process-per-site",
    "--disable-background-networking",
]


@pytest.fixture(scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """The office, with one server process."""
    made = House(tmp_path_factory.mktemp("pages"), servers=1)
    try:
        await made.open()
        yield made
    finally:
        made.close()


@pytest.fixture(scope="session")
async def past(house: House) -> World:
    """What happened in it so far."""
    async with house.inside():
        made = await world.build(house.cast)
        for name, code in MORE_DRAFTS.items():
            made.more_drafts[name] = (await stories.begun(house.cast, code)).id
        toan = house.cast.toan.account
        receptionist = house.cast.officer(Role.RECEPTIONIST)
        await verify_identity(toan, receptionist.account)
        await consents.give(toan, consents.Purpose.TIPS)
        await consents.withdraw(toan, consents.Purpose.TIPS)
        await remember_residence(toan, {"province": "38", "commune": "16438", "detail": "Thôn Trung"})
    return made


@pytest.fixture(scope="session")
async def broken(house: House, past: World) -> dict[str, str]:
    """What the app answers when it fails and when its database is away, by made-up address."""
    from litestar_app import build

    @get("/hong", guards=[anyone])
    async def fails() -> str:
        raise RuntimeError("something nobody thought of")

    @get("/vang", guards=[anyone])
    async def is_away() -> str:
        raise ConnectionError

    async with house.inside():
        made = build()
        made.state.hub = Hub()
        made.register(fails)
        made.register(is_away)
        transport: Any = httpx.ASGITransport(made)
        async with httpx.AsyncClient(transport=transport, base_url=settings.current().public_url) as client:
            return {path: (await client.get(path)).text for path in ("/hong", "/vang")}


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The browser."""
    async with async_playwright() as engine:
        browser = await engine.chromium.launch(executable_path=CHROME, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
async def reader(house: House, past: World, chromium: Browser, broken: dict[str, str]) -> Reader:
    """Opens any page of the book."""
    return Reader(chromium, house.sites[0], past, broken)
