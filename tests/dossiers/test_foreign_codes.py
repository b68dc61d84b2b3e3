"""Codes of other systems: all are kept, none is written over, and the page says whose word on the state holds."""

import asyncio

import asyncpg
import httpx
import pytest

from backend.agencies.tables import Role
from backend.dossiers import foreign, intake
from backend.dossiers.story import told_to_officers
from backend.dossiers.tables import StateOwner
from backend.history.chain import verify
from backend.history.record import entries
from backend.kit.database import execute, fetch_value
from backend.kit.errors import Invalid, Refused
from backend.procedures.offerings import switch
from backend.procedures.tables import Connection
from tests.browser import sign_in
from tests.cast import Cast
from tests.dossiers import stories
from tests.dossiers.stories import BIRTH

pytestmark = pytest.mark.anyio
HTML = {"Accept": "text/html"}
CODE = "G22.99.131-261125-010042"


async def test_a_code_is_noted_as_it_counts_with_who_and_when(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.submitted(cast)
    officer, steps = await stories.officer(cast, Role.RECEPTIONIST), await stories.steps_of(dossier)
    await foreign.add_code(dossier, officer, steps, "portal", " g22.99.131-261125-010042 ")
    (kept,) = await foreign.codes_of(dossier.id)
    assert (kept.system, kept.code, kept.name) == ("portal", CODE, "Cổng Dịch vụ công quốc gia")
    entry = (await entries(dossier.id))[0]
    assert (entry.act, entry.actor, entry.at) == ("foreign_code", officer.id, kept.since)
    assert entry.details["foreign_code"] == str(kept.id)
    assert await verify(dossier.id) == []


async def test_a_later_code_of_the_same_system_leaves_the_earlier_one_standing(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.submitted(cast)
    officer, steps = await stories.officer(cast, Role.RECEPTIONIST), await stories.steps_of(dossier)
    for system, code in (("portal", "FIRST-1"), ("ministry", "OTHER-1"), ("portal", "SECOND-2")):
        await foreign.add_code(dossier, officer, steps, system, code)
    assert [(one.system, one.code, one.earlier) for one in await foreign.codes_of(dossier.id)] == [
        ("portal", "SECOND-2", ("FIRST-1",)),
        ("ministry", "OTHER-1", ()),
    ]
    for sql in ("update dossier_foreign_code set code = 'X'", "delete from dossier_foreign_code"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await execute(sql)


async def test_one_code_of_a_system_belongs_to_one_dossier(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    one, other = [await stories.submitted(cast, seed=seed) for seed in (1, 2)]
    officer, steps = await stories.officer(cast, Role.RECEPTIONIST), await stories.steps_of(one)
    tries = await asyncio.gather(
        *(foreign.add_code(dossier, officer, steps, "portal", CODE) for dossier in (one, other)),
        return_exceptions=True,
    )
    (lost,) = [one for one in tries if isinstance(one, Invalid)]
    assert str((one if tries[0] is None else other).code) in lost.sentence
    assert await fetch_value("select count(*) from dossier_foreign_code") == 1
    loser = other if tries[0] is None else one
    assert [entry.act for entry in await entries(loser.id)] == ["submit"], "what was refused left a trace"
    await foreign.add_code(loser, officer, steps, "ministry", CODE)


@pytest.mark.parametrize(
    ("system", "code", "field"),
    [("portal", "", "code"), ("portal", "abc", "code"), ("portal", "mã số 12", "code"), ("nowhere", CODE, "system")],
)
async def test_what_is_no_code_is_refused_beside_its_field(cast: Cast, system: str, code: str, field: str) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.submitted(cast)
    officer, steps = await stories.officer(cast, Role.RECEPTIONIST), await stories.steps_of(dossier)
    with pytest.raises(Invalid) as caught:
        await foreign.add_code(dossier, officer, steps, system, code)
    assert set(caught.value.fields) == {field}


async def test_a_code_noted_by_mistake_is_withdrawn_with_its_reason_and_the_right_dossier_has_it(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    wrong, right = [await stories.submitted(cast, seed=seed) for seed in (1, 2)]
    officer, steps = await stories.officer(cast, Role.RECEPTIONIST), await stories.steps_of(wrong)
    await foreign.add_code(wrong, officer, steps, "portal", "EARLIER-1")
    await foreign.add_code(wrong, officer, steps, "portal", CODE)
    (noted,) = await foreign.codes_of(wrong.id)
    with pytest.raises(Invalid) as caught:
        await foreign.withdraw_code(wrong, officer, steps, noted.id, "")
    assert set(caught.value.fields) == {"reason"}
    with pytest.raises(Invalid):
        await foreign.withdraw_code(right, officer, steps, noted.id, "Gõ nhầm hồ sơ.")
    await foreign.withdraw_code(wrong, officer, steps, noted.id, "Gõ nhầm hồ sơ.")
    assert [one.code for one in await foreign.codes_of(wrong.id)] == ["EARLIER-1"]
    with pytest.raises(Refused, match="đã được bỏ"):
        await foreign.withdraw_code(wrong, officer, steps, noted.id, "Gõ nhầm hồ sơ.")
    await foreign.add_code(right, officer, steps, "portal", CODE)
    assert [one.code for one in await foreign.codes_of(right.id)] == [CODE]
    with pytest.raises(Invalid, match="Mã đó đã ghi ở hồ sơ"):
        await foreign.add_code(wrong, officer, steps, "portal", CODE)
    told = (await told_to_officers(wrong, steps))[0]
    assert "Gõ nhầm hồ sơ." in told.note and CODE in told.note
    assert await verify(wrong.id) == []
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await execute("delete from dossier_foreign_code_withdrawal")


async def test_a_withdrawn_code_is_free_for_one_dossier_only(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    wrong, one, other = [await stories.submitted(cast, seed=seed) for seed in (1, 2, 3)]
    officer, steps = await stories.officer(cast, Role.RECEPTIONIST), await stories.steps_of(wrong)
    await foreign.add_code(wrong, officer, steps, "portal", CODE)
    (noted,) = await foreign.codes_of(wrong.id)
    await foreign.withdraw_code(wrong, officer, steps, noted.id, "Gõ nhầm hồ sơ.")
    tries = await asyncio.gather(
        *(foreign.add_code(dossier, officer, steps, "portal", CODE) for dossier in (one, other)),
        return_exceptions=True,
    )
    assert [type(one) for one in tries if one is not None] == [Invalid]


async def test_a_code_is_withdrawn_on_the_dossiers_page(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.submitted(cast)
    officer, steps = await stories.officer(cast, Role.RECEPTIONIST), await stories.steps_of(dossier)
    await foreign.add_code(dossier, officer, steps, "portal", CODE)
    (noted,) = await foreign.codes_of(dossier.id)
    sign_in(client, cast.officer(Role.RECEPTIONIST))
    address = f"/can-bo/ho-so/{dossier.code}"
    assert f'<option value="{noted.id}">{CODE}' in (await client.get(address, headers=HTML)).text
    posted = {"_csrf_token": client.cookies["csrf"], "code": str(noted.id), "reason": "Gõ nhầm hồ sơ."}
    assert (await client.post(f"{address}/bo-ma-ghi-nham", data=posted, headers=HTML)).status_code == 303
    page = (await client.get(address, headers=HTML)).text
    assert page.count(CODE) == 2, "only the log speaks of it, twice"
    assert "Bỏ mã ghi nhầm" not in page


async def test_who_signs_notes_no_codes(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.submitted(cast)
    with pytest.raises(Refused):
        await foreign.add_code(
            dossier, await stories.officer(cast, Role.LEADER), await stories.steps_of(dossier), "portal", CODE
        )


async def test_a_code_noted_on_a_stale_page_is_kept_although_a_colleague_moved_the_dossier(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.submitted(cast)
    officer, steps = await stories.officer(cast, Role.RECEPTIONIST), await stories.steps_of(dossier)
    await intake.receive(await stories.row(dossier.id), officer)
    await foreign.add_code(dossier, officer, steps, "portal", CODE)
    assert [entry.act for entry in await entries(dossier.id)] == ["foreign_code", "receive", "submit"]


async def test_officer_and_citizen_read_the_codes_and_whose_word_holds(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, BIRTH)
    await switch(cast.commune, BIRTH, True, Connection.PORTAL, None)
    dossier = await stories.submitted(cast)
    assert dossier.state_owner == StateOwner.FOREIGN
    address = f"/can-bo/ho-so/{dossier.code}"
    sign_in(client, cast.officer(Role.RECEPTIONIST))
    page = (await client.get(address, headers=HTML)).text
    assert "Trạng thái chính thức do hệ thống khác giữ: Cổng Dịch vụ công quốc gia" in page
    assert "không tự gửi sang đó" in page and "Chưa ghi mã hồ sơ ở đó." in page
    posted = {"_csrf_token": client.cookies["csrf"], "system": "portal", "code": CODE}
    assert (await client.post(f"{address}/ma-he-thong-khac", data=posted, headers=HTML)).status_code == 303
    page = (await client.get(address, headers=HTML)).text
    assert page.count(CODE) == 3, "at the head, in the log, and where a mistake is withdrawn"
    assert "Chưa ghi mã hồ sơ ở đó." not in page
    again = await client.post(f"{address}/ma-he-thong-khac", data=posted, headers=HTML)
    assert again.status_code == 422 and "Hồ sơ này đã ghi mã đó." in again.text
    sign_in(client, cast.ha)
    own = (await client.get(f"/ho-so/{dossier.code}", headers=HTML)).text
    assert "Mã trên Cổng Dịch vụ công quốc gia:" in own and CODE in own
    assert "Trạng thái chính thức do hệ thống khác giữ" in own
    assert "Ghi mã" not in own and "ghi mã" not in own, "the office's own business"


async def test_a_dossier_of_ours_speaks_of_no_other_system(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.submitted(cast)
    sign_in(client, cast.officer(Role.RECEPTIONIST))
    assert "hệ thống khác giữ" not in (await client.get(f"/can-bo/ho-so/{dossier.code}", headers=HTML)).text
    sign_in(client, cast.ha)
    assert "hệ thống khác giữ" not in (await client.get(f"/ho-so/{dossier.code}", headers=HTML)).text
