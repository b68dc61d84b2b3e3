import asyncio

import pytest

from backend.procedures.template_papers import Choice, Line, Section, Shelf, TemplatePaper, render
from tests.kit.reading_pdf import fonts, pages, promises, words

pytestmark = pytest.mark.anyio


def paper(*lines: Line, **given: str) -> TemplatePaper:
    return TemplatePaper(
        title="Tờ khai đăng ký khai sinh",
        procedure="Đăng ký khai sinh",
        sections=[Section(title="Người nộp hồ sơ", help="Người đứng ra nộp hồ sơ này.", lines=list(lines))],
        **given,
    )


async def test_an_empty_form_has_its_head_its_labels_and_says_that_it_is_not_the_official_layout() -> None:
    pdf = await render(
        paper(
            Line(label="Họ, chữ đệm, tên"),
            Line(label="Số định danh cá nhân", digits=12),
            Line(label="Lý do", rows=3),
            Line(label="Giới tính", choices=[Choice("Nam"), Choice("Nữ")]),
            code="số 01",
            basis="Thông tư 04/2024/TT-BTP",
            addressee="Ủy ban nhân dân xã Mai Khê",
        )
    )
    text = words(pdf)
    for part in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "TỜ KHAI ĐĂNG KÝ KHAI SINH",
        "Không phải mẫu chính thức.",
        "cho việc: Đăng ký khai sinh",
        "Mẫu số 01",
        "(theo Thông tư 04/2024/TT-BTP)",
        "Kính gửi: Ủy ban nhân dân xã Mai Khê",
        "Người nộp hồ sơ",
        "Người đứng ra nộp hồ sơ này.",
        "Họ, chữ đệm, tên:",
        "Số định danh cá nhân:",
        "Lý do:",
        "Giới tính:",
        "Nam",
        "Nữ",
        "NGƯỜI KHAI",
    ):
        assert part in text
    assert "None" not in text
    assert "×" not in text


async def test_what_is_known_is_filled_in_and_ticked() -> None:
    text = words(
        await render(
            paper(
                Line(label="Họ, chữ đệm, tên", value="Nguyễn Thị Ngọc Ánh"),
                Line(label="Số định danh cá nhân", value="038190001234", digits=12),
                Line(label="Ông/bà là gì với việc này?", choices=[Choice("Cha"), Choice("Mẹ", chosen=True)]),
                Line(label="Nơi cư trú", parts=[Line(label="Tỉnh", value="Ninh Bình"), Line(label="Xã")]),
            )
        )
    )
    assert "Họ, chữ đệm, tên: Nguyễn Thị Ngọc Ánh" in text
    assert "038190001234" in text.replace(" ", "")
    assert "Ông/bà là gì với việc này? Cha" in text
    assert text.count("×") == 1
    assert "Tỉnh: Ninh Bình" in text


async def test_a_value_longer_than_its_squares_is_written_out() -> None:
    assert "Số: 0381900012345678" in words(await render(paper(Line(label="Số", value="0381900012345678", digits=12))))


async def test_a_form_is_one_face_and_fit_for_archives_and_screen_readers() -> None:
    pdf = await render(paper(Line(label="Họ, chữ đệm, tên", value="Ánh")))
    assert fonts(pdf) == {"Tinos"}
    assert promises(pdf) == {
        "archive": "2A",
        "accessible": "1",
        "tagged": True,
        "language": "vi-VN",
        "title": "Tờ khai đăng ký khai sinh",
    }


async def test_every_page_of_a_long_form_is_marked_as_not_official() -> None:
    pdf = await render(paper(*(Line(label=f"Mục {number}") for number in range(80))))
    assert pages(pdf) > 2
    assert words(pdf).count("Tờ khai đăng ký khai sinh · Không phải mẫu chính thức") == pages(pdf)


async def test_what_a_person_typed_is_never_markup() -> None:
    assert "Lý do: #eval(1) *x* $y$" in words(await render(paper(Line(label="Lý do", value="#eval(1) *x* $y$"))))


class Press:
    """Makes papers that name how many were made before; notes how many are being made at once."""

    def __init__(self) -> None:
        self.made = self.at_once = self.most_at_once = 0

    async def make(self) -> bytes:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        self.made += 1
        return b"%d" % self.made


async def test_a_paper_that_many_ask_for_at_once_is_made_once() -> None:
    shelf, press = Shelf(8), Press()
    papers = await asyncio.gather(*(shelf.paper("birth", press.make) for _ in range(20)))
    assert {paper.pdf for paper in papers} == {b"1"}


async def test_papers_are_made_one_after_the_other_whoever_asks() -> None:
    shelf, press = Shelf(8), Press()
    papers = await asyncio.gather(*(shelf.paper(number, press.make) for number in range(5)))
    assert (len({paper.mark for paper in papers}), press.most_at_once) == (5, 1)


async def test_a_full_shelf_gives_up_what_was_not_asked_for_longest() -> None:
    shelf, press = Shelf(2), Press()
    for key in ("birth", "death", "birth", "marriage", "birth"):
        await shelf.paper(key, press.make)
    assert press.made == 3
    await shelf.paper("death", press.make)
    assert press.made == 4


async def test_a_paper_that_could_not_be_made_is_tried_again() -> None:
    async def broken() -> bytes:
        raise OSError

    shelf, press = Shelf(2), Press()
    with pytest.raises(OSError):
        await shelf.paper("birth", broken)
    assert (await shelf.paper("birth", press.make)).pdf == b"1"
