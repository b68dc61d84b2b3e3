"""Live steps in a real browser: at once, without a reload, one stream for all tabs, and nothing lost between them."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page, Route, async_playwright, expect

from backend.accounts import sessions
from backend.kit import live
from backend.kit.database import new_id, unit_of_work
from backend.notifications import stream, words
from backend.notifications.telling import tell
from backend.notifications.words import Words
from tests.cast import Cast

pytestmark = pytest.mark.anyio

CHROME = os.environ.get("CHROME_PATH", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


@pytest.fixture(autouse=True)
def said(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A room that speaks of one event."""
    monkeypatch.setattr(words, "_speakers", {})
    words.register("test.happened", lambda data: Words(data["title"], "", "/toi"))


# window.heard resolves when the next change has come through the stream.
LISTEN = """() => { window.heard = new Promise(done => {
  new BroadcastChannel('live').onmessage = ({data}) => data.subjects?.includes('notifications') && done();
}) }"""


class Phone:
    """Hà's browser and what it asks the server."""

    def __init__(self, context: BrowserContext, site: str, account: Any) -> None:
        self.context, self.site, self.account = context, site, account
        self.asked: list[str] = []
        self.wrong: list[str] = []
        context.on("request", lambda request: self.asked.append(request.url.removeprefix(site)))
        context.on("console", lambda line: self.wrong.append(line.text) if "Content Security" in line.text else None)
        context.on("weberror", lambda error: self.wrong.append(str(error.error)))

    async def open(self, path: str = "/thong-bao") -> Page:
        """Open a tab."""
        tab = await self.context.new_page()
        await tab.goto(self.site + path)
        return tab

    async def open_live(self) -> Page:
        """Open a tab and wait until it hears the stream."""
        tab = await self.open()
        await tab.evaluate(
            "document.body.insertAdjacentHTML('beforeend', '<p data-live data-lost=\"Cập nhật\" hidden>Trực tiếp</p>')"
        )
        await tab.evaluate("document.dispatchEvent(new CustomEvent('htmx:after:swap'))")
        await expect(tab.get_by_text("Trực tiếp")).to_be_visible(timeout=10_000)
        return tab

    async def told(self, title: str) -> None:
        """Let something happen."""
        async with unit_of_work():
            await tell(
                self.account,
                "test.happened",
                agency=None,
                subject_kind="dossier",
                subject=new_id(),
                data={"title": title},
            )

    def streams(self) -> int:
        """How often the stream was opened."""
        return sum(url.startswith("/luong") for url in self.asked)


@pytest.fixture
async def phone(site: str, cast: Cast) -> AsyncIterator[Phone]:
    async with async_playwright() as engine:
        browser = await engine.chromium.launch(executable_path=CHROME, args=FLAGS)
        context = await browser.new_context(
            viewport={"width": 360, "height": 800}, locale="vi-VN", service_workers="block"
        )
        await context.add_cookies([{"name": "session", "value": cast.ha.token, "url": site}])
        held = Phone(context, site, cast.ha.account)
        yield held
        await context.close()
        await browser.close()
        assert held.wrong == []


async def sees(tab: Page, title: str, within: timedelta = timedelta(seconds=5)) -> None:
    await expect(tab.locator(".note", has_text=title)).to_be_visible(timeout=within.total_seconds() * 1000)


async def test_news_appear_at_once_without_a_reload_or_a_poll(phone: Phone) -> None:
    tab = await phone.open_live()
    before = len(phone.asked)
    await phone.told("Tin một")
    await sees(tab, "Tin một", within=timedelta(seconds=1))
    assert phone.asked[before:] == ["/thong-bao"]
    assert phone.streams() == 1


async def test_tabs_share_one_stream_and_both_hear(phone: Phone) -> None:
    first, second = await phone.open_live(), await phone.open_live()
    await phone.told("Tin một")
    await sees(first, "Tin một")
    await sees(second, "Tin một")
    assert phone.streams() == 1


async def test_when_the_tab_that_reads_is_closed_another_goes_on_and_misses_nothing(phone: Phone) -> None:
    reader, other = await phone.open_live(), await phone.open_live()
    await phone.told("Tin một")
    await sees(other, "Tin một")
    await reader.close()
    await phone.told("Tin hai")
    await sees(other, "Tin hai")
    assert phone.streams() == 2
    assert "?last=" in [url for url in phone.asked if url.startswith("/luong")][-1]


async def test_what_happens_between_the_page_and_its_stream_is_not_missed(phone: Phone) -> None:
    go_on = asyncio.Event()

    async def hold(route: Route) -> None:
        await go_on.wait()
        await route.continue_()

    await phone.context.route("**/luong*", hold)
    tab = await phone.open()
    await phone.told("Tin giữa chừng")
    await expect(tab.get_by_text("Tin giữa chừng")).to_have_count(0)
    go_on.set()
    await sees(tab, "Tin giữa chừng")


async def test_what_happens_while_a_block_is_on_its_way_is_not_missed(phone: Phone) -> None:
    tab = await phone.open_live()
    made, go_on = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        answer = await route.fetch()
        made.set()
        await go_on.wait()
        await route.fulfill(response=answer)

    await phone.context.route("**/thong-bao", hold, times=1)
    await phone.told("Tin một")
    await made.wait()
    await tab.evaluate(LISTEN)
    await phone.told("Tin hai")
    await tab.evaluate("window.heard")
    go_on.set()
    await sees(tab, "Tin hai")


async def test_a_tab_opened_beside_one_that_reads_misses_nothing(phone: Phone) -> None:
    await phone.open_live()
    go_on = asyncio.Event()

    async def hold(route: Route) -> None:
        await go_on.wait()
        await route.continue_()

    await phone.context.route("**/scripts/live*", hold)
    late = await phone.context.new_page()
    await late.goto(phone.site + "/thong-bao", wait_until="commit")
    await phone.told("Tin giữa chừng")
    go_on.set()
    await sees(late, "Tin giữa chừng")


async def test_a_lost_stream_says_from_when_the_page_is_and_comes_back(phone: Phone, app: Any) -> None:
    tab = await phone.open_live()
    app.state.hub.leaving.set()
    await expect(tab.get_by_text("Cập nhật")).to_be_visible()
    await phone.told("Tin lúc mất mạng")
    app.state.hub.leaving.clear()
    await expect(tab.get_by_text("Trực tiếp")).to_be_visible(timeout=10_000)
    await sees(tab, "Tin lúc mất mạng")


async def test_who_is_signed_out_elsewhere_stops_asking(
    phone: Phone, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.05)
    monkeypatch.setattr(stream, "_ASK_EVERY", timedelta(0))
    tab = await phone.open_live()
    await sessions.revoke_all(cast.ha.account)
    await expect(tab.get_by_text("Cập nhật")).to_be_visible()
    asked = phone.streams()
    await tab.evaluate("new Promise(done => setTimeout(done, 2500))")
    assert phone.streams() == asked
