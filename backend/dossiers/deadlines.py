"""A dossier's clock: when it starts, what pauses do to it, putting it off once, and what its deadline chip says.

Pure: the lifecycle stores the moments, and these functions work on them. Moments are aware UTC datetimes.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from graphlib import TopologicalSorter

import msgspec

from backend.agencies.working_time import Number, WorkingCalendar
from backend.kit.clock import local
from backend.kit.errors import Invalid, Refused
from backend.kit.language import _, ngettext
from backend.procedures.counting import Count, Step, Term, Unit, joined, land, walk
from backend.procedures.limits import CountedFrom, Holds, TimeLimit, due

INTAKE_HOURS = 8  # working hours in which an online filing is answered, where an office does not say otherwise

_ONE_DAY = Term(Fraction(1), Unit.WORKING_DAYS)


class Pause(msgspec.Struct, frozen=True):
    """A stretch in which the clock stands; `until` is None while it still does."""

    since: datetime
    until: datetime | None = None


class Clock(msgspec.Struct, frozen=True):
    """A clock after its pauses.

    Args:
        due: the due moment; None while the clock stands.
        left: what was left to count when it last started or stopped.
    """

    due: datetime | None
    left: Count


class PutOff(msgspec.Struct, frozen=True):
    """A new date promised with an apology (form 04); `in_time`: at least one working day before the old one."""

    due: datetime
    in_time: bool


class Standing(StrEnum):
    """What a deadline chip says."""

    LEFT = "left"
    TODAY = "today"
    OVERDUE = "overdue"
    PAUSED = "paused"


class DeadlineFacts(msgspec.Struct, frozen=True):
    """A deadline as people see it.

    Args:
        standing: which chip.
        days: working days left after today, or late after the due day; 0 on the day itself and while paused.
        used: working time since the start without pauses, in days of the office.
        left: working time to the due moment, negative once past; None while paused.
    """

    standing: Standing
    days: int
    used: Fraction
    left: Fraction | None


class Child(msgspec.Struct, frozen=True):
    """A chosen child of a linked procedure: its limit, the exceptions an officer picked, the children it waits for."""

    key: str
    limit: TimeLimit
    starts_after: tuple[str, ...] = ()
    chosen: tuple[int, ...] = ()


def clock_start(
    counted_from: CountedFrom,
    received: datetime,
    competent_received: datetime | None = None,
    accepted: datetime | None = None,
) -> datetime | None:
    """Return when a dossier's clock starts; None for a limit from acceptance that has not happened.

    Args:
        counted_from: what the limit names.
        received: complete and correct at the counter that took it in (form 01).
        competent_received: when the competent agency got it, for a dossier taken in elsewhere (NĐ 309/2026 Art 8 k.3).
        accepted: when the office accepted the matter.
    """
    if counted_from is CountedFrom.ACCEPTANCE:
        return accepted
    return competent_received or received


def intake_by(submitted: datetime, calendar: WorkingCalendar, hours: Number = INTAKE_HOURS) -> datetime:
    """Return by when a filing from the net is received, sent back or refused."""
    return calendar.add_working_hours(submitted, hours)


def forward_by(received: datetime, calendar: WorkingCalendar) -> datetime:
    """Return by when a dossier goes on to whoever settles it.

    The same day; received after the office's cut-off, at the start of the next working day (NĐ 309/2026 Art 9).
    """
    counted = calendar.counts_from(received, calendar.cutoff)
    if counted > received:
        return counted
    day = local(received).date()
    return (
        calendar.closing(day) if calendar.closing(day) > received else calendar.opening(calendar.next_working_day(day))
    )


def run(count: Count, start: datetime, pauses: Iterable[Pause], calendar: WorkingCalendar) -> Clock:
    """Return where a clock stands after its pauses.

    Neither the day it stops nor the day it starts again is counted, as no day of an event is. A pause that begins
    after the due moment changes nothing: the dossier was late before.

    Args:
        count: what the limit counts (`Due.count`, or `counting.until` for a date a person named).
        start: when the clock started.
        pauses: in any order, not overlapping.
        calendar: of the office that decides.
    """
    left, at = count, land(count, start, calendar)
    for pause in sorted(pauses, key=lambda pause: pause.since):
        if pause.since > at:
            break
        left = _left(left, start, pause.since, calendar)
        if pause.until is None:
            return Clock(due=None, left=left)
        start = pause.until
        at = land(left, start, calendar)
    return Clock(due=at, left=left)


def latest_apology(due_at: datetime, calendar: WorkingCalendar) -> datetime:
    """Return the last moment at which an apology for lateness is in time: one working day before the due day."""
    return calendar.closing(calendar.previous_working_day(local(due_at).date()))


def put_off(due_at: datetime, new_due: datetime, times_before: int, now: datetime, calendar: WorkingCalendar) -> PutOff:
    """Return the new date promised with an apology.

    An apology after `latest_apology` is a breach, but a late one is still owed: it is marked, not refused.

    Raises:
        Refused: the date was put off before; the law allows it once.
        Invalid: the new date is not later, already past, or outside office hours.
    """
    if times_before > 0:
        raise Refused(_("Hồ sơ này đã hẹn lại ngày trả một lần. Mỗi hồ sơ chỉ được hẹn lại một lần."))
    if new_due <= max(due_at, now):
        raise Invalid(_("Ngày hẹn lại phải sau ngày hẹn cũ và chưa qua."))
    if not calendar.is_open(new_due):
        raise Invalid(_("Giờ hẹn nằm ngoài giờ làm việc của xã."))
    return PutOff(due=new_due, in_time=now <= latest_apology(due_at, calendar))


def facts(
    due_at: datetime, start: datetime, now: datetime, calendar: WorkingCalendar, pauses: Iterable[Pause] = ()
) -> DeadlineFacts:
    """Return what is shown of a deadline at `now`, after its `pauses` so far; while one is open any `due_at` will do."""
    pauses = tuple(pauses)
    used = calendar.working_days_between(start, now) if now > start else Fraction()
    for pause in pauses:
        used -= calendar.working_days_between(pause.since, pause.until or now)
    if any(pause.until is None for pause in pauses):
        return DeadlineFacts(standing=Standing.PAUSED, days=0, used=used, left=None)
    left = calendar.working_days_between(now, due_at)
    today, last = local(now).date(), local(due_at).date()
    if now > due_at:
        return DeadlineFacts(Standing.OVERDUE, calendar.count_working_days(last, today), used, left)
    if today == last:
        return DeadlineFacts(Standing.TODAY, 0, used, left)
    return DeadlineFacts(Standing.LEFT, max(1, calendar.count_working_days(today, last)), used, left)


def chip(shown: DeadlineFacts) -> str:
    """Return the words of the deadline chip in the current language."""
    match shown.standing:
        case Standing.PAUSED:
            return _("Tạm dừng tính giờ")
        case Standing.TODAY:
            return _("Hạn hôm nay")
        case Standing.LEFT:
            return ngettext("Còn {days} ngày", "Còn {days} ngày", shown.days).format(days=shown.days)
        case Standing.OVERDUE if shown.days == 0:
            return _("Vừa quá hạn")
        case Standing.OVERDUE:
            return ngettext("Quá hạn {days} ngày", "Quá hạn {days} ngày", shown.days).format(days=shown.days)


def longest_chain(
    children: Sequence[Child], start: datetime, calendar: WorkingCalendar, holds: Holds
) -> datetime | None:
    """Return when the last of the chosen children is done if each takes all its time; None if a limit is open.

    A child that waits for another begins on the working day after it, so one due "the same day" takes a day of a chain.

    Raises:
        ValueError: children wait for each other in a circle.
    """
    chosen = {child.key: child for child in children}
    waits = {key: [other for other in child.starts_after if other in chosen] for key, child in chosen.items()}
    chains: dict[str, Count] = {}
    for key in TopologicalSorter(waits).static_order():
        own = due(chosen[key].limit, start, calendar, holds, chosen[key].chosen).count
        if own is None:
            return None
        before = max((chains[other] for other in waits[key]), key=lambda c: land(c, start, calendar), default=None)
        chains[key] = _behind(before, own) if before else own
    return max(land(chain, start, calendar) for chain in chains.values())


def child_due(
    child: Child, started: datetime, parent_due: datetime, calendar: WorkingCalendar, holds: Holds
) -> datetime:
    """Return when a child that began at `started` is due: never after its parent."""
    own = due(child.limit, started, calendar, holds, child.chosen).at
    return min(own, parent_due) if own else parent_due


def _left(count: Count, start: datetime, stop: datetime, calendar: WorkingCalendar) -> Count:
    """What of `count` is left when the clock stops at `stop`, which is not after its end."""
    steps = walk(count, start, calendar)
    for place, step in enumerate(steps):
        is_last = place == len(steps) - 1
        if step.term is None:
            if is_last or local(stop).date() <= local(step.end).date():
                break
            continue
        unused = _unused(step, step.term, stop, calendar)
        if unused.value <= 0 and not is_last:
            continue
        if unused.unit is Unit.DAYS:
            # Calendar days that ran out on a day off still had the working day their end was passed on to.
            unused = Term(max(unused.value, Fraction(1)), Unit.DAYS)
        behind = [later.term for later in steps[place + 1 :] if later.term]
        return Count(terms=joined([unused, *behind]), cutoff=count.cutoff)
    return count


def _unused(step: Step, term: Term, stop: datetime, calendar: WorkingCalendar) -> Term:
    begin, end, day = local(step.begin).date(), local(step.end).date(), local(stop).date()
    match term.unit:
        case Unit.WORKING_HOURS:
            used = max(calendar.working_time_between(step.begin, stop), timedelta())
            return Term(term.value - _hours(used), Unit.WORKING_HOURS)
        case Unit.HOURS:
            return Term(term.value - _hours(max(stop - step.begin, timedelta())), Unit.HOURS)
        case Unit.WORKING_DAYS:
            return Term(term.value - calendar.count_working_days(begin, day - timedelta(days=1)), Unit.WORKING_DAYS)
        case Unit.DAYS | Unit.MONTHS:
            # A month once begun is counted in days.
            return Term(Fraction((end - max(day, begin + timedelta(days=1))).days + 1), Unit.DAYS)


def _behind(before: Count, own: Count) -> Count:
    terms = [*_in_full(before), *_in_full(own)]
    return Count(terms=joined(terms), cutoff=before.cutoff)


def _in_full(count: Count) -> tuple[Term, ...]:
    return (_ONE_DAY, *count.terms) if count.same_day else count.terms


def _hours(length: timedelta) -> Fraction:
    return Fraction(length // timedelta(microseconds=1), 3_600_000_000)
