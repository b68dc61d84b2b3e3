"""A draft's pages up to the papers: begun, filled step by step, saved as it is typed, gone on with, discarded."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from backend.accounts.guards import signed_in
from backend.accounts.profiles import profile
from backend.accounts.viewer import Viewer
from backend.agencies.choosing import current_commune
from backend.dossiers import drafts
from backend.dossiers.beginning import begin
from backend.dossiers.filling import Draft, opened, owned
from backend.dossiers.posted import UPLOADS_AT_ONCE, accepted, keep, posted_pairs, save_typed, view_of
from backend.dossiers.tables import Dossier, State
from backend.forms.controls import StepView
from backend.forms.prefill import prefill
from backend.forms.steps import Step
from backend.kit.access import anyone
from backend.kit.edge import permissions
from backend.kit.errors import NotFound
from backend.kit.language import _
from backend.kit.pages import AnyRequest, page, see
from backend.procedures.choices import communes_in
from backend.procedures.queries import current

Key = Annotated[str, QueryParameter(name="phan", max_length=80)]


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
    saved = shown == found.answers and found.row.revision > 1
    return _step_page(request, found, step, view_of(found, step, shown), saved=saved)


def _step_page(
    request: AnyRequest, draft: Draft, step: Step, view: StepView, *, saved: bool = False, status: int = 200
) -> Response[str]:
    return page(
        request,
        "dossiers/step.html",
        status=status,
        headers={"Permissions-Policy": permissions(place=view.asks_place)},
        draft=draft,
        view=view,
        saved=saved,
        step=step,
        base=path_of(draft.id),
        back=path_of(draft.id, f"buoc/{step.number - 1}") if step.number > 1 else f"/thu-tuc/{draft.version.slug}",
        accepted=accepted,
    )


@post("/buoc/{number:int}", status_code=200, request_max_body_size=UPLOADS_AT_ONCE)
async def keep_step(
    request: AnyRequest, draft: FromPath[UUID], number: FromPath[int], viewer: NamedDependency[Viewer], key: Key = ""
) -> Response[str]:
    """Keep a step; go on when nothing on it is wrong, else show it again with all its mistakes."""
    found = await opened_for(viewer, draft)
    kept = await keep(found, key, number, await posted_pairs(request))
    if kept.step is None:
        return see(request, path_of(draft, address_after(found, number - 1)))
    if kept.view is not None:
        return _step_page(request, found, kept.step, kept.view, status=kept.status)
    await drafts.go_on(found, kept.step.number + 1)
    return see(request, path_of(draft, address_after(found, kept.step.number)))


@post("/buoc/{number:int}/luu", status_code=200)
async def save_as_typed(
    request: AnyRequest, draft: FromPath[UUID], number: FromPath[int], viewer: NamedDependency[Viewer], key: Key = ""
) -> Response[Any]:
    """Keep what changed on a page while it is being typed; answers in JSON."""
    found = await opened(await owned(viewer.account_id, draft))
    return await save_typed(found, key, number, await posted_pairs(request))


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
