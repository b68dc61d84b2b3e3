import io
import tempfile
from typing import BinaryIO, cast

import pytest
from PIL import Image

from backend.files import checks
from backend.files.checks import (
    Kind,
    Rule,
    check_count,
    check_kind,
    check_size,
    kind_of,
    too_large,
)
from backend.files.uploads import check_content
from backend.kit.errors import Invalid, Problem, Refused, TooLarge
from backend.kit.formats import MEGABYTE
from backend.kit.language import use_language
from tests.files import samples

pytestmark = pytest.mark.anyio

UNREADABLE = "Tệp này không mở được. Gửi ảnh hoặc PDF."
GOOD = {
    Kind.PDF: samples.pdf(),
    Kind.JPEG: samples.image("JPEG"),
    Kind.PNG: samples.image("PNG"),
    Kind.WEBP: samples.image("WEBP"),
    Kind.HEIC: samples.image("HEIF"),
}


async def opened(content: bytes, kind: Kind) -> None:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        await check_content(cast(BinaryIO, file), kind)


async def refused(content: bytes, kind: Kind) -> str:
    with pytest.raises(Invalid) as problem:
        await opened(content, kind)
    return problem.value.sentence


@pytest.mark.parametrize("kind", list(Kind))
async def test_each_kind_is_told_by_its_content_and_opens(kind: Kind) -> None:
    assert kind_of(GOOD[kind][: checks.HEAD]) is kind
    await opened(GOOD[kind], kind)


async def test_a_jpeg_with_a_second_picture_inside_is_a_jpeg() -> None:
    out = io.BytesIO()
    samples.drawing().save(out, "MPO", save_all=True, append_images=[samples.drawing()])
    assert kind_of(out.getvalue()) is Kind.JPEG
    await opened(out.getvalue(), Kind.JPEG)


@pytest.mark.parametrize(
    "content",
    [samples.SVG, samples.HTML, samples.ZIP, b"MZ\x90\x00", b"GIF89a", b"II*\x00", b"\x00\x00\x00\x1cftypisom", b"chu"],
    ids=["svg", "html", "zip", "exe", "gif", "tiff", "mp4", "text"],
)
def test_what_could_carry_scripts_or_cannot_be_shown_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid) as problem:
        check_kind(content, Rule())
    assert problem.value.sentence == UNREADABLE


def test_markup_before_a_pdf_makes_it_no_pdf() -> None:
    assert kind_of(samples.HTML[:20] + samples.pdf()) is None


def test_an_empty_file_is_named_as_such() -> None:
    with pytest.raises(Invalid) as problem:
        check_kind(b"", Rule())
    assert problem.value.sentence == "Tệp này trống. Chọn lại tệp."


def test_a_kind_the_paper_does_not_accept_is_refused_with_what_it_does_accept() -> None:
    with pytest.raises(Invalid) as problem:
        check_kind(GOOD[Kind.WEBP], Rule(accepts=("application/pdf", "image/jpeg")))
    assert problem.value.sentence == "Tệp này là WebP, giấy này nhận PDF, JPEG."


def test_a_file_over_its_size_is_told_both_figures() -> None:
    with pytest.raises(TooLarge) as problem:
        check_size(32 * MEGABYTE, Rule(max_mb=20))
    assert problem.value.sentence == "Tệp 32 MB, tối đa 20 MB. Chụp bằng nút Chụp sẽ nhẹ hơn."


def test_one_byte_over_is_never_shown_as_the_size_allowed() -> None:
    with pytest.raises(TooLarge, match="Tệp 21 MB, tối đa 20 MB"):
        check_size(20 * MEGABYTE + 1, Rule(max_mb=20))


def test_a_file_of_exactly_the_size_is_kept() -> None:
    check_size(20 * MEGABYTE, Rule(max_mb=20))


def test_a_stream_cut_at_the_limit_is_told_the_limit_alone() -> None:
    assert too_large(Rule(max_mb=20)).sentence == "Tệp lớn hơn 20 MB là mức tối đa. Chụp bằng nút Chụp sẽ nhẹ hơn."


