"""The application: rooms, middleware, lifespan and error handlers put together. No rule of the domain stands here."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from litestar import Litestar
from litestar.config.csrf import CSRFConfig
from litestar.types import ControllerRouterHandler

from backend import ROOMS
from backend.accounts.sign_in_pages import sign_in_page
from backend.accounts.viewer import authentication, recognise
from backend.agencies.choosing import at_commune, place
from backend.kit import appearance, assets, health, logs, offline, settings
from backend.kit.compressing import compressing
from backend.kit.edge import edge
from backend.kit.failing import handlers
from backend.kit.heads import answering_heads
from backend.kit.lifespan import lifespan
from backend.kit.pages import AnyRequest
from backend.kit.posted_forms import PostedForm, read_multipart
from storage import open_store

ROUTE_FILES = ("routes", "staff_routes", "api_routes")


def modules(*files: str) -> Iterator[ModuleType]:
    """Yield the modules of these names in the order of the house."""
    for room in ROOMS:
        for file in files:
            if find_spec(f"backend.{room}.{file}"):
                yield import_module(f"backend.{room}.{file}")


def routes() -> list[ControllerRouterHandler]:
    """Return the route handlers of the kit and of every room."""
    found: list[ControllerRouterHandler] = []
    for part in (assets, health, appearance, offline):
        found.extend(part.route_handlers)
    for module in modules(*ROUTE_FILES):
        found.extend(module.route_handlers)
    return found


async def _recognised(request: AnyRequest) -> None:
    """Who asks and where, for an answer to an address that has no route and passed no middleware."""
    await recognise(request.scope)
    await place(request.scope)


def build() -> Litestar:
    """Return the application for the settings in force."""
    current = settings.current()
    logs.set_up(current.log_level, current.log_format)
    for _ in modules("messages", "jobs", "hearing"):
        pass  # importing them registers a room's words, jobs and what it hears of
    cookie = "__Host-csrf" if current.secure else "csrf"
    application = Litestar(
        route_handlers=routes(),
        request_class=PostedForm,
        before_request=read_multipart,
        lifespan=[lifespan],
        middleware=[authentication, at_commune],
        exception_handlers=handlers(sign_in_page, _recognised),
        csrf_config=CSRFConfig(
            secret=current.secret.hex(), cookie_name=cookie, cookie_secure=current.secure, cookie_httponly=True
        ),
        openapi_config=None,
        logging_config=None,
        request_max_body_size=2_000_000,
    )
    application.state.store = open_store(current)
    # Around the router itself: an address that is none gets its language, safe headers and compression too.
    own = {route.path for route in application.routes if "HEAD" in getattr(route, "methods", ())}
    application.asgi_handler = answering_heads(edge(compressing(application.asgi_handler)), own)
    return application


app = build()
