"""Looking a dossier up without signing in: what it takes, what it shows, and that guessing gets nowhere."""

from datetime import timedelta

import httpx
import pytest

from backend.agencies.tables import Role
from backend.dossiers import intake, issuing, tracking
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


async def test_guessing_at_one_code_is_stopped_also_for_the_right_guess(cast: Cast, client: httpx.AsyncClient) -> None:
    dossier = await filed(cast)
    tries = [await look_up(client, dossier.code or "", f"09000000{n:02}") for n in range(tracking.TRIES_AT_ONE_CODE)]
    assert {answer.status_code for answer in tries} == {422}
    answer = await look_up(client, dossier.code or "", dossier.owner_phone)
    assert answer.status_code == 429 and "Chờ một giờ" in answer.text


async def test_guessing_at_many_codes_from_one_address_is_stopped(cast: Cast, client: httpx.AsyncClient) -> None:
    await filed(cast)
    codes = [f"H71.104.26-261125-{number:04}" for number in range(2, tracking.TRIES_FROM_ONE_ADDRESS + 3)]
    seen = [(await look_up(client, code, "0912345678")).status_code for code in codes]
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
