"""One dossier before its officer: the page, its pages and papers, and a route for every move."""

from collections.abc import Awaitable
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, QueryParameter

from backend.agencies.frame import staff_frame
from backend.agencies.guards import officer_with, provide_officer
from backend.agencies.officers import Officer, officer_by_id
from backend.agencies.queries import agency_by_id
from backend.agencies.tables import Role
from backend.dossiers import exemptions, foreign, intake, lifecycle, moves
from backend.dossiers.desk import PAPER_FILES, Desk, desk_of
from backend.dossiers.issuing import issued
from backend.dossiers.moves import READERS, Move, Who
from backend.dossiers.officer_inputs import (
    CodeElsewhere,
    CodeWithdrawn,
    Colleague,
    Handover,
    Judgement,
    Noted,
    Reason,
    Receiving,
    ResultGiven,
    Target,
)
from backend.dossiers.papers import render
from backend.dossiers.presence import others
from backend.dossiers.queries import dossier_for_officer
from backend.dossiers.results import attach
from backend.dossiers.tables import Dossier
from backend.dossiers.terms import read
from backend.kit import clock
from backend.kit.access import Guard
from backend.kit.errors import Invalid, NotFound, Problem, Refused, TooLarge
from backend.kit.language import _
from backend.kit.pages import AnyRequest, is_fragment, page, see
from backend.procedures import template_papers
from backend.procedures.choices import unit_choices
from backend.procedures.template_filling import sections_to_fill
from backend.procedures.words import fee_words
from backend.procedures.workflow import Step, StepRole

PATH = "/can-bo/ho-so/{code:str}"
FORM = Body(media_type=RequestEncodingType.URL_ENCODED)
MULTIPART = Body(media_type=RequestEncodingType.MULTI_PART)
MOST_BYTES = 30_000_000

Typed = dict[str, Any]


async def provide_dossier(request: AnyRequest, code: FromPath[str]) -> Dossier:
    """Return the dossier of the address, found through the officer who asks. Raises `NotFound`."""
    return await dossier_for_officer(await provide_officer(request), code)


async def provide_steps(dossier: NamedDependency[Dossier]) -> tuple[Step, ...]:
    """Return the workflow of the version the dossier was filed under."""
    return (await read(dossier, clock.now())).procedure.steps


WITH_DOSSIER = {"dossier": Provide(provide_dossier), "steps": Provide(provide_steps)}


def may(move: Move) -> Guard:
    """Return the guard of a move's route: the roles of the table, or all that a step may ask for."""
    roles = {role for role in move.by if isinstance(role, Role)}
    if Who.STEP_ROLE in move.by:
        roles |= {Role(role) for role in StepRole}
    return officer_with(*roles)


def path(move: Move) -> str:
    """Return the address of a move: a noun below its dossier."""
    return f"{PATH}/{move.slug}"


async def _show(
    request: AnyRequest,
    dossier: Dossier,
    officer: Officer,
    *,
    block: str = "state",
    file: str = "",
    sheet: int = 1,
    typed: Typed | None = None,
    problem: Problem | None = None,
    done: str = "",
) -> Response[str]:
    desk = await desk_of(dossier, officer)
    return page(
        request,
        "dossiers/staff/dossier.html",
        block=block,
        status=problem.status if problem else 200,
        **staff_frame(officer),
        desk=desk,
        dossier=dossier,
        address=f"/can-bo/ho-so/{dossier.code}",
        shown=desk.shown(file, sheet),
        typed=_kept(desk, typed or {}),
        sentence=problem.sentence if problem else "",
        mistakes=problem.fields if problem else {},
        done=done,
        keeps=problem is None and not done,
        fees=[fee_words(line) for line in desk.fees],
        others=await others(dossier, officer),
    )


def _kept(desk: Desk, typed: Typed) -> Typed:
    """Keep what was typed for a move that is no longer offered: it goes on in the note."""
    move = typed.get("move")
    if not move or move == moves.NOTE.name or desk.offers.of(moves.MOVES[move]):
        return typed
    return {"lost": "\n".join(typed[name] for name in ("number", "summary", "reason") if typed.get(name))}


