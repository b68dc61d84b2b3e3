"""What is posted becomes answers, and answers become the same post again."""

import unicodedata
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.forms import dates
from backend.forms.answers import carry_over, shown, starting_answers, visible_answers
from backend.forms.definition import Field, FieldType, Form, Option, Section, Validation
from backend.forms.expressions import Reading
from backend.forms.paths import find, join, put
from backend.forms.reading import parse, posted, read
from backend.forms.receiving import receive
from backend.forms.steps import all_steps, step_of
from backend.forms.writing import pairs_of
from tests.forms.generator import fill
from tests.forms.lists import CODES, FACTS, OFFERED, forms


def field(kind: FieldType, **more: Any) -> Field:
    return Field(key="x", label="X", type=kind, **more)


TEXT, NUMBER, MONEY = FieldType.TEXT, FieldType.NUMBER, FieldType.MONEY


@pytest.mark.parametrize(
    ("asked", "typed", "kept"),
    [
        (field(TEXT), "  Lê   Lợi ", "Lê Lợi"),
        (field(NUMBER), "2,0", 2),
        (field(NUMBER), "1" + ".000" * 2000, "1" + ".000" * 2000),
        (field(NUMBER), "1" + ".000" * 200 + ",5", "1" + ".000" * 200 + ",5"),
        (field(MONEY), "9" * 6000, "9" * 6000),
        (field(TEXT), "   ", None),
        (field(TEXT, multiline=True), "một\nhai ", "một\nhai"),
        (field(TEXT, transform="title_case"), "NGUYỄN văn an", "Nguyễn Văn An"),
        (field(TEXT, transform="title_case"), "h'hen niê", "H'Hen Niê"),
        (field(TEXT, transform="title_case"), "Ronald McDonald", "Ronald McDonald"),
        (field(TEXT, transform="upper_no_accent"), "Đặng Thị Hương", "DANG THI HUONG"),
        (field(TEXT, prefix="Hộ kinh doanh "), "hộ kinh doanh Lan Anh", "Lan Anh"),
        (field(TEXT, inputmode="numeric"), "0123 456 789", "0123456789"),
        (field(FieldType.IDNUMBER), "038 198.006-417", "038198006417"),
        (field(FieldType.PHONE), "+84 912 345 678", "0912345678"),
        (field(FieldType.PHONE), "84912345678", "0912345678"),
        (field(FieldType.PHONE), "0912 345 67", "091234567"),
        (field(NUMBER), "2,5", 2.5),
        (field(NUMBER), "1.000", 1000),
        (field(NUMBER), "hai", "hai"),
        (field(NUMBER), "", None),
        (field(MONEY), "24.000 đ", 24000),
        (field(MONEY), "24,000", 24000),
        (field(MONEY), "1500000 đồng", 1500000),
        (field(FieldType.CHECKBOX), "on", True),
        (field(FieldType.CHECKBOX), "", None),
    ],
)
def test_a_text_is_kept_as_meant(asked: Field, typed: str, kept: Any) -> None:
    assert parse(asked, [typed]) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (("30", "11", "2026"), "2026-11-30"),
        (("5", "3", "1958"), "1958-03-05"),
        (("", "3", "1958"), "1958-03"),
        (("", "", "1958"), "1958"),
        (("31", "11", "2026"), {"day": "31", "month": "11", "year": "2026"}),
        (("29", "2", "2025"), {"day": "29", "month": "2", "year": "2025"}),
        (("5", "", "1958"), {"day": "5", "year": "1958"}),
        (("ba", "3", "1958"), {"day": "ba", "month": "3", "year": "1958"}),
        (("1", "1", "26"), {"day": "1", "month": "1", "year": "26"}),
        (("", "", ""), None),
    ],
)
def test_three_boxes_make_a_date_or_keep_what_was_typed(typed: tuple[str, str, str], kept: Any) -> None:
    assert dates.from_boxes(*typed) == kept
    if kept is not None:
        assert dates.from_boxes(**dates.boxes(kept)) == kept


def test_letters_are_composed_and_nul_is_dropped() -> None:
    decomposed = unicodedata.normalize("NFD", "Đặng Thị Ếch")
    assert posted([("a", f"{decomposed}\x00"), ("b", object())]) == {"a": ["Đặng Thị Ếch"]}


def only_files(value: Any) -> Any:
    """What is left of answers when everything but files is forgotten."""
    if isinstance(value, dict):
        return {key: left for key, inner in value.items() if (left := only_files(inner)) is not None}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [only_files(item) for item in value]
    return value if isinstance(value, list) and str(value[0]).startswith("file-") else None


@pytest.mark.parametrize("code", CODES)
def test_answers_posted_again_are_the_same_answers(code: str) -> None:
    form = forms()[code]
    answers = fill(form, Random(3), OFFERED, FACTS, file_id=lambda: "file-1")
    again = only_files(answers)
    for section in form.sections:
        for one in section.fields:
            path = join(section.key, one.key)
            read(one, path, posted(pairs_of(one, path, find(answers, path))), again)
    assert visible_answers(form, again, FACTS) == answers


REPEAT = Field(
    key="items", label="Người làm chứng", type=FieldType.REPEAT, item_label="Người {n}",
    validation=Validation(min_items=1, max_items=3), required=True,
    fields=[Field(key="name", label="Tên", type=TEXT), Field(key="nation", label="Nước", type=TEXT, default="VN")],
)  # fmt: skip
WITNESSES = Form(version=1, sections=[Section(key="w", title="W", fields=[REPEAT])])


def people(*names: str) -> dict[str, Any]:
    return {"w": {"items": [{"name": name} for name in names]}}


