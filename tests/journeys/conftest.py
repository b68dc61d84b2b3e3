"""One running house and one browser for all journeys of a worker; each test gets devices of its own."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, Playwright, async_playwright, expect

from tests.cast import Person
from tests.journeys.house import House

CHROME = os.environ.get("CHROME_PATH") or shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, DESK = {"width": 360, "height": 800}, {"width": 1280, "height": 800}

expect.set_options(timeout=15_000)  # two cores share the servers, the browser and other tests


class Device:
    """A browser profile at one server: its page, what it asked for, and what went wrong in it."""

    def __init__(self, context: BrowserContext, page: Page, site: str) -> None:
        self.context, self.page, self.site = context, page, site
        self.asked: list[str] = []
        self.wrong: list[str] = []
        context.on("request", lambda request: self.asked.append(f"{request.method} {request.url.removeprefix(site)}"))
        context.on("console", lambda line: self.wrong.append(line.text) if "Content Security" in line.text else None)
        context.on("weberror", lambda error: self.wrong.append(str(error.error)))

    async def go(self, path: str) -> Page:
        """Open a page of the house."""
        await self.page.goto(self.site + path)
        return self.page

    async def be(self, person: Person) -> None:
        """Become somebody of the cast, as if signed in here before."""
        await self.context.add_cookies([{"name": "session", "value": person.token, "url": self.site}])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A failed journey tells what the servers logged."""
    report: Any = yield
    house = getattr(item, "funcargs", {}).get("house")
    if report.failed and isinstance(house, House):
        report.sections.append(("the house's logs", house.logs()[-8_000:]))
    return report  # type: ignore[return-value]


MakeDevice = Callable[..., Awaitable[Device]]


@pytest.fixture(scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """The office, with two server processes and a worker."""
    made = House(tmp_path_factory.mktemp("house"))
    try:
        await made.open()
        yield made
    finally:
        made.close()


@pytest.fixture(scope="session")
async def engine() -> AsyncIterator[Playwright]:
    async with async_playwright() as started:
        yield started


@pytest.fixture(scope="session")
async def chromium(engine: Playwright) -> AsyncIterator[Browser]:
    """The browser; every device is a profile in it."""
    browser = await engine.chromium.launch(executable_path=CHROME, args=FLAGS)
    yield browser
    await browser.close()


@pytest.fixture
async def device(house: House, chromium: Browser) -> AsyncIterator[MakeDevice]:
    """Make devices: `await device(PHONE, server=0, person=cast.ha, scripts=False)`."""
    made: list[Device] = []

    async def make(
        size: dict[str, int], *, server: int = 0, person: Person | None = None, scripts: bool = True, **more: Any
    ) -> Device:
        more = {"service_workers": "block"} | more
        context = await chromium.new_context(
            viewport=size, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", java_script_enabled=scripts, **more
        )
        context.set_default_timeout(20_000)
        one = Device(context, await context.new_page(), house.sites[server])
        if person:
            await one.be(person)
        made.append(one)
        return one

    yield make
    for number, one in enumerate(made):
        if os.environ.get("JOURNEY_SHOTS") and not one.page.is_closed():
            await one.page.screenshot(path=f"{os.environ['JOURNEY_SHOTS']}/last-{number}.png", full_page=True)
        await one.context.close()
    assert [words for one in made for words in one.wrong] == []
