"""Work after an upload: drawing pages, discarding what was removed, sweeping. All may run twice without harm."""

import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import BinaryIO, cast
from uuid import UUID, uuid4

import anyio
import structlog
from anyio import to_thread

from backend.files.checks import Kind
from backend.files.drawing import Picture
from backend.files.objects import delete_unless
from backend.files.previews import Drawing, drawn, drawn_here
from backend.files.queries import FileKept, find_removed_or_not, is_kept_picture, without_a_row
from backend.kit import clock, settings
from backend.kit.database import execute, fetch, fetch_value, new_id, unit_of_work
from backend.kit.errors import Invalid
from backend.kit.jobs import Payload, daily, job
from backend.kit.live import announce
from storage import ObjectStore, open_store

log = structlog.get_logger("files")

Draws = Callable[[BinaryIO, Kind], AbstractAsyncContextManager[Drawing]]

SPARED_FOR = timedelta(days=1)  # no upload takes longer between its object and its row
SWEPT_FOR = timedelta(days=7)
MANY = 20


@job("files.preview")
async def preview(payload: Payload) -> None:
    """Draw the pages of a file that have no picture yet; 0 pages mean that it cannot be shown.

    Payload: `file`, its id.
    """
    await _preview(UUID(payload["file"]), drawn)


async def preview_ours(file: UUID) -> None:
    """Draw the pages of a file as `preview` does, of one that no stranger made."""
    await _preview(file, drawn_here)


async def _preview(id: UUID, how: Draws) -> None:
    file = await find_removed_or_not(id)
    if file is None or file.removed or file.pages is not None:
        return
    store = open_store(settings.current())
    with tempfile.TemporaryFile() as copy:
        async for piece in store.open(file.object_name):
            await to_thread.run_sync(copy.write, piece)
        try:
            pages = await _draw(store, file, cast(BinaryIO, copy), how)
        except Invalid:
            log.warning("file cannot be shown", file=str(file.id), kind=file.media_type)
            pages = 0
    await _finish(file, pages)


@job("files.discard")
async def discard(payload: Payload) -> None:
    """Delete the objects of a removed file and forget its pictures; the row stays as a trace.

    Payload: `file`, its id.
    """
    file = await find_removed_or_not(UUID(payload["file"]))
    if file is None or not file.removed:
        return
    store = open_store(settings.current())
    rows = await fetch("select object_name, tile_object_name from file_preview where file = $1", file.id)
    for name in [file.object_name, *(name for row in rows for name in row)]:
        await store.delete(name)
    await execute("delete from file_preview where file = $1", file.id)


@daily("files.sweep", hour=2, minute=40)
async def sweep() -> None:
    """Delete what a killed process left in the store between an object and its row.

    Only objects of the last week are looked at, and a store in which most objects are nobody's is left alone:
    it belongs to another database.
    """
    store, now = open_store(settings.current()), clock.now()
    names = [name async for name in store.names(now - SWEPT_FOR, now - SPARED_FOR)]
    orphans = await without_a_row(names)
    if len(orphans) > MANY and len(orphans) * 2 > len(names):
        log.error("most objects have no row, nothing deleted", orphans=len(orphans), objects=len(names))
        return
    for name in orphans:
        await store.delete(name)
    if orphans:
        log.info("orphans deleted", objects=len(orphans))


async def _draw(store: ObjectStore, file: FileKept, copy: BinaryIO, how: Draws) -> int:
    async with how(copy, Kind(file.media_type)) as drawing:
        async for picture in drawing.pictures():
            await _keep(store, file.id, picture)
        return drawing.pages


async def _keep(store: ObjectStore, file: UUID, picture: Picture) -> None:
    """Put a picture and its tile into the store and name them in a row; whoever loses the race takes its objects back."""
    body, tile = str(uuid4()), str(uuid4())
    try:
        await store.put(body, _once(picture.body))
        await store.put(tile, _once(picture.tile))
        async with unit_of_work():
            await _insert(file, picture, body, tile)
    finally:
        with anyio.CancelScope(shield=True):
            await delete_unless(is_kept_picture(file, body), store, body)
            await delete_unless(is_kept_picture(file, tile), store, tile)


async def _insert(file: UUID, picture: Picture, body: str, tile: str) -> None:
    # the lock makes a removal wait: its discard job then finds this picture, or this one finds the removal
    if await fetch_value("select removed_at is not null from file where id = $1 for share", file) is not False:
        return
    await execute(
        "insert into file_preview (id, file, page, object_name, tile_object_name, width, height) "
        "values ($1, $2, $3, $4, $5, $6, $7) on conflict (file, page) do nothing",
        new_id(),
        file,
        picture.page,
        body,
        tile,
        picture.width,
        picture.height,
    )


async def _finish(file: FileKept, pages: int) -> None:
    """Note the number of pages, and tell the open screens of the person and of the office that there is more to see."""
    topics = [f"person:{file.uploaded_by}"] if file.uploaded_by else []
    topics += [f"agency:{file.agency}"] if file.agency else []
    async with unit_of_work():
        if await execute("update file set pages = $2 where id = $1 and pages is null", file.id, pages):
            await announce(topics, f"{file.subject_kind}-{file.subject}")


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body
