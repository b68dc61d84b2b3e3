"""The pages of this room, through the application, without scripts."""

import re

import httpx
import pytest

from backend.accounts import consents
from backend.accounts.profiles import profile
from backend.accounts.tables import Account, Session
from backend.agencies.tables import Role
from backend.agencies.units import import_units
from tests import browser
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.anyio

OWN_PAGES = [
    "/toi",
    "/toi/thong-tin",
    "/toi/thong-tin/email?ma=ABCDEFGH",
    "/toi/mat-khau",
    "/toi/thiet-bi",
    "/toi/dong-y",
    "/toi/du-lieu",
    "/toi/noi-o",
]
OPEN_PAGES = ["/dang-nhap", "/dang-ky", "/quen-mat-khau", "/quen-mat-khau/ma", "/du-lieu-ca-nhan"]


def hidden(html: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, f"no field {name}"
    return found[1]


def set_cookie(answer: httpx.Response, name: str) -> str:
    return next(line for line in answer.headers.get_list("set-cookie") if line.startswith(f"{name}="))


@pytest.mark.parametrize("path", OPEN_PAGES)
async def test_the_door_is_open_to_everybody_in_both_languages(
    client: httpx.AsyncClient, cast: Cast, path: str
) -> None:
    for language in ("vi", "en"):
        client.cookies.set("language", language, domain="localhost.local")
        answer = await client.get(path)
        assert answer.status_code == 200
        assert answer.text.count("<h1") == 1
        assert "Xã Mai Khê" in answer.text or "Xã Đồng Sen" in answer.text


@pytest.mark.parametrize("path", OWN_PAGES)
async def test_a_stranger_is_asked_to_sign_in_and_comes_back_to_the_page(
    client: httpx.AsyncClient, cast: Cast, path: str
) -> None:
    answer = await client.get(path)
    assert answer.status_code == 401
    assert cast.ha.name not in answer.text
    fields = {"identifier": cast.ha.phone, "password": PASSWORD, "tiep": hidden(answer.text, "tiep")}
    entered = await browser.post(client, "/dang-nhap", fields)
    assert (entered.status_code, entered.headers["location"]) == (303, path)
    page = await client.get(path)
    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    assert page.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/toi/thong-tin",
        "/toi/thong-tin/gui-lai",
        "/toi/thong-tin/email",
        "/toi/mat-khau",
        "/toi/thiet-bi/dang-xuat",
        "/toi/dong-y/sms_email_tips",
        "/toi/dong-y/sms_email_tips/rut",
        "/toi/noi-o",
        "/toi/noi-o/xoa",
    ],
)
async def test_a_stranger_changes_nothing(client: httpx.AsyncClient, cast: Cast, path: str) -> None:
    before = await Account.select(), await Session.select()
    assert (await browser.post(client, path, {"full_name": "Kẻ Lạ"})).status_code == 401
    assert (await Account.select(), await Session.select()) == before


async def test_a_sign_in_sets_a_cookie_scripts_and_other_sites_cannot_use(
    client: httpx.AsyncClient, cast: Cast
) -> None:
    answer = await browser.post(client, "/dang-nhap", {"identifier": cast.ha.phone, "password": PASSWORD})
    cookie = set_cookie(answer, "session").lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "path=/" in cookie and "max-age=2592000" in cookie
    officer = cast.officer(Role.RECEPTIONIST)
    answer = await browser.post(client, "/dang-nhap", {"identifier": officer.phone, "password": PASSWORD})
    assert answer.headers["location"] == "/can-bo"
    assert "max-age" not in set_cookie(answer, "session").lower()


async def test_a_long_search_is_gone_back_to_whole(client: httpx.AsyncClient, cast: Cast) -> None:
    path = "/toi?q=" + "%E1%BA%BF" * 200
    tiep = hidden((await client.get(path)).text, "tiep")
    answer = await browser.post(client, "/dang-nhap", {"identifier": cast.ha.phone, "password": PASSWORD, "tiep": tiep})
    assert answer.headers["location"] == path


