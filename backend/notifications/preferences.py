"""What a person wants to get, and by which way out of the app."""

from uuid import UUID

from backend.kit.database import execute, new_id
from backend.notifications.tables import Channel, ChannelPreference

# News of one's own dossier belongs to the procedure, so it goes to a confirmed address until the person says no.
DEFAULTS = {Channel.EMAIL: True}

_KEEP = """
insert into channel_preference (id, account, channel, wanted) values ($1, $2, $3, $4)
on conflict (account, channel) do update set wanted = excluded.wanted
"""


async def wants(account: UUID, channel: Channel) -> bool:
    """Does `account` want news by `channel`?"""
    rows = await ChannelPreference.select(ChannelPreference.wanted).where(
        ChannelPreference.account == account, ChannelPreference.channel == channel
    )
    return bool(rows[0]["wanted"]) if rows else DEFAULTS[channel]


async def prefer(account: UUID, channel: Channel, wanted: bool) -> None:
    """Remember whether `account` wants news by `channel`."""
    await execute(_KEEP, new_id(), account, channel, wanted)
