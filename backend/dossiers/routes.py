"""All addresses of a citizen in this room; the officers' are in `staff_routes`."""

from litestar import Router

from backend.accounts.guards import WITH_VIEWER, signed_in
from backend.dossiers import dossier_routes, draft_routes, filing_routes, paper_routes, tracking_routes

route_handlers = [
    Router(
        "/",
        route_handlers=[*draft_routes.outside, *filing_routes.outside, *dossier_routes.handlers],
        dependencies=WITH_VIEWER,
    ),
    Router("/", route_handlers=tracking_routes.handlers),
    Router(
        "/nop/{draft:uuid}",
        guards=[signed_in],
        before_request=draft_routes.elsewhere,
        dependencies=WITH_VIEWER,
        route_handlers=[*draft_routes.handlers, *paper_routes.handlers, *filing_routes.handlers],
    ),
]
