"""How dates, times, sums and numbers are written for people, in both languages.

No-break spaces hold the parts of one thing together: "24.000 đ" and "thứ Năm 26/11" never break over two lines.
"""

import re
from datetime import date as Date
from datetime import datetime as Moment
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from backend.kit import clock
from backend.kit.language import _, current_language, ngettext

NBSP = "\u00a0"
MEGABYTE = 1_000_000
"""Bytes of a megabyte, wherever one is shown, allowed or refused."""
WEEKDAYS = {
    "vi": ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _tight(text: str) -> str:
    return text.replace(" ", NBSP)


def _day(value: Date | Moment) -> Date:
    return clock.local(value).date() if isinstance(value, Moment) else value


def _near(day: Date) -> str | None:
    distance = (day - clock.local(clock.now()).date()).days
    return {-1: _("hôm qua"), 0: _("hôm nay"), 1: _("ngày mai")}.get(distance)


def _written(day: Date, with_year: bool) -> str:
    language = current_language()
    weekday = WEEKDAYS[language][day.weekday()]
    if language == "vi":
        return f"{weekday} {day.day}/{day.month}" + (f"/{day.year}" if with_year else "")
    return f"{weekday} {day.day} {MONTHS[day.month - 1]}" + (f" {day.year}" if with_year else "")


def date(value: Date | Moment) -> str:
    """Return the day as people say it: hôm nay, ngày mai, else thứ Năm 26/11, with the year if it is another."""
    day = _day(value)
    return _tight(_near(day) or _written(day, day.year != clock.local(clock.now()).year))


def full_date(value: Date | Moment) -> str:
    """Return the day in figures with its year, as on a paper: 21/11/2026, 21 Nov 2026."""
    day = _day(value)
    if current_language() == "vi":
        return f"{day.day:02}/{day.month:02}/{day.year}"
    return _tight(f"{day.day} {MONTHS[day.month - 1]} {day.year}")


def long_date(value: Date | Moment) -> str:
    """Return weekday, day and year: thứ Bảy 21/11/2026, Sat 21 Nov 2026."""
    return _tight(_written(_day(value), with_year=True))


def time(value: Moment) -> str:
    """Return the time of day in Việt Nam: 9:05, 17:00."""
    local = clock.local(value)
    return f"{local.hour}:{local.minute:02}"


def datetime(value: Moment) -> str:
    """Return a moment that has passed, time first, as a log shows it: 10:32 hôm nay; 16:10, thứ Hai 23/11."""
    day = date(value)
    return f"{time(value)}{NBSP}{day}" if _near(_day(value)) else f"{time(value)}, {day}"


def due(value: Moment) -> str:
    """Return a moment to come, day first, as a promise: thứ Năm 26/11, 17:00."""
    return f"{date(value)}, {time(value)}"


def relative(value: Moment) -> str:
    """Return how long ago it was, within the last hour; older moments are written as `datetime` does."""
    minutes = int((clock.now() - value).total_seconds() // 60)
    if minutes < 0 or minutes >= 60:
        return datetime(value)
    if minutes == 0:
        return _("vừa xong")
    return _tight(ngettext("%(n)s phút trước", "%(n)s minutes ago", minutes) % {"n": minutes})


def _rounded(value: Decimal | float, places: int) -> Decimal:
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def number(value: Decimal | float, places: int = 1) -> str:
    """Return a figure with at most `places` decimals: 1,6 and 3.150 in Vietnamese, 1.6 and 3,150 in English."""
    rounded = _rounded(value, places)
    text = f"{rounded:,}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if current_language() == "vi":
        text = text.translate(str.maketrans(",.", ".,"))
    return text


def money(dong: int) -> str:
    """Return a sum in đồng: 24.000 đ, VND 24,000."""
    figure = number(dong, 0)
    return f"{figure}{NBSP}đ" if current_language() == "vi" else f"VND{NBSP}{figure}"


def fee(dong: int) -> str:
    """Return what a procedure costs; nothing is said in words."""
    return money(dong) if dong else _("Miễn phí")


def _shown(value: Decimal | float) -> Decimal:
    return _rounded(value, 1).normalize()


def working_days(value: Decimal | float) -> str:
    """Return a span in working days: 1,6 ngày làm việc."""
    plural = 1 if _shown(value) == 1 else 2
    text = ngettext("%(n)s ngày làm việc", "%(n)s working days", plural)
    return _tight(text % {"n": number(value)})


def working_hours(value: Decimal | float) -> str:
    """Return a span in working hours: 6 giờ làm việc."""
    plural = 1 if _shown(value) == 1 else 2
    text = ngettext("%(n)s giờ làm việc", "%(n)s working hours", plural)
    return _tight(text % {"n": number(value)})


def span(value: timedelta) -> str:
    """Return a short span on the clock: 5 giờ 10 phút, 40 phút."""
    hours, minutes = divmod(int(value.total_seconds() // 60), 60)
    parts = []
    if hours:
        parts.append(ngettext("%(n)s giờ", "%(n)s hours", hours) % {"n": hours})
    if minutes or not hours:
        parts.append(ngettext("%(n)s phút", "%(n)s minutes", minutes) % {"n": minutes})
    return _tight(" ".join(parts))


def phone(value: str) -> str:
    """Return a phone number as people read it aloud: 0912 345 678. What is not a Vietnamese number stays as it is."""
    digits = re.sub(r"\D", "", value)
    if digits.startswith("84") and len(digits) in (11, 12):
        digits = "0" + digits[2:]
    if not digits.startswith("0") or len(digits) not in (10, 11):
        return value
    return NBSP.join((digits[:4], digits[4:7], digits[7:]))


def personal_id(value: str) -> str:
    """Return a 12-digit personal number in threes: 038 198 006 417."""
    return NBSP.join(value[i : i + 3] for i in range(0, 12, 3)) if re.fullmatch(r"\d{12}", value) else value


def code_short(code: str) -> str:
    """Return the short form of a dossier code, without the office: H29.131.02-261124-0147 → 261124-0147."""
    return code.split("-", 1)[-1]


def size(count: int) -> str:
    """Return a file's size: 850 KB, 1,2 MB."""
    if count < MEGABYTE:
        return f"{number(max(1, count / 1000), 0)}{NBSP}KB"
    return f"{number(count / MEGABYTE)}{NBSP}MB"


def capital(text: str) -> str:
    """Return `text` beginning a sentence: hôm nay → Hôm nay."""
    return text[:1].upper() + text[1:]


def initials(name: str) -> str:
    """Return the two letters that stand for a person: Trần Thị Thu Hà → TH."""
    return "".join(word[0] for word in name.split()[-2:]).upper()
