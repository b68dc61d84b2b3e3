"""Marking news as read; other screens of the same person follow."""

import json
from uuid import UUID

from backend.kit import clock
from backend.kit.database import execute, fetch_one, unit_of_work
from backend.kit.errors import NotFound
from backend.kit.language import _
from backend.kit.live import announce
from backend.notifications.telling import SUBJECT
from backend.notifications.words import spoken


async def mark_read(account: UUID, notification: UUID) -> None:
    """Mark one notification of `account` as read; the first reading counts.

    Raises:
        NotFound: there is none, or it is not theirs.
    """
    await path_of(account, notification)
    await _mark(account, notification)


async def mark_all_read(account: UUID) -> None:
    """Mark all news of `account` as read."""
    await _mark(account, None)


async def path_of(account: UUID, notification: UUID) -> str:
    """Return the page one notification of `account` leads to.

    Raises:
        NotFound: there is none, or it is not theirs.
    """
    row = await fetch_one("select event, data from notification where id = $1 and account = $2", notification, account)
    if row is None:
        raise NotFound(_("Không thấy thông báo này."))
    return spoken(row["event"], json.loads(row["data"])).path


async def _mark(account: UUID, notification: UUID | None) -> None:
    async with unit_of_work():
        changed = await execute(
            "update notification set read_at = $2 "
            "where account = $1 and read_at is null and ($3::uuid is null or id = $3)",
            account,
            clock.now(),
            notification,
        )
        if changed:
            await announce([f"person:{account}"], SUBJECT)
