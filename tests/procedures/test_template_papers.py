import pytest

from backend.procedures.template_papers import Choice, Line, Section, TemplatePaper, render
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
