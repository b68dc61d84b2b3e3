"""What one case needs, costs and takes: papers, fees and date, from a version, the office's settings and the answers."""

from datetime import date, datetime
from enum import StrEnum

import msgspec

from backend.agencies.working_time import WorkingCalendar, months_after
from backend.forms.dates import span
from backend.forms.paths import Answers, find
from backend.kit.clock import local
from backend.kit.errors import Refused
from backend.kit.language import _
from backend.procedures.counting import Unit
from backend.procedures.definition import Need, PaperKind, PaperRule, Procedure
from backend.procedures.fees import FeeLine, fee_lines, total
from backend.procedures.limits import CountedFrom, Due, LimitException, Mode, TimeLimit, describe, due
from backend.procedures.matter import Judge, Matter, Office, turns_on_system

_DAYS = {Unit.WORKING_HOURS: 0.2, Unit.HOURS: 0.05, Unit.WORKING_DAYS: 1.4, Unit.DAYS: 1.0, Unit.MONTHS: 30.0}


class PaperStanding(StrEnum):
    """What a paper is in one case; maybe: an answer, or the officer, decides it."""

    NEEDED = "needed"
    SHOW = "show"
    OPTIONAL = "optional"
    MAYBE = "maybe"
    NOT_NEEDED = "not_needed"


class Why(StrEnum):
    """Why a paper is not needed."""

    FORM_INSTEAD = "form_instead"
    FOUND = "found"
    LOOKED_UP = "looked_up"
    OTHER_CASE = "other_case"


class Paper(msgspec.Struct, frozen=True):
    """One paper in one case; `condition` says in the catalogue's words when it is needed."""

    id: str
    name: str
    standing: PaperStanding
    originals: int
    copies: int
    condition: str = ""
    note: str = ""
    why: Why | None = None
    template: bool = False
    accepts: tuple[str, ...] = ()
    max_mb: int = 10
    max_files: int = 10

    @property
    def to_hand_in(self) -> bool:
        """Whether it must be handed in (photographed, when filed online)."""
        return self.standing is PaperStanding.NEEDED


class LongerIf(msgspec.Struct, frozen=True):
    """What may change the time: an exception nobody has decided yet."""

    condition: str
    words: str


class Outcome(msgspec.Struct, frozen=True):
    """Papers, fees and time of one case.

    Args:
        total_vnd: what is due in all; None while an amount is not set.
        limit: the channel's time limit.
        limit_words: as it holds in this case: "ngay trong ngày".
        expected: the day and hour it is due if it was received whole at `Matter.at`; None: `due.open` says why.
        longer_if: what an officer, or an open answer, may still change.
        posting: whether something must be posted publicly.
        come_by: the last day on which the person comes in time; None where the answers do not tell.
    """

    papers: tuple[Paper, ...]
    fees: tuple[FeeLine, ...]
    total_vnd: int | None
    limit: TimeLimit
    limit_words: str
    due: Due
    longer_if: tuple[LongerIf, ...]
    posting: bool
    come_by: date | None

    @property
    def expected(self) -> datetime | None:
        """The due moment (UTC)."""
        return self.due.at

    def papers_that_are(self, *standings: PaperStanding) -> tuple[Paper, ...]:
        """Return the papers with one of the standings, in order."""
        return tuple(paper for paper in self.papers if paper.standing in standings)


def reckon(procedure: Procedure, matter: Matter, office: Office) -> Outcome:
    """Return what one case needs, costs and takes.

    Args:
        procedure: of the version the case is or would be filed under.
        matter: the case.
        office: settings of the agency that takes it.

    Raises:
        Refused: the procedure cannot be filed through this channel.
        Invalid: an officer picked an exception that is none to pick.
    """
    rule = procedure.channel(matter.channel)
    if rule is None:
        raise Refused(_("Thủ tục này không nhận theo cách nộp đó."))
    judge = Judge(procedure, matter, office.calendar.is_working_day)
    lines = fee_lines(procedure, matter, office, judge)
    start: datetime | None = matter.at
    if rule.time_limit.counted_from is CountedFrom.ACCEPTANCE:
        start = matter.accepted_at
    when_due = due(rule.time_limit, start, office.calendar, judge.holds, matter.picked)
    posting = procedure.posting
    return Outcome(
        papers=tuple(_paper(one, matter, judge) for one in procedure.documents),
        fees=lines,
        total_vnd=total(lines),
        limit=rule.time_limit,
        limit_words=_limit_words(rule.time_limit, when_due),
        due=when_due,
        longer_if=_longer_if(rule.time_limit, when_due, judge),
        posting=posting is not None and (posting.required_if is None or judge.holds(posting.required_if)),
        come_by=citizens_last_day(procedure, matter.answers, office.calendar),
    )


