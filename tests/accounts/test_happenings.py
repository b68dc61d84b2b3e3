"""What happens to an account: its person is told, an officer's act is recorded, all in one unit of work."""

from typing import Any

import httpx
import pytest

from backend.accounts import happenings, known_devices, profiles, recovery, sessions
from backend.accounts.codes import code_of, make_code
from backend.accounts.happenings import Act, Hand, Happening, happened
from backend.accounts.identity import open_at_counter, verify_identity
from backend.accounts.inputs import ProfileChange
from backend.accounts.signing_in import change_password, sign_in
from backend.accounts.tables import Account, CodePurpose
from backend.agencies.tables import Role
from backend.history.record import entries
from backend.history.tables import ActorKind
from backend.kit.database import execute
from backend.kit.errors import Invalid, Refused
from backend.notifications import hearing, messages
from backend.notifications.tables import Notification
from backend.notifications.words import spoken
from tests import browser
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.anyio

FRESH = "ao làng nhiều sen"
PLACE = {"address": "10.0.0.1", "user_agent": "Mozilla/5.0 (Linux; Android 14) Chrome/130"}


async def told(account: object) -> list[str]:
    """The events a person was told, oldest first."""
    rows = await Notification.select().where(Notification.account == account).order_by(Notification.id)
    assert all(row["data"] == "{}" and row["subject"] == account for row in rows)
    return [row["event"] for row in rows]


def hand(cast: Cast) -> Hand:
    officer = cast.officer(Role.RECEPTIONIST).officer
    assert officer
    return Hand(officer, cast.commune)


async def test_a_person_is_told_that_an_officer_saw_their_card_and_gave_a_code_and_history_keeps_it(
    cast: Cast,
) -> None:
    mai = cast.officer(Role.RECEPTIONIST)
    await verify_identity(cast.ha.account, mai.account, hand=hand(cast))
    await recovery.give_code(cast.ha.account, mai.account, hand(cast))
    assert await told(cast.ha.account) == ["account.identity_verified", "account.code_given"]
    kept = [(one.act, one.actor_kind, one.actor, one.agency, one.details) for one in await entries(cast.ha.account)]
    assert kept == [
        ("code_given", ActorKind.OFFICER, mai.officer, cast.commune, {}),
        ("identity_verified", ActorKind.OFFICER, mai.officer, cast.commune, {}),
    ]


async def test_a_verification_that_is_refused_is_told_to_nobody(cast: Cast) -> None:
    mai = cast.officer(Role.RECEPTIONIST).account
    await verify_identity(cast.ha.account, mai, hand=hand(cast))
    with pytest.raises(Refused):
        await verify_identity(cast.ha.account, mai, hand=hand(cast))
    assert await told(cast.ha.account) == ["account.identity_verified"]
    assert len(await entries(cast.ha.account)) == 1


async def test_an_account_opened_at_the_counter_has_it_in_its_history_and_is_told_nothing(cast: Cast) -> None:
    account = await open_at_counter(
        full_name="Cụ Bà Năm",
        phone="0977123456",
        personal_id="038140000001",
        born=("", "", ""),
        sex="",
        by=cast.officer(Role.RECEPTIONIST).account,
        hand=hand(cast),
    )
    assert [one.act for one in await entries(account)] == ["opened_at_counter"]
    assert await told(account) == []


async def test_a_person_is_told_that_their_password_was_changed_or_set_anew(cast: Cast) -> None:
    here = await sessions.who(cast.ha.token)
    assert here is not None
    with pytest.raises(Invalid):
        await change_password(cast.ha.account, here["session_id"], "sai", FRESH)
    await change_password(cast.ha.account, here["session_id"], PASSWORD, FRESH)
    made, _ends = await make_code(cast.ha.account, CodePurpose.RECOVERY)
    with pytest.raises(Invalid):
        await recovery.recover(cast.ha.phone, "AAAAAAAA", FRESH, **PLACE)
    await recovery.recover(cast.ha.phone, code_of(made), FRESH, **PLACE)
    assert await told(cast.ha.account) == ["account.password_changed", "account.password_reset"]


async def test_a_person_is_told_of_a_device_that_is_new_to_them_but_not_of_their_first_nor_of_a_known_one(
    cast: Cast,
) -> None:
    opened = await sign_in(cast.ha.phone, PASSWORD, **PLACE)
    await sign_in(cast.ha.phone, PASSWORD, **PLACE, device=opened.device)
    assert await told(cast.ha.account) == []
    await sign_in(cast.ha.phone, PASSWORD, **PLACE)
    assert await told(cast.ha.account) == ["account.new_device"]
    assert await told(cast.toan.account) == []


