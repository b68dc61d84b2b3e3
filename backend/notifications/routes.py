"""The page of news, what is wanted, the number on the bell, and the stream of live steps."""

from typing import Annotated
from uuid import UUID

from litestar import Response, Router, get, head, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, QueryParameter
from litestar.response import Redirect, Stream

from backend.accounts import sessions
from backend.accounts.guards import WITH_VIEWER, signed_in
from backend.accounts.viewer import Viewer
from backend.kit.heads import looks_ahead
from backend.kit.pages import AnyRequest, is_fragment, page, see
from backend.notifications import email, preferences, queries, reading
from backend.notifications.inputs import Wish
from backend.notifications.stream import follow
from backend.notifications.tables import Channel

Before = Annotated[UUID | None, QueryParameter(name="truoc")]
FORM = Body(media_type=RequestEncodingType.URL_ENCODED)


@get("/thong-bao")
async def show_news(request: AnyRequest, viewer: NamedDependency[Viewer], before: Before = None) -> Response[str]:
    """Show the news of a person by day, and what they want to get."""
    days, older = await queries.news(viewer.account_id, before)
    return page(
        request,
        "notifications/news.html",
        block="news",
        days=days,
        older=older,
        before=before,
        unread=await queries.unread(viewer.account_id),
        mailed_to=await email.reader(viewer.account_id, None),
        by_mail=await preferences.wants(viewer.account_id, Channel.EMAIL),
    )


@get("/thong-bao/{notification:uuid}")
async def open_news(request: AnyRequest, viewer: NamedDependency[Viewer], notification: FromPath[UUID]) -> Redirect:
    """Lead to what a notification is about, and take it as read; a browser that only looks ahead has not read it."""
    path = await reading.path_of(viewer.account_id, notification)
    if not looks_ahead(request):
        await reading.mark_read(viewer.account_id, notification)
    return Redirect(path, status_code=303)


@post("/thong-bao/da-doc", status_code=200)
async def read_all(request: AnyRequest, viewer: NamedDependency[Viewer]) -> Response[str]:
    """Take all news as read."""
    await reading.mark_all_read(viewer.account_id)
    return see(request, "/thong-bao")


@post("/thong-bao/cai-dat", status_code=200)
async def wish(request: AnyRequest, viewer: NamedDependency[Viewer], data: Annotated[Wish, FORM]) -> Response[str]:
    """Remember whether news are wanted by e-mail."""
    await preferences.prefer(viewer.account_id, Channel.EMAIL, data.email == "yes")
    return see(request, "/thong-bao#cai-dat")


@get("/thong-bao/so")
async def count_news(request: AnyRequest, viewer: NamedDependency[Viewer]) -> Response[str]:
    """Answer with the bell and the number of unread news, for a page that shows it."""
    if not is_fragment(request):
        return see(request, "/thong-bao")
    return page(request, "notifications/bell.html", unread=await queries.unread(viewer.account_id))


@get("/luong")
async def stream(
    request: AnyRequest,
    viewer: NamedDependency[Viewer],
    last: Annotated[str | None, QueryParameter(name="last", max_length=40)] = None,
) -> Stream:
    """Stream the live steps a person may see, as server-sent events."""
    token = request.cookies.get(sessions.cookie_name(), "")
    resumed = request.headers.get("Last-Event-ID") or last
    return Stream(
        follow(request.app.state.hub, viewer, token, resumed),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


@head("/luong")
async def may_follow() -> None:
    """Say whether there is a stream for this browser."""


route_handlers = [
    Router(
        "/",
        route_handlers=[show_news, open_news, read_all, wish, count_news, stream, may_follow],
        guards=[signed_in],
        dependencies=WITH_VIEWER,
    )
]
