"""What every request passes first stumbles over nothing a browser may bring along."""

import httpx
import pytest

from tests import browser
from tests.cast import Cast

pytestmark = pytest.mark.anyio
PAGE = {"Accept": "text/html"}


@pytest.mark.parametrize("cookie", ["a@b=1", "a{b}=1; x", '"x"=1', "expires=1", "session=%00", "xa=%00; a/b="])
async def test_cookies_of_other_sites_of_the_domain_change_nothing(
    client: httpx.AsyncClient, cast: Cast, cookie: str
) -> None:
    answer = await client.get("/dang-nhap", headers={**PAGE, "Cookie": f"{cookie}; language=en"})
    assert answer.status_code == 200 and '<html lang="en"' in answer.text


@pytest.mark.parametrize("path", ["/thu-tuc/%00", "/thu-tuc/a%00b-1.001193", "/ho-so/%00", "/tra-cuu/%00", "/tep/%00"])
async def test_an_address_the_database_cannot_even_read_is_not_there(
    client: httpx.AsyncClient, cast: Cast, path: str
) -> None:
    browser.sign_in(client, cast.ha)
    assert (await client.get(path, headers=PAGE)).status_code == 404


async def test_the_host_a_browser_names_stands_in_no_answer(client: httpx.AsyncClient, cast: Cast) -> None:
    for path in ("/", "/dang-nhap", "/ho-so", "/thu-tuc/1.001193", "/api/v1/procedures?q=a"):
        answer = await client.get(path, headers={**PAGE, "Host": "evil.example", "X-Forwarded-Host": "evil.example"})
        assert "evil.example" not in answer.text + str(answer.headers)
