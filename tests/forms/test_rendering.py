"""Every step of every form, read as a browser and a screen reader read it."""

import json
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest

from backend.forms.answers import starting_answers, visible_answers
from backend.forms.conditions import _FIELD_TESTS
from backend.forms.definition import Field, FieldType, Form, Option, Section, default_form
from backend.forms.receiving import receive
from backend.forms.steps import Asked, Step, all_steps, step_of, visible_steps, with_first_step
from backend.forms.validation import validate
from backend.forms.words import in_words
from backend.kit.language import use_language
from backend.kit.pages import environment
from tests.forms.drawing import draw
from tests.forms.generator import fill
from tests.forms.lists import CODES, FACTS, OFFERED, forms
from tests.forms.reading_html import faults, named, pairs, parse

BIRTH = forms()["1.001193"]


def step(path: str, code: str = "1.001193") -> Step:
    found = step_of(all_steps(forms()[code]), path)
    assert found
    return found


@pytest.mark.parametrize("code", CODES)
def test_every_step_of_a_fresh_draft_is_sound_and_says_all_its_mistakes(code: str) -> None:
    form = forms()[code]
    answers = starting_answers(form, OFFERED)
    for one in all_steps(form):
        assert faults(draw(form, one, answers)) == []
        findings = validate(form, answers, FACTS, OFFERED, one)
        page = draw(form, one, answers, findings=findings)
        assert faults(page) == []
        if findings.errors:
            summary = named_by_id(page, "f-summary")
            assert [link["href"][1:] != "" for link in summary.all("a")] == [True] * len(findings.errors)
            assert summary["tabindex"] == "-1" and "data-focus" in summary.attributes


def named_by_id(page: Any, identity: str) -> Any:
    return next(one for one in page.all() if one["id"] == identity)


@pytest.mark.parametrize("code", CODES)
def test_a_filled_step_posted_as_it_stands_changes_nothing(code: str) -> None:
    form = forms()[code]
    for seed in range(3):
        answers = fill(form, Random(seed), OFFERED, FACTS)
        for one in visible_steps(form, answers, FACTS):
            page = draw(form, one, answers)
            assert faults(page) == []
            got = receive(one, pairs(page), answers)
            assert (got.changed, got.conflicts, got.stays) == ([], [], False)
            assert visible_answers(form, got.answers, FACTS) == answers


@pytest.mark.parametrize("language", ["vi", "en"])
def test_both_languages_are_sound_and_the_catalogues_words_are_marked(language: str) -> None:
    with use_language(language):  # type: ignore[arg-type]
        page = draw(
            BIRTH, step("child.full_name"), {}, findings=validate(BIRTH, {}, FACTS, OFFERED, step("child.full_name"))
        )
    assert faults(page) == []
    label = next(one for one in page.all("label") if one["for"] == "f-child-full_name")
    assert label["lang"] == ("vi" if language == "en" else "")
    assert (" places to fix" in page.text) is (language == "en")


def test_a_mistake_stands_at_its_field_and_is_read_with_it() -> None:
    answers = {"child": {"birth_date": {"day": "31", "month": "11", "year": "2026"}}}
    page = draw(
        BIRTH,
        step("child.birth_date"),
        answers,
        findings=validate(BIRTH, answers, FACTS, OFFERED, step("child.birth_date")),
    )
    day = named_by_id(page, "f-child-birth_date-day")
    assert (day["value"], day["aria-invalid"], day["inputmode"]) == ("31", "true", "numeric")
    assert "31/11/2026 không có trong lịch" in named_by_id(page, day["aria-describedby"]).text
    links = {link["href"]: link.text for link in named_by_id(page, "f-summary").all("a")}
    assert links["#f-child-birth_date-day"].startswith("Ngày sinh")


def test_optional_questions_say_so_in_words_and_no_star_is_shown() -> None:
    page = draw(
        BIRTH,
        step("case.marriage_number"),
        {"case": {"kind": "normal", "parents_known": "both", "parents_married": "yes"}},
    )
    assert "Số giấy chứng nhận kết hôn (không bắt buộc)" in page.text
    assert "*" not in page.text
    assert "không bắt buộc" not in draw(BIRTH, step("case.kind"), {}).text


def test_a_question_that_depends_on_another_of_the_same_page_carries_its_condition() -> None:
    page = draw(BIRTH, step("case.parents_known"), {"case": {"kind": "normal"}})
    unit = next(one for one in page.all() if one["data-unit"] == "case.parents_known")
    assert json.loads(unit["data-when"]) == {"not": {"field": "case.kind", "equals": "abandoned"}}


