"""The table of moves, walked whole: what it allows happens, what it does not is refused, and nothing is half done."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.agencies.officers import Officer
from backend.agencies.tables import Role
from backend.dossiers import exemptions, foreign, intake, lifecycle, moves
from backend.dossiers.moves import Move, Who
from backend.dossiers.queries import result_of
from backend.dossiers.tables import Dossier, State
from backend.dossiers.terms import claims_of, frozen
from backend.history.chain import verify
from backend.history.record import entries
from backend.kit.clock import Frozen
from backend.kit.database import execute, new_id
from backend.kit.errors import Invalid, Refused
from backend.procedures.workflow import End, Step
from tests.cast import Cast
from tests.dossiers import stories
from tests.dossiers.stories import BIRTH

pytestmark = pytest.mark.anyio

Verb = Callable[[Dossier, Officer, tuple[Step, ...]], Awaitable[Any]]
REASON = "Lý do cụ thể."


async def _advance(dossier: Dossier, officer: Officer, steps: tuple[Step, ...]) -> None:
    step = lifecycle.current_step(dossier, steps)
    way = next((way.to for way in step.next if way.end is None), "nowhere") if step else "nowhere"
    await lifecycle.advance(dossier, officer, steps, way)


async def _assign(dossier: Dossier, officer: Officer, steps: tuple[Step, ...]) -> None:
    step = lifecycle.current_step(dossier, steps)
    colleague = msgspec.structs.replace(officer, roles=frozenset(Role)) if step else officer
    await lifecycle.assign(dossier, officer, colleague, steps)


async def _attach(dossier: Dossier, officer: Officer, steps: tuple[Step, ...]) -> None:
    seen = await result_of(dossier.id)
    await lifecycle.attach_result(
        dossier, officer, steps, number="1", summary="Giấy", instead_of=seen.id if seen else None
    )


async def _withdraw(dossier: Dossier, officer: Officer, steps: tuple[Step, ...]) -> None:
    """Withdraw a code that a colleague noted by mistake: each time another."""
    mistaken = new_id()
    await execute(
        "insert into dossier_foreign_code (id, agency, dossier, system, code, since, noted_by)"
        " values ($1, $2, $3, 'ministry', $4, now(), $5)",
        mistaken, dossier.agency, dossier.id, f"M-{mistaken.hex}", officer.id,
    )  # fmt: skip
    await foreign.withdraw_code(dossier, officer, steps, mistaken, REASON)


def _judging(granted: bool) -> Verb:
    """A word on an exemption that is claimed on the dossier's one fee."""

    async def judge(dossier: Dossier, officer: Officer, steps: tuple[Step, ...]) -> None:
        if not claims_of(dossier):
            await execute("update dossier set fees = $2 where id = $1", dossier.id, frozen([stories.CLAIMED]))
            dossier = await stories.row(dossier.id)
        await exemptions.judge(dossier, officer, steps, "poor", REASON, granted=granted)

    return judge


VERBS: dict[str, Verb] = {
    "receive": lambda dossier, officer, steps: intake.receive(dossier, officer),
    "refuse": lambda dossier, officer, steps: intake.refuse(dossier, officer, REASON),
    "assign": _assign,
    "take_up": lifecycle.take_up,
    "advance": _advance,
    "propose_rejection": lambda d, o, s: lifecycle.propose_rejection(d, o, s, REASON),
    "decline_proposal": lambda d, o, s: lifecycle.decline_proposal(d, o, s, "Làm lại."),
    "reject": lambda d, o, s: lifecycle.reject(d, o, s, REASON),
    "forward": lambda d, o, s: lifecycle.forward(d, o, s, "Công an xã"),
    "attach_result": _attach,
    "deliver": lambda d, o, s: lifecycle.deliver(d, o, s, "counter"),
    "note": lambda d, o, s: lifecycle.note(d, o, s, "Đã gọi điện.", shown=False),
    "confirm_exemption": _judging(True),
    "refuse_exemption": _judging(False),
    "withdraw_foreign_code": _withdraw,
    "foreign_code": lambda d, o, s: foreign.add_code(d, o, s, "portal", f"G22-{new_id().hex}"),
}


