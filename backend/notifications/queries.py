"""Named reads: the news of one person, newest first, and how much of it is unread."""

import json
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

import msgspec

from backend.kit import clock
from backend.kit.database import fetch, fetch_value
from backend.notifications.words import Words, spoken

PAGE = 40


class News(msgspec.Struct, frozen=True):
    """One notification as its person reads it."""

    id: UUID
    at: datetime
    unread: bool
    words: Words


class Day(msgspec.Struct, frozen=True):
    """The news of one day."""

    date: date
    news: list[News]


# Ids are ordered by time, so the last one shown is where the next page begins.
_NEWS = """
select id, event, data, at, read_at from notification
where account = $1 and ($2::uuid is null or (at, id) < (select at, id from notification where id = $2 and account = $1))
order by at desc, id desc limit $3
"""


async def news(account: UUID, before: UUID | None = None) -> tuple[list[Day], UUID | None]:
    """Return the news of `account` by day, newest first, and where older news begin if there are any.

    Args:
        account: whose.
        before: the last notification of the page before; None: from the newest.
    """
    rows = await fetch(_NEWS, account, before, PAGE + 1)
    shown = [
        News(row["id"], row["at"], row["read_at"] is None, spoken(row["event"], json.loads(row["data"])))
        for row in rows[:PAGE]
    ]
    days = [Day(day, list(items)) for day, items in groupby(shown, lambda item: clock.local(item.at).date())]
    return days, shown[-1].id if len(rows) > PAGE else None


async def unread(account: UUID) -> int:
    """Return how many notifications of `account` are unread."""
    return int(await fetch_value("select count(*) from notification where account = $1 and read_at is null", account))
