"""What is known already is filled in, once, and never over what was typed."""

from backend.forms.answers import starting_answers
from backend.forms.choices import Offered
from backend.forms.prefill import prefill
from tests.forms.lists import FACTS, OFFERED, forms

PROFILE = {
    "full_name": "Nguyễn Thị Hà",
    "id_number": "038198006417",
    "birth_date": "1998-03-05",
    "phone": "0912345678",
    "sex": "female",
    "secret": "không ai hỏi",
    "residence": {"province": "22", "commune": "06637", "hamlet": "Đông", "detail": "Số 5"},
}


def test_the_profile_fills_what_is_empty() -> None:
    filled = prefill(forms()["default"], {"submitter": {"full_name": "Bà Tư"}}, PROFILE, FACTS, OFFERED)
    assert filled["submitter"]["full_name"] == "Bà Tư"
    assert filled["submitter"]["phone"] == "0912345678"
    assert filled["submitter"]["residence"] == {"province": "22", "commune": "06637", "detail": "Số 5"}
    assert "email" not in filled["submitter"]
    assert "delivery" in filled  # its address has a source of its own, and waits until it is seen


def test_the_whole_profile_fills_a_person_only_when_the_condition_holds() -> None:
    form = forms()["1.004873"]
    answers = starting_answers(form, OFFERED)
    assert "full_name" not in prefill(form, answers, PROFILE, FACTS, OFFERED)["subject"]["person"]
    answers["submitter"] = {"capacity": "self"}
    person = prefill(form, answers, PROFILE, FACTS, OFFERED)["subject"]["person"]
    assert (person["full_name"], person["nationality"], person["sex"]) == ("Nguyễn Thị Hà", "VN", "female")
    assert "secret" not in person


def test_an_earlier_section_fills_a_later_person() -> None:
    form = forms()["2.002913"]
    answers = {"submitter": {"full_name": "Lê An", "phone": "0912345678", "email": "an@xa.vn"}}
    person = prefill(form, answers, {}, FACTS, OFFERED)["funeral"]["person"]
    assert person == {"full_name": "Lê An", "phone": "0912345678"}


def test_the_offices_own_place_gives_way_to_what_is_known() -> None:
    home = Offered(provinces=OFFERED.provinces, communes=OFFERED.communes, home={"province": "01", "commune": "00004"})
    answers = starting_answers(forms()["default"], home)
    filled = prefill(forms()["default"], answers, PROFILE, FACTS, home)
    assert filled["submitter"]["residence"]["commune"] == "06637"


def test_only_the_fields_of_the_step_are_filled_when_asked_so() -> None:
    form = forms()["default"]
    filled = prefill(form, {}, PROFILE, FACTS, OFFERED, only=[form.sections[0].fields[0]])
    assert filled == {"submitter": {"full_name": "Nguyễn Thị Hà"}}