async def test_a_device_that_was_forgotten_is_new_again(cast: Cast) -> None:
    opened = await sign_in(cast.ha.phone, PASSWORD, **PLACE)
    await sessions.revoke_all(cast.ha.account)
    await sign_in(cast.ha.phone, PASSWORD, **PLACE, device=opened.device)
    assert await told(cast.ha.account) == ["account.new_device"]


async def test_a_person_is_told_of_an_address_by_which_the_password_can_be_set_anew(cast: Cast) -> None:
    kept = {"full_name": cast.ha.name, "personal_id": cast.ha.personal_id, "phone": cast.ha.phone}
    await profiles.change_profile(cast.ha.account, ProfileChange(**kept, email="ha@example.vn"))
    made, _ends = await make_code(cast.ha.account, CodePurpose.EMAIL, target="ha@example.vn")
    with pytest.raises(Refused):
        await profiles.confirm_email(cast.ha.account, "AAAAAAAA")
    await profiles.confirm_email(cast.ha.account, code_of(made))
    assert await told(cast.ha.account) == ["account.email_confirmed"]


async def test_what_is_told_stands_or_falls_with_what_happened(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    async def deaf(_happening: Happening) -> None:
        raise ConnectionError("away")

    monkeypatch.setattr(happenings, "_hearers", [hearing.tell_person, deaf])
    with pytest.raises(ConnectionError):
        await recovery.give_code(cast.ha.account, cast.officer(Role.RECEPTIONIST).account, hand(cast))
    with pytest.raises(ConnectionError):
        await verify_identity(cast.ha.account, cast.officer(Role.RECEPTIONIST).account, hand=hand(cast))
    assert await told(cast.ha.account) == [] and await entries(cast.ha.account) == []
    account = await Account.objects().get(Account.id == cast.ha.account)
    assert account is not None and account.identity_verified_at is None
    monkeypatch.undo()
    with pytest.raises(RuntimeError, match="unit_of_work"):
        await happened(Happening(Act.CODE_GIVEN, cast.ha.account))


@pytest.mark.parametrize("act", sorted(Act))
async def test_every_act_has_words_or_is_no_news(client: httpx.AsyncClient, cast: Cast, act: Act) -> None:
    event = messages.event_of(act)
    assert (event is None) == (act is Act.OPENED_AT_COUNTER)
    if event is not None:
        words = spoken(event, {})
        assert words.title != "Có tin mới" and words.line
        browser.sign_in(client, cast.ha)
        assert (await client.get(words.path)).status_code == 200


async def test_the_application_hears_what_happens_and_shows_it(client: httpx.AsyncClient, cast: Cast) -> None:
    browser.sign_in(client, cast.ha)
    await browser.post(client, "/toi/mat-khau", {"current": PASSWORD, "password": FRESH})
    assert happenings._hearers.count(hearing.tell_person) == 1
    assert "Mật khẩu đã đổi" in (await client.get("/thong-bao")).text


async def test_a_new_password_voids_codes_that_would_set_another(cast: Cast) -> None:
    made, _ends = await make_code(cast.ha.account, CodePurpose.RECOVERY)
    here = await sessions.who(cast.ha.token)
    assert here is not None
    await change_password(cast.ha.account, here["session_id"], PASSWORD, FRESH)
    with pytest.raises(Invalid):
        await recovery.recover(cast.ha.phone, code_of(made), "mật khẩu khác nữa", **PLACE)


async def test_an_address_that_is_given_up_takes_the_codes_mailed_to_it_along(cast: Cast) -> None:
    await execute(
        "update account set email = 'cu@example.vn', email_confirmed_at = created_at where phone = '0912345678'"
    )
    made, _ends = await make_code(cast.ha.account, CodePurpose.RECOVERY, target="cu@example.vn")
    kept = {"full_name": cast.ha.name, "personal_id": cast.ha.personal_id, "phone": cast.ha.phone}
    await profiles.change_profile(cast.ha.account, ProfileChange(**kept))
    with pytest.raises(Invalid):
        await recovery.recover(cast.ha.phone, code_of(made), FRESH, **PLACE)


async def test_a_code_that_fails_half_way_can_be_used_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_arguments: Any) -> None:
        raise ConnectionError("away")

    made, _ends = await make_code(cast.ha.account, CodePurpose.RECOVERY)
    with monkeypatch.context() as broken:
        broken.setattr(known_devices, "remember", away)
        with pytest.raises(ConnectionError):
            await recovery.recover(cast.ha.phone, code_of(made), FRESH, **PLACE)
    assert (await sign_in(cast.ha.phone, PASSWORD, **PLACE)).account_id == cast.ha.account
    assert await recovery.recover(cast.ha.phone, code_of(made), FRESH, **PLACE)
