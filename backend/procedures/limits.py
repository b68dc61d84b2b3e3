"""Time limits of a procedure as its published data state them, and the moment they set for one dossier.

Three kinds of clock: an exception that replaces the total (the longest that holds), one that extends it, and inner
deadlines (milestones). An exception without `when` is picked by an officer, with a reason.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, time
from enum import StrEnum
from typing import Annotated, Any

import msgspec
from babel.numbers import format_decimal
from msgspec import UNSET, Meta, UnsetType, field

from backend.agencies.working_time import WorkingCalendar, exact
from backend.kit.errors import Invalid
from backend.kit.language import _, current_language, ngettext
from backend.procedures.counting import Count, Term, Unit, joined, land, until

Condition = dict[str, Any]
Holds = Callable[[Condition], bool]
Value = Annotated[int, Meta(ge=1, le=10_000)] | Annotated[float, Meta(gt=0, le=10_000)]
TimeOfDay = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class CountedFrom(StrEnum):
    """What starts the clock."""

    COMPLETE_DOSSIER = "complete_dossier"
    REQUEST = "request"
    ACCEPTANCE = "acceptance"


class Mode(StrEnum):
    """What an exception does to the total."""

    REPLACE = "replace"
    EXTEND = "extend"


class LimitException(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A case that changes the total. `value` null: as agreed with the person; `when` null: an officer picks it.

    Without a `cutoff` of its own it keeps the limit's: whether a case holds does not change when a paper came in.
    """

    value: Value | None
    unit: Unit | None
    mode: Mode
    condition: str
    when: Condition | None = None
    same_day: bool = False
    cutoff: TimeOfDay | UnsetType | None = UNSET


