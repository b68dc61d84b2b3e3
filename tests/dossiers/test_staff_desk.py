"""The officer's page of one dossier, and every move through its route."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from backend.agencies.tables import Role
from backend.dossiers import desk_routes, moves
from backend.dossiers.tables import Dossier, State
from tests.browser import post, sign_in, sign_out
from tests.cast import Cast, Person
from tests.dossiers import stories

pytestmark = pytest.mark.anyio
HTML = {"Accept": "text/html"}
HTMX = HTML | {"HX-Request": "true", "HX-Request-Type": "partial"}


def address(dossier: Dossier, move: moves.Move | None = None) -> str:
    """The page of a dossier, or the address of a move on it."""
    return f"/can-bo/ho-so/{dossier.code}" + (f"/{move.slug}" if move else "")


async def test_an_officer_reads_what_was_filed_and_what_to_do_next(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, stories.BIRTH)
    dossier = await stories.submitted(cast)
    sign_in(client, cast.officer(Role.RECEPTIONIST))
    answer = await client.get(address(dossier), headers=HTML)
    assert answer.status_code == 200, answer.text
    assert "Trần Thị Thu Hà" in answer.text or dossier.owner_name in answer.text
    assert "Tiếp nhận" in answer.text


async def test_the_list_shows_it(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, stories.BIRTH)
    dossier = await stories.submitted(cast)
    sign_in(client, cast.officer(Role.RECEPTIONIST))
    answer = await client.get("/can-bo/viec", headers=HTML)
    assert answer.status_code == 200, answer.text
    assert f"/can-bo/ho-so/{dossier.code}" in answer.text
