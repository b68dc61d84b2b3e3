"""All addresses of this room."""

from litestar import Router

from backend.accounts import door_routes, own_routes
from backend.accounts.guards import WITH_VIEWER

route_handlers = [
    Router("/", route_handlers=[*door_routes.handlers, *own_routes.handlers], dependencies=WITH_VIEWER),
]
