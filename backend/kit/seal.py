"""Closing words so that only this office can read them (AES-GCM), and fingerprints to find a word without keeping it."""

import base64
import hmac
import os
from hashlib import sha256

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
