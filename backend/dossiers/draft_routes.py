"""A draft's pages up to the papers: begun, filled step by step, saved as it is typed, gone on with, discarded."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from backend.accounts.guards import signed_in
from backend.accounts.profiles import profile
from backend.accounts.viewer import Viewer
from backend.agencies.choosing import current_commune
from backend.dossiers import attaching, drafts, slots
from backend.dossiers.beginning import begin
from backend.dossiers.choices import communes_in
from backend.dossiers.filling import Draft, opened, owned
from backend.dossiers.tables import Dossier, State
from backend.forms.answers import visible_answers
from backend.forms.paths import find, put
from backend.forms.prefill import prefill
from backend.forms.receiving import DO, Received, saved_reply
from backend.forms.rendering import step_view
from backend.forms.steps import Step
from backend.forms.validation import Finding, Findings, validate
from backend.kit.access import anyone
from backend.kit.errors import NotFound, Problem
from backend.kit.language import _
from backend.kit.pages import AnyRequest, page, see
from backend.procedures.queries import current

UPLOADS_AT_ONCE = 120_000_000
"""Bytes of one post with files; each file is held to its paper's own limit while it streams in."""

Key = Annotated[str, QueryParameter(name="phan", max_length=80)]
Pairs = list[tuple[str, Any]]


def path_of(draft: UUID, rest: str = "") -> str:
    """Return an address of a draft: `path_of(id, "xem-lai")`."""
    return f"/nop/{draft}/{rest}" if rest else f"/nop/{draft}"


async def elsewhere(request: AnyRequest) -> Response[str] | None:
    """Lead away from a draft's pages once it was prepared or filed: Back, a bookmark, a second press."""
    viewer = request.user
    row = await Dossier.objects().get(Dossier.id == request.path_params["draft"])
    if row is None or row.account != viewer.account_id:
        return None
    if row.code:
        return see(request, f"/ho-so/{row.code}/da-nop")
    return see(request, path_of(row.id, "den-quay")) if row.state == State.PREPARED else None


async def opened_for(viewer: Viewer, draft: UUID) -> Draft:
    """Return the person's draft, brought up to date. Raises `NotFound`."""
    return await opened(await drafts.bring_up_to_date(await owned(viewer.account_id, draft)))


async def posted_pairs(request: AnyRequest) -> Pairs:
    """Return what a form posted, texts and files, in order."""
    return list((await request.form()).multi_items())


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


@post("/thu-tuc/{address:str}/nop", guards=[signed_in], status_code=303)
async def begin_draft(request: AnyRequest, address: FromPath[str], viewer: NamedDependency[Viewer]) -> Response[str]:
    """Begin a draft with the checklist's answers, and lead to its first step."""
    published = await current(address[-8:])
    if published is None:
        raise NotFound(_("Không có thủ tục này. Tìm lại ở trang Thủ tục."))
    pairs = await posted_pairs(request)
    wanted = next((value for name, value in pairs if name == "cach" and isinstance(value, str)), "")
    made = await begin(viewer.account_id, await current_commune(request), published, pairs, wanted)
    return see(request, path_of(made, "buoc/1"))


@get("/nop/danh-sach-xa", guards=[anyone])
async def list_communes(
    request: AnyRequest, province: Annotated[str, QueryParameter(name="province", max_length=10)] = ""
) -> Response[str]:
    """Return the communes of a province as options, for a list that depends on another."""
    return page(request, "dossiers/communes.html", options=await communes_in(province))


@get("/")
async def go_on_with_draft(
    request: AnyRequest, draft: FromPath[UUID], viewer: NamedDependency[Viewer]
) -> Response[str]:
    """Lead to where the person left off, on whatever device."""
    found = await opened_for(viewer, draft)
    return see(request, path_of(draft, address_after(found, found.row.saved_step - 1)))


def address_after(draft: Draft, number: int) -> str:
    """Return the address of what comes after step `number`: another step, the papers, the review."""
    if number < len(draft.steps):
        return f"buoc/{max(1, number + 1)}"
    return "giay-to" if draft.papers and number == len(draft.steps) else "xem-lai"


@get("/buoc/{number:int}")
async def show_step(
    request: AnyRequest, draft: FromPath[UUID], number: FromPath[int], viewer: NamedDependency[Viewer]
) -> Response[str]:
    """Show one step of the form, what is known filled in."""
    found = await opened_for(viewer, draft)
    step = found.step(number)
    if step is None:
        return see(request, path_of(draft, address_after(found, number - 1)))
    known = await profile(viewer.account_id)
    shown = prefill(found.form, found.answers, known, found.facts, found.choices, only=list(step.fields))
    return _step_page(request, found, step, shown)


