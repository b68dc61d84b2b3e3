"""The counter: a dossier begun or opened by code, its form step by step, papers counted, received, the slip printed."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, QueryParameter

from backend.agencies.frame import staff_frame
from backend.agencies.guards import officer_with, provide_officer
from backend.agencies.officers import Officer
from backend.agencies.tables import Role
from backend.dossiers import attaching, counter, drafts, slots
from backend.dossiers.counter_view import counter_view, counts_reply
from backend.dossiers.desk import picks_of
from backend.dossiers.filling import Draft
from backend.dossiers.issuing import tracking
from backend.dossiers.officer_inputs import Chosen, Prepared, Scanned
from backend.dossiers.posted import (
    UPLOADS_AT_ONCE,
    Pairs,
    accepted,
    doing,
    file_id,
    files_among,
    keep,
    posted_pairs,
    save_typed,
    view_of,
)
from backend.dossiers.queries import dossier_for_officer
from backend.dossiers.tables import Dossier, State
from backend.dossiers.terms import fees_of
from backend.files.checks import accepted_names
from backend.forms.controls import StepView
from backend.forms.receiving import WAS, stamps_of
from backend.forms.steps import Step
from backend.kit import qr
from backend.kit.edge import permissions
from backend.kit.errors import Invalid, NotFound, Problem, Refused
from backend.kit.language import _
from backend.kit.pages import AnyRequest, page, see
from backend.kit.seal import unseal
from backend.procedures.queries import current, index, several
from backend.procedures.search import marked
from backend.procedures.words import sum_words

PATH = "/can-bo/quay"
FORM = Body(media_type=RequestEncodingType.URL_ENCODED)
RECEPTIONIST = officer_with(Role.RECEPTIONIST)
_HITS = 8

Key = Annotated[str, QueryParameter(name="phan", max_length=80)]
Asking = NamedDependency[Officer]


def path_of(draft: UUID, rest: str = "") -> str:
    """Return an address of a dossier at the counter."""
    return f"{PATH}/{draft}/{rest}" if rest else f"{PATH}/{draft}"


async def elsewhere(request: AnyRequest) -> Response[str] | None:
    """Lead away from a dossier's counter pages once it was filed: Back, a second press."""
    officer = await provide_officer(request)
    row = await Dossier.objects().get(Dossier.id == request.path_params["draft"])
    if row is None or not row.code or row.agency != officer.agency_id:
        return None
    return see(request, f"/can-bo/ho-so/{row.code}" if row.state == State.SUBMITTED else f"{PATH}/xong/{row.code}")


async def _start(
    request: AnyRequest, officer: Officer, *, text: str = "", code: str = "", problem: Problem | None = None
) -> Response[str]:
    catalogue = await index()
    found = catalogue.search(text)
    hits = [hit for hit in found.hits if "counter" in hit.channels][:_HITS]
    published = await several([hit.code for hit in hits])
    return page(
        request,
        "dossiers/staff/counter.html",
        block="hits",
        status=problem.status if problem else 200,
        **staff_frame(officer),
        q=text,
        code=code,
        sentence=problem.sentence if problem else "",
        hits=[(hit, marked(hit.plain_name, found.words), published[hit.code].version.field.name) for hit in hits],
        waiting=await counter.waiting(officer),
    )


@get(PATH, guards=[RECEPTIONIST])
async def show_counter(
    request: AnyRequest,
    officer: Asking,
    q: Annotated[str, QueryParameter(name="q", max_length=200)] = "",
    code: Annotated[str, QueryParameter(name="ma", max_length=60)] = "",
) -> Response[str]:
    """Show where a dossier at the counter begins: a code the person brings, or a procedure."""
    return await _start(request, officer, text=q, code=code)


@post(f"{PATH}/ma", guards=[RECEPTIONIST], status_code=200)
async def open_prepared(request: AnyRequest, officer: Asking, data: Annotated[Prepared, FORM]) -> Response[str]:
    """Open what a citizen prepared."""
    try:
        return see(request, path_of(await counter.take_prepared(officer, data.code)))
    except (NotFound, Refused) as problem:
        return await _start(request, officer, code=data.code, problem=problem)


