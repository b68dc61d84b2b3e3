"""The door: signing in and out, registering, a forgotten password. Open to everybody."""

from typing import Annotated

from litestar import Response, get, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, QueryParameter

from backend.accounts import consents, known_devices, recovery, sessions, waiting
from backend.accounts.guards import signed_in, viewer_of
from backend.accounts.inputs import Forgotten, Recovery, Registration, SignIn
from backend.accounts.registering import register
from backend.accounts.sign_in_pages import PRIVATE, continue_page, going_on, leave_old_session, sign_in_form
from backend.accounts.signing_in import open_for, sign_in
from backend.accounts.throttle import registration_tried
from backend.accounts.viewer import Viewer
from backend.kit import mail
from backend.kit.access import anyone
from backend.kit.addresses import is_local
from backend.kit.errors import Invalid, Problem, Refused, TooMany
from backend.kit.language import _, current_language
from backend.kit.pages import AnyRequest, page, see

FORM = RequestEncodingType.URL_ENCODED
Next = Annotated[str, QueryParameter(name="tiep", max_length=8_000)]


def address_of(request: AnyRequest) -> str:
    """Return the network address a request comes from (behind a proxy: what a trusted one says)."""
    return request.client.host if request.client else ""


def browser_of(request: AnyRequest) -> str:
    """Return the browser's own description."""
    return request.headers.get("User-Agent", "")


def device_of(request: AnyRequest) -> str:
    """Return the token by which the browser may be known; empty for a new one."""
    return request.cookies.get(known_devices.cookie_name(), "")


@get("/dang-nhap", guards=[anyone])
async def show_sign_in(request: AnyRequest, tiep: Next = "") -> Response[str]:
    """Show the sign-in form."""
    return sign_in_form(request, SignIn(tiep=tiep))


@post("/dang-nhap", guards=[anyone], status_code=200)
async def enter(request: AnyRequest, data: Annotated[SignIn, Body(media_type=FORM)]) -> Response[str]:
    """Sign in and go on to where the person wanted to go."""
    try:
        opened = await sign_in(
            data.identifier,
            data.password,
            address=address_of(request),
            user_agent=browser_of(request),
            device=device_of(request),
        )
    except (Invalid, TooMany) as problem:
        return sign_in_form(request, data, notice=problem.sentence, fields=problem.fields, status=problem.status)
    await leave_old_session(request)
    return going_on(request, opened, data.tiep, data.waiting)


@post(waiting.RESUME, guards=[signed_in], status_code=200)
async def resume(
    request: AnyRequest, data: Annotated[SignIn, Body(media_type=FORM)], viewer: NamedDependency[Viewer]
) -> Response[str]:
    """Show the form that waited to somebody who has signed in elsewhere meanwhile."""
    held = waiting.opened(data.waiting)
    if held is None:
        raise Refused(_("Bài viết này đã chờ quá lâu. Mở lại trang đang làm dở để viết tiếp."))
    return continue_page(request, held, held.belongs_to(viewer.account_id))


@post("/dang-xuat", guards=[anyone], status_code=303)
async def leave(request: AnyRequest) -> Response[str]:
    """Sign this device out and have the browser forget what it kept."""
    await leave_old_session(request)
    response = see(request, "/")
    response.set_cookie(sessions.no_cookie())
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@get("/dang-ky", guards=[anyone])
async def show_registration(request: AnyRequest, tiep: Next = "") -> Response[str]:
    """Show the form for a new account."""
    return _registration(request, Registration(tiep=tiep))


