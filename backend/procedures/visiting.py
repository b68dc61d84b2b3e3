"""Where the office is, when it is open, and whether it is open now."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from backend.agencies.queries import AgencyInfo
from backend.agencies.working_time import WorkingCalendar
from backend.kit import formats
from backend.kit.clock import local
from backend.kit.language import _


def office_hours(calendar: WorkingCalendar, now: datetime) -> dict[str, Any]:
    """Return whether the office is open and until when, else when it opens again."""
    today = local(now).date()
    for opens, closes in ((calendar.opening(day), calendar.closing(day)) for day in [today] if calendar.spans(day)):
        if opens <= now < closes:
            until = next((span for span in calendar.spans(today) if span.start <= local(now).time() < span.end), None)
            if until is None:
                return {
                    "open": False,
                    "text": _("Xã nghỉ trưa, làm lại lúc %(time)s") % {"time": _next_start(calendar, now)},
                }
            return {"open": True, "text": _("Xã làm việc đến %(time)s") % {"time": formats.time(closes)}}
        if now < opens:
            return {"open": False, "text": _("Xã mở lúc %(time)s hôm nay") % {"time": formats.time(opens)}}
    again = calendar.opening(calendar.next_working_day(today))
    return {"open": False, "text": _("Xã nghỉ, mở lại %(when)s") % {"when": formats.due(again)}}


def _next_start(calendar: WorkingCalendar, now: datetime) -> str:
    later = [span.start for span in calendar.spans(local(now).date()) if span.start > local(now).time()]
    return f"{later[0]:%H:%M}".lstrip("0") if later else ""


def week_words(calendar: WorkingCalendar) -> list[tuple[str, str]]:
    """Return the weekly hours, days with the same hours together: [("Thứ Hai – thứ Sáu", "7:30–11:30, 13:30–17:00")]."""
    names = [_("thứ Hai"), _("thứ Ba"), _("thứ Tư"), _("thứ Năm"), _("thứ Sáu"), _("thứ Bảy"), _("Chủ nhật")]
    hours = [", ".join(f"{span.start:%-H:%M}–{span.end:%-H:%M}" for span in spans) for spans in calendar.week]
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
