"""Pages travel compressed: a phone on a slow line waits for bytes, not for us."""

import gzip

import brotli
from litestar.datastructures import Headers, MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPResponseStartEvent, Message, Receive, Scope, Send

SMALLEST = 800  # bytes; below it the head outweighs what is won
TEXT = ("text/html", "application/json", "application/problem+json")
BROTLI_QUALITY = 5  # a millisecond for a page; the best quality takes twenty


def compressing(app: ASGIApp) -> ASGIApp:
    """Wrap the application (Litestar middleware factory): whole text answers are compressed, streams and files are not.

    A page holds the token against forged requests. To guess it by the length of compressed answers an attacker
    would have to make the person's browser ask for many pages with its cookies, which are SameSite=Lax.
    """

    async def passed(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        taken = Headers.from_scope(scope).get("accept-encoding", "")
        encoding = "br" if "br" in taken else "gzip" if "gzip" in taken else ""
        await app(scope, receive, _Packing(send, encoding) if encoding else send)

    return passed


class _Packing:
    """A `send` that holds the head back until it knows whether the body comes in one piece."""

    def __init__(self, send: Send, encoding: str) -> None:
        self._send, self._encoding = send, encoding
        self._start: HTTPResponseStartEvent | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        if self._start is not None:
            start, self._start = self._start, None
            if message["type"] == "http.response.body" and not message.get("more_body") and self._is_text(start):
                self._pack(start, message)
            await self._send(start)
        await self._send(message)

    def _is_text(self, start: HTTPResponseStartEvent) -> bool:
        headers = MutableScopeHeaders.from_message(start)
        return headers.get("content-type", "").startswith(TEXT) and "content-encoding" not in headers

    def _pack(self, start: HTTPResponseStartEvent, message: Message) -> None:
        assert message["type"] == "http.response.body"
        headers, body = MutableScopeHeaders.from_message(start), message["body"]
        headers.extend_header_value("Vary", "Accept-Encoding")
        if len(body) < SMALLEST:
            return
        packed = brotli.compress(body, quality=BROTLI_QUALITY) if self._encoding == "br" else gzip.compress(body, 6)
        headers["Content-Encoding"], headers["Content-Length"] = self._encoding, str(len(packed))
        message["body"] = packed
