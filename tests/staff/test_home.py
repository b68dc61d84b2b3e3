"""The officers' front door leads each of them to their own work, and lets nobody else in."""

import httpx
import pytest

from backend.agencies.tables import Role
from tests.browser import sign_in
from tests.cast import Cast

pytestmark = pytest.mark.anyio
HTML = {"Accept": "text/html"}
HOMES = dict.fromkeys(Role, "/can-bo/viec") | {Role.ADMINISTRATOR: "/can-bo/thu-tuc", Role.CASHIER: "/can-bo/toi"}


@pytest.mark.parametrize("role", sorted(Role))
async def test_each_officer_is_led_to_a_page_that_is_there_for_them(
    cast: Cast, client: httpx.AsyncClient, role: Role
) -> None:
    sign_in(client, cast.officer(role))
    led = await client.get("/can-bo", headers=HTML)
    assert (led.status_code, led.headers["Location"]) == (303, HOMES[role])
    home = await client.get(led.headers["Location"], headers=HTML)
    assert home.status_code == 200
    assert ('href="/can-bo/viec"' in home.text) is (HOMES[role] == "/can-bo/viec"), "the rail names only what is there"


async def test_a_citizen_and_a_stranger_find_no_door(cast: Cast, client: httpx.AsyncClient) -> None:
    assert (await client.get("/can-bo", headers=HTML)).status_code == 401
    sign_in(client, cast.ha)
    assert (await client.get("/can-bo", headers=HTML)).status_code == 404
