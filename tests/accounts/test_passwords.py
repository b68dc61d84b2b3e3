"""A password is the same on every device."""

import unicodedata

import pytest

from backend.accounts.passwords import fits, hash_now


@pytest.mark.anyio
@pytest.mark.parametrize("forms", [("NFD", "NFC"), ("NFC", "NFD")])
async def test_a_password_with_accents_opens_whichever_way_a_device_writes_them(forms: tuple[str, str]) -> None:
    set_on, typed_on = (unicodedata.normalize(form, "ngõ nhỏ Đồng Sen") for form in forms)
    kept = hash_now(set_on)
    assert set_on != typed_on and await fits(kept, typed_on)
    assert not await fits(kept, "ngo nho Dong Sen")
