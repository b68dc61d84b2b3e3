"""A post whose session has ended waits, sealed, until its person signs in again."""

import re
from datetime import timedelta
from html import unescape

import httpx
import pytest

from backend.accounts.sessions import revoke_all
from backend.accounts.waiting import Waiting, opened
from backend.kit.clock import Frozen
from backend.kit.seal import seal
from tests import browser
from tests.accounts.test_pages import hidden
from tests.cast import PASSWORD, Cast, Person

pytestmark = pytest.mark.anyio

TYPED = {"full_name": "Trần <b>Thu</b> Hà", "phone": "0977123456", "email": "", "personal_id": "038198006417"}


async def too_late(client: httpx.AsyncClient, person: Person, path: str = "/toi/thong-tin") -> httpx.Response:
    """Send a form after the session has ended."""
    browser.sign_in(client, person)
    await revoke_all(person.account)
    return await browser.post(client, path, TYPED)


async def enter(client: httpx.AsyncClient, person: Person, waiting: str) -> httpx.Response:
    return await browser.post(
        client, "/dang-nhap", {"identifier": person.phone, "password": PASSWORD, "waiting": waiting}
    )


def held_fields(html: str) -> dict[str, str]:
    return {
        name: unescape(text)
        for name, text in re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', html, re.S)
    }


async def test_nothing_typed_is_lost_when_the_session_ends(client: httpx.AsyncClient, cast: Cast) -> None:
    asked = await too_late(client, cast.ha)
    assert asked.status_code == 401
    assert "Bài vừa gửi vẫn còn" in asked.text
    waiting = hidden(asked.text, "waiting")
    assert "Trần" not in waiting and cast.ha.personal_id not in waiting
    page = await enter(client, cast.ha, waiting)
    assert page.status_code == 200 and "Bài viết vẫn còn" in page.text
    assert 'action="/toi/thong-tin"' in page.text
    assert held_fields(page.text) == TYPED
    sent = await browser.post(client, "/toi/thong-tin", held_fields(page.text) | {"full_name": "Trần Thu Hà"})
    assert sent.status_code == 303


async def test_what_waits_is_shown_to_its_own_person_only(client: httpx.AsyncClient, cast: Cast) -> None:
    waiting = hidden((await too_late(client, cast.ha)).text, "waiting")
    page = await enter(client, cast.toan, waiting)
    assert "Bài viết của tài khoản khác" in page.text
    assert "0977123456" not in page.text and '/toi/thong-tin"' not in page.text.split("<main")[1]


async def test_somebody_who_signed_in_in_another_tab_goes_on_from_there(client: httpx.AsyncClient, cast: Cast) -> None:
    waiting = hidden((await too_late(client, cast.ha)).text, "waiting")
    again = await browser.post(client, "/tiep-tuc", {"waiting": waiting})
    assert again.status_code == 401 and hidden(again.text, "waiting") == waiting
    await browser.post(client, "/dang-nhap", {"identifier": cast.ha.phone, "password": PASSWORD})
    page = await browser.post(client, "/tiep-tuc", {"waiting": waiting})
    assert held_fields(page.text) == TYPED


async def test_a_wrong_password_loses_nothing(client: httpx.AsyncClient, cast: Cast) -> None:
    waiting = hidden((await too_late(client, cast.ha)).text, "waiting")
    refused = await browser.post(
        client, "/dang-nhap", {"identifier": cast.ha.phone, "password": "sai", "waiting": waiting}
    )
    assert hidden(refused.text, "waiting") == waiting


async def test_files_are_not_held_and_the_page_says_so(client: httpx.AsyncClient, cast: Cast) -> None:
    browser.sign_in(client, cast.ha)
    await revoke_all(cast.ha.account)
    files = {"anh": ("anh.jpg", b"\xff\xd8\xff", "image/jpeg")}
    asked = await browser.post(client, "/toi/thong-tin", TYPED, files=files)
    assert "phải chọn lại" in asked.text
    page = await enter(client, cast.ha, hidden(asked.text, "waiting"))
    assert 'enctype="multipart/form-data"' in page.text and "phải chọn lại" in page.text
    assert held_fields(page.text) == TYPED


async def test_more_than_can_be_held_is_told_before_anything_is_lost(client: httpx.AsyncClient, cast: Cast) -> None:
    browser.sign_in(client, cast.ha)
    await revoke_all(cast.ha.account)
    asked = await browser.post(client, "/toi/thong-tin", {"full_name": "a" * 1_000_000})
    assert asked.status_code == 401
    assert 'name="waiting"' not in asked.text and "chữ đã điền còn ở đó" in asked.text


async def test_a_forged_or_old_seal_opens_nothing(client: httpx.AsyncClient, cast: Cast, frozen: Frozen) -> None:
    waiting = hidden((await too_late(client, cast.ha)).text, "waiting")
    assert isinstance(opened(waiting), Waiting)
    assert opened(waiting[:-6] + "AAAAAA") is None
    assert opened(seal("{}", "another purpose")) is None
    assert opened("") is None
    frozen.advance(timedelta(hours=24, seconds=1))
    assert opened(waiting) is None
    entered = await enter(client, cast.ha, waiting)
    assert (entered.status_code, entered.headers["location"]) == (303, "/")


async def test_a_post_as_long_as_a_form_of_many_pages_waits_whole(client: httpx.AsyncClient, cast: Cast) -> None:
    browser.sign_in(client, cast.ha)
    await revoke_all(cast.ha.account)
    long = TYPED | {"full_name": "Hà " * 60_000}
    waiting = hidden((await browser.post(client, "/toi/thong-tin", long)).text, "waiting")
    assert len(waiting) > 100_000
    assert held_fields((await enter(client, cast.ha, waiting)).text)["full_name"] == long["full_name"]
