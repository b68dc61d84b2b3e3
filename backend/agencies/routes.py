"""Pages for citizens: which commune, and where a person lives."""

from typing import Annotated

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, QueryParameter

from backend.accounts.guards import WITH_VIEWER, signed_in
from backend.accounts.profiles import profile, remember_residence
from backend.accounts.viewer import Viewer
from backend.agencies import units
from backend.agencies.choosing import choice, current_commune
from backend.agencies.inputs import CommuneChoice, Residence
from backend.agencies.queries import communes
from backend.kit.access import anyone
from backend.kit.addresses import is_local
from backend.kit.errors import NotFound
from backend.kit.language import _
from backend.kit.pages import AnyRequest, page, see
from backend.kit.text import clean

FORM = RequestEncodingType.URL_ENCODED
_LONGEST_PART = 150


@get("/xa", guards=[anyone])
async def show_communes(
    request: AnyRequest, tiep: Annotated[str, QueryParameter(name="tiep", max_length=8_000)] = ""
) -> Response[str]:
    """Let a citizen choose the commune they look at; with one commune there is nothing to choose."""
    open_ones, back = await communes(), tiep if is_local(tiep) else "/"
    if len(open_ones) < 2:
        return see(request, back)
    return page(request, "agencies/communes.html", communes=open_ones, chosen=await current_commune(request), tiep=back)


@post("/xa", guards=[anyone], status_code=303)
async def choose_commune(request: AnyRequest, data: Annotated[CommuneChoice, Body(media_type=FORM)]) -> Response[str]:
    """Remember the commune in this browser."""
    if data.xa not in {one.code for one in await communes()}:
        raise NotFound(_("Không có xã này."))
    response = see(request, data.tiep if is_local(data.tiep) else "/")
    response.set_cookie(choice(data.xa))
    return response


@get("/toi/noi-o", guards=[signed_in])
async def show_residence(
    request: AnyRequest,
    viewer: NamedDependency[Viewer],
    province: Annotated[str | None, QueryParameter(name="tinh", max_length=10)] = None,
    done: Annotated[str, QueryParameter(name="xong", max_length=10)] = "",
) -> Response[str]:
    """Show where a person lives; choosing another province lists its communes."""
    kept = (await profile(viewer.account_id))["residence"] or {}
    if province is not None and province != kept.get("province"):
        kept = kept | {"province": province, "commune": ""}
    return await _residence(
        request, Residence(**{key: kept.get(key) or "" for key in _PARTS}), done=done, saved=bool(kept)
    )


@post("/toi/noi-o", guards=[signed_in], status_code=200)
async def keep_residence(
    request: AnyRequest, data: Annotated[Residence, Body(media_type=FORM)], viewer: NamedDependency[Viewer]
) -> Response[str]:
    """Keep where a person lives, to fill in their forms; without scripts the province comes first."""
    known = {code for code, _name in await units.communes(data.province)} if data.province else set()
    if data.next == "communes":
        return await _residence(request, data)
    mistakes = {}
    if not known:
        mistakes["province"] = _("Chưa chọn tỉnh, thành phố.")
    elif data.commune not in known:
        mistakes["commune"] = _("Chưa chọn xã, phường trong tỉnh này.")
    if mistakes:
        return await _residence(request, data, mistakes)
    parts = {"province": data.province, "commune": data.commune, "hamlet": data.hamlet, "detail": data.detail}
    await remember_residence(
        viewer.account_id, {key: clean(text).strip()[:_LONGEST_PART] for key, text in parts.items()}
    )
    return see(request, "/toi/noi-o?xong=luu")


@post("/toi/noi-o/xoa", guards=[signed_in], status_code=303)
async def forget_residence(request: AnyRequest, viewer: NamedDependency[Viewer]) -> Response[str]:
    """Forget where a person lives."""
    await remember_residence(viewer.account_id, None)
    return see(request, "/toi/noi-o")


_PARTS = ("province", "commune", "hamlet", "detail")


async def _residence(
    request: AnyRequest, typed: Residence, mistakes: dict[str, str] | None = None, done: str = "", saved: bool = False
) -> Response[str]:
    return page(
        request,
        "agencies/residence.html",
        status=422 if mistakes else 200,
        typed=typed,
        provinces=await units.provinces(),
        communes=await units.communes(typed.province) if typed.province else [],
        mistakes=mistakes or {},
        done=done,
        saved=saved,
    )


route_handlers = [
    Router(
        "/",
        route_handlers=[show_communes, choose_commune, show_residence, keep_residence, forget_residence],
        dependencies=WITH_VIEWER,
    )
]
