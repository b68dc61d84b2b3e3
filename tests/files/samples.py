"""Small files made on the spot, as phones and scanners make them, and some that are broken on purpose."""

import io
import zlib
from collections.abc import AsyncIterator
from typing import Any

import pikepdf
import pillow_heif
from PIL import Image, ImageDraw

pillow_heif.register_heif_opener()

RED, BLUE = (200, 30, 30), (30, 30, 200)
RIGHT_TOP = 6  # EXIF: the camera was held upright, the sensor lay on its side


def drawing(width: int = 400, height: int = 300, mode: str = "RGB") -> Image.Image:
    """A picture red on its left half, blue on its right half."""
    image = Image.new(mode, (width, height), RED)
    ImageDraw.Draw(image).rectangle((width // 2, 0, width, height), fill=BLUE)
    return image


def image(kind: str = "JPEG", width: int = 400, height: int = 300, **saved: Any) -> bytes:
    out = io.BytesIO()
    drawing(width, height).save(out, kind, **saved)
    return out.getvalue()


def located_exif(orientation: int = RIGHT_TOP) -> Image.Exif:
    """What a phone notes: how it was held, its make, and where the photograph was taken."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Phone of Ha"
    exif.get_ifd(0x8825).update({1: "N", 2: (20.0, 15.0, 3.0), 3: "E", 4: (105.0, 58.0, 30.0)})
    return exif


def pdf(pages: int = 1, width: float = 595, height: float = 842, **saved: Any) -> bytes:
    """A PDF of blank pages."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(width, height))
    out = io.BytesIO()
    document.save(out, **saved)
    return out.getvalue()


def locked_pdf() -> bytes:
    """Wants a password to be read."""
    return pdf(encryption=pikepdf.Encryption(user="mo", owner="chu"))


def restricted_pdf() -> bytes:
    """Reads without a password, but forbids copying."""
    return pdf(encryption=pikepdf.Encryption(user="", owner="chu"))


def endless_pdf() -> bytes:
    """Three kilobytes that open at once and take 10^12 strokes to draw: every form draws the next one ten times."""
    document = pikepdf.new()
    document.add_blank_page()
    kind = {"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Form, "/BBox": [0, 0, 600, 800]}
    inner = document.make_stream(b"0 0 9 9 re f", kind)
    for _ in range(12):
        resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Inner=inner))
        inner = document.make_stream(b"/Inner Do " * 10, kind | {"/Resources": resources})
    document.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Inner=inner))
    document.pages[0].Contents = document.make_stream(b"/Inner Do")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def swelling_pdf(megabytes: int = 400) -> bytes:
    """Two kilobytes that open at once; the page is so many megabytes of blanks, packed twice."""
    once, blanks = zlib.compressobj(9), b" " * 2**20
    packed = zlib.compress(b"".join(once.compress(blanks) for _ in range(megabytes)) + once.flush(), 9)
    document = pikepdf.new()
    document.add_blank_page()
    page = pikepdf.Stream(document, b"")
    page.write(packed, filter=pikepdf.Array([pikepdf.Name.FlateDecode] * 2))
    document.pages[0].Contents = document.make_indirect(page)
    out = io.BytesIO()
    document.save(out, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)
    return out.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
ZIP = b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00word/document.xml"


async def sent(content: bytes, at_once: int = 1000) -> AsyncIterator[bytes]:
    """The content as it comes over the line, piece by piece."""
    for start in range(0, len(content), at_once):
        yield content[start : start + at_once]
