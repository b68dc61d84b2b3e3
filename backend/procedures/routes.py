"""Pages for everybody: home, the list with its search, one procedure with the outcome of the case asked about."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath, QueryParameter

from backend.accounts.guards import viewer_of
from backend.accounts.profiles import profile
from backend.agencies.calendars import calendar_of
from backend.agencies.choosing import current_commune
from backend.agencies.queries import communes
from backend.forms.facts import Facts
from backend.forms.paths import Answers
from backend.forms.prefill import prefill
from backend.forms.reading import posted
from backend.kit import clock
from backend.kit.access import anyone
from backend.kit.errors import NotFound, TooMany
from backend.kit.language import _
from backend.kit.pages import AnyRequest, is_fragment, page, see
from backend.kit.rates import allow, bucket
from backend.procedures import listing, views, visiting
from backend.procedures.choices import unit_choices
from backend.procedures.definition import Channel
from backend.procedures.elsewhere import done_elsewhere, frequent
from backend.procedures.inputs import Narrowing
from backend.procedures.offerings import offering_of, offerings_of, office_of
from backend.procedures.queries import Published, current, form_of, index, receives, several
from backend.procedures.search import Entry, marked
from backend.procedures.template_filling import sections_to_fill
from backend.procedures.template_papers import Shelf, TemplatePaper, render

_ON_A_PAGE, _SUGGESTED = 20, 6
# A filled form is made anew each time: enough for whoever prints, too little to keep the papers of others waiting.
_FILLED_OF_ONE, _QUARTER = 30, timedelta(minutes=15)
_empty_forms = Shelf(128)  # twice the forms of the catalogue


@get("/", guards=[anyone])
async def home(request: AnyRequest) -> Response[str]:
    """Show home: search, what is done most, when the office is open."""
    commune = await current_commune(request)
    calendar = await calendar_of(commune.id)
    return page(
        request,
        "procedures/home.html",
        frequent=[
            {"text": label, "href": f"/thu-tuc/{entry.slug}", "icon": icon, "name": entry.plain_name}
            for entry, label, icon in frequent(await index())
        ],
        hours=visiting.office_hours(calendar, clock.now()),
        place=visiting.place_of(commune),
        several_communes=len(await communes()) > 1,
    )


@get("/thu-tuc", guards=[anyone])
async def list_procedures(request: AnyRequest) -> Response[str]:
    """Show the procedures that fit what was typed and chosen; for htmx only the list."""
    asked = Narrowing.of(request.query_params)
    commune = await current_commune(request)
    catalogue = await index()
    offerings = await offerings_of(commune.id)
    open_here = {code for code, offering in offerings.items() if offering.online}
    found = catalogue.search(asked.q, asked.filters(open_here))
    pages = max(1, -(-found.total // _ON_A_PAGE))
    number = max(1, min(asked.number(), pages))
    shown = found.hits[(number - 1) * _ON_A_PAGE : number * _ON_A_PAGE]
    elsewhere = done_elsewhere(asked.q) if not found.fitting else None
    near = (
        [catalogue.by_code[code] for code in elsewhere.near if code in catalogue.by_code] if elsewhere else found.near
    )
    published = await several([hit.code for hit in [*shown, *near]])
    now, office = clock.now(), await office_of(commune.id, clock.local(clock.now()).date())

    def drawn(entries: Sequence[Entry], words: Sequence[str] = ()) -> list[listing.Hit]:
        return [
            listing.hit_of(hit, published[hit.code], words, offerings.get(hit.code, listing.NOT_ONLINE), office, now)
            for hit in entries
        ]

    return page(
        request,
        "procedures/list.html",
        block="results",
        asked=asked,
        total=found.total,
        understood=listing.understood(asked.q, found),
        hits=drawn(shown, found.words),
        near=drawn(near),
        elsewhere=elsewhere,
        pills=listing.pills(asked, found.fitting, open_here),
        choices=listing.filter_choices(asked, found.fitting),
        page=number,
        pages=pages,
        at_page=lambda number: f"/thu-tuc?{urlencode(asked.pairs(page=str(number)))}",
        place=visiting.place_of(commune),
    )


@get("/thu-tuc/goi-y", guards=[anyone])
async def suggest(
    request: AnyRequest, q: Annotated[str, QueryParameter(name="q", max_length=500)] = ""
) -> Response[str]:
    """Show what the text typed so far may mean; without scripts this is the list itself."""
    if not is_fragment(request):
        return see(request, f"/thu-tuc?{urlencode({'q': q})}")
    found = (await index()).search(q, limit=_SUGGESTED) if q.strip() else None
    return page(
        request,
        "procedures/suggestions.html",
        block="suggestions",
        q=q,
        hits=[(f"/thu-tuc/{hit.slug}", marked(hit.plain_name, found.words)) for hit in found.hits] if found else [],
    )


async def _found(address: str) -> Published:
    """Return the procedure at the end of an address; the code alone decides.

    Raises:
        NotFound: there is none.
    """
    published = await current(address[-8:])
    if published is None:
        raise NotFound(_("Không có thủ tục này. Tìm lại ở trang Thủ tục."))
    return published


async def _show(request: AnyRequest, published: Published, pairs: list[tuple[str, str]]) -> Response[str]:
    commune = await current_commune(request)
    now = clock.now()
    office = await office_of(commune.id, clock.local(now).date())
    given = posted(pairs)
    chosen = (given.get("cach") or [""])[-1]
    return page(
        request,
        "procedures/procedure.html",
        block="outcome",
        shown=views.procedure_page(
            published, given, chosen, await offering_of(commune.id, published.code), office, now
        ),
        received=receives(published, clock.local(now).date()),
        place=visiting.place_of(commune),
        week=visiting.week_words(office.calendar),
        signed_in=viewer_of(request) is not None,
    )


@get("/thu-tuc/{address:str}", guards=[anyone])
async def show_procedure(request: AnyRequest, address: FromPath[str]) -> Response[str]:
    """Show a procedure; answers to its checklist stand in the address."""
    published = await _found(address)
    if address != published.slug and not is_fragment(request):
        query = f"?{request.url.query}" if request.url.query else ""
        return see(request, f"/thu-tuc/{published.slug}{query}")
    return await _show(request, published, list(request.query_params.multi_items()))


@post("/thu-tuc/{address:str}/xem", guards=[anyone], status_code=200)
async def weigh(request: AnyRequest, address: FromPath[str]) -> Response[str]:
    """Show the outcome of the answers: the block for htmx, else the page at an address that holds them."""
    published = await _found(address)
    pairs = [(name, value) for name, value in (await request.form()).multi_items() if isinstance(value, str)]
    if is_fragment(request):
        return await _show(request, published, pairs)
    kept = [(name, value) for name, value in pairs if value and not name.startswith("_")]
    return see(request, f"/thu-tuc/{published.slug}?{urlencode(kept)}#giay-to")


@get("/thu-tuc/{address:str}/mau/{document:str}", guards=[anyone])
async def form_paper(request: Request, address: FromPath[str], document: FromPath[str]) -> Response[bytes]:  # type: ignore[type-arg]
    """Return the form of a paper as a PDF: empty, or (`?dien=1`) with what is known of the person signed in."""
    published = await _found(address)
    version = published.version
    paper = next((one for one in version.documents if one.template and f"{one.id}.pdf" == document), None)
    if paper is None or paper.template is None:
        raise NotFound(_("Giấy này không có mẫu để tải."))
    viewer = viewer_of(request)
    form, name = form_of(version, Channel.COUNTER), f"{paper.id}-{version.code}.pdf"
    facts = Facts(today=clock.local(clock.now()).date())
    commune = await current_commune(request)

    async def written(answers: Answers) -> bytes:
        assert paper is not None and paper.template is not None
        return await render(
            TemplatePaper(
                title=paper.template.name,
                procedure=version.name,
                code=paper.template.code,
                basis=paper.template.basis,
                addressee=commune.name,
                sections=sections_to_fill(form, answers, facts, await unit_choices()),
            )
        )

    if viewer and request.query_params.get("dien") == "1":
        if not await allow(bucket("filled-form", str(viewer.account_id)), _FILLED_OF_ONE, _QUARTER):
            raise TooMany(_("Tải nhiều mẫu điền sẵn quá. Chờ ít phút rồi tải lại."))
        filled = await written(prefill(form, {}, await profile(viewer.account_id), facts))
        return _pdf(filled, name, {"Cache-Control": "private, no-store"})
    # What is asked for may turn on the day; the commune stands on it, so that no shared cache may keep it.
    kept = await _empty_forms.paper((published.version_id, paper.id, commune.name, facts.today), lambda: written({}))
    headers = {"Cache-Control": "private, max-age=3600", "ETag": kept.mark}
    if request.headers.get("If-None-Match") == kept.mark:
        return Response(b"", status_code=304, headers=headers)
    return _pdf(kept.pdf, name, headers)


def _pdf(pdf: bytes, name: str, headers: dict[str, str]) -> Response[bytes]:
    return Response(
        pdf,
        media_type="application/pdf",
        headers=headers | {"Content-Disposition": f'inline; filename="{name}"'},
    )


route_handlers = [
    Router(
        "/",
        route_handlers=[home, list_procedures, suggest, show_procedure, weigh, form_paper],
    )
]
