"""One-time codes, forgotten passwords, the card at the counter, the profile."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from backend.accounts import profiles, recovery, sessions, throttle
from backend.accounts.codes import ALPHABET, code_of, make_code, use_code
from backend.accounts.identifiers import Identifier, Kind
from backend.accounts.identity import Card, find, open_at_counter, verify_identity
from backend.accounts.inputs import ProfileChange
from backend.accounts.jobs import mail_code
from backend.accounts.registering import register
from backend.accounts.signing_in import sign_in
from backend.accounts.tables import Account, CodePurpose, OneTimeCode
from backend.agencies.tables import Role
from backend.kit import mail
from backend.kit.clock import Frozen
from backend.kit.database import fetch, new_id
from backend.kit.errors import Invalid, NotFound, Refused, TooMany
from backend.kit.seal import fingerprint, seal
from tests.cast import Cast

pytestmark = pytest.mark.anyio

FRESH = "ao làng nhiều sen"
PLACE = {"address": "10.0.0.1", "user_agent": ""}
CLAIM = {"full_name": "Kẻ Mạo Danh", "phone": "0977123456", "password": "con mèo ngủ trên mái"}


def changed(**more: str) -> ProfileChange:
    """Hà's profile as her form sends it."""
    kept = {"full_name": "Trần Thị Thu Hà", "personal_id": "038198006417", "phone": "0912345678"}
    return ProfileChange(**(kept | more))


