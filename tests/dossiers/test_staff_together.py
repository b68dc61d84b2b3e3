"""Several dossiers in one press: each is moved by its own verb, each says what came of it, and nothing happens twice."""

import asyncio
import re
from typing import Any

import httpx
import pytest

from backend.agencies.tables import Role
from backend.dossiers import bulk, lifecycle, moves
from backend.dossiers.tables import Dossier, State
from backend.dossiers.work import listed
from backend.dossiers.work_views import Asked
from backend.kit.database import fetch_value
from backend.kit.errors import Invalid
from backend.procedures.workflow import StepKind
from tests.browser import post, sign_in
from tests.cast import Cast
from tests.dossiers import stories

pytestmark = pytest.mark.anyio
HTML = {"Accept": "text/html"}
HTMX = HTML | {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
async def three(cast: Cast) -> list[Dossier]:
    """Three birth registrations that were just filed."""
    await stories.publish(cast, stories.BIRTH)
    return [await stories.submitted(cast, seed=seed) for seed in (1, 2, 3)]


def codes(dossiers: list[Dossier]) -> list[str]:
    return [str(one.code) for one in dossiers]


async def again(dossiers: list[Dossier]) -> list[Dossier]:
    """The rows as they stand now."""
    return [await stories.row(one.id) for one in dossiers]


async def acts_done(dossier: Dossier, act: str) -> int:
    count = await fetch_value("select count(*) from history_entry where subject = $1 and act = $2", dossier.id, act)
    assert isinstance(count, int)
    return count


async def press(client: httpx.AsyncClient, dossiers: list[Dossier], act: str, **more: Any) -> httpx.Response:
    """Press one button for several dossiers, as a page without scripts does."""
    headers = more.pop("headers", HTML)
    return await post(client, "/can-bo/viec", {"chon": codes(dossiers), "viec": act, **more}, headers=headers)


def words(answer: httpx.Response) -> str:
    """What the answer says."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def key_of(dossier: Dossier, label: str) -> str:
    return f"{moves.ADVANCE.slug}:{dossier.step}:{label}"


async def test_all_that_are_ticked_are_received_in_one_press(
    cast: Cast, three: list[Dossier], client: httpx.AsyncClient
) -> None:
    sign_in(client, cast.officer(Role.RECEPTIONIST))
    answer = await press(client, three[:2], "tiep-nhan")
    assert answer.status_code == 200
    assert "Tiếp nhận : 2 hồ sơ đã xong" in words(answer).replace("Tiếp nhận:", "Tiếp nhận :")
    assert [one.state for one in await again(three)] == [State.RECEIVED, State.RECEIVED, State.SUBMITTED]
    for one in three[:2]:
        assert await fetch_value("select count(*) from dossier_paper where dossier = $1 and form = '01'", one.id) == 1


async def test_who_was_quicker_is_named_and_the_others_are_done(
    cast: Cast, three: list[Dossier], client: httpx.AsyncClient
) -> None:
    from backend.dossiers import intake

    other = await stories.found_officer(cast.officer(Role.LEADER))
    quicker = await stories.officer(cast, Role.RECEPTIONIST)
    await intake.receive(three[1], quicker)
    await fetch_value("update officer set roles = $1 where id = $2 returning 1", ["receptionist"], other.id)
    sign_in(client, cast.officer(Role.LEADER))
    answer = words(await press(client, three, "tiep-nhan"))
    assert "2 xong, 1 không" in answer
    assert f"{quicker.name} đã tiếp nhận hồ sơ này lúc 10:00" in answer
    assert all(one.state == State.RECEIVED for one in await again(three))


async def test_pressed_twice_or_at_once_nothing_happens_twice(cast: Cast, three: list[Dossier]) -> None:
    receptionist = await stories.officer(cast, Role.RECEPTIONIST)
    processor = await stories.officer(cast, Role.PROCESSOR)
    clerk = await stories.officer(cast, Role.CLERK)
    for officer, key, colleague in (
        (receptionist, "tiep-nhan", None),
        (clerk, "giao-viec", processor),
        (processor, "nhan-viec", None),
    ):
        both = await asyncio.gather(*(bulk.make(officer, codes(three), key, colleague) for _ in range(2)))
        later = await bulk.make(officer, codes(three), key, colleague)
        assert not [one.refused for one in [*both[0], *both[1], *later] if one.refused], key
        for one in three:
            assert await acts_done(one, moves.BY_SLUG[key].name) == 1, key


async def test_dossiers_at_the_same_step_go_the_same_way_and_once(cast: Cast, three: list[Dossier]) -> None:
    receptionist, processor = [await stories.officer(cast, role) for role in (Role.RECEPTIONIST, Role.PROCESSOR)]
    await bulk.make(receptionist, codes(three), "tiep-nhan", None)
    await bulk.make(processor, codes(three), "nhan-viec", None)
    shared = [act for act in (await listed(processor, Asked())).together if act.target]
    assert len(shared) == 1
    for _ in range(2):
        assert not any(one.refused for one in await bulk.make(processor, codes(three), shared[0].key, None))
    assert {one.step for one in await again(three)} == {shared[0].target}
    for one in three:
        assert await acts_done(one, "advance") == 1


async def test_a_way_whose_words_differ_is_not_followed(cast: Cast, three: list[Dossier]) -> None:
    receptionist, processor = [await stories.officer(cast, role) for role in (Role.RECEPTIONIST, Role.PROCESSOR)]
    await bulk.make(receptionist, codes(three), "tiep-nhan", None)
    await bulk.make(processor, codes(three), "nhan-viec", None)
    target = next(act.target for act in (await listed(processor, Asked())).together if act.target)
    outcomes = await bulk.make(processor, codes(three), f"chuyen-buoc:{target}:Từ chối", None)
    assert all(one.refused for one in outcomes)
    assert all(one.step != target for one in await again(three))


async def test_a_colleague_is_given_all_of_them_and_is_told(
    cast: Cast, three: list[Dossier], client: httpx.AsyncClient
) -> None:
    await bulk.make(await stories.officer(cast, Role.RECEPTIONIST), codes(three), "tiep-nhan", None)
    to = cast.officer(Role.PROCESSOR)
    sign_in(client, cast.officer(Role.LEADER))
    answer = await press(client, three, "giao-viec", officer=str(to.officer))
    assert "3 hồ sơ đã xong" in words(answer)
    assert {one.assignee for one in await again(three)} == {to.officer}
    told = "select count(*) from notification where account = $1 and event = 'dossier.assigned_to_you'"
    assert await fetch_value(told, to.account) == 3
    nobody = await press(client, three, "giao-viec")
    assert nobody.status_code == 422
    assert "Chọn người nhận việc" in nobody.text


async def test_nothing_that_needs_a_reason_a_file_or_a_signature_is_done_together(
    cast: Cast, three: list[Dossier], client: httpx.AsyncClient
) -> None:
    assert {move for move in moves.MOVES.values() if move.together} == {
        moves.RECEIVE,
        moves.TAKE_UP,
        moves.ASSIGN,
        moves.ADVANCE,
    }
    steps = await stories.steps_of(three[0])
    for step in steps:
        alone = moves.role_of(step) in moves.SIGNERS or step.kind is not StepKind.WORK
        assert moves.goes_together(moves.ADVANCE, step) is not alone
    sign_in(client, cast.officer(Role.RECEPTIONIST))
    for slug in ("tu-choi", "ket-qua", "tra-ket-qua", "chuyen-co-quan", "khong-co-viec-nay", ""):
        refused = await press(client, three, slug)
        assert refused.status_code == 422, slug
    assert all(one.state == State.SUBMITTED for one in await again(three))


async def test_a_signers_yes_is_given_to_each_dossier_alone(cast: Cast, three: list[Dossier]) -> None:
    for one in three:
        await fetch_value("update dossier set state = 'in_process', step = 'approve' where id = $1 returning 1", one.id)
    leader = await stories.officer(cast, Role.LEADER)
    steps = await stories.steps_of(three[0])
    way = next(way for way in next(step for step in steps if step.key == "approve").next if way.outcome == "approved")
    assert [act.slug for act in (await listed(leader, Asked())).together] == [moves.ASSIGN.slug]
    outcomes = await bulk.make(leader, codes(three), f"chuyen-buoc:{way.to}:{way.label}", None)
    assert all(one.refused for one in outcomes)
    assert {one.step for one in await again(three)} == {"approve"}


async def test_another_role_is_refused_for_each_with_the_reason(cast: Cast, three: list[Dossier]) -> None:
    outcomes = await bulk.make(await stories.officer(cast, Role.CLERK), codes(three), "tiep-nhan", None)
    assert [one.refused for one in outcomes] == ["Việc này của người khác: tiếp nhận."] * 3


async def test_a_dossier_of_another_agency_looks_like_none(cast: Cast, three: list[Dossier]) -> None:
    assert cast.stranger_officer
    stranger = await stories.found_officer(cast.stranger_officer)
    outcomes = await bulk.make(stranger, [str(three[0].code), "H71.104.26-261125-9999"], "tiep-nhan", None)
    assert outcomes[0].refused == outcomes[1].refused
    assert outcomes[0].owner == ""
    assert (await stories.row(three[0].id)).state == State.SUBMITTED


async def test_nothing_ticked_says_so(cast: Cast, three: list[Dossier], client: httpx.AsyncClient) -> None:
    with pytest.raises(Invalid):
        await bulk.make(await stories.officer(cast, Role.RECEPTIONIST), [], "tiep-nhan", None)
    sign_in(client, cast.officer(Role.RECEPTIONIST))
    answer = await press(client, [], "tiep-nhan")
    assert answer.status_code == 422
    assert "Chưa chọn hồ sơ nào" in answer.text


async def test_the_list_offers_a_box_and_the_acts_of_its_rows(
    cast: Cast, three: list[Dossier], client: httpx.AsyncClient
) -> None:
    sign_in(client, cast.officer(Role.RECEPTIONIST))
    page = (await client.get("/can-bo/viec", headers=HTML)).text
    assert page.count('name="chon"') == 3
    assert page.count('name="viec" value="tiep-nhan"') == 1
    assert 'name="viec" value="giao-viec"' not in page, "what was not received is nobody's to hand on"
    sign_in(client, cast.officer(Role.CLERK))
    assert 'name="chon"' not in (await client.get("/can-bo/viec", headers=HTML)).text


async def test_htmx_gets_the_list_and_what_came_of_each(
    cast: Cast, three: list[Dossier], client: httpx.AsyncClient
) -> None:
    sign_in(client, cast.officer(Role.RECEPTIONIST))
    part = await press(client, three[:1], "tiep-nhan", headers=HTMX)
    assert part.text.strip().startswith('<div class="work-list')
    assert '<hx-partial hx-target="#notice"' in part.text
    assert "hx-preserve" not in part.text, "the ticks go with the press"
    assert "hx-preserve" in (await client.get("/can-bo/viec", headers=HTMX)).text, "a live step leaves them"


async def test_a_note_between_does_not_make_a_second_press_a_second_act(cast: Cast, three: list[Dossier]) -> None:
    receptionist = await stories.officer(cast, Role.RECEPTIONIST)
    await bulk.make(receptionist, codes(three), "tiep-nhan", None)
    steps = await stories.steps_of(three[0])
    await lifecycle.note(await stories.row(three[0].id), receptionist, steps, "Đã gọi điện.", False)
    assert not any(one.refused for one in await bulk.make(receptionist, codes(three), "tiep-nhan", None))
