"""The pages of the working calendar, through the application, without scripts."""

from collections.abc import AsyncIterator
from html import unescape

import httpx
import pytest

from backend.agencies.calendar_days import hours_set, own_days
from backend.agencies.calendars import import_calendar
from backend.agencies.tables import CalendarDay, Role
from tests import browser
from tests.cast import Cast

pytestmark = pytest.mark.anyio

HOME = "/can-bo/lich"
FRIDAY = {"first_day": "4", "first_month": "12", "first_year": "2026", "reason": "Hội làng"}


@pytest.fixture
async def desk(client: httpx.AsyncClient, cast: Cast) -> AsyncIterator[httpx.AsyncClient]:
    """The administrator of Mai Khê at their desk; own days are taken away afterwards, since the table is kept."""
    browser.sign_in(client, cast.officer(Role.ADMINISTRATOR))
    yield client
    await CalendarDay.delete().where(CalendarDay.agency.is_not_null())


async def test_the_year_shows_national_days_hours_and_the_cut_off(desk: httpx.AsyncClient) -> None:
    await import_calendar()
    page = unescape((await desk.get(f"{HOME}?nam=2026")).text)
    assert "Ngày Văn hóa Việt Nam" in page and "Nghị quyết 28/2026/QH16" in page
    assert "7:30–11:30, 13:30–17:00" in page
    assert "Sau 15:00 tính từ ngày làm việc kế tiếp" in page
    assert "Ngày hẹn trả đã ghi trên giấy hẹn không đổi" in page
    assert "Chưa có ngày nghỉ lễ" not in page


async def test_a_year_without_holidays_says_so_loudly_and_what_to_do(desk: httpx.AsyncClient) -> None:
    page = unescape((await desk.get(f"{HOME}?nam=2031")).text)
    assert "Chưa có ngày nghỉ lễ năm 2031" in page
    assert "Hạn trả rơi vào năm 2031 đang tính mà không trừ ngày lễ nào" in page
    assert "motcua import-calendar" in page and "Thêm ngày nghỉ" in page


async def test_an_estimated_year_is_called_estimated(desk: httpx.AsyncClient) -> None:
    await import_calendar()
    assert "Lịch nghỉ năm 2027 còn là dự kiến" in (await desk.get(f"{HOME}?nam=2027")).text


async def test_only_administrators_have_the_calendar_in_their_navigation(desk: httpx.AsyncClient, cast: Cast) -> None:
    assert f'href="{HOME}"' in (await desk.get("/can-bo/toi")).text
    browser.sign_in(desk, cast.officer(Role.LEADER))
    assert f'href="{HOME}"' not in (await desk.get("/can-bo/toi")).text


async def test_a_closed_day_goes_into_the_year_and_out_again_and_stays_in_sight(
    desk: httpx.AsyncClient, cast: Cast
) -> None:
    done = await browser.post(desk, f"{HOME}/ngay-nghi", FRIDAY)
    assert (done.status_code, done.headers["location"]) == (303, f"{HOME}?nam=2026&xong=nghi")
    page = unescape((await desk.get(done.headers["location"])).text)
    assert "Đã thêm ngày nghỉ." in page and "Hội làng" in page and "Hoàng Anh Tuấn nhập lúc" in page
    (own,) = await own_days(cast.commune)
    path = f"{HOME}/ngay/{own.id}/rut"
    assert path in page
    assert (await browser.post(desk, path)).status_code == 303
    again = await browser.post(desk, path)
    assert again.status_code == 409 and "Hoàng Anh Tuấn đã rút trước rồi." in unescape(again.text)
    page = unescape((await desk.get(HOME)).text)
    assert path not in page and "Hội làng" in page and "Hoàng Anh Tuấn rút lúc" in page


async def test_all_mistakes_of_a_closure_are_shown_at_once_and_what_was_typed_is_kept(desk: httpx.AsyncClient) -> None:
    typed = {"first_day": "30", "first_month": "2", "first_year": "2027", "last_day": "4", "reason": " "}
    answer = await browser.post(desk, f"{HOME}/ngay-nghi", typed)
    page = unescape(answer.text)
    assert answer.status_code == 422
    for link in ("#f-first", "#f-last", "#f-reason"):
        assert f'href="{link}"' in page
    assert "30/2/2027 không có trong lịch." in page and "Ghi đủ ngày, tháng, năm." in page
    assert 'name="first_day" value="30"' in page


