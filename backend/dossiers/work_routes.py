"""The officers' work list."""

from typing import Annotated
from urllib.parse import urlencode

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from backend.agencies.frame import staff_frame
from backend.agencies.guards import officer_with
from backend.agencies.officers import Officer
from backend.dossiers.moves import READERS
from backend.dossiers.officer_inputs import asked_of
from backend.dossiers.work import listed
from backend.dossiers.work_views import VIEW_WORDS, WHEN_WORDS, Asked, View
from backend.kit import clock
from backend.kit.language import _
from backend.kit.pages import AnyRequest, page

PATH = "/can-bo/viec"

# These pills always stand; the others when they hold something, so that the row stays short.
_ALWAYS = (View.ALL, View.MINE, View.ENDED)

Word = Annotated[str, QueryParameter(max_length=200)]


def address(asked: Asked, **change: str) -> str:
    """Return the address of the list narrowed as asked, but for what changes."""
    pairs = {
        "xem": str(asked.view),
        "thu-tuc": asked.procedure,
        "linh-vuc": asked.field,
        "q": asked.text,
        "sau": asked.after,
    } | change
    query = urlencode({name: value for name, value in pairs.items() if value})
    return f"{PATH}?{query}" if query else PATH


@get(PATH, guards=[officer_with(*READERS)])
async def show_work(
    request: AnyRequest,
    officer: NamedDependency[Officer],
    xem: Word = "",
    procedure: Annotated[str, QueryParameter(name="thu-tuc", max_length=20)] = "",
    field: Annotated[str, QueryParameter(name="linh-vuc", max_length=80)] = "",
    q: Word = "",
    sau: Word = "",
    tim: Word = "",
) -> Response[str]:
    """Show what the office has to act on, what is due first, first."""
    asked = asked_of(xem, procedure, field, q, sau)
    found = await listed(officer, asked)
    late, today = found.urgent
    frame = staff_frame(officer)
    return page(
        request,
        "dossiers/staff/work.html",
        block="work",
        **frame,
        badges={"work": found.counts[View.MINE]} if not (asked.procedure or asked.field) else {},
        found=found,
        asked=asked,
        opened=bool(tim),
        late=late,
        today=today,
        day=clock.now(),
        pills=[
            {
                "text": _(VIEW_WORDS[view]),
                "href": address(Asked(view=view, procedure=asked.procedure, field=asked.field)),
                "count": None if view is View.ENDED else found.counts[view],
                "current": view is asked.view and not asked.text,
            }
            for view in View
            if view in _ALWAYS or found.counts[view] or view is asked.view
        ],
        words={when: _(text) for when, text in WHEN_WORDS.items()},
        fields={slug: name for _code, _name, slug, name in found.procedures},
        here_address=address(asked),
        next_page=address(asked, sau=found.after) if found.after else "",
        first_page=address(asked, sau="") if asked.after else "",
        without_filters=address(asked, **{"thu-tuc": "", "linh-vuc": "", "sau": ""}),
        views=View,
    )


handlers = [show_work]
