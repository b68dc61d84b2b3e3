"""Read over, pledged and filed, or prepared for the counter."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from backend.accounts.guards import signed_in
from backend.accounts.viewer import Viewer
from backend.agencies.calendars import calendar_of
from backend.dossiers import drafts, intake
from backend.dossiers.draft_routes import elsewhere, opened_for, path_of
from backend.dossiers.filling import Draft, Faults, faults, opened, owned
from backend.dossiers.posted import posted_pairs
from backend.dossiers.reviewing import review_of
from backend.dossiers.tables import State
from backend.kit import qr, settings
from backend.kit.errors import NotFound, Refused
from backend.kit.pages import AnyRequest, page, see
from backend.procedures.definition import Channel
from backend.procedures.outcome import PaperStanding
from backend.procedures.visiting import place_of, week_words
from backend.procedures.words import cost_words, paper_words


def _review_page(
    request: AnyRequest, draft: Draft, found: Faults, *, pressed: bool = False, notice: str = "", status: int = 200
) -> Response[str]:
    return page(
        request,
        "dossiers/review.html",
        status=status,
        draft=draft,
        base=path_of(draft.id),
        back=path_of(draft.id, "giay-to" if draft.papers else f"buoc/{len(draft.steps)}"),
        review=review_of(draft, found, path_of(draft.id), pressed),
        notice=notice,
    )


@get("/xem-lai")
async def show_review(request: AnyRequest, draft: FromPath[UUID], viewer: NamedDependency[Viewer]) -> Response[str]:
    """Show everything once more before it is filed, with all that is still wrong."""
    found = await opened_for(viewer, draft)
    return _review_page(request, found, await faults(found))


@post("/gui", status_code=200)
async def file_draft(request: AnyRequest, draft: FromPath[UUID], viewer: NamedDependency[Viewer]) -> Response[str]:
    """File the draft, or get it ready for the counter; a second press finds it done, also while the first is on its way."""
    try:
        return await _filed(request, draft, viewer)
    except NotFound:
        done = await elsewhere(request)
        if done is None:
            raise
        return done


async def _filed(request: AnyRequest, draft: UUID, viewer: Viewer) -> Response[str]:
    found = await opened_for(viewer, draft)
    if found.pledge is not None:
        await drafts.save(found, found.pledge.key, await posted_pairs(request))
    wrong = await faults(found)
    if not wrong.fine:
        return _review_page(request, found, wrong, pressed=True, status=422)
    try:
        if not found.online:
            await drafts.prepare(found)
            return see(request, path_of(draft, "den-quay"))
        code = await intake.file_by_citizen(found.row, viewer.account_id)
    except Refused as problem:
        again = await opened_for(viewer, draft)
        return _review_page(request, again, await faults(again), notice=problem.sentence, status=409)
    return see(request, f"/ho-so/{code}/da-nop")


@get("/nop/{draft:uuid}/den-quay", guards=[signed_in])
async def show_prepared(request: AnyRequest, draft: FromPath[UUID], viewer: NamedDependency[Viewer]) -> Response[str]:
    """Show the code of what was prepared, what to bring, and when the counter is open."""
    row = await owned(viewer.account_id, draft)
    if row.state != State.PREPARED:
        return see(request, path_of(draft, "xem-lai"))
    found = await opened(row)
    calendar = await calendar_of(row.agency)
    address = f"{settings.current().public_url}/can-bo/quay?ma={row.prepared_code}"
    channel = Channel(row.channel)
    return page(
        request,
        "dossiers/prepared.html",
        draft=found,
        base=path_of(draft),
        code=row.prepared_code,
        picture=qr.svg(address, border=2),
        bring=[
            paper_words(paper, channel)
            for paper in found.outcome.papers_that_are(PaperStanding.NEEDED, PaperStanding.SHOW, PaperStanding.OPTIONAL)
        ],
        cost=cost_words(found.outcome),
        place=place_of(found.agency),
        week=week_words(calendar),
    )


@post("/nop/{draft:uuid}/den-quay/sua-lai", guards=[signed_in], status_code=303)
async def reopen_prepared(request: AnyRequest, draft: FromPath[UUID], viewer: NamedDependency[Viewer]) -> Response[str]:
    """Open what was prepared for changes."""
    await drafts.reopen(viewer.account_id, draft)
    return see(request, path_of(draft, "xem-lai"))


handlers = [show_review, file_draft]
outside = [show_prepared, reopen_prepared]