@post("/dang-ky", guards=[anyone], status_code=200)
async def open_account(request: AnyRequest, data: Annotated[Registration, Body(media_type=FORM)]) -> Response[str]:
    """Open an account and sign its person in; whoever only brings a post that waits is shown the form first."""
    if data.waiting and data.untouched:
        return _registration(request, data)
    try:
        await registration_tried(address_of(request))
        account = await register(
            full_name=data.full_name,
            phone=data.phone,
            personal_id=data.personal_id,
            password=data.password,
            agreed=[consents.Purpose.TIPS] if data.tips else [],
        )
    except (Invalid, TooMany) as problem:
        return _registration(request, data, problem)
    await leave_old_session(request)
    opened = await open_for(
        account,
        officer=False,
        language=current_language(),
        user_agent=browser_of(request),
        device=device_of(request),
    )
    return going_on(request, opened, data.tiep or "/toi", data.waiting)


def _registration(request: AnyRequest, typed: Registration, problem: Problem | None = None) -> Response[str]:
    return page(
        request,
        "accounts/register.html",
        status=problem.status if problem else 200,
        headers=PRIVATE,
        typed=typed,
        held=waiting.opened(typed.waiting) if typed.waiting else None,
        tiep=typed.tiep if is_local(typed.tiep) else "",
        tips=consents.words(consents.Purpose.TIPS),
        notice=problem.sentence if problem else "",
        mistakes=problem.fields if problem else {},
    )


@get("/quen-mat-khau", guards=[anyone])
async def show_forgotten(request: AnyRequest) -> Response[str]:
    """Ask whose password is forgotten, and tell the two ways."""
    return _forgotten(request, Forgotten())


@post("/quen-mat-khau", guards=[anyone], status_code=200)
async def ask_for_code(request: AnyRequest, data: Annotated[Forgotten, Body(media_type=FORM)]) -> Response[str]:
    """Mail a code where there is a confirmed address; the answer is the same for everybody."""
    try:
        named = await recovery.asked_for_code(data.identifier, address=address_of(request))
    except (Invalid, TooMany) as problem:
        return _forgotten(request, data, problem)
    answer = _recovery(request, Recovery(identifier=data.identifier), sent=mail.configured())
    answer.background = BackgroundTask(recovery.mail_codes, named)
    return answer


def _forgotten(request: AnyRequest, typed: Forgotten, problem: Problem | None = None) -> Response[str]:
    return page(
        request,
        "accounts/forgotten.html",
        status=problem.status if problem else 200,
        headers=PRIVATE,
        typed=typed,
        by_mail=mail.configured(),
        notice=problem.sentence if problem else "",
        mistakes=problem.fields if problem else {},
    )


@get("/quen-mat-khau/ma", guards=[anyone])
async def show_recovery(request: AnyRequest) -> Response[str]:
    """Ask for the one-time code and a new password."""
    return _recovery(request, Recovery())


@post("/quen-mat-khau/ma", guards=[anyone], status_code=200)
async def recover(request: AnyRequest, data: Annotated[Recovery, Body(media_type=FORM)]) -> Response[str]:
    """Set a new password by a one-time code and sign in."""
    try:
        opened = await recovery.recover(
            data.identifier,
            data.code,
            data.password,
            address=address_of(request),
            user_agent=browser_of(request),
            device=device_of(request),
        )
    except (Invalid, TooMany) as problem:
        return _recovery(request, data, problem=problem)
    await leave_old_session(request)
    return going_on(request, opened, "")


def _recovery(
    request: AnyRequest, typed: Recovery, problem: Problem | None = None, sent: bool = False
) -> Response[str]:
    return page(
        request,
        "accounts/recovery.html",
        status=problem.status if problem else 200,
        headers=PRIVATE,
        typed=typed,
        sent=sent,
        notice=problem.sentence if problem else "",
        mistakes=problem.fields if problem else {},
    )


@get("/du-lieu-ca-nhan", guards=[anyone])
async def show_data_use(request: AnyRequest) -> Response[str]:
    """Tell how personal data are used, without an account."""
    return page(request, "accounts/data.html", inside=viewer_of(request) is not None)


handlers = [
    show_sign_in,
    enter,
    resume,
    leave,
    show_registration,
    open_account,
    show_forgotten,
    ask_for_code,
    show_recovery,
    recover,
    show_data_use,
]
