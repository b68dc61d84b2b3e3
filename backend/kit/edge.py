"""What every request passes first: a request id, the person's language, and the headers that keep a page safe."""

import secrets
from typing import Any

import structlog
from litestar.connection import ASGIConnection
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from backend.kit import settings
from backend.kit.language import LANGUAGES, Language, set_language
from backend.kit.live import Hub

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
LANGUAGE_COOKIE = "language"


def permissions(place: bool = False) -> str:
    """Return what a page may ask of the device; `place` only where a form asks for a place on the map."""
    return f"camera=(self), microphone=(), geolocation=({'self' if place else ''}), payment=()"


def safe_headers(secure: bool) -> dict[str, str]:
    """Return the headers every answer carries unless it sets its own."""
    headers = {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": permissions(),
        "Cross-Origin-Opener-Policy": "same-origin",
        "X-Frame-Options": "DENY",
    }
    if secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return headers


def _language(connection: ASGIConnection[Any, Any, Any, Any]) -> Language:
    """The language the person chose; the first visit speaks Vietnamese, whatever the phone is set to."""
    # Litestar's own reading: the standard library's stumbles over cookies other sites of the domain may set.
    chosen = connection.cookies.get(LANGUAGE_COOKIE)
    return chosen if chosen in LANGUAGES else "vi"


def _mark(scope: Scope) -> str:
    """The place in the stream of live steps from which a page made now must be told: taken before anything is read."""
    hub = getattr(scope["litestar_app"].state, "hub", None)
    return hub.mark if isinstance(hub, Hub) else ""


def edge(app: ASGIApp) -> ASGIApp:
    """Wrap the whole application (Litestar middleware factory)."""
    always = safe_headers(settings.current().secure)

    async def passed(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        request_id = secrets.token_hex(6)
        scope.setdefault("state", {})["request_id"] = request_id
        scope["state"]["live_mark"] = _mark(scope)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=request_id)
        set_language(_language(ASGIConnection(scope)))
        await app(scope, receive, _dressed(send, scope["path"], always, request_id))

    return passed


def _dressed(send: Send, path: str, always: dict[str, str], request_id: str) -> Send:
    async def send_dressed(message: Message) -> None:
        # A built file is no page: policies say nothing there, and would outweigh a small script on a first visit.
        if message["type"] == "http.response.start" and not (path.startswith("/a/") and message["status"] == 200):
            headers = MutableScopeHeaders.from_message(message)
            for name, value in always.items():
                headers.setdefault(name, value)
            headers["X-Request-ID"] = request_id
        await send(message)

    return send_dressed