def test_an_item_is_added_with_its_defaults_and_takes_the_focus() -> None:
    step = all_steps(WITNESSES)[0]
    got = receive(step, [("w.items.0.name", "An Ninh"), ("_do", "add:w.items")], people("An"))
    assert got.answers["w"]["items"] == [{"name": "An Ninh"}, {"nation": "VN"}]
    assert (got.stays, got.focus) == (True, "w.items.1")


def test_an_item_is_removed_and_the_others_keep_what_was_typed() -> None:
    step = all_steps(WITNESSES)[0]
    pairs = [("w.items.0.name", "An"), ("w.items.1.name", "Bình"), ("_do", "remove:w.items.0")]
    assert receive(step, pairs, people("An", "B")).answers == people("Bình")


def test_no_more_items_than_allowed_are_taken_whatever_is_posted() -> None:
    step = all_steps(WITNESSES)[0]
    pairs = [(f"w.items.{n}.name", "An") for n in (0, 1, 2, 3, 900, 99999999)]
    assert len(receive(step, pairs, {}).answers["w"]["items"]) == 3
    full = people("An", "Bình", "Chi")
    assert receive(step, [("_do", "add:w.items")], full).answers == full


def test_an_item_posted_past_the_end_is_added_at_the_end() -> None:
    step = all_steps(WITNESSES)[0]
    assert receive(step, [("w.items.7.name", "Chi")], people("An")).answers["w"]["items"][1]["name"] == "Chi"


@pytest.mark.parametrize("target", ["w.nothing", "w", "", "w.items.x", "w.items.99", "../w"])
def test_a_strange_button_changes_nothing(target: str) -> None:
    step = all_steps(WITNESSES)[0]
    for verb in ("add", "remove"):
        if (verb, target) != ("add", "w.items"):
            kept = receive(step, [("_do", f"{verb}:{target}")], people("An")).answers
            assert kept["w"]["items"][0] == {"name": "An"}


def test_fields_that_are_not_posted_stay_and_strange_names_are_ignored() -> None:
    form = forms()["1.001193"]
    step = all_steps(form)[0]
    got = receive(
        step, [("submitter.full_name", "lê an"), ("case.kind", "oath"), ("x.y", "z")], {"case": {"kind": "normal"}}
    )
    assert got.answers == {"case": {"kind": "normal"}, "submitter": {"full_name": "Lê An"}}


def test_files_are_not_taken_from_names() -> None:
    form = forms()["1.001193"]
    step = step_of(all_steps(form), "copies.fee_exemption_proof")
    assert step
    kept = {"copies": {"fee_exemption_proof": ["mine"]}}
    assert receive(step, [("copies.fee_exemption_proof", "someone-elses")], kept).answers == kept


def test_a_new_draft_has_defaults_and_the_items_a_group_needs() -> None:
    answers = starting_answers(forms()["1.001193"], OFFERED)
    assert answers["case"]["kind"] == "normal"
    assert answers["mother"]["person"] == {"nationality": "VN"}
    assert answers["witnesses"]["items"] == [{}]


def test_the_offices_own_place_is_chosen_beforehand() -> None:
    at_home = type(OFFERED)(
        provinces=OFFERED.provinces, communes=OFFERED.communes, home={"province": "22", "commune": "06637"}
    )
    assert starting_answers(forms()["default"], at_home)["submitter"]["residence"] == {
        "province": "22",
        "commune": "06637",
    }


def test_another_version_takes_what_fits_and_gives_back_the_rest() -> None:
    choice = Field(key="kind", label="K", type=FieldType.RADIO, options=[Option(value="new", label="N")], default="new")
    newer = Form(
        version=2,
        sections=[Section(key="w", title="W", fields=[REPEAT, choice, Field(key="age", label="Tuổi", type=NUMBER)])],
    )
    older = {"w": {"items": [{"name": "An", "gone": "xưa"}], "kind": "old", "age": 7}, "lost": {"words": "còn đây"}}
    carried, left = carry_over(older, newer)
    assert carried == {"w": {"items": [{"name": "An", "nation": "VN"}], "kind": "new", "age": 7}}
    assert left == {"w.items.0.gone": "xưa", "w.kind": "old", "lost.words": "còn đây"}


@pytest.mark.parametrize("code", CODES)
def test_the_same_version_takes_everything(code: str) -> None:
    answers = fill(forms()[code], Random(5), OFFERED, FACTS)
    carried, left = carry_over(answers, forms()[code])
    assert left == {}
    assert visible_answers(forms()[code], carried, FACTS).keys() == answers.keys()


TYPED = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-5, 10**6), st.text(max_size=12), st.sampled_from(["oath", "both", "yes"])
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)),
    max_leaves=6,
)


@settings(max_examples=60)
@given(st.sampled_from(CODES), st.data())
def test_hidden_answers_never_survive_whatever_the_draft_holds(code: str, data: st.DataObject) -> None:
    form = forms()[code]
    draft = fill(form, Random(data.draw(st.integers(0, 3))), OFFERED, FACTS)
    paths = [join(section.key, one.key) for section in form.sections for one in section.fields]
    for path in data.draw(st.lists(st.sampled_from(paths), max_size=8)):
        put(draft, path, data.draw(TYPED))
    kept = visible_answers(form, draft, FACTS)
    assert visible_answers(form, kept, FACTS) == kept
    for section in form.sections:
        for one in section.fields:
            reading = Reading(answers=kept, facts=FACTS)
            if not (shown(section.visible_if, reading) and shown(one.visible_if, reading)):
                assert find(kept, join(section.key, one.key)) is None
