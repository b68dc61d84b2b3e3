"""What an officer looks for is found among the dossiers of the agency, and stands neither in an address nor in a log."""

import re
from datetime import timedelta
from urllib.parse import unquote

import httpx
import pytest

from backend.agencies.tables import Role
from backend.dossiers.tables import Dossier
from backend.dossiers.terms import kept_answers
from backend.dossiers.work_search import LASTS, reference_to, sought_by
from backend.kit import clock
from backend.kit.database import execute, fetch_value
from tests.browser import post, sign_in
from tests.cast import Cast
from tests.dossiers import stories

pytestmark = pytest.mark.anyio
HTML = {"Accept": "text/html"}


@pytest.fixture
async def filed(cast: Cast) -> Dossier:
    """One dossier of somebody with a name, a phone and a personal number; one of somebody else."""
    await stories.publish(cast, stories.DEFAULT)
    await stories.submitted(cast, stories.DEFAULT, seed=2)
    return await stories.submitted(cast, stories.DEFAULT, seed=1)


async def said(dossier: Dossier, key: str) -> str:
    """What the first section answers."""
    found = kept_answers(await stories.row(dossier.id))["submitter"][key]
    assert isinstance(found, str)
    return found


async def sought(client: httpx.AsyncClient, text: str) -> tuple[str, list[str]]:
    """Look for something as the form does; return the address it leads to and the dossiers found there."""
    answer = await post(client, "/can-bo/viec/tim", {"q": text}, headers=HTML)
    assert answer.status_code == 303
    address = answer.headers["Location"]
    page = (await client.get(address, headers=HTML)).text
    return address, re.findall(r'class="work-matter"><a href="/can-bo/ho-so/([^"]+)"', page)


async def test_a_personal_number_finds_its_dossiers_however_it_is_typed(
    cast: Cast, filed: Dossier, client: httpx.AsyncClient
) -> None:
    number = await said(filed, "id_number")
    sign_in(client, cast.officer(Role.PROCESSOR))
    for typed in (number, " ".join(number[at : at + 3] for at in range(0, 12, 3)), f" {number}\u00a0"):
        assert (await sought(client, typed))[1] == [filed.code]
    other = str(int(number) + 1).zfill(12)
    assert (await sought(client, other))[1] == []


async def test_the_number_stands_in_no_address_no_page_and_no_log(
    cast: Cast, filed: Dossier, client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    number = await said(filed, "id_number")
    officer = await stories.officer(cast, Role.PROCESSOR)
    sign_in(client, cast.officer(Role.PROCESSOR))
    address, _found = await sought(client, number)
    assert number not in address
    assert number not in (await client.get(address, headers=HTML)).text
    kept = sought_by(officer, unquote(address.partition("tim=")[2]))
    assert kept is not None
    assert kept.text == ""
    assert number.encode() not in kept.number
    assert number not in caplog.text
    held = await fetch_value("select owner_number from dossier where id = $1", filed.id)
    assert held == kept.number
    assert len(held) == 32


async def test_name_phone_and_code_go_through_the_same_door(
    cast: Cast, filed: Dossier, client: httpx.AsyncClient
) -> None:
    sign_in(client, cast.officer(Role.CLERK))
    name, phone = await said(filed, "full_name"), await said(filed, "phone")
    for text in (name, phone, str(filed.code), str(filed.code).partition("-")[2]):
        address, found = await sought(client, text)
        assert filed.code in found, text
        assert text.replace(" ", "+") not in address
    page = (await client.get(address, headers=HTML)).text
    assert f'value="{text}"' in page, "what was typed stands in the box again"


async def test_another_agency_finds_nothing_and_cannot_use_the_address(
    cast: Cast, filed: Dossier, client: httpx.AsyncClient
) -> None:
    number = await said(filed, "id_number")
    sign_in(client, cast.officer(Role.PROCESSOR))
    address, found = await sought(client, number)
    assert found
    assert cast.stranger_officer
    sign_in(client, cast.stranger_officer)
    assert (await sought(client, number))[1] == []
    assert str(filed.code) not in (await client.get(address, headers=HTML)).text


@pytest.mark.parametrize("role", [Role.CASHIER, Role.ADMINISTRATOR])
async def test_who_reads_no_dossiers_searches_none(
    cast: Cast, filed: Dossier, client: httpx.AsyncClient, role: Role
) -> None:
    sign_in(client, cast.officer(role))
    assert (await post(client, "/can-bo/viec/tim", {"q": "a"}, headers=HTML)).status_code == 404


async def test_a_draft_is_nobodys_to_find(cast: Cast, filed: Dossier, client: httpx.AsyncClient) -> None:
    number = await said(filed, "id_number")
    await execute("update dossier set state = 'draft', code = null where id = $1", filed.id)
    sign_in(client, cast.officer(Role.PROCESSOR))
    assert (await sought(client, number))[1] == []


async def test_an_old_an_altered_and_a_foreign_reference_name_nothing(cast: Cast, filed: Dossier) -> None:
    officer, other = [await stories.officer(cast, role) for role in (Role.PROCESSOR, Role.CLERK)]
    reference = reference_to(officer, "Trần Thị Thu Hà")
    assert sought_by(officer, reference)
    assert sought_by(other, reference) is None
    assert sought_by(officer, reference[:-4] + "AAAA") is None
    assert sought_by(officer, "1") is None
    with clock.use(clock.Frozen(clock.now() + LASTS + timedelta(seconds=1))):
        assert sought_by(officer, reference) is None


async def test_nothing_typed_leads_back_to_the_list(cast: Cast, filed: Dossier, client: httpx.AsyncClient) -> None:
    sign_in(client, cast.officer(Role.PROCESSOR))
    assert (await post(client, "/can-bo/viec/tim", {"q": "  "}, headers=HTML)).headers["Location"] == "/can-bo/viec"
