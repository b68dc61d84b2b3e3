"""Filing and intake: submitted by the citizen, then received or refused by the office, or both at once at the counter."""

from collections.abc import Collection
from uuid import UUID

from backend.agencies.calendars import calendar_of
from backend.agencies.officers import Officer
from backend.agencies.queries import agency_by_id
from backend.dossiers import codes, issuing, moves
from backend.dossiers.deadlines import intake_by
from backend.dossiers.exemptions import keep_fees
from backend.dossiers.lifecycle import Actor, acting, check, citizen, go, write_note
from backend.dossiers.slots import SUBJECT, discard_unasked
from backend.dossiers.tables import ChannelOfFiling, Dossier, FeesCause, PaperForm, State, StateOwner
from backend.dossiers.terms import Filed, case_of, counted, frozen, outcome_of, packed, read
from backend.dossiers.work_search import number_print
from backend.files.queries import files_of
from backend.forms.paths import find
from backend.kit import clock
from backend.kit.database import fetch_value, unit_of_work
from backend.kit.errors import Invalid, Refused
from backend.kit.jobs import enqueue
from backend.kit.language import _
from backend.kit.seal import seal, unseal
from backend.kit.text import clean, fold
from backend.procedures.choices import unit_choices
from backend.procedures.offerings import offering_of
from backend.procedures.outcome import Outcome
from backend.procedures.tables import Connection
from backend.procedures.workflow import Step

# The first section asks for one person, or for several of whom the first stands for all.
_WHO = ("submitter", "submitter.people.0.person")
_ACCEPTING = ("accepted", "received")


async def submit(dossier: Dossier, by: Actor, account: UUID | None = None) -> str:
    """File a draft, or give the code it has if a retry or a second press finds it filed.

    Args:
        dossier: the draft or what was prepared.
        by: the citizen, or the officer at the counter.
        account: whose it becomes by being filed, where it was nobody's.

    Raises:
        Refused: it can no longer be filed.
    """
    try:
        return dossier.code or await _submit(dossier, by, account)
    except Refused:
        now_there = await Dossier.objects().get(Dossier.id == dossier.id)
        if now_there is None or now_there.code is None:
            raise
        return now_there.code


async def _submit(dossier: Dossier, by: Actor, account: UUID | None) -> str:
    """File a draft: the code is given, fees and papers are frozen; filed online, the acknowledgement is issued.

    Whether the form is complete and its papers are there is asked before (`drafts.faults`).

    Args:
        dossier: the draft or what was prepared.
        by: the citizen, or the officer at the counter.
        account: whose it becomes, where it was nobody's.

    Returns:
        The dossier code.

    Raises:
        Refused: it is neither a draft nor filed by this person.
    """
    now = clock.now()
    filed = await read(dossier, now)
    outcome = await outcome_of(filed, now, accepted=True)
    agency = await agency_by_id(dossier.agency)
    answer_by = intake_by(now, await calendar_of(dossier.agency), agency.intake_hours)
    secret, token = codes.new_secret(), codes.new_token()
    name, phone = owner(filed)
    connection = (await offering_of(dossier.agency, dossier.procedure_code)).connection
    async with unit_of_work():
        await _as_it_was_read(dossier)
        await _papers_are_there(dossier, outcome)
        code = str(await codes.next_code(dossier.agency, agency.code))
        # Whose it is holds with the filing or not at all: a draft at the counter is never in a citizen's hands.
        dossier.account = dossier.account or account
        changes = {
            "code": code,
            "account": dossier.account,
            "case_key": case_of(filed.answers),
            "connection": str(connection),
            # Through another system's door its word on the state holds (domain.md §1).
            "state_owner": str(StateOwner.OURS if connection is Connection.LOCAL else StateOwner.FOREIGN),
            # What is hidden is not kept: from here on only what counts is there.
            "answers": packed(filed.answers),
            "owner_name": name,
            "owner_search": fold(name),
            "owner_phone": phone,
            "owner_number": owner_number(filed),
            "submitted_at": now,
            "intake_due_at": answer_by,
            "expected_at": outcome.expected,
            "fees": frozen(outcome.fees),
            "fee_total": outcome.total_vnd,
            "papers": frozen(outcome.papers),
            "slip_secret": seal(secret),
            "tracking_token": seal(token),
            "tracking_hash": codes.hash_of(token),
        }
        await go(
            dossier, moves.SUBMIT, by, state=State.SUBMITTED, changes=changes, details={"channel": dossier.channel}
        )
        await discard_unasked(dossier.id, filed.form, filed.answers, outcome.papers)
        await keep_fees(dossier, outcome.fees, FeesCause.FILED)
        # At the counter form 01 is handed over at once: there is nothing to acknowledge.
        if dossier.channel == ChannelOfFiling.ONLINE:
            paper = await issuing.acknowledgement(
                filed, outcome, code=code, now=now, answer_by=answer_by, token=token, secret=secret
            )
            await issuing.issue(dossier, PaperForm.ACKNOWLEDGEMENT, paper)
        await enqueue("dossiers.intake_due", {"dossier": str(dossier.id)}, key=f"intake-{dossier.id}", at=answer_by)
    return code


async def _as_it_was_read(dossier: Dossier) -> None:
    """Lock the draft and see that no save of another tab came between reading and filing."""
    same = await fetch_value(
        "select revision = $2 and counter = $3::jsonb from dossier where id = $1 for update",
        dossier.id,
        dossier.revision,
        dossier.counter,
    )
    if not same:
        raise Refused(_("Bản nháp vừa được sửa ở nơi khác. Xem lại rồi nộp."))


