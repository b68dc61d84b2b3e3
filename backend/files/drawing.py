"""Draws the pages of one file, as a program of its own: a file made to hang or to swell takes this process with it, no other.

Called by `previews` as `python -m backend.files.drawing <kind> <most pages> <bytes of memory> <seconds of a core for a
page> <and for all>`; the file is the standard input. To the standard output goes the number of pages, then each picture,
each as a length of four bytes and a message; a length of nothing ends it. Whoever calls reads no more than that: what a
hostile file could make of this process has neither our secrets nor the database.
"""

import io
import os
import resource
import signal
import sys
from collections.abc import Iterator
from typing import BinaryIO

import msgspec
from PIL import Image, ImageOps

from backend.files.checks import Kind, open_picture, unreadable
from backend.kit.errors import Invalid

LONG_SIDE = 1400
TILE = (168, 224)  # 84 CSS pixels wide at double density
_QUALITY = 78
_POLITE = 10  # the server beside the worker comes first; whoever sends a file waits only for its opening

# How the program ends when the file is at fault; any other end but 0 is ours.
UNREADABLE, LOCKED = 3, 4


class Picture(msgspec.Struct, frozen=True):
    """One page as WebP: upright, its long side at most `LONG_SIDE` pixels, without EXIF; and a tile of it."""

    page: int
    body: bytes
    width: int
    height: int
    tile: bytes


class Locked(Exception):
    """A PDF that wants a password to be read."""


def main(arguments: list[str]) -> int:
    """Draw the file on the standard input; return how the program ends."""
    kind, most, memory, page_s, all_s = Kind(arguments[0]), *map(int, arguments[1:])
    _limit(memory)
    if most:
        os.nice(_POLITE)
    source, out = sys.stdin.buffer, sys.stdout.buffer
    source.seek(0)
    try:
        _give_time(page_s, all_s)
        for message in messages(source, kind, most):
            _give_time(page_s, all_s)
            out.write(len(message).to_bytes(4) + message)
            out.flush()
    except Locked:
        return LOCKED
    except (Invalid, MemoryError):
        return UNREADABLE
    out.write(bytes(4))
    out.flush()
    return 0


def _limit(memory: int) -> None:
    """Let nothing that is drawn take more than its share; the caller alone decides when a drawing stops early."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # what people hand in lies in no core file


def _give_time(page_s: int, all_s: int) -> None:
    """Let the next page take so many seconds of a core: a busy machine makes no drawing longer than an idle one."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = min(int(used.ru_utime + used.ru_stime) + 1 + page_s, all_s)
    resource.setrlimit(resource.RLIMIT_CPU, (until, all_s + 1))


def messages(source: BinaryIO, kind: Kind, most: int) -> Iterator[bytes]:
    """Yield the number of pages, then the first `most` pages, as messages. Raises `Invalid`, `Locked`."""
    if kind is not Kind.PDF:
        yield msgspec.msgpack.encode(1)
        if most:
            yield msgspec.msgpack.encode(_picture(_photo(source, kind), 1))
        return
    document = _open_pdf(source)
    yield msgspec.msgpack.encode(len(document))
    for page in range(1, min(len(document), most) + 1):
        yield msgspec.msgpack.encode(_picture(_pdf_page(document, page), page))


def _picture(image: Image.Image, page: int) -> Picture:
    tile = ImageOps.fit(image, TILE, method=Image.Resampling.LANCZOS, centering=(0.5, 0.0))
    return Picture(page=page, body=_webp(image), width=image.width, height=image.height, tile=_webp(tile))


def _open_pdf(source: BinaryIO):  # type: ignore[no-untyped-def]
    import pypdfium2  # photographs do without

    try:
        document = pypdfium2.PdfDocument(source)
        if len(document) == 0:
            raise unreadable()
        document.get_page_size(0)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise Locked from None
        raise unreadable() from None
    return document


def _pdf_page(document, page: int) -> Image.Image:  # type: ignore[no-untyped-def]
    try:
        leaf = document[page - 1]
        # bounded by pixels, not by points: a page may call itself a kilometre wide
        image: Image.Image = leaf.render(scale=LONG_SIDE / max(*leaf.get_size(), 1)).to_pil()
        leaf.close()
    except (RuntimeError, ValueError):
        raise unreadable() from None
    return _bounded(image.convert("RGB"))


def _photo(source: BinaryIO, kind: Kind) -> Image.Image:
    with open_picture(source, kind) as image:
        image.draft("RGB", (LONG_SIDE, LONG_SIDE))  # a JPEG is decoded no larger than needed
        try:
            image.load()
            return _bounded(_on_white(ImageOps.exif_transpose(image)))
        except (OSError, ValueError, SyntaxError, RuntimeError, EOFError):
            raise unreadable() from None


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode not in ("RGB", "RGBA"):
        image.info.pop("icc_profile", None)  # describes inks or greys, which the picture no longer has
    if not image.has_transparency_data:
        return image.convert("RGB")
    clear = image.convert("RGBA")
    white = Image.new("RGBA", clear.size, "white")
    return Image.alpha_composite(white, clear).convert("RGB")


def _bounded(image: Image.Image) -> Image.Image:
    image.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return image


def _webp(image: Image.Image) -> bytes:
    out = io.BytesIO()
    # colours of another space (a phone's P3) keep their profile; everything else a camera notes is left out
    image.save(out, "WEBP", quality=_QUALITY, method=3, exif=b"", icc_profile=image.info.get("icc_profile") or b"")
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
