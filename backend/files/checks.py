"""What a file must be before it is kept: of a kind we can show, not too large, openable. By content, never by name.

SVG, HTML and ZIP (and so every office document) are none of the kinds: they can carry scripts, or a hundred other files.
"""

import io
import warnings
from collections.abc import Iterable
from enum import StrEnum
from typing import BinaryIO

import msgspec
from PIL import Image
from pillow_heif import register_heif_opener

from backend.kit.errors import Invalid, Refused, TooLarge
from backend.kit.formats import MEGABYTE
from backend.kit.language import _

MOST_PIXELS = 120_000_000  # a phone's 108-megapixel picture opens, a bomb does not
MOST_DECODED = 40_000_000  # of kinds that are decoded whole: a page at 600 dpi; 34 bytes of WebP can ask for 2 GB
HEAD = 32  # bytes that suffice to tell the kinds apart

register_heif_opener()
Image.MAX_IMAGE_PIXELS = MOST_PIXELS  # Pillow itself refuses at twice this, even before we have looked
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


class Kind(StrEnum):
    """The kinds of file we keep, by media type."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    HEIC = "image/heic"


# Names of the kinds for people, and of Pillow's readers.
NAMES = {Kind.PDF: "PDF", Kind.JPEG: "JPEG", Kind.PNG: "PNG", Kind.WEBP: "WebP", Kind.HEIC: "HEIC"}
READERS = {Kind.JPEG: ["JPEG"], Kind.PNG: ["PNG"], Kind.WEBP: ["WEBP"], Kind.HEIC: ["HEIF"]}
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


class Rule(msgspec.Struct, frozen=True):
    """What a paper accepts: media types, megabytes a file, files in all."""

    accepts: tuple[str, ...] = tuple(Kind)
    max_mb: int = 10
    max_files: int = 10

    @property
    def max_bytes(self) -> int:
        """The greatest length of one file, in bytes."""
        return self.max_mb * MEGABYTE


def kind_of(head: bytes) -> Kind | None:
    """Tell the kind of a file from its first `HEAD` bytes, None for any kind we do not keep."""
    if head.startswith(b"%PDF-"):
        return Kind.PDF
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kind.WEBP
    if head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS:
        return Kind.HEIC
    return None


def check_size(size: int, rule: Rule) -> None:
    """Raise `TooLarge` if `size` bytes are more than the rule allows."""
    if size > rule.max_bytes:
        raise too_large(rule, size)


def too_large(rule: Rule, size: int | None = None) -> TooLarge:
    """Return the error for a file that is too large; `size` in bytes, None while its end is not known."""
    if size is None:
        sentence = _("Tệp lớn hơn {most} MB là mức tối đa. Chụp bằng nút Chụp sẽ nhẹ hơn.").format(most=rule.max_mb)
    else:
        megabytes = -(-size // MEGABYTE)  # rounded up, so that the figure is never one the rule would allow
        sentence = _("Tệp {size} MB, tối đa {most} MB. Chụp bằng nút Chụp sẽ nhẹ hơn.").format(
            size=megabytes, most=rule.max_mb
        )
    return TooLarge(sentence)


def check_count(present: int, rule: Rule) -> None:
    """Raise `Refused` if one more file beside those present is one too many."""
    if present >= rule.max_files:
        raise Refused(_("Giấy này nhận tối đa {most} tệp. Bỏ bớt một tệp rồi thêm.").format(most=rule.max_files))


def check_kind(head: bytes, rule: Rule) -> Kind:
    """Return the kind of a file that begins with `head`; raise `Invalid` if the rule does not accept it."""
    if not head:
        raise Invalid(_("Tệp này trống. Chọn lại tệp."))
    kind = kind_of(head)
    if kind is None:
        raise unreadable()
    if kind not in rule.accepts:
        raise Invalid(
            _("Tệp này là {kind}, giấy này nhận {accepted}.").format(kind=NAMES[kind], accepted=accepted_names(rule))
        )
    return kind


def accepted_names(rule: Rule) -> str:
    """Name the kinds a rule accepts for people: "PDF, JPEG, PNG"."""
    return ", ".join(_names(rule.accepts))


def _names(accepts: Iterable[str]) -> list[str]:
    return [NAMES[kind] for kind in Kind if kind in accepts]


def unreadable() -> Invalid:
    """Return the error for a file nothing can open."""
    return Invalid(_("Tệp này không mở được. Gửi ảnh hoặc PDF."))


def locked() -> Invalid:
    """Return the error for a PDF that wants a password to be read."""
    return Invalid(_("Tệp PDF này có mật khẩu. Gửi bản không có mật khẩu."))


def open_picture(source: BinaryIO, kind: Kind) -> Image.Image:
    """Open an image by the one reader of its kind, without decoding it yet. Raises `Invalid`."""
    try:
        image = Image.open(source, formats=READERS[kind])
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except (OSError, ValueError, SyntaxError, RuntimeError, EOFError):
        raise unreadable() from None
    if image.width * image.height > (MOST_PIXELS if kind in (Kind.JPEG, Kind.HEIC) else MOST_DECODED):
        image.close()
        raise _too_many_pixels()
    return image


def check_picture(source: BinaryIO, kind: Kind) -> None:
    """Open a whole image as what it says it is; blocking, so call it in a thread.

    Of a HEIC only the structure is read here: decoding takes a second and is the preview job's.

    Raises:
        Invalid: broken, or more pixels than we open.
    """
    with open_picture(source, kind) as image:
        if kind is Kind.HEIC:
            _check_boxes(source)
            return
        image.draft("RGB", (image.width // 8, image.height // 8))  # a JPEG is read to its end at an eighth of the cost
        try:
            image.load()
        except (OSError, ValueError, SyntaxError, RuntimeError, EOFError):
            raise unreadable() from None


def _check_boxes(source: BinaryIO) -> None:
    """Follow the boxes of a HEIC to the end of the file: one that was cut off on its way ends inside a box."""
    end = source.seek(0, io.SEEK_END)
    at = 0
    while at < end:
        source.seek(at)
        head = source.read(16)
        length = int.from_bytes(head[:4])
        if length == 1:  # the length stands behind the type, in eight bytes
            length = int.from_bytes(head[8:16])
        elif length == 0:  # the last box: to the end
            return
        if length < 8 or at + length > end:
            raise unreadable()
        at += length


def _too_many_pixels() -> Invalid:
    return Invalid(_("Ảnh này lớn quá, không mở được. Chụp bằng nút Chụp sẽ nhẹ hơn."))
