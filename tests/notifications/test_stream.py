"""The stream of live steps over a real connection: what a person may follow, for as long as they are signed in."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from backend.accounts import sessions
from backend.accounts.tables import Session
from backend.accounts.viewer import Viewer
from backend.agencies.tables import Role
from backend.kit import clock, live
from backend.kit.database import execute, fetch_value, new_id, unit_of_work
from backend.kit.live import announce
from backend.kit.seal import token_hash
from backend.notifications import stream
from tests.browser import sign_in
from tests.cast import Cast, Person

pytestmark = pytest.mark.anyio


class Screen:
    """A browser that follows the stream."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._blocks = self._read()

    async def _read(self) -> AsyncIterator[dict[str, str]]:
        block: dict[str, str] = {}
        async for line in self.response.aiter_lines():
            if line:
                name, _, value = line.partition(": ")
                block[name] = value
            elif block:
                yield block
                block = {}

    async def next(self, kind: str) -> dict[str, str]:
        """Wait for the next event of a kind."""
        async with asyncio.timeout(5):
            async for block in self._blocks:
                if block.get("event", "").rstrip(":") == kind:
                    return block
        raise AssertionError(f"the stream ended without {kind}")

    async def end(self) -> None:
        """Wait for the end of the stream."""
        async with asyncio.timeout(5):
            async for _ in self._blocks:
                pass


@pytest.fixture
async def browser(site: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=site, timeout=10) as client:
        yield client


def as_person(client: httpx.AsyncClient, person: Person) -> httpx.AsyncClient:
    sign_in(client, person)
    return client


async def another_device(person: Person) -> str:
    """Sign the person in on a second device; return its token."""
    token = "of-a-second-device"
    known = await Session.select().where(Session.account == person.account).first()
    await Session.insert(Session(**known | {"id": new_id(), "token_hash": token_hash(token)}))
    return token


async def tell(topic: str, subject: str) -> None:
    async with unit_of_work():
        await announce([topic], subject)


async def test_a_step_arrives_within_a_second_and_is_never_kept(browser: httpx.AsyncClient, cast: Cast) -> None:
    async with as_person(browser, cast.ha).stream("GET", "/luong") as response:
        assert response.status_code == 200
        assert response.headers["Content-Type"].startswith("text/event-stream")
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Accel-Buffering"] == "no"
        assert "Content-Encoding" not in response.headers
        screen = Screen(response)
        await screen.next("hello")
        async with asyncio.timeout(1):
            await tell(f"person:{cast.ha.account}", "dossier-1")
            assert (await screen.next("change"))["data"] == "dossier-1"


async def test_a_citizen_follows_only_their_own(browser: httpx.AsyncClient, cast: Cast) -> None:
    async with as_person(browser, cast.ha).stream("GET", "/luong") as response:
        screen = Screen(response)
        await screen.next("hello")
        await tell(f"person:{cast.toan.account}", "dossier-1")
        await tell(f"agency:{cast.commune}", "worklist")
        await tell(f"person:{cast.ha.account}", "dossier-2")
        assert (await screen.next("change"))["data"] == "dossier-2"


async def test_an_officer_follows_the_agency_they_work_for(browser: httpx.AsyncClient, cast: Cast) -> None:
    async with as_person(browser, cast.officer(Role.RECEPTIONIST)).stream("GET", "/luong") as response:
        screen = Screen(response)
        await screen.next("hello")
        await tell(f"agency:{cast.other_commune}", "other")
        await tell(f"agency:{cast.commune}", "worklist")
        assert (await screen.next("change"))["data"] == "worklist"


async def test_an_officer_who_left_follows_nothing_of_the_agency(cast: Cast) -> None:
    officer = cast.officer(Role.RECEPTIONIST)
    await execute("update officer set ended_at = $2 where id = $1", officer.officer, clock.now())
    viewer = Viewer(
        officer.account, new_id(), officer.name, "LM", officer.phone, officer=True, verified=True, language="vi"
    )
    assert await stream.topics(viewer) == {f"person:{officer.account}"}


