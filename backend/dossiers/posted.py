"""A page of a draft as it comes back: texts and files kept, and the step to show again, for the citizen and at the counter."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Response
from litestar.datastructures import UploadFile

from backend.dossiers import attaching, drafts, slots
from backend.dossiers.filling import Draft
from backend.forms.answers import visible_answers
from backend.forms.controls import StepView
from backend.forms.paths import Answers, find, put
from backend.forms.reading import TABLE
from backend.forms.receiving import DO, Received, saved_reply
from backend.forms.rendering import step_view
from backend.forms.sheet import LARGEST_TABLE_FILE, text_of_file
from backend.forms.steps import Step
from backend.forms.validation import Finding, Findings, validate
from backend.kit.errors import NotFound, Problem
from backend.kit.language import _
from backend.kit.pages import AnyRequest

UPLOADS_AT_ONCE = 120_000_000
"""Bytes of one post with files; each file is held to its paper's own limit while it streams in."""

Pairs = list[tuple[str, Any]]


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a posted step.

    Args:
        step: that was posted, None when the form has no such step any more.
        view: the step to show again; None when the person goes on.
        status: to show it with.
    """

    step: Step | None
    view: StepView | None = None
    status: int = 200


async def posted_pairs(request: AnyRequest) -> Pairs:
    """Return what a form posted, texts and files, in order."""
    return [(name, await _as_posted(name, value)) for name, value in (await request.form()).multi_items()]


async def _as_posted(name: str, value: Any) -> Any:
    """A table for a repeated group is text, whether its file is chosen or its rows are pasted."""
    if not name.startswith(TABLE) or not isinstance(value, UploadFile):
        return value
    return text_of_file(await value.read(LARGEST_TABLE_FILE))


def files_among(pairs: Pairs) -> list[tuple[str, UploadFile]]:
    """Return the files that were chosen: a file input left empty posts one without a name."""
    return [(name, value) for name, value in pairs if isinstance(value, UploadFile) and value.filename]


def doing(pairs: Pairs) -> tuple[str, str]:
    """Return what the pressed button asks for and on what: ("remove-file", id)."""
    value = next((value for name, value in reversed(pairs) if name == DO and isinstance(value, str)), "")
    action, _colon, target = value.partition(":")
    return action, target


def file_id(text: str) -> UUID:
    """Return the file a button names. Raises `NotFound` when it is no id."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(_("Tệp này không còn.")) from None


def shown_step(draft: Draft, key: str, number: int) -> Step | None:
    """The step that was posted: by its key; its number may have changed with other answers."""
    return next((step for step in draft.steps if step.key == key), None) or (None if key else draft.step(number))


async def keep(draft: Draft, key: str, number: int, pairs: Pairs) -> Kept:
    """Keep a posted step; nothing wrong with it means that the person goes on.

    Raises:
        NotFound: the draft was filed or discarded meanwhile.
    """
    step = shown_step(draft, key, number)
    received = await drafts.save(draft, step.key if step else key, pairs)
    refused = await _take_files(draft, pairs)
    if step is None:
        return Kept(step=None)
    step = shown_step(draft, step.key, number) or step
    if refused or received.conflicts or received.stays:
        findings = Findings(errors=refused, warnings=[]) if refused else None
        refused_table = received.table is not None and bool(received.table.mistakes)
        status = 422 if refused or refused_table else 409 if received.conflicts else 200
    else:
        findings = validate(draft.form, draft.answers, draft.facts, draft.choices, step)
        if findings.fine and not findings.unseen(received.seen):
            return Kept(step=step)
        status = 200 if findings.fine else 422
    shown = _with_files(draft, received.shown)
    return Kept(step=step, view=view_of(draft, step, shown, received, findings), status=status)


async def save_typed(draft: Draft, key: str, number: int, pairs: Pairs) -> Response[Any]:
    """Keep what changed on a page while it is being typed; answer in JSON what the page needs to go on.

    Raises:
        NotFound: the draft was filed or discarded meanwhile.
    """
    step = shown_step(draft, key, number)
    received = await drafts.save(draft, step.key if step else key, pairs)
    reply = saved_reply(received, draft.row.revision, draft.choices)
    return Response(reply, status_code=409 if received.conflicts else 200, media_type="application/json")


async def _take_files(draft: Draft, pairs: Pairs) -> list[Finding]:
    """Take in the files that came with a step, or take one back; return what is wrong with them."""
    refused = []
    for path, upload in files_among(pairs):
        try:
            await attaching.attach(draft, path, upload)
        except Problem as problem:
            field = attaching.question_at(draft, path)
            refused.append(Finding(path=path, label=field.label, text=problem.sentence))
    action, target = doing(pairs)
    if action == "remove-file":
        await attaching.detach(draft, file_id(target))
    draft.facts = msgspec.structs.replace(draft.facts, files=slots.facts_of(draft.files))
    return refused


def _with_files(draft: Draft, shown: Answers) -> Answers:
    """What is shown, with the files as they stand now."""
    for path, _field in slots.file_questions(draft.form, draft.answers):
        put(shown, path, find(draft.answers, path))
    return shown


def view_of(
    draft: Draft, step: Step, shown: Answers, received: Received | None = None, findings: Findings | None = None
) -> StepView:
    """Return a step of a draft for its page.

    Args:
        draft: as it stands now.
        step: one of its steps.
        shown: the answers to show, typed ones too.
        received: what came of a post, whose conflicts and focus are shown.
        findings: mistakes and warnings to show.
    """
    return step_view(
        draft.form,
        step,
        shown,
        visible_answers(draft.form, shown, draft.facts),
        draft.facts,
        draft.choices,
        kept=draft.answers,
        version=draft.row.revision,
        findings=findings,
        conflicts=received.conflicts if received else (),
        focus=received.focus if received else "",
        table=received.table if received else None,
    )


def pledge_view(draft: Draft, wrong: list[Finding]) -> StepView | None:
    """Return the pledge for the page it is ticked on, with its mistakes; None for a form without one."""
    if draft.pledge is None:
        return None
    return view_of(draft, draft.pledge, draft.answers, findings=Findings(errors=wrong, warnings=[]))


def accepted(control: Any) -> str:
    """Return what a control for files takes, as its input says it."""
    return ",".join(slots.rule_of_question(control.field).accepts)
