"""A person's dossiers: the list, one dossier that tells itself what happens, its receipt, papers and files."""

from typing import Annotated
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Stream

from backend.accounts.guards import signed_in
from backend.accounts.viewer import Viewer
from backend.agencies.guards import find_officer
from backend.dossiers import issuing, listing, moves, slots
from backend.dossiers.codes import short
from backend.dossiers.opening_files import HANDED_OVER, file_for, place_of_file
from backend.dossiers.overview import overview_of
from backend.dossiers.papers import render
from backend.dossiers.queries import own_dossier, papers_issued, result_of
from backend.dossiers.story import told_to_citizen
from backend.dossiers.tables import Dossier, PaperForm
from backend.files.queries import files_of, find_picture
from backend.files.serving import serve_file, serve_paper, serve_picture
from backend.forms.words import in_words
from backend.kit import qr
from backend.kit.errors import NotFound
from backend.kit.language import N_, _
from backend.kit.pages import AnyRequest, page
from backend.kit.seal import unseal
from backend.procedures.choices import unit_choices
from backend.procedures.words import fee_words

PAPER_NAMES = {
    PaperForm.ACKNOWLEDGEMENT: N_("Xác nhận đã nộp hồ sơ"),
    PaperForm.FORM_01: N_("Giấy tiếp nhận và hẹn trả kết quả"),
    PaperForm.FORM_03: N_("Phiếu từ chối tiếp nhận"),
}

MOST_PAGES = 10_000
"""No file has so many pages; the database counts no further than its numbers go."""


@get("/ho-so", guards=[signed_in])
async def list_own(request: AnyRequest, viewer: NamedDependency[Viewer]) -> Response[str]:
    """Show everything the person began or filed; for htmx only the list."""
    return page(request, "dossiers/mine.html", block="list", groups=await listing.groups_of(viewer.account_id))


@get("/ho-so/{code:str}", guards=[signed_in])
async def show_dossier(
    request: AnyRequest,
    code: FromPath[str],
    viewer: NamedDependency[Viewer],
    seen: Annotated[int | None, QueryParameter(name="da-xem", ge=0)] = None,
) -> Response[str]:
    """Show one dossier: where it stands, what comes next, what happened; for htmx only what moves."""
    dossier = await own_dossier(viewer.account_id, code)
    steps = (await overview_of(dossier)).filed.procedure.steps
    story = await told_to_citizen(dossier, steps, seen)
    shown = await overview_of(dossier, story[0].at if story else None)
    files = await files_of(slots.SUBJECT, dossier.id)
    filed = shown.filed
    return page(
        request,
        "dossiers/dossier.html",
        block="live",
        shown=shown,
        dossier=dossier,
        short=short(dossier.code or ""),
        story=story,
        newest=story[0].number if story else 0,
        ended=dossier.state in moves.ENDED,
        issued=[(paper, _(PAPER_NAMES[PaperForm(paper.form)])) for paper in await papers_issued(dossier.id)],
        result=await result_of(dossier.id) if dossier.state in HANDED_OVER else None,
        papers=[
            (paper, given) for paper in shown.papers if (given := [file for file in files if file.slot == paper.id])
        ],
        answer_files=[file for file in files if slots.is_question(file.slot)],
        fees=[fee_words(line) for line in shown.fees],
        cost=shown.cost,
        sections=in_words(filed.form, filed.answers, filed.facts, await unit_choices()),
        picture=qr.svg(issuing.tracking(unseal(dossier.tracking_token or ""), None).url, border=2),
    )


@get("/ho-so/{code:str}/da-nop", guards=[signed_in])
async def show_receipt(request: AnyRequest, code: FromPath[str], viewer: NamedDependency[Viewer]) -> Response[str]:
    """Show that it is filed: code, QR, expected date, what comes next."""
    dossier = await own_dossier(viewer.account_id, code)
    tracking = issuing.tracking(unseal(dossier.tracking_token or ""), unseal(dossier.slip_secret or ""))
    return page(
        request,
        "dossiers/receipt.html",
        shown=await overview_of(dossier),
        dossier=dossier,
        short=short(dossier.code or ""),
        picture=qr.svg(tracking.url, border=2),
        secret=tracking.secret,
        confirmed=bool(dossier.received_at),
    )


async def paper_pdf(dossier: Dossier, name: str) -> tuple[bytes, str]:
    """Return a paper of a dossier as a PDF, printed from what was frozen when it was issued, and its file name.

    Args:
        dossier: found through whoever asks.
        name: as addresses name it: "acknowledgement.pdf", "01.pdf", "03.pdf".

    Raises:
        NotFound: no such paper was issued.
    """
    form = next((one for one in PaperForm if f"{one}.pdf" == name), None)
    paper = await issuing.issued(dossier, form) if form else None
    if form is None or paper is None:
        raise NotFound(_("Hồ sơ này chưa có giấy đó."))
    return await render(paper), f"{_(PAPER_NAMES[form])} {short(dossier.code or '')}.pdf"


@get("/ho-so/{code:str}/giay/{paper:str}", guards=[signed_in])
async def print_paper(
    request: AnyRequest, code: FromPath[str], paper: FromPath[str], viewer: NamedDependency[Viewer]
) -> Stream:
    """Return a paper issued for the dossier."""
    return serve_paper(*await paper_pdf(await own_dossier(viewer.account_id, code), paper))


@get("/tep/{file:uuid}", guards=[signed_in])
async def download_file(request: AnyRequest, file: FromPath[UUID], viewer: NamedDependency[Viewer]) -> Stream:
    """Return a file of a dossier, to be saved."""
    return await serve_file(await file_for(viewer, await find_officer(request), file), request)


@get("/tep/{file:uuid}/xem", guards=[signed_in])
async def look_at_file(request: AnyRequest, file: FromPath[UUID], viewer: NamedDependency[Viewer]) -> Response[str]:
    """Show the pages of a file as pictures."""
    found = await file_for(viewer, await find_officer(request), file)
    shown = next(one for one in await files_of(found.subject_kind, found.subject) if one.id == found.id)
    return page(request, "dossiers/file.html", file=shown, back=await place_of_file(viewer, found))


@get("/tep/{file:uuid}/trang/{number:int}", guards=[signed_in])
async def show_picture(
    request: AnyRequest, file: FromPath[UUID], number: FromPath[int], viewer: NamedDependency[Viewer]
) -> Stream:
    """Return the picture of one page."""
    return await _picture(request, viewer, file, number, tile=False)


@get("/tep/{file:uuid}/trang/{number:int}/nho", guards=[signed_in])
async def show_tile(
    request: AnyRequest, file: FromPath[UUID], number: FromPath[int], viewer: NamedDependency[Viewer]
) -> Stream:
    """Return the small picture of one page."""
    return await _picture(request, viewer, file, number, tile=True)


async def _picture(request: AnyRequest, viewer: Viewer, file: UUID, number: int, *, tile: bool) -> Stream:
    found = await file_for(viewer, await find_officer(request), file)
    picture = await find_picture(found.id, number) if 0 < number <= MOST_PAGES else None
    if picture is None:
        raise NotFound(_("Trang này chưa có ảnh."))
    return await serve_picture(picture, tile=tile)


handlers = [
    list_own,
    show_dossier,
    show_receipt,
    print_paper,
    download_file,
    look_at_file,
    show_picture,
    show_tile,
]
