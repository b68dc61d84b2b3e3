"""Registering, signing in and out: the verbs, on the real database."""

import asyncio
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from backend.accounts import consents, passwords, profiles, sessions, throttle
from backend.accounts.identity import mark_as_officer, verify_identity
from backend.accounts.inputs import ProfileChange
from backend.accounts.passwords import weakness
from backend.accounts.registering import insert_account, register
from backend.accounts.signing_in import CHECKS, change_password, sign_in
from backend.accounts.tables import Account, Session
from backend.accounts.throttle import (
    REGISTRATIONS_PER_ADDRESS,
    SIGN_INS_FROM_ONE_PLACE,
    SIGN_INS_OF_ONE,
    registration_tried,
)
from backend.kit import settings
from backend.kit.clock import Frozen
from backend.kit.database import unit_of_work
from backend.kit.errors import Invalid, TooMany
from backend.kit.seal import unseal
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.anyio

NEW = {
    "full_name": "Phạm  Thị Hoa ",
    "phone": "+84 977 123 456",
    "personal_id": "038 299 001 234",
    "password": "con mèo ngủ trên mái",
}
PLACE = {"address": "10.0.0.1", "user_agent": "Mozilla/5.0 (Linux; Android 14) Chrome/130 Mobile Safari/537.36"}


async def entering(text: str, password: str = PASSWORD, **more: Any) -> Any:
    return await sign_in(text, password, **(PLACE | more))


@pytest.mark.parametrize(
    ("password", "known", "good"),
    [
        ("ngắn", (), False),
        ("12345678", (), False),
        ("MẬT KHẨU 123", (), False),
        ("aaaaaaaaaaaa", (), False),
        ("0912345678", ("0912345678",), False),
        ("Trần Thị Thu Hà", ("Trần Thị Thu Hà",), False),
        ("x" * 201, (), False),
        ("con mèo ngủ trên mái", ("0912345678",), True),
    ],
)
def test_a_password_is_long_enough_not_common_and_not_what_others_know(
    password: str, known: tuple[str, ...], good: bool
) -> None:
    assert (weakness(password, known) is None) == good


async def test_a_new_account_keeps_one_form_of_each_number_and_seals_the_personal_one(cast: Cast) -> None:
    account = await Account.objects().get(Account.id == await register(**NEW, agreed=[consents.Purpose.TIPS]))
    assert account is not None
    assert (account.full_name, account.phone) == ("Phạm Thị Hoa", "0977123456")
    assert "038299001234" not in account.personal_id_sealed
    assert unseal(account.personal_id_sealed) == "038299001234"
    assert account.password_hash[passwords.MARK_LETTERS :].startswith("$argon2id$")
    assert account.identity_verified_at is None
    assert await consents.agreed(account.id, consents.Purpose.TIPS)


async def test_all_mistakes_of_a_registration_are_told_at_once(cast: Cast) -> None:
    with pytest.raises(Invalid) as refusal:
        await register(full_name="Hoa", phone="0123", personal_id="03819800641", password="ngắn")
    assert set(refusal.value.fields) == {"full_name", "phone", "personal_id", "password"}
    assert refusal.value.fields["personal_id"] == "Số căn cước có 12 chữ số, đang có 11."


CROWD = 256


async def crowd_on(phone: str, personal_id: str) -> None:
    """Have strangers claim somebody's numbers, each under a password of their own, one of each mark."""
    kept = passwords.hash_now("mật khẩu của kẻ lạ")[passwords.MARK_LETTERS :]
    async with unit_of_work():
        for stranger in range(CROWD):
            await insert_account("Kẻ Mạo Danh", phone, personal_id, f"{stranger:02x}{kept}")


async def test_a_crowd_that_claims_a_number_first_keeps_its_owner_from_nothing(cast: Cast) -> None:
    await crowd_on("0977123456", "038299001234")
    owner = await register(**NEW)
    for typed in (NEW["phone"], NEW["personal_id"]):
        assert (await entering(typed, NEW["password"], address=typed)).account_id == owner
    moved = ProfileChange(cast.ha.name, personal_id=cast.ha.personal_id, phone=NEW["phone"])
    await profiles.change_profile(cast.ha.account, moved)
    assert (await entering(NEW["phone"])).account_id == cast.ha.account


