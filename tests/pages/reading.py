"""Opening a page of the book in a real browser and looking for what is wrong with it."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Response, Route

from tests.cast import NAMES
from tests.pages.book import Entry, person
from tests.world import World

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What a theme can change; the rest is asked once per screen.
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

# Every text by what decides its contrast: its colour, size and weight, and the grounds behind it down to the first
# opaque one. Two texts that agree in all of it have one contrast, on whatever page they stand. A text that floats over
# a ground not its own is no like of any other: it gets a name of its own.
KINDS_OF_TEXT = """() => {
    const opaque = colour => !colour.startsWith("rgba") && !colour.includes("/")
    const kind = (one, place) => {
        const own = getComputedStyle(one)
        const off = one.closest(":disabled, [aria-disabled='true']") || one.closest("label")?.control?.disabled
        const said = [own.color, own.fontSize, own.fontWeight, own.textShadow, off ? "off" : ""]
        if (one.tagName === "A") said.push("link", own.textDecorationLine, getComputedStyle(one.parentElement).color)
        let covered = false
        for (let at = one; at; at = at.parentElement) {
            const style = getComputedStyle(at)
            if (style.opacity !== "1" || style.filter !== "none") said.push(style.opacity, style.filter)
            if (covered) continue
            said.push(style.backgroundColor, style.backgroundImage)
            covered = opaque(style.backgroundColor) && style.backgroundImage === "none"
            if (!covered && ["absolute", "fixed"].includes(style.position)) said.push(location.href + place)
        }
        return said.join(";")
    }
    const texts = new Map()
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const take = one => {
        if (!one.checkVisibility()) return
        const said = kind(one, texts.size)
        if (!texts.has(said)) texts.set(said, one)
    }
    while (walker.nextNode()) if (walker.currentNode.data.trim()) take(walker.currentNode.parentElement)
    document.querySelectorAll("input:not([type=hidden]), select, textarea").forEach(take)
    window.kindsOfText = texts
    return [...texts.keys()]
}"""
# Only what passed is known to be well; what axe could not decide is looked at again on the next page.
CONTRAST = """async ([kinds, rules]) => {
    const texts = window.kindsOfText
    const found = await axe.run({include: kinds.map(kind => texts.get(kind))},
        {runOnly: {type: "rule", values: rules}, resultTypes: ["violations", "passes"], elementRef: true, preload: false})
    const passed = found.passes.filter(rule => rule.id === "color-contrast").flatMap(rule => rule.nodes.map(node => node.element))
    const bad = found.violations.flatMap(rule => rule.nodes.map(node => node.element))
    const plain = ({target, html}) => ({target, html})
    return {violations: found.violations.map(({id, help, nodes}) => ({id, help, nodes: nodes.map(plain)})),
        well: kinds.filter(kind => passed.includes(texts.get(kind)) && !bad.includes(texts.get(kind)))}
}"""
RULES = """tags => axe.run(document, {runOnly: {type: "tag", values: tags}, rules: {"color-contrast": {enabled: false}},
    resultTypes: ["violations"]})"""


class Reader:
    """Opens entries of the book, several at once; what one page taught about colours is not asked again on the next."""

    def __init__(self, browser: Browser, site: str, world: World, broken: dict[str, str]) -> None:
        self.browser, self.site, self.world, self.broken = browser, site, world, broken
        self.well_read: dict[str, set[str]] = {"light": set(), "dark": set()}
        self._room = asyncio.Semaphore(AT_ONCE)
        self._idle: list[Page] = []

    @asynccontextmanager
    async def open(self, entry: Entry, language: str = "vi") -> AsyncIterator["Opened"]:
        """Open `entry` on a phone, in a profile that knows nothing but the files every page shares."""
        async with self._room:
            page = self._idle.pop() if self._idle else await self._profile()
            opened = Opened(entry, page.context, page, self)
            try:
                await opened.go(language)
                yield opened
            finally:
                await opened.leave()
                self._idle.append(page)

    async def _profile(self) -> Page:
        """A tab in a profile of its own: its process stays warm from page to page."""
        context = await self.browser.new_context(
            locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", reduced_motion="reduce", service_workers="block"
        )
        context.set_default_timeout(LONGEST_MS)
        return await context.new_page()


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
        self._heard: Any = {"console": self._logged, "pageerror": self._failed, "response": self._answered}
        for name, listener in self._heard.items():
            page.on(name, listener)

    def _logged(self, line: ConsoleMessage) -> None:
        self._said(line.type, line.text, line.location.get("url", ""))

    def _failed(self, error: Error) -> None:
        self.wrong.append(f"script: {error}")

    def _said(self, kind: str, text: str, where: str) -> None:
        own_answer = text.startswith("Failed to load resource") and where.partition("#")[0] == self.page.url
        if kind == "error" and not own_answer:
            self.wrong.append(f"console: {text} ({where.removeprefix(self.reader.site)})")

    def _answered(self, response: Response) -> None:
        if response.request.is_navigation_request() and not 300 <= response.status < 400:
            self.status = response.status

    async def go(self, language: str) -> None:
        """Open the page and bring its state about."""
        await self.page.set_viewport_size(_size(PHONE))
        await self.page.emulate_media(color_scheme="light")
        cookies: list[Any] = [{"name": "language", "value": language, "url": self.reader.site}]
        if who := person(self.reader.world, self.entry.who):
            cookies.append({"name": "session", "value": who.token, "url": self.reader.site})
        await self.context.add_cookies(cookies)
        address = self.entry.address(self.reader.world)
        if text := self.reader.broken.get(address):  # a page that routes anything keeps no files: only where it must
            html = {"status": 500 if address == "/hong" else 503, "content_type": "text/html", "body": text}
            await self.page.route(self.reader.site + address, _answering(html))
        await self.page.goto(self.reader.site + address, wait_until="load")
        if self.entry.act:
            await self.entry.act(self.page, self.reader.world)
        await self.page.evaluate("document.fonts.ready.then(() => {})")
        if self.status != self.entry.status:
            self.wrong.append(f"answered {self.status}, not {self.entry.status}")

    async def leave(self) -> None:
        """Leave the tab to the next page as if this one had never been in it."""
        for name, listener in self._heard.items():
            self.page.remove_listener(name, listener)
        await self.page.unroute_all()
        await self.page.evaluate("() => sessionStorage.clear()")
        await self.page.goto("about:blank")  # a page that asks for more would ask without its session
        await self.context.clear_cookies()

    async def frame(self) -> None:
        """Language, a title that names nobody (it stays in the browser's history), one heading."""
        seen = await self.page.evaluate(FRAME)
        if seen["lang"] != "vi":
            self.wrong.append(f"html lang={seen['lang']!r}")
        if len(seen["title"]) < 3:
            self.wrong.append("no title")
        cast = self.reader.world.cast
        people = [*NAMES.values(), cast.ha.name, cast.toan.name, *self.reader.world.names]
        if named := [name for name in people if name in seen["title"]]:
            self.wrong.append(f"the title names {named[0]}")
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
        if not await self.page.evaluate("() => 'axe' in window"):
            await self.page.evaluate(AXE_SCRIPT)
        found = []
        if theme == "light":
            found += (await self.page.evaluate(RULES, TAGS))["violations"]
        well = self.reader.well_read[theme]
        unread = [kind for kind in await self.page.evaluate(KINDS_OF_TEXT) if kind not in well]
        if unread:
            read = await self.page.evaluate(CONTRAST, [unread, COLOURS])
            well.update(read["well"])
            found += read["violations"]
        for fault in found:
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
