"""No row, no object: what the store holds and no row names is nobody's, and goes."""

from collections.abc import Awaitable

import structlog

from backend.kit.database import AWAY
from storage import ObjectStore

log = structlog.get_logger("files")

_UNSURE: tuple[type[BaseException], ...] = (*AWAY, OSError)


async def delete_unless(kept: Awaitable[bool], store: ObjectStore, object_name: str) -> None:
    """Delete an object unless `kept` finds a row that names it.

    While the database is away nothing is deleted: a COMMIT whose answer got lost may have kept the row.
    """
    try:
        if not await kept:
            await store.delete(object_name)
    except _UNSURE as error:
        log.warning("object left behind", object=object_name, error=type(error).__name__)