@pytest.mark.parametrize("many", [False, True])
async def test_a_wrong_password_costs_the_same_however_many_claim_the_number(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, many: bool
) -> None:
    if many:
        await crowd_on(cast.ha.phone, cast.ha.personal_id)
        monkeypatch.setattr(passwords, "mark", lambda _password: "")  # all of them might be meant
    compared: list[str | None] = []

    async def counted(kept: str | None, _password: str) -> bool:
        compared.append(kept)
        return False

    monkeypatch.setattr(passwords, "fits", counted)
    for number in (cast.ha.phone, "0933333333"):
        compared.clear()
        with pytest.raises(Invalid):
            await entering(number, "sai-mat-khau")
        assert len(compared) == CHECKS


async def test_registering_is_paced_by_address_and_altogether_never_by_number(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "REGISTRATIONS_AT_ALL", REGISTRATIONS_PER_ADDRESS + 2)
    for _try in range(REGISTRATIONS_PER_ADDRESS):
        await registration_tried("10.0.0.1")
    with pytest.raises(TooMany):
        await registration_tried("10.0.0.1")
    for address in ("10.0.0.2", "10.0.0.3"):
        await registration_tried(address)
    with pytest.raises(TooMany):
        await registration_tried("10.2.0.1")


@pytest.mark.parametrize("typed", ["0912345678", "0912 345 678", "+84 912 345 678", "038198006417", "038 198 006 417"])
async def test_a_person_signs_in_by_phone_or_personal_number_as_people_type_them(cast: Cast, typed: str) -> None:
    opened = await entering(typed)
    assert opened.account_id == cast.ha.account
    row = await sessions.who(opened.token)
    assert row is not None and row["full_name"] == cast.ha.name


async def test_a_wrong_password_and_an_unknown_number_get_the_same_answer(cast: Cast) -> None:
    answers = []
    for text, password in ((cast.ha.phone, "sai-mat-khau"), ("0933333333", PASSWORD)):
        with pytest.raises(Invalid) as refusal:
            await entering(text, password)
        answers.append((refusal.value.sentence, refusal.value.fields))
    assert answers[0] == answers[1]


async def test_of_several_accounts_with_one_number_the_password_tells_which(cast: Cast) -> None:
    second = await register(**(NEW | {"phone": cast.ha.phone, "personal_id": cast.ha.personal_id}))
    assert (await entering(cast.ha.phone, NEW["password"])).account_id == second
    assert (await entering(cast.ha.personal_id)).account_id == cast.ha.account


async def test_a_closed_account_is_no_account(cast: Cast) -> None:
    await Account.update({Account.closed_at: Account.created_at}).where(Account.id == cast.ha.account)
    with pytest.raises(Invalid):
        await entering(cast.ha.phone)
    assert await sessions.who(cast.ha.token) is None


async def test_guessing_from_one_place_is_stopped_and_the_owner_still_comes_in_from_another(cast: Cast) -> None:
    for _try in range(SIGN_INS_FROM_ONE_PLACE):
        with pytest.raises(Invalid):
            await entering(cast.ha.phone, "sai-mat-khau")
    with pytest.raises(TooMany):
        await entering(cast.ha.phone)
    assert (await entering(cast.ha.phone, address="10.0.0.2")).account_id == cast.ha.account


async def test_who_knows_the_password_signs_in_as_often_as_they_like(cast: Cast) -> None:
    for _turn in range(SIGN_INS_FROM_ONE_PLACE + 2):
        await entering(cast.ha.phone)
    for _try in range(SIGN_INS_FROM_ONE_PLACE):
        with pytest.raises(Invalid):
            await entering(cast.ha.phone, "sai-mat-khau")
    with pytest.raises(TooMany):
        await entering(cast.ha.phone, "sai-mat-khau")


async def test_over_https_the_cookie_is_bound_to_the_host_and_never_sent_in_clear(cast: Cast) -> None:
    public = msgspec.structs.replace(settings.current(), public_url="https://motcua.example")
    with settings.use(public):
        made = sessions.cookie("token", officer=False)
    assert (made.key, made.secure, made.path, made.domain) == ("__Host-session", True, "/", None)


async def test_guessing_one_person_from_many_places_is_stopped(cast: Cast) -> None:
    outcomes = await asyncio.gather(
        *(asyncio.create_task(entering("0933333333", "x", address=f"10.1.0.{n}")) for n in range(SIGN_INS_OF_ONE + 5)),
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, TooMany) for outcome in outcomes) == 5


async def test_a_citizen_stays_thirty_days_and_no_longer(cast: Cast, frozen: Frozen) -> None:
    token = (await entering(cast.ha.phone)).token
    frozen.advance(timedelta(days=30) - timedelta(minutes=5))
    row = await sessions.who(token)
    assert row is not None
    await sessions.touch(row, None)
    frozen.advance(timedelta(minutes=6))
    assert await sessions.who(token) is None