async def test_a_stream_ends_when_an_officer_leaves_office(
    browser: httpx.AsyncClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "_ASK_EVERY", timedelta(0))
    officer = cast.officer(Role.RECEPTIONIST)
    async with as_person(browser, officer).stream("GET", "/luong") as response:
        screen = Screen(response)
        await screen.next("hello")
        await execute("update officer set ended_at = $2 where id = $1", officer.officer, clock.now())
        await tell(f"agency:{cast.commune}", "worklist")
        await screen.end()


@pytest.mark.parametrize("how", ["header", "query", "header before query"])
async def test_a_stream_resumes_where_the_browser_was(browser: httpx.AsyncClient, cast: Cast, how: str) -> None:
    old = str(await fetch_value("select pg_snapshot_xmin(pg_current_snapshot())::text"))
    await tell(f"person:{cast.ha.account}", "dossier-1")
    new = str(await fetch_value("select pg_snapshot_xmin(pg_current_snapshot())::text"))
    headers = {} if how == "query" else {"Last-Event-ID": old}
    query = {"header": "", "query": f"?last={old}", "header before query": f"?last={new}"}[how]
    async with as_person(browser, cast.ha).stream("GET", f"/luong{query}", headers=headers) as response:
        assert (await Screen(response).next("change"))["data"] == "dossier-1"


async def test_a_stream_ends_when_its_device_is_signed_out(
    browser: httpx.AsyncClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.05)
    async with as_person(browser, cast.ha).stream("GET", "/luong") as response:
        screen = Screen(response)
        await screen.next("hello")
        await sessions.revoke_all(cast.ha.account)
        await tell(f"person:{cast.ha.account}", "before-the-next-look")
        assert (await screen.next("change"))["data"] == "before-the-next-look"
        monkeypatch.setattr(stream, "_ASK_EVERY", timedelta(0))
        await screen.next("bye")
        await screen.end()
    assert (await browser.get("/luong", headers={"Accept": "text/event-stream"})).status_code == 401


async def test_a_device_that_opens_too_many_streams_keeps_the_newest(
    browser: httpx.AsyncClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "_MOST_OF_A_SESSION", 1)
    as_person(browser, cast.ha)
    async with browser.stream("GET", "/luong") as first:
        oldest = Screen(first)
        await oldest.next("hello")
        async with browser.stream("GET", "/luong") as second:
            newest = Screen(second)
            await newest.next("hello")
            await oldest.next("bye")
            await oldest.end()
            await tell(f"person:{cast.ha.account}", "dossier-1")
            assert (await newest.next("change"))["data"] == "dossier-1"


async def test_an_account_on_too_many_devices_keeps_the_newest_streams(
    browser: httpx.AsyncClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "_MOST_OF_AN_ACCOUNT", 1)
    async with as_person(browser, cast.ha).stream("GET", "/luong") as first:
        oldest = Screen(first)
        await oldest.next("hello")
        browser.cookies.set(sessions.cookie_name(), await another_device(cast.ha), domain="localhost.local")
        async with browser.stream("GET", "/luong") as second:
            await Screen(second).next("hello")
            await oldest.next("bye")


async def test_a_page_carries_its_place_in_the_stream(browser: httpx.AsyncClient, cast: Cast, app: Any) -> None:
    async with as_person(browser, cast.ha).stream("GET", "/luong") as response:
        await Screen(response).next("hello")
    page = (await browser.get("/thong-bao")).text
    assert f'data-stream="/luong" data-mark="{app.state.hub.mark}"' in page


async def test_a_closed_browser_is_forgotten(browser: httpx.AsyncClient, cast: Cast, app: Any) -> None:
    async with as_person(browser, cast.ha).stream("GET", "/luong") as response:
        await Screen(response).next("hello")
        assert app.state.hub._followers
    async with asyncio.timeout(5):
        while app.state.hub._followers:
            await tell(f"person:{cast.ha.account}", "is-anybody-there")