@pytest.fixture
def post_office(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """A mail server that keeps (address, text); kit/mail is tried against a real one in its own tests."""
    sent: list[tuple[str, str]] = []

    async def send(to: str, subject: str, text: str, message_id: str) -> None:
        assert subject and message_id
        sent.append((to, text))

    monkeypatch.setattr(mail, "configured", lambda: True)
    monkeypatch.setattr(mail, "send", send)
    return sent


async def asking(text: str) -> None:
    """Ask for a code as the page does: counted first, mailed afterwards."""
    await recovery.mail_codes(await recovery.asked_for_code(text, address="10.0.0.1"))


async def waiting_jobs() -> list[str]:
    rows = await fetch("select payload from pgqueuer where entrypoint = 'accounts.code_mail' order by id")
    return [bytes(row["payload"]).decode() for row in rows]


async def deliver() -> None:
    """Do the mail jobs that wait, as the worker does."""
    for row in await OneTimeCode.select(OneTimeCode.id):
        await mail_code({"code": str(row["id"])})


async def test_a_code_has_eight_characters_that_nobody_confuses(cast: Cast) -> None:
    code = await recovery.give_code(cast.ha.account, cast.officer(Role.RECEPTIONIST).account)
    assert len(code) == 8
    assert set(code) <= set(ALPHABET) and not set("0O1IL") & set(ALPHABET)
    (row,) = await OneTimeCode.select()
    assert code not in str(row)


async def test_a_code_from_the_counter_sets_a_new_password_once(cast: Cast) -> None:
    code = await recovery.give_code(cast.ha.account, cast.officer(Role.RECEPTIONIST).account)
    typed = f" {code[:4].lower()}-{code[4:]} "
    opened = await recovery.recover(cast.ha.phone, typed, FRESH, **PLACE)
    assert opened.account_id == cast.ha.account
    assert await sessions.who(cast.ha.token) is None
    assert await sessions.who(opened.token)
    with pytest.raises(Invalid):
        await recovery.recover(cast.ha.phone, code, "mật khẩu khác nữa", **PLACE)
    assert (await sign_in(cast.ha.phone, FRESH, **PLACE)).account_id == cast.ha.account


async def test_a_weak_new_password_costs_no_try(cast: Cast) -> None:
    code = await recovery.give_code(cast.ha.account, cast.officer(Role.RECEPTIONIST).account)
    for _try in range(8):
        with pytest.raises(Invalid):
            await recovery.recover(cast.ha.phone, code, "12345678", **PLACE)
    assert await recovery.recover(cast.ha.phone, code, FRESH, **PLACE)


async def test_a_code_dies_after_half_an_hour(cast: Cast, frozen: Frozen) -> None:
    code = await recovery.give_code(cast.ha.account, cast.officer(Role.RECEPTIONIST).account)
    frozen.advance(timedelta(minutes=30, seconds=1))
    with pytest.raises(Invalid):
        await recovery.recover(cast.ha.phone, code, FRESH, **PLACE)


async def test_a_code_dies_after_five_wrong_tries_also_when_they_come_at_once(cast: Cast) -> None:
    made, _ends = await make_code(cast.ha.account, CodePurpose.RECOVERY)
    tries = [asyncio.create_task(use_code([cast.ha.account], CodePurpose.RECOVERY, "AAAAAAAA")) for _try in range(9)]
    assert await asyncio.gather(*tries) == [None] * 9
    assert await use_code([cast.ha.account], CodePurpose.RECOVERY, code_of(made)) is None


async def test_a_code_used_twice_at_once_works_once(cast: Cast) -> None:
    made, _ends = await make_code(cast.ha.account, CodePurpose.RECOVERY)
    uses = [asyncio.create_task(use_code([cast.ha.account], CodePurpose.RECOVERY, code_of(made))) for _try in range(4)]
    assert sum(used is not None for used in await asyncio.gather(*uses)) == 1


async def test_a_new_code_voids_the_earlier_one_and_another_purpose_is_another_code(cast: Cast) -> None:
    first, _ends = await make_code(cast.ha.account, CodePurpose.RECOVERY)
    second, _ends = await make_code(cast.ha.account, CodePurpose.RECOVERY)
    assert await use_code([cast.ha.account], CodePurpose.RECOVERY, code_of(first)) is None
    assert await use_code([cast.ha.account], CodePurpose.EMAIL, code_of(second)) is None
    assert await use_code([cast.toan.account], CodePurpose.RECOVERY, code_of(second)) is None
    assert await use_code([cast.ha.account], CodePurpose.RECOVERY, code_of(second))


async def test_guessing_codes_is_stopped_per_address(cast: Cast) -> None:
    with pytest.raises(TooMany):
        for _try in range(40):
            try:
                await recovery.recover("0933333333", "AAAAAAAA", FRESH, **PLACE)
            except Invalid:
                continue


async def test_a_forgotten_password_is_mailed_only_to_a_confirmed_address(
    cast: Cast, post_office: list[tuple[str, str]]
) -> None:
    await profiles.change_profile(cast.ha.account, changed(email="ha@example.vn"))
    await asking(cast.ha.phone)
    assert await OneTimeCode.count().where(OneTimeCode.purpose == CodePurpose.RECOVERY) == 0
    await Account.update({Account.email_confirmed_at: Account.created_at}).where(Account.id == cast.ha.account)
    await asking(cast.ha.phone)
    await asking("0933333333")  # nobody: the same silence
    (payload,) = (await waiting_jobs())[1:]
    assert "ha@" not in payload
    post_office.clear()
    await deliver()
    (to, text), *_rest = [letter for letter in post_office if "Mã đặt lại" in letter[1]]
    code = text.split("Mã đặt lại mật khẩu: ")[1][:9]
    assert to == "ha@example.vn"
    assert (await recovery.recover(cast.ha.phone, code, FRESH, **PLACE)).account_id == cast.ha.account


async def test_asking_for_mails_is_throttled(cast: Cast, post_office: list[tuple[str, str]]) -> None:
    with pytest.raises(TooMany):
        for _try in range(10):
            await asking(cast.ha.phone)


async def test_an_address_is_confirmed_by_the_code_in_its_mail_and_changing_it_starts_anew(
    cast: Cast, post_office: list[tuple[str, str]]
) -> None:
    assert await profiles.change_profile(cast.ha.account, changed(email="ha@example.vn"))
    await deliver()
    ((to, text),) = post_office
    code = text.split("?ma=")[1][:8]
    assert to == "ha@example.vn"
    with pytest.raises(Refused):
        await profiles.confirm_email(cast.toan.account, code)
    assert await profiles.confirm_email(cast.ha.account, code) == "ha@example.vn"
    await profiles.change_profile(cast.ha.account, changed(email="moi@example.vn"))
    row = await profiles.account_of(cast.ha.account)
    assert (row.email, row.email_confirmed_at) == ("moi@example.vn", None)


async def test_a_profile_fills_in_forms(cast: Cast) -> None:
    await profiles.change_profile(
        cast.ha.account, changed(birth_day="7", birth_month="3", birth_year="1998", sex="female")
    )
    home = {"province": "38", "commune": "16438", "hamlet": "Thôn Trung", "detail": ""}
    await profiles.remember_residence(cast.ha.account, home)
    assert await profiles.profile(cast.ha.account) == {
        "full_name": "Trần Thị Thu Hà",
        "id_number": "038198006417",
        "birth_date": "1998-03-07",
        "sex": "female",
        "phone": "0912345678",
        "email": None,
        "residence": home,
    }


async def test_all_mistakes_of_a_profile_are_told_at_once(cast: Cast) -> None:
    wrong = {"full_name": "Hà", "phone": "1", "email": "ha@", "birth_day": "31", "birth_month": "11"}
    with pytest.raises(Invalid) as refusal:
        await profiles.change_profile(cast.ha.account, changed(**wrong, birth_year="2026", personal_id=""))
    assert set(refusal.value.fields) == {"full_name", "phone", "email", "birth_date", "personal_id"}
    assert refusal.value.fields["birth_date"].startswith("31/11/2026 không có trong lịch")


async def test_what_an_officer_verified_only_the_counter_changes(cast: Cast) -> None:
    await verify_identity(cast.ha.account, cast.officer(Role.RECEPTIONIST).account, Card(birth_date=date(1998, 3, 7)))
    await profiles.change_profile(
        cast.ha.account, changed(full_name="Ai Đó Khác", personal_id="038096001234", phone="0977123456")
    )
    kept = await profiles.profile(cast.ha.account)
    assert (kept["full_name"], kept["id_number"], kept["birth_date"]) == (cast.ha.name, "038198006417", "1998-03-07")
    assert kept["phone"] == "0977123456"


async def test_one_number_is_verified_for_one_account_and_the_refusal_says_which(cast: Cast) -> None:
    officer = cast.officer(Role.RECEPTIONIST).account
    claim = await register(**CLAIM, personal_id=cast.ha.personal_id)
    await verify_identity(cast.ha.account, officer)
    with pytest.raises(Refused, match="số điện thoại đuôi 678"):
        await verify_identity(claim, officer)
    with pytest.raises(Refused, match="Lê Thị Mai đã xác minh tài khoản này lúc 10:00"):
        await verify_identity(cast.ha.account, officer)


async def test_two_officers_verify_one_number_at_once_and_one_wins(cast: Cast) -> None:
    claim = await register(**CLAIM, personal_id=cast.ha.personal_id)
    mai, phuc = cast.officer(Role.RECEPTIONIST).account, cast.officer(Role.PROCESSOR).account
    outcomes = await asyncio.gather(
        asyncio.create_task(verify_identity(cast.ha.account, mai)),
        asyncio.create_task(verify_identity(claim, phuc)),
        return_exceptions=True,
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "Refused"]
    assert await Account.count().where(Account.identity_verified_at.is_not_null()) == 1


async def test_two_officers_verify_one_account_at_once_and_one_wins(cast: Cast) -> None:
    mai, phuc = cast.officer(Role.RECEPTIONIST).account, cast.officer(Role.PROCESSOR).account
    outcomes = await asyncio.gather(
        *(asyncio.create_task(verify_identity(cast.ha.account, by)) for by in (mai, phuc)), return_exceptions=True
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "Refused"]


async def test_the_number_an_officer_saw_is_the_one_that_is_verified(cast: Cast) -> None:
    seen = fingerprint(cast.ha.personal_id)
    await profiles.change_profile(cast.ha.account, changed(personal_id=cast.toan.personal_id))
    with pytest.raises(Refused, match="vừa đổi số căn cước"):
        await verify_identity(cast.ha.account, cast.officer(Role.RECEPTIONIST).account, seen=seen)
    assert not await Account.exists().where(Account.identity_verified_at.is_not_null())


async def test_a_number_is_not_changed_behind_the_back_of_the_officer_who_verifies_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def verified_meanwhile(_account: str) -> None:
        await verify_identity(cast.ha.account, cast.officer(Role.RECEPTIONIST).account)

    monkeypatch.setattr(throttle, "mail_asked", verified_meanwhile)
    with pytest.raises(Refused, match="vừa xác minh"):
        await profiles.change_profile(
            cast.ha.account, changed(personal_id=cast.toan.personal_id, email="ha@example.vn")
        )
    assert (await profiles.profile(cast.ha.account))["id_number"] == cast.ha.personal_id


async def test_an_account_without_a_personal_number_is_verified_with_the_number_of_the_card_only(cast: Cast) -> None:
    account = await register(**CLAIM, personal_id="038198006499")
    none = {Account.personal_id_sealed: seal(""), Account.personal_id_print: fingerprint(f"none {account}")}
    await Account.update(none).where(Account.id == account)
    officer, seen = cast.officer(Role.RECEPTIONIST).account, fingerprint("")
    with pytest.raises(Invalid) as refusal:
        await verify_identity(account, officer, seen=seen)
    assert set(refusal.value.fields) == {"personal_id"}
    await verify_identity(account, officer, Card(personal_id="038 198 006 499"), seen)
    assert (await profiles.profile(account))["id_number"] == "038198006499"


async def test_a_number_that_its_person_writes_meanwhile_is_not_overwritten_at_the_counter(cast: Cast) -> None:
    account = await register(**CLAIM, personal_id="038198006499")
    with pytest.raises(Refused, match="vừa đổi số căn cước"):
        await verify_identity(
            account, cast.officer(Role.RECEPTIONIST).account, Card(personal_id="038198006400"), fingerprint("")
        )


async def test_the_counter_finds_by_exact_numbers_only(cast: Cast) -> None:
    async def names(kind: Kind, value: str) -> list[str]:
        return [one.full_name for one in await find(Identifier(kind, value))]

    assert await names(Kind.PHONE, cast.ha.phone) == [cast.ha.name]
    assert await names(Kind.PERSONAL_ID, cast.ha.personal_id) == [cast.ha.name]
    assert await names(Kind.PERSONAL_ID, cast.ha.personal_id[:11] + "8") == []


async def test_an_account_opened_at_the_counter_is_verified_and_has_no_password_until_its_code_is_used(
    cast: Cast,
) -> None:
    by = cast.officer(Role.RECEPTIONIST).account
    facts: dict[str, Any] = {
        "full_name": "Cụ Bà Năm",
        "phone": "0977123456",
        "personal_id": "038140000001",
        "born": ("1", "1", "1940"),
        "sex": "female",
    }
    account = await open_at_counter(**facts, by=by)
    for guess in ("", "none", "none: set by a one-time code"):
        with pytest.raises(Invalid):
            await sign_in("0977123456", guess, **PLACE)
    code = await recovery.give_code(account, by)
    assert (await recovery.recover("0977123456", code, FRESH, **PLACE)).account_id == account
    with pytest.raises(Refused):
        await open_at_counter(**facts, by=by)


async def test_what_is_not_there_is_not_found(cast: Cast) -> None:
    nobody = new_id()
    with pytest.raises(NotFound):
        await profiles.profile(nobody)
    with pytest.raises(NotFound):
        await recovery.give_code(nobody, nobody)
