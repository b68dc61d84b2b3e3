"""Pages as pictures: what a screen shows instead of the file itself, so that no file of a stranger is ever opened there."""

import io
from collections.abc import AsyncIterator
from typing import BinaryIO

import msgspec
from anyio import CapacityLimiter, to_thread
from PIL import Image, ImageOps

from backend.files.checks import PDFIUM, Kind, open_pdf, open_picture, unreadable

MEDIA_TYPE = "image/webp"
MOST_PAGES = 30
LONG_SIDE = 1400
TILE = (168, 224)  # 84 CSS pixels wide at double density
_QUALITY = 78

# One at a time: a picture takes a core for a moment, and the server beside the worker needs the other.
_threads = CapacityLimiter(1)


class Picture(msgspec.Struct, frozen=True):
    """One page as WebP: upright, its long side at most `LONG_SIDE` pixels, without EXIF; and a tile of it."""

    page: int
    body: bytes
    width: int
    height: int
    tile: bytes


async def count_pages(source: BinaryIO, kind: Kind) -> int:
    """Return how many pages a file has; an image has one. Raises `Invalid` if it cannot be opened."""
    return await to_thread.run_sync(_count, source, limiter=_threads) if kind is Kind.PDF else 1


async def pictures(source: BinaryIO, kind: Kind, most: int = MOST_PAGES) -> AsyncIterator[Picture]:
    """Yield the first `most` pages of a file as pictures, one after the other, made in a thread.

    Raises:
        Invalid: the file, or the page in turn, cannot be decoded.
    """
    for page in range(1, min(await count_pages(source, kind), most) + 1):
        yield await to_thread.run_sync(_picture, source, kind, page, limiter=_threads)


def _count(source: BinaryIO) -> int:
    with PDFIUM:
        document = open_pdf(source)
        try:
            return len(document)
        finally:
            document.close()


def _picture(source: BinaryIO, kind: Kind, page: int) -> Picture:
    source.seek(0)
    image = _pdf_page(source, page) if kind is Kind.PDF else _photo(source, kind)
    tile = ImageOps.fit(image, TILE, method=Image.Resampling.LANCZOS, centering=(0.5, 0.0))
    return Picture(page=page, body=_webp(image), width=image.width, height=image.height, tile=_webp(tile))


def _pdf_page(source: BinaryIO, page: int) -> Image.Image:
    with PDFIUM:
        document = open_pdf(source)
        try:
            leaf = document[page - 1]
            # bounded by pixels, not by points: a page may call itself a kilometre wide
            image: Image.Image = leaf.render(scale=LONG_SIDE / max(*leaf.get_size(), 1)).to_pil()
        except (RuntimeError, ValueError, MemoryError):
            raise unreadable() from None
        finally:
            document.close()
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
