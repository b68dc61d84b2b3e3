"""A deadline as screens show it, to the person it was promised to and to the office that works against it."""

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


class Deadline(msgspec.Struct, frozen=True, kw_only=True):
    """A deadline in words, as `ui.deadline_chip`, `ui.tag` and `ui.meter` take it.

    Args:
        due: the moment (UTC).
        days, hours: working days left after today or late; working hours between now and the moment.
        words, icon, tone: of the office's chip.
        state: left, today, late or stopped.
        title: what is due, with its moment.
        used, left: sentences in working days.
        percent: of the time that is used, 0 to 100.
    """

    due: datetime
    days: int
    hours: float
    words: str
    icon: str
    tone: str
    state: str
    title: str
    used: str
    left: str
    percent: float


def promise_of(dossier: Dossier, calendar: WorkingCalendar) -> Deadline | None:
    """Return the date promised to the person; None before it is fixed and once the result is there.

    Args:
        dossier: state, received_at and due_at are read.
        calendar: of its agency.
    """
    if _over(dossier) or dossier.due_at is None or dossier.received_at is None:
        return None
    return _in_words(dossier.due_at, dossier.received_at, calendar, _("Hẹn trả {moment}"), apologise=True)


def deadline_of(dossier: Dossier, calendar: WorkingCalendar, *, used: bool = True) -> Deadline | None:
    """Return the deadline the office works against: of its answer, then of the result; None once the result is there.

    Args:
        dossier: state, submitted_at, intake_due_at, received_at and due_at are read.
        calendar: of its agency.
        used: whether to count what is used too; a list needs only the chip.
    """
    if _over(dossier):
        return None
    answering = dossier.state == State.SUBMITTED
    at: datetime | None = dossier.intake_due_at if answering else dossier.due_at
    start: datetime | None = dossier.submitted_at if answering else dossier.received_at
    if at is None or start is None:
        return None
    title = _("Trả lời trước {moment}") if answering else _("Hẹn trả {moment}")
    return _in_words(at, start if used else clock.now(), calendar, title)


def _over(dossier: Dossier) -> bool:
    """A result that waits for its person is not the office's delay."""
    return dossier.state in ENDED or dossier.state == State.ISSUED


def _in_words(
    due: datetime, start: datetime, calendar: WorkingCalendar, title: str, *, apologise: bool = False
) -> Deadline:
    now = clock.now()
    facts = deadlines.facts(due, start, now, calendar)
    icon, tone, state = _LOOKS[facts.standing]
    used, left = float(facts.used), float(facts.left or 0)
    whole = used + max(left, 0.0)
    return Deadline(
        due=due,
        days=facts.days,
        hours=round(calendar.working_time_between(*sorted((now, due))).total_seconds() / 3600, 1),
        words=deadlines.chip(facts),
        icon=icon,
        tone=tone,
        state=state,
        title=title.format(moment=formats.due(due)),
        used=_("Đã dùng {days} ngày").format(days=formats.number(used)),
        left=_apology(left) if apologise and state == "late" else _rest(facts, left),
        percent=100.0 if whole <= 0 or left <= 0 else used / whole * 100,
    )


def _apology(left: float) -> str:
    return _("trễ hẹn {days}, xã xin lỗi").format(days=formats.working_days(max(0.1, -left)))


def _rest(facts: DeadlineFacts, left: float) -> str:
    # Late is counted in the office's days, as the chip beside it counts them.
    words = _("còn {days}") if left >= 0 or not facts.days else _("quá {days}")
    return words.format(days=formats.working_days(max(left, 0.0) or facts.days))
