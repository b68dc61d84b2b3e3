"""Every page in every state: axe finds nothing, nothing runs out of the screen, nothing is refused by our own policy."""

import asyncio
from typing import Any

import pytest

from tests.access.test_access import routes
from tests.pages.book import NO_PAGES, SHELVES, Entry
from tests.pages.reading import DESK, NARROW, PHONE, Reader

pytestmark = pytest.mark.anyio

GROUPS = {name: f"pages-{number % 2}" for number, name in enumerate(SHELVES)}


def test_every_page_of_the_router_stands_in_the_book(app: Any) -> None:
    asked = {path for method, path, _handler in routes(app) if method == "GET"}
    shown = {entry.route for shelf in SHELVES.values() for entry in shelf} - {""}
    assert not shown & set(NO_PAGES)
    assert shown | set(NO_PAGES) == asked


def test_no_two_pages_of_the_book_share_a_name() -> None:
    names = [entry.name for shelf in SHELVES.values() for entry in shelf]
    assert len(names) == len(set(names))


async def read(reader: Reader, entry: Entry) -> list[str]:
    """Look at one page on a phone and on a desk, light and dark, narrow and with the largest text."""
    async with reader.open(entry) as opened:
        await opened.frame()
        for size, screen in ((PHONE, "phone"), (DESK, "desk")):
            await opened.at(size)
            await opened.axe("light", screen)
            await opened.axe("dark", screen)
        await opened.at(NARROW)
        await opened.text_size("160")
        await opened.at(NARROW)
        await opened.at(PHONE)
        return opened.report


@pytest.mark.parametrize("shelf", [pytest.param(name, marks=pytest.mark.xdist_group(GROUPS[name])) for name in SHELVES])
async def test_every_page_is_open_to_everybody(reader: Reader, shelf: str) -> None:
    reports = await asyncio.gather(*(read(reader, entry) for entry in SHELVES[shelf]))
    faults = [fault for report in reports for fault in report]
    assert not faults, "\n".join(faults)
