"""Who has a dossier open: the stream that holds an open page, and the words that name the others."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.response import Stream

from backend.accounts import sessions
from backend.agencies.guards import officer_with
from backend.agencies.officers import Officer, places_of
from backend.dossiers.moves import READERS
from backend.dossiers.presence import others, present
from backend.dossiers.tables import Dossier
from backend.kit.pages import AnyRequest, is_fragment, page, see

PATH = "/can-bo/ho-so/{code:str}"


@get(f"{PATH}/dang-mo", guards=[officer_with(*READERS)])
async def hold_open(
    request: AnyRequest, dossier: NamedDependency[Dossier], officer: NamedDependency[Officer]
) -> Stream:
    """Hold the dossier's page open before the officer, as server-sent events."""
    token = request.cookies.get(sessions.cookie_name(), "")

    async def still() -> bool:
        if await sessions.who(token) is None:
            return False
        return any(one.id == officer.id and one.may(*READERS) for one in await places_of(officer.account_id))

    return Stream(
        present(request.app.state.hub, dossier, officer, still),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


@get(f"{PATH}/cung-xem", guards=[officer_with(*READERS)])
async def show_others(
    request: AnyRequest, dossier: NamedDependency[Dossier], officer: NamedDependency[Officer]
) -> Response[str]:
    """Name the colleagues who have the dossier open too, for the page that shows it."""
    if not is_fragment(request):
        return see(request, f"/can-bo/ho-so/{dossier.code}")
    return page(request, "dossiers/staff/present.html", block="present", others=await others(dossier, officer))


handlers = [hold_open, show_others]
