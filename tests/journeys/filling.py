"""Filling a form in a browser as a person does: what the page asks, step by step, until the papers or the review come."""

import io
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.async_api import Locator, Page, expect

from backend.kit import clock

BORN = clock.local(clock.now()).date() - timedelta(days=20)

# Birth registration of a child with both parents, told by its mother. Names as the form's fields have them.
BIRTH = {
    "submitter.full_name": "Phan Thị Ngọc",
    "submitter.id_number": "038199001234",
    "submitter.birth_date.day": "5",
    "submitter.birth_date.month": "3",
    "submitter.birth_date.year": "1999",
    "submitter.phone": "0934567890",
    "submitter.residence.province": "38",
    "submitter.residence.commune": "16438",
    "submitter.residence.detail": "Thôn Trung",
    "submitter.capacity": "mother",
    "case.kind": "normal",
    "case.parents_known": "both",
    "case.parents_married": "yes",
    "case.marriage_number": "15/2024",
    "child.full_name": "Lê Gia Bảo",
    "child.birth_date.day": str(BORN.day),
    "child.birth_date.month": str(BORN.month),
    "child.birth_date.year": str(BORN.year),
    "child.sex": "male",
    "child.ethnicity": "Kinh",
    "child.nationality": "VN",
    "child.birth_place_kind": "facility",
    "child.birth_facility": "Bệnh viện Phụ sản Hà Thanh",
    "child.birth_place.province": "38",
    "child.birth_place.commune": "16438",
    "child.birth_place.detail": "Số 1 đường Lê Lợi",
    "child.home_town.province": "38",
    "child.home_town.commune": "16438",
    "mother.person.full_name": "Phan Thị Ngọc",
    "mother.person.birth_date.day": "5",
    "mother.person.birth_date.month": "3",
    "mother.person.birth_date.year": "1999",
    "mother.person.ethnicity": "Kinh",
    "mother.person.nationality": "VN",
    "mother.person.id_number": "038199001234",
    "mother.person.residence.province": "38",
    "mother.person.residence.commune": "16438",
    "mother.person.residence.detail": "Thôn Trung",
    "father.person.full_name": "Lê Văn Hùng",
    "father.person.birth_date.day": "20",
    "father.person.birth_date.month": "7",
    "father.person.birth_date.year": "1996",
    "father.person.ethnicity": "Kinh",
    "father.person.nationality": "VN",
    "father.person.id_number": "038096004321",
    "father.person.residence.province": "38",
    "father.person.residence.commune": "16438",
    "father.person.residence.detail": "Thôn Trung",
    "copies.count": "2",
    "copies.fee_exemption": "none",
    "delivery.method": "counter",
}
TRIES = 3


async def fill(form: Locator, answers: Mapping[str, str], scripts: bool = True) -> None:
    """Answer what this form asks and shows; without scripts a list that depends on another comes with the next page."""
    names = set(await form.evaluate("form => [...form.elements].filter(e => e.type !== 'hidden').map(e => e.name)"))
    for name, text in answers.items():
        box = form.locator(f'[name="{name}"]:not([type="hidden"])')
        if name not in names or not await box.first.is_visible():
            continue
        kind = await box.first.evaluate("box => box.localName === 'select' ? 'select' : box.type")
        if kind == "radio":
            await form.locator(f'[name="{name}"][value="{text}"]').check()
        elif kind == "select":
            await choose(box, text, waits=scripts and name.endswith(".commune"))
        else:
            await box.fill(text)


async def choose(box: Locator, text: str, waits: bool) -> None:
    """Choose from a list by value or by word."""
    words = box.locator("option").filter(has_text=re.compile(rf"^{re.escape(text)}$"))
    option = words.or_(box.locator(f'option[value="{text}"]')).first
    if waits:
        await expect(option).to_be_attached()
    if await option.count():
        await box.select_option(value=await option.get_attribute("value"))


async def fill_form(page: Page, answers: Mapping[str, str], scripts: bool = True) -> int:
    """Go through all steps of a form; return how many there were.

    Args:
        page: shows a step.
        answers: names of fields → what is typed, chosen or ticked; what is not asked is left out.
        scripts: whether the browser runs them.

    Raises:
        AssertionError: a step is shown again and again, with the mistakes it names.
    """
    done: list[str] = []
    while found := re.search(r"/buoc/(\d+)", page.url):
        done.append(found[1])
        assert done.count(found[1]) <= TRIES, f"step {found[1]}: {await page.locator('main').inner_text()}"
        await fill(page.locator("#step"), answers, scripts)
        async with page.expect_navigation():
            await page.get_by_role("button", name="Lưu và tiếp tục").click()
    return len(set(done))


def photograph(folder: Path, name: str, words: str, size: tuple[int, int] = (1500, 2100)) -> Path:
    """Make a picture of a paper, as a phone's camera would give it."""
    picture = Image.effect_noise(size, 60).convert("RGB")  # a photograph does not compress like a drawing
    drawing = ImageDraw.Draw(picture)
    drawing.rectangle((120, 160, size[0] - 120, size[1] - 160), fill="white", outline="black", width=6)
    drawing.text((200, 300), words, fill="black", font_size=64)
    path = folder / name
    picture.save(path, "JPEG", quality=90)
    return path


def small_photograph(words: str) -> bytes:
    """Return a light picture, for tests that hand in many."""
    picture = Image.new("RGB", (240, 320), "white")
    ImageDraw.Draw(picture).text((20, 40), words, fill="black")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()
