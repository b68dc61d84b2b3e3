"""Routes for officers: who may call them, and the officer they are given. To everybody else they are not there."""

from functools import cache

from litestar.di import Provide
from litestar.handlers import BaseRouteHandler

from backend.accounts.guards import viewer_of
from backend.agencies.officers import Officer, places_of
from backend.agencies.tables import Role
from backend.kit.access import Connection, Guard, deciding
from backend.kit.errors import NotFound, SignInNeeded
from backend.kit.language import _
from backend.kit.pages import AnyRequest

PLACE_COOKIE = "noi-lam"


async def find_officer(connection: Connection) -> Officer | None:
    """Return the officer who is asking, at the place they chose to work from; None for everybody else."""
    state, viewer = connection.scope["state"], viewer_of(connection)
    if viewer is None or not viewer.officer:
        return None
    if "officer" not in state:
        places = await places_of(viewer.account_id)
        wanted = connection.cookies.get(PLACE_COOKIE)
        state["officer"] = next((one for one in places if str(one.id) == wanted), places[0] if places else None)
    found = state["officer"]
    return found if isinstance(found, Officer) else None


@cache
def officer_with(*roles: Role) -> Guard:
    """Return the guard that lets officers in who hold one of `roles`; without roles any officer."""

    @deciding(f"officer {' '.join(sorted(roles))}".strip())
    async def decide(connection: Connection, handler: BaseRouteHandler) -> None:
        """Let the officer in.

        Raises:
            SignInNeeded: nobody is signed in.
            NotFound: a citizen, or an officer without such a role: the page is not there for them.
        """
        if viewer_of(connection) is None:
            raise SignInNeeded(_("Đăng nhập để xem trang này."))
        officer = await find_officer(connection)
        if officer is None or (roles and not officer.may(*roles)):
            raise NotFound(_("Không có trang này, hoặc trang không dành cho tài khoản đang dùng."))

    return decide


async def provide_officer(request: AnyRequest) -> Officer:
    """Return the officer who is asking, for routes behind `officer_with`.

    Raises:
        NotFound: nobody, or a citizen, is.
    """
    officer = await find_officer(request)
    if officer is None:
        raise NotFound(_("Không có trang này, hoặc trang không dành cho tài khoản đang dùng."))
    return officer


WITH_OFFICER = {"officer": Provide(provide_officer)}