async def test_an_officer_stays_while_at_work_and_twelve_idle_hours_end_it(cast: Cast, frozen: Frozen) -> None:
    opened = await entering(next(iter(cast.officers.values())).phone)
    assert opened.officer
    for _turn in range(3):
        frozen.advance(timedelta(hours=11))
        row = await sessions.who(opened.token)
        assert row is not None
        await sessions.touch(row, None)
    frozen.advance(timedelta(hours=12, minutes=1))
    assert await sessions.who(opened.token) is None


async def test_a_device_s_last_use_is_noted_at_most_once_a_minute(cast: Cast, frozen: Frozen) -> None:
    async def seen() -> Any:
        row = await sessions.who(cast.ha.token)
        assert row is not None
        await sessions.touch(row, "en")
        kept = await Session.objects().get(Session.account == cast.ha.account)
        assert kept is not None
        return kept.seen_at

    before = await seen()
    frozen.advance(timedelta(seconds=59))
    assert await seen() == before
    frozen.advance(timedelta(seconds=1))
    assert await seen() == before + timedelta(minutes=1)
    account = await Account.objects().get(Account.id == cast.ha.account)
    assert account is not None and account.language == "en"


async def test_the_token_is_kept_only_as_a_digest(cast: Cast) -> None:
    token = (await entering(cast.ha.phone)).token
    rows = await Session.select()
    assert all(token not in str(row) for row in rows)
    assert len(token) >= 43


async def test_a_device_is_named_as_its_person_knows_it(cast: Cast) -> None:
    await entering(cast.ha.phone)
    listed = await sessions.devices(cast.ha.account, here=cast.ha.account)
    assert {one.device for one in listed} == {"Chrome, Android", "Chromium, Linux"}


async def test_who_becomes_an_officer_is_signed_out_everywhere_after_an_officers_idle_time(
    cast: Cast, frozen: Frozen
) -> None:
    token = (await entering(cast.ha.phone)).token
    await mark_as_officer(cast.ha.account)
    assert await sessions.who(token)
    frozen.advance(sessions.OFFICER_IDLE)
    assert await sessions.who(token) is None


async def test_only_the_owner_signs_a_device_out(cast: Cast) -> None:
    device = (await sessions.devices(cast.ha.account, here=cast.ha.account))[0]
    assert not await sessions.revoke(cast.toan.account, device.id)
    assert await sessions.who(cast.ha.token)
    assert await sessions.revoke(cast.ha.account, device.id)
    assert await sessions.who(cast.ha.token) is None


async def test_a_new_password_signs_all_other_devices_out(cast: Cast) -> None:
    other = (await entering(cast.ha.phone)).token
    here = await sessions.who(cast.ha.token)
    assert here is not None
    with pytest.raises(Invalid) as refusal:
        await change_password(cast.ha.account, here["session_id"], "sai", cast.ha.phone)
    assert set(refusal.value.fields) == {"current", "password"}
    await change_password(cast.ha.account, here["session_id"], PASSWORD, "ao làng nhiều sen")
    assert await sessions.who(other) is None
    assert await sessions.who(cast.ha.token)
    assert (await entering(cast.ha.phone, "ao làng nhiều sen")).account_id == cast.ha.account


async def test_a_verified_account_is_tried_before_those_that_only_claim_its_number(cast: Cast) -> None:
    real = await register(**(NEW | {"personal_id": cast.ha.personal_id, "password": PASSWORD}))
    await verify_identity(real, by=next(iter(cast.officers.values())).account)
    assert (await entering(cast.ha.personal_id)).account_id == real


async def test_a_consent_has_a_version_and_can_be_withdrawn_and_given_again(cast: Cast, frozen: Frozen) -> None:
    tips, ha = consents.Purpose.TIPS, cast.ha.account
    await consents.give(ha, tips)
    await consents.give(ha, tips)
    (one,) = await consents.agreements(ha)
    assert one.holds and one.given_version == 1
    frozen.advance(timedelta(days=1))
    await consents.withdraw(ha, tips)
    (one,) = await consents.agreements(ha)
    assert not one.holds and one.withdrawn_at == frozen.now()
    frozen.advance(timedelta(days=1))
    await consents.give(ha, tips)
    assert await consents.agreed(ha, tips)
    assert not await consents.agreed(cast.toan.account, tips)


async def test_new_words_are_agreed_to_anew(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    tips = consents.Purpose.TIPS
    await consents.give(cast.ha.account, tips)
    monkeypatch.setitem(consents.WORDINGS, tips, consents.Wording(version=2, title="Nhắn tin", text="Lời mới."))
    assert not await consents.agreed(cast.ha.account, tips)
