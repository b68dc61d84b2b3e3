"""The result of a dossier: made by whoever has the step, replaced only as it was seen, and never once it was issued."""

import asyncio
from typing import Any

import httpx
import pytest

from backend.agencies.tables import Role
from backend.dossiers import lifecycle
from backend.dossiers.queries import result_of
from backend.dossiers.tables import Dossier, State
from backend.history.record import entries
from backend.kit.database import fetch_value
from backend.kit.errors import Refused
from tests.browser import post, sign_in
from tests.cast import Cast
from tests.dossiers import stories

pytestmark = pytest.mark.anyio
HTML = {"Accept": "text/html"}


async def attach(cast: Cast, dossier: Dossier, role: Role, number: str, instead_of: Any = None) -> None:
    """Attach a result of this number."""
    officer, steps = await stories.officer(cast, role), await stories.steps_of(dossier)
    await lifecycle.attach_result(dossier, officer, steps, number=number, summary="Trích lục", instead_of=instead_of)


async def number_of(dossier: Dossier) -> str:
    """The number of the result that stands."""
    found = await result_of(dossier.id)
    assert found is not None
    return found.number


async def test_of_two_results_at_once_one_stands_and_the_other_officer_reads_who(cast: Cast) -> None:
    await stories.publish(cast, stories.BIRTH)
    dossier = await stories.received(cast)
    tries = await asyncio.gather(
        *(attach(cast, dossier, Role.PROCESSOR, number) for number in ("1/GKS", "2/GKS")), return_exceptions=True
    )
    (lost,) = [one for one in tries if one is not None]
    assert isinstance(lost, Refused) and "đã gắn kết quả của hồ sơ này lúc" in lost.sentence
    assert await fetch_value("select count(*) from dossier_result where replaced_at is null") == 1
    assert [one.act for one in await entries(dossier.id)].count("attach_result") == 1


async def test_a_result_is_replaced_only_by_who_saw_it(cast: Cast) -> None:
    await stories.publish(cast, stories.BIRTH)
    dossier = await stories.received(cast)
    await attach(cast, dossier, Role.PROCESSOR, "1/GKS")
    with pytest.raises(Refused, match="đã gắn kết quả"):
        await attach(cast, dossier, Role.PROCESSOR, "2/GKS")
    seen = await result_of(dossier.id)
    assert seen is not None
    await attach(cast, dossier, Role.PROCESSOR, "3/GKS", seen.id)
    assert await number_of(dossier) == "3/GKS"


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.PROCESSOR}))
async def test_a_result_is_made_by_whoever_has_the_step(cast: Cast, role: Role) -> None:
    await stories.publish(cast, stories.BIRTH)
    dossier = await stories.received(cast)  # it waits for the processor
    with pytest.raises(Refused):
        await attach(cast, dossier, role, "1/GKS")
    assert await result_of(dossier.id) is None


@pytest.mark.parametrize("role", sorted(Role))
async def test_nobody_replaces_what_was_issued(cast: Cast, client: httpx.AsyncClient, role: Role) -> None:
    await stories.publish(cast, stories.BIRTH)
    dossier = await stories.walk_to(cast, await stories.received(cast), State.ISSUED)
    seen = await result_of(dossier.id)
    assert seen is not None
    with pytest.raises(Refused):
        await attach(cast, dossier, role, "99/GIA", seen.id)
    sign_in(client, cast.officer(role))
    posted = {"number": "99/GIA", "summary": "Giả", "instead_of": str(seen.id)}
    answer = await post(client, f"/can-bo/ho-so/{dossier.code}/ket-qua", posted, headers=HTML)
    assert answer.status_code in (404, 409)
    assert await number_of(dossier) == "12/TLKS"


async def test_the_page_carries_the_result_that_it_shows(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, stories.BIRTH)
    dossier = await stories.received(cast)
    sign_in(client, cast.officer(Role.PROCESSOR))
    address = f"/can-bo/ho-so/{dossier.code}"
    first = await post(client, f"{address}/ket-qua", {"number": "1/GKS"}, headers=HTML)
    assert first.status_code == 303
    stale = await post(client, f"{address}/ket-qua", {"number": "2/GKS"}, headers=HTML)
    assert stale.status_code == 409 and "2/GKS" in stale.text, "what was typed is kept"
    seen = await result_of(dossier.id)
    assert seen is not None
    assert f'name="instead_of" value="{seen.id}"' in (await client.get(address, headers=HTML)).text
    again = await post(client, f"{address}/ket-qua", {"number": "3/GKS", "instead_of": str(seen.id)}, headers=HTML)
    assert again.status_code == 303
    assert await number_of(dossier) == "3/GKS"
