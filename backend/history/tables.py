"""What happened, for good: entries that are only ever added, chained per subject, and the end of each chain."""

from enum import StrEnum

from piccolo.columns import JSONB, UUID, Bytea, Integer, Text
from piccolo.constraints import Unique
from piccolo.table import Table

from backend.kit.columns import key, moment, one_of, reference, word
from backend.kit.database import DB


class ActorKind(StrEnum):
    """Who acted."""

    CITIZEN = "citizen"
    OFFICER = "officer"
    SYSTEM = "system"


class HistoryEntry(Table, tablename="history_entry", db=DB):
    """One act on one subject. Holds ids and words of ours, never names: names may have to be forgotten."""

    id = key()
    agency = reference(null=True, index=True)
    subject_kind = Text(default=None)
    subject = reference()
    number = Integer(default=None, help_text="1, 2, 3 … within the subject")
    at = moment(null=False)
    actor_kind = word(ActorKind)
    actor = reference(null=True, help_text="account of the citizen or id of the officer")
    act = Text(default=None, help_text="the move's name")
    details = JSONB(default="{}")
    previous = Bytea(default=b"", help_text="hash of the entry before; empty for the first")
    hash = Bytea(default=b"")

    actor_kind_known = one_of("actor_kind", ActorKind)
    entry_in_order = Unique(["subject", "number"])


class HistoryHead(Table, tablename="history_head", db=DB):
    """The last entry of a subject's chain; its row lock keeps two writers apart, and shows a cut tail."""

    subject = UUID(primary_key=True, default=None)
    number = Integer(default=0)
    hash = Bytea(default=b"")