@post(f"{PATH}/bat-dau", guards=[RECEPTIONIST], status_code=200)
async def begin(request: AnyRequest, officer: Asking, data: Annotated[Chosen, FORM]) -> Response[str]:
    """Begin a dossier of a procedure."""
    published = await current(data.procedure)
    if published is None:
        raise NotFound(_("Không có thủ tục này."))
    try:
        return see(request, path_of(await counter.begin(officer, published)))
    except Refused as problem:
        return await _start(request, officer, problem=problem)


async def _show(
    request: AnyRequest, officer: Officer, draft: Draft, *, problem: Problem | None = None, pressed: bool = False
) -> Response[str]:
    return page(
        request,
        "dossiers/staff/counter-desk.html",
        status=problem.status if problem else 200,
        **staff_frame(officer),
        draft=draft,
        base=path_of(draft.id),
        view=counter_view(draft, path_of(draft.id), pressed),
        picks=picks_of(draft.outcome),
        holder=await counter.account_of(draft),
        sentence=problem.sentence if problem else "",
        mistakes=problem.fields if problem else {},
        accepted={paper.id: ",".join(slots.rule_of_paper(paper).accepts) for paper in draft.papers},
        kinds={paper.id: accepted_names(slots.rule_of_paper(paper)) for paper in draft.papers},
    )


@get("/", guards=[RECEPTIONIST])
async def show_desk(request: AnyRequest, officer: Asking, draft: FromPath[UUID]) -> Response[str]:
    """Show a dossier at the counter: the person, the form, the papers, fee and date."""
    return await _show(request, officer, await counter.at_counter(officer, draft))


@post("/the", guards=[RECEPTIONIST], status_code=200)
async def scan(
    request: AnyRequest, officer: Asking, draft: FromPath[UUID], data: Annotated[Scanned, FORM]
) -> Response[str]:
    """Fill the person in from their card."""
    found = await counter.at_counter(officer, draft)
    try:
        await counter.scan(found, data.card)
    except Invalid as problem:
        return await _show(request, officer, found, problem=problem)
    return see(request, path_of(draft))


@post("/giay", guards=[RECEPTIONIST], status_code=200, request_max_body_size=UPLOADS_AT_ONCE)
async def keep_papers(request: AnyRequest, officer: Asking, draft: FromPath[UUID]) -> Response[str]:
    """Keep what was counted, take in what was scanned, or take a scan back."""
    found = await counter.at_counter(officer, draft)
    refused = await _kept(found, await posted_pairs(request))
    if refused:
        return await _show(request, officer, found, problem=refused)
    return see(request, f"{path_of(draft)}#giay")


@post("/nhan", guards=[RECEPTIONIST], status_code=200, request_max_body_size=UPLOADS_AT_ONCE)
async def receive(request: AnyRequest, officer: Asking, draft: FromPath[UUID]) -> Response[str]:
    """Receive: two moves, one visit; then the slip is printed."""
    found = await counter.at_counter(officer, draft)
    pairs = await posted_pairs(request)
    refused = await _kept(found, pairs)
    if refused:
        return await _show(request, officer, found, problem=refused, pressed=True)
    picked = [
        int(one) for name, one in pairs if name == "pick" and isinstance(one, str) and one.isdecimal() and len(one) < 4
    ]
    reason = next((one for name, one in pairs if name == "reason" and isinstance(one, str)), "")
    try:
        code = await counter.receive(await counter.at_counter(officer, draft), officer, picked, reason)
    except (Invalid, Refused) as problem:
        again = await counter.at_counter(officer, draft)
        return await _show(request, officer, again, problem=problem, pressed=True)
    return see(request, f"{PATH}/xong/{code}")


async def _kept(draft: Draft, pairs: Pairs) -> Problem | None:
    """Keep counts, pledge and files of the posted page; return what is wrong with a file."""
    await counter.count(draft, _texts(pairs))
    if draft.pledge is not None:
        await drafts.save(draft, draft.pledge.key, pairs)
    refused: Problem | None = None
    for slot, upload in files_among(pairs):
        try:
            await attaching.attach(draft, slot.removeprefix("scan."), upload)
        except Problem as problem:
            refused = problem
    action, target = doing(pairs)
    if action == "remove-file":
        await attaching.detach(draft, file_id(target))
    return refused