async def test_a_make_up_day_is_chosen_for_a_closed_day(desk: httpx.AsyncClient, cast: Cast) -> None:
    assert "Chưa có ngày nghỉ nào để làm bù" in (await desk.get(f"{HOME}/lam-bu")).text
    await browser.post(desk, f"{HOME}/ngay-nghi", FRIDAY)
    assert 'value="2026-12-04"' in (await desk.get(f"{HOME}/lam-bu")).text
    saturday = FRIDAY | {"first_day": "5", "reason": "Bù hội làng"}
    refused = await browser.post(desk, f"{HOME}/lam-bu", saturday)
    assert refused.status_code == 422 and "Chưa chọn ngày nghỉ được làm bù." in unescape(refused.text)
    assert 'value="Bù hội làng"' in unescape(refused.text)
    done = await browser.post(desk, f"{HOME}/lam-bu", saturday | {"swaps_for": "2026-12-04"})
    assert done.status_code == 303
    assert "cho 04/12/2026" in unescape((await desk.get(HOME)).text)


async def test_hours_are_set_with_saturday_mornings_and_an_afternoon_off(desk: httpx.AsyncClient, cast: Cast) -> None:
    form = await desk.get(f"{HOME}/gio")
    assert 'name="h1_am_from" value="7:30"' in form.text
    typed = {f"h{day}_{half}": text for day in range(1, 6) for half, text in (("am_from", "7"), ("am_to", "11h30"))}
    typed |= {"h1_pm_from": "13:30", "h1_pm_to": "17:00", "h6_am_from": "8:00", "h6_am_to": "11:00"}
    done = await browser.post(desk, f"{HOME}/gio", FRIDAY | typed)
    assert (done.status_code, done.headers["location"]) == (303, f"{HOME}?xong=gio")
    page = unescape((await desk.get(HOME)).text)
    assert "Từ 04/12/2026" in page and "7:00–11:30, 13:30–17:00" in page
    assert "8:00–11:00" in page and "Chỉ tiếp người nộp, không tính vào hạn trả." in page
    (one,) = await hours_set(cast.commune)
    assert (await browser.post(desk, f"{HOME}/gio/{one.id}/rut")).status_code == 303
    assert await hours_set(cast.commune) == []


@pytest.mark.parametrize(
    ("typed", "link", "sentence"),
    [
        ({"h1_am_from": "7:30"}, "#f-h1_am", "Ghi cả giờ bắt đầu và giờ hết"),
        ({"h1_am_from": "11:30", "h1_am_to": "7:30"}, "#f-h1_am", "Giờ hết phải sau giờ bắt đầu."),
        ({"h1_am_from": "25:00", "h1_am_to": "26:00"}, "#f-h1_am", "25:00 không phải giờ."),
        (
            {"h1_am_from": "7:00", "h1_am_to": "12:00", "h1_pm_from": "11:00", "h1_pm_to": "17:00"},
            "#f-h1_pm",
            "Buổi chiều bắt đầu trước khi buổi sáng hết.",
        ),
        ({"h6_am_from": "7:00", "h6_am_to": "12:00"}, "#f-hours", "Phải có ít nhất một buổi làm việc"),
    ],
)
async def test_hours_that_cannot_be_are_refused_in_a_sentence_and_kept(
    desk: httpx.AsyncClient, cast: Cast, typed: dict[str, str], link: str, sentence: str
) -> None:
    answer = await browser.post(desk, f"{HOME}/gio", FRIDAY | typed)
    page = unescape(answer.text)
    assert answer.status_code == 422 and f'href="{link}"' in page and sentence in page
    name, text = next(iter(typed.items()))
    assert f'name="{name}" value="{text}"' in page
    assert await hours_set(cast.commune) == []


async def test_the_pages_speak_english_too(desk: httpx.AsyncClient) -> None:
    await import_calendar()
    desk.cookies.set("language", "en", domain="localhost.local")
    page = (await desk.get(HOME, headers={"Accept-Language": "en"})).text
    assert "Working calendar" in page and "Add a closed day" in page
