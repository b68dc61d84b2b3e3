"""The verbs: each moves a dossier by compare-and-set, with its history, news and jobs, in one unit of work or not at all."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from backend.agencies.officers import ROLE_WORDS, Officer, name_of, stays
from backend.agencies.tables import Role
from backend.dossiers import moves
from backend.dossiers.moves import Move, Who
from backend.dossiers.tables import Dossier, DossierNote, DossierResult, State
from backend.dossiers.terms import claims_of
from backend.history.record import entries, record
from backend.history.tables import ActorKind
from backend.kit import clock, live
from backend.kit.database import execute, fetch_value, new_id, unit_of_work
from backend.kit.errors import Invalid, Refused
from backend.kit.formats import datetime as moment_words
from backend.kit.language import _
from backend.kit.text import clean
from backend.notifications.telling import tell
from backend.procedures.workflow import End, Step, Way

SUBJECT = "dossier"


class Actor(msgspec.Struct, frozen=True):
    """Who acts: a citizen by account, an officer by id, or the system itself."""

    kind: ActorKind
    id: UUID | None = None
    name: str = ""
    account: UUID | None = None


SYSTEM = Actor(ActorKind.SYSTEM)


def citizen(account: UUID, name: str) -> Actor:
    """The citizen who acts."""
    return Actor(ActorKind.CITIZEN, account, name, account)


def acting(officer: Officer) -> Actor:
    """The officer who acts."""
    return Actor(ActorKind.OFFICER, officer.id, officer.name, officer.account_id)


class Choice(msgspec.Struct, frozen=True):
    """One thing an officer could do with a dossier now: allowed, or barred with the reason in a sentence."""

    move: Move
    label: str
    way: Way | None = None
    barred: str = ""

    @property
    def key(self) -> str:
        """What the form posts to name the way that was chosen."""
        return self.way.to if self.way else ""


def current_step(dossier: Dossier, steps: tuple[Step, ...]) -> Step | None:
    """Return the workflow step a dossier is in; the first one waits for what was only submitted."""
    if dossier.state == State.SUBMITTED:
        return steps[0]
    return next((step for step in steps if step.key == dossier.step), None)


def barred(dossier: Dossier, move: Move, officer: Officer, step: Step | None) -> str:
    """Return why `officer` may not make `move` now, in a sentence; empty when nothing stands against it."""
    if officer.agency_id != dossier.agency:
        return _("Hồ sơ của cơ quan khác.")
    if dossier.state not in move.sources:
        return _("Hồ sơ không còn ở bước làm được việc này.")
    if Who.STEP_ROLE in move.by:
        needed = {moves.role_of(step)} if step else set()
    else:
        needed = {role for role in move.by if isinstance(role, Role)}
    if not needed & officer.roles:
        return _("Việc này của người khác: {roles}.").format(roles=_roles(needed))
    if dossier.proposal and move in (moves.ADVANCE, moves.DELIVER, moves.PROPOSE, moves.FORWARD):
        return _("Đang có đề nghị không giải quyết, chờ người ký quyết định.")
    return ""


def _roles(roles: set[Role]) -> str:
    return ", ".join(_(ROLE_WORDS[role]).lower() for role in Role if role in roles) or _("không ai")


async def _claim(dossier: Dossier, move: Move, changes: dict[str, Any]) -> None:
    """Write `changes` if the dossier is still where `dossier` saw it, else refuse naming who was first.

    State, step, assignee and proposal together are the compare of compare-and-set; for a word on the fees it is the
    fees. A note fits any state.

    Raises:
        Refused: somebody else moved it meanwhile.
    """
    seen: list[Any] = [dossier.id]
    where = "id = $1"
    if move in moves.ON_FEES:
        seen += [dossier.fees, [str(state) for state in move.sources]]
        where += " and fees = $2::jsonb and state = any($3)"
    elif move not in moves.BESIDE:
        seen += [str(dossier.state), dossier.step, dossier.assignee, dossier.proposal]
        where += (
            " and state = $2 and step is not distinct from $3 and assignee is not distinct from $4"
            " and proposal is not distinct from $5::jsonb"
        )
    assignments = ", ".join(f"{name} = ${place}" for place, name in enumerate(changes, start=len(seen) + 1))
    if await execute(f"update dossier set {assignments} where {where}", *seen, *changes.values()) == 0:
        raise Refused(await who_was_first(dossier.id, move))


async def who_was_first(dossier: UUID, move: Move, *, before_this: bool = False) -> str:
    """Say who did `move` before, or what happened instead, and when: "Lê Thị Mai đã tiếp nhận hồ sơ này lúc 9:05.".

    Args:
        dossier: its id.
        move: the one that comes too late.
        before_this: whether the open unit of work has entered that very move already.
    """
    aside = {one.name for one in (*moves.BESIDE, *(() if move in moves.ON_FEES else moves.ON_FEES))}
    acts = [entry for entry in await entries(dossier) if entry.act in moves.MOVES.keys() - aside]
    acts = acts[1:] if before_this else acts
    entry = next((one for one in acts if one.act == move.name), None) or next(iter(acts), None)
    if entry is None:
        return _("Hồ sơ vừa thay đổi. Tải lại trang để xem.")
    done = moves.MOVES[entry.act]
    by_officer = entry.actor is not None and entry.actor_kind == ActorKind.OFFICER
    name = await name_of(entry.actor) if entry.actor and by_officer else _("Người nộp")
    what = _(done.first or done.done).format(who=name)
    return _("{what} lúc {time}.").format(what=what, time=moment_words(entry.at))


async def _note_down(
    dossier: Dossier, move: Move, by: Actor, details: dict[str, Any], spoken: dict[str, Any], *, code: str
) -> None:
    """History, news and live steps of one move; inside its unit of work."""
    await record(
        SUBJECT,
        dossier.id,
        move.name,
        agency=dossier.agency,
        actor_kind=by.kind,
        actor=by.id,
        details=details,
        at=clock.now(),
    )
    private = {details["from"], details["to"]} <= moves.PRIVATE
    topics = [] if private else [f"agency:{dossier.agency}"]
    if dossier.account:
        topics.append(f"person:{dossier.account}")
        if move.news:
            await tell(
                dossier.account,
                f"dossier.{move.name}",
                agency=dossier.agency,
                subject_kind=SUBJECT,
                subject=dossier.id,
                data={"code": code, "procedure": dossier.procedure_code, **details, **spoken},
            )
    await live.announce(topics, f"dossier-{dossier.id}")
    if not private:
        await live.announce([f"agency:{dossier.agency}"], "worklist")


async def go(
    dossier: Dossier,
    move: Move,
    by: Actor,
    *,
    state: State | None = None,
    changes: dict[str, Any] | None = None,
    details: dict[str, Any] | None = None,
    spoken: dict[str, Any] | None = None,
) -> None:
    """Make `move` inside the open unit of work: claim, history, news.

    Args:
        dossier: as it was read, whose state and step must still hold.
        move: from the table; its targets bound `state`.
        by: who acts; permission is the caller's (`check`).
        state: the new one, None where it stays.
        changes: further columns.
        details: for history; ids, keys and dates.
        spoken: catalogue words the news needs besides.

    Raises:
        Refused: it was moved meanwhile, or the table does not allow this.
    """
    target = state or State(dossier.state)
    if dossier.state not in move.sources:
        raise Refused(await who_was_first(dossier.id, move))
    if target not in (move.targets or {State(dossier.state)}):
        raise Refused(_("Hồ sơ không còn ở bước làm được việc này."))
    written = {"updated_at": clock.now(), **(changes or {})}
    if move.targets:
        written["state"] = str(target)
    await _claim(dossier, move, written)
    where = {"from": str(dossier.state), "to": str(target)}
    code = written.get("code") or dossier.code or ""
    await _note_down(dossier, move, by, {**where, **(details or {})}, spoken or {}, code=code)


async def check(dossier: Dossier, move: Move, officer: Officer, steps: tuple[Step, ...]) -> Step | None:
    """Return the current step if `officer` may make `move`.

    Raises:
        Refused: with the reason; where a colleague was quicker, it names them and the time.
    """
    step = current_step(dossier, steps)
    reason = barred(dossier, move, officer, step)
    if not reason:
        return step
    late = officer.agency_id == dossier.agency and dossier.state not in move.sources
    raise Refused(await who_was_first(dossier.id, move) if late else reason)


def way_to(step: Step | None, target: str) -> Way:
    """Return the way of `step` that the officer chose.

    Raises:
        Invalid: the step has no such way (any more).
    """
    way = step.way(target) if step else None
    if way is None:
        raise Invalid(_("Chọn lại bước tiếp theo: quy trình không có bước vừa chọn."))
    return way


async def take_up(dossier: Dossier, officer: Officer, steps: tuple[Step, ...]) -> None:
    """The officer of the step makes the dossier theirs; it is in process from now on."""
    await check(dossier, moves.TAKE_UP, officer, steps)
    async with unit_of_work():
        await go(dossier, moves.TAKE_UP, acting(officer), state=State.IN_PROCESS, changes={"assignee": officer.id})


async def assign(dossier: Dossier, officer: Officer, to: Officer, steps: tuple[Step, ...]) -> None:
    """Hand the dossier to a colleague of the same agency, who is told.

    Raises:
        Invalid: the colleague works elsewhere, cannot do the present step, or has left.
    """
    step = await check(dossier, moves.ASSIGN, officer, steps)
    if to.agency_id != dossier.agency or (step and moves.role_of(step) not in to.roles):
        raise Invalid(_("Người được giao không làm được bước này. Chọn người khác."))
    async with unit_of_work():
        if not await stays(to.id):
            raise Invalid(_("%(who)s đã thôi việc. Chọn người khác.") % {"who": to.name})
        await go(dossier, moves.ASSIGN, acting(officer), changes={"assignee": to.id}, details={"officer": str(to.id)})
        await tell(
            to.account_id,
            "dossier.assigned_to_you",
            agency=dossier.agency,
            subject_kind=SUBJECT,
            subject=dossier.id,
            data={"code": dossier.code, "procedure": dossier.procedure_code},
        )


async def advance(dossier: Dossier, officer: Officer, steps: tuple[Step, ...], target: str) -> None:
    """Follow a way of the present step to another step.

    Raises:
        Refused: not allowed, moved meanwhile, or the result is missing where it has to be ready.
        Invalid: no such way.
    """
    step = await check(dossier, moves.ADVANCE, officer, steps)
    way = way_to(step, target)
    if step is None or way.end is not None:
        raise Invalid(_("Chọn lại bước tiếp theo: quy trình không có bước vừa chọn."))
    there = next(one for one in steps if one.key == way.to)
    state = moves.state_at(steps, step, way, State(dossier.state))
    now = clock.now()
    changes: dict[str, Any] = {"step": there.key, "assignee": None if there.role is not step.role else officer.id}
    if state is State.ISSUED:
        await _need_result(dossier)
        changes["issued_at"] = now
    if state in (State.DECIDED, State.ISSUED):
        changes["decided_at"] = dossier.decided_at or now
    else:
        changes |= _UNDECIDED
    async with unit_of_work():
        await go(
            dossier,
            moves.ADVANCE,
            acting(officer),
            state=state,
            changes=changes,
            details={"step": step.key, "next": there.key, "outcome": way.outcome},
            spoken={"next_name": there.name},
        )


# What was decided or issued and then sent back is decided anew: the moment that counts is that of the word that stands.
_UNDECIDED: dict[str, Any] = {"decided_at": None, "issued_at": None}


async def _need_result(dossier: Dossier) -> None:
    if not await DossierResult.exists().where(DossierResult.dossier == dossier.id, DossierResult.replaced_at.is_null()):
        raise Refused(_("Chưa có kết quả. Gắn tệp kết quả, hoặc ghi số và nội dung kết quả, rồi chuyển bước."))


async def propose_rejection(dossier: Dossier, officer: Officer, steps: tuple[Step, ...], reason: str) -> None:
    """Propose to reject: the signer decides. Without a signer's step ahead the proposal waits where it is.

    Raises:
        Invalid: no reason given.
    """
    step = await check(dossier, moves.PROPOSE, officer, steps)
    need_reason(reason)
    if step is None or step.way(End.REFUSED) is None:
        raise Refused(_("Bước này không có đường không giải quyết."))
    proposal = {"by": str(officer.id), "reason": clean(reason).strip(), "step": step.key, "at": clock.now().isoformat()}
    async with unit_of_work():
        await go(
            dossier,
            moves.PROPOSE,
            acting(officer),
            state=State.IN_PROCESS,
            changes={"proposal": msgspec.json.encode(proposal).decode(), "assignee": None, **_UNDECIDED},
            details={"step": step.key},
        )


async def decline_proposal(dossier: Dossier, officer: Officer, steps: tuple[Step, ...], note: str) -> None:
    """The signer sends a proposal to reject back; work goes on in the step it came from."""
    await check(dossier, moves.DECLINE_PROPOSAL, officer, steps)
    if not dossier.proposal:
        raise Refused(_("Hồ sơ không có đề nghị nào chờ quyết định."))
    proposal = msgspec.json.decode(dossier.proposal)
    async with unit_of_work():
        said = {"note": str(await write_note(dossier, officer, note, shown=False))} if note.strip() else {}
        await go(
            dossier,
            moves.DECLINE_PROPOSAL,
            acting(officer),
            state=State.IN_PROCESS,
            changes={"proposal": None, "assignee": UUID(proposal["by"])},
            details=said,
        )


async def reject(dossier: Dossier, officer: Officer, steps: tuple[Step, ...], reason: str) -> None:
    """The signer rejects in substance: agreeing with a proposal, or out of a step of their own that leads there.

    Raises:
        Invalid: no reason given.
        Refused: neither a proposal nor a way of the step allows it.
    """
    step = await check(dossier, moves.REJECT, officer, steps)
    own = (
        step is not None and step.way(End.REFUSED) is not None and moves.role_of(step) in officer.roles & moves.SIGNERS
    )
    if not dossier.proposal and not own:
        raise Refused(_("Chưa có đề nghị không giải quyết để quyết định."))
    need_reason(reason)
    now = clock.now()
    async with unit_of_work():
        said = await write_note(dossier, officer, reason, shown=True)
        await go(
            dossier,
            moves.REJECT,
            acting(officer),
            state=State.REJECTED,
            changes={"ended_at": now, "decided_at": now},
            details={"note": str(said)},
        )


async def forward(dossier: Dossier, officer: Officer, steps: tuple[Step, ...], where: str) -> None:
    """Send the dossier to the agency that is competent; the person is told where."""
    step = await check(dossier, moves.FORWARD, officer, steps)
    way_to(step, End.FORWARDED)
    if not where.strip():
        raise Invalid(_("Ghi tên cơ quan được chuyển đến."), {"where": _("Chưa ghi tên cơ quan.")})
    async with unit_of_work():
        said = await write_note(dossier, officer, where, shown=True)
        await go(
            dossier,
            moves.FORWARD,
            acting(officer),
            state=State.FORWARDED,
            changes={"ended_at": clock.now()},
            details={"note": str(said)},
        )


async def attach_result(
    dossier: Dossier,
    officer: Officer,
    steps: tuple[Step, ...],
    *,
    number: str,
    summary: str,
    file: Callable[[], Awaitable[UUID]] | None = None,
    instead_of: UUID | None = None,
) -> None:
    """Say what the procedure gave: a file, or number and words; an earlier result is kept as replaced.

    Args:
        number, summary: in words.
        file: keeps an uploaded file as part of the same unit of work and returns its id; None without one.
        instead_of: the result that stood when the officer looked, which this one replaces; None where there was none.

    Raises:
        Invalid: neither file nor words.
        Refused: not allowed, moved meanwhile, or a colleague attached a result first.
    """
    await check(dossier, moves.ATTACH_RESULT, officer, steps)
    if file is None and not (number.strip() or summary.strip()):
        raise Invalid(_("Chọn tệp kết quả, hoặc ghi số và nội dung kết quả."))
    now = clock.now()
    result = DossierResult(
        id=new_id(),
        agency=dossier.agency,
        dossier=dossier.id,
        number=clean(number).strip(),
        summary=clean(summary).strip(),
        attached_by=officer.id,
        attached_at=now,
    )
    async with unit_of_work():
        result.file = await file() if file else None
        await go(dossier, moves.ATTACH_RESULT, acting(officer), details={"result": str(result.id)})
        await _replace_result(dossier, instead_of, now)
        await DossierResult.insert(result)


async def _replace_result(dossier: Dossier, seen: UUID | None, now: datetime) -> None:
    """Mark the result that stands as replaced if it is the one that was seen; the dossier's row is locked by its move."""
    standing = await fetch_value(
        "select id from dossier_result where dossier = $1 and replaced_at is null for update", dossier.id
    )
    if standing != seen:
        raise Refused(await who_was_first(dossier.id, moves.ATTACH_RESULT, before_this=True))
    await execute("update dossier_result set replaced_at = $2 where id = $1", seen, now)


