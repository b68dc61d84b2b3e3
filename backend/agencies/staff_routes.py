"""All addresses of this room in staff mode."""

from litestar import Router

from backend.agencies import calendar_routes, officer_routes, people_routes
from backend.agencies.guards import WITH_OFFICER

route_handlers = [
    Router(
        "/",
        route_handlers=[*people_routes.handlers, *officer_routes.handlers, *calendar_routes.handlers],
        dependencies=WITH_OFFICER,
    ),
]
