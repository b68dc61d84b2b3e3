"""Numbers as people type them: many ways of writing, one number."""

import pytest

from backend.accounts.identifiers import Identifier, Kind, identifier, person_name, personal_number, phone_number


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
