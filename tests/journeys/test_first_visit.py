"""What the first visit of home costs on the wire: a cold profile, every request, counted between browser and server."""

from pathlib import Path

import pytest
from playwright.async_api import Playwright, expect

from tests.journeys.conftest import CHROME, FLAGS, PHONE
from tests.journeys.house import House
from tests.journeys.line import line_to

pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("house")]

WITHOUT_FONTS_KIB, WITH_FONTS_KIB = 35, 90


async def test_the_first_visit_of_home_stays_within_its_weight(
    house: House, engine: Playwright, tmp_path: Path
) -> None:
    async with line_to(house.listeners[0].getsockname()[1]) as line:
        context = await engine.chromium.launch_persistent_context(
            tmp_path / "cold", executable_path=CHROME, args=FLAGS, viewport=PHONE, locale="vi-VN"
        )
        page = context.pages[0]
        await page.goto(f"http://localhost:{line.port}/", wait_until="networkidle")
        await expect(page.get_by_role("searchbox")).to_be_visible()
        workers = await page.evaluate("navigator.serviceWorker.getRegistrations().then(found => found.length)")
        await context.close()
    fonts = line.weight("/a/fonts/")
    bill = f"{line.weight():.1f} KiB, {fonts:.1f} of it fonts, {workers} service workers:\n{line.bill()}"
    print(bill)
    assert fonts > 0, bill
    assert line.weight() <= WITH_FONTS_KIB, bill
    assert line.weight() - fonts <= WITHOUT_FONTS_KIB, bill