def _paper(rule: PaperRule, matter: Matter, judge: Judge) -> Paper:
    standing, why = _standing(rule, matter, judge)
    return Paper(
        id=rule.id,
        name=rule.name,
        standing=standing,
        originals=rule.originals,
        copies=rule.copies,
        condition=rule.condition,
        note=rule.note,
        why=why,
        template=rule.template is not None,
        accepts=rule.accepts,
        max_mb=rule.max_mb,
        max_files=rule.max_files,
    )


def _standing(rule: PaperRule, matter: Matter, judge: Judge) -> tuple[PaperStanding, Why | None]:
    if rule.channels is not None and matter.channel not in rule.channels:
        return PaperStanding.NOT_NEEDED, Why.FORM_INSTEAD
    # Papers whose data the office finds must not be asked for (NĐ 309/2026 Art 2 k.2a).
    if rule.reuse is not None and rule.reuse.database in matter.found:
        return PaperStanding.NOT_NEEDED, Why.FOUND
    wanted = PaperStanding.SHOW if rule.kind is PaperKind.PRESENT else PaperStanding.NEEDED
    if rule.required is Need.REQUIRED:
        return wanted, None
    if rule.required is Need.OPTIONAL:
        return PaperStanding.OPTIONAL, None
    if rule.required_if is None:
        return PaperStanding.MAYBE, None
    if judge.holds(rule.required_if):
        return wanted, None
    if judge.open(rule.required_if):
        return PaperStanding.MAYBE, None
    looked_up = turns_on_system(rule.required_if)
    return PaperStanding.NOT_NEEDED, Why.LOOKED_UP if looked_up else Why.OTHER_CASE


def _limit_words(limit: TimeLimit, when_due: Due) -> str:
    """How long it takes in this case, in words: what replaces the limit (the longest, as in `due`), then what extends it."""
    applied = [limit.exceptions[place] for place in when_due.applied]
    replacing = [one for one in applied if one.mode is Mode.REPLACE]
    head = max(replacing, key=_rough_days) if replacing else limit
    return ", ".join([describe(head), *(describe(one) for one in applied if one.mode is Mode.EXTEND)])


def _rough_days(one: LimitException) -> float:
    return float(one.value or 0) * _DAYS[one.unit] if one.unit else 0.0


def _longer_if(limit: TimeLimit, when_due: Due, judge: Judge) -> tuple[LongerIf, ...]:
    undecided = [
        one
        for place, one in enumerate(limit.exceptions)
        if place not in when_due.applied and (one.when is None or judge.open(one.when))
    ]
    return tuple(LongerIf(one.condition, describe(one)) for one in undecided)


def citizens_last_day(procedure: Procedure, answers: Answers, calendar: WorkingCalendar) -> date | None:
    """Return the last day on which the citizen comes in time; a day off passes it on (Civil Code 2015 Art 148 k.5).

    Args:
        procedure, answers: the definition names the answer that the days are counted from.
        calendar: of the office.

    Returns:
        None where the definition gives words only, the answer is missing, or the day lies beyond all calendars.
    """
    rule = procedure.deadline_for_citizen
    if rule is None or rule.counted_from is None or rule.value is None:
        return None
    known = span(find(answers, rule.counted_from))
    if known is None:
        return None
    try:
        if rule.unit == Unit.MONTHS:
            last = months_after(known.first, rule.value)
        else:
            last = date.fromordinal(known.first.toordinal() + rule.value)
        return local(calendar.closing_on_or_after(last)).date()
    except (ValueError, OverflowError):
        return None
