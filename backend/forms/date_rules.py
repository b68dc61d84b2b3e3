"""The rules of dates: what three boxes do not make a day, and days on the wrong side of another."""

from datetime import date
from typing import Any

from backend.forms import dates
from backend.forms.definition import Field
from backend.forms.facts import Facts
from backend.forms.sentences import composed, day_written, label_inside, written
from backend.kit import formats
from backend.kit.language import N_, _

_BOXES = {"day": N_("ngày"), "month": N_("tháng"), "year": N_("năm")}
_EARLIEST = date(1850, 1, 1)
_YEARS_AHEAD = 100


def date_mistake(field: Field, value: Any, facts: Facts, earlier: Any = None) -> str | None:
    """Return the first thing wrong with a date, or None.

    Args:
        field: the question.
        value: the date as kept, or the boxes as typed.
        facts: today and the office's working days.
        earlier: the date it may not come before, as kept.
    """
    known = dates.span(value)
    missing = _missing(field, dates.boxes(value))
    if known is None or missing:
        return _unread(field, dates.boxes(value), missing)
    if known.first < _EARLIEST or known.first.year > facts.today.year + _YEARS_AHEAD:
        return _("Năm {year} quá xa. Xem lại năm.").format(year=known.first.year)
    return _misplaced(field, value, known, facts, earlier)


def _missing(field: Field, typed: dict[str, str]) -> list[str]:
    """Names of the boxes that must be filled and are not; a field with a precision may leave out the smaller ones."""
    if field.precision:
        smallest = next((box for box in ("day", "month", "year") if typed[box]), "year")
        allowed = [box for box in ("day", "month", "year") if box in field.precision]
        needed = smallest if smallest in allowed else allowed[0]
        boxes = {"day": ("day", "month", "year"), "month": ("month", "year"), "year": ("year",)}[needed]
    else:
        boxes = ("day", "month", "year")
    return [box for box in boxes if not typed[box]]


def _unread(field: Field, typed: dict[str, str], missing: list[str]) -> str:
    for box in ("day", "month", "year"):
        if typed[box] and not (typed[box].isascii() and typed[box].isdigit()):
            return _("Ngày, tháng, năm chỉ ghi số, đang ghi “{value}”.").format(value=typed[box])
    if typed["year"] and len(typed["year"]) != 4:
        return _("Năm ghi đủ 4 chữ số, đang ghi {year}.").format(year=typed["year"])
    if missing:
        boxes = ", ".join(_(_BOXES[box]) for box in missing)
        return _("{given} còn thiếu {boxes}.").format(given="/".join(filter(None, typed.values())), boxes=boxes)
    return _("{date} không có trong lịch. Xem lại ngày trên giấy.").format(date="/".join(filter(None, typed.values())))


def _misplaced(field: Field, value: Any, known: dates.Span, facts: Facts, earlier: Any) -> str | None:
    rules, today = field.rules, facts.today
    if rules.not_future and known.first > today:
        return _("{date} chưa tới. Ghi ngày từ hôm nay trở về trước.").format(date=written(value))
    if rules.not_past and known.last < today:
        return _("{date} đã qua. Ghi ngày từ {today} trở đi.").format(
            date=written(value), today=formats.full_date(today)
        )
    if rules.working_day and not facts.working_day(known.first):
        return _("{date} xã không làm việc. Chọn ngày khác.").format(date=day_written(known.first))
    limit = dates.span(earlier)
    if limit and known.last < limit.first:
        return composed(
            _("{date} trước {earlier}. {label} phải từ ngày đó trở đi."),
            {"label": _sentence_start(field.label)},
            date=written(value),
            earlier=written(earlier),
        )
    years = rules.max_age_years
    if years is not None and dates.add(known.last, years=years) < today:
        return _("Từ {date} đến nay đã quá {years} năm.").format(date=written(value), years=years)
    return None


def _sentence_start(label: str) -> str:
    return formats.capital(label_inside(label))
