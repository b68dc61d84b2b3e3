"""The officers' work list: what the office has to act on, what is due first, first; only of the officer's agency."""

from datetime import datetime
from uuid import UUID

import msgspec

from backend.agencies.calendars import calendar_of
from backend.agencies.officers import Officer, in_office, names_of
from backend.dossiers import chips, lifecycle
from backend.dossiers.bulk import Act, acts_of
from backend.dossiers.deadline_words import Deadline, deadline_of
from backend.dossiers.offers import Offer, offers
from backend.dossiers.tables import Dossier
from backend.dossiers.work_rows import ON_A_PAGE, rows_of, token
from backend.dossiers.work_views import Asked, View, When, belongs, bounds, steps_of, tallies
from backend.kit.database import Record
from backend.kit.text import fold
from backend.procedures.queries import index, version_of
from backend.procedures.workflow import Step


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """One dossier in the list."""

    id: UUID
    code: str
    owner: str
    procedure: str
    chip: chips.Chip
    step: Step | None
    submitted_at: datetime | None
    ended_at: datetime | None
    deadline: Deadline | None
    holder: str
    act: Offer | None
    when: When | None
    together: list[Act]

    @property
    def next_words(self) -> str:
        """What comes next where it is not this officer's to do: the step, and who has it."""
        name = self.step.name if self.step else ""
        return f"{self.holder}: {name}" if self.holder and name else name or self.holder


class Listed(msgspec.Struct, frozen=True):
    """One page of the list.

    Args:
        work: in order.
        counts: per pill; ended ones are not counted.
        groups: how many stand in each group under the present narrowing.
        procedures: (code, name, field slug, field name) of what is open, for the filters.
        after: token of the next page, "" on the last.
        cut: whether a search found more than is shown.
    """

    work: list[Work]
    counts: dict[View, int]
    groups: dict[When, int]
    procedures: list[tuple[str, str, str, str]]
    after: str
    cut: bool = False

    @property
    def together(self) -> list[Act]:
        """What may be done to several of these dossiers in one press, each act once, in the order of the list."""
        return list(dict.fromkeys(act for one in self.work for act in one.together))

    @property
    def urgent(self) -> tuple[int, int]:
        """How many are late, how many due today."""
        return self.counts[View.LATE], self.counts[View.TODAY]


async def listed(officer: Officer, asked: Asked) -> Listed:
    """Return one page of the officer's list with the counts of all pills."""
    everything = await tallies(officer)
    versions = {one.version: await version_of(one.version) for one in everything}
    steps = await steps_of(versions)
    among = await _codes(asked)
    narrowed = [one for one in everything if among is None or versions[one.version].code in among]
    groups: dict[When, int] = {}
    for one in narrowed:
        if belongs(asked.view, one, officer, steps):
            groups[one.when] = groups.get(one.when, 0) + one.count
    rows = await rows_of(officer, asked, steps, among)
    more = len(rows) > ON_A_PAGE
    rows = rows[:ON_A_PAGE]
    known = {(one.code, one.plain_name, one.field.slug, one.field.name) for one in versions.values()}
    return Listed(
        work=await _works(rows, officer),
        counts={view: sum(one.count for one in narrowed if belongs(view, one, officer, steps)) for view in View},
        groups=groups,
        procedures=sorted(known, key=lambda one: (fold(one[3]), fold(one[1]))),
        after=token(rows[-1], asked.view) if more and not asked.seeking else "",
        cut=more and asked.seeking,
    )


async def _codes(asked: Asked) -> frozenset[str] | None:
    """The procedures that the filters leave, None for all."""
    if asked.procedure:
        return frozenset({asked.procedure})
    if not asked.field:
        return None
    return frozenset(entry.code for entry in (await index()).entries if entry.field_slug == asked.field)


async def _works(rows: list[Record], officer: Officer) -> list[Work]:
    calendar = await calendar_of(officer.agency_id)
    staff = set(await in_office(officer.agency_id))  # what somebody held who has left is free
    holders = await names_of(row["assignee"] for row in rows if row["assignee"] in staff)
    found, ends = [], bounds()
    for row in rows:
        version = await version_of(row["version"])
        kept = {name: value for name, value in row.items() if name not in ("act_by", "result")}
        dossier = Dossier(_ignore_missing=True, **kept)
        step = lifecycle.current_step(dossier, version.steps)
        acts = offers(dossier, officer, version.steps, row["result"]) if row["act_by"] else None
        found.append(
            Work(
                id=row["id"],
                code=row["code"],
                owner=row["owner_name"],
                procedure=version.plain_name,
                chip=chips.chip(row["state"], step, row["proposal"] is not None),
                step=step if row["act_by"] else None,
                submitted_at=row["submitted_at"],
                ended_at=row["ended_at"],
                deadline=deadline_of(dossier, calendar, used=False),
                holder=holders.get(row["assignee"], "") if row["act_by"] else "",
                act=acts.likeliest if acts else None,
                when=ends.when(row["act_by"], row["state"]) if row["act_by"] else None,
                together=acts_of(acts, step) if acts else [],
            )
        )
    return found
