"""Closing words so that only this office can read them (AES-GCM), and fingerprints to find a word without keeping it."""

import base64
import hmac
import os
import re
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backend.kit import settings


def _key(purpose: str) -> bytes:
    return hmac.digest(settings.current().secret, purpose.encode(), "sha256")


def seal(text: str, purpose: str = "seal") -> str:
    """Return `text` encrypted and authenticated; two calls give two different results."""
    nonce = os.urandom(12)
    return base64.urlsafe_b64encode(nonce + AESGCM(_key(purpose)).encrypt(nonce, text.encode(), None)).decode()


def unseal(sealed: str, purpose: str = "seal") -> str:
    """Return what was sealed.

    Raises:
        ValueError: it was altered, or sealed elsewhere or for another purpose.
    """
    try:
        data = base64.urlsafe_b64decode(sealed)
        return AESGCM(_key(purpose)).decrypt(data[:12], data[12:], None).decode()
    except (InvalidTag, ValueError) as error:
        raise ValueError("the seal is broken") from error


def fingerprint(text: str, purpose: str = "fingerprint") -> bytes:
    """Return a keyed digest by which equal texts find each other, and from which nobody gets the text back."""
    return hmac.digest(_key(purpose), text.encode(), "sha256")


def token_hash(token: str) -> bytes:
    """Return the digest under which a random token is kept."""
    return sha256(token.encode()).digest()


# A personal number alone in a place, as it is kept or as papers print it; no other answer looks so but by chance,
# and sealing that one too does no harm.
_NUMBER = re.compile(r"\d{3} ?\d{3} ?\d{3} ?\d{3}")
_SEALED = "§"  # no field of a form and no part of a paper has this name


def with_numbers_sealed(kept: Any) -> Any:
    """Return JSON-like data with every personal number in it sealed, so that a copy of the tables shows none.

    Legal source: Law 91/2025 on personal data, encryption as fits.
    """
    if isinstance(kept, str):
        return {_SEALED: seal(kept, "number")} if _NUMBER.fullmatch(kept) else kept
    if isinstance(kept, dict):
        return {name: with_numbers_sealed(value) for name, value in kept.items()}
    if isinstance(kept, list | tuple):
        return [with_numbers_sealed(value) for value in kept]
    return kept


def with_numbers_opened(kept: Any) -> Any:
    """Return what `with_numbers_sealed` was given.

    Raises:
        ValueError: it was altered, or sealed with another secret.
    """
    if isinstance(kept, dict):
        if kept.keys() == {_SEALED}:
            return unseal(kept[_SEALED], "number")
        return {name: with_numbers_opened(value) for name, value in kept.items()}
    if isinstance(kept, list):
        return [with_numbers_opened(value) for value in kept]
    return kept
