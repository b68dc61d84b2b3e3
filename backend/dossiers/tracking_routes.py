"""Looking a dossier up without signing in, by code and a second thing, or by its QR code."""

from typing import Annotated

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, QueryParameter

from backend.dossiers import tracking
from backend.dossiers.codes import short
from backend.dossiers.inputs import LookUp
from backend.kit.access import anyone
from backend.kit.errors import NotFound, TooMany
from backend.kit.pages import AnyRequest, page, see


def _asked(request: AnyRequest, typed: LookUp, notice: str = "", status: int = 200) -> Response[str]:
    return page(request, "dossiers/look-up.html", status=status, typed=typed, notice=notice)


@get("/tra-cuu", guards=[anyone])
async def ask_for_code(
    request: AnyRequest, code: Annotated[str, QueryParameter(name="ma", max_length=60)] = ""
) -> Response[str]:
    """Ask for a dossier's code and a second thing."""
    return _asked(request, LookUp(code=code))


@post("/tra-cuu", guards=[anyone], status_code=200)
async def look_up(
    request: AnyRequest, data: Annotated[LookUp, Body(media_type=RequestEncodingType.URL_ENCODED)]
) -> Response[str]:
    """Lead to the dossier's page for half an hour; its address cannot be guessed and does not say its code."""
    address = request.client.host if request.client else ""
    try:
        token = await tracking.look_up(data.code, data.second, address)
    except (NotFound, TooMany) as problem:
        return _asked(request, data, problem.sentence, 422 if isinstance(problem, NotFound) else problem.status)
    return see(request, f"/tra-cuu/{token}")


@get("/tra-cuu/{token:str}", guards=[anyone])
async def show_tracked(request: AnyRequest, token: FromPath[str]) -> Response[str]:
    """Show where a dossier stands to whoever holds its token; nothing of whose it is."""
    found = await tracking.tracked(await tracking.found_by(token))
    return page(
        request,
        "dossiers/tracked.html",
        headers={"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"},
        found=found,
        short=short(found.code),
    )


handlers = [ask_for_code, look_up, show_tracked]
