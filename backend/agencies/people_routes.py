"""People at the counter: finding them by an exact number, seeing their card, giving a code, opening an account."""

from typing import Annotated
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body

from backend.accounts import recovery
from backend.accounts.identifiers import Kind, birth_date, person_name
from backend.accounts.identity import Card, Found, found_again, open_at_counter, verify_identity
from backend.accounts.profiles import SEXES
from backend.accounts.registering import Mistakes
from backend.accounts.signing_in import read_identifier
from backend.agencies import officers
from backend.agencies.counter_finds import account_found, find_at_counter, found_with_number, sealed
from backend.agencies.frame import staff_frame
from backend.agencies.guards import officer_with
from backend.agencies.inputs import CardSeen, CounterAccount, Search
from backend.agencies.officers import Officer
from backend.agencies.tables import Role
from backend.kit.errors import Invalid, Problem, Refused, TooMany
from backend.kit.language import _
from backend.kit.pages import AnyRequest, page

FORM = RequestEncodingType.URL_ENCODED
RECEPTIONIST = officer_with(Role.RECEPTIONIST)


@get("/can-bo/nguoi", guards=[RECEPTIONIST])
async def show_people(request: AnyRequest, officer: NamedDependency[Officer]) -> Response[str]:
    """Ask for the number of the person at the counter."""
    return _search(request, officer, Search())


@post("/can-bo/nguoi", guards=[RECEPTIONIST], status_code=200)
async def find_person(
    request: AnyRequest, data: Annotated[Search, Body(media_type=FORM)], officer: NamedDependency[Officer]
) -> Response[str]:
    """Show the accounts that claim exactly this number. By POST: a personal number stands in no address."""
    try:
        named = read_identifier(data.identifier)
        found = await find_at_counter(officer, named)
    except (Invalid, TooMany) as problem:
        return _search(request, officer, data, problem)
    fresh = CounterAccount(
        phone=named.value if named.kind is Kind.PHONE else "",
        personal_id=named.value if named.kind is Kind.PERSONAL_ID else "",
    )
    return page(
        request,
        "agencies/people.html",
        **staff_frame(officer),
        typed=data,
        found=found,
        fresh=fresh,
        notice="",
        mistakes={},
    )


def _search(request: AnyRequest, officer: Officer, typed: Search, problem: Problem | None = None) -> Response[str]:
    return page(
        request,
        "agencies/people.html",
        status=problem.status if problem else 200,
        **staff_frame(officer),
        typed=typed,
        found=None,
        fresh=None,
        notice=problem.sentence if problem else "",
        mistakes=problem.fields if problem else {},
    )


@post("/can-bo/nguoi/the", guards=[RECEPTIONIST], status_code=200)
async def look_at_card(
    request: AnyRequest, data: Annotated[CardSeen, Body(media_type=FORM)], officer: NamedDependency[Officer]
) -> Response[str]:
    """Show the facts to compare with the card."""
    person = await found_again(account_found(officer, data.found))
    born = person.birth_date
    typed = CardSeen(
        found=sealed(officer, person),
        full_name=person.full_name,
        birth_day=str(born.day) if born else "",
        birth_month=str(born.month) if born else "",
        birth_year=str(born.year) if born else "",
        sex=person.sex or "",
    )
    return _card(request, officer, person, typed)


@post("/can-bo/nguoi/xac-minh", guards=[RECEPTIONIST], status_code=200)
async def verify_card(
    request: AnyRequest, data: Annotated[CardSeen, Body(media_type=FORM)], officer: NamedDependency[Officer]
) -> Response[str]:
    """Note that the officer saw the card."""
    account, seen = found_with_number(officer, data.found)
    try:
        await verify_identity(account, officer.account_id, _read_card(data), seen, officer.hand)
    except (Invalid, Refused) as problem:
        return _card(request, officer, await found_again(account), data, problem)
    return _person(request, officer, await found_again(account), done=_("Đã xác minh."))


def _read_card(data: CardSeen) -> Card:
    mistakes = Mistakes()
    name = mistakes.read("full_name", person_name, data.full_name)
    born = mistakes.read("birth_date", lambda day: birth_date(day, data.birth_month, data.birth_year), data.birth_day)
    if not data.seen:
        mistakes["seen"] = _("Xem thẻ và so mặt người trước, rồi đánh dấu vào đây.")
    mistakes.refuse()
    return Card(
        full_name=name, birth_date=born, sex=data.sex if data.sex in SEXES else None, personal_id=data.personal_id
    )


def _card(
    request: AnyRequest, officer: Officer, person: Found, typed: CardSeen, problem: Problem | None = None
) -> Response[str]:
    return page(
        request,
        "agencies/card.html",
        status=problem.status if problem else 200,
        **staff_frame(officer),
        person=person,
        typed=typed,
        notice=problem.sentence if problem else "",
        mistakes=problem.fields if problem else {},
    )


def _person(request: AnyRequest, officer: Officer, person: Found, *, done: str = "", code: str = "") -> Response[str]:
    return page(
        request,
        "agencies/person.html",
        **staff_frame(officer),
        person=person,
        found=sealed(officer, person),
        done=done,
        code=code,
    )


@post("/can-bo/nguoi/ma", guards=[RECEPTIONIST], status_code=200)
async def give_code(
    request: AnyRequest, data: Annotated[CardSeen, Body(media_type=FORM)], officer: NamedDependency[Officer]
) -> Response[str]:
    """Give the code by which the person sets a new password; it is shown once, in this answer."""
    account = account_found(officer, data.found)
    person = await found_again(account)
    if person.verified_at is None:
        raise Refused(_("Xác minh căn cước trước, rồi mới đưa mã cho tài khoản này."))
    if person.officer:
        code = await officers.give_code_to_holder(officer, account)
    else:
        code = await recovery.give_code(account, officer.account_id, officer.hand)
    return _person(request, officer, person, code=code)


@post("/can-bo/nguoi/mo", guards=[RECEPTIONIST], status_code=200)
async def open_for_person(
    request: AnyRequest, data: Annotated[CounterAccount, Body(media_type=FORM)], officer: NamedDependency[Officer]
) -> Response[str]:
    """Open a verified account for a person without one, and give the code that sets its password."""
    try:
        account = await _open(data, officer)
    except (Invalid, Refused) as problem:
        return page(
            request,
            "agencies/open.html",
            status=problem.status,
            **staff_frame(officer),
            typed=data,
            notice=problem.sentence,
            mistakes=problem.fields,
        )
    code = await recovery.give_code(account, officer.account_id, officer.hand)
    return _person(request, officer, await found_again(account), done=_("Đã mở tài khoản."), code=code)


async def _open(data: CounterAccount, by: Officer) -> UUID:
    if not data.seen:
        raise Invalid(_("Còn chỗ cần sửa."), fields={"seen": _("Xem thẻ và so mặt người trước, rồi đánh dấu vào đây.")})
    return await open_at_counter(
        full_name=data.full_name,
        phone=data.phone,
        personal_id=data.personal_id,
        born=(data.birth_day, data.birth_month, data.birth_year),
        sex=data.sex,
        by=by.account_id,
        hand=by.hand,
    )


@get("/can-bo/nguoi/mo", guards=[RECEPTIONIST])
async def show_open(request: AnyRequest, officer: NamedDependency[Officer]) -> Response[str]:
    """Show the form for an account opened at the counter."""
    frame = staff_frame(officer)
    return page(request, "agencies/open.html", **frame, typed=CounterAccount(), notice="", mistakes={})


handlers = [show_people, find_person, look_at_card, verify_card, give_code, open_for_person, show_open]
