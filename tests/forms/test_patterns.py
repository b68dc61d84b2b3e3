"""Patterns come with the catalogue: a bad one slows nobody down."""

import time

from backend.forms.patterns import found_in


def test_a_pattern_that_runs_away_is_stopped() -> None:
    begun = time.monotonic()
    assert not found_in(r"^(a|aa)+$", "a" * 60 + "!")
    assert time.monotonic() - begun < 2


def test_case_counts_only_where_it_is_asked_for() -> None:
    assert found_in("^an$", "An", ignore_case=True) and not found_in("^an$", "An")
