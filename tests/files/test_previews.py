import asyncio
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

import pytest
from PIL import Image

from backend.files.checks import Kind
from backend.files.drawing import LONG_SIDE, TILE, Picture
from backend.files.previews import count_pages, drawn
from backend.kit.errors import Invalid
from tests.files import samples

pytestmark = pytest.mark.anyio


async def made(content: bytes, kind: Kind, most: int = 30) -> list[Picture]:
    with in_a_file(content) as file:
        async with drawn(file, kind, most) as drawing:
            return [picture async for picture in drawing.pictures()]


@contextmanager
def in_a_file(content: bytes) -> Iterator[BinaryIO]:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        yield cast(BinaryIO, file)


def opened(body: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(body))
    assert image.format == "WEBP"
    return image.convert("RGB")


def is_red(pixel: object) -> bool:
    return isinstance(pixel, tuple) and pixel[0] > 150 and pixel[2] < 90


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
async def test_an_image_becomes_one_picture_and_a_tile(kind: str) -> None:
    media = Kind.HEIC if kind == "HEIF" else Kind(f"image/{kind.lower()}")
    [picture] = await made(samples.image(kind, 2000, 1500), media)
    assert (picture.page, picture.width, picture.height) == (1, LONG_SIDE, 1050)
    assert opened(picture.body).size == (picture.width, picture.height)
    assert opened(picture.tile).size == TILE


async def test_a_small_picture_is_not_blown_up() -> None:
    [picture] = await made(samples.image("PNG", 300, 200), Kind.PNG)
    assert (picture.width, picture.height) == (300, 200)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
async def test_a_photo_taken_sideways_stands_upright_and_keeps_no_place_or_name(kind: str) -> None:
    media = Kind.HEIC if kind == "HEIF" else Kind(f"image/{kind.lower()}")
    content = samples.image(kind, 400, 300, exif=samples.located_exif().tobytes())
    assert b"Phone of Ha" in content
    [picture] = await made(content, media)
    image = opened(picture.body)
    assert image.size == (300, 400)
    # the left half of the sensor is the upper half of the page
    assert is_red(image.getpixel((150, 40)))
    assert not is_red(image.getpixel((150, 360)))
    for body in (picture.body, picture.tile):
        assert dict(Image.open(io.BytesIO(body)).getexif()) == {}
        assert b"Exif" not in body
        assert b"Phone of Ha" not in body


async def test_what_is_clear_is_shown_on_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(out, "PNG")
    [picture] = await made(out.getvalue(), Kind.PNG)
    assert opened(picture.body).getpixel((25, 25)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "1", "P", "CMYK", "LA", "I;16"])
async def test_pictures_of_every_colour_kind_are_shown(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (40, 40)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    [picture] = await made(out.getvalue(), Kind.JPEG if mode == "CMYK" else Kind.PNG)
    assert picture.width == 40


async def test_each_page_of_a_pdf_becomes_a_picture_in_order() -> None:
    made_pages = await made(samples.pdf(3), Kind.PDF)
    assert [picture.page for picture in made_pages] == [1, 2, 3]
    assert {(picture.width, picture.height) for picture in made_pages} == {(990, LONG_SIDE)}


async def test_of_a_thick_pdf_only_the_first_pages_are_drawn_but_all_are_counted() -> None:
    thick = samples.pdf(40)
    assert len(await made(thick, Kind.PDF, most=5)) == 5
    with in_a_file(thick) as file:
        assert await count_pages(file, Kind.PDF) == 40


@pytest.mark.parametrize(("width", "height"), [(14_400, 10), (10, 14_400), (14_400, 14_400), (3, 3)])
async def test_a_page_of_any_measure_gives_a_bounded_picture(width: float, height: float) -> None:
    [picture] = await made(samples.pdf(1, width, height), Kind.PDF)
    assert min(picture.width, picture.height) >= 1
    assert max(picture.width, picture.height) <= LONG_SIDE


@pytest.mark.parametrize("kind", list(Kind))
async def test_what_cannot_be_decoded_is_an_error_in_words(kind: Kind) -> None:
    with pytest.raises(Invalid, match="không mở được"):
        await made(b"%PDF-1.7 or anything else", kind)


async def test_many_files_at_once_do_not_meet() -> None:
    several = await asyncio.gather(
        *(made(samples.pdf(2), Kind.PDF) for _ in range(6)), *(made(samples.image(), Kind.JPEG) for _ in range(6))
    )
    assert [len(pages) for pages in several] == [2] * 6 + [1] * 6
