"""Two officers press the same button at the same moment, each at their own server process."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape
from uuid import UUID

import httpx
import pytest
from playwright.async_api import Request, Route, expect

from backend.agencies.tables import Role
from backend.dossiers.tables import Dossier
from tests.cast import Person
from tests.dossiers import stories
from tests.journeys.conftest import DESK, MakeDevice
from tests.journeys.house import House

pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("house")]

TIMES = 50


@asynccontextmanager
async def desk(site: str, person: Person) -> AsyncIterator[httpx.AsyncClient]:
    """An officer's browser without scripts, signed in."""
    async with httpx.AsyncClient(
        base_url=site, cookies={"session": person.token}, headers={"Accept": "text/html"}, timeout=30
    ) as client:
        yield client


async def see(client: httpx.AsyncClient, code: str) -> None:
    """Open the dossier: the button is there."""
    page = await client.get(f"/can-bo/ho-so/{code}")
    assert page.status_code == 200
    assert f'action="/can-bo/ho-so/{code}/tiep-nhan"' in page.text


async def press(client: httpx.AsyncClient, code: str) -> httpx.Response:
    """Press "Tiếp nhận"."""
    return await client.post(f"/can-bo/ho-so/{code}/tiep-nhan", data={"_csrf_token": client.cookies["csrf"]})


def sentence(page: httpx.Response) -> str:
    """What the page says first."""
    found = re.search(r'<div id="notice"[^>]*>.*?<p>(.*?)</p>', page.text, re.S)
    assert found is not None
    return " ".join(unescape(found[1]).split())


async def kept(house: House, dossier: UUID) -> tuple[int, int, str]:
    """How often the dossier was received, how many forms 01 it has, and by whom it was received."""
    async with house.owner() as owner:
        receipts = await owner.fetch(
            "select o.full_name from history_entry h join officer o on o.id = h.actor"
            " where h.subject = $1 and h.act = 'receive'",
            dossier,
        )
        papers = await owner.fetchval("select count(*) from dossier_paper where dossier = $1 and form = '01'", dossier)
    return len(receipts), papers, receipts[0]["full_name"]


async def test_of_two_who_receive_at_once_one_wins_and_the_other_reads_who_was_first(house: House) -> None:
    mai, thao = house.cast.officer(Role.RECEPTIONIST), house.colleague
    async with house.inside():
        filed: list[Dossier] = [await stories.submitted(house.cast, seed=seed) for seed in range(TIMES)]
    winners = []
    async with desk(house.sites[0], mai) as first, desk(house.sites[1], thao) as second:
        for dossier in filed:
            assert dossier.code is not None
            await asyncio.gather(see(first, dossier.code), see(second, dossier.code))
            answers = await asyncio.gather(press(first, dossier.code), press(second, dossier.code))
            won, lost = sorted(answers, key=lambda answer: answer.status_code)
            assert (won.status_code, lost.status_code) == (303, 409)
            winner = mai if won is answers[0] else thao
            winners.append(winner.name)
            assert re.fullmatch(rf"{winner.name} đã tiếp nhận hồ sơ này lúc \d+:\d\d hôm (nay|qua)\.", sentence(lost))
            assert await kept(house, dossier.id) == (1, 1, winner.name)
    assert set(winners) == {mai.name, thao.name}, "the presses were not at the same moment"


class Held:
    """Requests that wait until the test lets them go."""

    def __init__(self) -> None:
        self.there, self.done = asyncio.Event(), asyncio.Event()
        self.route: Route | None = None

    def take(self, route: Route) -> None:
        """Hold the request back."""
        self.route = route
        self.there.set()

    def ended(self, request: Request) -> None:
        """Notice that the request has come to an end, whichever."""
        if self.route is not None and request == self.route.request:
            self.done.set()

    async def let_go(self) -> None:
        """Send it on; a request that the page gave up meanwhile is past helping."""
        assert self.route is not None
        await self.route.continue_()


async def test_a_press_while_the_block_is_asked_for_again_keeps_its_answer(house: House, device: MakeDevice) -> None:
    thao, mai = house.colleague, house.cast.officer(Role.RECEPTIONIST)
    async with house.inside():
        dossier = await stories.submitted(house.cast, seed=901)
    screen = await device(DESK, person=thao)
    page, address = screen.page, f"/can-bo/ho-so/{dossier.code}"
    async with page.expect_response("**/luong*"):
        await screen.go(address)
    again, press_sent = Held(), Held()
    await page.route(f"**{address}", again.take)
    await page.route(f"**{address}/tiep-nhan", press_sent.take)
    page.on("requestfinished", again.ended)
    page.on("requestfailed", again.ended)
    async with desk(house.sites[1], mai) as first:
        await see(first, str(dossier.code))
        assert (await press(first, str(dossier.code))).status_code == 303
    await asyncio.wait_for(again.there.wait(), 15)
    await page.locator("#viec").get_by_role("button", name="Tiếp nhận").first.click()
    await asyncio.wait_for(press_sent.there.wait(), 15)
    await again.let_go()
    await asyncio.wait_for(again.done.wait(), 15)
    await press_sent.let_go()
    await expect(page.locator("#notice")).to_contain_text(f"{mai.name} đã tiếp nhận hồ sơ này lúc")
    await expect(page.locator("#viec")).not_to_contain_text("Tiếp nhận")