async def _made(
    request: AnyRequest, dossier: Dossier, officer: Officer, move: Move, verb: Awaitable[Any], typed: Any
) -> Response[str]:
    """Make the move; answer with the page as it is then. Refused, it says why and still holds what was typed."""
    code = dossier.code or ""
    try:
        await verb
    except (Refused, Invalid, TooLarge) as problem:
        kept = {"move": move.name} | {name: getattr(typed, name) for name in typed.__struct_fields__}
        return await _show(request, await dossier_for_officer(officer, code), officer, typed=kept, problem=problem)
    if not is_fragment(request):
        return see(request, f"/can-bo/ho-so/{code}")
    return await _show(request, await dossier_for_officer(officer, code), officer, done=_(move.label))


@get(PATH, guards=[officer_with(*READERS)])
async def show_dossier(
    request: AnyRequest,
    dossier: NamedDependency[Dossier],
    officer: NamedDependency[Officer],
    file: Annotated[str, QueryParameter(name="tep", max_length=40)] = "",
    sheet: Annotated[int, QueryParameter(name="trang", ge=0, le=10_000)] = 1,
) -> Response[str]:
    """Show a dossier; with a page of its papers in the address, that page large."""
    return await _show(request, dossier, officer, block="papers" if file else "state", file=file, sheet=sheet)


@get(f"{PATH}/giay/{{name:str}}", guards=[officer_with(*READERS)])
async def paper(dossier: NamedDependency[Dossier], name: FromPath[str]) -> Response[bytes]:
    """Print a statutory paper as it was issued."""
    form = next((one for one, stem in PAPER_FILES.items() if f"{stem}.pdf" == name), None)
    kept = await issued(dossier, form) if form else None
    if kept is None:
        raise NotFound(_("Hồ sơ này chưa có giấy đó."))
    return _pdf(await render(kept), f"{dossier.code}-{name}")


@get(f"{PATH}/mau/{{name:str}}", guards=[officer_with(*READERS)])
async def template(dossier: NamedDependency[Dossier], name: FromPath[str]) -> Response[bytes]:
    """Print a form's template, filled with the answers of the dossier."""
    filed = await read(dossier, clock.now())
    found = next((one for one in filed.procedure.documents if one.template and f"{one.id}.pdf" == name), None)
    if found is None or found.template is None:
        raise NotFound(_("Giấy này không có mẫu để tải."))
    choices = await unit_choices()
    written = template_papers.TemplatePaper(
        title=found.template.name,
        procedure=filed.procedure.name,
        code=found.template.code,
        basis=found.template.basis,
        addressee=(await agency_by_id(dossier.agency)).name,
        sections=sections_to_fill(filed.form, filed.answers, filed.facts, choices),
    )
    return _pdf(await template_papers.render(written), f"{dossier.code}-{name}")


def _pdf(content: bytes, name: str) -> Response[bytes]:
    """A paper of ours, to be read and printed by the browser itself."""
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(content, media_type="application/pdf", headers=headers)


@post(path(moves.RECEIVE), guards=[may(moves.RECEIVE)], status_code=200)
async def receive(
    request: AnyRequest,
    dossier: NamedDependency[Dossier],
    officer: NamedDependency[Officer],
    data: Annotated[Receiving, FORM],
) -> Response[str]:
    """Receive: the clock starts, form 01 is issued."""
    verb = intake.receive(dossier, officer, data.picked, data.reason)
    return await _made(request, dossier, officer, moves.RECEIVE, verb, data)


@post(path(moves.REFUSE), guards=[may(moves.REFUSE)], status_code=200)
async def refuse(
    request: AnyRequest,
    dossier: NamedDependency[Dossier],
    officer: NamedDependency[Officer],
    data: Annotated[Reason, FORM],
) -> Response[str]:
    """Refuse intake, with form 03."""
    return await _made(request, dossier, officer, moves.REFUSE, intake.refuse(dossier, officer, data.reason), data)


@post(path(moves.TAKE_UP), guards=[may(moves.TAKE_UP)], status_code=200)
async def take_up(
    request: AnyRequest,
    dossier: NamedDependency[Dossier],
    officer: NamedDependency[Officer],
    steps: NamedDependency[tuple[Step, ...]],
    data: Annotated[Target, FORM],
) -> Response[str]:
    """Take the dossier up."""
    return await _made(request, dossier, officer, moves.TAKE_UP, lifecycle.take_up(dossier, officer, steps), data)


