"""Pictures of papers, drawn: what people of the demo province photograph and hand in, and the results as PDF.

Every page says that it is an example: the demo forges no papers.
"""

import io
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from backend.kit.settings import PROJECT

FONTS = PROJECT / "pwa" / "build" / "libraries" / "node_modules" / "@expo-google-fonts" / "tinos"
SIZE = (744, 1052)
_INK, _PALE, _BLUE, _RED = (38, 40, 48), (176, 172, 160), (34, 58, 140), (196, 44, 40)
_QUALITY = 68
_HEAD = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
_EXAMPLE = "Trang minh họa của bản dùng thử, không phải giấy tờ thật"

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def photo(title: str, lines: list[str]) -> bytes:
    """Return a photograph of a paper as JPEG.

    Args:
        title: of the paper.
        lines: what is written in it by hand: name, dates.
    """
    out = io.BytesIO()
    _page(title, lines, (250, 248, 240), "Người viết").save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def sheet(title: str, lines: list[str]) -> bytes:
    """Return a result as a PDF of one page, with a red stamp."""
    page = _page(title, lines, (255, 255, 255), "Người ký")
    _stamp(page, 440 + 50 * len(lines))
    out = io.BytesIO()
    page.save(out, "PDF", resolution=90.0, quality=_QUALITY)
    return out.getvalue()


def _page(title: str, lines: list[str], paper: tuple[int, int, int], below: str) -> Image.Image:
    page = _form(title, paper).copy()
    draw = ImageDraw.Draw(page)
    for row, line in enumerate(lines):
        y = 330 + 50 * row
        draw.text((96, y - 28), line, font=_font("400Regular_Italic", 24), fill=_BLUE)
        draw.line((90, y + 2, SIZE[0] - 90, y + 2), fill=_PALE, width=1)
    draw.text((SIZE[0] - 210, 352 + 50 * len(lines)), below, font=_font("700Bold", 20), fill=_INK, anchor="mm")
    return page


@cache
def _form(title: str, paper: tuple[int, int, int]) -> Image.Image:
    """A page with everything that is printed."""
    page = Image.new("RGB", SIZE, paper)
    draw = ImageDraw.Draw(page)
    middle = SIZE[0] // 2
    draw.text((middle, 62), _HEAD[0], font=_font("700Bold", 21), fill=_INK, anchor="mm")
    draw.text((middle, 92), _HEAD[1], font=_font("700Bold", 22), fill=_INK, anchor="mm")
    draw.line((middle - 120, 112, middle + 120, 112), fill=_INK, width=2)
    for row, words in enumerate(_wrapped(title.upper(), 28)):
        draw.text((middle, 180 + 38 * row), words, font=_font("700Bold", 31), fill=_INK, anchor="mm")
    draw.text((middle, SIZE[1] - 34), _EXAMPLE, font=_font("400Regular", 17), fill=(120, 116, 108), anchor="mm")
    return page


def _stamp(page: Image.Image, y: int) -> None:
    draw = ImageDraw.Draw(page)
    x, radius = SIZE[0] - 210, 62
    for inner in (0, 7):
        draw.ellipse(
            (x - radius + inner, y - radius + inner, x + radius - inner, y + radius - inner), outline=_RED, width=3
        )
    draw.text((x, y), "BẢN MẪU", font=_font("700Bold", 18), fill=_RED, anchor="mm")


def _wrapped(text: str, most: int) -> list[str]:
    """Break a title into lines of at most `most` letters, three at most."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines[:3]


@cache
def _font(cut: str, size: int) -> Font:
    """A font with Vietnamese letters where the front end was built; without it Pillow's own, good enough to see."""
    file: Path = FONTS / cut / f"Tinos_{cut}.ttf"
    return ImageFont.truetype(str(file), size) if file.exists() else ImageFont.load_default(size)
