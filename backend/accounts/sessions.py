"""Sessions: which device is signed in as whom, from when to when. The cookie holds a random token, the table its digest."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from litestar.datastructures import Cookie

from backend.accounts.devices import device_in_words
from backend.accounts.tables import Session
from backend.kit import clock, settings
from backend.kit.database import Record, execute, fetch, fetch_one, new_id
from backend.kit.language import Language
from backend.kit.seal import token_hash

CITIZEN_STAYS = timedelta(days=30)
OFFICER_IDLE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)

_WHO = """
select s.id as session_id, s.seen_at, a.id as account_id, a.full_name, a.phone, a.language,
    a.officer_since is not null as officer, a.identity_verified_at is not null as verified
from session s join account a on a.id = s.account
where s.token_hash = $1 and s.revoked_at is null and s.expires_at > $2 and a.closed_at is null
"""


class Device(msgspec.Struct, frozen=True):
    """A signed-in device, as its person sees it."""

    id: UUID
    device: str
    created_at: datetime
    seen_at: datetime
    here: bool


def cookie_name() -> str:
    """Return the name of the session cookie; over https the browser itself holds it to this host and path."""
    return "__Host-session" if settings.current().secure else "session"


def _cookie(value: str, max_age: int | None) -> Cookie:
    return Cookie(
        key=cookie_name(),
        value=value,
        max_age=max_age,
        path="/",
        secure=settings.current().secure,
        httponly=True,
        samesite="lax",
    )


def cookie(token: str, officer: bool) -> Cookie:
    """Return the cookie that signs a browser in; an officer's ends with the browser."""
    return _cookie(token, None if officer else int(CITIZEN_STAYS.total_seconds()))


def no_cookie() -> Cookie:
    """Return the cookie that signs a browser out."""
    return _cookie("", 0)


async def open_session(account: UUID, user_agent: str, officer: bool, known: UUID) -> str:
    """Sign a device in as `account` and return the token for its cookie; `known` is the known device it is."""
    token, now = secrets.token_urlsafe(32), clock.now()
    await Session.insert(
        Session(
            id=new_id(),
            account=account,
            token_hash=token_hash(token),
            device=device_in_words(user_agent),
            known=known,
            created_at=now,
            seen_at=now,
            expires_at=now + (OFFICER_IDLE if officer else CITIZEN_STAYS),
        )
    )
    return token


async def who(token: str) -> Record | None:
    """Return the row of the person signed in with `token`, or None: never, no more, or signed out."""
    return await fetch_one(_WHO, token_hash(token), clock.now())


async def touch(row: Record, language: Language | None) -> None:
    """Note that a device was used, at most once a minute; an officer's idle time starts anew.

    Args:
        row: from `who`.
        language: the one chosen on this device, in which the person is written to from now on.
    """
    now = clock.now()
    if now - row["seen_at"] < SEEN_EVERY:
        return
    await execute(
        "update session set seen_at = $2, expires_at = coalesce($3, expires_at) where id = $1 and seen_at < $2",
        row["session_id"],
        now,
        now + OFFICER_IDLE if row["officer"] else None,
    )
    if language is not None and language != row["language"]:
        await execute("update account set language = $2 where id = $1", row["account_id"], language)


async def last_account(token: str) -> UUID | None:
    """Return whose session `token` was, even when it has ended."""
    row = await fetch_one("select account from session where token_hash = $1", token_hash(token))
    return UUID(str(row["account"])) if row else None


async def devices(account: UUID, here: UUID) -> list[Device]:
    """Return the devices signed in as `account`, the present one first, then by last use."""
    rows = await fetch(
        "select id, device, created_at, seen_at, id = $3 as here from session "
        "where account = $1 and revoked_at is null and expires_at > $2 order by id = $3 desc, seen_at desc",
        account,
        clock.now(),
        here,
    )
    return [msgspec.convert(dict(row), Device) for row in rows]


async def revoke(account: UUID, session: UUID) -> bool:
    """Sign one device of `account` out; False when it is not theirs or has ended. The device stays a known one."""
    return bool(await execute(_REVOKE + " and id = $3", account, clock.now(), session))


async def revoke_and_forget(account: UUID, session: UUID) -> bool:
    """Sign one device of `account` out, which from then on is a stranger; False when it is not theirs or has ended."""
    forgotten = f"with forgotten as ({_FORGET} and id = (select known from session where id = $3 and account = $1)) "
    return bool(await execute(forgotten + _REVOKE + " and id = $3", account, clock.now(), session))


async def revoke_all(account: UUID, but: UUID | None = None) -> int:
    """Sign all devices of `account` out, except `but`, and know none of the others any more; return how many."""
    forgotten = f"with forgotten as ({_FORGET} and id is distinct from (select known from session where id = $3)) "
    return await execute(
        forgotten + _REVOKE + " and ($3::uuid is null or id <> $3)",
        account,
        clock.now(),
        but,
    )


_REVOKE = "update session set revoked_at = $2 where account = $1 and revoked_at is null and expires_at > $2"
_FORGET = "update known_device set revoked_at = $2 where account = $1 and revoked_at is null"
