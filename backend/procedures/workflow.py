"""The steps of a procedure, the ends they lead to, and the procedures it is linked with."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from backend.forms.facts import Expression
from backend.procedures.counting import Unit
from backend.procedures.limits import TimeLimit

_Key = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$")]


class StepRole(StrEnum):
    """Whose hands a step is in; approver: head or delegated signer; leader: chair or vice-chair; clerk: records."""

    RECEPTIONIST = "receptionist"
    PROCESSOR = "processor"
    APPROVER = "approver"
    LEADER = "leader"
    CLERK = "clerk"


class StepKind(StrEnum):
    """What happens in a step; the waiting kinds use no working time."""

    WORK = "work"
    PRESENCE = "presence"
    MEETING = "meeting"
    POSTING = "posting"
    SYSTEM = "system"
    WAIT = "wait"
    WAIT_CITIZEN = "wait_citizen"


class End(StrEnum):
    """Where a path leaves the workflow. @refused: in the first step at intake, later a proposal the signer decides."""

    RETURNED = "@returned"
    REFUSED = "@refused"
    SUPPLEMENT = "@supplement"
    WITHDRAWN = "@withdrawn"
    FORWARDED = "@forwarded"


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Way(_Strict, frozen=True, kw_only=True):
    """One way on from a step: to another step's key or to an end."""

    to: str
    label: str
    outcome: str | None = None

    @property
    def end(self) -> End | None:
        """The end it leads to, None for a step."""
        return End(self.to) if self.to.startswith("@") else None


class Step(_Strict, frozen=True, kw_only=True):
    """One step; 1 budget hour is an eighth of a working day."""

    key: _Key
    name: str
    role: StepRole
    kind: StepKind
    budget_hours: Annotated[float, Meta(ge=0)]
    next: Annotated[tuple[Way, ...], Meta(min_length=1)]
    note: str = ""

    @property
    def waits(self) -> bool:
        """Whether the office waits for somebody else in this step."""
        return self.kind in (StepKind.WAIT, StepKind.WAIT_CITIZEN)

    def way(self, to: str) -> Way | None:
        """Return the way to a step or end; None where there is none."""
        return next((way for way in self.next if way.to == to), None)


class LinkMode(StrEnum):
    """parent: opens children; spawns: opens another dossier instead; external: belongs to another agency."""

    PARENT = "parent"
    SPAWNS = "spawns"
    EXTERNAL = "external"


class Period(_Strict, frozen=True, kw_only=True):
    """So much time."""

    value: Annotated[int, Meta(ge=1)]
    unit: Unit


class GroupSupplement(_Strict, frozen=True, kw_only=True):
    """How a linked group is completed: asked within, answered within, confirmed within, else `then`."""

    ask_within: Period
    answer_within: Period
    confirm_within: Period | None = None
    then: str


class Child(_Strict, frozen=True, kw_only=True):
    """One dossier of a linked group; `code` may name a procedure that is not in the catalogue."""

    key: _Key
    code: str | None
    name: str
    agency: str
    agency_kind: str
    time_limit: TimeLimit | None
    required: bool
    starts_after: tuple[str, ...]
    gives: tuple[str, ...]
    when: Expression | None
    alternatives: tuple[str, ...] = ()


class Linked(_Strict, frozen=True, kw_only=True):
    """What a procedure is linked with."""

    mode: LinkMode
    start: str | None = None
    supplement: GroupSupplement | None = None
    children: tuple[Child, ...] = ()
    rules: tuple[str, ...] = ()


def faults(steps: Sequence[Step]) -> list[tuple[int, str]]:
    """Return what is wrong with a workflow: (place of the step, sentence in English for the importer).

    Keys are unique, every way leads somewhere, every step is reached from the first and can reach @returned,
    and waiting steps have no budget.
    """
    places = {step.key: place for place, step in enumerate(steps)}
    found: list[tuple[int, str]] = []
    for place, step in enumerate(steps):
        if places[step.key] != place:
            found.append((place, f"step `{step.key}` stands twice"))
        if step.waits and step.budget_hours:
            found.append((place, f"step `{step.key}` waits, so its budget_hours must be 0"))
        for way in step.next:
            if way.to not in places and way.to not in set(End):
                found.append((place, f"step `{step.key}` leads to `{way.to}`, which is neither a step nor an end"))
    if found:
        return found
    ahead = {step.key: {way.to for way in step.next if way.end is None} for step in steps}
    reached = _closure({steps[0].key}, ahead)
    found += [
        (places[key], f"step `{key}` is never reached from `{steps[0].key}`") for key in places if key not in reached
    ]
    behind = {key: {other for other, targets in ahead.items() if key in targets} for key in places}
    closing = {step.key for step in steps if step.way(End.RETURNED) or step.way(End.FORWARDED)}
    ending = _closure(closing, behind)
    found += [(places[key], f"step `{key}` never ends") for key in places if key not in ending]
    return found


def _closure(start: set[str], ahead: dict[str, set[str]]) -> set[str]:
    reached, open_ = set(start), list(start)
    while open_:
        for key in ahead[open_.pop()] - reached:
            reached.add(key)
            open_.append(key)
    return reached


def longest_budget(steps: Sequence[Step]) -> float:
    """Return the most budget hours a dossier takes without being sent back: the longest path that repeats no step."""
    by_key = {step.key: step for step in steps}

    def from_step(key: str, passed: frozenset[str]) -> float:
        onward = [way.to for way in by_key[key].next if way.end is None and way.to not in passed]
        return by_key[key].budget_hours + max((from_step(to, passed | {to}) for to in onward), default=0.0)

    return from_step(steps[0].key, frozenset({steps[0].key}))


def main_path(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Return the steps of a matter in which nothing goes wrong: the first way on, never back; waits are left out."""
    by_key = {step.key: step for step in steps}
    path, key = [], steps[0].key
    while key:
        step = by_key[key]
        path.append(step)
        passed = {one.key for one in path}
        onward = [way.to for way in step.next if way.end is None and way.to not in passed]
        working = [to for to in onward if not by_key[to].waits]
        key = next(iter(working or onward), "")
    return tuple(step for step in path if not step.waits)
