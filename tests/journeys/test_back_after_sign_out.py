"""A shared phone: after somebody signed out, Back shows nothing of them."""

import pytest
from playwright.async_api import Page, Playwright, expect

from tests.cast import PASSWORD
from tests.dossiers import stories
from tests.journeys.conftest import CHROME, FLAGS, PHONE
from tests.journeys.house import House

pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("house")]


async def nothing_of(page: Page, *words: str) -> None:
    """The page shows none of the words, in whatever state Back brought it."""
    shown = await page.locator("body").inner_text()
    assert [word for word in words if word in shown] == [], page.url


async def test_after_signing_out_back_shows_nothing_of_the_last_person(house: House, engine: Playwright) -> None:
    toan = house.cast.toan
    async with house.inside():
        dossier = await stories.submitted(house.cast, person=toan)
    # The cache that keeps whole pages for Back is off under Playwright; here it must be on, it is what could betray.
    browser = await engine.chromium.launch(
        executable_path=CHROME, args=FLAGS, ignore_default_args=["--disable-back-forward-cache"]
    )
    context = await browser.new_context(viewport=PHONE, locale="vi-VN", base_url=house.sites[0])
    page = await context.new_page()
    await page.goto("/dang-nhap")
    await page.get_by_label("Số điện thoại hoặc số căn cước").fill(toan.phone)
    await page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Đăng nhập", exact=True).click()
    for path in ("/ho-so", f"/ho-so/{dossier.code}", "/thong-bao", "/toi"):
        await page.goto(path)
        await expect(page.locator("main")).to_be_visible()
    await expect(page.locator("main")).to_contain_text(toan.name)
    await page.get_by_role("button", name="Đăng xuất").click()
    await expect(page.get_by_role("link", name="Đăng nhập").first).to_be_visible()

    for _ in range(4):
        # A page out of that cache fires no load, so the wait ends when the navigation is committed.
        await page.go_back(wait_until="commit")
        await expect(page.get_by_label("Mật khẩu", exact=True)).to_be_visible()
        await nothing_of(page, toan.name, str(dossier.code), toan.phone)
    await browser.close()
