"""A draft's verbs: save, bring up to date, take files, prepare for the counter, reopen, discard."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

from backend.dossiers import codes, moves
from backend.dossiers.beginning import channel_for
from backend.dossiers.filling import MOVED, Draft, facts_for, owned, steps_of
from backend.dossiers.intake import owner
from backend.dossiers.lifecycle import citizen, go
from backend.dossiers.slots import SUBJECT
from backend.dossiers.tables import ChannelOfFiling, Dossier, State
from backend.dossiers.terms import Filed, case_of, kept_answers, packed
from backend.files.queries import files_of
from backend.files.uploads import remove
from backend.forms.answers import carry_over, visible_answers
from backend.forms.paths import Answers, find, put
from backend.forms.receiving import Received, receive
from backend.forms.steps import Step, all_steps
from backend.kit import clock
from backend.kit.database import execute, fetch_value, unit_of_work
from backend.kit.errors import NotFound, Refused
from backend.kit.language import _
from backend.kit.text import fold
from backend.procedures.choices import unit_choices
from backend.procedures.definition import Channel
from backend.procedures.queries import current, form_of, version_of

LONGEST = 1_000_000
"""Characters of all answers of one draft; two hundred workers with ten answers each are a tenth of it."""


async def bring_up_to_date(row: Dossier) -> Dossier:
    """Move a draft to the version in force and to the channel that is open; return it as it stands then.

    Answers are mapped by path; what finds no place is kept beside them and shown to the person.
    """
    if row.state != State.DRAFT:
        return row
    published = await current(row.procedure_code)
    if published is None:
        return row
    try:
        channel = await channel_for(row.agency, published.version, row.channel)
    except Refused:
        return row  # no way to file is open just now: the review says so
    if published.version_id == row.version and channel == row.channel:
        return row
    choices = await unit_choices(row.agency)
    async with unit_of_work():
        answers = kept_answers(await locked(row.id))
        before = answers.pop(MOVED, {})
        carried, left = carry_over(answers, form_of(published.version, Channel(channel)), choices)
        if published.version_id != row.version or left:
            carried[MOVED] = {"left": {**before.get("left", {}), **left}, "told": False}
        await execute(
            "update dossier set answers = $2, version = $3, channel = $4, revision = revision + 1 where id = $1",
            row.id,
            packed(carried),
            published.version_id,
            str(channel),
        )
        return await locked(row.id)


async def locked(draft: UUID) -> Dossier:
    """Return the draft's row, locked in the open unit of work.

    Raises:
        NotFound: it is no draft (any more).
    """
    await fetch_value("select 1 from dossier where id = $1 for update", draft)
    row = await Dossier.objects().get(Dossier.id == draft)
    # What was prepared is for the officer who opened it at the counter to mend, and for nobody else.
    opened_there = row is not None and row.state == State.PREPARED and row.assignee is not None
    if row is None or not (row.state == State.DRAFT or opened_there):
        raise NotFound(_("Bản nháp này đã nộp hoặc đã xóa."))
    return row


async def save(draft: Draft, key: str, pairs: Iterable[tuple[str, Any]]) -> Received:
    """Keep what a page of the form says, laid over what is kept by now; return what came of it.

    Args:
        draft: as it was opened.
        key: of the step that was shown. Should the form have no such step any more, every answer still finds its place.
        pairs: names and values as posted.

    Raises:
        NotFound: it was filed or discarded meanwhile.
    """
    given = list(pairs)
    known = [step for step in all_steps(draft.form) if step.key == key]
    async with unit_of_work():
        row = await locked(draft.id)
        kept = kept_answers(row)
        received = _received(known or all_steps(draft.form), given, kept, draft)
        if received.dirty:
            row = await written(row, draft, received.answers)
    draft.row, draft.answers = row, received.answers
    draft.facts = msgspec.structs.replace(draft.facts, case=case_of(received.answers))
    return received


def _received(steps: list[Step], given: list[tuple[str, Any]], kept: Answers, draft: Draft) -> Received:
    received = receive(steps[0], given, kept, draft.choices, draft.facts)
    for step in steps[1:]:
        more = receive(step, given, received.answers, draft.choices)
        received = msgspec.structs.replace(
            more,
            conflicts=[*received.conflicts, *more.conflicts],
            changed=[*received.changed, *more.changed],
        )
    return received


async def written(row: Dossier, draft: Draft, answers: Answers) -> Dossier:
    """Write a locked draft's answers; return the row as it is then.

    Raises:
        Refused: they are longer than any form could be.
    """
    text = packed(answers)
    if len(text) > LONGEST:
        raise Refused(_("Tờ khai này dài quá, không lưu thêm được. Bớt chữ rồi lưu lại."))
    name, phone = owner(Filed(row, draft.version, draft.form, answers, draft.facts))
    await execute(
        "update dossier set answers = $2, revision = revision + 1, updated_at = $3, owner_name = $4, owner_search = $5, "
        "owner_phone = $6 where id = $1",
        row.id,
        text,
        clock.now(),
        name,
        fold(name),
        phone,
    )
    row.revision += 1
    row.answers = text
    return row


async def go_on(draft: Draft, step: int) -> None:
    """Remember how far the person came, and that a change of version was told."""
    answers = draft.answers
    if draft.moved_untold:
        answers[MOVED]["told"] = True
    await execute(
        "update dossier set saved_step = $2, answers = case when $3 then $4::jsonb else answers end "
        "where id = $1 and state = $5 and revision = $6",
        draft.id,
        step,
        MOVED in answers,
        packed(answers),
        str(State.DRAFT),
        draft.row.revision,
    )


async def put_answer(draft: Draft, path: str, change: Any) -> None:
    """Change one answer of a draft inside the open unit of work: `change` is given the present one, locked.

    Raises:
        NotFound: it was filed or discarded meanwhile.
    """
    row = await locked(draft.id)
    answers = kept_answers(row)
    put(answers, path, change(find(answers, path)))
    draft.row, draft.answers = await written(row, draft, answers), answers


async def discard(account: UUID, draft: UUID) -> None:
    """Delete a draft and everything handed in for it: nothing of it was ever filed.

    Raises:
        NotFound: it is not there, filed already, or somebody else's.
    """
    row = await owned(account, draft)
    async with unit_of_work():
        # A file that is just being handed in waits for the lock and then finds no draft.
        await fetch_value("select 1 from dossier where id = $1 for update", row.id)
        for file in await files_of(SUBJECT, row.id):
            await remove(file.id)
        gone = await execute(
            "delete from dossier where id = $1 and account = $2 and state = any($3)",
            row.id,
            account,
            [str(state) for state in moves.PRIVATE],
        )
        if not gone:
            raise NotFound(_("Bản nháp này đã nộp hoặc đã xóa."))


async def prepare(draft: Draft) -> str:
    """Get a draft ready for the counter; return the code by which it is opened there.

    Raises:
        Refused: it is filed online, or was prepared already.
    """
    row = draft.row
    if draft.online:
        raise Refused(_("Hồ sơ này nộp được trên mạng, không cần đến quầy."))
    code = row.prepared_code or codes.new_secret()
    assert row.account is not None
    async with unit_of_work():
        await go(
            row,
            moves.PREPARE,
            citizen(row.account, row.owner_name),
            state=State.PREPARED,
            changes={"prepared_code": code},
        )
    return code


async def reopen(account: UUID, draft: UUID) -> None:
    """Open what was prepared for changes again; its code stays.

    Raises:
        NotFound: it is not there or somebody else's.
        Refused: it is no longer waiting for the counter.
    """
    row = await owned(account, draft)
    if row.assignee:
        raise Refused(_("Cán bộ đang mở hồ sơ này tại quầy."))
    async with unit_of_work():
        await go(row, moves.REOPEN, citizen(account, row.owner_name), state=State.DRAFT)


async def progress(row: Dossier) -> tuple[int, int]:
    """Return (step the person came to, steps in all) of a draft, for lists."""
    version = await version_of(row.version)
    form = form_of(version, Channel(row.channel))
    answers = kept_answers(row)
    facts = await facts_for(row, answers, [], clock.now())
    online = row.channel == ChannelOfFiling.ONLINE
    steps = steps_of(form, visible_answers(form, answers, facts), facts, online, online)
    total = len(steps) + (2 if online else 1)
    return min(row.saved_step, total), total
