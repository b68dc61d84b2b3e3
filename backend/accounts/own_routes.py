"""What belongs to a signed-in person: facts, password, devices, consents."""

from typing import Annotated
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, QueryParameter

from backend.accounts import consents, profiles, sessions
from backend.accounts.guards import signed_in
from backend.accounts.inputs import EmailCode, PasswordChange, ProfileChange
from backend.accounts.profiles import account_of, personal_id_of
from backend.accounts.signing_in import change_password
from backend.accounts.tables import Account
from backend.accounts.viewer import Viewer
from backend.kit import mail
from backend.kit.errors import Invalid, NotFound, Problem, TooMany
from backend.kit.language import _
from backend.kit.pages import AnyRequest, page, see

FORM = RequestEncodingType.URL_ENCODED
Done = Annotated[str, QueryParameter(name="xong", max_length=20)]


@get("/toi", guards=[signed_in])
async def show_account(request: AnyRequest, viewer: NamedDependency[Viewer]) -> Response[str]:
    """Show who is signed in and everything that can be set."""
    row = await account_of(viewer.account_id)
    devices = await sessions.devices(viewer.account_id, viewer.session_id)
    return page(request, "accounts/account.html", row=row, personal_id=personal_id_of(row), devices=len(devices))


@get("/toi/thong-tin", guards=[signed_in])
async def show_profile(request: AnyRequest, viewer: NamedDependency[Viewer], done: Done = "") -> Response[str]:
    """Show the facts kept of a person, to be changed."""
    row = await account_of(viewer.account_id)
    return _profile(request, row, _typed(row), done=done)


@post("/toi/thong-tin", guards=[signed_in], status_code=200)
async def keep_profile(
    request: AnyRequest, data: Annotated[ProfileChange, Body(media_type=FORM)], viewer: NamedDependency[Viewer]
) -> Response[str]:
    """Change the facts kept of a person."""
    try:
        mailed = await profiles.change_profile(viewer.account_id, data)
    except (Invalid, TooMany) as problem:
        return _profile(request, await account_of(viewer.account_id), data, problem)
    return see(request, f"/toi/thong-tin?xong={'thu' if mailed else 'luu'}")


def _typed(row: Account) -> ProfileChange:
    born = row.birth_date
    return ProfileChange(
        full_name=row.full_name,
        personal_id=personal_id_of(row),
        phone=row.phone,
        email=row.email or "",
        birth_day=str(born.day) if born else "",
        birth_month=str(born.month) if born else "",
        birth_year=str(born.year) if born else "",
        sex=row.sex or "",
    )


def _profile(
    request: AnyRequest, row: Account, typed: ProfileChange, problem: Problem | None = None, done: str = ""
) -> Response[str]:
    return page(
        request,
        "accounts/profile.html",
        status=problem.status if problem else 200,
        row=row,
        personal_id=personal_id_of(row),
        typed=typed,
        done=done,
        by_mail=mail.configured(),
        notice=problem.sentence if problem else "",
        mistakes=problem.fields if problem else {},
    )


@post("/toi/thong-tin/gui-lai", guards=[signed_in], status_code=303)
async def mail_again(request: AnyRequest, viewer: NamedDependency[Viewer]) -> Response[str]:
    """Mail the link that confirms the address once more."""
    await profiles.confirm_again(viewer.account_id)
    return see(request, "/toi/thong-tin?xong=thu")


@get("/toi/thong-tin/email", guards=[signed_in])
async def show_email_code(
    request: AnyRequest,
    viewer: NamedDependency[Viewer],
    code: Annotated[str, QueryParameter(name="ma", max_length=50)] = "",
) -> Response[str]:
    """Ask for one press: programs that read mail open links, but press nothing."""
    row = await account_of(viewer.account_id)
    return page(request, "accounts/email.html", code=code, email=row.email)


