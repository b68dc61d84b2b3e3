"""Browsers on which somebody has signed in before: each has tries of its own, apart from the guesses of strangers.

The cookie holds a random token, the table its digest. It opens nothing: without the password it is of no use.
"""

import secrets
from datetime import timedelta
from uuid import UUID

import msgspec
from litestar.datastructures import Cookie

from backend.accounts.tables import KnownDevice
from backend.kit import clock, settings
from backend.kit.database import execute, fetch, fetch_value, new_id
from backend.kit.seal import token_hash

KEPT = timedelta(days=365)
MOST_OF_ONE = 20
LONGEST_TOKEN = 100

_ROTATE = """
update known_device set token_hash = $2, last_hash = $1,
    used_at = case when account = $3 then $4 else used_at end,
    expires_at = case when account = $3 then $5 else expires_at end
where (token_hash = $1 or last_hash = $1) and revoked_at is null and expires_at > $4
returning id, account
"""
_TRIM = """
update known_device set revoked_at = $2 where revoked_at is null and id in
    (select id from known_device where account = $1 and revoked_at is null order by used_at desc, id desc offset $3)
"""


class Remembered(msgspec.Struct, frozen=True):
    """A browser that is known from now on.

    Args:
        id: its row.
        token: for its cookie.
        news: True when the account has signed in before, but never here.
    """

    id: UUID
    token: str
    news: bool


def cookie_name() -> str:
    """Return the name of the cookie by which a browser is known."""
    return "__Host-known" if settings.current().secure else "known"


def cookie(token: str) -> Cookie:
    """Return the cookie that makes a browser known; signing out leaves it."""
    return Cookie(
        key=cookie_name(),
        value=token,
        max_age=int(KEPT.total_seconds()),
        path="/",
        secure=settings.current().secure,
        httponly=True,
        samesite="lax",
    )


async def known_at(token: str) -> dict[UUID, UUID]:
    """Return the accounts that know the browser which holds `token`: account → known device."""
    if not token or len(token) > LONGEST_TOKEN:
        return {}
    rows = await fetch(
        "select id, account from known_device where (token_hash = $1 or last_hash = $1) "
        "and revoked_at is null and expires_at > $2",
        token_hash(token),
        clock.now(),
    )
    return {UUID(str(row["account"])): UUID(str(row["id"])) for row in rows}


async def remember(account: UUID, token: str) -> Remembered:
    """Know, inside the open unit of work, the browser on which `account` has just signed in, under a new token.

    The token it held stays good until its successor comes back: an answer may be lost on the way. A browser that was
    not known to `account` gets a row for the new token alone, so that nobody makes theirs known by planting it.
    """
    fresh, now = secrets.token_urlsafe(32), clock.now()
    held = token_hash(token[:LONGEST_TOKEN])
    first = not await fetch_value("select exists (select from known_device where account = $1)", account)
    turned = await fetch(_ROTATE, held, token_hash(fresh), account, now, now + KEPT) if token else []
    own = next((UUID(str(row["id"])) for row in turned if UUID(str(row["account"])) == account), None)
    if own is not None:
        return Remembered(own, fresh, news=False)
    made = new_id()
    await KnownDevice.insert(
        KnownDevice(
            id=made,
            account=account,
            token_hash=token_hash(fresh),
            last_hash=None,
            made_at=now,
            used_at=now,
            expires_at=now + KEPT,
        )
    )
    await execute(_TRIM, account, now, MOST_OF_ONE)
    return Remembered(made, fresh, news=not first)
