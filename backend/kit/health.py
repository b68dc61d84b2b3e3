"""Two answers for whoever watches the process: it lives; it can work."""

import asyncpg
from litestar import Response, get

from backend.kit.access import anyone
from backend.kit.database import AWAY, fetch_value


@get("/health/live", guards=[anyone], exclude_from_csrf=True)
async def live() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "alive"}


@get("/health/ready", guards=[anyone], exclude_from_csrf=True)
async def ready() -> Response[dict[str, str]]:
    """Say whether the database answers, has its tables, and so whether requests can be served."""
    try:
        migrated = await fetch_value("select count(*) from migration")
    except asyncpg.UndefinedTableError:
        migrated = 0
    except AWAY:
        return Response({"status": "waiting for the database"}, status_code=503)
    return Response({"status": "ready" if migrated else "waiting for migrations"}, status_code=200 if migrated else 503)


route_handlers = [live, ready]
