"""The papers of a draft: photographed or picked, one file at a time with scripts, all in one form without."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from backend.accounts.viewer import Viewer
from backend.dossiers import attaching, drafts, slots
from backend.dossiers.draft_routes import opened_for, path_of
from backend.dossiers.filling import Draft
from backend.dossiers.posted import UPLOADS_AT_ONCE, doing, file_id, files_among, posted_pairs
from backend.files.checks import accepted_names
from backend.kit.errors import Invalid, Problem
from backend.kit.language import _
from backend.kit.pages import AnyRequest, is_fragment, page, see
from backend.procedures.definition import Channel
from backend.procedures.outcome import PaperStanding
from backend.procedures.words import paper_words


def _papers_page(
    request: AnyRequest, draft: Draft, errors: dict[str, str] | None = None, status: int = 200
) -> Response[str]:
    return page(
        request,
        "dossiers/papers.html",
        status=status,
        draft=draft,
        base=path_of(draft.id),
        back=path_of(draft.id, f"buoc/{len(draft.steps)}"),
        number=len(draft.steps) + 1,
        papers=[(paper, paper_words(paper, Channel.ONLINE), draft.files_in(paper.id)) for paper in draft.papers],
        to_show=[
            paper_words(paper, Channel.ONLINE)
            for paper in draft.outcome.papers_that_are(PaperStanding.SHOW, PaperStanding.NOT_NEEDED)
        ],
        accepted={paper.id: ",".join(slots.rule_of_paper(paper).accepts) for paper in draft.papers},
        kinds={paper.id: accepted_names(slots.rule_of_paper(paper)) for paper in draft.papers},
        errors=errors or {},
    )


@get("/giay-to")
async def show_papers(request: AnyRequest, draft: FromPath[UUID], viewer: NamedDependency[Viewer]) -> Response[str]:
    """Show which papers are asked for and what was handed in."""
    found = await opened_for(viewer, draft)
    return _papers_page(request, found) if found.papers else see(request, path_of(draft, "xem-lai"))


@post("/giay-to", status_code=200, request_max_body_size=UPLOADS_AT_ONCE)
async def keep_papers(request: AnyRequest, draft: FromPath[UUID], viewer: NamedDependency[Viewer]) -> Response[str]:
    """Take in the files of one form, or take one back; go on unless something is wrong with them."""
    found = await opened_for(viewer, draft)
    pairs = await posted_pairs(request)
    errors: dict[str, str] = {}
    for slot, upload in files_among(pairs):
        try:
            await attaching.attach(found, slot, upload)
        except Problem as problem:
            errors[slot] = problem.sentence
    action, target = doing(pairs)
    if action == "remove-file":
        await attaching.detach(found, file_id(target))
    if errors:
        return _papers_page(request, found, errors, 422)
    if action:
        return see(request, path_of(draft, "giay-to"))
    await drafts.go_on(found, len(found.steps) + 2)
    return see(request, path_of(draft, "xem-lai"))


@post("/tep/{place:str}", status_code=201, request_max_body_size=UPLOADS_AT_ONCE)
async def take_file(
    request: AnyRequest, draft: FromPath[UUID], place: FromPath[str], viewer: NamedDependency[Viewer]
) -> Response[Any]:
    """Take in one file for a paper or a question, as the upload script sends it; answers in JSON."""
    found = await opened_for(viewer, draft)
    chosen = files_among(await posted_pairs(request))
    if not chosen:
        raise Invalid(_("Chưa chọn tệp nào."))
    kept = await attaching.attach(found, place, chosen[0][1])
    return Response({"file": str(kept.id), "version": found.row.revision}, status_code=201)


@get("/tep/{place:str}")
async def show_files(
    request: AnyRequest, draft: FromPath[UUID], place: FromPath[str], viewer: NamedDependency[Viewer]
) -> Response[str]:
    """Show what was handed in for one paper or question: the block that refreshes itself."""
    found = await opened_for(viewer, draft)
    if not is_fragment(request):
        step = found.step_at(place) if slots.is_question(place) else None
        return see(request, path_of(draft, f"buoc/{step.number}" if step else "giay-to"))
    return page(
        request, "dossiers/files.html", block="files", place=place, files=found.files_at(place), base=path_of(draft)
    )


handlers = [show_papers, keep_papers, take_file, show_files]
