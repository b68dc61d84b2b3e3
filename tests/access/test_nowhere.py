"""Addresses that are none: their page knows who asks and where, as every other page does."""

import httpx
import pytest

from tests import browser
from tests.cast import Cast

pytestmark = pytest.mark.anyio

NOWHERE = ["/khong-co", "/toi/khong-co", "/can-bo/khong-co", "/ho-so/khong-co/khong-co"]


@pytest.mark.parametrize("path", NOWHERE)
async def test_an_address_that_is_none_shows_the_frame_of_the_person_asking(
    client: httpx.AsyncClient, cast: Cast, path: str
) -> None:
    stranger = await client.get(path)
    assert stranger.status_code == 404
    assert 'href="/dang-nhap' in stranger.text
    browser.sign_in(client, cast.ha)
    answer = await client.get(path)
    assert answer.status_code == 404
    assert 'href="/dang-nhap' not in answer.text
    assert "Xã Mai Khê" in answer.text or "Xã Đồng Sen" in answer.text
    assert answer.headers["cache-control"] == "private, no-store"


async def test_the_page_of_an_address_that_is_none_can_still_send_its_forms(
    client: httpx.AsyncClient, cast: Cast
) -> None:
    await client.get("/dang-nhap")
    page = await client.get("/khong-co")
    assert f'value="{client.cookies["csrf"]}"' in page.text


async def test_a_method_an_address_does_not_know_is_not_found(client: httpx.AsyncClient, cast: Cast) -> None:
    browser.sign_in(client, cast.ha)
    assert (await browser.post(client, "/toi/thiet-bi")).status_code == 404
