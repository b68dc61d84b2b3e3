"""Who is asking: the session cookie of a request turned into `request.user`, by one indexed query."""

from typing import Any, cast
from uuid import UUID

import msgspec
from litestar.connection import ASGIConnection
from litestar.datastructures import MutableScopeHeaders
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from backend.accounts import sessions
from backend.kit.database import Record
from backend.kit.edge import LANGUAGE_COOKIE
from backend.kit.formats import initials
from backend.kit.language import LANGUAGES, Language

# Files that are the same for everybody need nobody's name.
PUBLIC = ("/a/", "/health/")


class Viewer(msgspec.Struct, frozen=True):
    """The signed-in person of a request."""

    account_id: UUID
    session_id: UUID
    name: str
    initials: str
    phone: str
    officer: bool
    verified: bool
    language: Language


def _viewer(row: Record) -> Viewer:
    return Viewer(
        account_id=UUID(str(row["account_id"])),
        session_id=UUID(str(row["session_id"])),
        name=row["full_name"],
        initials=initials(row["full_name"]),
        phone=row["phone"],
        officer=row["officer"],
        verified=row["verified"],
        language=cast(Language, row["language"]),
    )


async def _recognise(scope: Scope) -> Viewer | None:
    cookies = ASGIConnection[Any, Any, Any, Any](scope).cookies
    token = cookies.get(sessions.cookie_name())
    row = await sessions.who(token) if token else None
    if row is None:
        return None
    chosen = cookies.get(LANGUAGE_COOKIE)
    await sessions.touch(row, chosen if chosen in LANGUAGES else None)
    return _viewer(row)


async def recognise(scope: Scope) -> Viewer | None:
    """Set `user` of a request's scope to the Viewer or None, and return it."""
    viewer = None if scope["path"].startswith(PUBLIC) else await _recognise(scope)
    scope["user"], scope["auth"] = viewer, None
    return viewer


def authentication(app: ASGIApp) -> ASGIApp:
    """Set `request.user` to the Viewer or None (Litestar middleware factory).

    What a signed-in person gets is private and never kept: after sign-out, Back shows nothing of the last person.
    """

    async def recognised(scope: Scope, receive: Receive, send: Send) -> None:
        viewer = await recognise(scope)

        async def send_private(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableScopeHeaders.from_message(message).setdefault("Cache-Control", "private, no-store")
            await send(message)

        await app(scope, receive, send_private if viewer is not None else send)

    return recognised