def test_a_question_that_an_earlier_page_hides_is_not_on_the_page() -> None:
    answers = {"copies": {"fee_exemption": "none"}, "case": {"kind": "oath"}}
    page = draw(BIRTH, step("child.birth_certificate_no"), answers)
    assert not [one for one in page.all() if one["data-unit"] == "child.birth_certificate_no"]


def test_conditions_inside_an_item_ask_that_item() -> None:
    page = draw(
        forms()["2.000815"], step("papers.items", "2.000815"), {"papers": {"items": [{}, {"issuer": "foreign"}]}}
    )
    unit = next(one for one in page.all() if one["data-unit"] == "papers.items.1.legalised")
    assert json.loads(unit["data-when"]) == {"field": "papers.items.1.issuer", "equals": "foreign"}


def test_items_can_be_added_and_taken_away_without_a_script() -> None:
    form, here = forms()["1.001193"], step("witnesses.items")
    page = draw(form, here, {"witnesses": {"items": [{}]}, "case": {"kind": "witness"}})
    assert named(page, "_do", "add:witnesses.items").text == "Thêm người làm chứng"
    assert named(page, "_do", "remove:witnesses.items.0").text == "Bỏ người làm chứng 1"
    got = receive(here, [*pairs(page), ("_do", "add:witnesses.items")], {"witnesses": {"items": [{}]}}, OFFERED)
    again = draw(form, here, got.shown, focus=got.focus)
    assert next(one for one in again.all() if "autofocus" in one.attributes).text == "Người làm chứng 2"
    full = draw(form, here, {"witnesses": {"items": [{}, {}, {}]}})
    assert not [one for one in full.all("button") if one["value"].startswith("add:")]


def test_enter_goes_on_and_never_takes_an_item_away() -> None:
    page = draw(BIRTH, step("witnesses.items"), {"witnesses": {"items": [{}]}})
    assert page.all("button")[0]["name"] == ""


def test_a_long_list_is_a_select_and_suggestions_leave_the_text_free() -> None:
    page = draw(BIRTH, step("child.ethnicity"), {"child": {"nationality": "XK"}})
    assert len(named(page, "child.ethnicity").all("option")) == 55
    assert [one["value"] for one in named(page, "child.nationality").all("option") if "selected" in one.attributes] == [
        "XK"
    ]
    bank = draw(
        forms()["2.002913"], step("payment.bank", "2.002913"), {"payment": {"method": "bank", "bank": "Ngân hàng khác"}}
    )
    assert named(bank, "payment.bank")["value"] == "Ngân hàng khác"
    assert [one["value"] for one in bank.all("datalist")[0].all("option")] == ["Agribank", "Vietcombank"]


def test_communes_are_those_of_the_province_and_a_button_fetches_them_without_a_script() -> None:
    here = step("submitter.residence")
    page = draw(BIRTH, here, {"submitter": {"residence": {"province": "22"}}})
    assert [one["value"] for one in named(page, "submitter.residence.commune").all("option")] == ["", "06637"]
    assert named(page, "submitter.residence.province")["data-feeds"] == "f-submitter-residence-commune"
    assert named(page, "_do", "again").inside("noscript")
    empty = draw(BIRTH, here, {})
    assert named(empty, "submitter.residence.commune").text == "Chọn tỉnh, thành phố trước"


def test_an_answer_changed_elsewhere_is_shown_beside_what_is_typed_here() -> None:
    here, kept = step("child.full_name"), {"child": {"full_name": "Lê Bình"}}
    was = json.dumps({"child.full_name": "before"})
    got = receive(here, [("child.full_name", "Lê An"), ("_was", was)], kept)
    page = draw(BIRTH, here, got.shown, kept=got.answers, conflicts=got.conflicts, version=4)
    assert faults(page) == []
    assert named(page, "child.full_name")["value"] == "Lê An"
    assert "Nơi khác vừa đổi thành: Lê Bình" in page.text
    mine = receive(here, pairs(page), kept)
    assert mine.answers["child"]["full_name"] == "Lê An"
    theirs = receive(here, [*pairs(page), ("_do", "theirs:child.full_name")], kept)
    assert theirs.answers["child"]["full_name"] == "Lê Bình"


def test_a_warning_is_said_on_the_page_and_remembered() -> None:
    answers = {"child": {"birth_date": "2026-01-01", "full_name": "Lê An", "birth_time": None}}
    here = step("child.birth_date")
    findings = validate(BIRTH, answers, FACTS, OFFERED, here)
    page = draw(BIRTH, here, answers, findings=findings)
    assert "Quá 60 ngày" in page.text
    seen = receive(here, pairs(page), answers).seen
    assert not findings.unseen(seen)


