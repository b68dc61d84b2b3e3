"""The officers' work list."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.enums import RequestEncodingType
from litestar.params import Body, QueryParameter

from backend.agencies.frame import staff_frame
from backend.agencies.guards import officer_with
from backend.agencies.officers import Officer, officers_of
from backend.dossiers import bulk, moves
from backend.dossiers.bulk import Outcome
from backend.dossiers.moves import READERS
from backend.dossiers.officer_inputs import Sought, Together, asked_of
from backend.dossiers.work import listed
from backend.dossiers.work_search import reference_to
from backend.dossiers.work_views import VIEW_WORDS, WHEN_WORDS, Asked, View
from backend.kit import clock
from backend.kit.errors import Invalid, Problem
from backend.kit.language import _
from backend.kit.pages import AnyRequest, page, see

PATH = "/can-bo/viec"

# These pills always stand; the others when they hold something, so that the row stays short.
_ALWAYS = (View.ALL, View.MINE, View.ENDED)


def address(asked: Asked, **change: str) -> str:
    """Return the address of the list narrowed as asked, but for what changes."""
    pairs = {
        "xem": str(asked.view),
        "thu-tuc": asked.procedure,
        "linh-vuc": asked.field,
        "tim": asked.reference,
        "sau": asked.after,
    } | change
    query = urlencode({name: value for name, value in pairs.items() if value})
    return f"{PATH}?{query}" if query else PATH


Narrowed = Annotated[str, QueryParameter(max_length=400)]
FORM = Body(media_type=RequestEncodingType.URL_ENCODED)


async def provide_asked(
    officer: NamedDependency[Officer],
    xem: Narrowed = "",
    procedure: Annotated[str, QueryParameter(name="thu-tuc", max_length=20)] = "",
    field: Annotated[str, QueryParameter(name="linh-vuc", max_length=80)] = "",
    tim: Narrowed = "",
    sau: Narrowed = "",
) -> Asked:
    """Return what the address narrows the list to."""
    return asked_of(officer, xem, procedure, field, tim, sau)


WITH_ASKED = {"asked": Provide(provide_asked)}


async def _show(
    request: AnyRequest,
    officer: Officer,
    asked: Asked,
    *,
    opened: bool = False,
    outcomes: list[Outcome] | None = None,
    act: str = "",
    problem: Problem | None = None,
) -> Response[str]:
    found = await listed(officer, asked)
    late, today = found.urgent
    frame = staff_frame(officer)
    givers = any(one.slug == moves.ASSIGN.slug for one in found.together)
    return page(
        request,
        "dossiers/staff/work.html",
        block="work",
        status=problem.status if problem else 200,
        **frame,
        badges={"work": found.counts[View.MINE]} if not (asked.procedure or asked.field) else {},
        found=found,
        asked=asked,
        opened=opened,
        late=late,
        today=today,
        day=clock.now(),
        pills=[
            {
                "text": _(VIEW_WORDS[view]),
                "href": address(Asked(view=view, procedure=asked.procedure, field=asked.field)),
                "count": None if view is View.ENDED else found.counts[view],
                "current": view is asked.view and not asked.seeking,
            }
            for view in View
            if view in _ALWAYS or found.counts[view] or view is asked.view
        ],
        words={when: _(text) for when, text in WHEN_WORDS.items()},
        fields={slug: name for _code, _name, slug, name in found.procedures},
        here_address=address(asked),
        next_page=address(asked, sau=found.after) if found.after else "",
        first_page=address(asked, sau="") if asked.after else "",
        views=View,
        colleagues=[one for one in await officers_of(officer.agency_id) if one.may(*READERS)] if givers else [],
        assign=moves.ASSIGN.slug,
        outcomes=outcomes,
        act=act,
        sentence=problem.sentence if problem else "",
        keeps=outcomes is None and problem is None,
    )


@get(PATH, guards=[officer_with(*READERS)])
async def show_work(
    request: AnyRequest,
    officer: NamedDependency[Officer],
    asked: NamedDependency[Asked],
    loc: Annotated[str, QueryParameter(max_length=10)] = "",
) -> Response[str]:
    """Show what the office has to act on, what is due first, first."""
    return await _show(request, officer, asked, opened=bool(loc))


@post(PATH, guards=[officer_with(*READERS)], status_code=200)
async def do_together(
    request: AnyRequest,
    officer: NamedDependency[Officer],
    asked: NamedDependency[Asked],
    data: Annotated[Together, FORM],
) -> Response[str]:
    """Do one act to the chosen dossiers; the answer says what came of each."""
    giving = data.viec == moves.ASSIGN.slug
    try:
        colleague = await _colleague(officer, data.colleague) if giving else None
        outcomes = await bulk.make(officer, data.codes, data.viec, colleague)
    except Invalid as problem:
        return await _show(request, officer, asked, problem=problem)
    return await _show(request, officer, asked, outcomes=outcomes, act=bulk.label_of(data.viec))


async def _colleague(officer: Officer, wanted: UUID | None) -> Officer | None:
    return next((one for one in await officers_of(officer.agency_id) if one.id == wanted), None)


@post(f"{PATH}/tim", guards=[officer_with(*READERS)], status_code=303)
async def search(
    request: AnyRequest, officer: NamedDependency[Officer], data: Annotated[Sought, FORM]
) -> Response[str]:
    """Lead to what was looked for: the address names it by a sealed word, so that no log reads a name or a number."""
    return see(request, address(Asked(reference=reference_to(officer, data.q))))


handlers = [show_work, do_together, search]
