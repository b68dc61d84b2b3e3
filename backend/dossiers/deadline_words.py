"""A deadline as officers see it: the chip, and the meter with what is used and left."""

from datetime import datetime

import msgspec

from backend.agencies.working_time import WorkingCalendar
from backend.dossiers import deadlines
from backend.dossiers.deadlines import DeadlineFacts, Standing
from backend.dossiers.moves import ENDED
from backend.dossiers.tables import Dossier, State
from backend.kit import clock, formats
from backend.kit.language import _

_LOOKS = {
    Standing.LEFT: ("clock", "grey", "left"),
    Standing.TODAY: ("alarm-clock", "warn", "today"),
    Standing.OVERDUE: ("triangle-alert", "bad", "late"),
    Standing.PAUSED: ("circle-pause", "grey", "stopped"),
}


class Deadline(msgspec.Struct, frozen=True):
    """A deadline in words.

    Args:
        at: the moment (UTC).
        words, icon, tone: of the chip.
        state: left, today, late or stopped, as the meter takes it.
        title: what is due, with its moment.
        used, left: sentences in working days.
        percent: of the time that is used.
    """

    at: datetime
    words: str
    icon: str
    tone: str
    state: str
    title: str
    used: str
    left: str
    percent: float


def deadline_of(dossier: Dossier, calendar: WorkingCalendar, *, used: bool = True) -> Deadline | None:
    """Return the deadline the office works against; None once the result is there, and where no date is set.

    Args:
        dossier: state, submitted_at, intake_due_at, received_at and due_at are read.
        calendar: of its agency.
        used: whether to count what is used too; a list needs only the chip.
    """
    if dossier.state in ENDED or dossier.state == State.ISSUED:
        return None
    answering = dossier.state == State.SUBMITTED
    at: datetime | None = dossier.intake_due_at if answering else dossier.due_at
    start: datetime | None = dossier.submitted_at if answering else dossier.received_at
    if at is None or start is None:
        return None
    now = clock.now()
    facts = deadlines.facts(at, start if used else now, now, calendar)
    title = _("Trả lời trước {moment}") if answering else _("Hẹn trả {moment}")
    return _in_words(facts, at, title.format(moment=formats.due(at)))


def _in_words(facts: DeadlineFacts, at: datetime, title: str) -> Deadline:
    icon, tone, state = _LOOKS[facts.standing]
    used, left = float(facts.used), float(facts.left or 0)
    whole = used + max(left, 0.0)
    # Late is counted in the office's days, as the chip beside it counts them.
    rest = _("Còn {days}") if left >= 0 or not facts.days else _("Quá {days}")
    return Deadline(
        at=at,
        words=deadlines.chip(facts),
        icon=icon,
        tone=tone,
        state=state,
        title=title,
        used=_("Đã dùng {days}").format(days=formats.working_days(used)),
        left=rest.format(days=formats.working_days(max(left, 0.0) or facts.days)),
        percent=100.0 if whole <= 0 or left < 0 else used / whole * 100,
    )
