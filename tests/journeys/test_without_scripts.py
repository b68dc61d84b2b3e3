"""The same road in a browser that runs no scripts: filed to the end, files included, and received by an officer without them."""

import re

import pytest
from playwright.async_api import Page, expect

from backend.agencies.tables import Role
from tests.journeys.conftest import DESK, PHONE, MakeDevice
from tests.journeys.filling import BIRTH, fill_form, small_photograph
from tests.journeys.house import House

pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("house")]


async def press(page: Page, name: str) -> None:
    """Press a button and read the page it leads to."""
    async with page.expect_navigation():
        await page.get_by_role("button", name=name, exact=True).click()


async def test_a_birth_is_filed_and_received_without_scripts(house: House, device: MakeDevice) -> None:
    phone = await device(PHONE, server=0, scripts=False)
    page = await phone.go("/")
    await page.get_by_role("link", name="đổi xã").click()
    await press(page, "Xã Mai Khê")
    await page.get_by_role("searchbox").fill("dang ky khai sihn")
    await page.keyboard.press("Enter")
    await page.locator('main a[href$="-1.001193"]').click()

    # The checklist answers by a page of its own, and its answers go along through the sign-in into the draft.
    await page.locator('[name="case.kind"]').select_option("witness")
    await press(page, "Xem giấy tờ của mình")
    await expect(page.locator("#outcome .paper-list").first).to_contain_text("Văn bản của người làm chứng")
    await page.locator('[name="case.kind"]').select_option("normal")
    await page.locator('[name="copies.count"]').fill("2")
    await press(page, "Bắt đầu nộp")
    await page.get_by_label("Số điện thoại hoặc số căn cước").fill(house.cast.ha.phone)
    await page.get_by_label("Mật khẩu", exact=True).fill("cua-xanh-tuong-vang")
    await press(page, "Đăng nhập")
    await press(page, "Đi tiếp")

    mother = {"full_name": "Trần Thị Thu Hà", "id_number": "038198006417"}
    named = {f"{place}.{key}": text for place in ("submitter", "mother.person") for key, text in mother.items()}
    born = {f"{place}.birth_date.year": "1998" for place in ("submitter", "mother.person")}
    answers = {name: text for name, text in BIRTH.items() if name != "copies.count"} | named | born
    await fill_form(page, answers | {"submitter.phone": house.cast.ha.phone}, scripts=False)

    await expect(page.get_by_role("heading", level=1)).to_have_text("Chụp giấy tờ")
    pictures = [
        {"name": f"trang-{n}.jpg", "mimeType": "image/jpeg", "buffer": small_photograph(f"GIẤY CHỨNG SINH {n}")}
        for n in (1, 2)
    ]
    await page.locator("#pick-birth_certificate").set_input_files(pictures)
    await press(page, "Gửi các tệp đã chọn rồi ở lại trang này")
    await expect(page.locator("#files-birth_certificate .tile")).to_have_count(2)
    await press(page, "Tiếp tục")

    await expect(page.get_by_role("heading", level=1)).to_have_text("Xem lại rồi nộp")
    await expect(page.locator("main")).to_contain_text("16.000 đ")
    await page.get_by_label("Tôi cam đoan lời khai trên").check()
    await page.get_by_label("Tôi đồng ý để cơ quan tra cứu").check()
    await press(page, "Nộp hồ sơ")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Đã nộp xong")
    found = re.search(r"H71\.104\.26-\d{6}-\d{4}", await page.locator(".receipt").inner_text())
    assert found is not None
    acknowledgement = await page.request.get(f"{phone.site}/ho-so/{found[0]}/giay/acknowledgement.pdf")
    assert (await acknowledgement.body()).startswith(b"%PDF")

    desk = await device(DESK, server=1, scripts=False, person=house.cast.officer(Role.RECEPTIONIST))
    page = await desk.go("/can-bo/viec?xem=cho-tiep-nhan")
    await page.locator(f'a[href="/can-bo/ho-so/{found[0]}"]').first.click()
    await expect(page.locator(".sheet-page img")).to_be_visible()
    await press(page, "Tiếp nhận")
    await expect(page.locator("main")).to_contain_text("Lê Thị Mai đã tiếp nhận hồ sơ")

    page = await phone.go(f"/ho-so/{found[0]}")
    await expect(page.locator("main")).to_contain_text("Đã tiếp nhận, giấy tờ đủ")
