"""The calendar in words: what kind of day it is, and the hours of a week, days with the same hours together."""

from collections.abc import Mapping

from backend.agencies.calendar_forms import WEEKDAYS, WORKED
from backend.agencies.office_hours import DayKind, Spans
from backend.agencies.working_time import Week
from backend.kit import formats
from backend.kit.language import N_, _

KINDS = {
    DayKind.HOLIDAY: N_("Nghỉ lễ"),
    DayKind.COMPENSATORY_REST: N_("Nghỉ bù"),
    DayKind.SWAPPED_REST: N_("Nghỉ hoán đổi"),
    DayKind.MAKEUP_WORK: N_("Làm bù"),
    DayKind.CLOSED: N_("Xã nghỉ"),
}


def work_hours(week: Week) -> dict[int, Spans]:
    """Return a week, Monday first, as hours per weekday, 1 = Monday."""
    return {place + 1: spans for place, spans in enumerate(week)}


def week_rows(hours: Mapping[int, Spans]) -> list[tuple[str, str, str]]:
    """Return (days, hours, note) for the days that have hours: ("Thứ Hai – thứ Sáu", "7:30–11:30, 13:30–17:00", "")."""
    words = {
        weekday: ", ".join(f"{span.start:%-H:%M}–{span.end:%-H:%M}" for span in hours.get(weekday, ()))
        for weekday in WEEKDAYS
    }
    rows: list[tuple[str, str, str]] = []
    first = 1
    while first <= len(WEEKDAYS):
        last = first
        while words.get(last + 1) == words[first] and (last + 1 in WORKED) == (first in WORKED):
            last += 1
        if words[first] or first in WORKED:
            begin, end = (_(WEEKDAYS[day]).replace(" ", formats.NBSP) for day in (first, last))
            names = begin if first == last else f"{begin} – {end}"
            note = "" if first in WORKED else _("Chỉ tiếp người nộp, không tính vào hạn trả.")
            rows.append((formats.capital(names), words[first] or _("nghỉ"), note))
        first = last + 1
    return rows