def step_for(move: Move, role: Role, steps: tuple[Step, ...]) -> Step:
    """The step in which `role` would make this move, where the workflow has one."""
    wanted = {"propose_rejection": End.REFUSED, "forward": End.FORWARDED, "deliver": End.RETURNED}.get(move.name)
    for step in steps[1:]:
        if step.role == role and (step.way(wanted) if wanted else any(way.end is None for way in step.next)):
            return step
    return next((step for step in steps[1:] if wanted and step.way(wanted)), steps[1])


def permitted(move: Move, state: State, role: Role, step: Step) -> bool:
    """What the table says of one cell."""
    role_fits = role in move.by or (Who.STEP_ROLE in move.by and step.role == role)
    return state in move.sources and role_fits


async def _set(dossier: Dossier, state: State, step: Step, proposal: str | None) -> Dossier:
    await execute(
        "update dossier set state = $2, step = $3, proposal = $4, assignee = null where id = $1",
        dossier.id,
        str(state),
        step.key,
        proposal,
    )
    return await stories.row(dossier.id)


@pytest.mark.parametrize("name", sorted(VERBS))
async def test_a_move_is_made_exactly_where_the_table_allows_it(cast: Cast, name: str) -> None:
    move = moves.MOVES[name]
    code = "2.001801" if name == "forward" else BIRTH
    await stories.publish(cast, code)
    dossier = await stories.received(cast, code)
    steps = await stories.steps_of(dossier)
    await lifecycle.attach_result(
        dossier, await stories.officer(cast, Role.PROCESSOR), steps, number="1", summary="Giấy"
    )
    officers = {role: await stories.officer(cast, role) for role in Role}
    for state, role in product(State, Role):
        step = step_for(move, role, steps)
        proposal = None
        if name in ("decline_proposal", "reject"):
            by = str(officers[Role.PROCESSOR].id)
            proposal = msgspec.json.encode({"by": by, "reason": REASON, "step": step.key}).decode()
        at = await _set(dossier, state, step, proposal)
        before = len(await entries(dossier.id))
        where = f"{name} from {state} by {role}"
        if permitted(move, state, role, step):
            await VERBS[name](at, officers[role], steps)
            after = await stories.row(dossier.id)
            assert after.state in (move.targets or {state}), where
            assert (await entries(dossier.id))[0].act == name, where
            assert len(await entries(dossier.id)) == before + 1, where
        else:
            with pytest.raises(Refused) as caught:
                await VERBS[name](at, officers[role], steps)
            assert caught.value.sentence.endswith("."), where
            after = await stories.row(dossier.id)
            assert (after.state, after.step, after.proposal) == (at.state, at.step, at.proposal), where
            assert len(await entries(dossier.id)) == before, where


@pytest.mark.parametrize("name", sorted(VERBS))
async def test_an_officer_of_another_commune_makes_no_move(cast: Cast, name: str) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.submitted(cast)
    assert cast.stranger_officer is not None
    stranger = await stories.found_officer(cast.stranger_officer)
    steps = await stories.steps_of(dossier)
    for state in State:
        at = await _set(dossier, state, steps[1], None)
        with pytest.raises(Refused):
            await VERBS[name](at, stranger, steps)


def test_every_move_names_itself_in_the_table() -> None:
    assert all(move.name == name for name, move in moves.MOVES.items())
    assert len(moves.BY_SLUG) == len(moves.MOVES)
    assert set(VERBS) | {"submit", "prepare", "reopen", "open_prepared", "put_back"} == set(moves.MOVES)
    assert all(move.targets <= set(State) and move.sources <= set(State) for move in moves.MOVES.values())


