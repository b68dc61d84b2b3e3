"""An exemption is the person's word until the receptionist has looked: then the sum follows, and every version is kept."""

import asyncio
from typing import Any

import asyncpg
import httpx
import msgspec
import pytest

from backend.agencies.tables import Role
from backend.dossiers import exemptions, intake
from backend.dossiers.tables import ChannelOfFiling, Dossier, DossierFees
from backend.dossiers.terms import fees_of, packed
from backend.history.chain import verify
from backend.history.record import entries
from backend.kit.database import execute
from backend.kit.edge import LANGUAGE_COOKIE
from backend.kit.errors import Invalid, Refused
from backend.notifications.tables import Notification
from backend.procedures.fees import Count, Standing, Waiver, judged, total
from backend.procedures.words import fee_words, sum_words
from tests.browser import post, sign_in
from tests.cast import Cast
from tests.dossiers import stories
from tests.dossiers.stories import BIRTH, CLAIMED

pytestmark = pytest.mark.anyio
HTML = {"Accept": "text/html"}
SEEN = "Đã xem giấy chứng nhận hộ nghèo năm 2026."
WAITS = "chờ xã xác nhận"


async def claiming(cast: Cast, seed: int = 1) -> Dossier:
    """A birth filed online by somebody who wants three copies and says that they are poor."""
    await stories.publish(cast, BIRTH)
    draft = await stories.filled(cast, BIRTH, seed)
    answers = draft.answers | {"copies": {"wanted": "yes", "count": 3, "fee_exemption": "poor"}}
    await execute("update dossier set answers = $2, revision = revision + 1 where id = $1", draft.id, packed(answers))
    await intake.file_by_citizen(await stories.row(draft.id), cast.ha.account)
    return await stories.row(draft.id)


async def judge(cast: Cast, dossier: Dossier, *, granted: bool, reason: str = SEEN) -> None:
    """The receptionist's word on the claim."""
    mai = await stories.officer(cast, Role.RECEPTIONIST)
    steps = await stories.steps_of(dossier)
    await exemptions.judge(dossier, mai, steps, "poor", reason, granted=granted)


async def versions(dossier: Dossier) -> list[tuple[str, int | None]]:
    """(cause, sum) of every version of the fees, oldest first."""
    rows = (
        await DossierFees.select(DossierFees.cause, DossierFees.total)
        .where(DossierFees.dossier == dossier.id)
        .order_by(DossierFees.turn)
    )
    return [(row["cause"], row["total"]) for row in rows]


async def test_a_claim_counts_at_first_and_says_that_it_waits(cast: Cast) -> None:
    dossier = await claiming(cast)
    (line,) = [one for one in fees_of(dossier) if one.waiver]
    assert line.unconfirmed and line.amount_vnd == 0 and line.full_vnd == 24_000
    assert WAITS in fee_words(line).amount and WAITS in sum_words(fees_of(dossier))
    assert await versions(dossier) == [("filed", 0)]


async def test_a_confirmed_claim_no_longer_waits_and_the_person_reads_why(cast: Cast) -> None:
    dossier = await claiming(cast)
    await judge(cast, dossier, granted=True)
    after = await stories.row(dossier.id)
    assert (after.fee_total, sum_words(fees_of(after))) == (0, "Miễn phí")
    assert await versions(after) == [("filed", 0), ("confirmed", 0)]
    assert [one.act for one in await entries(after.id)][:1] == ["confirm_exemption"]
    told = await Notification.select(Notification.event).where(Notification.account == cast.ha.account)
    assert "dossier.confirm_exemption" in {one["event"] for one in told}


