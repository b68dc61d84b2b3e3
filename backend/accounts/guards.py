"""Who may call a route, and the person it is given: for routes of people who are signed in, whoever they are."""

from litestar.di import Provide
from litestar.handlers import BaseRouteHandler

from backend.accounts.viewer import Viewer
from backend.kit.access import Connection, deciding
from backend.kit.errors import SignInNeeded
from backend.kit.language import _
from backend.kit.pages import AnyRequest


def viewer_of(connection: Connection) -> Viewer | None:
    """Return the person signed in, or None."""
    found = connection.scope.get("user")
    return found if isinstance(found, Viewer) else None


@deciding("signed in")
async def signed_in(connection: Connection, handler: BaseRouteHandler) -> None:
    """Let everybody in who is signed in.

    Raises:
        SignInNeeded: nobody is.
    """
    if viewer_of(connection) is None:
        raise SignInNeeded(_("Đăng nhập để xem trang này."))


async def provide_viewer(request: AnyRequest) -> Viewer:
    """Return the signed-in person, for routes behind `signed_in`.

    Raises:
        SignInNeeded: nobody is signed in.
    """
    viewer = viewer_of(request)
    if viewer is None:
        raise SignInNeeded(_("Đăng nhập để xem trang này."))
    return viewer


WITH_VIEWER = {"viewer": Provide(provide_viewer)}
