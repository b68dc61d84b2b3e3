"""Answers as people read them."""

from random import Random

import pytest

from backend.forms.answers import visible_answers
from backend.forms.words import in_words, text_of
from backend.kit.language import use_language
from tests.forms.generator import fill
from tests.forms.lists import CODES, FACTS, OFFERED, forms

ANSWERS = {
    "submitter": {
        "full_name": "Lê An", "id_number": "038198006417", "birth_date": "1958", "phone": "0912345678",
        "residence": {"province": "22", "commune": "06637", "detail": "Số 5"}, "capacity": "self",
    },
    "owner": {"founder": "family"},
    "members": {"items": [{"person": {"full_name": "Lê Bình", "nationality": "VN"}}], "authority": ["f1", "f2"]},
    "business": {"name": "Lan Anh", "capital": 24000000, "workers": 2, "start_date": "2026-12-01"},
    "activity": {"items": [{"code": "4711", "main": True}, {"code": "4712", "main": None}]},
}  # fmt: skip


def read() -> dict[str, str]:
    form = forms()["1.001612"]
    visible = visible_answers(form, ANSWERS, FACTS)
    return {pair.path: pair.text for section in in_words(form, visible, FACTS, OFFERED) for pair in section.pairs}


def test_every_kind_of_answer_has_its_words() -> None:
    said = read()
    assert said["submitter.id_number"] == "038\u00a0198\u00a0006\u00a0417"
    assert said["submitter.birth_date"] == "1958"
    assert said["submitter.phone"] == "0912\u00a0345\u00a0678"
    assert said["submitter.residence"] == "Số 5, Phường Hà Tu, Quảng Ninh"
    assert said["members.items.0.person.nationality"] == "Việt Nam"
    assert said["members.authority"] == "2 tệp"
    assert said["business.name"] == "Hộ kinh doanh Lan Anh"
    assert said["business.capital"] == "24.000.000\u00a0đ"
    assert said["business.start_date"] == "01/12/2026"
    assert said["activity.items.0.main"] == "Có"
    assert "activity.items.1.main" not in said


def test_a_whole_person_can_be_said_in_one_line() -> None:
    field = forms()["1.001612"].sections[2].fields[0].fields[0]
    person = {"full_name": "Lê Bình", "id_number": "038198006417", "nationality": "VN"}
    assert text_of(field, person, OFFERED) == "038\u00a0198\u00a0006\u00a0417, Lê Bình, Việt Nam"


def test_words_follow_the_language() -> None:
    with use_language("en"):
        said = read()
    assert said["business.capital"] == "VND\u00a024,000,000"
    assert said["members.authority"] == "2 files"
    assert said["members.items.0.person.nationality"] == "Vietnam"


def test_people_and_items_are_grouped_under_their_name() -> None:
    form = forms()["1.001612"]
    sections = in_words(form, visible_answers(form, ANSWERS, FACTS), FACTS, OFFERED)
    members = next(section for section in sections if section.key == "members")
    assert [(group, len(pairs)) for group, pairs in members.groups()] == [("Thành viên 1", 2), ("", 1)]


@pytest.mark.parametrize("code", CODES)
def test_every_answer_of_every_form_has_words(code: str) -> None:
    form = forms()[code]
    visible = fill(form, Random(2), OFFERED, FACTS)
    sections = in_words(form, visible, FACTS, OFFERED)
    assert [section.key for section in sections] == [section.key for section in form.sections if section.key in visible]
    assert all(pair.text for section in sections for pair in section.pairs)


def test_an_empty_form_lists_its_questions_when_asked_so() -> None:
    sections = in_words(forms()["default"], {}, FACTS, OFFERED, blanks=True)
    labels = [pair.label for section in sections for pair in section.pairs]
    assert "Nơi cư trú" in labels
    assert not any(pair.text for section in sections for pair in section.pairs)
