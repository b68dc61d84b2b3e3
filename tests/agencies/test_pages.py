"""The pages of officers and of the counter, through the application; a stranger, a citizen and another office in each."""

import re
from datetime import timedelta
from html import unescape

import httpx
import pytest

from backend.accounts.identity import found_again, verify_identity
from backend.accounts.signing_in import sign_in
from backend.accounts.tables import Account, OneTimeCode
from backend.agencies import counter_finds, officers
from backend.agencies.counter_finds import FINDS_PER_HOUR
from backend.agencies.tables import Role
from backend.history.record import entries
from backend.kit.clock import Frozen
from backend.kit.database import execute
from backend.kit.errors import NotFound
from tests import browser
from tests.accounts.test_pages import hidden
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.anyio

RECEPTION = ["/can-bo/nguoi", "/can-bo/nguoi/mo"]
ADMINISTRATION = ["/can-bo/can-bo", "/can-bo/can-bo/them"]


async def found(client: httpx.AsyncClient, number: str) -> str:
    """The seal of the only account found by a number."""
    answer = await browser.post(client, "/can-bo/nguoi", {"identifier": number})
    assert answer.status_code == 200
    return hidden(answer.text, "found")


async def test_the_first_commune_stands_on_every_page_until_another_is_chosen(
    client: httpx.AsyncClient, cast: Cast
) -> None:
    page = await client.get("/xa?tiep=/dang-nhap")
    assert "Xã Mai Khê" in page.text and "Xã Đồng Sen" in page.text
    answer = await browser.post(client, "/xa", {"xa": "H71.104.26", "tiep": "/dang-nhap"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/dang-nhap")
    assert "Xã Mai Khê" in (await client.get("/dang-nhap")).text
    assert (await browser.post(client, "/xa", {"xa": "H71", "tiep": "/"})).status_code == 404
    abroad = await browser.post(client, "/xa", {"xa": "H71.104.26", "tiep": "//evil.example"})
    assert abroad.headers["location"] == "/"


@pytest.mark.parametrize("path", [*RECEPTION, *ADMINISTRATION, "/can-bo/toi"])
async def test_pages_of_officers_are_there_for_their_roles_only(
    client: httpx.AsyncClient, cast: Cast, path: str
) -> None:
    assert (await client.get(path)).status_code == 401
    browser.sign_in(client, cast.ha)
    assert (await client.get(path)).status_code == 404
    for role, person in cast.officers.items():
        browser.sign_in(client, person)
        meant = {
            "/can-bo/toi": True,
            **dict.fromkeys(RECEPTION, role is Role.RECEPTIONIST),
            **dict.fromkeys(ADMINISTRATION, role is Role.ADMINISTRATOR),
        }[path]
        answer = await client.get(path)
        assert answer.status_code == (200 if meant else 404), role
        assert not meant or answer.text.count("<h1") == 1


async def test_the_counter_finds_a_person_sees_the_card_and_verifies_it(client: httpx.AsyncClient, cast: Cast) -> None:
    browser.sign_in(client, cast.officer(Role.RECEPTIONIST))
    seal = await found(client, "038 198 006 417")
    card = await browser.post(client, "/can-bo/nguoi/the", {"found": seal})
    assert 'value="Trần Thị Thu Hà"' in card.text
    read = {"found": seal, "full_name": "Trần Thị Thu Hà", "birth_day": "7", "birth_month": "3", "birth_year": "1998"}
    unseen = await browser.post(client, "/can-bo/nguoi/xac-minh", read)
    assert unseen.status_code == 422 and "Xem thẻ và so mặt người trước" in unseen.text
    done = await browser.post(client, "/can-bo/nguoi/xac-minh", read | {"seen": "on", "sex": "female"})
    assert done.status_code == 200 and "Đã xác minh." in done.text
    account = await Account.objects().get(Account.id == cast.ha.account)
    assert account is not None
    assert account.identity_verified_by == cast.officer(Role.RECEPTIONIST).account
    assert (account.birth_date.year, account.sex) == (1998, "female")
    again = await browser.post(client, "/can-bo/nguoi/xac-minh", read | {"seen": "on"})
    assert again.status_code == 409 and "Lê Thị Mai đã xác minh" in again.text


async def test_a_code_is_given_to_verified_accounts_only_shown_once_and_works(
    client: httpx.AsyncClient, cast: Cast
) -> None:
    browser.sign_in(client, cast.officer(Role.RECEPTIONIST))
    seal = await found(client, cast.ha.phone)
    assert (await browser.post(client, "/can-bo/nguoi/ma", {"found": seal})).status_code == 409
    await browser.post(client, "/can-bo/nguoi/xac-minh", {"found": seal, "full_name": cast.ha.name, "seen": "on"})
    shown = await browser.post(client, "/can-bo/nguoi/ma", {"found": seal})
    code = re.search(r'class="once">([^<]+)<', shown.text)
    assert code and shown.headers["cache-control"] == "private, no-store"
    (row,) = await OneTimeCode.select()
    assert row["made_by"] == cast.officer(Role.RECEPTIONIST).account
    browser.sign_out(client)
    entered = await browser.post(
        client, "/quen-mat-khau/ma", {"identifier": cast.ha.phone, "code": code[1], "password": "ao làng nhiều sen"}
    )
    assert entered.status_code == 303
    assert cast.ha.name in (await client.get("/toi")).text


async def test_the_counter_gives_no_code_that_opens_an_officers_account(client: httpx.AsyncClient, cast: Cast) -> None:
    leader, mai = cast.officer(Role.LEADER), cast.officer(Role.RECEPTIONIST)
    await verify_identity(leader.account, mai.account)
    browser.sign_in(client, mai)
    listed = await browser.post(client, "/can-bo/nguoi", {"identifier": leader.personal_id})
    assert "mã do người quản trị đưa" in listed.text and "/can-bo/nguoi/ma" not in listed.text
    seal = counter_finds.sealed((await officers.places_of(mai.account))[0], await found_again(leader.account))
    refused = await browser.post(client, "/can-bo/nguoi/ma", {"found": seal})
    assert refused.status_code == 409 and "mã do người quản trị đưa" in refused.text
    both = [str(Role.RECEPTIONIST), str(Role.ADMINISTRATOR)]
    await execute("update officer set roles = $2 where id = $1", mai.officer, both)
    assert (await browser.post(client, "/can-bo/nguoi/ma", {"found": seal})).status_code == 200
    lan = cast.stranger_officer
    assert lan is not None
    browser.sign_in(client, lan)
    seal = await found(client, leader.personal_id)
    assert (await browser.post(client, "/can-bo/nguoi/ma", {"found": seal})).status_code == 409


async def test_who_has_no_account_gets_one_at_the_counter(client: httpx.AsyncClient, cast: Cast) -> None:
    browser.sign_in(client, cast.officer(Role.RECEPTIONIST))
    nobody = await browser.post(client, "/can-bo/nguoi", {"identifier": "038140000001"})
    assert "Chưa có tài khoản với số này" in nobody.text
    form = {"full_name": "Cụ Bà Năm", "phone": "0977123456", "personal_id": "038140000001"}
    assert (await browser.post(client, "/can-bo/nguoi/mo", form)).status_code == 422
    opened = await browser.post(client, "/can-bo/nguoi/mo", form | {"seen": "on"})
    assert "Đã mở tài khoản." in opened.text and 'class="once"' in opened.text
    twice = await browser.post(client, "/can-bo/nguoi/mo", form | {"seen": "on"})
    assert twice.status_code == 409 and 'value="Cụ Bà Năm"' in twice.text


async def test_acting_on_an_account_takes_the_same_officer_and_the_last_half_hour(
    client: httpx.AsyncClient, cast: Cast, frozen: Frozen
) -> None:
    browser.sign_in(client, cast.officer(Role.RECEPTIONIST))
    seal = await found(client, cast.ha.phone)
    assert cast.stranger_officer
    browser.sign_in(client, cast.stranger_officer)
    for path in ("the", "xac-minh", "ma"):
        assert (await browser.post(client, f"/can-bo/nguoi/{path}", {"found": seal})).status_code == 409
        assert (await browser.post(client, f"/can-bo/nguoi/{path}", {"found": str(cast.ha.account)})).status_code == 409
    browser.sign_in(client, cast.officer(Role.RECEPTIONIST))
    frozen.advance(timedelta(minutes=31))
    assert (await browser.post(client, "/can-bo/nguoi/the", {"found": seal})).status_code == 409


@pytest.mark.parametrize("path", ["", "/the", "/xac-minh", "/ma", "/mo"])
async def test_the_counter_s_acts_are_closed_to_all_others(client: httpx.AsyncClient, cast: Cast, path: str) -> None:
    form = {"identifier": cast.ha.phone, "found": "", "seen": "on"}
    assert (await browser.post(client, f"/can-bo/nguoi{path}", form)).status_code == 401
    for person in (cast.ha, *(one for role, one in cast.officers.items() if role is not Role.RECEPTIONIST)):
        browser.sign_in(client, person)
        assert (await browser.post(client, f"/can-bo/nguoi{path}", form)).status_code == 404


async def test_leafing_through_people_is_throttled(client: httpx.AsyncClient, cast: Cast) -> None:
    browser.sign_in(client, cast.officer(Role.RECEPTIONIST))
    answers = [
        (await browser.post(client, "/can-bo/nguoi", {"identifier": f"0977{number:06}"})).status_code
        for number in range(FINDS_PER_HOUR + 1)
    ]
    assert answers == [200] * FINDS_PER_HOUR + [429]


async def test_an_administrator_appoints_a_new_officer_with_several_roles(
    client: httpx.AsyncClient, cast: Cast
) -> None:
    browser.sign_in(client, cast.officer(Role.ADMINISTRATOR))
    form = {"full_name": "Tạ Quang Minh", "phone": "0977123456", "password": PASSWORD, "title": "Chuyên viên"}
    refused = await browser.post(client, "/can-bo/can-bo/them", form | {"phone": "1"})
    assert refused.status_code == 422
    assert 'href="#f-roles"' in refused.text and 'href="#f-phone"' in refused.text
    made = await browser.post(client, "/can-bo/can-bo/them", form | {"roles": ["clerk", "cashier"]})
    assert made.headers["location"] == "/can-bo/can-bo?xong=them"
    page = await client.get(made.headers["location"])
    assert "Tạ Quang Minh" in page.text and "Văn thư, Thu phí" in page.text
    opened = await sign_in("0977123456", PASSWORD, address="10.0.0.1", user_agent="")
    assert opened.officer


async def test_the_counter_sets_and_verifies_the_number_of_an_officer_appointed_without_one(
    client: httpx.AsyncClient, cast: Cast
) -> None:
    await officers.appoint_new(
        agency=cast.commune, name="Tạ Quang Minh", phone="0977123456", password=PASSWORD, roles=["clerk"]
    )
    browser.sign_in(client, cast.officer(Role.RECEPTIONIST))
    seal = await found(client, "0977123456")
    card = await browser.post(client, "/can-bo/nguoi/the", {"found": seal})
    assert 'name="personal_id"' in card.text
    read = {"found": seal, "full_name": "Tạ Quang Minh", "seen": "on"}
    bare = await browser.post(client, "/can-bo/nguoi/xac-minh", read)
    assert bare.status_code == 422 and "Chưa điền số căn cước." in bare.text
    done = await browser.post(client, "/can-bo/nguoi/xac-minh", read | {"personal_id": "038 090 000 001"})
    assert done.status_code == 200 and "Đã xác minh." in done.text
    opened = await sign_in("038090000001", PASSWORD, address="10.0.0.1", user_agent="")
    assert opened.officer


async def test_the_number_set_at_the_counter_is_nobody_elses(client: httpx.AsyncClient, cast: Cast) -> None:
    await verify_identity(cast.ha.account, cast.officer(Role.RECEPTIONIST).account)
    await officers.appoint_new(
        agency=cast.commune, name="Tạ Quang Minh", phone="0977123456", password=PASSWORD, roles=["clerk"]
    )
    browser.sign_in(client, cast.officer(Role.RECEPTIONIST))
    seal = await found(client, "0977123456")
    read = {"found": seal, "full_name": "Tạ Quang Minh", "seen": "on", "personal_id": cast.ha.personal_id}
    refused = await browser.post(client, "/can-bo/nguoi/xac-minh", read)
    assert refused.status_code == 409 and "số điện thoại đuôi 678" in refused.text


async def test_no_title_of_the_counter_or_of_the_administrator_names_a_person(
    client: httpx.AsyncClient, cast: Cast
) -> None:
    mai, tuan, phuc = (cast.officer(one) for one in (Role.RECEPTIONIST, Role.ADMINISTRATOR, Role.PROCESSOR))
    browser.sign_in(client, mai)
    seal = await found(client, cast.ha.phone)
    seen = {"found": seal, "full_name": cast.ha.name, "seen": "on"}
    pages = [await browser.post(client, "/can-bo/nguoi/xac-minh", seen)]
    browser.sign_in(client, tuan)
    pages.append(await client.get(f"/can-bo/can-bo/{phuc.officer}"))
    for answer, name in zip(pages, (cast.ha.name, phuc.name), strict=True):
        assert answer.status_code == 200 and name in answer.text
        title = re.search("<title>(.*)</title>", answer.text)
        assert title and name not in title[1]


async def test_an_impossible_year_or_phone_at_the_counter_is_told_on_the_form(
    client: httpx.AsyncClient, cast: Cast
) -> None:
    browser.sign_in(client, cast.officer(Role.RECEPTIONIST))
    born = {"birth_day": "1", "birth_month": "1", "birth_year": "99999999999"}
    card = {"found": await found(client, cast.ha.phone), "full_name": cast.ha.name, "seen": "on"}
    opening = {"full_name": "Tạ Thị Mơ", "phone": "0099999999", "personal_id": "038190000777", "seen": "on"}
    for path, form in (("xac-minh", card), ("mo", opening)):
        answer = await browser.post(client, f"/can-bo/nguoi/{path}", form | born)
        assert answer.status_code == 422 and "không có trong lịch" in answer.text


async def test_an_administrator_appoints_the_holder_of_a_verified_account(
    client: httpx.AsyncClient, cast: Cast
) -> None:
    browser.sign_in(client, cast.officer(Role.ADMINISTRATOR))
    form = {"identifier": cast.ha.personal_id, "roles": "processor"}
    unverified = await browser.post(client, "/can-bo/can-bo/them", form)
    assert unverified.status_code == 422 and "Xác minh căn cước ở quầy trước" in unverified.text
    await Account.update({Account.identity_verified_at: Account.created_at}).where(Account.id == cast.ha.account)
    assert (await browser.post(client, "/can-bo/can-bo/them", form)).status_code == 303
    browser.sign_in(client, cast.ha)
    assert "Thụ lý" in (await client.get("/can-bo/toi")).text
    browser.sign_in(client, cast.officer(Role.ADMINISTRATOR))
    assert (await browser.post(client, "/can-bo/can-bo/them", form)).status_code == 409


async def test_roles_change_and_end_at_once_for_the_officer(client: httpx.AsyncClient, cast: Cast) -> None:
    mai = cast.officer(Role.RECEPTIONIST)
    path = f"/can-bo/can-bo/{mai.officer}"
    browser.sign_in(client, cast.officer(Role.ADMINISTRATOR))
    page = await client.get(path)
    assert 'value="receptionist" checked' in page.text
    assert (await browser.post(client, path, {"title": "Công chức"})).status_code == 422
    assert (await browser.post(client, path, {"title": "Công chức", "roles": "clerk"})).status_code == 303
    browser.sign_in(client, mai)
    assert (await client.get("/can-bo/nguoi")).status_code == 404
    assert "Công chức" in (await client.get("/can-bo/toi")).text
    browser.sign_in(client, cast.officer(Role.ADMINISTRATOR))
    assert (await browser.post(client, f"{path}/ket-thuc")).status_code == 303
    assert (await client.get(path)).status_code == 404
    assert "Đã thôi việc" in (await client.get("/can-bo/can-bo")).text
    browser.sign_in(client, mai)
    assert (await client.get("/can-bo/toi")).status_code == 404
    assert (await client.get("/toi")).status_code == 200


async def test_the_last_administrator_is_told_why_they_stay(client: httpx.AsyncClient, cast: Cast) -> None:
    tuan = cast.officer(Role.ADMINISTRATOR)
    browser.sign_in(client, tuan)
    refused = await browser.post(client, f"/can-bo/can-bo/{tuan.officer}/ket-thuc")
    assert refused.status_code == 409 and "quản trị duy nhất" in refused.text
    kept = await browser.post(client, f"/can-bo/can-bo/{tuan.officer}", {"roles": "clerk"})
    assert kept.status_code == 409 and 'value="clerk" checked' in unescape(kept.text)


async def test_an_administrator_gives_an_officer_who_forgot_the_password_a_code_that_works(
    client: httpx.AsyncClient, cast: Cast
) -> None:
    mai, tuan = cast.officer(Role.RECEPTIONIST), cast.officer(Role.ADMINISTRATOR)
    path = f"/can-bo/can-bo/{mai.officer}"
    browser.sign_in(client, tuan)
    assert 'class="once"' not in (await client.get(path)).text
    shown = await browser.post(client, f"{path}/ma")
    code = re.search(r'class="once">([^<]+)<', shown.text)
    assert code and shown.headers["cache-control"] == "private, no-store"
    (entry,) = await entries(mai.account)
    assert (entry.act, entry.actor, entry.agency) == ("code_given", tuan.officer, cast.commune)
    browser.sign_in(client, mai)
    assert "Xã vừa đưa mã đặt lại mật khẩu" in (await client.get("/thong-bao")).text
    browser.sign_out(client)
    form = {"identifier": mai.phone, "code": code[1], "password": "ao làng nhiều sen"}
    assert (await browser.post(client, "/quen-mat-khau/ma", form)).status_code == 303
    assert mai.name in (await client.get("/can-bo/toi")).text


async def test_an_administrator_gives_no_code_to_themselves(client: httpx.AsyncClient, cast: Cast) -> None:
    tuan = cast.officer(Role.ADMINISTRATOR)
    browser.sign_in(client, tuan)
    path = f"/can-bo/can-bo/{tuan.officer}"
    assert f'action="{path}/ma"' not in (await client.get(path)).text
    refused = await browser.post(client, f"{path}/ma")
    assert refused.status_code == 409 and "người quản trị khác đưa" in refused.text
    # Nor at the counter, when they receive there too.
    await execute("update officer set roles = array['receptionist', 'administrator'] where id = $1", tuan.officer)
    await verify_identity(tuan.account, cast.officer(Role.LEADER).account)
    seal = await found(client, tuan.personal_id)
    assert (await browser.post(client, "/can-bo/nguoi/ma", {"found": seal})).status_code == 409
    assert await OneTimeCode.count() == 0


async def test_a_code_that_would_open_another_office_too_is_not_given(client: httpx.AsyncClient, cast: Cast) -> None:
    mai = cast.officer(Role.RECEPTIONIST)
    await officers.appoint(agency=cast.other_commune, account=mai.account, name=mai.name, title="", roles=[Role.LEADER])
    browser.sign_in(client, cast.officer(Role.ADMINISTRATOR))
    refused = await browser.post(client, f"/can-bo/can-bo/{mai.officer}/ma")
    assert refused.status_code == 409 and "cơ quan khác" in refused.text
    assert await OneTimeCode.count() == 0


async def test_who_has_left_the_office_gets_no_code_from_it(client: httpx.AsyncClient, cast: Cast) -> None:
    mai = cast.officer(Role.RECEPTIONIST)
    browser.sign_in(client, cast.officer(Role.ADMINISTRATOR))
    await browser.post(client, f"/can-bo/can-bo/{mai.officer}/ket-thuc")
    assert (await browser.post(client, f"/can-bo/can-bo/{mai.officer}/ma")).status_code == 404
    tuan, elsewhere = await officers.places_of(cast.officer(Role.ADMINISTRATOR).account), cast.stranger_officer
    assert mai.officer and elsewhere and elsewhere.officer
    for gone in (mai.officer, elsewhere.officer):
        with pytest.raises(NotFound):
            await officers.give_code(tuan[0], gone)


@pytest.mark.parametrize("act", ["", "/ket-thuc", "/ma"])
async def test_officers_of_another_office_are_not_there(client: httpx.AsyncClient, cast: Cast, act: str) -> None:
    mai = cast.officer(Role.RECEPTIONIST)
    path, form = f"/can-bo/can-bo/{mai.officer}{act}", {"roles": "clerk"}
    assert (await browser.post(client, path, form)).status_code == 401
    assert cast.stranger_officer
    for person in (cast.ha, cast.officer(Role.LEADER), cast.stranger_officer):
        browser.sign_in(client, person)
        assert (await browser.post(client, path, form)).status_code == 404
    assert (await officers.places_of(mai.account))[0].roles == {Role.RECEPTIONIST}


async def test_who_works_at_two_offices_chooses_where(client: httpx.AsyncClient, cast: Cast, frozen: Frozen) -> None:
    mai = cast.officer(Role.RECEPTIONIST)
    frozen.advance(timedelta(days=1))
    second = await officers.appoint(
        agency=cast.other_commune, account=mai.account, name=mai.name, title="", roles=[Role.ADMINISTRATOR]
    )
    browser.sign_in(client, mai)
    assert "Ủy ban nhân dân xã Đồng Sen" in (await client.get("/can-bo/toi")).text
    assert (await browser.post(client, f"/can-bo/toi/noi-lam/{mai.officer}")).status_code == 303
    assert "Ủy ban nhân dân xã Mai Khê" in (await client.get("/can-bo/toi")).text
    stranger = cast.stranger_officer
    assert stranger and second
    assert (await browser.post(client, f"/can-bo/toi/noi-lam/{stranger.officer}")).status_code == 404
