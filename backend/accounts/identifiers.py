"""Phone numbers, personal numbers, names and e-mail addresses: brought to one form, or refused in a sentence."""

import re
from datetime import date
from enum import StrEnum
from typing import NamedTuple

import phonenumbers

from backend.kit import clock
from backend.kit.language import _
from backend.kit.text import clean

PHONE_DIGITS = 10
PERSONAL_ID_DIGITS = 12
LONGEST_NAME = 100
OLDEST = 130


class Kind(StrEnum):
    """By what a person names an account."""

    PHONE = "phone"
    PERSONAL_ID = "personal_id"


class Identifier(NamedTuple):
    """What a person typed to name their account, in one form."""

    kind: Kind
    value: str


def _figures(text: str) -> str:
    """The digits 0 to 9 of a text; those of other scripts are none: two spellings would make two numbers of one."""
    return re.sub(r"[^0-9]", "", text)


def _digits(text: str) -> str:
    digits = _figures(text)
    # +84 912 345 678 is the phone 0912 345 678; a personal number never comes with a plus.
    return "0" + digits[2:] if text.strip().startswith("+84") or re.fullmatch(r"84[0-9]{9}", digits) else digits


def identifier(text: str) -> Identifier | None:
    """Read a phone or personal number as people type it (spaces, dots, +84); None when it is neither."""
    digits = _digits(text)
    if len(digits) == PERSONAL_ID_DIGITS:
        return Identifier(Kind.PERSONAL_ID, digits)
    if len(digits) == PHONE_DIGITS and digits.startswith("0"):
        return Identifier(Kind.PHONE, digits)
    return None


def _in_use(digits: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(digits, "VN"))
    except phonenumbers.NumberParseException:
        return False


def phone_number(text: str) -> str:
    """Return a Vietnamese mobile number in its national form, 0912345678.

    Raises:
        ValueError: the sentence says what is wrong.
    """
    digits = _digits(text)
    if not digits:
        raise ValueError(_("Chưa điền số điện thoại."))
    if len(digits) != PHONE_DIGITS:
        raise ValueError(_("Số điện thoại di động có 10 chữ số, đang có %(n)s.") % {"n": len(digits)})
    if not _in_use(digits):
        raise ValueError(_("Không có đầu số điện thoại này. Xem lại các chữ số."))
    return digits


def personal_number(text: str) -> str:
    """Return a personal number of 12 digits (Identity Law 26/2023 Art 12).

    Raises:
        ValueError: the sentence says what is wrong.
    """
    digits = _figures(text)
    if not digits:
        raise ValueError(_("Chưa điền số căn cước."))
    if len(digits) != PERSONAL_ID_DIGITS:
        raise ValueError(_("Số căn cước có 12 chữ số, đang có %(n)s.") % {"n": len(digits)})
    return digits


def person_name(text: str) -> str:
    """Return a full name with single spaces.

    Raises:
        ValueError: the sentence says what is wrong.
    """
    name = " ".join(clean(text).split())
    if not name:
        raise ValueError(_("Chưa điền họ và tên."))
    if len(name.split()) < 2:
        raise ValueError(_("Ghi đủ họ và tên, như trên căn cước."))
    # Nothing a mail program makes a link of: our mails greet by name.
    if len(name) > LONGEST_NAME or re.search(r"[\d<>@/\\:]|\.\w", name):
        raise ValueError(_("Họ tên chỉ gồm chữ, như trên căn cước."))
    return name


def email_address(text: str) -> str:
    """Return an e-mail address.

    Raises:
        ValueError: the sentence says what is wrong.
    """
    address = clean(text).strip()
    if not re.fullmatch(r"[^@\s<>,;:\"]{1,64}@[^@\s<>,;:\"]+\.[^@\s<>,;:\".]{2,}", address) or len(address) > 254:
        raise ValueError(_("Địa chỉ e-mail có dạng ten@noi-gui.vn. Xem lại."))
    return address


def birth_date(day: str, month: str, year: str) -> date | None:
    """Return a date of birth from three boxes; None when all are empty.

    Raises:
        ValueError: the sentence says what is wrong.
    """
    parts = [part.strip() for part in (day, month, year)]
    if not any(parts):
        return None
    try:
        born = date(int(parts[2]), int(parts[1]), int(parts[0]))
    except (ValueError, OverflowError):
        written = "/".join(part or "…" for part in parts)
        raise ValueError(_("%(date)s không có trong lịch. Xem lại ngày trên căn cước.") % {"date": written}) from None
    today = clock.local(clock.now()).date()
    if born > today or today.year - born.year > OLDEST:
        raise ValueError(_("Ngày sinh phải là một ngày đã qua. Xem lại năm sinh."))
    return born