async def test_a_wrong_password_keeps_what_was_typed_but_the_password(client: httpx.AsyncClient, cast: Cast) -> None:
    typed = {"identifier": "0912 345 678", "password": "sai-mat-khau", "tiep": "/toi/dong-y"}
    answer = await browser.post(client, "/dang-nhap", typed)
    assert answer.status_code == 422
    assert 'value="0912 345 678"' in answer.text and "sai-mat-khau" not in answer.text
    assert hidden(answer.text, "tiep") == "/toi/dong-y"
    assert 'href="#f-password"' in answer.text and 'aria-invalid="true"' in answer.text


@pytest.mark.parametrize(
    ("path", "places"),
    [("/dang-nhap", ["identifier", "password"]), ("/quen-mat-khau/ma", ["identifier", "code", "password"])],
)
async def test_all_that_is_missing_on_a_form_of_the_door_is_told_at_once(
    client: httpx.AsyncClient, cast: Cast, path: str, places: list[str]
) -> None:
    answer = await browser.post(client, path)
    assert answer.status_code == 422
    assert re.findall(r'<li><a href="#f-(\w+)">', answer.text) == places


async def test_too_many_tries_are_told_on_the_form_itself(client: httpx.AsyncClient, cast: Cast) -> None:
    for _try in range(9):
        answer = await browser.post(client, "/dang-nhap", {"identifier": cast.ha.phone, "password": "sai"})
    assert answer.status_code == 429
    assert f'value="{cast.ha.phone}"' in answer.text


@pytest.mark.parametrize(
    "tiep",
    ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)", "dang-ky"],
)
async def test_nobody_is_sent_on_to_a_foreign_site(client: httpx.AsyncClient, cast: Cast, tiep: str) -> None:
    typed = {"identifier": cast.ha.phone, "password": PASSWORD, "tiep": tiep}
    answer = await browser.post(client, "/dang-nhap", typed)
    assert answer.headers["location"] == "/"


async def test_an_address_typed_with_accents_is_gone_back_to(client: httpx.AsyncClient, cast: Cast) -> None:
    asked = await client.get("/ho-so/hồ-sơ", headers={"Accept": "text/html"})
    signed = {"identifier": cast.ha.phone, "password": PASSWORD, "tiep": hidden(asked.text, "tiep")}
    entered = await browser.post(client, "/dang-nhap", signed)
    assert (entered.status_code, entered.headers["location"]) == (303, "/ho-so/h%E1%BB%93-s%C6%A1")


async def test_signing_in_again_ends_the_session_the_browser_had(client: httpx.AsyncClient, cast: Cast) -> None:
    browser.sign_in(client, cast.toan)
    await browser.post(client, "/dang-nhap", {"identifier": cast.ha.phone, "password": PASSWORD})
    row = await Session.objects().get(Session.account == cast.toan.account)
    assert row is not None and row.revoked_at is not None


async def test_signing_out_ends_the_session_and_empties_the_browser(client: httpx.AsyncClient, cast: Cast) -> None:
    browser.sign_in(client, cast.ha)
    answer = await browser.post(client, "/dang-xuat")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert answer.headers["clear-site-data"] == '"cache"'
    assert "max-age=0" in set_cookie(answer, "session").lower()
    browser.sign_in(client, cast.ha)  # a thief kept the cookie
    assert (await client.get("/toi")).status_code == 401


async def test_without_the_form_s_token_nobody_is_signed_out(client: httpx.AsyncClient, cast: Cast) -> None:
    browser.sign_in(client, cast.ha)
    assert (await client.post("/dang-xuat")).status_code == 403
    assert (await client.get("/toi")).status_code == 200


