import asyncio
from pathlib import Path

import pytest

from backend.kit import typesetting
from backend.kit.clock import Frozen
from backend.kit.typesetting import TypesettingError, typeset
from tests.kit.reading_pdf import fonts, promises, words

pytestmark = pytest.mark.anyio

PAPERS = Path(__file__).parent / "papers"
PLAIN = PAPERS / "plain.typ"
LETTERS = "àáảãạ ăằắẳẵặ âầấẩẫậ èéẻẽẹ êềếểễệ ìíỉĩị òóỏõọ ôồốổỗộ ơờớởỡợ ùúủũụ ưừứửữự ỳýỷỹỵ đ"


async def test_every_vietnamese_letter_comes_back_from_the_paper_and_in_one_face() -> None:
    text = f"{LETTERS} {LETTERS.upper()} ₫"
    pdf = await typeset(PLAIN, {"words": text})
    assert words(pdf) == text
    assert fonts(pdf) == {"Tinos"}


async def test_a_paper_keeps_the_promises_to_archives_and_screen_readers() -> None:
    assert promises(await typeset(PLAIN, {"words": "x"})) == {
        "archive": "2A",
        "accessible": "1",
        "tagged": True,
        "language": "vi-VN",
        "title": "Thử",
    }


@pytest.mark.parametrize("text", ['#panic("x")', "= tiêu đề", "*đậm* _nghiêng_", "$x$ @nhãn <nhãn> \\", "// ghi chú"])
async def test_markup_in_the_data_stays_text(text: str) -> None:
    assert words(await typeset(PLAIN, {"words": text})) == text


async def test_a_sign_the_font_lacks_is_printed_as_a_box() -> None:
    assert words(await typeset(PLAIN, {"words": "Lý 李 🙂 Đỗ"})) == "Lý □ □ Đỗ"


async def test_letters_with_loose_marks_are_put_together() -> None:
    assert words(await typeset(PLAIN, {"words": "Nguye\u0302\u0303n"})) == "Nguyễn"


async def test_a_font_that_is_not_ours_is_an_error_not_a_replacement() -> None:
    with pytest.raises(TypesettingError, match="other_font"):
        await typeset(PAPERS / "other_font.typ", {"words": "x"})


async def test_a_template_that_breaks_the_standards_is_an_error() -> None:
    with pytest.raises(TypesettingError, match="untitled"):
        await typeset(PAPERS / "untitled.typ", {"words": "x"})


async def test_data_the_template_did_not_foresee_is_an_error() -> None:
    with pytest.raises(TypesettingError, match="plain"):
        await typeset(PLAIN, {"other": "x"})


async def test_missing_fonts_are_told_by_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "FONTS", tmp_path)
    typesetting._signs.cache_clear()
    try:
        with pytest.raises(TypesettingError, match=str(tmp_path)):
            await typeset(PLAIN, {"words": "x"})
    finally:
        typesetting._signs.cache_clear()


async def test_many_papers_at_once_do_not_meet(frozen: Frozen) -> None:
    made = await asyncio.gather(*(typeset(PLAIN, {"words": f"tờ {number}"}) for number in range(40)))
    assert [words(pdf) for pdf in made] == [f"tờ {number}" for number in range(40)]


async def test_the_same_data_at_the_same_moment_make_the_same_file(frozen: Frozen) -> None:
    assert await typeset(PLAIN, {"words": "x"}) == await typeset(PLAIN, {"words": "x"})


def test_no_template_of_ours_reaches_for_packages_of_others() -> None:
    templates = list((typesetting.PROJECT / "backend").rglob("*.typ"))
    assert templates
    assert [path for path in templates if "@preview" in path.read_text() or "@local" in path.read_text()] == []
