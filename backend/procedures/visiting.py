"""Where the office is, when it is open, and whether it is open now."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from backend.agencies.queries import AgencyInfo
from backend.agencies.working_time import WorkingCalendar
from backend.kit import clock, formats
from backend.kit.clock import VN, local
from backend.kit.language import _


def office_hours(calendar: WorkingCalendar, now: datetime) -> dict[str, Any]:
    """Return whether the office is open and until when, else when it opens again."""
    today, at = local(now).date(), local(now).time()
    spans = calendar.reception(today)
    if any(span.start <= at < span.end for span in spans):
        return {"open": True, "text": _("Xã làm việc đến %(time)s") % {"time": f"{spans[-1].end:%-H:%M}"}}
    if coming := [span.start for span in spans if span.start > at]:
        sentence = _("Xã mở lúc %(time)s hôm nay") if at < spans[0].start else _("Xã nghỉ trưa, làm lại lúc %(time)s")
        return {"open": False, "text": sentence % {"time": f"{coming[0]:%-H:%M}"}}
    days = (today + timedelta(days=n) for n in count(1))
    again = next(day for day in days if calendar.reception(day))
    opens = datetime.combine(again, calendar.reception(again)[0].start, VN)
    return {"open": False, "text": _("Xã nghỉ, mở lại %(when)s") % {"when": formats.due(opens)}}


def week_words(calendar: WorkingCalendar) -> list[tuple[str, str]]:
    """Return today's weekly hours, days with the same hours together: [("Thứ Hai – thứ Sáu", "7:30–11:30, 13:30–17:00")]."""
    names = [_("thứ Hai"), _("thứ Ba"), _("thứ Tư"), _("thứ Năm"), _("thứ Sáu"), _("thứ Bảy"), _("Chủ nhật")]
    week = calendar.open_week_of(local(clock.now()).date())
    hours = [", ".join(f"{span.start:%-H:%M}–{span.end:%-H:%M}" for span in spans) for spans in week]
    rows: list[tuple[str, str]] = []
    place = 0
    while place < len(hours):
        last = place
        while last + 1 < len(hours) and hours[last + 1] == hours[place]:
            last += 1
        if hours[place]:
            days = names[place] if last == place else f"{names[place]} – {names[last]}"
            rows.append((formats.capital(days), hours[place]))
        place = last + 1
    return rows


def place_of(agency: AgencyInfo) -> Mapping[str, str]:
    """Return where the counter is, in the agency's own words."""
    return {"name": agency.centre_name or agency.name, "address": agency.address, "phone": agency.phone}
