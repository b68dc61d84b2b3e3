"""Who chose English reads English: Vietnamese stands only where it is marked as such, and in names."""

import asyncio
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.cast import NAMES
from tests.pages.book import SHELVES, Entry
from tests.pages.reading import Reader
from tests.pages.test_axe import GROUPS

pytestmark = pytest.mark.anyio

# Names are no language: they stand as they are; so do titles an office gives, its address, and numbers of laws.
PROPER = (
    *NAMES.values(),
    *("Trần Thị Thu Hà", "Nguyễn Văn Toàn", "Vũ Thị Lan", "Phạm Thị Hoa", "Một Cửa", "Xã Mai Khê", "Xã Đồng Sen"),
    *("Mai Khê", "Đồng Sen", "Hà Thanh", "Tiếng Việt", "Thôn Trung", "Chuyên viên", "chuyên viên", "/QĐ-", "/NĐ-"),
    *("Hồ Văn Thảo", "Hoàng Thị Yến", "Lò Thị Mai", "Trần Văn Khôi", "Gia Hân", "Lường Văn Thắng", "Vi Thị Hạnh"),
    *("Nguyễn Ngọc Gia Hân", "Trung tâm Y tế khu vực", "Ủy ban nhân dân", "Ế Ộ Ữ Ằ ẫ ợ ặ"),
    *("Trung tâm Phục vụ hành chính công", "xã Mai Khê", "xã Đồng Sen", "Hội làng"),
    *("Côte d’Ivoire", "Réunion", "São Tomé & Príncipe", "St. Barthélemy"),
)
LETTERS = "ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ"
ENGLISH = Path(__file__).parents[2] / "pwa" / "texts" / "en"


def texts() -> Iterator[tuple[str, str]]:
    """Every Vietnamese text of the product with its English."""
    for path in ENGLISH.glob("*.po"):
        with path.open("rb") as file:
            for one in read_po(file):
                if one.id:
                    plural = isinstance(one.id, tuple | list)
                    yield (one.id[0], one.string[0]) if plural else (str(one.id), str(one.string))


@cache
def bare_words() -> list[str]:
    """Vietnamese texts that no letter gives away, as patterns; what is a word of English too is none of them."""
    english = {text for _vi, text in texts()}
    found = set()
    for vi, _english in texts():
        parts = re.split(r"%\(\w+\)s|\{\w*\}", vi)
        pattern = "^" + "[^ ].*".join(map(re.escape, parts)) + "$"
        if not re.search(f"[{LETTERS}]", vi, re.I) and not any(re.search(pattern, text) for text in english):
            found.add(pattern)
    return sorted(found)


TEXTS = """([proper, letters, patterns]) => {
    const known = [new RegExp("[" + letters + "]", "i"), ...patterns.map(one => new RegExp(one))]
    const vietnamese = {test: text => known.some(one => one.test(text.trim()))}
    const without = (rest, name) => rest.replaceAll(name, "").replaceAll(name.toUpperCase(), "")
    const bare = text => proper.reduce(without, text.normalize("NFC"))
    const marked = one => one.closest("[lang]")?.lang === "vi"
    const found = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
        const one = walker.currentNode.parentElement
        if (["SCRIPT", "STYLE", "NOSCRIPT", "TEXTAREA"].includes(one.tagName) || one.closest(".avatar") || marked(one)) continue
        if (vietnamese.test(bare(walker.currentNode.data)))
            found.push(`${one.tagName.toLowerCase()}.${one.className}: ${walker.currentNode.data.trim().slice(0, 90)}`)
    }
    for (const one of document.querySelectorAll("[aria-label], [title], [alt], [placeholder]"))
        for (const name of ["aria-label", "title", "alt", "placeholder"])
            if (!marked(one) && vietnamese.test(bare(one.getAttribute(name) ?? "")))
                found.push(`${name} of ${one.tagName.toLowerCase()}.${one.className}: ${one.getAttribute(name).slice(0, 90)}`)
    return [...new Set(found)]
}"""


async def read(reader: Reader, entry: Entry) -> list[str]:
    async with reader.open(entry, "en") as opened:
        proper = sorted([*reader.world.names, *PROPER], key=len, reverse=True)
        for text in await opened.page.evaluate(TEXTS, [proper, LETTERS, bare_words()]):
            opened.wrong.append(text)
        if await opened.page.evaluate("document.documentElement.lang") != "en":
            opened.wrong.append("html lang is not en")
        return opened.report


def test_a_word_without_marks_is_known_as_vietnamese() -> None:
    words = ("Nam", "Trang 3", "Xem", "Look up", "Page 3", "Male")
    assert [one for one in words if re.search("|".join(bare_words()), one)] == ["Nam", "Trang 3", "Xem"]


@pytest.mark.parametrize("shelf", [pytest.param(name, marks=pytest.mark.xdist_group(GROUPS[name])) for name in SHELVES])
async def test_every_page_speaks_english(reader: Reader, shelf: str) -> None:
    # What a failing server says comes from a page made in Vietnamese.
    entries = [entry for entry in SHELVES[shelf] if entry.path not in reader.broken]
    reports = await asyncio.gather(*(read(reader, entry) for entry in entries))
    faults = [fault for report in reports for fault in report]
    assert not faults, "\n".join(faults)