@post("/toi/thong-tin/email", guards=[signed_in], status_code=303)
async def confirm_email(
    request: AnyRequest, data: Annotated[EmailCode, Body(media_type=FORM)], viewer: NamedDependency[Viewer]
) -> Response[str]:
    """Confirm an e-mail address by the code mailed to it."""
    await profiles.confirm_email(viewer.account_id, data.code)
    return see(request, "/toi/thong-tin?xong=email")


@get("/toi/mat-khau", guards=[signed_in])
async def show_password(request: AnyRequest, viewer: NamedDependency[Viewer]) -> Response[str]:
    """Ask for the present and a new password."""
    return page(request, "accounts/password.html", notice="", mistakes={})


@post("/toi/mat-khau", guards=[signed_in], status_code=200)
async def keep_password(
    request: AnyRequest, data: Annotated[PasswordChange, Body(media_type=FORM)], viewer: NamedDependency[Viewer]
) -> Response[str]:
    """Change the password and sign out all other devices."""
    try:
        await change_password(viewer.account_id, viewer.session_id, data.current, data.password)
    except (Invalid, TooMany) as problem:
        return page(
            request,
            "accounts/password.html",
            status=problem.status,
            notice=problem.sentence,
            mistakes=problem.fields,
        )
    return see(request, "/toi/thiet-bi?xong=mat-khau")


@get("/toi/thiet-bi", guards=[signed_in])
async def show_devices(request: AnyRequest, viewer: NamedDependency[Viewer], done: Done = "") -> Response[str]:
    """List the devices that are signed in."""
    devices = await sessions.devices(viewer.account_id, viewer.session_id)
    return page(request, "accounts/devices.html", devices=devices, done=done)


@post("/toi/thiet-bi/{session:uuid}/dang-xuat", guards=[signed_in], status_code=303)
async def sign_device_out(
    request: AnyRequest, session: FromPath[UUID], viewer: NamedDependency[Viewer]
) -> Response[str]:
    """Sign one of the person's devices out."""
    if not await sessions.revoke_and_forget(viewer.account_id, session):
        raise NotFound(_("Máy này đã đăng xuất rồi."))
    return see(request, "/toi/thiet-bi?xong=mot")


@post("/toi/thiet-bi/dang-xuat", guards=[signed_in], status_code=303)
async def sign_others_out(request: AnyRequest, viewer: NamedDependency[Viewer]) -> Response[str]:
    """Sign all devices but this one out."""
    await sessions.revoke_all(viewer.account_id, but=viewer.session_id)
    return see(request, "/toi/thiet-bi?xong=het")


@get("/toi/dong-y", guards=[signed_in])
async def show_consents(request: AnyRequest, viewer: NamedDependency[Viewer]) -> Response[str]:
    """List what the person agreed to, with version and date."""
    return page(request, "accounts/consents.html", agreements=await consents.agreements(viewer.account_id))


@post("/toi/dong-y/{purpose:str}", guards=[signed_in], status_code=303)
async def agree(request: AnyRequest, purpose: FromPath[str], viewer: NamedDependency[Viewer]) -> Response[str]:
    """Agree to the present words of one purpose."""
    await consents.give(viewer.account_id, consents.purpose_named(purpose))
    return see(request, "/toi/dong-y")


@post("/toi/dong-y/{purpose:str}/rut", guards=[signed_in], status_code=303)
async def withdraw(request: AnyRequest, purpose: FromPath[str], viewer: NamedDependency[Viewer]) -> Response[str]:
    """Withdraw an agreement."""
    await consents.withdraw(viewer.account_id, consents.purpose_named(purpose))
    return see(request, "/toi/dong-y")


@get("/toi/du-lieu", guards=[signed_in])
async def show_data_use_inside(request: AnyRequest, viewer: NamedDependency[Viewer]) -> Response[str]:
    """Tell how personal data are used."""
    return page(request, "accounts/data.html", inside=True)


handlers = [
    show_account,
    show_profile,
    keep_profile,
    mail_again,
    show_email_code,
    confirm_email,
    show_password,
    keep_password,
    show_devices,
    sign_device_out,
    sign_others_out,
    show_consents,
    agree,
    withdraw,
    show_data_use_inside,
]