@post(path(moves.ASSIGN), guards=[may(moves.ASSIGN)], status_code=200)
async def assign(
    request: AnyRequest,
    dossier: NamedDependency[Dossier],
    officer: NamedDependency[Officer],
    steps: NamedDependency[tuple[Step, ...]],
    data: Annotated[Colleague, FORM],
) -> Response[str]:
    """Give the dossier to a colleague."""
    return await _made(request, dossier, officer, moves.ASSIGN, _assigned(dossier, officer, steps, data), data)


async def _assigned(dossier: Dossier, officer: Officer, steps: tuple[Step, ...], data: Colleague) -> None:
    if data.id is None:
        raise Invalid(_("Chọn người nhận việc."), {"officer": _("Chưa chọn người nhận việc.")})
    try:
        colleague = await officer_by_id(data.id)
    except NotFound:
        raise Invalid(_("Chọn người nhận việc."), {"officer": _("Chưa chọn người nhận việc.")}) from None
    await lifecycle.assign(dossier, officer, colleague, steps)


@post(path(moves.ADVANCE), guards=[may(moves.ADVANCE)], status_code=200)
async def advance(
    request: AnyRequest,
    dossier: NamedDependency[Dossier],
    officer: NamedDependency[Officer],
    steps: NamedDependency[tuple[Step, ...]],
    data: Annotated[Target, FORM],
) -> Response[str]:
    """Follow a way of the step."""
    verb = lifecycle.advance(dossier, officer, steps, data.target)
    return await _made(request, dossier, officer, moves.ADVANCE, verb, data)


@post(path(moves.PROPOSE), guards=[may(moves.PROPOSE)], status_code=200)
async def propose(
    request: AnyRequest,
    dossier: NamedDependency[Dossier],
    officer: NamedDependency[Officer],
    steps: NamedDependency[tuple[Step, ...]],
    data: Annotated[Reason, FORM],
) -> Response[str]:
    """Propose to reject; the signer decides."""
    verb = lifecycle.propose_rejection(dossier, officer, steps, data.reason)
    return await _made(request, dossier, officer, moves.PROPOSE, verb, data)


@post(path(moves.DECLINE_PROPOSAL), guards=[may(moves.DECLINE_PROPOSAL)], status_code=200)
async def decline(
    request: AnyRequest,
    dossier: NamedDependency[Dossier],
    officer: NamedDependency[Officer],
    steps: NamedDependency[tuple[Step, ...]],
    data: Annotated[Reason, FORM],
) -> Response[str]:
    """Send a proposal to reject back."""
    verb = lifecycle.decline_proposal(dossier, officer, steps, data.reason)
    return await _made(request, dossier, officer, moves.DECLINE_PROPOSAL, verb, data)


@post(path(moves.REJECT), guards=[may(moves.REJECT)], status_code=200)
async def reject(
    request: AnyRequest,
    dossier: NamedDependency[Dossier],
    officer: NamedDependency[Officer],
    steps: NamedDependency[tuple[Step, ...]],
    data: Annotated[Reason, FORM],
) -> Response[str]:
    """Reject in substance."""
    verb = lifecycle.reject(dossier, officer, steps, data.reason)
    return await _made(request, dossier, officer, moves.REJECT, verb, data)


@post(path(moves.FORWARD), guards=[may(moves.FORWARD)], status_code=200)
async def forward(
    request: AnyRequest,
    dossier: NamedDependency[Dossier],
    officer: NamedDependency[Officer],
    steps: NamedDependency[tuple[Step, ...]],
    data: Annotated[Reason, FORM],
) -> Response[str]:
    """Send the dossier to the agency that is competent."""
    verb = lifecycle.forward(dossier, officer, steps, data.reason)
    return await _made(request, dossier, officer, moves.FORWARD, verb, data)


@post(path(moves.ATTACH_RESULT), guards=[may(moves.ATTACH_RESULT)], status_code=200, request_max_body_size=MOST_BYTES)
async def attach_result(
    request: AnyRequest,
    dossier: NamedDependency[Dossier],
    officer: NamedDependency[Officer],
    steps: NamedDependency[tuple[Step, ...]],
    data: Annotated[ResultGiven, MULTIPART],
) -> Response[str]:
    """Attach what the procedure gave."""
    verb = attach(dossier, officer, steps, data.file, data.number, data.summary, data.replaces)
    return await _made(request, dossier, officer, moves.ATTACH_RESULT, verb, data)


