"""What is typed into the forms of the calendar, read into days and hours; every mistake is a sentence."""

import re
from collections.abc import Mapping
from datetime import date, time

from backend.accounts.registering import Mistakes
from backend.agencies.office_hours import Span, Spans
from backend.kit import formats
from backend.kit.language import N_, _
from backend.kit.text import clean

LONGEST_REASON = 200
WORKED = range(1, 6)
SHOWN = range(1, 7)
"""The weekdays of the form of hours: Monday to Saturday."""
WEEKDAYS = {
    1: N_("thứ Hai"),
    2: N_("thứ Ba"),
    3: N_("thứ Tư"),
    4: N_("thứ Năm"),
    5: N_("thứ Sáu"),
    6: N_("thứ Bảy"),
    7: N_("Chủ nhật"),
}
HALVES = {"am": N_("Buổi sáng"), "pm": N_("Buổi chiều")}
_TIME = re.compile(r"(\d{1,2})(?:[:hg.](\d{2})?)?", re.I)


def read_day(day: str, month: str, year: str) -> date:
    """Read a date typed into three boxes.

    Raises:
        ValueError: a box is empty, or there is no such day, with the sentence that says so.
    """
    boxes = [clean(box).strip() for box in (day, month, year)]
    if not all(boxes):
        raise ValueError(_("Ghi đủ ngày, tháng, năm."))
    written = "/".join(boxes)
    if not all(re.fullmatch(r"[0-9]{1,4}", box) for box in boxes):
        raise ValueError(_("Ngày, tháng, năm viết bằng số."))
    try:
        found = date(int(boxes[2]), int(boxes[1]), int(boxes[0]))
    except ValueError:
        raise ValueError(_("%(day)s không có trong lịch.") % {"day": written}) from None
    if found.year < 2000:
        raise ValueError(_("Năm viết đủ bốn số, như 2026."))
    return found


def read_choice(word: str) -> date:
    """Read a day chosen from a list.

    Raises:
        ValueError: none is chosen, with the sentence that says so.
    """
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise ValueError(_("Chưa chọn ngày nghỉ được làm bù.")) from None


def read_reason(text: str) -> str:
    """Read the reason people see beside a day.

    Raises:
        ValueError: there is none, or it is too long.
    """
    reason = " ".join(clean(text).split())
    if not reason:
        raise ValueError(_("Ghi lý do, như “Tổng kết năm” hay “Bão số 9”."))
    if len(reason) > LONGEST_REASON:
        raise ValueError(
            _("Lý do dài nhất %(most)s chữ, đang có %(count)s.") % {"most": LONGEST_REASON, "count": len(reason)}
        )
    return reason


def read_hours(typed: Mapping[str, str], mistakes: Mistakes) -> dict[int, Spans]:
    """Read the hours of a week, from fields like `h1_am_from`; a half with both boxes empty is not worked.

    What is wrong is noted under the half's name (`h1_am`), or under `hours` for the week as a whole.
    """
    week: dict[int, Spans] = {}
    for weekday in SHOWN:
        spans = [span for half in HALVES if (span := _read_half(weekday, half, typed, mistakes))]
        if len(spans) == 2 and spans[1].start < spans[0].end:
            mistakes[f"h{weekday}_pm"] = _on(weekday, _("Buổi chiều bắt đầu trước khi buổi sáng hết."))
        week[weekday] = tuple(spans)
    if not mistakes and not any(week[weekday] for weekday in WORKED):
        mistakes["hours"] = _("Phải có ít nhất một buổi làm việc từ thứ Hai đến thứ Sáu.")
    return week


def _on(weekday: int, sentence: str) -> str:
    """The sentence with its day: a form of hours has many like it."""
    return f"{formats.capital(_(WEEKDAYS[weekday]))}: {sentence}"


def _read_half(weekday: int, half: str, typed: Mapping[str, str], mistakes: Mistakes) -> Span | None:
    name = f"h{weekday}_{half}"
    start, end = typed.get(f"{name}_from", "").strip(), typed.get(f"{name}_to", "").strip()
    if not start and not end:
        return None
    if not start or not end:
        mistakes[name] = _on(weekday, _("Ghi cả giờ bắt đầu và giờ hết, hoặc để trống cả hai."))
        return None
    try:
        opens, closes = _read_time(start), _read_time(end)
    except ValueError as error:
        mistakes[name] = _on(weekday, str(error))
        return None
    if closes <= opens:
        mistakes[name] = _on(weekday, _("Giờ hết phải sau giờ bắt đầu."))
        return None
    return Span(opens, closes)


def _read_time(text: str) -> time:
    match = _TIME.fullmatch(clean(text))
    hour, minute = (int(match[1]), int(match[2] or 0)) if match else (99, 0)
    if hour > 23 or minute > 59:
        raise ValueError(_("%(time)s không phải giờ. Viết như 7:30 hay 13:30.") % {"time": clean(text)[:20]})
    return time(hour, minute)


def hours_typed(hours: Mapping[int, Spans]) -> dict[str, str]:
    """Return what stands in the boxes of the form when hours are changed: the hours as they are.

    A day worked without a break stands in its morning.
    """
    boxes: dict[str, str] = {}
    for weekday, spans in hours.items():
        for span in spans[:2]:
            half = "pm" if span.start >= time(12) or f"h{weekday}_am_from" in boxes else "am"
            boxes[f"h{weekday}_{half}_from"] = f"{span.start:%-H:%M}"
            boxes[f"h{weekday}_{half}_to"] = f"{span.end:%-H:%M}"
    return boxes
