"""Named reads: the files of a subject as screens show them, and what is needed to hand one out. Removed files are gone."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from backend.kit.database import Record, fetch, fetch_one, fetch_value


class PictureShown(msgspec.Struct, frozen=True):
    """One page that can be shown, with the size of its picture in pixels."""

    page: int
    width: int
    height: int


class FileShown(msgspec.Struct, frozen=True, kw_only=True):
    """A file as a screen shows it.

    `pages` is None while the pictures are being made and 0 if none can be made; of a thick PDF it counts all
    pages while `pictures` holds the first ones.
    """

    id: UUID
    slot: str
    name: str
    media_type: str
    size: int
    pages: int | None
    position: int
    uploaded_by: UUID | None
    uploaded_at: datetime
    pictures: list[PictureShown]

    @property
    def waiting(self) -> bool:
        """True while the pictures are being made."""
        return self.pages is None


class FileKept(msgspec.Struct, frozen=True, kw_only=True):
    """A file with all that is needed to ask its owner's room and to hand it out."""

    id: UUID
    agency: UUID | None
    subject_kind: str
    subject: UUID
    slot: str
    name: str
    media_type: str
    size: int
    sha256: bytes
    object_name: str
    pages: int | None
    uploaded_by: UUID | None
    removed: bool


class PictureKept(msgspec.Struct, frozen=True, kw_only=True):
    """Where the picture of a page and its tile are kept."""

    file: UUID
    page: int
    object_name: str
    tile_object_name: str


_SHOWN = """
select f.id, f.slot, f.name, f.media_type, f.size, f.pages, f.position, f.uploaded_by, f.uploaded_at,
       coalesce(
           (select array_agg(array[p.page, p.width, p.height] order by p.page) from file_preview p where p.file = f.id),
           array[]::integer[][]
       ) as pictures
from file f
where f.subject_kind = $1 and f.subject = any($2) and f.removed_at is null and ($3::text is null or f.slot = $3)
order by f.subject, f.slot, f.position, f.id
"""

_KEPT = """
select id, agency, subject_kind, subject, slot, name, media_type, size, sha256, object_name, pages, uploaded_by,
       removed_at is not null as removed
from file where id = $1
"""


async def files_of(subject_kind: str, subject: UUID, slot: str | None = None) -> list[FileShown]:
    """Return the files of a subject (of one slot, if given) in the order they are shown."""
    return [_shown(row) for row in await fetch(_SHOWN, subject_kind, [subject], slot)]


async def find_file(file: UUID) -> FileKept | None:
    """Return a file that was not removed, else None. The caller asks the owner's room who may see it."""
    row = await fetch_one(_KEPT + " and removed_at is null", file)
    return None if row is None else msgspec.convert(dict(row), FileKept)


async def find_removed_or_not(file: UUID) -> FileKept | None:
    """Return a file even if it was removed: for jobs, never for people."""
    row = await fetch_one(_KEPT, file)
    return None if row is None else msgspec.convert(dict(row), FileKept)


async def find_picture(file: UUID, page: int) -> PictureKept | None:
    """Return where the picture of a page is kept, None if there is none or the file was removed."""
    row = await fetch_one(
        "select p.file, p.page, p.object_name, p.tile_object_name from file_preview p join file f on f.id = p.file "
        "where p.file = $1 and p.page = $2 and f.removed_at is null",
        file,
        page,
    )
    return None if row is None else msgspec.convert(dict(row), PictureKept)


async def count_files(subject_kind: str, subject: UUID, slot: str) -> int:
    """Return how many files a slot holds."""
    count = await fetch_value(
        "select count(*) from file where subject_kind = $1 and subject = $2 and slot = $3 and removed_at is null",
        subject_kind,
        subject,
        slot,
    )
    return int(count)


async def held(subject_kind: str, subjects: Sequence[UUID]) -> tuple[int, int]:
    """Return how many files some subjects hold together, and their bytes."""
    row = await fetch_one(
        "select count(*) as files, coalesce(sum(size), 0)::bigint as size from file "
        "where subject_kind = $1 and subject = any($2) and removed_at is null",
        subject_kind,
        subjects,
    )
    assert row is not None
    return row["files"], row["size"]


async def is_kept_file(object_name: str) -> bool:
    """Tell whether the row of a file names this object."""
    return bool(await fetch_value("select exists (select from file where object_name = $1)", object_name))


async def is_kept_picture(file: UUID, object_name: str) -> bool:
    """Tell whether a row of this file's pictures names this object."""
    sql = "select exists (select from file_preview where file = $1 and $2 in (object_name, tile_object_name))"
    return bool(await fetch_value(sql, file, object_name))


async def without_a_row(object_names: list[str]) -> list[str]:
    """Return those of the objects that no row, of a file or of a picture, names."""
    rows = await fetch(
        "select unnest($1::text[]) as orphan except select object_name from file where object_name = any($1) "
        "except select unnest(array[object_name, tile_object_name]) from file_preview",
        object_names,
    )
    return [row["orphan"] for row in rows]


def _shown(row: Record) -> FileShown:
    pictures: Sequence[Sequence[int]] = row["pictures"]
    return msgspec.convert({**row, "pictures": [PictureShown(*picture) for picture in pictures]}, FileShown)
