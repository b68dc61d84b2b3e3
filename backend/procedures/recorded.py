"""What an office set, which must have a history: procedures opened or closed, amounts of fees."""

from collections.abc import AsyncIterator
from uuid import UUID

from backend.kit.database import fetch


async def subjects() -> AsyncIterator[list[UUID]]:
    """Yield the ids of all offerings and tariffs."""
    for sql in ("select id from procedure_offering", "select id from local_tariff"):
        yield [row["id"] for row in await fetch(sql)]
