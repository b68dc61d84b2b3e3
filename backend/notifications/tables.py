"""What people are told, where else it was sent, and what they want to get."""

from enum import StrEnum

from piccolo.columns import JSONB, Boolean, Integer, Text
from piccolo.constraints import Unique
from piccolo.table import Table

from backend.kit.columns import key, moment, one_of, reference, word
from backend.kit.database import DB


class Channel(StrEnum):
    """Ways out of the app."""

    EMAIL = "email"


class DeliveryState(StrEnum):
    """What became of one delivery."""

    WAITING = "waiting"
    SENT = "sent"
    SKIPPED = "skipped"
    FAILED = "failed"


class Notification(Table, tablename="notification", db=DB):
    """One piece of news for one person. The speaking room owns the words; here stand the event and its facts."""

    id = key()
    account = reference(index=True)
    agency = reference(null=True)
    event = Text(default=None, help_text="dossier.received")
    subject_kind = Text(default=None)
    subject = reference()
    data = JSONB(default="{}", help_text="codes, dates, ids; never names")
    at = moment(null=False)
    read_at = moment()


class Delivery(Table, tablename="delivery", db=DB):
    """One notification on its way through one channel."""

    id = key()
    notification = reference(index=True)
    channel = word(Channel)
    state = word(DeliveryState)
    at = moment(null=False, help_text="when it came into this state")
    claimed_at = moment(help_text="since when a worker has been sending it")
    tries = Integer(default=0)
    reason = Text(default="", help_text="why it was skipped, put off or failed, in words of ours")

    channel_known = one_of("channel", Channel)
    state_known = one_of("state", DeliveryState)
    delivery_once = Unique(["notification", "channel"])


class ChannelPreference(Table, tablename="channel_preference", db=DB):
    """Whether a person wants a channel; no row: the default of the channel."""

    id = key()
    account = reference()
    channel = word(Channel)
    wanted = Boolean(default=True)

    channel_known = one_of("channel", Channel)
    preference_once = Unique(["account", "channel"])