async def test_a_refused_claim_is_paid_and_no_line_is_written_over(cast: Cast) -> None:
    dossier = await claiming(cast)
    await judge(cast, dossier, granted=False, reason="Giấy hộ nghèo đã hết hạn.")
    after = await stories.row(dossier.id)
    assert after.fee_total == total(fees_of(after)) == 24_000
    assert await versions(after) == [("filed", 0), ("refused", 24_000)]
    kept = await DossierFees.objects().where(DossierFees.dossier == dossier.id, DossierFees.turn == 1).first()
    assert kept is not None and "poor" in kept.lines
    for sql in ("update dossier_fees set total = 0", "delete from dossier_fees"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await execute(sql)
    assert await verify(dossier.id) == []


async def test_of_two_receptionists_at_once_one_decides_and_the_other_reads_who(cast: Cast) -> None:
    dossier = await claiming(cast)
    tries: list[Any] = await asyncio.gather(
        judge(cast, await stories.row(dossier.id), granted=True),
        judge(cast, await stories.row(dossier.id), granted=False),
        return_exceptions=True,
    )
    (lost,) = [one for one in tries if isinstance(one, Refused)]
    assert lost.sentence.startswith("Lê Thị Mai ") and "miễn, giảm phí lúc" in lost.sentence
    assert len(await versions(dossier)) == 2
    with pytest.raises(Refused, match="miễn, giảm phí lúc"):
        await judge(cast, await stories.row(dossier.id), granted=True)


async def test_a_word_on_the_fees_fits_a_dossier_that_a_colleague_moved_meanwhile(cast: Cast) -> None:
    stale = await claiming(cast)
    await intake.receive(await stories.row(stale.id), await stories.officer(cast, Role.RECEPTIONIST))
    await judge(cast, stale, granted=False, reason="Giấy hộ nghèo đã hết hạn.")
    after = await stories.row(stale.id)
    assert (after.state, after.fee_total) == ("received", 24_000)


@pytest.mark.parametrize(("claim", "reason", "field"), [("poor", " ", "reason"), ("merit", SEEN, "claim")])
async def test_a_decision_needs_a_reason_and_a_claim(cast: Cast, claim: str, reason: str, field: str) -> None:
    dossier = await claiming(cast)
    mai, steps = await stories.officer(cast, Role.RECEPTIONIST), await stories.steps_of(dossier)
    with pytest.raises(Invalid) as caught:
        await exemptions.judge(dossier, mai, steps, claim, reason, granted=True)
    assert set(caught.value.fields) == {field}
    assert len(await versions(dossier)) == 1


async def test_only_who_receives_decides(cast: Cast) -> None:
    dossier = await claiming(cast)
    steps = await stories.steps_of(dossier)
    for role in set(Role) - {Role.RECEPTIONIST}:
        with pytest.raises(Refused):
            await exemptions.judge(dossier, await stories.officer(cast, role), steps, "poor", SEEN, granted=True)


async def test_citizen_and_officer_read_that_it_waits_and_then_what_was_decided(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    dossier = await claiming(cast)
    own, desk = f"/ho-so/{dossier.code}", f"/can-bo/ho-so/{dossier.code}"
    sign_in(client, cast.ha)
    assert WAITS in (await client.get(own, headers=HTML)).text
    sign_in(client, cast.officer(Role.RECEPTIONIST))
    page = (await client.get(desk, headers=HTML)).text
    assert WAITS in page and "Căn cứ: đã xem giấy nào" in page
    said = {"claim": "poor", "reason": "Giấy hộ nghèo đã hết hạn."}
    answer = await post(client, f"{desk}/khong-mien-giam", said, headers=HTML)
    assert answer.status_code == 303, answer.text
    page = (await client.get(desk, headers=HTML)).text
    assert WAITS not in page and "Căn cứ: đã xem giấy nào" not in page
    late = await post(client, f"{desk}/xac-nhan-mien-giam", said, headers=HTML)
    assert late.status_code == 409 and "không đồng ý miễn, giảm phí lúc" in late.text
    sign_in(client, cast.ha)
    page = (await client.get(own, headers=HTML)).text
    assert WAITS not in page and "24.000" in page and "Giấy hộ nghèo đã hết hạn." in page


async def test_in_english_the_line_says_that_it_waits_too(cast: Cast, client: httpx.AsyncClient) -> None:
    dossier = await claiming(cast)
    sign_in(client, cast.ha)
    client.cookies.set(LANGUAGE_COOKIE, "en")
    assert "Free, once the commune confirms" in (await client.get(f"/ho-so/{dossier.code}", headers=HTML)).text


def test_refused_a_line_costs_what_it_costs_without_the_claim() -> None:
    half = Waiver("minority", "Dân tộc thiểu số", "", "", 50)
    claimed = CLAIMED.waiver
    assert claimed is not None
    line = msgspec.structs.replace(CLAIMED, waiver=msgspec.structs.replace(claimed, instead=half))
    assert (judged(line, granted=False).amount_vnd, judged(line, granted=False).waiver) == (12_000, half)
    assert (judged(CLAIMED, granted=False).amount_vnd, judged(CLAIMED, granted=False).waiver) == (24_000, None)
    sure = judged(CLAIMED, granted=True)
    assert (sure.amount_vnd, sure.unconfirmed) == (0, False)
    assert judged(sure, granted=False) == sure, "what was confirmed is no claim any more"


async def test_an_amount_that_nobody_set_is_never_called_free(cast: Cast, client: httpx.AsyncClient) -> None:
    dossier = await claiming(cast)
    unset = msgspec.structs.replace(
        CLAIMED, standing=Standing.UNSET, full_vnd=None, amount_vnd=None, waiver=None, counts=(Count(1, "bản", 0),)
    )
    lines = msgspec.json.encode((unset, msgspec.structs.replace(unset, id="other"))).decode()
    await execute("update dossier set fees = $2, fee_total = null where id = $1", dossier.id, lines)
    sign_in(client, cast.officer(Role.RECEPTIONIST))
    for path in (f"/can-bo/ho-so/{dossier.code}", f"/can-bo/quay/xong/{dossier.code}"):
        page = (await client.get(path, headers=HTML)).text
        assert "Xã báo mức thu" in page and "Miễn phí" not in page, path
    sign_in(client, cast.ha)
    page = (await client.get(f"/ho-so/{dossier.code}", headers=HTML)).text
    assert "Xã báo mức thu" in page and "Miễn phí" not in page


async def test_filed_without_a_price_the_sum_is_not_known(cast: Cast) -> None:
    code = "2.000806"  # marriage with a foreigner: the province sets the fee
    await stories.publish(cast, code, online=False)
    await execute("delete from local_tariff")
    draft = await stories.filled(cast, code)
    await execute("update dossier set channel = $2 where id = $1", draft.id, ChannelOfFiling.COUNTER)
    await stories.count_papers(draft.id)
    await intake.file_at_counter(await stories.row(draft.id), await stories.officer(cast, Role.RECEPTIONIST))
    filed = await stories.row(draft.id)
    assert any(line.standing is Standing.UNSET for line in fees_of(filed))
    assert filed.fee_total is None
    assert sum_words(fees_of(filed)) == "Xã báo mức thu"