def _texts(pairs: Pairs) -> dict[str, str]:
    return {name: value for name, value in pairs if isinstance(value, str)}


@post("/giay/luu", guards=[RECEPTIONIST], status_code=200)
async def save_counts(request: AnyRequest, officer: Asking, draft: FromPath[UUID]) -> Response[Any]:
    """Keep what the officer changed of the counts while counting; answers in JSON as a step of the form does."""
    found = await counter.at_counter(officer, draft)
    texts = _texts(await posted_pairs(request))
    sent = stamps_of(texts.get(WAS, ""))
    clashes = await counter.count(found, texts, sent)
    reply = counts_reply(found, set(sent), clashes)
    return Response(reply, status_code=409 if clashes else 200, media_type="application/json")


@post("/bo", guards=[RECEPTIONIST], status_code=303)
async def put_away(request: AnyRequest, officer: Asking, draft: FromPath[UUID]) -> Response[str]:
    """Put the dossier away: one begun here is deleted, a prepared one waits for its code again."""
    await counter.discard(officer, draft)
    return see(request, PATH)


@get("/buoc/{number:int}", guards=[RECEPTIONIST])
async def show_step(
    request: AnyRequest, officer: Asking, draft: FromPath[UUID], number: FromPath[int]
) -> Response[str]:
    """Show one step of the form."""
    found = await counter.at_counter(officer, draft)
    step = found.step(number)
    if step is None:
        return see(request, path_of(draft))
    return _step_page(request, officer, found, step, view_of(found, step, found.answers))


def _step_page(
    request: AnyRequest, officer: Officer, draft: Draft, step: Step, view: StepView, status: int = 200
) -> Response[str]:
    return page(
        request,
        "dossiers/staff/counter-step.html",
        status=status,
        headers={"Permissions-Policy": permissions(place=view.asks_place)},
        **staff_frame(officer),
        draft=draft,
        view=view,
        step=step,
        base=path_of(draft.id),
        back=path_of(draft.id, f"buoc/{step.number - 1}") if step.number > 1 else path_of(draft.id),
        accepted=accepted,
    )


@post("/buoc/{number:int}", guards=[RECEPTIONIST], status_code=200, request_max_body_size=UPLOADS_AT_ONCE)
async def keep_step(
    request: AnyRequest, officer: Asking, draft: FromPath[UUID], number: FromPath[int], key: Key = ""
) -> Response[str]:
    """Keep a step; go on when nothing on it is wrong, else show it again with all its mistakes."""
    found = await counter.at_counter(officer, draft)
    kept = await keep(found, key, number, await posted_pairs(request))
    if kept.step is None:
        return see(request, path_of(draft))
    if kept.view is not None:
        return _step_page(request, officer, found, kept.step, kept.view, kept.status)
    last = kept.step.number >= len(found.steps)
    return see(request, path_of(draft) + "#giay" if last else path_of(draft, f"buoc/{kept.step.number + 1}"))


@post("/buoc/{number:int}/luu", guards=[RECEPTIONIST], status_code=200)
async def save_as_typed(
    request: AnyRequest, officer: Asking, draft: FromPath[UUID], number: FromPath[int], key: Key = ""
) -> Response[Any]:
    """Keep what the officer changed on a page while it is being typed; answers in JSON."""
    found = await counter.at_counter(officer, draft)
    return await save_typed(found, key, number, await posted_pairs(request))


@get(f"{PATH}/xong/{{code:str}}", guards=[RECEPTIONIST])
async def show_done(request: AnyRequest, officer: Asking, code: FromPath[str]) -> Response[str]:
    """Show that it is received: code, date, the slip to print, the next person."""
    dossier = await dossier_for_officer(officer, code)
    published = await current(dossier.procedure_code)
    return page(
        request,
        "dossiers/staff/counter-done.html",
        **staff_frame(officer),
        dossier=dossier,
        procedure=published.version.plain_name if published else "",
        cost=sum_words(fees_of(dossier)),
        picture=qr.svg(tracking(unseal(dossier.tracking_token or ""), None).url, border=2),
    )


outside = [show_counter, open_prepared, begin, show_done]
handlers = [show_desk, scan, keep_papers, save_counts, receive, put_away, show_step, keep_step, save_as_typed]
