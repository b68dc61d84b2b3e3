"""A place on the map: typed or pasted as maps give it, or taken from the device when a person presses for it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.forms.answers import visible_answers
from backend.forms.reading import point
from backend.forms.receiving import receive
from backend.forms.rules import _is_point
from backend.forms.steps import all_steps, step_of
from backend.forms.validation import validate
from backend.forms.words import in_words
from backend.kit.edge import permissions, safe_headers
from tests.forms.drawing import draw
from tests.forms.lists import FACTS, OFFERED, forms
from tests.forms.reading_html import faults, named

FORM = forms()["2.002409"]
PATH = "matter.place.point"
HERE = step_of(all_steps(FORM), PATH)
assert HERE


def posted(text: str) -> dict[str, Any]:
    assert HERE
    return receive(HERE, [(PATH, text)], {}).answers


@pytest.mark.parametrize(
    "text",
    [
        "20.8172, 105.3376",
        "20.8172,105.3376",
        " 20.8172 105.3376 ",
        "20,8172; 105,3376",
        "20,8172 105,3376",
        "20,8172, 105,3376",
    ],
)
def test_a_point_is_understood_however_its_numbers_are_parted(text: str) -> None:
    answers = posted(text)
    assert answers["matter"]["place"]["point"] == "20.8172, 105.3376"
    assert not [one for one in validate(FORM, answers, FACTS, OFFERED, HERE).errors if one.path == PATH]


@pytest.mark.parametrize("text", ["ngoài đồng", "91.0, 105.0", "20.8, 181", "20.8172", "1e400, nan", "20.8, 105.3, 7"])
def test_what_is_no_point_is_kept_and_told_how_to_write_one(text: str) -> None:
    answers = posted(text)
    said = validate(FORM, answers, FACTS, OFFERED, HERE).fields()[PATH]
    assert said.startswith("Ghi vĩ độ rồi kinh độ, như 20.8172, 105.3376.")
    assert named(draw(FORM, HERE, answers), PATH)["value"] == answers["matter"]["place"]["point"]


@given(st.decimals(-90, 90, places=5), st.decimals(-180, 180, places=5))
def test_every_place_on_earth_can_be_said_and_said_again(latitude: Any, longitude: Any) -> None:
    text = f"{latitude:f}, {longitude:f}"
    assert point(text) == text and _is_point(text)


@given(st.text())
def test_no_text_is_too_strange(text: str) -> None:
    kept = point(text)
    assert kept is None or kept == text.strip() or _is_point(kept) or "," in kept


def test_a_point_is_never_required_and_stands_behind_the_address() -> None:
    answers = {
        "matter": {"place": {"province": "01", "commune": "00004", "detail": "Số 5", "point": "20.8172, 105.3376"}}
    }
    visible = visible_answers(FORM, answers, FACTS)
    told = [pair.text for one in in_words(FORM, visible, FACTS, OFFERED) for pair in one.pairs]
    assert any(text.endswith("Hà Nội, (20.8172, 105.3376)") for text in told)
    del answers["matter"]["place"]["point"]
    assert PATH not in validate(FORM, answers, FACTS, OFFERED).fields()


def test_the_button_is_there_only_for_scripts_and_the_device_may_be_asked_only_there() -> None:
    assert HERE
    page = draw(FORM, HERE, {})
    assert faults(page) == []
    button = next(one for one in page.all("button") if one.text == "Dùng vị trí hiện tại")
    assert button["type"] == "button" and "hidden" in button.attributes
    assert "geolocation=()" in safe_headers(secure=True)["Permissions-Policy"]
    assert "geolocation=(self)" in permissions(place=True)
