"""HEAD says what GET would answer, at every address: through the same guards, with the same headers, without the body."""

from collections.abc import Collection

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from litestar.utils import normalize_path

from backend.kit.pages import AnyRequest

_HEAD_ALONE = "head_alone"


def looks_ahead(request: AnyRequest) -> bool:
    """Return whether nobody reads the answer yet: the head alone is wanted, or a browser fetches a page beforehand."""
    return _HEAD_ALONE in request.scope["state"] or "prefetch" in request.headers.get("Sec-Purpose", "")


def answering_heads(app: ASGIApp, own: Collection[str] = ()) -> ASGIApp:
    """Wrap the whole application (Litestar middleware factory): a HEAD goes the way of GET, and the body stays here.

    Args:
        own: paths with an answer to HEAD of their own, like that of a stream, which is not opened for its head.
    """

    async def passed(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or scope["method"] != "HEAD" or normalize_path(scope["path"]) in own:
            await app(scope, receive, send)
            return
        scope.setdefault("state", {})[_HEAD_ALONE] = True
        # A copy: the server reads its own scope, and must go on knowing that no body follows.
        as_get = scope.copy()
        as_get["method"] = "GET"
        await app(as_get, receive, _without_body(send))

    return passed


def _without_body(send: Send) -> Send:
    ended = False

    async def send_head(message: Message) -> None:
        nonlocal ended
        if message["type"] != "http.response.body":
            await send(message)
        elif not ended:
            # At the first piece already: the server then tells a stream that nobody listens.
            ended = True
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    return send_head
