"""Who may call an officer's route: any officer, or those who hold one of the roles it names."""

from litestar.di import Provide
from litestar.handlers import BaseRouteHandler

from backend.accounts.guards import viewer_of
from backend.agencies.officers import Officer, officer_of
from backend.agencies.tables import Role
from backend.kit.access import Connection, Guard, deciding
from backend.kit.errors import NotFound, SignInNeeded
from backend.kit.language import _
from backend.kit.pages import AnyRequest

_KEY = "officer"


def _not_here() -> NotFound:
    # Denied looks like not found: it never confirms that something is there.
    return NotFound(_("Không có trang này, hoặc trang không dành cho tài khoản đang dùng."))


async def find_officer(connection: Connection) -> Officer | None:
    """Return the officer who asks, looked up once a request; None for strangers and citizens."""
    state = connection.scope.setdefault("state", {})
    if _KEY not in state:
        viewer = viewer_of(connection)
        state[_KEY] = await officer_of(viewer.account_id) if viewer and viewer.officer else None
    found = state[_KEY]
    return found if isinstance(found, Officer) else None


def officer_with(*roles: Role) -> Guard:
    """Return a guard that lets officers in who hold one of `roles`; without roles, every officer.

    Strangers are asked to sign in; everybody else is told that there is nothing here.
    """
    name = "officer" if not roles else "officer: " + ", ".join(sorted(roles))

    @deciding(name)
    async def guard(connection: Connection, handler: BaseRouteHandler) -> None:
        if viewer_of(connection) is None:
            raise SignInNeeded(_("Đăng nhập để xem trang này."))
        officer = await find_officer(connection)
        if officer is None or (roles and not officer.has(*roles)):
            raise _not_here()

    return guard


async def provide_officer(request: AnyRequest) -> Officer:
    """Return the officer who asks, for routes behind `officer_with`.

    Raises:
        NotFound: they are none.
    """
    officer = await find_officer(request)
    if officer is None:
        raise _not_here()
    return officer


WITH_OFFICER = {"officer": Provide(provide_officer)}
