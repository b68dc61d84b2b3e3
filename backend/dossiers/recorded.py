"""Which dossiers must have a history."""

from collections.abc import AsyncIterator
from uuid import UUID

from backend.kit.database import fetch

_HANDFUL = 2000


async def subjects() -> AsyncIterator[list[UUID]]:
    """Yield the ids of all dossiers that were prepared or filed; a draft has moved nowhere yet."""
    last = UUID(int=0)
    while rows := await fetch(
        "select id from dossier where id > $1 and state <> 'draft' order by id limit $2", last, _HANDFUL
    ):
        yield [row["id"] for row in rows]
        last = rows[-1]["id"]
