"""The officers' front door: each is led to what they came for."""

from litestar import Response, Router, get
from litestar.di import NamedDependency

from backend.agencies.guards import WITH_OFFICER, officer_with
from backend.agencies.officers import Officer
from backend.agencies.tables import Role
from backend.dossiers.moves import READERS
from backend.kit.pages import AnyRequest, see


def home_of(officer: Officer) -> str:
    """Return where an officer's day begins: their work, the procedures they run, else their own page."""
    if officer.may(*READERS):
        return "/can-bo/viec"
    return "/can-bo/thu-tuc" if officer.may(Role.ADMINISTRATOR) else "/can-bo/toi"


@get("/can-bo", guards=[officer_with()])
async def enter(request: AnyRequest, officer: NamedDependency[Officer]) -> Response[str]:
    """Lead an officer home."""
    return see(request, home_of(officer))


route_handlers = [Router("/", route_handlers=[enter], dependencies=WITH_OFFICER)]
