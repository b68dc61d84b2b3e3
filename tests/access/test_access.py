"""Every route answers everybody as the table says; a route that is not in the table fails, and a line without a route too."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from backend.agencies.tables import Role
from backend.kit.access import audience
from tests import browser, world
from tests.access import calls
from tests.access.table import ASKERS, Row, rows
from tests.access.undoing import undone
from tests.cast import Cast, Person
from tests.world import World

pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("access")]

SAFE = ("GET", "HEAD")


def routes(app: Litestar) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    """Every method and path of the app with its handler; OPTIONS are the framework's own."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", []):
            for method in sorted(handler.http_methods - {"OPTIONS"}):
                yield method, route.path, handler


def person(world: World, asker: str) -> Person | None:
    """Whose device asks."""
    cast = world.cast
    people = {"stranger": None, "signed out": world.revoked, "owner": cast.ha, "other": cast.toan}
    if asker in people:
        return people[asker]
    return cast.stranger_officer if asker == "elsewhere" else cast.officer(Role(asker))


async def answer_to(
    client: httpx.AsyncClient, world: World, row: Row, asker: str, *, nowhere: bool = False, token: bool = True
) -> httpx.Response:
    """Ask as `asker`; the world is afterwards as it was before.

    Args:
        nowhere: ask for something that is not there instead.
        token: send a form with its token.
    """
    given = client.cookies.get("csrf", "")
    browser.sign_out(client)
    client.cookies.set("csrf", given, domain="localhost.local")
    if who := person(world, asker):
        browser.sign_in(client, who)
    places = await calls.parts(row, world)
    if nowhere:
        places = calls.nowhere(places)
    path = re.sub(r"\{(\w+):\w+\}", lambda part: places[part[1]], row.template)
    key = f"{row.method} {row.template}"
    async with undone():
        if row.method in SAFE:
            query = calls.QUERIES.get(f"GET {row.template}", "")
            return await client.request(row.method, f"{path}?{query}" if query else path)
        form = await calls.form(row, world, asker)
        files = {"file": ("", b"")} if key in calls.MULTIPART else None
        if key in calls.UPLOADS:
            files = {"tep": ("giay.jpg", calls.picture(), "image/jpeg")}
        return await browser.post(client, path, form if token else form | {"_csrf_token": ""}, files=files)


def test_every_route_stands_in_the_table_with_its_guard(app: Litestar) -> None:
    there = {
        f"{method} {path}": " + ".join(audience(handler.resolve_guards())) for method, path, handler in routes(app)
    }
    told = {f"{row.method} {row.template}": row.guard for row in rows()}
    assert told == there


@pytest.fixture
async def made(client: httpx.AsyncClient, cast: Cast, app: Any) -> World:
    """The world every route is asked about; the stream says goodbye at once."""
    app.state.hub.leaving.set()
    await client.get("/dang-nhap")
    return await world.build(cast)


async def test_every_route_answers_everybody_as_the_table_says(client: httpx.AsyncClient, made: World) -> None:
    wrong = []
    for row in rows():
        for asker in ASKERS:
            answer = await answer_to(client, made, row, asker)
            if answer.status_code != row.answers[asker]:
                wrong.append(f"{row.name}: {asker} got {answer.status_code}, not {row.answers[asker]}")
    assert not wrong, "\n".join(wrong)


def shown(answer: httpx.Response) -> str:
    """What a page says, without what differs between any two answers: tokens, marks, the address."""
    text = re.sub(r'(X-CSRFToken": |value=|data-mark=)"[^"]*"', r"\1", answer.text)
    return re.sub(r'<input type="hidden" name="(back|tiep)"[^>]*>', "", text)


def lasting(answer: httpx.Response) -> list[tuple[str, str]]:
    """The headers of an answer that are the same whenever it is asked for."""
    once = ("x-request-id", "set-cookie")
    return sorted((name, value) for name, value in answer.headers.items() if name not in once)


async def test_head_answers_everybody_as_get(client: httpx.AsyncClient, made: World) -> None:
    streams = {row.template for row in rows() if row.method == "HEAD"}
    for row in rows():
        if row.method != "GET" or row.template in streams:
            continue
        for asker in ASKERS:
            whole = await answer_to(client, made, row, asker)
            head = await answer_to(client, made, row._replace(method="HEAD"), asker)
            assert (head.status_code, lasting(head)) == (whole.status_code, lasting(whole)), f"{row.name}: {asker}"


async def test_what_is_denied_looks_like_what_is_not_there(client: httpx.AsyncClient, made: World) -> None:
    for row in rows():
        if "{" not in row.template or set(row.answers.values()) <= {401, 404}:
            continue
        for asker in [asker for asker, status in row.answers.items() if status == 404]:
            denied = await answer_to(client, made, row, asker)
            missing = await answer_to(client, made, row, asker, nowhere=True)
            assert missing.status_code == 404, f"{row.name}: {asker}"
            assert shown(denied) == shown(missing), f"{row.name}: {asker}"


async def test_a_form_without_its_token_is_refused_whoever_sends_it(client: httpx.AsyncClient, made: World) -> None:
    for row in rows():
        if row.method in SAFE:
            continue
        for asker in ("stranger", "owner", "receptionist", "elsewhere"):
            answer = await answer_to(client, made, row, asker, token=False)
            assert answer.status_code == 403, f"{row.name}: {asker} got {answer.status_code}"
