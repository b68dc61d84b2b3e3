"""Wrong guesses that cost little: limits refill by the database's own clock, and slow guesses in a row would outlast them."""

import pytest
from argon2 import PasswordHasher

from backend.accounts import passwords

_CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash("nobody's")


@pytest.fixture(autouse=True)
def cheap_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compare what fits nobody with a hash that was cheap to make; those of accounts stay as they are."""
    monkeypatch.setattr(passwords, "_nobody", lambda: _CHEAP)
