"""Days far away: what people type by mistake breaks no condition."""

from datetime import date

import pytest

from backend.forms import dates

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize("typed", ["9999", "9999-12", "9999-12-31", "0001", "0001-01-01"])
def test_a_year_at_the_end_of_the_calendar_still_decides(typed: str) -> None:
    future = typed.startswith("9")
    for length in ({"years": 18}, {"days": 60}):
        assert dates.younger(typed, TODAY, length) is future
        assert dates.older(typed, TODAY, length) is not future
    assert dates.closer(typed, "2026-11-25", {"years": 20}) is future


def test_what_lies_outside_the_calendar_is_its_last_or_first_day() -> None:
    assert dates.add(date(9999, 5, 1), years=1) == dates.add(date(9999, 12, 31), days=1) == date.max
    assert dates.add(date(1, 5, 1), years=-1) == dates.add(date(1, 1, 1), days=-1) == date.min
    assert dates.add(date(2024, 2, 29), years=1) == date(2025, 3, 1)