async def _papers_are_there(dossier: Dossier, outcome: Outcome) -> None:
    """See under the lock that every paper that must be handed in still is: taking a file back saves no answer."""
    given = {file.slot for file in await files_of(SUBJECT, dossier.id)}
    if dossier.channel != ChannelOfFiling.ONLINE:
        given |= counted(dossier).keys()
    if any(paper.to_hand_in and paper.id not in given for paper in outcome.papers):
        raise Refused(_("Giấy tờ vừa được sửa ở nơi khác. Xem lại rồi nộp."))


def owner(filed: Filed) -> tuple[str, str]:
    """Return name and phone number of whose dossier it is: what the first section says, else what the draft knows."""
    name, phone = (
        next((said for place in _WHO if isinstance(said := find(filed.answers, f"{place}.{key}"), str)), None)
        for key in ("full_name", "phone")
    )
    return name or filed.dossier.owner_name, phone or filed.dossier.owner_phone


def owner_number(filed: Filed) -> bytes | None:
    """Return the fingerprint of the personal number the first section says, by which officers find the dossier."""
    said = next((one for place in _WHO if isinstance(one := find(filed.answers, f"{place}.id_number"), str)), None)
    return number_print(said) if said else None


def first_step_after(steps: tuple[Step, ...]) -> Step:
    """Return where a received dossier goes: the one step the intake's acceptance leads to, else it stays at intake."""
    ways = [way for way in steps[0].next if way.end is None and way.outcome in _ACCEPTING]
    if len(ways) != 1:
        return steps[0]
    return next(step for step in steps if step.key == ways[0].to)


async def receive(dossier: Dossier, officer: Officer, picked: Collection[int] = (), reason: str = "") -> None:
    """Receive a dossier: the clock starts, the due moment is fixed, form 01 is issued under the same code.

    Args:
        dossier: as submitted.
        officer: a receptionist of its agency.
        picked: places of the time limit's exceptions that hold in the officer's judgement.
        reason: why, where any is picked.

    Raises:
        Refused: not allowed, or somebody was first.
        Invalid: an exception is picked without a reason.
    """
    now = clock.now()
    filed = await read(dossier, now)
    steps = filed.procedure.steps
    await check(dossier, moves.RECEIVE, officer, steps)
    if picked and len(reason.strip()) < 5:
        raise Invalid(_("Ghi lý do kéo dài thời hạn."), {"reason": _("Ghi lý do kéo dài thời hạn.")})
    outcome = await outcome_of(filed, now, picked, accepted=True)
    step = first_step_after(steps)
    token, secret = unseal(dossier.tracking_token or ""), unseal(dossier.slip_secret or "")
    choices = await unit_choices()
    async with unit_of_work():
        said = {"note": str(await write_note(dossier, officer, reason, shown=False))} if picked else {}
        await go(
            dossier,
            moves.RECEIVE,
            acting(officer),
            state=State.RECEIVED,
            changes={"received_at": now, "due_at": outcome.expected, "step": step.key, "assignee": None},
            details={
                "due": outcome.expected.isoformat() if outcome.expected else None,
                "step": steps[0].key,
                "next": step.key,
                "picked": sorted(picked),
                **said,
            },
        )
        number = await issuing.next_number(dossier, PaperForm.FORM_01)
        paper = await issuing.form_01(
            filed, outcome, officer, choices, now=now, number=number, token=token, secret=secret
        )
        await issuing.issue(dossier, PaperForm.FORM_01, paper, number=number, by=officer.id)


async def refuse(dossier: Dossier, officer: Officer, reason: str) -> None:
    """Refuse intake with a concrete reason; form 03 is issued and the dossier ends.

    Raises:
        Refused: not allowed, or somebody was first.
        Invalid: no reason.
    """
    now = clock.now()
    filed = await read(dossier, now)
    await check(dossier, moves.REFUSE, officer, filed.procedure.steps)
    if len(reason.strip()) < 5:
        raise Invalid(_("Ghi lý do cụ thể để người nộp hiểu."), {"reason": _("Ghi lý do cụ thể.")})
    choices = await unit_choices()
    async with unit_of_work():
        said = await write_note(dossier, officer, reason, shown=True)
        await go(
            dossier,
            moves.REFUSE,
            acting(officer),
            state=State.REFUSED,
            changes={"ended_at": now},
            details={"note": str(said)},
        )
        number = await issuing.next_number(dossier, PaperForm.FORM_03)
        paper = await issuing.form_03(filed, officer, choices, now=now, number=number, reason=clean(reason).strip())
        await issuing.issue(dossier, PaperForm.FORM_03, paper, number=number, by=officer.id)


async def file_by_citizen(dossier: Dossier, account: UUID) -> str:
    """File a citizen's own draft. Raises `Refused` when it is somebody else's or was only prepared for the counter."""
    if dossier.account != account:
        raise Refused(_("Không nộp được hồ sơ này."))
    return await submit(dossier, citizen(account, dossier.owner_name))


async def file_at_counter(
    dossier: Dossier, officer: Officer, picked: Collection[int] = (), reason: str = "", account: UUID | None = None
) -> str:
    """File and receive at the counter, from the same definition: two moves, one visit.

    `account` is the verified person's whose dossier it becomes, where it was nobody's. The two are units of their own:
    should the second fail, the dossier stands submitted and can be received.
    """
    code = await submit(dossier, acting(officer), account)
    again = await Dossier.objects().get(Dossier.id == dossier.id)
    if again is not None and again.state == State.SUBMITTED:
        await receive(again, officer, picked, reason)
    return code


async def filed_of(dossier: Dossier) -> Filed:
    """Return the dossier with its version, read as of now."""
    return await read(dossier, clock.now())
