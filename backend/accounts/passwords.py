"""Passwords: what is good enough, and argon2id done in a thread, two at a time, because it is slow on purpose."""

import asyncio
import unicodedata
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import hash_secret_raw

from backend.kit.language import _
from backend.kit.seal import fingerprint
from backend.kit.text import fold

SHORTEST = 8
LONGEST = 200

# Eight bits: one account in 256 fits a password by chance.
MARK_LETTERS = 2

# What lists of leaked passwords begin with, and what people here type first; compared folded, without spaces.
_COMMON = (
    "12345678 123456789 1234567890 11111111 00000000 88888888 66666666 99999999 12341234 11223344 87654321 "
    "123123123 147258369 password password1 passw0rd qwertyui qwerty123 1q2w3e4r 1qaz2wsx abc12345 abcd1234 "
    "abcdefgh aa123456 asdfghjk iloveyou matkhau1 matkhau123 anhyeuem emyeuanh yeuanhnhieu vietnam1 vietnam123 "
    "motcua123 admin123 administrator"
)
COMMON = frozenset(_COMMON.split())

# 64 MiB and two passes (RFC 9106 asks for more memory or more passes, never less than OWASP's 19 MiB).
_PASSES, _KIBIBYTES = 2, 64 * 1024
_hasher = PasswordHasher(time_cost=_PASSES, memory_cost=_KIBIBYTES, parallelism=1)
_two_at_a_time = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")


def weakness(password: str, known: Iterable[str] = ()) -> str | None:
    """Return what is wrong with a new password, in a sentence, or None.

    Args:
        password: as typed.
        known: what others know of the person (phone, personal number): no password.
    """
    plain = fold(password).replace(" ", "")
    if not password:
        return _("Chưa điền mật khẩu.")
    if len(password) < SHORTEST:
        return _("Mật khẩu cần ít nhất %(n)s ký tự, đang có %(has)s.") % {"n": SHORTEST, "has": len(password)}
    if len(password) > LONGEST:
        return _("Mật khẩu dài quá, tối đa %(n)s ký tự.") % {"n": LONGEST}
    if plain in {fold(word).replace(" ", "") for word in known if word}:
        return _("Đừng dùng số điện thoại, số căn cước hay họ tên làm mật khẩu.")
    if plain in COMMON or len(set(plain)) < 3:
        return _("Mật khẩu này nhiều người dùng, dễ đoán. Chọn câu khác, dài hơn.")
    return None


def hash_now(password: str) -> str:
    """Return what is kept of a password: its mark and its hash. Slow: in a request use `hashed`."""
    return mark(password) + _hasher.hash(_composed(password))


def mark(password: str) -> str:
    """Return the letters with which what is kept of `password` begins. Slow, as a hash is: in a request use `marked`.

    By them signing in finds, among however many accounts claim one number, the few that this password may open.
    They are of a hash as costly as the other, salted with the office's key: whoever steals table and key guesses at
    one account no cheaper by them.
    """
    raw = hash_secret_raw(
        _composed(password).encode(), fingerprint("", "password mark")[:16], _PASSES, _KIBIBYTES, 1, 16, Type.ID
    )
    return raw.hex()[:MARK_LETTERS]


def _composed(password: str) -> str:
    """Accents are one letter on some devices and two on others: the same word is the same password on all."""
    return unicodedata.normalize("NFC", password)


def _fits(kept: str | None, password: str) -> bool:
    try:
        return _hasher.verify(kept[MARK_LETTERS:] if kept else _nobody(), _composed(password)) and kept is not None
    except VerificationError:
        return False
    except InvalidHashError:
        return _fits(None, password)  # an account that has no password yet takes as long as one that has


@cache
def _nobody() -> str:
    return _hasher.hash("the hash that is checked when there is no account")


async def hashed(password: str) -> str:
    """Return the hash of `password`, made in a thread."""
    return await asyncio.get_running_loop().run_in_executor(_two_at_a_time, hash_now, password)


async def marked(password: str) -> str:
    """Return the mark of `password`, made in a thread."""
    return await asyncio.get_running_loop().run_in_executor(_two_at_a_time, mark, password)


async def fits(kept: str | None, password: str) -> bool:
    """Say whether `password` is the one kept as `kept`; without one it takes as long and says no."""
    return await asyncio.get_running_loop().run_in_executor(_two_at_a_time, _fits, kept, password)
