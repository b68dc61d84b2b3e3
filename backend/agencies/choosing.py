"""Which commune a citizen looks at: the one their browser chose, else the first."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.types import ASGIApp, Receive, Scope, Send

from backend.agencies.queries import AgencyInfo, communes
from backend.kit import settings
from backend.kit.access import Connection
from backend.kit.errors import Unavailable
from backend.kit.language import _

COOKIE = "xa"
_KEPT_S = 400 * 24 * 3600
_NO_PAGES = ("/a/", "/health/", "/api/", "/luong", "/tep/", "/service_worker.js", "/manifest.webmanifest")


async def _chosen(connection: Connection) -> AgencyInfo | None:
    open_ones = await communes()
    wanted = connection.cookies.get(COOKIE)
    first = min(open_ones, key=lambda one: one.code, default=None)
    return next((one for one in open_ones if one.code == wanted), first)


async def current_commune(connection: Connection) -> AgencyInfo:
    """Return the commune a request is about.

    Raises:
        Unavailable: no commune is set up yet.
    """
    state = connection.scope["state"]
    if state.get("commune") is None:
        state["commune"] = await _chosen(connection)
    found = state["commune"]
    if not isinstance(found, AgencyInfo):
        raise Unavailable(_("Chưa có xã nào ở đây. Quay lại sau."))
    return found


async def place(scope: Scope) -> None:
    """Put the commune a request is about into its scope: `office` in the templates is its name."""
    commune = await _chosen(ASGIConnection[Any, Any, Any, Any](scope))
    scope["state"]["commune"], scope["state"]["office"] = commune, commune.short_name if commune else None


def at_commune(app: ASGIApp) -> ASGIApp:
    """Put the commune's name on every page (Litestar middleware factory): `office` in the templates."""

    async def placed(scope: Scope, receive: Receive, send: Send) -> None:
        connection = ASGIConnection[Any, Any, Any, Any](scope)
        if not scope["path"].startswith(_NO_PAGES) and "application/json" not in connection.headers.get("accept", ""):
            await place(scope)
        await app(scope, receive, send)

    return placed


def choice(code: str) -> Cookie:
    """Return the cookie that remembers a commune."""
    secure = settings.current().secure
    return Cookie(key=COOKIE, value=code, max_age=_KEPT_S, path="/", secure=secure, httponly=True, samesite="lax")
