"""Codes that work once: eight characters without look-alikes, half an hour, five tries; only their keyed digest is kept."""

import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from backend.accounts.tables import CodePurpose, OneTimeCode
from backend.kit import clock
from backend.kit.database import execute, fetch, new_id
from backend.kit.seal import fingerprint

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0 O, 1 I L
LENGTH = 8
MOST_TRIES = 5
LASTS = {CodePurpose.RECOVERY: timedelta(minutes=30), CodePurpose.EMAIL: timedelta(days=2)}

_OPEN = "used_at is null and tries < $3 and expires_at > $4"


def code_of(code_id: UUID) -> str:
    """Return the code of the row `code_id`.

    It is derived with the office's key, so that the job that mails it needs no more than the id.
    """
    number, letters = int.from_bytes(fingerprint(str(code_id), "one-time code"), "big"), ""
    for _place in range(LENGTH):
        number, letter = divmod(number, len(ALPHABET))
        letters += ALPHABET[letter]
    return letters


def _digest(code: str) -> bytes:
    return fingerprint("".join(code.upper().split()).replace("-", ""), "one-time code digest")


async def make_code(
    account: UUID, purpose: CodePurpose, target: str | None = None, by: UUID | None = None
) -> tuple[UUID, datetime]:
    """Make a code for `account`, void its earlier ones of that purpose, return id and end; `code_of` gives the code.

    Args:
        account: whose code it is.
        purpose: what it is good for.
        target: the e-mail address it confirms.
        by: the officer's account, when it is given at the counter.
    """
    made, now = new_id(), clock.now()
    await void_codes(account, purpose)
    await OneTimeCode.insert(
        OneTimeCode(
            id=made,
            account=account,
            purpose=purpose,
            code_hash=_digest(code_of(made)),
            target=target,
            made_by=by,
            made_at=now,
            expires_at=now + LASTS[purpose],
        )
    )
    return made, now + LASTS[purpose]


async def void_codes(account: UUID, purpose: CodePurpose) -> None:
    """Let no code of `account` for `purpose` work any more."""
    await execute(
        "update one_time_code set expires_at = $3 where account = $1 and purpose = $2 and expires_at > $3",
        account,
        str(purpose),
        clock.now(),
    )


async def use_code(accounts: Iterable[UUID], purpose: CodePurpose, code: str) -> OneTimeCode | None:
    """Try `code` on the open codes of `accounts`; return the row it opened, now used up, or None.

    Every try counts against each of them, and is counted before it is compared, so that tries at once gain nothing.
    """
    tried = await fetch(
        "update one_time_code set tries = tries + 1 where account = any($1) and purpose = $2 and "
        + _OPEN
        + " returning id, code_hash",
        list(accounts),
        str(purpose),
        MOST_TRIES,
        clock.now(),
    )
    given = _digest(code)
    for row in tried:
        if hmac.compare_digest(bytes(row["code_hash"]), given):
            used = await execute(
                "update one_time_code set used_at = $2 where id = $1 and used_at is null", row["id"], clock.now()
            )
            return await OneTimeCode.objects().get(OneTimeCode.id == row["id"]) if used else None
    return None
