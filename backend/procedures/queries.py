"""Reading the catalogue. Versions never change, so decoded ones stay in memory; the index follows the catalogue's stamp."""

import asyncio
from datetime import date
from uuid import UUID

import msgspec

from backend.forms.definition import Form
from backend.kit import clock
from backend.kit.database import fetch, fetch_value, unit_of_work
from backend.procedures.definition import Channel, Version
from backend.procedures.importing import IN_FORCE, present
from backend.procedures.opening import whole_form
from backend.procedures.search import Entry, Index

_KEPT_VERSIONS = 400


class Published(msgspec.Struct, frozen=True):
    """A procedure and the version of it that is in force."""

    code: str
    slug: str
    version_id: UUID
    version: Version


class _Memory:
    """What this process remembers of the catalogue."""

    def __init__(self) -> None:
        self.versions: dict[UUID, Version] = {}
        self.index = Index(())
        self.of: tuple[UUID | None, date] | None = None
        self.building = asyncio.Lock()


_memory = _Memory()


async def index() -> Index:
    """Return the search index of what is in force today, built anew when an import or a new day changed it."""
    stamp = await fetch_value("select stamp from catalogue_state where id = 1")
    state = (stamp, clock.local(clock.now()).date())
    if _memory.of != state:
        async with _memory.building:
            if _memory.of != state:
                await _turn(state[1])
                entries = await _entries(state[1])
                _memory.index = await asyncio.to_thread(Index, entries)
                _memory.of = state
    return _memory.index


async def _turn(today: date) -> None:
    """On the first reading of a day let versions whose first day has come take over."""
    if not await fetch_value(
        f"select exists (select from ({IN_FORCE}) v join procedure p using (code) where p.current_version <> v.id)",
        today,
    ):
        return
    async with unit_of_work() as connection:
        await present(connection, today)


async def _entries(today: date) -> list[Entry]:
    rows = await fetch(
        """
        select p.* from procedure p join procedure_version v on v.id = p.current_version
        where (v.valid_from is null or v.valid_from <= $1) and (v.valid_to is null or $1 <= v.valid_to)
        """,
        today,
    )
    strings = msgspec.json.Decoder(tuple[str, ...])
    return [
        Entry(
            code=row["code"],
            slug=row["slug"],
            plain_name=row["plain_name"],
            name=row["name"],
            synonyms=strings.decode(row["synonyms"]),
            field_slug=row["field_slug"],
            field_name=row["field_name"],
            audience=strings.decode(row["audience"]),
            service_level=row["service_level"],
            frequency=row["frequency"],
            channels=strings.decode(row["channels"]),
        )
        for row in rows
    ]


async def version_of(identity: UUID) -> Version:
    """Return a version by its id: what a dossier was filed under.

    Raises:
        KeyError: there is none.
    """
    known = _memory.versions.get(identity)
    if known is None:
        definition = await fetch_value("select definition from procedure_version where id = $1", identity)
        if definition is None:
            raise KeyError(identity)
        known = _remember(identity, definition)
    return known


def form_of(version: Version, channel: Channel | None = None) -> Form:
    """Return the form to be filled under a version: opening questions, then its own or the default form.

    Args:
        version: from `version_of`.
        channel: how it is filed; None: online where that is offered, else at the counter.
    """
    likely = Channel.ONLINE if version.channel(Channel.ONLINE) else version.channels[0].channel
    return whole_form(version, channel or likely)


def _remember(identity: UUID, definition: str) -> Version:
    decoded = msgspec.json.decode(definition, type=Version)
    if len(_memory.versions) >= _KEPT_VERSIONS:
        _memory.versions.pop(next(iter(_memory.versions)))
    _memory.versions[identity] = decoded
    return decoded


async def current(code: str) -> Published | None:
    """Return a procedure by its code, in the version in force; also one that is no longer received. None: unknown."""
    return (await several([code])).get(code)


async def several(codes: list[str]) -> dict[str, Published]:
    """Return procedures by their codes, each in the version in force today."""
    rows = await fetch(
        f"select id, code from ({IN_FORCE}) v where code = any($2)",
        clock.local(clock.now()).date(),
        codes,
    )
    unknown = [row["id"] for row in rows if row["id"] not in _memory.versions]
    if unknown:
        for row in await fetch("select id, definition from procedure_version where id = any($1)", unknown):
            _remember(row["id"], row["definition"])
    found = [(row["code"], row["id"], await version_of(row["id"])) for row in rows]
    return {code: Published(code, kept.slug, identity, kept) for code, identity, kept in found}


def receives(published: Published, day: date) -> bool:
    """Tell whether the procedure is received on `day`."""
    version = published.version
    return (version.valid_from is None or version.valid_from <= day) and (
        version.valid_to is None or day <= version.valid_to
    )
