"""The catalogue for other programs: the same answers as the page, as JSON; and the schema of what is imported."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get
from litestar.params import QueryParameter

from backend.kit import settings
from backend.kit.access import anyone
from backend.procedures import schema
from backend.procedures.queries import index
from backend.procedures.search import Entry, Filters

_MOST = 100


class Item(msgspec.Struct, frozen=True):
    """One procedure of an answer."""

    code: str
    name: str
    plain_name: str
    field: str
    audience: tuple[str, ...]
    service_level: str
    channels: tuple[str, ...]
    url: str


class Answer(msgspec.Struct, frozen=True):
    """What was found, best first; `understood` is the text as it was read."""

    items: list[Item]
    total: int
    understood: str


@get("/api/v1/procedures", guards=[anyone])
async def find(
    q: Annotated[str, QueryParameter(name="q", max_length=500)] = "",
    field: Annotated[str, QueryParameter(name="field", max_length=80)] = "",
    audience: Annotated[str, QueryParameter(name="audience", max_length=20)] = "",
    service_level: Annotated[str, QueryParameter(name="service_level", max_length=20)] = "",
    limit: Annotated[int, QueryParameter(name="limit", ge=1, le=_MOST)] = 20,
    offset: Annotated[int, QueryParameter(name="offset", ge=0, le=10_000)] = 0,
) -> Response[Answer]:
    """Find procedures by any words; nothing typed lists all, the most frequent first."""
    filters = Filters(field or None, audience or None, service_level or None)
    found = (await index()).search(q, filters, limit=offset + limit)
    base = settings.current().public_url
    return Response(
        Answer([_item(hit, base) for hit in found.hits[offset:]], found.total, found.understood),
        headers={"Cache-Control": "no-cache"},
    )


def _item(entry: Entry, base: str) -> Item:
    return Item(
        code=entry.code,
        name=entry.name,
        plain_name=entry.plain_name,
        field=entry.field_slug,
        audience=entry.audience,
        service_level=entry.service_level,
        channels=entry.channels,
        url=f"{base}/thu-tuc/{entry.slug}",
    )


@get("/api/v1/procedures.schema.json", guards=[anyone])
async def import_schema(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Return the JSON Schema of what `motcua import-procedures` takes."""
    return Response(schema.published(), media_type="application/schema+json")


route_handlers = [find, import_schema]
