"""What an officer looks for, kept out of addresses and logs: the address carries it sealed, a personal number not at all."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from backend.accounts.identifiers import Kind, identifier
from backend.agencies.officers import Officer
from backend.kit import clock
from backend.kit.seal import fingerprint, seal, unseal

LASTS = timedelta(hours=12)
LONGEST = 100
_PURPOSE = "search of the work list"


class Sought(msgspec.Struct, frozen=True):
    """What is looked for.

    Args:
        officer: who looks.
        at: since when.
        text: a code, a name or a phone number.
        number: the fingerprint of a personal number instead; the number itself is kept nowhere.
    """

    officer: UUID
    at: datetime
    text: str = ""
    number: bytes = b""


def number_print(number: str) -> bytes:
    """Return the fingerprint by which dossiers are found by the personal number their applicant gave."""
    return fingerprint(number, "personal number of a dossier")


def reference_to(officer: Officer, text: str) -> str:
    """Return the word by which an address names what `officer` looks for; "" for nothing."""
    words = text.strip()[:LONGEST]
    if not words:
        return ""
    named = identifier(words) if not any(letter.isalpha() for letter in words) else None
    if named is not None and named.kind is Kind.PERSONAL_ID:
        sought = Sought(officer.id, clock.now(), number=number_print(named.value))
    else:
        sought = Sought(officer.id, clock.now(), text=words)
    return seal(msgspec.json.encode(sought).decode(), _PURPOSE)


def sought_by(officer: Officer, reference: str) -> Sought | None:
    """Return what a reference names; None when it is another officer's, altered, or of another day."""
    try:
        found = msgspec.json.decode(unseal(reference, _PURPOSE), type=Sought)
    except (ValueError, msgspec.DecodeError):
        return None
    return found if found.officer == officer.id and clock.now() - found.at <= LASTS else None