@post(path(moves.DELIVER), guards=[may(moves.DELIVER)], status_code=200)
async def deliver(
    request: AnyRequest,
    dossier: NamedDependency[Dossier],
    officer: NamedDependency[Officer],
    steps: NamedDependency[tuple[Step, ...]],
    data: Annotated[Handover, FORM],
) -> Response[str]:
    """Hand the result over."""
    verb = lifecycle.deliver(dossier, officer, steps, data.how)
    return await _made(request, dossier, officer, moves.DELIVER, verb, data)


@post(path(moves.NOTE), guards=[may(moves.NOTE)], status_code=200)
async def note(
    request: AnyRequest,
    dossier: NamedDependency[Dossier],
    officer: NamedDependency[Officer],
    steps: NamedDependency[tuple[Step, ...]],
    data: Annotated[Noted, FORM],
) -> Response[str]:
    """Write a note, for colleagues or for the citizen too."""
    verb = lifecycle.note(dossier, officer, steps, data.text, bool(data.shown))
    return await _made(request, dossier, officer, moves.NOTE, verb, data)


@post(path(moves.FOREIGN_CODE), guards=[may(moves.FOREIGN_CODE)], status_code=200)
async def foreign_code(
    request: AnyRequest,
    dossier: NamedDependency[Dossier],
    officer: NamedDependency[Officer],
    steps: NamedDependency[tuple[Step, ...]],
    data: Annotated[CodeElsewhere, FORM],
) -> Response[str]:
    """Note the code that another system gave the dossier."""
    verb = foreign.add_code(dossier, officer, steps, data.system, data.code)
    return await _made(request, dossier, officer, moves.FOREIGN_CODE, verb, data)


@post(path(moves.WITHDRAW_CODE), guards=[may(moves.WITHDRAW_CODE)], status_code=200)
async def withdraw_code(
    request: AnyRequest,
    dossier: NamedDependency[Dossier],
    officer: NamedDependency[Officer],
    steps: NamedDependency[tuple[Step, ...]],
    data: Annotated[CodeWithdrawn, FORM],
) -> Response[str]:
    """Say that a noted code was a mistake."""
    verb = foreign.withdraw_code(dossier, officer, steps, data.id, data.reason)
    return await _made(request, dossier, officer, moves.WITHDRAW_CODE, verb, data)


@post(path(moves.CONFIRM_EXEMPTION), guards=[may(moves.CONFIRM_EXEMPTION)], status_code=200)
async def confirm_exemption(
    request: AnyRequest,
    dossier: NamedDependency[Dossier],
    officer: NamedDependency[Officer],
    steps: NamedDependency[tuple[Step, ...]],
    data: Annotated[Judgement, FORM],
) -> Response[str]:
    """Confirm an exemption the person claims."""
    verb = exemptions.judge(dossier, officer, steps, data.claim, data.reason, granted=True)
    return await _made(request, dossier, officer, moves.CONFIRM_EXEMPTION, verb, data)


@post(path(moves.REFUSE_EXEMPTION), guards=[may(moves.REFUSE_EXEMPTION)], status_code=200)
async def refuse_exemption(
    request: AnyRequest,
    dossier: NamedDependency[Dossier],
    officer: NamedDependency[Officer],
    steps: NamedDependency[tuple[Step, ...]],
    data: Annotated[Judgement, FORM],
) -> Response[str]:
    """Refuse an exemption the person claims."""
    verb = exemptions.judge(dossier, officer, steps, data.claim, data.reason, granted=False)
    return await _made(request, dossier, officer, moves.REFUSE_EXEMPTION, verb, data)


MADE_HERE = [
    receive,
    refuse,
    take_up,
    assign,
    advance,
    propose,
    decline,
    reject,
    forward,
    attach_result,
    deliver,
    note,
    foreign_code,
    withdraw_code,
    confirm_exemption,
    refuse_exemption,
]
handlers = [show_dossier, paper, template, *MADE_HERE]
