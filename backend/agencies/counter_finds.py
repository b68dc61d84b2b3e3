"""What a receptionist found at the counter, kept in the page itself: acting on an account takes its exact number first."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from backend.accounts.identifiers import Identifier
from backend.accounts.identity import Found, find
from backend.agencies.officers import Officer
from backend.kit import clock
from backend.kit.errors import Refused, TooMany
from backend.kit.language import _
from backend.kit.rates import allow
from backend.kit.seal import fingerprint, seal, unseal

FINDS_PER_HOUR = 60
LASTS = timedelta(minutes=30)
_PURPOSE = "found at the counter"


class _Find(msgspec.Struct):
    officer: UUID
    account: UUID
    number: bytes
    at: datetime


async def find_at_counter(by: Officer, named: Identifier) -> list[tuple[Found, str]]:
    """Return the accounts that claim exactly this number, each with the seal by which `by` may act on it.

    Raises:
        TooMany: more searches in an hour than people who come to a counter.
    """
    if not await allow(f"counter-find:{by.id}", FINDS_PER_HOUR, timedelta(hours=1)):
        raise TooMany(_("Đã tìm quá nhiều người trong một giờ. Chờ ít phút rồi tìm tiếp."))
    return [(one, sealed(by, one)) for one in await find(named)]


def sealed(by: Officer, person: Found) -> str:
    """Return the seal by which `by` may act for half an hour on the account of `person`, as they see it now."""
    find = _Find(by.id, person.id, fingerprint(person.personal_id), clock.now())
    return seal(msgspec.json.encode(find).decode(), _PURPOSE)


def account_found(by: Officer, found: str) -> UUID:
    """Return the account that `by` found a moment ago. Raises `Refused` as `found_with_number` does."""
    return found_with_number(by, found)[0]


def found_with_number(by: Officer, found: str) -> tuple[UUID, bytes]:
    """Return the account that `by` found a moment ago, and the fingerprint of the personal number it showed.

    Raises:
        Refused: the seal is another officer's, altered or too old.
    """
    try:
        kept = msgspec.json.decode(unseal(found, _PURPOSE), type=_Find)
    except (ValueError, msgspec.DecodeError):
        kept = None
    if kept is None or kept.officer != by.id or clock.now() - kept.at > LASTS:
        raise Refused(_("Lần tìm này đã quá lâu. Tìm lại người nộp rồi làm tiếp."))
    return kept.account, kept.number