async def test_a_registration_signs_in_and_keeps_the_consent(client: httpx.AsyncClient, cast: Cast) -> None:
    form = {
        "full_name": "Phạm Thị Hoa",
        "phone": "0977123456",
        "personal_id": "038299001234",
        "password": "con mèo ngủ trên mái",
        "tips": "on",
        "tiep": "/thu-tuc",
    }
    refused = await browser.post(client, "/dang-ky", form | {"phone": "09", "password": "ngắn"})
    assert refused.status_code == 422
    assert 'value="Phạm Thị Hoa"' in refused.text and "ngắn" not in refused.text
    answer = await browser.post(client, "/dang-ky", form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/thu-tuc")
    page = await client.get("/toi")
    assert "Phạm Thị Hoa" in page.text and "Xã chưa xem căn cước" in page.text
    account = await Account.objects().get(Account.phone == "0977123456")
    assert account is not None and await consents.agreed(account.id, consents.Purpose.TIPS)


async def test_devices_are_listed_and_signed_out_by_their_owner_only(client: httpx.AsyncClient, cast: Cast) -> None:
    browser.sign_in(client, cast.toan)
    toan = await Session.objects().get(Session.account == cast.toan.account)
    assert toan is not None
    path = f"/toi/thiet-bi/{toan.id}/dang-xuat"
    browser.sign_in(client, cast.ha)
    assert (await browser.post(client, path)).status_code == 404
    browser.sign_in(client, cast.toan)
    page = await client.get("/toi/thiet-bi")
    assert "Chromium, Linux" in page.text and "Máy này" in page.text
    assert (await browser.post(client, path)).status_code == 303
    assert (await client.get("/toi")).status_code == 401


async def test_a_password_is_changed_on_its_page(client: httpx.AsyncClient, cast: Cast) -> None:
    browser.sign_in(client, cast.ha)
    wrong = await browser.post(client, "/toi/mat-khau", {"current": "sai", "password": "ao làng nhiều sen"})
    assert wrong.status_code == 422 and "Mật khẩu đang dùng chưa đúng" in wrong.text
    right = await browser.post(client, "/toi/mat-khau", {"current": PASSWORD, "password": "ao làng nhiều sen"})
    assert right.headers["location"] == "/toi/thiet-bi?xong=mat-khau"
    assert "Đã đổi mật khẩu" in (await client.get(right.headers["location"])).text


async def test_a_consent_is_given_and_withdrawn_on_its_page(client: httpx.AsyncClient, cast: Cast) -> None:
    browser.sign_in(client, cast.ha)
    await browser.post(client, "/toi/dong-y/sms_email_tips")
    assert "Đang đồng ý" in (await client.get("/toi/dong-y")).text
    await browser.post(client, "/toi/dong-y/sms_email_tips/rut")
    assert "đã rút" in (await client.get("/toi/dong-y")).text
    assert (await browser.post(client, "/toi/dong-y/khac")).status_code == 404


async def test_the_profile_page_keeps_typed_words_and_says_what_was_saved(
    client: httpx.AsyncClient, cast: Cast
) -> None:
    browser.sign_in(client, cast.ha)
    form = {"full_name": cast.ha.name, "personal_id": cast.ha.personal_id, "phone": "0977 123 456", "email": "ha@"}
    refused = await browser.post(client, "/toi/thong-tin", form)
    assert refused.status_code == 422 and 'value="ha@"' in refused.text
    saved = await browser.post(client, "/toi/thong-tin", form | {"email": "ha@example.vn"})
    assert "Đã lưu." in (await client.get(saved.headers["location"])).text
    assert (await profile(cast.ha.account))["phone"] == "0977123456"


async def test_forgotten_answers_the_same_for_everybody(client: httpx.AsyncClient, cast: Cast) -> None:
    known = await browser.post(client, "/quen-mat-khau", {"identifier": cast.ha.phone})
    unknown = await browser.post(client, "/quen-mat-khau", {"identifier": "0933333333"})
    assert known.status_code == unknown.status_code == 200

    def bare(answer: httpx.Response) -> str:
        return answer.text.replace(cast.ha.phone, "").replace("0933333333", "")

    assert bare(known) == bare(unknown)


async def test_where_a_person_lives_is_kept_by_province_and_commune(client: httpx.AsyncClient, cast: Cast) -> None:
    await import_units()
    browser.sign_in(client, cast.ha)
    listed = await browser.post(client, "/toi/noi-o", {"province": "38", "next": "communes"})
    assert listed.status_code == 200 and 'value="16438"' in listed.text
    refused = await browser.post(client, "/toi/noi-o", {"province": "38", "commune": "00070"})
    assert refused.status_code == 422 and "Chưa chọn xã" in refused.text
    address = {"province": "38", "commune": "16438", "hamlet": "Thôn Trung", "detail": ""}
    assert (await browser.post(client, "/toi/noi-o", address)).status_code == 303
    assert (await profile(cast.ha.account))["residence"] == address
    await browser.post(client, "/toi/noi-o/xoa")
    assert (await profile(cast.ha.account))["residence"] is None
