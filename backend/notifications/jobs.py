"""Deliveries on their way out. A job may run twice; the delivery's row decides who sends and whether it is done."""

import asyncio
import json
from datetime import timedelta
from uuid import UUID

from backend.kit import clock, mail
from backend.kit.database import Record, execute, fetch_one
from backend.kit.jobs import Payload, job
from backend.notifications import email
from backend.notifications.preferences import wants
from backend.notifications.tables import Channel, DeliveryState

MOST_TRIES = 8
# A claim outlives the longest sending: whoever finds an older one knows that its worker is dead.
SENDING = timedelta(seconds=45)
CLAIM = timedelta(seconds=60)

_CLAIM = """
update delivery set claimed_at = $2, tries = tries + 1
where id = $1 and state = 'waiting' and (claimed_at is null or claimed_at < $3)
returning notification, channel, tries
"""
_SETTLE = """
update delivery set state = $3, at = $4, claimed_at = null, reason = $5
where id = $1 and state = 'waiting' and claimed_at = $2
"""


class BeingSent(Exception):
    """Another worker is sending this delivery, or died at it moments ago."""


@job("notifications.deliver", attempts=MOST_TRIES + 4)
async def deliver(payload: Payload) -> None:
    """Send the delivery of `delivery` unless that is done or is being done.

    Raises:
        BeingSent, MailDelayed: to be tried again.
    """
    delivery, now = UUID(payload["delivery"]), clock.now()
    claimed = await fetch_one(_CLAIM, delivery, now, now - CLAIM)
    if claimed is None:
        if await fetch_one("select 1 from delivery where id = $1 and state = 'waiting'", delivery):
            raise BeingSent
        return
    try:
        state, reason = await _attempt(delivery, claimed)
    except (mail.MailDelayed, TimeoutError) as error:
        last = claimed["tries"] >= MOST_TRIES
        state = DeliveryState.FAILED if last else DeliveryState.WAITING
        await execute(_SETTLE, delivery, now, state, clock.now(), str(error) or "no answer in time")
        if not last:
            raise
        return
    await execute(_SETTLE, delivery, now, state, clock.now(), reason)


async def _attempt(delivery: UUID, claimed: Record) -> tuple[DeliveryState, str]:
    """Send once, and return what became of it, and why when it was not sent."""
    told = await fetch_one(
        "select account, agency, event, data from notification where id = $1", claimed["notification"]
    )
    if told is None:
        return DeliveryState.SKIPPED, "nothing to tell any more"
    if not mail.configured():
        return DeliveryState.SKIPPED, "no mail server is set"
    to = await email.reader(told["account"], told["agency"])
    if to is None or not await wants(told["account"], Channel(claimed["channel"])):
        return DeliveryState.SKIPPED, "not wanted, or no confirmed address"
    try:
        async with asyncio.timeout(SENDING.total_seconds()):
            await email.send(to, told["event"], json.loads(told["data"]), delivery)
    except mail.MailRefused as refusal:
        return DeliveryState.FAILED, str(refusal)
    return DeliveryState.SENT, ""
