"""The officer's own page, and the administrator's list of officers."""

from typing import Annotated
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, QueryParameter

from backend.accounts.identity import find
from backend.accounts.signing_in import read_identifier
from backend.agencies import officers
from backend.agencies.calendars import calendar_of, unknown_years
from backend.agencies.frame import staff_frame
from backend.agencies.guards import PLACE_COOKIE, officer_with
from backend.agencies.inputs import Appointment, RoleChange, several
from backend.agencies.officers import ROLE_WORDS, Officer
from backend.agencies.tables import Role
from backend.kit import clock, settings
from backend.kit.errors import Invalid, NotFound, Problem, Refused
from backend.kit.language import _
from backend.kit.pages import AnyRequest, page, see
from backend.kit.text import clean

FORM = RequestEncodingType.URL_ENCODED
ANY_OFFICER = officer_with()
ADMINISTRATOR = officer_with(Role.ADMINISTRATOR)


def _role_choices() -> list[tuple[str, str]]:
    return [(str(role), _(words)) for role, words in ROLE_WORDS.items()]


@get("/can-bo/toi", guards=[ANY_OFFICER])
async def show_officer(request: AnyRequest, officer: NamedDependency[Officer]) -> Response[str]:
    """Show the officer who they are here, and the way back to their own dossiers."""
    places = await officers.places_of(officer.account_id)
    return page(request, "agencies/officer.html", **staff_frame(officer), places=places)


@post("/can-bo/toi/noi-lam/{place:uuid}", guards=[ANY_OFFICER], status_code=303)
async def choose_place(request: AnyRequest, place: FromPath[UUID], officer: NamedDependency[Officer]) -> Response[str]:
    """Go on working at another agency that appointed this person."""
    if place not in {one.id for one in await officers.places_of(officer.account_id)}:
        raise NotFound(_("Không có nơi làm việc này."))
    response = see(request, "/can-bo/toi")
    secure = settings.current().secure
    response.set_cookie(
        Cookie(key=PLACE_COOKIE, value=str(place), path="/", secure=secure, httponly=True, samesite="lax")
    )
    return response


@get("/can-bo/can-bo", guards=[ADMINISTRATOR])
async def list_officers(
    request: AnyRequest,
    officer: NamedDependency[Officer],
    done: Annotated[str, QueryParameter(name="xong", max_length=20)] = "",
) -> Response[str]:
    """List the officers of the administrator's agency."""
    return page(
        request,
        "agencies/officers.html",
        **staff_frame(officer),
        officers=await officers.officers_of(officer.agency_id),
        ended=await officers.officers_of(officer.agency_id, ended=True),
        done=done,
        unknown_years=unknown_years(await calendar_of(officer.agency_id), clock.now()),
    )


@get("/can-bo/can-bo/them", guards=[ADMINISTRATOR])
async def show_appointment(request: AnyRequest, officer: NamedDependency[Officer]) -> Response[str]:
    """Show the form for a further officer."""
    return _appointment(request, officer, Appointment())


@post("/can-bo/can-bo/them", guards=[ADMINISTRATOR], status_code=200)
async def appoint(
    request: AnyRequest, data: Annotated[Appointment, Body(media_type=FORM)], officer: NamedDependency[Officer]
) -> Response[str]:
    """Appoint an officer: the holder of an account, or somebody for whom one is opened."""
    try:
        if data.identifier.strip():
            await _appoint_known(officer.agency_id, data)
        else:
            await _appoint_new(officer.agency_id, data)
    except (Invalid, Refused) as problem:
        return _appointment(request, officer, data, problem)
    return see(request, "/can-bo/can-bo?xong=them")


def _roles(data: Appointment) -> list[Role]:
    try:
        return officers.read_roles(several(data.roles))
    except ValueError as error:
        raise Invalid(_("Còn chỗ cần sửa."), fields={"roles": str(error)}) from None


async def _appoint_known(agency: UUID, data: Appointment) -> None:
    roles, found = _roles(data), await find(read_identifier(data.identifier))
    verified = [one for one in found if one.verified_at is not None]
    if len(verified) != 1:
        sentence = _("Chưa có tài khoản đã xác minh với số này. Xác minh căn cước ở quầy trước, hoặc mở tài khoản mới.")
        raise Invalid(sentence, fields={"identifier": sentence})
    title = clean(data.title).strip()[: officers.LONGEST_TITLE]
    await officers.appoint(agency=agency, account=verified[0].id, name=verified[0].full_name, title=title, roles=roles)