def test_a_file_question_is_drawn_by_whoever_keeps_the_files() -> None:
    here = step("copies.fee_exemption_proof")
    answers = {"copies": {"fee_exemption": "poor", "fee_exemption_proof": ["f1"]}}
    link = '<a id="{{ control.id }}" href="/tep">{{ control.files|length }}</a>'
    page = f'{{% call(control) form.step(view, "/x", "") %}}{link}{{% endcall %}}'
    assert "1" in named_by_id(draw(BIRTH, here, answers, page), "f-copies-fee_exemption_proof").text
    own = draw(BIRTH, here, answers)
    assert own.all("form")[0]["enctype"] == "multipart/form-data"
    assert named(own, "copies.fee_exemption_proof")["accept"] == "application/pdf,image/jpeg,image/png,image/heic"
    assert "Xã tự tra được thì không phải nộp" in own.text
    found = msgspec.structs.replace(FACTS, found=frozenset({"social_protection"}))
    assert "Xã đã có: hộ nghèo" in draw(BIRTH, here, answers, facts=found).text


def test_the_first_step_of_the_default_form_is_sound() -> None:
    form = with_first_step(
        default_form(),
        [Option(value="a", label="Một"), Option(value="b", label="Hai")],
        [Asked(fee="copy", question="Mấy bản?")],
        [Asked(fee="copy", question="Được miễn?", options=(Option(value="poor", label="Hộ nghèo"),))],
    )
    page = draw(form, all_steps(form)[0], starting_answers(form))
    assert faults(page) == []
    assert {one["name"] for one in page.all("input")} >= {"case", "ask.copy", "exempt.copy"}


def test_what_is_typed_is_written_out_and_never_run() -> None:
    nasty = '"><script>alert(1)</script>'
    page = draw(BIRTH, step("child.full_name"), {"child": {"full_name": nasty}})
    assert named(page, "child.full_name")["value"] == nasty
    assert page.all("script") == []


@pytest.mark.parametrize("code", CODES)
def test_the_review_is_sound_and_leads_back_to_each_section(code: str) -> None:
    form = forms()[code]
    visible = fill(form, Random(4), OFFERED, FACTS)
    sections = in_words(form, visible, FACTS, OFFERED)
    template = environment().from_string("{{ form.review(sections, edit) }}")
    page = parse(template.render(sections=sections, edit={section.key: "/nop/1/buoc/1" for section in sections}))
    assert faults(page) == []
    assert len(page.all("a")) == len(sections)


def test_the_browser_reads_conditions_with_the_servers_tests() -> None:
    script = (Path(__file__).parents[2] / "pwa" / "scripts" / "form-conditions.js").read_text(encoding="utf-8")
    for name in _FIELD_TESTS:
        assert f"  {name}: (" in script


DISABILITY = forms()["1.001776"]


def _pressed(page: Any) -> list[str]:
    return [one["value"] for one in page.all("input") if one["type"] == "radio" and "checked" in one.attributes]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_choice_that_may_be_left_out_can_be_let_go_again_without_a_script(language: str) -> None:
    here = step("disability.pregnant", "1.001776")
    kept = {"disability": {"pregnant": "no"}}
    with use_language(language):  # type: ignore[arg-type]
        page = draw(DISABILITY, here, kept)
        letting_go = named(page, "disability.pregnant", "")
        words = page.text
        assert faults(page) == [] and letting_go.parent["lang"] == ""
    assert ("Không chọn" in words, "No choice" in words) == (language == "vi", language == "en")
    posted = [pair for pair in pairs(page) if pair[0] != "disability.pregnant"]
    got = receive(here, [*posted, ("disability.pregnant", letting_go["value"])], kept)
    assert visible_answers(DISABILITY, got.answers, FACTS) == {}
    assert "" in _pressed(draw(DISABILITY, here, got.answers))


def test_a_choice_that_must_be_made_offers_no_way_around_it() -> None:
    for one in all_steps(BIRTH):
        for field in one.fields:
            if field.type == "radio" and field.required:
                assert not [
                    box for box in draw(BIRTH, one, {}).all("input") if box["type"] == "radio" and not box["value"]
                ]


def test_a_person_who_may_be_left_out_can_be_emptied_again_to_the_last_choice() -> None:
    person = Field(key="helper", label="Người giúp", type=FieldType.PERSON, parts=["full_name", "sex"])
    form = Form(version=1, sections=[Section(key="who", title="Ai", fields=[person])])
    page = draw(form, all_steps(form)[0], {"who": {"helper": {"sex": "male"}}})
    assert named(page, "who.helper.sex", "") and _pressed(page) == ["male"]
    must = Form(
        version=1,
        sections=[Section(key="who", title="Ai", fields=[msgspec.structs.replace(person, required=True)])],
    )
    page = draw(must, all_steps(must)[0], {})
    assert not [one for one in page.all("input") if one["type"] == "radio" and not one["value"]]
