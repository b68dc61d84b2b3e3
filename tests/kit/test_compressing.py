"""Text comes compressed to whoever can read that; streams, files and short answers come as they are."""

import gzip
from collections.abc import AsyncIterator
from typing import Any, cast

import brotli
import httpx
import pytest
from litestar import Litestar, MediaType, Response, get
from litestar.response import Stream

from backend.kit.compressing import compressing

PAGE = "<p>Một Cửa</p>" * 200


@get("/page", media_type=MediaType.HTML)
async def a_page() -> str:
    return PAGE


@get("/short", media_type=MediaType.HTML)
async def short() -> str:
    return "<p>Một Cửa</p>"


@get("/packed")
async def packed() -> Response[bytes]:
    return Response(gzip.compress(PAGE.encode()), media_type="text/html", headers={"Content-Encoding": "gzip"})


@get("/picture")
async def picture() -> Response[bytes]:
    return Response(b"\x89PNG" * 500, media_type="image/png")


@get("/stream")
async def stream() -> Stream:
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"data: " + b"x" * 1000 + b"\n\n"

    return Stream(parts(), media_type="text/event-stream")


async def ask(path: str, takes: str) -> httpx.Response:
    app = Litestar([a_page, short, packed, picture, stream], middleware=[compressing], openapi_config=None)
    transport = httpx.ASGITransport(cast(Any, app))
    takes_only = {"Accept-Encoding": takes}
    async with (
        httpx.AsyncClient(transport=transport, base_url="http://localhost") as phone,
        phone.stream("GET", path, headers=takes_only) as answer,
    ):
        answer.extensions["raw"] = b"".join([part async for part in answer.aiter_raw()])
        return answer


@pytest.mark.anyio
async def test_a_page_comes_by_brotli_or_gzip_as_the_phone_can_read() -> None:
    by_brotli, by_gzip = await ask("/page", "gzip, br"), await ask("/page", "gzip")
    assert brotli.decompress(by_brotli.extensions["raw"]).decode() == PAGE
    assert gzip.decompress(by_gzip.extensions["raw"]).decode() == PAGE
    assert int(by_brotli.headers["Content-Length"]) == len(by_brotli.extensions["raw"]) < len(PAGE) / 10
    assert by_brotli.headers["Vary"] == "Accept-Encoding"


@pytest.mark.anyio
async def test_a_page_comes_plain_to_whoever_asks_so() -> None:
    plain = await ask("/page", "identity")
    assert plain.extensions["raw"].decode() == PAGE
    assert "Content-Encoding" not in plain.headers


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/short", "/picture", "/stream"])
async def test_what_gains_nothing_comes_as_it_is(path: str) -> None:
    answer = await ask(path, "br")
    assert "Content-Encoding" not in answer.headers


@pytest.mark.anyio
async def test_what_is_compressed_already_is_not_compressed_again() -> None:
    answer = await ask("/packed", "br")
    assert gzip.decompress(answer.extensions["raw"]).decode() == PAGE
