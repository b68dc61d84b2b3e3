"""When something that happens at one desk is seen on another screen."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from uuid import UUID

from playwright.async_api import Page

from tests.journeys.house import House

# Resolves when the words stand in the page, with the browser's clock in milliseconds.
_SEEN = """words => new Promise(done => {
  const look = () => {
    if (!document.querySelector('main').textContent.includes(words)) return;
    watcher.disconnect();
    done(Date.now());
  };
  const watcher = new MutationObserver(look);
  watcher.observe(document.body, {subtree: true, childList: true, characterData: true});
  look();
})"""


class Sight:
    """When the words came onto the screen; `delay` is told after the block."""

    def __init__(self) -> None:
        self.delay = -1.0


@contextlib.asynccontextmanager
async def seen_on(page: Page, words: str, house: House, dossier: UUID) -> AsyncIterator[Sight]:
    """What is done inside the block puts `words` onto `page`; `delay`: seconds between the history entry and the sight."""
    sight = Sight()
    assert words not in (await page.locator("main").text_content() or ""), f"{words!r} is there already"
    waiting = asyncio.ensure_future(page.evaluate(_SEEN, words))
    try:
        yield sight
        seen = await asyncio.wait_for(waiting, 15) / 1000
    finally:
        waiting.cancel()
    async with house.owner() as owner:
        happened = await owner.fetchval("select max(at) from history_entry where subject = $1", dossier)
    sight.delay = seen - happened.timestamp()
