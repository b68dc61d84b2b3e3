"""What is sealed tells nothing to who has only the tables, and comes back whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from backend.kit.seal import seal, unseal, with_numbers_opened, with_numbers_sealed

NUMBERS = some.from_regex(r"\A[0-9]{3} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}\Z")
KEPT = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text() | NUMBERS,
    lambda inner: (
        some.lists(inner, max_size=4) | some.dictionaries(some.from_regex(r"\A[a-z_]{1,8}\Z"), inner, max_size=4)
    ),
)


@given(KEPT)
def test_data_comes_back_as_it_was_sealed(kept: object) -> None:
    assert with_numbers_opened(with_numbers_sealed(kept)) == kept


@given(NUMBERS)
def test_a_personal_number_stands_nowhere_in_what_is_kept(number: str) -> None:
    assert number not in str(with_numbers_sealed({"submitter": {"id_number": number, "others": [number]}}))


def test_other_answers_stay_readable_to_the_database() -> None:
    assert with_numbers_sealed({"name": "Trần Thị Thu Hà", "phone": "0912100000"}) == {
        "name": "Trần Thị Thu Hà",
        "phone": "0912100000",
    }


def test_a_seal_for_one_purpose_opens_for_no_other() -> None:
    with pytest.raises(ValueError, match="seal"):
        unseal(seal("038198007919", "number"), "session")
