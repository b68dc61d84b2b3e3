"""Writing and reading history: one entry per act, numbered and chained within its subject."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec

from backend.history.tables import ActorKind, HistoryEntry
from backend.kit.database import Record, new_id, unit_connection

Details = Mapping[str, Any]

# A code, an id, a state, a date: no blanks and no accents, so that no name and no sentence of a person gets in.
_WORD = re.compile(r"[A-Za-z0-9@_.:/+-]{0,120}")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,60}")
# Phone numbers and personal numbers are words by their letters only.
_PERSONAL = re.compile(r"\+?\d{9,}")

# Inserting takes the row lock of the chain, or waits for the writer who holds it and then sees their last entry.
_TAKE_HEAD = """
insert into history_head as head (subject, number, hash) values ($1, 0, '')
on conflict (subject) do update set number = head.number
returning number, hash
"""
_ADD = """
insert into history_entry
    (id, agency, subject_kind, subject, number, at, actor_kind, actor, act, details, previous, hash)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One act on one subject, as it was written."""

    id: UUID
    agency: UUID | None
    subject_kind: str
    subject: UUID
    number: int
    at: datetime
    actor_kind: str
    actor: UUID | None
    act: str
    details: dict[str, Any]
    previous: bytes
    hash: bytes

    def proof(self) -> bytes:
        """Return the hash this entry must carry: SHA-256 over everything else in it, written in one fixed way."""
        written = {
            "id": self.id.hex,
            "agency": self.agency.hex if self.agency else None,
            "subject_kind": self.subject_kind,
            "subject": self.subject.hex,
            "number": self.number,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor_kind": self.actor_kind,
            "actor": self.actor.hex if self.actor else None,
            "act": self.act,
            "details": self.details,
            "previous": self.previous.hex(),
        }
        return hashlib.sha256(canonical(written).encode()).digest()


def canonical(value: Any) -> str:
    """Return `value` as JSON in the one way that survives PostgreSQL's jsonb: keys sorted, no blanks, no fractions."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def plain(value: Any) -> Any:
    """Return `value` with ids and dates written as words.

    Raises:
        ValueError: it holds a text with blanks or accents, a long number in figures, or a fraction: history keeps
            ids and never names, and fractions do not come back from the database as they went in.
    """
    match value:
        case None | bool() | int():
            return value
        case UUID():
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case str():
            if not _WORD.fullmatch(value) or _PERSONAL.fullmatch(value):
                raise ValueError("history keeps ids and words of ours, never names or texts")
            return str(value)
        case Mapping():
            if not all(isinstance(name, str) and _KEY.fullmatch(name) for name in value):
                raise ValueError("history names its details in plain words")
            return {str(name): plain(inner) for name, inner in value.items()}
        case list() | tuple():
            return [plain(inner) for inner in value]
    raise ValueError(f"history cannot keep a {type(value).__name__}")


async def record(
    subject_kind: str,
    subject: UUID,
    act: str,
    *,
    agency: UUID | None,
    actor_kind: ActorKind,
    actor: UUID | None,
    details: Details,
    at: datetime,
) -> int:
    """Add one entry to the chain of `subject` inside the open unit of work; other writers to it wait until it ends.

    Args:
        subject_kind: what `subject` is: dossier, officer ….
        subject: its id.
        act: the move's name.
        agency: whose row it is.
        actor_kind, actor: who acted: account of the citizen, id of the officer, None for the system.
        details: ids, words of ours, whole numbers, dates.
        at: when, aware.

    Returns:
        The number of the entry within its subject, from 1.

    Raises:
        ValueError: `details` would hold a name or a text.
        RuntimeError: outside a unit of work.
    """
    kept = plain(details)
    connection = unit_connection()
    head = await connection.fetchrow(_TAKE_HEAD, subject)
    entry = Entry(
        id=new_id(),
        agency=agency,
        subject_kind=subject_kind,
        subject=subject,
        number=head["number"] + 1,
        at=at,
        actor_kind=str(actor_kind),
        actor=actor,
        act=act,
        details=kept,
        previous=head["hash"],
        hash=b"",
    )
    entry = msgspec.structs.replace(entry, hash=entry.proof())
    values = {**msgspec.structs.asdict(entry), "details": canonical(kept)}
    await connection.execute(_ADD, *values.values())
    await connection.execute(
        "update history_head set number = $2, hash = $3 where subject = $1", subject, entry.number, entry.hash
    )
    return entry.number


def entry_of(row: Record | Mapping[str, Any]) -> Entry:
    """Return the entry that a row of `history_entry` holds."""
    values = {name: row[name] for name in Entry.__struct_fields__}
    return Entry(**{**values, "details": json.loads(row["details"])})


async def entries(subject: UUID) -> list[Entry]:
    """Return all that happened to `subject`, newest first."""
    rows = (
        await HistoryEntry.select()
        .where(HistoryEntry.subject == subject)
        .order_by(HistoryEntry.number, ascending=False)
    )
    return [entry_of(row) for row in rows]