class Milestone(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An inner deadline with the limit's start, or, in words, after something else has happened."""

    value: Value | None
    unit: Unit | None
    name: str
    when: Condition | None
    after: str | None = None


class TimeLimit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long the office may take. `unit` null: unknown; `same_day`: due on the day it counts as received."""

    value: Value | None
    unit: Unit | None
    same_day: bool = False
    cutoff: TimeOfDay | None = None
    counted_from: CountedFrom = field(name="from", default=CountedFrom.COMPLETE_DOSSIER)
    note: str = ""
    exceptions: tuple[LimitException, ...] = ()
    milestones: tuple[Milestone, ...] = ()


class Open(StrEnum):
    """Why there is no due moment."""

    UNKNOWN = "unknown"
    AGREED = "agreed"
    NOT_STARTED = "not_started"


class DueMilestone(msgspec.Struct, frozen=True):
    """An inner deadline of one dossier; `at` is None where another event, told by `after`, starts it."""

    name: str
    at: datetime | None
    after: str | None


class Due(msgspec.Struct, frozen=True):
    """What a limit means for one dossier.

    Args:
        at: the due moment (UTC); None for the reason in `open`.
        open: why there is none.
        count: what was counted, so that pauses can be worked in.
        applied: places of the exceptions that hold.
        milestones: inner deadlines.
        unknown_years: years counted by weekends only.
    """

    at: datetime | None
    open: Open | None
    count: Count | None
    applied: tuple[int, ...]
    milestones: tuple[DueMilestone, ...]
    unknown_years: tuple[int, ...] = ()


def due(
    limit: TimeLimit,
    start: datetime | None,
    calendar: WorkingCalendar,
    holds: Holds,
    chosen: Collection[int] = (),
    agreed: datetime | None = None,
) -> Due:
    """Return when a dossier is due.

    Args:
        limit: of the procedure's version and the dossier's channel.
        start: when the clock started; None while it has not (not accepted yet).
        calendar: of the office that decides.
        holds: evaluates a `when` on the dossier.
        chosen: places of the exceptions without `when` that an officer picked.
        agreed: the moment agreed with the person, where an exception that holds says "as agreed".

    Raises:
        Invalid: `chosen` names no exception an officer may pick, or `agreed` lies too early or outside office hours.
    """
    applied = applying(limit, holds, chosen)
    if start is None:
        return Due(at=None, open=Open.NOT_STARTED, count=None, applied=applied, milestones=())
    inner = milestones(limit, start, calendar, holds)
    count = _total(limit, start, calendar, applied)
    if count is Open.AGREED and agreed is not None:
        _check_agreed(limit, start, calendar, applied, agreed)
        count, at = until(start, agreed, calendar), agreed
    elif isinstance(count, Open):
        return Due(at=None, open=count, count=None, applied=applied, milestones=inner)
    else:
        at = land(count, start, calendar)
    return Due(
        at=at,
        open=None,
        count=count,
        applied=applied,
        milestones=inner,
        unknown_years=calendar.unknown_years(start, at),
    )


def applying(limit: TimeLimit, holds: Holds, chosen: Collection[int] = ()) -> tuple[int, ...]:
    """Return the places of the exceptions that hold: by their `when`, or because an officer picked them.

    Raises:
        Invalid: `chosen` names something else than an exception without `when`.
    """
    to_pick = {place for place, exception in enumerate(limit.exceptions) if exception.when is None}
    if not set(chosen) <= to_pick:
        raise Invalid(_("Trường hợp kéo dài thời hạn này không có trong quy trình của thủ tục."))
    return tuple(
        place
        for place, exception in enumerate(limit.exceptions)
        if (place in chosen if exception.when is None else holds(exception.when))
    )


def milestones(limit: TimeLimit, start: datetime, calendar: WorkingCalendar, holds: Holds) -> tuple[DueMilestone, ...]:
    """Return the inner deadlines that hold, counted from `start`."""
    return tuple(
        DueMilestone(name=inner.name, at=_inner(inner, limit, start, calendar), after=inner.after)
        for inner in limit.milestones
        if inner.when is None or holds(inner.when)
    )


def describe(limit: TimeLimit | LimitException | Milestone) -> str:
    """Return how long that is, in the current language: "3 ngày làm việc", "ngay trong ngày", "thêm 7 ngày"."""
    words = _length(limit)
    if isinstance(limit, LimitException) and limit.mode is Mode.EXTEND:
        return _("thêm {length}").format(length=words)
    return words


def describe_open(reason: Open) -> str:
    """Return why there is no due moment, in the current language."""
    match reason:
        case Open.UNKNOWN:
            return _("Chưa có thời hạn được công bố")
        case Open.AGREED:
            return _("Theo ngày giờ đã thỏa thuận, ghi trên giấy hẹn")
        case Open.NOT_STARTED:
            return _("Thời hạn tính từ ngày thụ lý")


def _length(limit: TimeLimit | LimitException | Milestone) -> str:
    if limit.unit is None:
        return _("chưa xác định")
    if limit.value is None:
        return _("theo thỏa thuận")
    if not isinstance(limit, Milestone) and limit.same_day:
        return _("ngay trong ngày")
    return length_words(limit.value, limit.unit)


def length_words(value: float, unit: Unit) -> str:
    """Return a length in the current language: "60 ngày"."""
    return _unit_words(unit, 1 if value == 1 else 2).format(number=format_decimal(value, locale=current_language()))


def _unit_words(unit: Unit, count: int) -> str:
    match unit:
        case Unit.WORKING_HOURS:
            return ngettext("{number} giờ làm việc", "{number} giờ làm việc", count)
        case Unit.WORKING_DAYS:
            return ngettext("{number} ngày làm việc", "{number} ngày làm việc", count)
        case Unit.HOURS:
            return ngettext("{number} giờ", "{number} giờ", count)
        case Unit.DAYS:
            return ngettext("{number} ngày", "{number} ngày", count)
        case Unit.MONTHS:
            return ngettext("{number} tháng", "{number} tháng", count)


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


def _base(part: TimeLimit | LimitException, limit: TimeLimit) -> Count | Open:
    if part.unit is None:
        return Open.UNKNOWN
    if part.value is None:
        return Open.AGREED
    cutoff = _time(limit.cutoff if part.cutoff is UNSET else part.cutoff)
    terms = () if part.same_day else (Term(exact(part.value), part.unit),)
    return Count(terms=terms, same_day=part.same_day, cutoff=cutoff)


def _total(limit: TimeLimit, start: datetime, calendar: WorkingCalendar, applied: Iterable[int]) -> Count | Open:
    """The longest replacing exception (else the limit itself) and each extending one; an open part leaves all open."""
    held = [limit.exceptions[place] for place in applied]
    replacing = [exception for exception in held if exception.mode is Mode.REPLACE]
    parts: list[TimeLimit | LimitException] = [*replacing] or [limit]
    counts = []
    for part in parts:
        base = _base(part, limit)
        if isinstance(base, Open):
            return base
        counts.append(base)
    longest = max(counts, key=lambda count: land(count, start, calendar))
    terms = list(longest.terms)
    for exception in held:
        if exception.mode is Mode.REPLACE:
            continue
        if exception.unit is None:
            return Open.UNKNOWN
        if exception.value is None:
            return Open.AGREED
        terms.append(Term(exact(exception.value), exception.unit))
    return Count(terms=joined(terms), same_day=longest.same_day, cutoff=longest.cutoff)


def _check_agreed(
    limit: TimeLimit, start: datetime, calendar: WorkingCalendar, applied: Iterable[int], agreed: datetime
) -> None:
    """What was agreed must be within office hours, and an extension cannot shorten what it extends."""
    if not calendar.is_open(agreed):
        raise Invalid(_("Giờ hẹn nằm ngoài giờ làm việc của xã."))
    known = [place for place in applied if limit.exceptions[place].value is not None]
    open_modes = {limit.exceptions[place].mode for place in applied if place not in known}
    earliest: datetime = start
    if open_modes == {Mode.EXTEND}:
        count = _total(limit, start, calendar, known)
        earliest = start if isinstance(count, Open) else land(count, start, calendar)
    if agreed < earliest:
        raise Invalid(_("Ngày hẹn theo thỏa thuận không được sớm hơn thời hạn thông thường."))


def _inner(inner: Milestone, limit: TimeLimit, start: datetime, calendar: WorkingCalendar) -> datetime | None:
    if inner.after is not None or inner.unit is None or inner.value is None:
        return None
    count = Count(terms=(Term(exact(inner.value), inner.unit),), cutoff=_time(limit.cutoff))
    return land(count, start, calendar)
