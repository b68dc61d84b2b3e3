"""Colleagues who have the same dossier open are named to each other, across processes, and are gone when they close it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import anyio
import httpx
import pytest

from backend.agencies.tables import Role
from backend.dossiers import presence
from backend.dossiers.presence import LASTS, others, present
from backend.dossiers.tables import Dossier
from backend.kit import clock, live
from backend.kit.database import execute, fetch_value, new_id
from backend.kit.live import Hub
from tests.browser import sign_in
from tests.cast import Cast
from tests.conftest import Cluster
from tests.dossiers import stories

pytestmark = pytest.mark.anyio
HTML = {"Accept": "text/html"}
HTMX = HTML | {"HX-Request": "true", "HX-Request-Type": "partial"}


@asynccontextmanager
async def process(db: Cluster) -> AsyncIterator[Hub]:
    """A server process that hears the database."""
    hub = Hub()
    running = asyncio.create_task(hub.run(db.app))
    try:
        yield hub
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def yes() -> bool:
    return True


class Page:
    """A dossier's page in a browser: the stream that holds it open, and the live steps it hears."""

    def __init__(self, hub: Hub, dossier: Dossier, cast: Cast, role: Role) -> None:
        self.hub, self.dossier, self.cast, self.role = hub, dossier, cast, role
        self.heard = hub.stream(frozenset({f"agency:{cast.commune}"}), None)

    async def open(self) -> "Page":
        await anext(self.heard)
        self.officer = await stories.officer(self.cast, self.role)
        self._begun = asyncio.Event()
        self._holding = asyncio.create_task(self._hold())
        await asyncio.wait_for(self._begun.wait(), 5)
        return self

    async def _hold(self) -> None:
        async for _event in present(self.hub, self.dossier, self.officer, yes):
            self._begun.set()

    async def told(self) -> None:
        """Wait until the page is told to ask again who is there."""
        async with asyncio.timeout(5):
            while f"present-{self.dossier.id}" not in (await anext(self.heard)).decode():
                pass

    async def names(self) -> list[str]:
        return await others(self.dossier, self.officer)

    async def close(self) -> None:
        """Close the browser's window: the server's task is cancelled."""
        self._holding.cancel()
        with suppress(asyncio.CancelledError):
            await self._holding


@pytest.fixture
async def dossier(cast: Cast) -> Dossier:
    await stories.publish(cast, stories.BIRTH)
    return await stories.received(cast)


async def test_two_officers_at_two_processes_see_each_other_until_one_leaves(
    cast: Cast, db: Cluster, dossier: Dossier
) -> None:
    async with process(db) as here, process(db) as there:
        mai = await Page(here, dossier, cast, Role.RECEPTIONIST).open()
        assert await mai.names() == []
        phuc = await Page(there, dossier, cast, Role.PROCESSOR).open()
        await mai.told()
        assert await mai.names() == [phuc.officer.name]
        assert await phuc.names() == [mai.officer.name]
        await phuc.close()
        await mai.told()
        assert await mai.names() == []
        await mai.close()
        assert await fetch_value("select count(*) from dossier_presence") == 0


async def test_two_who_come_at_once_both_learn_it(cast: Cast, db: Cluster, dossier: Dossier) -> None:
    async with process(db) as hub:
        pages = [Page(hub, dossier, cast, role) for role in (Role.RECEPTIONIST, Role.PROCESSOR)]
        await asyncio.gather(*(page.open() for page in pages))
        await asyncio.gather(*(page.told() for page in pages))
        for page in pages:
            assert len(await page.names()) == 1
        for page in pages:
            await page.close()


async def test_nobody_is_told_of_an_officer_who_is_alone(cast: Cast, db: Cluster, dossier: Dossier) -> None:
    async with process(db) as hub:
        before = await fetch_value("select count(*) from live_event")
        page = await Page(hub, dossier, cast, Role.RECEPTIONIST).open()
        twin = await Page(hub, dossier, cast, Role.RECEPTIONIST).open()
        assert await twin.names() == [], "a second window is no colleague"
        await page.close()
        await twin.close()
        assert await fetch_value("select count(*) from live_event") == before


async def test_what_a_killed_process_left_is_taken_away_by_the_beat_of_another(
    cast: Cast, db: Cluster, dossier: Dossier, frozen: clock.Frozen
) -> None:
    async with process(db) as hub:
        dead = await stories.officer(cast, Role.PROCESSOR)
        # Killed: its row is written, nothing ever takes it away.
        await presence.beat(new_id(), dossier, dead)
        page = await Page(hub, dossier, cast, Role.RECEPTIONIST).open()
        assert await page.names() == [dead.name]
        frozen.advance(LASTS)
        assert await page.names() == [], "old without anybody's doing"
        await presence.beat(new_id(), dossier, page.officer)
        await page.told()
        assert await fetch_value("select count(*) from dossier_presence where officer = $1", dead.id) == 0
        await page.close()


async def test_the_row_goes_with_a_cancelled_request(cast: Cast, db: Cluster, dossier: Dossier) -> None:
    officer = await stories.officer(cast, Role.PROCESSOR)
    async with anyio.create_task_group() as tasks:

        async def hold() -> None:
            async for _event in present(Hub(), dossier, officer, yes):
                tasks.cancel_scope.cancel()

        tasks.start_soon(hold)
    assert await fetch_value("select count(*) from dossier_presence") == 0


async def test_whose_session_ended_is_bidden_goodbye(
    cast: Cast, db: Cluster, dossier: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.01)

    async def no() -> bool:
        return False

    officer = await stories.officer(cast, Role.PROCESSOR)
    said = [event async for event in present(Hub(), dossier, officer, no)]
    assert b"event: bye" in said[-1]
    assert await fetch_value("select count(*) from dossier_presence") == 0


async def test_a_process_that_leaves_lets_go_of_its_pages(cast: Cast, db: Cluster, dossier: Dossier) -> None:
    hub = Hub()
    stream = present(hub, dossier, await stories.officer(cast, Role.PROCESSOR), yes)
    await anext(stream)
    hub.leaving.set()
    async with asyncio.timeout(5):
        assert [event async for event in stream] == []
    assert await fetch_value("select count(*) from dossier_presence") == 0


async def test_the_page_names_who_else_is_there_to_officers_of_the_agency_alone(
    cast: Cast, dossier: Dossier, client: httpx.AsyncClient
) -> None:
    colleague = await stories.officer(cast, Role.PROCESSOR)
    await presence.beat(new_id(), dossier, colleague)
    address = f"/can-bo/ho-so/{dossier.code}"
    words = f"{colleague.name} đang xem hồ sơ này"
    sign_in(client, cast.officer(Role.LEADER))
    page = (await client.get(address, headers=HTML)).text
    assert words in page
    assert f'hx-trigger="live:present-{dossier.id} from:document"' in page
    part = (await client.get(f"{address}/cung-xem", headers=HTMX)).text
    assert words in part
    assert "<html" not in part
    assert (await client.get(f"{address}/cung-xem", headers=HTML)).headers["Location"] == address
    sign_in(client, cast.officer(Role.PROCESSOR))
    assert words not in (await client.get(address, headers=HTML)).text, "nobody is named to themselves"
    for person in (cast.stranger_officer, cast.officer(Role.CASHIER), cast.ha):
        assert person
        sign_in(client, person)
        for rest in ("cung-xem", "dang-mo"):
            assert (await client.get(f"{address}/{rest}", headers=HTML)).status_code == 404
    await execute("delete from dossier_presence")
