"""Telling a person something: the row they will read, and a delivery for each way out of the app that they want."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from backend.accounts.profiles import mail_box_of
from backend.kit import clock
from backend.kit.database import new_id, unit_connection
from backend.kit.jobs import enqueue
from backend.kit.live import announce
from backend.notifications.preferences import wants
from backend.notifications.tables import Channel, Delivery, DeliveryState, Notification

SUBJECT = "notifications"


async def tell(
    account: UUID,
    event: str,
    *,
    agency: UUID | None,
    subject_kind: str,
    subject: UUID,
    data: Mapping[str, Any],
) -> UUID:
    """Tell `account` of `event` inside the open unit of work: it is told exactly when the unit commits.

    Args:
        account: who is told.
        event: dossier.received …; its words are registered by `words.register`.
        agency: whose row it is.
        subject_kind, subject: what it is about.
        data: codes, dates, ids; never names: the words are made from it when somebody reads.

    Returns:
        The id of the notification.

    Raises:
        RuntimeError: outside a unit of work.
    """
    unit_connection()
    notification, now = new_id(), clock.now()
    await Notification.insert(
        Notification(
            id=notification,
            account=account,
            agency=agency,
            event=event,
            subject_kind=subject_kind,
            subject=subject,
            data=msgspec.json.encode(dict(data)).decode(),
            at=now,
        )
    )
    if await _may_be_mailed(account):
        await _send_out(notification, Channel.EMAIL)
    await announce([f"person:{account}"], SUBJECT)
    return notification


async def _may_be_mailed(account: UUID) -> bool:
    return await mail_box_of(account) is not None and await wants(account, Channel.EMAIL)


async def _send_out(notification: UUID, channel: Channel) -> None:
    delivery = new_id()
    await Delivery.insert(
        Delivery(id=delivery, notification=notification, channel=channel, state=DeliveryState.WAITING, at=clock.now())
    )
    await enqueue("notifications.deliver", {"delivery": str(delivery)})
