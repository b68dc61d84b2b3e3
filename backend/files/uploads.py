"""A file on its way in: streamed to the store, judged, and only then a row. What gets no row leaves no object."""

import tempfile
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import PurePosixPath
from typing import IO, BinaryIO, Protocol, cast
from uuid import UUID, uuid4

import anyio
import msgspec
from anyio import to_thread

from backend.files.checks import HEAD, Kind, Rule, check_count, check_kind, check_picture, check_size, too_large
from backend.files.objects import delete_unless
from backend.files.previews import count_pages
from backend.files.queries import FileKept, count_files, find_file, is_kept_file
from backend.kit import clock, settings
from backend.kit.database import execute, fetch_one, new_id, unit_connection, unit_of_work
from backend.kit.jobs import enqueue
from backend.kit.language import _
from backend.kit.text import clean
from storage import ObjectStore, TooLarge, open_store

IN_MEMORY = 1024 * 1024  # bytes of an upload held for checking before it goes to a temporary file
LONGEST_NAME = 150

# A picture that is opened takes memory by its pixels, not by its bytes: few at once in a process.
_checks = anyio.CapacityLimiter(2)


class Owner(msgspec.Struct, frozen=True, kw_only=True):
    """What a file belongs to: a subject (its kind and id), a slot of it, the agency, and who brought it."""

    subject_kind: str
    subject: UUID
    slot: str
    agency: UUID | None = None
    uploaded_by: UUID | None = None


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was judged and lies in the store, but belongs to nobody yet."""

    object_name: str
    name: str
    kind: Kind
    size: int
    sha256: bytes


class Readable(Protocol):
    """What a multipart field is: its bytes, read in pieces."""

    async def read(self, size: int = -1) -> bytes: ...


async def store_upload(
    stream: AsyncIterable[bytes], filename: str, owner: Owner, rule: Rule, *, size: int | None = None
) -> FileKept:
    """Take a file in and give it to its owner, in a unit of work of its own; its preview job is part of that unit.

    Args:
        stream: the content.
        filename: as the person's device calls it; only ever shown.
        owner: whose it becomes. The same content a second time in one slot is the same file: a phone sends again
            what it got no answer for.
        rule: what the slot accepts.
        size: the announced length in bytes, to refuse a file before reading it.

    Raises:
        Invalid, TooLarge, Refused: the file is refused; the sentence says why. Nothing is kept.
    """
    async with received(stream, filename, rule, size=size) as upload, unit_of_work():
        return await keep(upload, owner, rule)


@asynccontextmanager
async def received(
    stream: AsyncIterable[bytes], filename: str, rule: Rule, *, size: int | None = None
) -> AsyncIterator[Received]:
    """Stream a file to the store, judge it, and yield it for the block to `keep` in a unit of work opened inside.

    When the block is left and no row names the object, the object is deleted again.

    Raises:
        Invalid, TooLarge: the file is refused.
    """
    if size is not None:
        check_size(size, rule)
    store, object_name = open_store(settings.current()), str(uuid4())
    try:
        yield await _take_in(store, object_name, stream, filename, rule)
    finally:
        with anyio.CancelScope(shield=True):
            await delete_unless(is_kept_file(object_name), store, object_name)


async def keep(upload: Received, owner: Owner, rule: Rule) -> FileKept:
    """Give a received file to its owner and enqueue its previews, in the open unit of work.

    Raises:
        Refused: the slot is full.
        RuntimeError: no unit of work is open.
    """
    unit_connection()
    # one at a time per slot, so that two files at once cannot both be the last allowed one
    await execute(
        "select pg_advisory_xact_lock(hashtextextended($1, 0))",
        f"file:{owner.subject_kind}:{owner.subject}:{owner.slot}",
    )
    same = await fetch_one(
        "select id from file where subject_kind = $1 and subject = $2 and slot = $3 and sha256 = $4 "
        "and removed_at is null",
        owner.subject_kind,
        owner.subject,
        owner.slot,
        upload.sha256,
    )
    if same is None:
        check_count(await count_files(owner.subject_kind, owner.subject, owner.slot), rule)
        file = await _insert(upload, owner)
        await enqueue("files.preview", {"file": str(file)})
    else:
        file = same["id"]
    found = await find_file(file)
    assert found is not None  # written or read a moment ago in this unit
    return found


async def remove(file: UUID) -> bool:
    """Remove a file in the open unit of work; its objects go once the unit is kept. False if it was gone already.

    Whether it may go is the owner's room's to say: what was filed stays.
    """
    gone = await execute("update file set removed_at = $2 where id = $1 and removed_at is null", file, clock.now())
    if gone:
        await enqueue("files.discard", {"file": str(file)})
    return gone > 0


async def check_content(source: BinaryIO, kind: Kind) -> None:
    """Open the whole file as what it says it is; a PDF, which may be made to hang whoever opens it, in another process.

    A PDF that wants a password is refused; one that merely forbids printing or copying can be read and is kept.

    Raises:
        Invalid: broken, locked, without pages, or more pixels than we open.
    """
    source.seek(0)
    if kind is Kind.PDF:
        await count_pages(source, kind)
    else:
        await to_thread.run_sync(check_picture, source, kind, limiter=_checks)


async def pieces(field: Readable, at_once: int = 256 * 1024) -> AsyncIterator[bytes]:
    """Read a multipart field in pieces."""
    while piece := await field.read(at_once):
        yield piece


def shown_name(filename: str) -> str:
    """Return a file name fit to be shown: without folders, line breaks and control characters, not endless."""
    name = " ".join(PurePosixPath(clean(filename).replace("\\", "/")).name.split())
    stem, dot, ending = name.rpartition(".")
    if len(name) > LONGEST_NAME:
        name = (
            stem[: LONGEST_NAME - len(ending) - 1] + dot + ending if stem and len(ending) < 8 else name[:LONGEST_NAME]
        )
    return name.strip(". ") or _("tệp")


async def _take_in(
    store: ObjectStore, object_name: str, stream: AsyncIterable[bytes], filename: str, rule: Rule
) -> Received:
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as copy:
        judged = _Judged(copy, rule)
        try:
            stored = await store.put(object_name, judged.passed(stream), limit=rule.max_bytes)
        except TooLarge:
            raise too_large(rule) from None
        kind = judged.kind or check_kind(bytes(judged.head), rule)
        await check_content(cast(BinaryIO, copy), kind)
    return Received(
        object_name=object_name, name=shown_name(filename), kind=kind, size=stored.size, sha256=stored.sha256
    )


class _Judged:
    """Lets a stream pass and keeps a copy for the checks; a wrong kind ends it at its first bytes."""

    def __init__(self, copy: IO[bytes], rule: Rule) -> None:
        self.copy = copy
        self.rule = rule
        self.head = bytearray()
        self.kind: Kind | None = None

    async def passed(self, stream: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
        async for piece in stream:
            if self.kind is None:
                self.head += piece[: HEAD - len(self.head)]
                if len(self.head) >= HEAD:
                    self.kind = check_kind(bytes(self.head), self.rule)
            await to_thread.run_sync(self.copy.write, piece)
            yield piece


async def _insert(upload: Received, owner: Owner) -> UUID:
    file, now = new_id(), clock.now()
    await execute(
        "insert into file (id, agency, subject_kind, subject, slot, name, media_type, size, sha256, object_name, "
        "position, uploaded_by, uploaded_at, checked_at) "
        "select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, coalesce(max(position), 0) + 1, $11, $12, $12 "
        "from file where subject_kind = $3 and subject = $4 and slot = $5",
        file,
        owner.agency,
        owner.subject_kind,
        owner.subject,
        owner.slot,
        upload.name,
        upload.kind.value,
        upload.size,
        upload.sha256,
        upload.object_name,
        owner.uploaded_by,
        now,
    )
    return file