async def _appoint_new(agency: UUID, data: Appointment) -> None:
    await officers.appoint_new(
        agency=agency,
        name=data.full_name,
        phone=data.phone,
        password=data.password,
        roles=several(data.roles),
        title=data.title,
    )


def _appointment(
    request: AnyRequest, officer: Officer, typed: Appointment, problem: Problem | None = None
) -> Response[str]:
    return page(
        request,
        "agencies/appoint.html",
        status=problem.status if problem else 200,
        **staff_frame(officer),
        typed=typed,
        chosen=several(typed.roles),
        roles=_role_choices(),
        notice=problem.sentence if problem else "",
        mistakes=problem.fields if problem else {},
    )


async def _of_here(by: Officer, officer_id: UUID) -> Officer:
    found = await officers.officer_by_id(officer_id)
    if found.agency_id != by.agency_id or found.ended_at is not None:
        raise NotFound(_("Không có cán bộ này."))
    return found


@get("/can-bo/can-bo/{officer_id:uuid}", guards=[ADMINISTRATOR])
async def show_roles(
    request: AnyRequest, officer_id: FromPath[UUID], officer: NamedDependency[Officer]
) -> Response[str]:
    """Show title and roles of one officer, to be changed."""
    person = await _of_here(officer, officer_id)
    return _role_form(request, officer, person, person.title, [str(role) for role in person.roles])


@post("/can-bo/can-bo/{officer_id:uuid}", guards=[ADMINISTRATOR], status_code=200)
async def change_roles(
    request: AnyRequest,
    officer_id: FromPath[UUID],
    data: Annotated[RoleChange, Body(media_type=FORM)],
    officer: NamedDependency[Officer],
) -> Response[str]:
    """Change title and roles of one officer."""
    roles = several(data.roles)
    try:
        await officers.change_officer(officer, officer_id, title=data.title, roles=roles)
    except (Invalid, Refused) as problem:
        return _role_form(request, officer, await _of_here(officer, officer_id), data.title, roles, problem)
    return see(request, "/can-bo/can-bo?xong=sua")


@post("/can-bo/can-bo/{officer_id:uuid}/ket-thuc", guards=[ADMINISTRATOR], status_code=303)
async def end(request: AnyRequest, officer_id: FromPath[UUID], officer: NamedDependency[Officer]) -> Response[str]:
    """End an officer's appointment."""
    try:
        await officers.end_officer(officer, officer_id)
    except Refused as problem:
        person = await _of_here(officer, officer_id)
        return _role_form(request, officer, person, person.title, [str(role) for role in person.roles], problem)
    return see(request, "/can-bo/can-bo?xong=het")


@post("/can-bo/can-bo/{officer_id:uuid}/ma", guards=[ADMINISTRATOR], status_code=200)
async def give_code(
    request: AnyRequest, officer_id: FromPath[UUID], officer: NamedDependency[Officer]
) -> Response[str]:
    """Give an officer who forgot the password the code for a new one; it is shown once, in this answer."""
    person = await _of_here(officer, officer_id)
    roles = [str(role) for role in person.roles]
    try:
        code = await officers.give_code(officer, officer_id)
    except Refused as problem:
        return _role_form(request, officer, person, person.title, roles, problem)
    return _role_form(request, officer, person, person.title, roles, code=code)


def _role_form(
    request: AnyRequest,
    officer: Officer,
    person: Officer,
    title: str,
    chosen: list[str],
    problem: Problem | None = None,
    code: str = "",
) -> Response[str]:
    return page(
        request,
        "agencies/roles.html",
        status=problem.status if problem else 200,
        **staff_frame(officer),
        person=person,
        code=code,
        own=person.account_id == officer.account_id,
        title=title,
        chosen=chosen,
        roles=_role_choices(),
        notice=problem.sentence if problem else "",
        mistakes=problem.fields if problem else {},
    )


handlers = [
    show_officer,
    choose_place,
    list_officers,
    show_appointment,
    appoint,
    show_roles,
    change_roles,
    end,
    give_code,
]
