"""A browser on which somebody has signed in has tries of its own: strangers' guesses do not lock the owner out."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from backend.accounts import known_devices, sessions
from backend.accounts.jobs import sweep
from backend.accounts.registering import register
from backend.accounts.signing_in import Opened, change_password, sign_in
from backend.accounts.tables import KnownDevice, OneTimeCode, Session
from backend.accounts.throttle import SIGN_INS_FROM_ONE_PLACE, SIGN_INS_OF_ONE
from backend.kit.clock import Frozen
from backend.kit.database import execute, unit_of_work
from backend.kit.errors import Invalid, TooMany
from tests import browser
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.anyio

FRESH = "ao làng nhiều sen"


async def enter(text: str, password: str = PASSWORD, device: str = "", address: str = "10.0.0.1") -> Opened:
    return await sign_in(text, password, address=address, user_agent="", device=device)


async def at_once(count: int, *arguments: str) -> list[Any]:
    tries = (asyncio.create_task(enter(*arguments)) for _try in range(count))
    return list(await asyncio.gather(*tries, return_exceptions=True))


def refusals(outcomes: list[Any], kind: type[Exception]) -> int:
    return sum(isinstance(outcome, kind) for outcome in outcomes)


async def use_up(number: str) -> None:
    """Have strangers guess at a number from many places until nobody may try any more."""
    for turn in range(SIGN_INS_OF_ONE):
        with pytest.raises(Invalid):
            await enter(number, "sai-mat-khau", address=f"10.1.0.{turn}")
    with pytest.raises(TooMany):
        await enter(number, "sai-mat-khau", address="10.2.0.1")


async def test_strangers_who_guess_do_not_lock_out_a_device_that_has_signed_in_before(cast: Cast) -> None:
    device = (await enter(cast.ha.phone)).device
    await use_up(cast.ha.phone)
    with pytest.raises(TooMany):
        await enter(cast.ha.phone)
    with pytest.raises(TooMany):
        await enter(cast.ha.phone, device="made up")
    with pytest.raises(Invalid):
        await enter(cast.ha.phone, "gõ nhầm một chữ", device)
    assert (await enter(cast.ha.phone, device=device)).account_id == cast.ha.account


async def test_ten_guesses_at_once_from_a_known_device_do_not_pass_its_limit(cast: Cast) -> None:
    device = (await enter(cast.ha.phone)).device
    await use_up(cast.ha.phone)
    outcomes = await at_once(SIGN_INS_FROM_ONE_PLACE + 2, cast.ha.phone, "sai-mat-khau", device)
    assert (refusals(outcomes, Invalid), refusals(outcomes, TooMany)) == (SIGN_INS_FROM_ONE_PLACE, 2)
    with pytest.raises(TooMany):
        await enter(cast.ha.phone, device=device)


async def test_ten_guesses_at_once_from_a_stranger_do_not_pass_the_limit(cast: Cast) -> None:
    outcomes = await at_once(SIGN_INS_FROM_ONE_PLACE + 2, cast.ha.phone, "sai-mat-khau")
    assert (refusals(outcomes, Invalid), refusals(outcomes, TooMany)) == (SIGN_INS_FROM_ONE_PLACE, 2)


async def test_whoever_knows_the_password_signs_in_on_a_known_device_as_often_as_they_like(cast: Cast) -> None:
    device = (await enter(cast.ha.phone)).device
    await use_up(cast.ha.phone)
    for _turn in range(SIGN_INS_FROM_ONE_PLACE + 2):
        device = (await enter(cast.ha.phone, device=device)).device


async def test_a_device_known_to_one_account_is_a_stranger_to_another_of_the_same_number(cast: Cast) -> None:
    # Whoever opens an account with Hà's number gains no further guesses at hers.
    await register(full_name="Kẻ Mạo Danh", phone=cast.ha.phone, personal_id="038299001234", password=FRESH)
    device = (await enter(cast.ha.phone, FRESH)).device
    await use_up(cast.ha.phone)
    with pytest.raises(Invalid):
        await enter(cast.ha.phone, PASSWORD, device)
    assert (await enter(cast.ha.phone, FRESH, device)).account_id != cast.ha.account


async def test_two_people_of_one_number_come_in_on_one_browser(cast: Cast) -> None:
    son = await register(full_name="Trần Văn Con", phone=cast.ha.phone, personal_id="038299001234", password=FRESH)
    device = (await enter(cast.ha.phone)).device
    entered = await enter(cast.ha.phone, FRESH, device)
    assert entered.account_id == son
    await use_up(cast.ha.phone)
    again = await enter(cast.ha.phone, device=entered.device)
    assert again.account_id == cast.ha.account
    assert (await enter(cast.ha.phone, FRESH, again.device)).account_id == son


async def test_what_is_answered_on_a_known_device_does_not_tell_whether_others_have_the_number(cast: Cast) -> None:
    await register(full_name="Kẻ Mạo Danh", phone="0977123456", personal_id="038299001234", password=FRESH)
    await register(full_name="Kẻ Mạo Danh", phone=cast.ha.phone, personal_id="038299001234", password=FRESH)
    answers = []
    for number in ("0977123456", cast.ha.phone):
        device = (await enter(number, FRESH)).device
        await use_up(number)
        with pytest.raises((Invalid, TooMany)) as refusal:
            await enter(number, "sai-mat-khau", device)
        answers.append((type(refusal.value), refusal.value.sentence, refusal.value.fields))
    assert answers[0] == answers[1]


async def test_the_token_turns_at_each_sign_in_and_the_last_one_is_good_until_its_successor_comes_back(
    cast: Cast,
) -> None:
    async def known(token: str) -> bool:
        return bool(await known_devices.known_at(token))

    first = (await enter(cast.ha.phone)).device
    second = (await enter(cast.ha.phone, device=first)).device
    assert first != second and await known(first) and await known(second)
    third = (await enter(cast.ha.phone, device=second)).device
    assert not await known(first) and await known(second) and await known(third)
    assert await KnownDevice.count() == 1
    assert all(third not in str(row) for row in await KnownDevice.select())


async def test_a_token_planted_in_a_browser_makes_its_planter_known_to_nobody_else(cast: Cast) -> None:
    planted = (await enter(cast.toan.phone)).device
    await enter(cast.ha.phone, device=planted)
    assert cast.ha.account not in await known_devices.known_at(planted)


async def test_a_new_password_makes_every_other_device_a_stranger(cast: Cast) -> None:
    other = (await enter(cast.ha.phone)).device
    here = await enter(cast.ha.phone)
    session = await sessions.who(here.token)
    assert session is not None
    await change_password(cast.ha.account, session["session_id"], PASSWORD, FRESH)
    assert not await known_devices.known_at(other)
    assert await known_devices.known_at(here.device)


async def test_a_device_signed_out_from_the_list_is_a_stranger_and_one_that_signs_itself_out_is_not(
    cast: Cast,
) -> None:
    opened = await enter(cast.ha.phone)
    session = await sessions.who(opened.token)
    assert session is not None
    assert not await sessions.revoke_and_forget(cast.toan.account, session["session_id"])
    assert await sessions.revoke(cast.ha.account, session["session_id"])
    assert await known_devices.known_at(opened.device)
    again = await enter(cast.ha.phone, device=opened.device)
    session = await sessions.who(again.token)
    assert session is not None
    assert await sessions.revoke_and_forget(cast.ha.account, session["session_id"])
    assert not await known_devices.known_at(again.device)


async def test_a_device_is_known_for_a_year_after_its_last_sign_in_and_then_forgotten(
    cast: Cast, frozen: Frozen
) -> None:
    device = (await enter(cast.ha.phone)).device
    frozen.advance(known_devices.KEPT - timedelta(seconds=1))
    device = (await enter(cast.ha.phone, device=device)).device
    frozen.advance(known_devices.KEPT - timedelta(seconds=1))
    assert await known_devices.known_at(device)
    frozen.advance(timedelta(seconds=1))
    assert not await known_devices.known_at(device)


async def test_an_account_knows_the_twenty_devices_it_used_last(cast: Cast, frozen: Frozen) -> None:
    tokens = []
    for _turn in range(known_devices.MOST_OF_ONE + 1):
        frozen.advance(timedelta(minutes=1))
        async with unit_of_work():
            tokens.append((await known_devices.remember(cast.ha.account, "")).token)
    known = [bool(await known_devices.known_at(token)) for token in tokens]
    assert known == [False] + [True] * known_devices.MOST_OF_ONE


async def test_what_ended_long_ago_is_swept_and_what_lasts_stays(cast: Cast, frozen: Frozen) -> None:
    device = (await enter(cast.ha.phone)).device
    await execute("update session set expires_at = $1 where account = $2", frozen.now(), cast.ha.account)
    frozen.advance(timedelta(days=300))
    await sweep()
    assert await Session.count().where(Session.account == cast.ha.account) == 2
    assert await known_devices.known_at(device)
    frozen.advance(timedelta(days=101))
    await sweep()
    assert await Session.count().where(Session.account == cast.ha.account) == 0
    assert await KnownDevice.count() == 0 and await OneTimeCode.count() == 0
    assert await sessions.who(cast.toan.token)


async def test_the_browser_keeps_being_known_through_signing_out(client: httpx.AsyncClient, cast: Cast) -> None:
    form = {"identifier": cast.ha.phone, "password": PASSWORD}
    entered = await browser.post(client, "/dang-nhap", form)
    line = next(line for line in entered.headers.get_list("set-cookie") if line.startswith("known="))
    assert "httponly" in line.lower() and "samesite=lax" in line.lower() and "max-age=31536000" in line.lower()
    await browser.post(client, "/dang-xuat")
    await use_up(cast.ha.phone)
    assert (await browser.post(client, "/dang-nhap", form)).status_code == 303
    client.cookies.delete("known")
    assert (await browser.post(client, "/dang-nhap", form)).status_code == 429