async def test_a_birth_goes_all_the_way_and_everybody_reads_who_did_what(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.walk_to(cast, await stories.received(cast), State.ISSUED)
    assert dossier.decided_at is not None and dossier.issued_at is not None
    await lifecycle.deliver(
        dossier, await stories.officer(cast, Role.RECEPTIONIST), await stories.steps_of(dossier), "counter"
    )
    dossier = await stories.row(dossier.id)
    assert dossier.state == State.DELIVERED and dossier.ended_at is not None
    acts = [entry.act for entry in reversed(await entries(dossier.id))]
    assert acts[:2] == ["submit", "receive"] and acts[-1] == "deliver"


async def test_what_is_sent_back_after_the_decision_is_decided_anew(cast: Cast, frozen: Frozen) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.walk_to(cast, await stories.received(cast), State.DECIDED)
    first, steps = dossier.decided_at, await stories.steps_of(dossier)
    assert first is not None
    places = {step.key: place for place, step in enumerate(steps)}
    signing = next(step for step in steps if moves.role_of(step) in moves.SIGNERS)
    back = next(
        (step, way.to)
        for step in steps[places[signing.key] :]
        for way in step.next
        if way.end is None and places[way.to] < places[step.key]
    )
    at = await _set(dossier, State.DECIDED, back[0], None)
    await lifecycle.advance(at, await stories.officer(cast, moves.role_of(back[0])), steps, back[1])
    again = await stories.row(dossier.id)
    assert (again.state, again.decided_at, again.issued_at) == (State.IN_PROCESS, None, None)
    frozen.advance(timedelta(days=1))
    again = await stories.walk_to(cast, again, State.DECIDED)
    assert again.decided_at is not None and again.decided_at >= first + timedelta(days=1)


async def test_a_dossier_is_not_ready_without_its_result(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.received(cast)
    steps = await stories.steps_of(dossier)
    before_last = next(step for step in steps if any(way.to == steps[-1].key for way in step.next))
    at = await _set(dossier, State.DECIDED, before_last, None)
    with pytest.raises(Refused, match="Chưa có kết quả"):
        await lifecycle.advance(at, await stories.officer(cast, Role(before_last.role)), steps, steps[-1].key)


async def test_a_proposal_to_reject_waits_for_the_signer(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.received(cast)
    steps = await stories.steps_of(dossier)
    phuc, yen = await stories.officer(cast, Role.PROCESSOR), await stories.officer(cast, Role.LEADER)
    await lifecycle.propose_rejection(dossier, phuc, steps, "Đã đăng ký ở xã khác.")
    dossier = await stories.row(dossier.id)
    with pytest.raises(Refused, match="chờ người ký quyết định"):
        await _advance(dossier, phuc, steps)
    offered = lifecycle.choices(dossier, yen, steps)
    assert [choice.move.name for choice in offered[:2]] == ["reject", "decline_proposal"]
    await lifecycle.decline_proposal(dossier, yen, steps, "Xác minh lại.")
    dossier = await stories.row(dossier.id)
    assert dossier.proposal is None and dossier.assignee == phuc.id
    await lifecycle.propose_rejection(dossier, phuc, steps, "Đã đăng ký ở xã khác.")
    await lifecycle.reject(await stories.row(dossier.id), yen, steps, "Đã đăng ký ở xã khác.")
    assert (await stories.row(dossier.id)).state == State.REJECTED


async def test_a_note_on_a_stale_page_changes_nothing_else(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    stale = await stories.submitted(cast)
    mai = await stories.officer(cast, Role.RECEPTIONIST)
    await intake.receive(await stories.row(stale.id), mai)
    await lifecycle.note(stale, mai, await stories.steps_of(stale), "Gọi lại sau.", shown=True)
    assert (await stories.row(stale.id)).state == State.RECEIVED


async def test_what_is_chosen_must_be_a_way_of_the_step(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.received(cast)
    with pytest.raises(Invalid):
        await lifecycle.advance(
            dossier, await stories.officer(cast, Role.PROCESSOR), await stories.steps_of(dossier), "nowhere"
        )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    code=st.sampled_from([BIRTH, "2.001801", "2.001909", "1.000894"]),
    tried=st.lists(st.tuples(st.sampled_from(sorted(VERBS)), st.sampled_from(Role)), max_size=60),
)
async def test_random_moves_by_random_people_never_lose_a_step_of_history(
    cast: Cast, code: str, tried: list[tuple[str, Role]]
) -> None:
    await stories.publish(cast, code)
    dossier = await stories.submitted(cast, code)
    steps = await stories.steps_of(dossier)
    officers = {role: await stories.officer(cast, role) for role in Role}
    made = 1
    for name, role in tried:
        before = await stories.row(dossier.id)
        try:
            await VERBS[name](before, officers[role], steps)
        except (Refused, Invalid):
            after = await stories.row(dossier.id)
            assert (after.state, after.step) == (before.state, before.step)
        else:
            made += 1
            after = await stories.row(dossier.id)
            assert before.state in moves.MOVES[name].sources
            assert after.state in (moves.MOVES[name].targets or {State(before.state)})
        assert len(await entries(dossier.id)) == made
    assert await verify(UUID(str(dossier.id))) == []
