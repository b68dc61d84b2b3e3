"""HEAD tells what GET would: same status, same headers, not one byte; and a stream is not kept running for nobody."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from litestar import Litestar, Request, Response, get, head, post
from litestar.response import Stream

from backend.kit.compressing import compressing
from backend.kit.heads import answering_heads, looks_ahead
from tests import browser
from tests.cast import Cast

pytestmark = pytest.mark.anyio

ended = asyncio.Event()


@get("/page", media_type="text/html")
async def a_page() -> str:
    return "<p>Một Cửa</p>" * 200


@get("/ahead")
async def ahead(request: Request[Any, Any, Any]) -> Response[None]:
    return Response(None, headers={"Ahead": str(looks_ahead(request))})


@get("/stream")
async def stream() -> Stream:
    async def parts() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"news"
                await asyncio.Event().wait()
        finally:
            ended.set()

    return Stream(parts, media_type="text/event-stream", headers={"Cache-Control": "no-store"})


@get("/file")
async def file() -> Stream:
    async def pieces() -> AsyncIterator[bytes]:
        for piece in (b"a", b"b", b"c"):
            yield piece

    return Stream(pieces, headers={"Content-Length": "3"})


@head("/stream")
async def may_follow() -> Response[None]:
    return Response(None, headers={"Own": "yes"})


@post("/press")
async def press() -> None:
    """Takes no GET."""


def made(*own: str) -> Litestar:
    app = Litestar([a_page, ahead, file, stream, may_follow, press])
    app.asgi_handler = answering_heads(compressing(app.asgi_handler), own)
    return app


async def sent(app: Any, path: str, method: str = "HEAD") -> list[dict[str, Any]]:
    """What goes to the server, message by message: a client would hide a body that must not be there."""
    over, found = asyncio.Event(), []

    async def receive() -> dict[str, Any]:
        await over.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        found.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            over.set()

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": [(b"accept-encoding", b"br")],
    }
    await app(scope, receive, send)
    assert scope["method"] == method
    return found


@pytest.mark.parametrize("path", ["/page", "/nowhere", "/press"])
async def test_head_has_the_headers_of_get_and_no_body(path: str) -> None:
    start, *rest = await sent(made(), path)
    wanted, full = await sent(made(), path, "GET")
    assert (start["status"], start["headers"]) == (wanted["status"], wanted["headers"])
    assert full["body"]
    assert rest == [{"type": "http.response.body", "body": b"", "more_body": False}]


async def test_a_file_that_comes_in_pieces_has_one_end() -> None:
    start, *rest = await sent(made(), "/file")
    assert (b"content-length", b"3") in start["headers"]
    assert rest == [{"type": "http.response.body", "body": b"", "more_body": False}]


async def test_a_stream_ends_once_its_head_is_sent() -> None:
    ended.clear()
    start, *rest = await asyncio.wait_for(sent(made(), "/stream"), 5)
    assert (b"cache-control", b"no-store") in start["headers"]
    assert rest == [{"type": "http.response.body", "body": b"", "more_body": False}]
    assert ended.is_set()


@pytest.mark.parametrize("path", ["/stream", "/stream/", "//stream"])
async def test_an_answer_of_its_own_is_left_alone(path: str) -> None:
    start, *_rest = await sent(made("/stream"), path)
    assert (b"own", b"yes") in start["headers"]


@pytest.mark.parametrize(
    ("method", "headers", "expected"),
    [("GET", {}, "False"), ("HEAD", {}, "True"), ("GET", {"Sec-Purpose": "prefetch;prerender"}, "True")],
)
async def test_a_route_can_tell_that_nobody_reads_yet(method: str, headers: dict[str, str], expected: str) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(made()), base_url="http://house") as client:
        assert (await client.request(method, "/ahead", headers=headers)).headers["ahead"] == expected


async def test_the_stream_of_the_house_is_not_opened_for_its_head(client: httpx.AsyncClient, cast: Cast) -> None:
    browser.sign_in(client, cast.ha)
    answer = await asyncio.wait_for(client.head("/luong"), 5)
    assert answer.status_code == 200
    assert "text/event-stream" not in answer.headers.get("content-type", "")
