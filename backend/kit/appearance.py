"""How pages look to one browser: text size, theme, language; and the page that shows every component in every state."""

from datetime import timedelta
from typing import Annotated

import msgspec
from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.enums import RequestEncodingType
from litestar.params import Body

from backend.kit import settings
from backend.kit.access import anyone
from backend.kit.addresses import for_header, is_local
from backend.kit.edge import LANGUAGE_COOKIE
from backend.kit.language import LANGUAGES
from backend.kit.pages import TEXT_SIZES, THEMES, AnyRequest, page

KEPT = int(timedelta(days=400).total_seconds())  # the longest a browser keeps a cookie
CHOICES: dict[str, tuple[str, ...]] = {
    "theme": (*THEMES, "system"),
    "text": (*TEXT_SIZES, "100"),
    LANGUAGE_COOKIE: LANGUAGES,
}


class Look(msgspec.Struct):
    """What one press of the form says; empty or unknown values change nothing."""

    theme: str = ""
    text: str = ""
    language: str = ""
    back: str = "/giao-dien"


def local_path(address: str) -> str:
    """Return `address` if it is a path of ours, else the appearance page: no one is sent to a foreign site."""
    return address if is_local(address) else "/giao-dien"


def _cookies(look: Look) -> list[Cookie]:
    chosen = {"theme": look.theme, "text": look.text, LANGUAGE_COOKIE: look.language}
    secure = settings.current().secure
    return [
        Cookie(key=name, value=value, max_age=KEPT, path="/", secure=secure, httponly=True, samesite="lax")
        for name, value in chosen.items()
        if value in CHOICES[name]
    ]


@get("/giao-dien", guards=[anyone])
async def show_choices(request: AnyRequest) -> Response[str]:
    """Show the choices of text size, theme and language."""
    return page(request, "system/appearance.html")


@post("/giao-dien", guards=[anyone], status_code=303)
async def choose_look(data: Annotated[Look, Body(media_type=RequestEncodingType.URL_ENCODED)]) -> Response[str]:
    """Remember the choice in this browser and go back to where it was made."""
    return Response(
        "", status_code=303, headers={"Location": for_header(local_path(data.back))}, cookies=_cookies(data)
    )


@get("/he-thong/giao-dien", guards=[anyone])
async def show_components(request: AnyRequest) -> Response[str]:
    """Show every component in every state."""
    return page(request, "system/components.html")


@get("/he-thong/giao-dien/can-bo", guards=[anyone])
async def show_staff_frame(request: AnyRequest) -> Response[str]:
    """Show the officers' frame with a work list, without any real dossier."""
    return page(request, "system/staff-components.html")


route_handlers = [show_choices, choose_look, show_components, show_staff_frame]
