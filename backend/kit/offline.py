"""The page that the phone shows when the network does not answer."""

from litestar import Response, get

from backend.kit.access import anyone
from backend.kit.pages import AnyRequest, page


@get("/ngoai-tuyen", guards=[anyone])
async def offline_page(request: AnyRequest) -> Response[str]:
    """The page the service worker keeps; it is fetched without cookies, so it holds nothing of a person."""
    return page(request, "system/offline.html")


route_handlers = [offline_page]