def _step_page(
    request: AnyRequest,
    draft: Draft,
    step: Step,
    shown: dict[str, Any],
    *,
    received: Received | None = None,
    findings: Findings | None = None,
    status: int = 200,
) -> Response[str]:
    view = step_view(
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
    )
    return page(
        request,
        "dossiers/step.html",
        status=status,
        draft=draft,
        view=view,
        saved=shown == draft.answers and draft.row.revision > 1,
        step=step,
        base=path_of(draft.id),
        back=path_of(draft.id, f"buoc/{step.number - 1}") if step.number > 1 else f"/thu-tuc/{draft.version.slug}",
        accepted=lambda control: _accepted(control.field),
    )


def _accepted(field: Any) -> str:
    return ",".join(slots.rule_of_question(field).accepts)


def shown_step(draft: Draft, key: str, number: int) -> Step | None:
    """The step that was posted: by its key; its number may have changed with other answers."""
    return next((step for step in draft.steps if step.key == key), None) or (None if key else draft.step(number))


@post("/buoc/{number:int}", status_code=200, request_max_body_size=UPLOADS_AT_ONCE)
async def keep_step(
    request: AnyRequest, draft: FromPath[UUID], number: FromPath[int], viewer: NamedDependency[Viewer], key: Key = ""
) -> Response[str]:
    """Keep a step; go on when nothing on it is wrong, else show it again with all its mistakes."""
    found = await opened_for(viewer, draft)
    step = shown_step(found, key, number)
    pairs = await posted_pairs(request)
    received = await drafts.save(found, step.key if step else key, pairs)
    refused = await take_files(found, pairs)
    if step is None:
        return see(request, path_of(draft, address_after(found, number - 1)))
    step = shown_step(found, step.key, number) or step
    shown = with_files(found, received.shown)
    if refused or received.conflicts or received.stays:
        findings = Findings(errors=refused, warnings=[]) if refused else None
        status = 422 if refused else 409 if received.conflicts else 200
        return _step_page(request, found, step, shown, received=received, findings=findings, status=status)
    findings = validate(found.form, found.answers, found.facts, found.choices, step)
    if not findings.fine or findings.unseen(received.seen):
        status = 200 if findings.fine else 422
        return _step_page(request, found, step, shown, received=received, findings=findings, status=status)
    await drafts.go_on(found, step.number + 1)
    return see(request, path_of(draft, address_after(found, step.number)))


async def take_files(draft: Draft, pairs: Pairs) -> list[Finding]:
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


def with_files(draft: Draft, shown: dict[str, Any]) -> dict[str, Any]:
    """What is shown, with the files as they stand now."""
    for path, _field in slots.file_questions(draft.form, draft.answers):
        put(shown, path, find(draft.answers, path))
    return shown


@post("/buoc/{number:int}/luu", status_code=200)
async def save_as_typed(
    request: AnyRequest, draft: FromPath[UUID], number: FromPath[int], viewer: NamedDependency[Viewer], key: Key = ""
) -> Response[Any]:
    """Keep what changed on a page while it is being typed; answers in JSON."""
    found = await opened(await owned(viewer.account_id, draft))
    step = shown_step(found, key, number)
    received = await drafts.save(found, step.key if step else key, await posted_pairs(request))
    reply = saved_reply(received, found.row.revision, found.choices)
    return Response(reply, status_code=409 if received.conflicts else 200, media_type="application/json")


@get("/xoa")
async def ask_to_discard(request: AnyRequest, draft: FromPath[UUID], viewer: NamedDependency[Viewer]) -> Response[str]:
    """Ask before a draft is deleted: nobody brings it back."""
    found = await opened_for(viewer, draft)
    return page(request, "dossiers/discard.html", draft=found, base=path_of(draft))


@post("/xoa", status_code=303)
async def discard_draft(request: AnyRequest, draft: FromPath[UUID], viewer: NamedDependency[Viewer]) -> Response[str]:
    """Delete a draft and what was handed in for it."""
    await drafts.discard(viewer.account_id, draft)
    return see(request, "/ho-so")


handlers = [go_on_with_draft, show_step, keep_step, save_as_typed, ask_to_discard, discard_draft]
outside = [begin_draft, list_communes]
