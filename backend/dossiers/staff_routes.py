"""All addresses of this room in staff mode."""

from litestar import Router

from backend.agencies.guards import WITH_OFFICER
from backend.dossiers import counter_routes, desk_routes, presence_routes, work_routes

route_handlers = [
    Router("/", route_handlers=counter_routes.outside, dependencies=WITH_OFFICER),
    Router("/", route_handlers=work_routes.handlers, dependencies=WITH_OFFICER | work_routes.WITH_ASKED),
    Router(
        f"{counter_routes.PATH}/{{draft:uuid}}",
        route_handlers=counter_routes.handlers,
        before_request=counter_routes.elsewhere,
        dependencies=WITH_OFFICER,
    ),
    Router(
        "/",
        route_handlers=[*desk_routes.handlers, *presence_routes.handlers],
        dependencies=WITH_OFFICER | desk_routes.WITH_DOSSIER,
    ),
]
