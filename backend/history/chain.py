"""The proof: each entry's hash covers the entry and the hash before it, so that a change, a gap or a cut end shows.

Who owns the database can write a whole chain anew, hashes and head included; what shows that is a copy of the heads
kept elsewhere. Everything less is found here and named. A chain that was taken away whole, end and all, leaves
nothing to walk: the rooms above say which subjects must have one.
"""

from collections.abc import AsyncIterable, AsyncIterator, Iterator, Sequence
from enum import StrEnum
from uuid import UUID

import msgspec

from backend.history.record import entry_of
from backend.kit.database import Record, fetch, unit_connection, unit_of_work

_BATCH = 2000

# One statement, so that entries and heads are of one moment although people go on working.
_WALK = """
select e.id, e.agency, e.subject_kind, coalesce(e.subject, h.subject) as subject, e.number, e.at, e.actor_kind,
    e.actor, e.act, e.details, e.previous, e.hash, h.number as head_number, h.hash as head_hash
from history_entry e full join history_head h on h.subject = e.subject
{where}
order by coalesce(e.subject, h.subject), e.number
"""
_WALK_ALL = _WALK.format(where="")
_WALK_ONE = _WALK.format(where="where coalesce(e.subject, h.subject) = $1")
# With a limit each is looked up in the index; without, the whole of history would be read again for every handful.
_WITHOUT = """
select subject from unnest($1::uuid[]) as must(subject)
where (select 1 from history_head h where h.subject = must.subject limit 1) is null
    and (select 1 from history_entry e where e.subject = must.subject limit 1) is null
"""

Subjects = AsyncIterable[Sequence[UUID]]
"""Ids in handfuls, so that a long list never lies in memory whole."""


class FaultKind(StrEnum):
    """How history can be wrong."""

    ALTERED = "altered"
    MISSING = "missing"
    OUT_OF_ORDER = "out_of_order"
    CUT = "cut"
    HEAD = "head"
    GONE = "gone"


class Fault(msgspec.Struct, frozen=True):
    """One place where history does not hold: which subject, which entry, how."""

    kind: FaultKind
    subject: UUID
    number: int

    @property
    def text(self) -> str:
        """The fault as a line for the operator."""
        place = f"{self.subject}, entry {self.number}"
        return {
            FaultKind.ALTERED: f"{place}: its content is not what was written",
            FaultKind.MISSING: f"{place}: it is missing",
            FaultKind.OUT_OF_ORDER: f"{place}: it does not follow the entry before it",
            FaultKind.CUT: f"{place}: it and perhaps others before it are missing at the end of the chain",
            FaultKind.HEAD: f"{place}: the end of the chain is not what was written",
            FaultKind.GONE: f"{self.subject}: nothing of its history is left",
        }[self.kind]


class Outcome(msgspec.Struct):
    """What a verification has seen; the counts grow while it runs."""

    subjects: int = 0
    entries: int = 0
    faults: list[Fault] = msgspec.field(default_factory=list)


class _Chain:
    """The chain of one subject while it is walked."""

    def __init__(self, row: Record) -> None:
        self.subject: UUID = row["subject"]
        self.head: tuple[int, bytes] | None = (
            None if row["head_number"] is None else (row["head_number"], row["head_hash"])
        )
        self.number, self.hash = 0, b""

    def follow(self, row: Record) -> Iterator[Fault]:
        """Take the next entry; yield what is wrong with it."""
        entry = entry_of(row)
        for lost in range(self.number + 1, entry.number):
            yield Fault(FaultKind.MISSING, self.subject, lost)
        # After a gap the hash before is unknown: the gap is the fault, not the entry that follows it.
        if entry.number == self.number + 1 and entry.previous != self.hash:
            yield Fault(FaultKind.OUT_OF_ORDER, self.subject, entry.number)
        if entry.proof() != entry.hash:
            yield Fault(FaultKind.ALTERED, self.subject, entry.number)
        self.number, self.hash = entry.number, entry.hash

    def end(self) -> Iterator[Fault]:
        """Yield what is wrong with the end of the chain."""
        if self.head is None or self.head[0] < self.number:
            yield Fault(FaultKind.HEAD, self.subject, self.number)
        elif self.head[0] > self.number:
            yield Fault(FaultKind.CUT, self.subject, self.head[0])
        elif self.head[1] != self.hash:
            yield Fault(FaultKind.HEAD, self.subject, self.number)


async def walk(outcome: Outcome, subject: UUID | None = None) -> AsyncIterator[Fault]:
    """Yield each fault as it is found, in all chains or in that of `subject`; `outcome` counts along.

    Streams: the memory it needs does not grow with history. Opens a unit of work of its own.
    """
    sql, arguments = (_WALK_ALL, []) if subject is None else (_WALK_ONE, [subject])
    chain: _Chain | None = None
    async with unit_of_work():
        async for row in unit_connection().cursor(sql, *arguments, prefetch=_BATCH):
            if chain is None or chain.subject != row["subject"]:
                for fault in chain.end() if chain else ():
                    yield fault
                chain = _Chain(row)
                outcome.subjects += 1
            if row["id"] is not None:
                outcome.entries += 1
                for fault in chain.follow(row):
                    yield fault
        for fault in chain.end() if chain else ():
            yield fault


async def verify(subject: UUID) -> list[Fault]:
    """Return the faults in the chain of `subject`; none means that it stands as it was written."""
    return [fault async for fault in walk(Outcome(), subject)]


async def gone(must: Subjects) -> AsyncIterator[Fault]:
    """Yield a fault for each subject that must have a chain and has nothing of one."""
    async for subjects in must:
        for row in await fetch(_WITHOUT, list(subjects)):
            yield Fault(FaultKind.GONE, row["subject"], 0)


async def verify_all(*must: Subjects) -> Outcome:
    """Verify every chain: how many subjects and entries were read, and every fault.

    Args:
        must: what must have a chain, in the word of the rooms that own it.
    """
    outcome = Outcome()
    async for fault in walk(outcome):
        outcome.faults.append(fault)
    for subjects in must:
        async for fault in gone(subjects):
            outcome.faults.append(fault)
    return outcome
