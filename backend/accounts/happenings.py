"""What happens to an account: into its history when an officer does it, and for rooms above to hear, in one unit of work."""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from uuid import UUID

import msgspec

from backend.history.record import record
from backend.history.tables import ActorKind
from backend.kit import clock
from backend.kit.database import unit_connection


class Act(StrEnum):
    """What may happen."""

    IDENTITY_VERIFIED = "identity_verified"
    OPENED_AT_COUNTER = "opened_at_counter"
    CODE_GIVEN = "code_given"
    PASSWORD_CHANGED = "password_changed"
    PASSWORD_RESET = "password_reset"
    NEW_DEVICE = "new_device"
    EMAIL_CONFIRMED = "email_confirmed"


class Hand(msgspec.Struct, frozen=True):
    """The officer whose act it is, and the agency for which they act."""

    officer: UUID
    agency: UUID


class Happening(msgspec.Struct, frozen=True):
    """One act on one account.

    Args:
        act: what happened.
        account: to whose account.
        hand: the officer who did it; None: the person did.
    """

    act: Act
    account: UUID
    hand: Hand | None = None


Hearer = Callable[[Happening], Awaitable[None]]
_hearers: list[Hearer] = []


def hears(hearer: Hearer) -> Hearer:
    """Let `hearer`, of a room above, hear every happening, inside the unit of work in which it happens."""
    _hearers.append(hearer)
    return hearer


async def happened(happening: Happening) -> None:
    """Record what an officer does in the open unit of work, and let every hearer hear: one that fails undoes it.

    Raises:
        RuntimeError: outside a unit of work.
    """
    unit_connection()
    if happening.hand is not None:
        await record(
            "account",
            happening.account,
            str(happening.act),
            agency=happening.hand.agency,
            actor_kind=ActorKind.OFFICER,
            actor=happening.hand.officer,
            details={},
            at=clock.now(),
        )
    for hearer in _hearers:
        await hearer(happening)
