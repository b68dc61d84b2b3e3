"""A password is the same on every device, and a wrong one takes as long whoever it is tried on."""

import unicodedata

import pytest
from argon2 import PasswordHasher

from backend.accounts import passwords
from backend.accounts.identity import NO_PASSWORD
from backend.accounts.passwords import fits, hash_now


@pytest.mark.anyio
@pytest.mark.parametrize("forms", [("NFD", "NFC"), ("NFC", "NFD")])
async def test_a_password_with_accents_opens_whichever_way_a_device_writes_them(forms: tuple[str, str]) -> None:
    set_on, typed_on = (unicodedata.normalize(form, "ngõ nhỏ Đồng Sen") for form in forms)
    kept = hash_now(set_on)
    assert set_on != typed_on and await fits(kept, typed_on)
    assert not await fits(kept, "ngo nho Dong Sen")


@pytest.mark.anyio
@pytest.mark.parametrize("kept", [None, NO_PASSWORD])
async def test_without_an_account_or_a_password_the_answer_takes_as_long(
    monkeypatch: pytest.MonkeyPatch, kept: str | None
) -> None:
    compared: list[str] = []

    hash_of_nobody = PasswordHasher(time_cost=1, memory_cost=64).hash("không ai")

    class Counting:
        def verify(self, against: str, _password: str) -> bool:
            compared.append(against)
            return PasswordHasher().verify(against, _password)

    monkeypatch.setattr(passwords, "_hasher", Counting())
    monkeypatch.setattr(passwords, "_nobody", lambda: hash_of_nobody)
    assert not await passwords.fits(kept, "không ai")
    assert compared[-1] == hash_of_nobody
