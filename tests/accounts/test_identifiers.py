"""Numbers as people type them: many ways of writing, one number."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.accounts.identifiers import (
    Identifier,
    Kind,
    birth_date,
    email_address,
    identifier,
    person_name,
    personal_number,
    phone_number,
)

# Any text, and what comes near a number: digits of all scripts with signs between.
TEXTS = (
    st.text(max_size=40)
    | st.text(st.sampled_from("0123456789+-. ٣３²"), max_size=16)
    | st.from_regex(r"\A0{1,3}[0-9]{7,9}\Z")
)


@pytest.mark.parametrize("typed", ["0912345678", "0912 345 678", "+84 912.345.678", "84912345678"])
def test_a_phone_number_is_one_however_it_is_typed(typed: str) -> None:
    assert phone_number(typed) == "0912345678"
    assert identifier(typed) == Identifier(Kind.PHONE, "0912345678")


# Full width and Arabic digits: letters that only look like the number would make a second one of it.
@pytest.mark.parametrize("typed", ["０３８１９８００６４１７", "٠٣٨١٩٨٠٠٦٤١٧", "03819800641٧"])
def test_digits_of_other_scripts_make_no_second_number(typed: str) -> None:
    with pytest.raises(ValueError):
        personal_number(typed)
    assert identifier(typed) is None


def test_a_phone_number_in_digits_of_another_script_is_none() -> None:
    with pytest.raises(ValueError):
        phone_number("٠٩١٢٣٤٥٦٧٨")


@pytest.mark.parametrize("typed", ["Xem ngay evil.example", "Xem https://evil", "Xem evil/nhanh", "Xem a@evil"])
def test_a_name_is_nothing_a_mail_makes_a_link_of(typed: str) -> None:
    with pytest.raises(ValueError):
        person_name(typed)
    assert person_name("John R. Smith Jr.") == "John R. Smith Jr."


@pytest.mark.parametrize("read", [phone_number, personal_number, person_name, email_address])
@given(typed=TEXTS)
def test_any_text_is_read_or_refused_in_a_sentence(read: Callable[[str], Any], typed: str) -> None:
    try:
        assert read(typed)
    except ValueError as refusal:
        assert str(refusal).endswith(".")
    named = identifier(typed)
    assert named is None or named.value.isascii()


@given(day=TEXTS, month=TEXTS, year=TEXTS | st.integers().map(str))
def test_any_three_boxes_are_a_day_or_refused_in_a_sentence(day: str, month: str, year: str) -> None:
    try:
        birth_date(day, month, year)
    except ValueError as refusal:
        assert str(refusal).endswith(".")


def test_a_number_that_no_country_has_and_a_year_beyond_all_calendars_are_refused() -> None:
    with pytest.raises(ValueError, match="Không có đầu số"):
        phone_number("0099999999")
    with pytest.raises(ValueError, match="không có trong lịch"):
        birth_date("1", "1", "99999999999")