async def deliver(dossier: Dossier, officer: Officer, steps: tuple[Step, ...], how: str) -> None:
    """Hand the result over; the dossier ends.

    Args:
        how: `counter`, `post` or `electronic`.

    Raises:
        Refused: the step does not end here, or there is no result yet.
    """
    step = await check(dossier, moves.DELIVER, officer, steps)
    if step is None or step.way(End.RETURNED) is None:
        raise Refused(_("Chưa đến bước trả kết quả."))
    if how not in ("counter", "post", "electronic"):
        raise Invalid(_("Chọn cách trả kết quả."))
    if step is steps[-1] and len(steps) > 1:
        await _need_result(dossier)
    now = clock.now()
    changes = {"ended_at": now, "decided_at": dossier.decided_at or now, "issued_at": dossier.issued_at or now}
    async with unit_of_work():
        await go(
            dossier,
            moves.DELIVER,
            acting(officer),
            state=State.DELIVERED,
            changes=changes,
            details={"how": how, "step": step.key},
        )


async def note(dossier: Dossier, officer: Officer, steps: tuple[Step, ...], text: str, shown: bool) -> None:
    """Write a note on the dossier, for colleagues only or shown to the citizen, who is then told.

    Raises:
        Invalid: nothing was written.
    """
    await check(dossier, moves.NOTE, officer, steps)
    if not text.strip():
        raise Invalid(_("Chưa ghi gì. Viết ghi chú rồi lưu."), {"text": _("Chưa ghi gì.")})
    async with unit_of_work():
        made = await write_note(dossier, officer, text, shown)
        await go(dossier, moves.NOTE, acting(officer), details={"note": str(made), "shown": shown})
        if shown and dossier.account:
            await tell(
                dossier.account,
                "dossier.note",
                agency=dossier.agency,
                subject_kind=SUBJECT,
                subject=dossier.id,
                data={"code": dossier.code, "procedure": dossier.procedure_code},
            )


