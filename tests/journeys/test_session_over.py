"""The session ends while a step is being typed: after signing in again nothing is lost."""

import pytest
from playwright.async_api import expect

from backend.kit.seal import token_hash
from tests.cast import PASSWORD
from tests.dossiers import stories
from tests.journeys.conftest import PHONE, MakeDevice
from tests.journeys.house import House

pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("house")]


@pytest.mark.parametrize("scripts", [True, False])
async def test_what_was_typed_when_the_session_ended_is_kept_through_the_sign_in(
    house: House, device: MakeDevice, scripts: bool
) -> None:
    person = house.cast.ha if scripts else house.cast.toan
    async with house.inside():
        draft = await stories.begun(house.cast, stories.BIRTH, person)
    phone = await device(PHONE, scripts=scripts)
    page = await phone.go("/dang-nhap")
    await page.get_by_label("Số điện thoại hoặc số căn cước").fill(person.phone)
    await page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Đăng nhập", exact=True).click()
    await expect(page.get_by_role("link", name="Hồ sơ").first).to_be_visible()
    page = await phone.go(f"/nop/{draft.id}/buoc/1")
    assert await page.locator('[name="submitter.full_name"]').count() == 1

    cookie = next(one for one in await phone.context.cookies() if one["name"] == "session")
    async with house.owner() as owner:
        await owner.execute("update session set revoked_at = now() where token_hash = $1", token_hash(cookie["value"]))
    await page.locator('[name="submitter.full_name"]').fill("Trần Thị Thu Hà Em")
    await page.get_by_role("button", name="Lưu và tiếp tục").click()
    await expect(page.get_by_role("status").filter(has_text="Phiên làm việc đã hết")).to_be_visible()
    await page.get_by_label("Số điện thoại hoặc số căn cước").fill(person.phone)
    await page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Đăng nhập", exact=True).click()
    await page.get_by_role("button", name="Gửi tiếp").click()
    await expect(page.locator("#step")).to_be_visible()

    page = await phone.go(f"/nop/{draft.id}/buoc/1")
    await expect(page.locator('[name="submitter.full_name"]')).to_have_value("Trần Thị Thu Hà Em")
