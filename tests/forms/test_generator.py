"""Whatever the generator fills in, the form accepts: several draws of each form."""

from random import Random

import pytest

from backend.forms.validation import validate
from tests.forms.generator import fill
from tests.forms.lists import CODES, FACTS, OFFERED, forms


@pytest.mark.parametrize("code", CODES)
def test_what_is_generated_is_accepted(code: str) -> None:
    form = forms()[code]
    for seed in range(10):
        answers = fill(form, Random(seed), OFFERED, FACTS)
        assert validate(form, answers, FACTS, OFFERED).errors == []


def test_the_same_seed_gives_the_same_answers() -> None:
    form = forms()["1.001193"]
    assert fill(form, Random(7), OFFERED, FACTS) == fill(form, Random(7), OFFERED, FACTS)


def test_a_value_can_be_fixed() -> None:
    answers = fill(forms()["1.001193"], Random(1), OFFERED, FACTS, fixed={"case.kind": "oath"})
    assert answers["case"]["kind"] == "oath"
    assert answers["declaration"]["birth_true"] is True