def test_one_file_too_many_is_refused_with_the_number() -> None:
    check_count(9, Rule(max_files=10))
    with pytest.raises(Refused) as problem:
        check_count(10, Rule(max_files=10))
    assert problem.value.sentence == "Giấy này nhận tối đa 10 tệp. Bỏ bớt một tệp rồi thêm."


async def test_a_pdf_that_wants_a_password_is_refused_as_locked() -> None:
    assert await refused(samples.locked_pdf(), Kind.PDF) == "Tệp PDF này có mật khẩu. Gửi bản không có mật khẩu."


async def test_a_pdf_that_only_forbids_copying_can_be_read_and_is_kept() -> None:
    await opened(samples.restricted_pdf(), Kind.PDF)


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7\nno more than a head", samples.pdf(pages=0), b"%PDF-1.7\n" + samples.HTML],
    ids=["head only", "no pages", "markup inside"],
)
async def test_a_broken_pdf_is_refused(content: bytes) -> None:
    assert await refused(content, Kind.PDF) == UNREADABLE


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.PDF])
@pytest.mark.parametrize("part", [0.05, 0.5, 0.9])
async def test_half_a_picture_is_refused(kind: Kind, part: float) -> None:
    whole = GOOD[kind]
    assert await refused(whole[: int(len(whole) * part)], kind) == UNREADABLE


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.PDF])
async def test_a_head_with_something_else_behind_is_refused(kind: Kind) -> None:
    assert await refused(GOOD[kind][:12] + samples.HTML * 20, kind) == UNREADABLE


async def test_a_picture_that_calls_itself_another_kind_is_refused() -> None:
    assert await refused(GOOD[Kind.PNG], Kind.JPEG) == UNREADABLE


@pytest.mark.parametrize(
    ("kind", "bound"), [("PNG", "MOST_DECODED"), ("WEBP", "MOST_DECODED"), ("JPEG", "MOST_PIXELS")]
)
async def test_more_pixels_than_we_open_are_an_error(kind: str, bound: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, bound, 400 * 300 - 1)
    content = samples.image(kind)
    said = await refused(content, Kind(f"image/{kind.lower()}"))
    assert said == "Ảnh này lớn quá, không mở được. Chụp bằng nút Chụp sẽ nhẹ hơn."


async def test_a_decompression_bomb_is_an_error_before_it_unpacks() -> None:
    out = io.BytesIO()
    Image.new("1", (16_000, 16_000)).save(out, "PNG")
    assert len(out.getvalue()) < MEGABYTE
    assert (await refused(out.getvalue(), Kind.PNG)).startswith("Ảnh này lớn quá")


# 16.000 × 7.400 pixels of one colour, which take two gigabytes to unpack.
BOMB = b"RIFF\x1a\x00\x00\x00WEBPVP8L\x0e\x00\x00\x00/\x7f\xfe9\x07\x07\x10\x11\xfd\x0fDD\xff\x03"


async def test_a_kind_that_is_unpacked_whole_may_have_fewer_pixels_than_a_photograph() -> None:
    with Image.open(io.BytesIO(BOMB)) as bomb:
        assert checks.MOST_DECODED < bomb.width * bomb.height < checks.MOST_PIXELS
    assert await refused(BOMB, Kind.WEBP) == "Ảnh này lớn quá, không mở được. Chụp bằng nút Chụp sẽ nhẹ hơn."


def test_every_refusal_speaks_english_too() -> None:
    def sentence(check: object) -> str:
        with use_language("en"), pytest.raises(Problem) as problem:
            check()  # type: ignore[operator]
        return problem.value.sentence

    assert sentence(lambda: check_size(32 * MEGABYTE, Rule(max_mb=20))).startswith("The file is 32 MB, at most 20 MB")
    assert sentence(lambda: check_kind(samples.SVG, Rule())) == "This file does not open. Send a photo or a PDF."
    assert sentence(lambda: check_count(10, Rule())).startswith("This paper takes at most 10 files")
