"""The main journey: a citizen on a phone files a birth, officers at desks settle it, and both see each step as it happens."""

import re
from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import Page, expect

from backend.agencies.tables import Role
from backend.dossiers.issuing import tracking
from backend.dossiers.tables import Dossier
from backend.history.chain import verify_all
from backend.kit.seal import unseal
from tests.journeys.conftest import DESK, PHONE, Device, MakeDevice
from tests.journeys.filling import BIRTH, fill, fill_form, photograph
from tests.journeys.house import House
from tests.journeys.watching import seen_on

pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("house")]

CODE = re.compile(r"H71\.104\.26-\d{6}-\d{4}")
# What registering and the checklist told already stands in the form.
KNOWN = {"submitter.full_name", "submitter.id_number", "submitter.phone", "submitter.capacity", "copies.count"}
AT_ONCE = 1.0  # seconds


async def find_procedure(phone: Device) -> None:
    """Home, the commune, a search without accents and with a typo, the procedure."""
    page = await phone.go("/")
    await page.get_by_role("link", name="đổi xã").click()
    await page.get_by_role("button", name="Xã Mai Khê").click()
    await page.get_by_role("searchbox").press_sequentially("khai sihn")
    await page.locator("#goi-y").get_by_role("link", name="Đăng ký khai sinh", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Đăng ký khai sinh")


async def reckon_the_case(page: Page) -> None:
    """The checklist shows the papers of this case and no others."""
    needed = page.locator("#outcome .paper-list").first
    case = page.locator("#checklist")
    await fill(case, {"case.kind": "witness"})
    await expect(needed).to_contain_text("Văn bản của người làm chứng")
    await fill(case, {"case.kind": "normal", "submitter.capacity": "mother", "copies.count": "2"})
    await expect(needed).to_contain_text("Giấy chứng sinh")
    await expect(needed).not_to_contain_text("Văn bản của người làm chứng")
    await expect(page.locator("#figures")).to_contain_text("16.000 đ")
    await expect(page.locator("#outcome")).to_contain_text("nộp bây giờ thì có")


async def register(page: Page) -> None:
    """Become somebody on the way, and go on where the way led."""
    await page.get_by_role("button", name="Bắt đầu nộp").click()
    await page.get_by_role("button", name="Đăng ký").click()
    await page.get_by_label("Họ và tên").fill("Phan Thị Ngọc")
    await page.get_by_label("Số điện thoại").fill("0934 567 890")
    await page.get_by_label("Số căn cước").fill("038 199 001 234")
    await page.get_by_label("Mật khẩu", exact=True).fill("mưa xuân về sớm")
    await page.get_by_role("button", name="Mở tài khoản").click()
    await page.get_by_role("button", name="Đi tiếp").click()
    await page.wait_for_url("**/buoc/1")


async def hand_in_photographs(page: Page, folder: Path) -> None:
    """Two pictures, each with its progress; the office has them, and draws their first pages."""
    await expect(page.get_by_role("heading", level=1)).to_have_text("Chụp giấy tờ")
    held = []
    await page.route("**/tep/birth_certificate", lambda route: held.append(route))
    chosen = [photograph(folder, f"{n}.jpg", f"GIẤY CHỨNG SINH, trang {n}") for n in (1, 2)]
    await page.locator("#pick-birth_certificate").set_input_files(chosen)
    await expect(page.locator(".picker-going .tile-ring").first).to_contain_text("%")
    await page.unroute("**/tep/birth_certificate")
    for route in held:
        await route.continue_()
    await expect(page.locator("#files-birth_certificate img")).to_have_count(2)
    await expect(page.locator(".picker-going .tile-ring")).to_have_count(0)
    await expect(page.locator("#given-birth_certificate")).to_have_text("Xã đã nhận")


async def review_and_file(page: Page) -> str:
    """Read everything again, pledge, file; return the code."""
    await page.get_by_role("button", name="Tiếp tục").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Xem lại rồi nộp")
    await expect(page.locator("main")).to_contain_text("Lê Gia Bảo")
    await expect(page.locator("main")).to_contain_text("16.000 đ")
    await page.get_by_role("button", name="Nộp hồ sơ").click()
    mistakes = page.locator(".summary a")
    await expect(mistakes.first).to_be_visible()
    assert [await one.get_attribute("href") for one in await mistakes.all()] == [
        "#f-declaration-truth",
        "#f-declaration-data_consent",
    ]
    await page.get_by_label("Tôi cam đoan lời khai trên").check()
    await page.get_by_label("Tôi đồng ý để cơ quan tra cứu").check()
    await page.get_by_role("button", name="Nộp hồ sơ").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Đã nộp xong")
    await expect(page.get_by_role("img", name="Mã QR mở trang theo dõi hồ sơ")).to_be_visible()
    found = CODE.search(await page.locator(".receipt").inner_text())
    assert found is not None
    return found[0]


async def id_of(house: House, code: str) -> UUID:
    async with house.owner() as owner:
        return UUID(str(await owner.fetchval("select id from dossier where code = $1", code)))


class Desk:
    """An officer's screen on one dossier."""

    def __init__(self, device: Device, code: str) -> None:
        self.device, self.page, self.code = device, device.page, code

    async def open(self) -> Page:
        """Open the dossier and hear what happens to it."""
        async with self.page.expect_response("**/luong*"):
            await self.device.go(f"/can-bo/ho-so/{self.code}")
        return self.page

    async def press(self, label: str) -> None:
        """Press the button of the likeliest act."""
        await self.page.locator("#viec").get_by_role("button", name=label).first.click()
        await expect(self.page.locator("#status")).to_contain_text("Đã làm")

    async def press_among_others(self, label: str) -> None:
        """Press one of the acts behind "Việc khác"."""
        await self.page.locator("#viec summary").filter(has_text="Việc khác").click()
        await self.press(label)


# Who presses what, and what the citizen reads then.
UNTIL_THE_CUT = [
    (Role.RECEPTIONIST, "Tiếp nhận", "Đã tiếp nhận, giấy tờ đủ"),
    (Role.PROCESSOR, "Nhận giải quyết", "Bắt đầu giải quyết"),
    (Role.PROCESSOR, "Nộp trực tuyến: gửi bản nháp cho người nộp kiểm tra", "Xong bước: Thẩm tra"),
]
AFTER_THE_CUT = [
    (Role.PROCESSOR, "Chuyển bước", "Xong bước: Lấy số định danh"),
    (Role.LEADER, "Ký", "Xong bước: Lãnh đạo Ủy ban nhân dân ký"),
]
AT_THE_END = [
    (Role.CLERK, "Chuyển bước", "Đã có kết quả"),
    (Role.RECEPTIONIST, "Đã trả", "Đã trả kết quả"),
]
BLOCK = re.compile(r"GET /ho-so/H71\.[\d.-]+\?da-xem=\d+")


async def step(house: House, desk: Desk, label: str, phone: Page, told: str, dossier: UUID) -> None:
    """One officer makes one move; the citizen's open page says so within a second."""
    await desk.open()
    async with seen_on(phone, told, house, dossier) as sight:
        await desk.press(label)
    assert sight.delay <= AT_ONCE, f"{told}: {sight.delay:.2f} s"


async def expect_preview(page: Page) -> None:
    """The first page of the papers is shown large, as a picture that has loaded."""
    picture = page.locator(".sheet-page img")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 300
    await page.locator(".sheet-tile").nth(1).click()
    await expect(page.locator(".sheet-tile").nth(1)).to_have_attribute("aria-current", "true")


async def attach_result(desk: Desk, folder: Path) -> None:
    """The clerk attaches the signed paper."""
    page = await desk.open()
    await page.locator("#viec summary").filter(has_text="Gắn kết quả").click()
    form = page.locator("#viec form").filter(has=page.get_by_label("Tệp kết quả"))
    await form.get_by_label("Tệp kết quả").set_input_files(photograph(folder, "result.jpg", "GIẤY KHAI SINH"))
    await form.get_by_label("Số", exact=False).last.fill("128/2026")
    await form.get_by_role("button", name="Gắn kết quả").click()
    await expect(page.locator("#status")).to_contain_text("Đã làm")


async def who_did_what(house: House, dossier: UUID) -> None:
    """The history names each actor, in order, and holds as a chain."""
    async with house.inside():
        checked = await verify_all()
    assert checked.faults == []
    async with house.owner() as owner:
        rows = await owner.fetch(
            "select h.act, coalesce(o.full_name, a.full_name) as who from history_entry h"
            " left join officer o on o.id = h.actor left join account a on a.id = h.actor"
            " where h.subject = $1 order by h.number",
            dossier,
        )
    assert [(row["act"], row["who"]) for row in rows] == [
        ("submit", "Phan Thị Ngọc"),
        ("receive", "Lê Thị Mai"),
        ("take_up", "Đỗ Minh Phúc"),
        ("advance", "Đỗ Minh Phúc"),
        ("advance", "Đỗ Minh Phúc"),
        ("advance", "Đỗ Minh Phúc"),
        ("advance", "Nguyễn Thị Yến"),
        ("attach_result", "Phạm Thu Giang"),
        ("advance", "Phạm Thu Giang"),
        ("deliver", "Lê Thị Mai"),
    ]


async def the_code_on_the_slip_opens_tracking(house: House, device: MakeDevice, dossier: UUID) -> None:
    """What the receipt's QR code holds opens the state without signing in; another device, nobody signed in."""
    async with house.inside():
        row = await Dossier.objects().get(Dossier.id == dossier)
        assert row is not None
        address = tracking(unseal(row.tracking_token or ""), None).url
    stranger = await device(PHONE, server=1)
    await stranger.go(address.removeprefix(house.sites[0]))
    await expect(stranger.page.locator("main")).to_contain_text("Đăng ký khai sinh")
    await expect(stranger.page.locator("main")).not_to_contain_text("Phan Thị Ngọc")


async def heard(house: House) -> int:
    """How many server processes listen to the database."""
    return int(await house.superuser("select count(*) from pg_stat_activity where application_name = 'motcua-live'"))


async def test_a_birth_is_filed_settled_and_both_sides_see_every_step(
    house: House, device: MakeDevice, tmp_path: Path
) -> None:
    phone = await device(PHONE, server=0)
    desks = {role: await device(DESK, server=1, person=person) for role, person in house.cast.officers.items()}
    mai = desks[Role.RECEPTIONIST]
    async with mai.page.expect_response("**/luong*"):
        await mai.go("/can-bo/viec?xem=cho-tiep-nhan")
    await mai.page.evaluate("window.stayed = true")

    page = phone.page
    await find_procedure(phone)
    await reckon_the_case(page)
    await register(page)
    await fill_form(page, {name: text for name, text in BIRTH.items() if name not in KNOWN})
    await hand_in_photographs(page, tmp_path)
    code = await review_and_file(page)
    dossier = await id_of(house, code)

    # The officer's list, open all the while, has it.
    await expect(mai.page.locator(f"#viec-{dossier}")).to_contain_text("Phan Thị Ngọc")
    assert await mai.page.evaluate("window.stayed")

    async with page.expect_response("**/luong*"):
        await page.get_by_role("link", name="Theo dõi hồ sơ").click()
    await expect(page.locator("[data-live]")).to_have_text("Trực tiếp")
    await page.evaluate("window.stayed = true")
    before = len(phone.asked)

    screens = {role: Desk(desk, code) for role, desk in desks.items()}
    await screens[Role.RECEPTIONIST].open()
    await expect_preview(mai.page)
    for role, label, told in UNTIL_THE_CUT:
        await step(house, screens[role], label, page, told, dossier)

    # The listening connections are cut: a step made at once is not lost, and once healed steps are as quick as before.
    cut = await house.superuser(
        "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'motcua-live'"
    )
    assert cut == len(house.sites)
    await screens[Role.PROCESSOR].press("Đồng ý hoặc quá một ngày không trả lời")
    await expect(page.locator("main")).to_contain_text("Xong bước: Người nộp xem bản nháp")
    while await heard(house) < len(house.sites):
        pass
    for role, label, told in AFTER_THE_CUT:
        await step(house, screens[role], label, page, told, dossier)
    await attach_result(screens[Role.CLERK], tmp_path)
    for role, label, told in AT_THE_END:
        await step(house, screens[role], label, page, told, dossier)

    await expect(page.get_by_role("link", name="Tải kết quả")).to_be_visible()
    assert await page.evaluate("window.stayed")
    assert all(BLOCK.fullmatch(one) or one.startswith("GET /luong") for one in phone.asked[before:]), phone.asked[
        before:
    ]
    moves = 2 + len(UNTIL_THE_CUT) + len(AFTER_THE_CUT) + len(AT_THE_END)  # and the one under the cut, and the result
    assert sum(bool(BLOCK.fullmatch(one)) for one in phone.asked[before:]) <= moves
    await who_did_what(house, dossier)
    await the_code_on_the_slip_opens_tracking(house, device, dossier)
