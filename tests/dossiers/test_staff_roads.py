"""Whole roads: a dossier from its receipt to the result in hand, and every workflow of the catalogue to both ends."""

import httpx
import pytest

from backend.agencies.tables import Role
from backend.dossiers import intake, lifecycle, moves
from backend.dossiers.offers import has_result, offers
from backend.dossiers.tables import Dossier, State
from backend.kit import clock
from backend.kit.database import execute
from backend.procedures.workflow import Step, Way
from tests.browser import post, sign_in
from tests.cast import Cast
from tests.dossiers import stories
from tests.procedures.real import document

pytestmark = pytest.mark.anyio
HTML = {"Accept": "text/html"}
CODES = sorted(one.code for one in document().procedures)
# One step alone; police who propose and approve; a wait for the tax office; a reception that may end at once; the long one.
ROADS = ["2.001159", "1.004194", "1.001266", "2.001909", "1.001193", "1.000894"]


async def press(client: httpx.AsyncClient, cast: Cast, role: Role, dossier: Dossier, slug: str, **data: str) -> None:
    """Press a button as an officer; it must be taken."""
    sign_in(client, cast.officer(role))
    files = {"file": ("", b"")} if slug == moves.ATTACH_RESULT.slug else None
    answer = await post(client, f"/can-bo/ho-so/{dossier.code}/{slug}", data, headers=HTML, files=files)
    assert answer.status_code == 303, f"{role} {slug}: {answer.status_code}"


async def next_way(dossier: Dossier, steps: tuple[Step, ...], been: set[str]) -> tuple[Step, Way]:
    """The way on to a step not seen yet, else to the result."""
    step = lifecycle.current_step(dossier, steps)
    assert step is not None
    fresh = next((way for way in step.next if way.end is None and way.to not in been), None)
    if fresh is None or step.way("@returned"):
        fresh = step.way("@returned") or fresh or next(way for way in step.next if way.end is None)
    return step, fresh


@pytest.mark.parametrize("code", ROADS)
async def test_an_officers_road_from_receiving_to_delivering(cast: Cast, client: httpx.AsyncClient, code: str) -> None:
    await stories.publish(cast, code)
    dossier = await stories.submitted(cast, code)
    await press(client, cast, Role.RECEPTIONIST, dossier, moves.RECEIVE.slug)
    steps, been = await stories.steps_of(dossier), set[str]()
    for _ in range(2 * len(steps) + 2):
        dossier = await stories.row(dossier.id)
        if dossier.state == State.DELIVERED:
            break
        step, way = await next_way(dossier, steps, been)
        been.add(step.key)
        role = Role(step.role)
        sign_in(client, cast.officer(role))
        shown = (await client.get(f"/can-bo/ho-so/{dossier.code}", headers=HTML)).text
        assert "Hồ sơ này không có việc nào" not in shown, "whoever has the step finds something to do"
        if "Gắn kết quả trước đã." in shown:
            await press(client, cast, role, dossier, moves.ATTACH_RESULT.slug, number="1", summary="Kết quả")
        if way.end is None:
            await press(client, cast, role, dossier, moves.ADVANCE.slug, target=way.to)
        else:
            await press(client, cast, role, dossier, moves.DELIVER.slug, how="counter")
    assert dossier.state == State.DELIVERED
    assert dossier.received_at
    assert dossier.ended_at
    shown = (await client.get(f"/can-bo/ho-so/{dossier.code}", headers=HTML)).text
    assert "Đã trả kết quả" in shown


async def taken_in(cast: Cast, code: str) -> Dossier:
    """A dossier of any procedure as it stands after receipt; what its form asks has tests of its own."""
    draft = await stories.counter_draft(cast, code)
    steps = (await intake.filed_of(draft)).procedure.steps
    await execute(
        "update dossier set state = 'received', step = $2, code = $3, submitted_at = $4, received_at = $4 where id = $1",
        draft.id,
        intake.first_step_after(steps).key,
        f"H71.104.26-261125-{int(code[-4:]):04d}",
        clock.now(),
    )
    return await stories.row(draft.id)


@pytest.mark.parametrize("code", CODES)
async def test_every_workflow_leads_to_a_result_by_what_is_offered(cast: Cast, code: str) -> None:
    await stories.publish(cast, code, online=False)
    dossier = await taken_in(cast, code)
    steps, been = await stories.steps_of(dossier), set[str]()
    for _ in range(2 * len(steps) + 2):
        dossier = await stories.row(dossier.id)
        if dossier.state in moves.ENDED:
            break
        step, way = await next_way(dossier, steps, been)
        been.add(step.key)
        officer = await stories.officer(cast, Role(step.role))
        if not await has_result(dossier.id):
            await lifecycle.attach_result(dossier, officer, steps, number="1", summary="Kết quả")
            dossier = await stories.row(dossier.id)
        seen = offers(dossier, officer, steps, True)
        assert seen.likeliest or seen.of(moves.DELIVER), step.key
        open_targets = {one.target for one in [seen.likeliest, *seen.others] if one}
        assert way.to in open_targets, f"{step.key} does not offer {way.to}"
        if way.end is None:
            await lifecycle.advance(dossier, officer, steps, way.to)
        else:
            await lifecycle.deliver(dossier, officer, steps, "counter")
    assert dossier.state == State.DELIVERED


@pytest.mark.parametrize("code", CODES)
async def test_every_workflow_that_may_refuse_ends_rejected(cast: Cast, code: str) -> None:
    await stories.publish(cast, code, online=False)
    dossier = await taken_in(cast, code)
    steps = await stories.steps_of(dossier)
    refusing = [step for step in steps if step.way("@refused") and step is not steps[0]]
    leader = await stories.officer(cast, Role.LEADER)
    for step in refusing:
        await execute(
            "update dossier set state = 'in_process', step = $2, proposal = null, assignee = null where id = $1",
            dossier.id,
            step.key,
        )
        dossier = await stories.row(dossier.id)
        officer = await stories.officer(cast, Role(step.role))
        move = moves.move_for(step.way("@refused") or step.next[0], step, first=False)
        if move is moves.PROPOSE:
            assert offers(dossier, officer, steps, False).of(moves.PROPOSE), step.key
            await lifecycle.propose_rejection(dossier, officer, steps, "Không đủ điều kiện theo luật.")
            dossier = await stories.row(dossier.id)
            likely = offers(dossier, leader, steps, False).likeliest
            assert likely and likely.move is moves.REJECT, "the signer is asked to decide first"
            await lifecycle.reject(dossier, leader, steps, "Không đủ điều kiện theo luật.")
        else:
            await lifecycle.reject(dossier, officer, steps, "Không đủ điều kiện theo luật.")
        assert (await stories.row(dossier.id)).state == State.REJECTED, step.key
