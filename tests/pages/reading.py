"""Opening a page of the book in a real browser and looking for what is wrong with it."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Browser, BrowserContext, Page, Response, Route

from tests.pages.book import Entry, person
from tests.world import World

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What a theme can change; the rest is asked once.
COLOURS = ["color-contrast", "link-in-text-block"]
PHONE, DESK, NARROW = (360, 800), (1280, 800), (320, 700)
AT_ONCE = 3
LONGEST_MS = 30_000
# Pictures of every page, for people: MOTCUA_SHOTS=/tmp/shots
SHOTS = os.environ.get("MOTCUA_SHOTS")

SIDEWAYS = """() => {
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth
    if (wide <= 0) return ""
    const edge = document.documentElement.clientWidth
    const held = one => one && one !== document.body && (getComputedStyle(one).overflowX !== "visible" || held(one.parentElement))
    const out = [...document.querySelectorAll("body *")].filter(
        one => one.getBoundingClientRect().right > edge + 1 && !held(one.parentElement))
    return `${wide}px too wide: ` + out.slice(0, 4).map(one => one.outerHTML.slice(0, 90)).join(" | ")
}"""
FRAME = """() => ({
    lang: document.documentElement.lang,
    title: document.title,
    headings: document.querySelectorAll("h1").length,
})"""


class Reader:
    """Opens entries of the book, several at once."""

    def __init__(self, browser: Browser, site: str, world: World, broken: dict[str, str]) -> None:
        self.browser, self.site, self.world, self.broken = browser, site, world, broken
        self._room = asyncio.Semaphore(AT_ONCE)

    @asynccontextmanager
    async def open(self, entry: Entry, language: str = "vi") -> AsyncIterator["Opened"]:
        """Open `entry` on a phone, in a profile of its own."""
        async with self._room:
            context = await self.browser.new_context(
                viewport=_size(PHONE),
                locale="vi-VN",
                timezone_id="Asia/Ho_Chi_Minh",
                reduced_motion="reduce",
                service_workers="block",
            )
            context.set_default_timeout(LONGEST_MS)
            try:
                opened = Opened(entry, context, await context.new_page(), self)
                await opened.go(language)
                yield opened
            finally:
                await context.close()


def _answering(answer: dict[str, Any]) -> Callable[[Route], Awaitable[None]]:
    async def fulfil(route: Route) -> None:
        await route.fulfill(**answer)

    return fulfil


def _size(size: tuple[int, int]) -> Any:
    return {"width": size[0], "height": size[1]}


class Opened:
    """A page of the book in a browser; `wrong` collects its faults."""

    def __init__(self, entry: Entry, context: BrowserContext, page: Page, reader: Reader) -> None:
        self.entry, self.context, self.page, self.reader = entry, context, page, reader
        self.wrong: list[str] = []
        self.status = 0
        page.on("console", lambda line: self._said(line.type, line.text, line.location.get("url", "")))
        page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        page.on("response", self._answered)

    def _said(self, kind: str, text: str, where: str) -> None:
        own_answer = text.startswith("Failed to load resource") and where.partition("#")[0] == self.page.url
        if kind == "error" and not own_answer:
            self.wrong.append(f"console: {text} ({where.removeprefix(self.reader.site)})")

    def _answered(self, response: Response) -> None:
        if response.request.is_navigation_request() and not 300 <= response.status < 400:
            self.status = response.status

    async def go(self, language: str) -> None:
        """Open the page and bring its state about."""
        cookies: list[Any] = [{"name": "language", "value": language, "url": self.reader.site}]
        if who := person(self.reader.world, self.entry.who):
            cookies.append({"name": "session", "value": who.token, "url": self.reader.site})
        await self.context.add_cookies(cookies)
        for path, text in self.reader.broken.items():
            html = {"status": 500 if path == "/hong" else 503, "content_type": "text/html", "body": text}
            await self.page.route(self.reader.site + path, _answering(html))
        await self.page.goto(self.reader.site + self.entry.address(self.reader.world), wait_until="load")
        if self.entry.act:
            await self.entry.act(self.page, self.reader.world)
        await self.page.evaluate("document.fonts.ready.then(() => {})")
        if self.status != self.entry.status:
            self.wrong.append(f"answered {self.status}, not {self.entry.status}")

    async def frame(self) -> None:
        """Language, title, one heading."""
        seen = await self.page.evaluate(FRAME)
        if seen["lang"] != "vi":
            self.wrong.append(f"html lang={seen['lang']!r}")
        if len(seen["title"]) < 3:
            self.wrong.append("no title")
        if seen["headings"] != 1:
            self.wrong.append(f"{seen['headings']} headings of level 1")

    async def at(self, size: tuple[int, int]) -> None:
        """Look at the page on another screen: nothing may run out of it."""
        await self.page.set_viewport_size(_size(size))
        if out := await self.page.evaluate(SIDEWAYS):
            self.wrong.append(f"at {size[0]}: {out}")

    async def text_size(self, percent: str) -> None:
        """Enlarge the text as the cookie does."""
        await self.page.evaluate("size => document.documentElement.dataset.text = size", percent)

    async def axe(self, theme: str, screen: str) -> None:
        """Run axe in one theme, on a screen as high as the page: no bar stands over a link."""
        width = self.page.viewport_size or {"width": 0}
        high = await self.page.evaluate("() => document.documentElement.scrollHeight")
        await self.page.set_viewport_size(_size((width["width"], max(700, high))))
        await self.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        await self.page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        only = {"type": "tag", "values": TAGS} if theme == "light" else {"type": "rule", "values": COLOURS}
        if not await self.page.evaluate("() => 'axe' in window"):
            await self.page.evaluate(AXE_SCRIPT)
        found = await self.page.evaluate(
            "only => axe.run(document, {runOnly: only, resultTypes: ['violations']})", only
        )
        for fault in found["violations"]:
            for node in fault["nodes"][:3]:
                target = " ".join(map(str, node["target"]))
                self.wrong.append(
                    f"{screen} {theme}: {fault['id']} ({fault['help']}) at {target}: {node['html'][:140]}"
                )
        await self._picture(f"{screen}-{theme}")

    async def _picture(self, words: str) -> None:
        if SHOTS:
            name = f"{self.entry.name} {words}".replace("/", " ").replace(",", "").replace(" ", "-")
            await self.page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)

    @property
    def report(self) -> list[str]:
        """The faults, each with the page's name."""
        return [f"{self.entry.name}: {fault}" for fault in dict.fromkeys(self.wrong)]
