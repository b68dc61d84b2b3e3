"""The administrator's pages: which procedures are taken online, through which connection, at what price."""

from typing import Annotated
from urllib.parse import urlencode

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, QueryParameter

from backend.agencies.frame import staff_frame
from backend.agencies.guards import WITH_OFFICER, officer_with
from backend.agencies.officers import Officer
from backend.agencies.tables import Role
from backend.kit import clock
from backend.kit.errors import Invalid, NotFound, Refused
from backend.kit.language import _
from backend.kit.pages import AnyRequest, page, see
from backend.procedures import offerings
from backend.procedures.definition import Channel
from backend.procedures.inputs import Switch, TariffInput
from backend.procedures.queries import index, several

FORM = RequestEncodingType.URL_ENCODED
_ON_A_PAGE = 30
_ADMINISTRATOR = officer_with(Role.ADMINISTRATOR)


@get("/can-bo/thu-tuc", guards=[_ADMINISTRATOR])
async def list_switches(
    request: AnyRequest,
    officer: NamedDependency[Officer],
    q: Annotated[str, QueryParameter(name="q", max_length=200)] = "",
    number: Annotated[int, QueryParameter(name="trang", ge=1, le=1000)] = 1,
) -> Response[str]:
    """Show every procedure with the office's word on it."""
    hits = (await index()).search(q).hits
    said = await offerings.offerings_of(officer.agency_id)
    pages = max(1, -(-len(hits) // _ON_A_PAGE))
    number = min(number, pages)
    shown = hits[(number - 1) * _ON_A_PAGE : number * _ON_A_PAGE]
    return page(
        request,
        "procedures/switches.html",
        block="switches",
        q=q,
        rows=[(hit, said.get(hit.code, offerings.Offering())) for hit in shown],
        connections={one: _(words) for one, words in offerings.CONNECTIONS.items()},
        open_count=sum(one.online for one in said.values()),
        page=number,
        pages=pages,
        at_page=lambda to: f"/can-bo/thu-tuc?{urlencode({'q': q, 'trang': to})}",
        **staff_frame(officer),
    )


async def _switch_page(
    request: AnyRequest,
    officer: Officer,
    code: str,
    *,
    status: int = 200,
    mistakes: dict[str, str] | None = None,
    typed: TariffInput | None = None,
    notice: str = "",
    done: str = "",
) -> Response[str]:
    published = (await several([code])).get(code)
    if published is None:
        raise NotFound(_("Không có thủ tục này."))
    version = published.version
    today = clock.local(clock.now()).date()
    office = await offerings.office_of(officer.agency_id, today)
    return page(
        request,
        "procedures/switch.html",
        status=status,
        procedure=version,
        address=f"/thu-tuc/{published.slug}",
        offering=await offerings.offering_of(officer.agency_id, code),
        connections={one: _(words) for one, words in offerings.CONNECTIONS.items()},
        possible=version.channel(Channel.ONLINE) is not None,
        missing={fee.id for fee in await offerings.missing_fees(officer.agency_id, version)},
        local=[(fee, office.tariffs.get((code, fee.id))) for fee in version.fee_rules if fee.local],
        mistakes=mistakes or {},
        typed=typed,
        notice=notice,
        done=done,
        today=today,
        **staff_frame(officer),
    )


@get("/can-bo/thu-tuc/{code:str}", guards=[_ADMINISTRATOR])
async def show_switch(
    request: AnyRequest,
    officer: NamedDependency[Officer],
    code: FromPath[str],
    xong: Annotated[str, QueryParameter(name="xong", max_length=10)] = "",
) -> Response[str]:
    """Show one procedure's switch and the amounts the office sets."""
    return await _switch_page(request, officer, code, done=xong)


@post("/can-bo/thu-tuc/{code:str}/nop-tren-mang", guards=[_ADMINISTRATOR], status_code=200)
async def switch_online(
    request: AnyRequest,
    officer: NamedDependency[Officer],
    code: FromPath[str],
    data: Annotated[Switch, Body(media_type=FORM)],
) -> Response[str]:
    """Open or close online filing of a procedure."""
    try:
        await offerings.switch(officer.agency_id, code, data.online == "1", data.connection, officer.id)
    except Refused as refusal:
        return await _switch_page(request, officer, code, status=409, notice=refusal.sentence)
    return see(request, f"/can-bo/thu-tuc/{code}?xong=luu")


@post("/can-bo/thu-tuc/{code:str}/muc-thu", guards=[_ADMINISTRATOR], status_code=200)
async def keep_tariff(
    request: AnyRequest,
    officer: NamedDependency[Officer],
    code: FromPath[str],
    data: Annotated[TariffInput, Body(media_type=FORM)],
) -> Response[str]:
    """Set what a fee costs here."""
    try:
        amount, online, valid_from = data.read()
        await offerings.set_tariff(
            officer.agency_id, code, data.fee, amount, online, data.basis.strip(), valid_from, officer.id
        )
    except Invalid as mistake:
        return await _switch_page(
            request, officer, code, status=422, mistakes=mistake.fields, typed=data, notice=mistake.sentence
        )
    return see(request, f"/can-bo/thu-tuc/{code}?xong=muc")


route_handlers = [
    Router("/", route_handlers=[list_switches, show_switch, switch_online, keep_tariff], dependencies=WITH_OFFICER)
]
