"""Looking a dossier up without signing in: what it takes, what it shows, and that guessing gets nowhere."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from backend.agencies.tables import Role
from backend.dossiers import codes, intake, issuing, tracking
from backend.dossiers.papers import Form01
from backend.dossiers.tables import Dossier, PaperForm
from backend.kit.clock import Frozen
from backend.kit.seal import unseal
from tests.browser import post
from tests.cast import Cast
from tests.dossiers import stories
from tests.dossiers.stories import BIRTH
from tests.dossiers.walking import PAGE

pytestmark = pytest.mark.anyio

NOT_FOUND = "Không thấy hồ sơ với mã và số điện thoại này. Kiểm tra cả hai."


async def filed(cast: Cast) -> Dossier:
    await stories.publish(cast, BIRTH)
    return await stories.submitted(cast)


async def look_up(client: httpx.AsyncClient, code: str, second: str) -> httpx.Response:
    return await post(client, "/tra-cuu", {"code": code, "second": second})


async def test_code_and_phone_open_a_page_that_names_nobody(cast: Cast, client: httpx.AsyncClient) -> None:
    dossier = await filed(cast)
    phone = dossier.owner_phone
    typed = f" {(dossier.code or '').lower().replace('-', ' - ')} "
    answer = await look_up(client, typed, f"+84 {phone[1:4]} {phone[4:]}")
    assert answer.status_code == 303
    assert dossier.code not in answer.headers["location"]
    page = await client.get(answer.headers["location"], headers=PAGE)
    assert page.status_code == 200 and "Đã nộp, chờ tiếp nhận" in page.text and "Xã Mai Khê" in page.text
    answers = stories.kept_answers(dossier)["submitter"]
    for private in (dossier.owner_name, answers["id_number"], phone, "Giấy chứng sinh", str(dossier.id)):
        assert private not in page.text
    assert page.headers["cache-control"] == "private, no-store"


async def test_the_slips_secret_opens_it_too_however_it_is_typed(cast: Cast, client: httpx.AsyncClient) -> None:
    dossier = await filed(cast)
    await intake.receive(dossier, await stories.officer(cast, Role.RECEPTIONIST))
    paper = await issuing.issued(await stories.row(dossier.id), PaperForm.FORM_01)
    assert isinstance(paper, Form01) and paper.tracking is not None and paper.tracking.secret is not None
    secret = paper.tracking.secret
    answer = await look_up(client, dossier.code or "", f"{secret[:4].lower()}-{secret[4:]}")
    page = await client.get(answer.headers["location"], headers=PAGE)
    assert "Hẹn trả" in page.text and "Đã tiếp nhận" in page.text


async def test_the_qr_code_opens_it_alone(cast: Cast, client: httpx.AsyncClient) -> None:
    dossier = await filed(cast)
    token = unseal(dossier.tracking_token or "")
    assert (await client.get(f"/tra-cuu/{token}", headers=PAGE)).status_code == 200
    assert (await client.get(f"/tra-cuu/{token[:-1]}x", headers=PAGE)).status_code == 404


@pytest.mark.parametrize("second", ["0900000000", "ABCD2345", "", "-", "   ", "0"])
async def test_whatever_is_wrong_the_answer_is_the_same(cast: Cast, client: httpx.AsyncClient, second: str) -> None:
    dossier = await filed(cast)
    wrong_second = await look_up(client, dossier.code or "", second)
    wrong_code = await look_up(client, "H71.104.26-261125-9999", dossier.owner_phone)
    no_code = await look_up(client, "xin chào", dossier.owner_phone)
    for answer in (wrong_second, wrong_code, no_code):
        assert answer.status_code == 422 and NOT_FOUND in answer.text
    assert (dossier.code or "") in wrong_second.text  # what was typed stays in its box


HOSTILE = (
    "0099999999", "0000000000", "+84099999999", "+840000000000", "84999999999", "٠٩١٢٣٤٥٦٧٨", "０９１２３４５６７８",
    "09" * 20, "+", "-", "--", "§", "\0", "\0912345678", "%00", "\u202e0912", "\u0301" * 40, "🙂" * 9, "' or 1=1 --",
    "tel:0912345678;ext=9", "0912345678x9999999", "ABCD2345", "abcd-2345", "ÀBCD2345", "ſſſſſſſſ", "ﬀﬀﬀﬀ", "\r\n",
)  # fmt: skip


async def test_whatever_is_typed_a_code_that_exists_is_answered_like_one_that_does_not(
    cast: Cast, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = await filed(cast)
    monkeypatch.setattr(tracking, "TRIES_AT_ONE_CODE", 1000)
    monkeypatch.setattr(tracking, "TRIES_FROM_ONE_ADDRESS", 1000)
    there, not_there = dossier.code or "", "H71.104.26-261125-9999"
    for second in (*HOSTILE, "x" * 41):
        answers = [await look_up(client, code, second) for code in (there, not_there)]
        assert answers[0].status_code == answers[1].status_code in (400, 422), second
        bodies = [answer.text.replace(there, "").replace(not_there, "") for answer in answers]
        for body, answer in zip(bodies, answers, strict=True):  # tokens and the request's number are new each time
            assert (NOT_FOUND in body) == (answer.status_code == 422), second
        assert unlike(bodies[0]) == unlike(bodies[1]), second


def unlike(body: str) -> str:
    """A page without what is made anew for every request."""
    return re.sub(r'value="[0-9a-f]{64,}"|<code>[0-9A-F]{4}</code>|\b[0-9A-F]{4}\b', "", body)


@pytest.mark.parametrize("code", ["", "\0", "H71.104.26-269999-0001", "H71.104.26-261125-" + "9" * 40, "٣" * 60, "🙂"])
@pytest.mark.parametrize("second", ["0099999999", "0912345678"])
async def test_what_is_no_code_is_answered_so_too(
    cast: Cast, client: httpx.AsyncClient, code: str, second: str
) -> None:
    answer = await look_up(client, code, second)
    assert answer.status_code == 422 and NOT_FOUND in answer.text


async def test_as_much_is_done_for_a_code_that_does_not_exist(
    cast: Cast, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = await filed(cast)
    done: list[str] = []
    for owner, name in ((tracking, "dossier_by_code"), (tracking, "unseal"), (tracking, "allow"), (tracking, "identifier"),
                        (codes, "same_secret")):  # fmt: skip
        real = getattr(owner, name)

        def counted(*given: Any, real: Any = real, name: str = name) -> Any:
            done.append(name)
            return real(*given)

        monkeypatch.setattr(owner, name, counted)
    await look_up(client, dossier.code or "", "0099999999")
    there = list(done)
    done.clear()
    await look_up(client, "H71.104.26-261125-9999", "0099999999")
    assert there == done != []


def elsewhere(app: Any, address: str) -> httpx.AsyncClient:
    """A browser at another address."""
    transport = httpx.ASGITransport(app, client=(address, 4711))
    return httpx.AsyncClient(transport=transport, base_url="http://localhost:8000")


async def guess(client: httpx.AsyncClient, code: str, times: int) -> list[int]:
    return [(await look_up(client, code, f"09000000{n:02}")).status_code for n in range(times)]


async def test_guessing_at_one_code_is_stopped_also_for_the_right_guess(cast: Cast, client: httpx.AsyncClient) -> None:
    dossier = await filed(cast)
    tries = await guess(client, dossier.code or "", tracking.TRIES_AT_ONE_CODE)
    assert set(tries) == {422}
    answer = await look_up(client, dossier.code or "", dossier.owner_phone)
    assert answer.status_code == 429 and "Chờ một giờ" in answer.text


async def test_a_code_that_does_not_exist_stops_answering_just_so(cast: Cast, client: httpx.AsyncClient) -> None:
    tries = await guess(client, "H71.104.26-261125-9999", tracking.TRIES_AT_ONE_CODE + 1)
    assert tries == [422] * tracking.TRIES_AT_ONE_CODE + [429]


async def test_strangers_who_guess_at_a_code_do_not_lock_its_owner_out(
    cast: Cast, client: httpx.AsyncClient, app: Any
) -> None:
    dossier = await filed(cast)
    for address in ("198.51.100.7", "198.51.100.8", "2001:db8:1::7"):
        async with elsewhere(app, address) as stranger:
            assert (await guess(stranger, dossier.code or "", tracking.TRIES_AT_ONE_CODE + 1))[-1] == 429
    assert (await look_up(client, dossier.code or "", dossier.owner_phone)).status_code == 303


async def test_who_knows_code_and_phone_looks_as_often_as_they_like(cast: Cast, client: httpx.AsyncClient) -> None:
    dossier = await filed(cast)
    times = tracking.TRIES_FROM_ONE_ADDRESS + 1
    seen = {(await look_up(client, dossier.code or "", dossier.owner_phone)).status_code for _time in range(times)}
    assert seen == {303}
    assert (await guess(client, dossier.code or "", tracking.TRIES_AT_ONE_CODE + 1))[-1] == 429, (
        "right ones buy no guesses"
    )


async def test_the_many_addresses_of_one_ipv6_site_guess_as_one(cast: Cast, app: Any) -> None:
    dossier = await filed(cast)
    seen = []
    for number in range(tracking.TRIES_AT_ONE_CODE + 1):
        async with elsewhere(app, f"2001:db8:1:{number:x}::{number:x}") as stranger:
            seen += await guess(stranger, dossier.code or "", 1)
    assert seen == [422] * tracking.TRIES_AT_ONE_CODE + [429]


async def test_guessing_at_many_codes_from_one_address_is_stopped(cast: Cast, client: httpx.AsyncClient) -> None:
    await filed(cast)
    many = [f"H71.104.26-261125-{number:04}" for number in range(2, tracking.TRIES_FROM_ONE_ADDRESS + 3)]
    seen = [(await look_up(client, code, "0912345678")).status_code for code in many]
    assert seen[: tracking.TRIES_FROM_ONE_ADDRESS] == [422] * tracking.TRIES_FROM_ONE_ADDRESS
    assert seen[-1] == 429


async def test_the_page_of_a_look_up_ages(cast: Cast, client: httpx.AsyncClient, frozen: Frozen) -> None:
    dossier = await filed(cast)
    answer = await look_up(client, dossier.code or "", dossier.owner_phone)
    frozen.advance(timedelta(minutes=31))
    gone = await client.get(answer.headers["location"], headers=PAGE)
    assert gone.status_code == 404 and "hết hạn" in gone.text


@pytest.mark.parametrize("token", ["x", "a" * 22, "a" * 120, "%00", "=="])
async def test_a_made_up_token_finds_nothing(cast: Cast, client: httpx.AsyncClient, token: str) -> None:
    assert (await client.get(f"/tra-cuu/{token}", headers=PAGE)).status_code in (404, 400)


async def test_a_draft_is_never_tracked(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.publish(cast, BIRTH)
    draft = await stories.filled(cast, BIRTH)
    assert (await look_up(client, str(draft.id), cast.ha.phone)).status_code == 422