async def write_note(dossier: Dossier, officer: Officer, text: str, shown: bool) -> UUID:
    """Keep an officer's words on the dossier, inside the open unit of work; return the note's id."""
    made = new_id()
    await DossierNote.insert(
        DossierNote(
            id=made,
            agency=dossier.agency,
            dossier=dossier.id,
            officer=officer.id,
            text=clean(text).strip(),
            shown_to_citizen=shown,
            at=clock.now(),
        )
    )
    return made


def need_reason(reason: str) -> None:
    """Raise `Invalid` unless a reason of at least a word or two was given."""
    if len(reason.strip()) < 5:
        raise Invalid(_("Ghi lý do cụ thể để người nộp hiểu."), {"reason": _("Ghi lý do cụ thể.")})


def choices(dossier: Dossier, officer: Officer, steps: tuple[Step, ...]) -> list[Choice]:
    """Return what could be done with the dossier now, the likeliest first; what is barred says why."""
    step = current_step(dossier, steps)
    found: list[Choice] = []
    if dossier.state == State.RECEIVED and step:
        found.append(_choice(dossier, moves.TAKE_UP, officer, step))
    if dossier.state == State.SUBMITTED:
        found += [_choice(dossier, moves.RECEIVE, officer, step), _choice(dossier, moves.REFUSE, officer, step)]
    elif dossier.state in moves.OPEN and step:
        for way in step.next:
            if move := moves.move_for(way, step, first=False):
                found.append(_choice(dossier, move, officer, step, way))
    if dossier.proposal:
        found = [one for one in found if one.move is not moves.REJECT]
        found = [
            _choice(dossier, moves.REJECT, officer, step),
            _choice(dossier, moves.DECLINE_PROPOSAL, officer, step),
            *found,
        ]
    if dossier.state in moves.ATTACH_RESULT.sources:
        found.append(_choice(dossier, moves.ATTACH_RESULT, officer, step))
    if dossier.state in moves.OPEN:
        found.append(_choice(dossier, moves.ASSIGN, officer, step))
    found.append(_choice(dossier, moves.NOTE, officer, step))
    written = [moves.FOREIGN_CODE, moves.WITHDRAW_CODE, *(moves.ON_FEES if claims_of(dossier) else ())]
    found += [_choice(dossier, one, officer, step) for one in written if not barred(dossier, one, officer, step)]
    return sorted(found, key=lambda choice: bool(choice.barred))


def _choice(dossier: Dossier, move: Move, officer: Officer, step: Step | None, way: Way | None = None) -> Choice:
    return Choice(move, way.label if way else _(move.label), way, barred(dossier, move, officer, step))
