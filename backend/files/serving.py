"""A file on its way out, inert: whatever is in it, the browser neither runs nor guesses nor keeps it."""

import re
import unicodedata
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import structlog
from litestar import Request
from litestar.response import Stream

from backend.files.checks import Kind
from backend.files.previews import MEDIA_TYPE
from backend.files.queries import FileKept, PictureKept
from backend.kit import settings
from backend.kit.errors import Unavailable
from backend.kit.language import _
from storage import NoSuchObject, ObjectStore, open_store

log = structlog.get_logger("files")

INERT = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}
ENDINGS = {Kind.PDF: ".pdf", Kind.JPEG: ".jpg", Kind.PNG: ".png", Kind.WEBP: ".webp", Kind.HEIC: ".heic"}
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


async def serve_file(file: FileKept, request: Request[Any, Any, Any]) -> Stream:
    """Answer with the file itself, to be saved under its name; one range of it if asked for.

    Call it only for a file that the owner's room found through the person asking.

    Raises:
        Unavailable: the object is not there for the moment.
    """
    headers = {"Content-Disposition": disposition(file.name, Kind(file.media_type))}
    return await _serve(file.object_name, file.media_type, headers, request.headers.get("range"))


async def serve_picture(picture: PictureKept, *, tile: bool = False) -> Stream:
    """Answer with the picture of a page, or its tile, to be shown. The same holds as for `serve_file`."""
    name = picture.tile_object_name if tile else picture.object_name
    return await _serve(name, MEDIA_TYPE, {"Content-Disposition": "inline"}, None)


def serve_paper(pdf: bytes, filename: str) -> Stream:
    """Answer with a paper made a moment ago (an acknowledgement, a form), to be saved under `filename`."""

    async def whole() -> AsyncIterator[bytes]:
        yield pdf

    headers = {"Content-Disposition": disposition(filename, Kind.PDF), "Content-Length": str(len(pdf))}
    return Stream(whole, media_type=Kind.PDF.value, headers=INERT | headers)


def disposition(name: str, kind: Kind) -> str:
    """Return the Content-Disposition that saves a file under its name (RFC 6266), with the ending of what it is.

    The person's own ending would let a PDF arrive as `.html`.
    """
    stem = name.rpartition(".")[0] or name
    ending = ENDINGS[kind]
    bare = unicodedata.normalize("NFD", stem.replace("đ", "d").replace("Đ", "D")).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", bare).strip("-.") or "tep"
    return f"attachment; filename=\"{plain}{ending}\"; filename*=UTF-8''{quote(stem + ending, safe='')}"


def asked_range(header: str | None, size: int) -> tuple[int, int] | None:
    """Return (start, end) of the one range asked for, `end` not included; None for the whole file.

    Several ranges, or what is no range, give the whole file, as RFC 9110 allows. A range past the end is (size, size).
    """
    match = _RANGE.fullmatch(header.strip()) if header else None
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:  # the last so many bytes
        return max(0, size - int(last)), size
    start = int(first)
    if last and int(last) < start:
        return None
    end = int(last) + 1 if last else size
    return (start, min(end, size)) if start < size else (size, size)


async def _serve(object_name: str, media_type: str, headers: dict[str, str], asked: str | None) -> Stream:
    store = open_store(settings.current())
    try:
        size = (await store.stat(object_name)).size
    except NoSuchObject:
        log.error("object missing", object=object_name)
        raise Unavailable(_("Tệp này đang không lấy được. Tải lại sau ít phút.")) from None
    headers = INERT | headers | {"Accept-Ranges": "bytes"}
    part = asked_range(asked, size)
    if part is None:
        return _stream(store, object_name, media_type, headers | {"Content-Length": str(size)}, 200, (0, size))
    start, end = part
    if start >= end:
        headers |= {"Content-Range": f"bytes */{size}", "Content-Length": "0"}
        return _stream(store, object_name, media_type, headers, 416, (0, 0))
    headers |= {"Content-Range": f"bytes {start}-{end - 1}/{size}", "Content-Length": str(end - start)}
    return _stream(store, object_name, media_type, headers, 206, part)


def _stream(
    store: ObjectStore, object_name: str, media_type: str, headers: dict[str, str], status: int, part: tuple[int, int]
) -> Stream:
    return Stream(lambda: store.open(object_name, *part), media_type=media_type, headers=headers, status_code=status)
