"""Limits shared by all processes: a generic cell rate kept in one unlogged row per key."""

from datetime import timedelta

from backend.kit.database import execute, fetch_value
from backend.kit.seal import fingerprint

_SQL = """
insert into rate_bucket as b (key, until) values ($1, now() + $2::interval)
on conflict (key) do update set until = greatest(b.until, now()) + $2::interval
where greatest(b.until, now()) + $2::interval <= now() + $3::interval
returning true
"""


def bucket(what: str, of: str) -> str:
    """Return the key under which tries of a person, an address or a code are counted: what it is of stands in no row."""
    return f"{what}:{fingerprint(of, 'rates').hex()[:32]}"


async def allow(key: str, limit: int, per: timedelta) -> bool:
    """Count one try of `key` and say whether it is within `limit` tries `per` period (bursts up to `limit`).

    The database's own clock counts, so that all processes agree.
    """
    return bool(await fetch_value(_SQL, key, per / limit, per))


async def give_back(key: str, limit: int, per: timedelta) -> None:
    """Take back one try counted by `allow` with the same arguments: it turned out to be no guess."""
    await execute("update rate_bucket set until = until - $2::interval where key = $1", key, per / limit)
