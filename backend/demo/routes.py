"""The way of a dossier through its workflow, as far as its stage goes: who does what, one act after the other."""

from collections.abc import Iterator
from enum import Enum, auto

import msgspec

from backend.demo.plans import REJECTING, Stage
from backend.dossiers import moves
from backend.dossiers.intake import first_step_after
from backend.dossiers.tables import State
from backend.procedures.workflow import End, Step, StepKind, StepRole, Way

_MOST = 20


class Do(Enum):
    """What an officer does after receipt."""

    TAKE_UP = auto()
    ADVANCE = auto()
    ATTACH = auto()
    PROPOSE = auto()
    DECLINE = auto()
    REJECT = auto()
    FORWARD = auto()
    DELIVER = auto()


class Turn(msgspec.Struct, frozen=True):
    """One act: what, in which step, by which role, and where it leads."""

    do: Do
    step: Step
    role: StepRole
    to: str = ""


def turns(steps: tuple[Step, ...], stage: Stage) -> list[Turn]:
    """Return what happens after receipt until `stage` is reached.

    Raises:
        ValueError: the workflow does not lead there.
    """
    if stage is Stage.RECEIVED:
        return []
    step = first_step_after(steps)
    found = [Turn(Do.TAKE_UP, step, step.role)] if step.role is StepRole.PROCESSOR else []
    if stage in REJECTING:
        return found + list(_against(steps, step, stage))
    passed, state = {step.key}, State.IN_PROCESS
    for _step in range(_MOST):
        if _arrived(step, stage, state, bool(found)):
            return found
        if stage is Stage.FORWARDED and step.way(End.FORWARDED):
            return [*found, Turn(Do.FORWARD, step, step.role, End.FORWARDED)]
        if state is State.ISSUED:
            return [*found, Turn(Do.DELIVER, step, step.role)] if stage is Stage.DELIVERED else found
        way = _onward(steps, step, passed, wait=stage is Stage.WAITING)
        there = next(one for one in steps if one.key == way.to)
        state = moves.state_at(steps, step, way, state)
        if state is State.ISSUED:
            found.append(Turn(Do.ATTACH, step, step.role))
        found.append(Turn(Do.ADVANCE, step, step.role, way.to))
        step = there
        passed.add(step.key)
    raise ValueError(f"no way to {stage}")


def _arrived(step: Step, stage: Stage, state: State, begun: bool) -> bool:
    match stage:
        case Stage.WORKING:
            return begun and step.kind is not StepKind.WAIT
        case Stage.WAITING:
            return step.kind is StepKind.WAIT
        case Stage.SIGNING:
            return step.role in (StepRole.APPROVER, StepRole.LEADER) and step.kind is StepKind.WORK
        case Stage.DECIDED:
            return state is State.DECIDED
        case Stage.READY:
            return state is State.ISSUED
        case _:
            return False


def _onward(steps: tuple[Step, ...], step: Step, passed: set[str], wait: bool) -> Way:
    """The way a matter takes in which nothing goes wrong; waits only where they are wanted or cannot be helped."""
    kinds = {one.key: one.kind for one in steps}
    ways = [way for way in step.next if way.end is None and way.to not in passed] or [
        way for way in step.next if way.end is None
    ]
    waiting = [way for way in ways if kinds[way.to] is StepKind.WAIT]
    working = [way for way in ways if kinds[way.to] not in (StepKind.WAIT, StepKind.WAIT_CITIZEN)]
    return (waiting or working or ways if wait else working or ways)[0]


def _against(steps: tuple[Step, ...], step: Step, stage: Stage) -> Iterator[Turn]:
    """A proposal to reject out of the first step of the work, and what its signer makes of it."""
    signer = next(one.role for one in steps if one.role in (StepRole.LEADER, StepRole.APPROVER))
    yield Turn(Do.PROPOSE, step, step.role)
    if stage is Stage.REJECTED:
        yield Turn(Do.REJECT, step, signer)
    if stage is Stage.DECLINED:
        yield Turn(Do.DECLINE, step, signer)
