"""The sign-in page: at its own address, and wherever somebody must sign in first."""

from typing import Any

from litestar import Response
from litestar.datastructures import Cookie

from backend.accounts import known_devices, sessions, waiting
from backend.accounts.guards import viewer_of
from backend.accounts.inputs import SignIn
from backend.accounts.signing_in import Opened
from backend.kit import settings
from backend.kit.addresses import for_header, is_local
from backend.kit.edge import LANGUAGE_COOKIE
from backend.kit.pages import AnyRequest, page

PRIVATE = {"Cache-Control": "private, no-store"}
_YEAR_S = 365 * 24 * 3600


async def sign_in_page(request: AnyRequest) -> Response[Any]:
    """Answer a request that needs a signed-in person: ask them to sign in, and keep what they sent.

    After signing in a page that was asked for is shown; a form that was sent waits for one more press.
    """
    held = await waiting.hold(request)
    safe = request.method in ("GET", "HEAD")
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    typed = SignIn(tiep=asked if safe else "", waiting=held)
    return sign_in_form(request, typed, status=401, lost=not safe and not held)


def sign_in_form(
    request: AnyRequest,
    typed: SignIn,
    *,
    notice: str = "",
    fields: dict[str, str] | None = None,
    status: int = 200,
    lost: bool = False,
) -> Response[str]:
    """Show the sign-in form.

    Args:
        request: who asks.
        typed: what the form shows again; the password never.
        notice: one sentence above the form.
        fields: mistakes by field.
        status: 200, 401 in the place of another page, 422 with mistakes, 429 after too many tries.
        lost: a form was sent that could not be held.
    """
    held = waiting.opened(typed.waiting) if typed.waiting else None
    return page(
        request,
        "accounts/sign-in.html",
        status=status,
        headers=PRIVATE,
        typed=typed,
        tiep=typed.tiep if is_local(typed.tiep) else "",
        held=held,
        lost=lost,
        notice=notice,
        mistakes=fields or {},
    )


def going_on(request: AnyRequest, opened: Opened, path: str, held: str = "") -> Response[str]:
    """Answer whoever has just signed in: go on to `path`, or show the form that waited."""
    cookies = [
        sessions.cookie(opened.token, opened.officer),
        known_devices.cookie(opened.device),
        *_language(request, opened),
    ]
    waited = waiting.opened(held) if held else None
    if waited is not None:
        response = continue_page(request, waited, waited.belongs_to(opened.account_id))
        response.cookies.extend(cookies)
        return response
    home = "/can-bo" if opened.officer else "/"
    target = path if is_local(path) else home
    return Response("", status_code=303, headers={"Location": for_header(target), **PRIVATE}, cookies=cookies)


def continue_page(request: AnyRequest, held: waiting.Waiting, own: bool) -> Response[str]:
    """Show that a form still waits, with one button that sends it; to another person only that there is one."""
    return page(request, "accounts/continue.html", headers=PRIVATE, held=held if own else None)


def _language(request: AnyRequest, opened: Opened) -> list[Cookie]:
    """A browser that was never told a language speaks the one of its person."""
    if LANGUAGE_COOKIE in request.cookies:
        return []
    secure = settings.current().secure
    return [
        Cookie(
            key=LANGUAGE_COOKIE,
            value=opened.language,
            max_age=_YEAR_S,
            path="/",
            secure=secure,
            httponly=True,
            samesite="lax",
        )
    ]


async def leave_old_session(request: AnyRequest) -> None:
    """End the session a browser already has before it gets another."""
    viewer = viewer_of(request)
    if viewer is not None:
        await sessions.revoke(viewer.account_id, viewer.session_id)
