from datetime import date

import pytest

from backend.forms.choices import Offered
from backend.forms.definition import Field, FieldType, Form, Option, default_form
from backend.forms.definition import Section as FormSection
from backend.forms.facts import Facts
from backend.procedures.template_filling import sections_to_fill
from backend.procedures.template_papers import Choice, Line, Section, TemplatePaper, render
from tests.kit.reading_pdf import words
from tests.procedures.real import document, procedure

FACTS = Facts(today=date(2026, 11, 25))
NOBODY: Offered = Offered()

KIND = Field(
    key="kind",
    label="Trường hợp",
    type=FieldType.RADIO,
    options=[Option(value="a", label="Có giấy"), Option(value="b", label="Không có giấy")],
)
NUMBER = Field(key="number", label="Số giấy", type=FieldType.TEXT, visible_if={"field": "case.kind", "equals": "a"})
FORM = Form(version=1, sections=[FormSection(key="case", title="Trường hợp của em bé", fields=[KIND, NUMBER])])


def lines(form: Form, answers: dict[str, object]) -> list[Line]:
    return [line for section in sections_to_fill(form, answers, FACTS, NOBODY) for line in section.lines]


def one(field: Field, value: object = None) -> Line:
    form = Form(version=1, sections=[FormSection(key="s", title="S", fields=[field])])
    [line] = lines(form, {} if value is None else {"s": {field.key: value}})
    return line


def test_an_empty_paper_has_the_questions_that_may_still_come() -> None:
    assert lines(FORM, {}) == [
        Line(label="Trường hợp", choices=[Choice("Có giấy"), Choice("Không có giấy")]),
        Line(label="Số giấy"),
    ]


def test_what_the_answers_rule_out_is_left_away_and_what_they_ask_for_is_filled() -> None:
    assert [line.label for line in lines(FORM, {"case": {"kind": "b"}})] == ["Trường hợp"]
    assert lines(FORM, {"case": {"kind": "a", "number": "12/2026"}}) == [
        Line(label="Trường hợp", choices=[Choice("Có giấy", chosen=True), Choice("Không có giấy")]),
        Line(label="Số giấy", value="12/2026"),
    ]


def test_a_personal_number_gets_a_square_for_each_digit() -> None:
    field = Field(key="id", label="Số định danh", type=FieldType.IDNUMBER)
    assert one(field) == Line(label="Số định danh", digits=12)
    assert one(field, "038190001234") == Line(label="Số định danh", value="038190001234", digits=12)


def test_a_long_answer_gets_several_lines_and_a_single_tick_a_box() -> None:
    assert one(Field(key="r", label="Lý do", type=FieldType.TEXT, multiline=True)).rows == 3
    tick = Field(key="t", label="Tôi cam đoan", type=FieldType.CHECKBOX)
    assert one(tick, True) == Line(label="", choices=[Choice("Tôi cam đoan", chosen=True)])


def test_several_ticks_are_all_shown() -> None:
    options = [Option(value=value, label=value.upper()) for value in "abc"]
    field = Field(key="t", label="Chọn", type=FieldType.CHECKBOX, options=options)
    assert [choice.chosen for choice in one(field, ["a", "c"]).choices] == [True, False, True]


def test_a_repeated_group_leaves_room_for_one_item_and_prints_those_there_are() -> None:
    name = Field(key="name", label="Họ tên", type=FieldType.TEXT)
    group = Field(key="w", label="Người làm chứng", type=FieldType.REPEAT, item_label="Người thứ {n}", fields=[name])
    form = Form(version=1, sections=[FormSection(key="s", title="S", fields=[group])])
    assert lines(form, {}) == [Line(label="Người thứ 1", parts=[Line(label="Họ tên")])]
    given = {"s": {"w": [{"name": "Bình"}, {"name": "Chi"}]}}
    assert [line.parts[0].value for line in lines(form, given)] == ["Bình", "Chi"]


def test_files_are_no_lines_of_a_paper() -> None:
    field = Field(key="f", label="Ảnh", type=FieldType.FILE)
    assert (
        sections_to_fill(Form(version=1, sections=[FormSection(key="s", title="S", fields=[field])]), {}, FACTS, NOBODY)
        == []
    )


def labels(sections: list[Section]) -> set[str]:
    return {line.label for section in sections for line in section.lines}


def test_the_default_form_can_be_printed_empty() -> None:
    assert labels(sections_to_fill(default_form(), {}, FACTS, NOBODY))


@pytest.mark.anyio
async def test_every_form_of_the_catalogue_prints_empty() -> None:
    forms = [one for one in document().procedures if one.form]
    assert len(forms) == 21
    for one_procedure in forms:
        assert one_procedure.form is not None
        sections = sections_to_fill(one_procedure.form, {}, FACTS, NOBODY)
        paper = TemplatePaper(title=one_procedure.name, procedure=one_procedure.plain_name, sections=sections)
        text = words(await render(paper))
        for section in one_procedure.form.sections:
            if all(field.type is FieldType.FILE for field in section.fields):
                continue
            assert section.title in text, (one_procedure.code, section.title)


@pytest.mark.anyio
async def test_the_birth_form_prints_what_the_profile_knows() -> None:
    form = procedure("1.001193").form
    assert form is not None
    known = {"submitter": {"full_name": "Nguyễn Thị Ngọc Ánh", "id_number": "038190001234", "phone": "0912345678"}}
    sections = sections_to_fill(form, known, FACTS, NOBODY)
    text = words(await render(TemplatePaper(title="Tờ khai", procedure="Khai sinh", sections=sections)))
    assert "Họ, chữ đệm, tên: Nguyễn Thị Ngọc Ánh" in text
    assert "038190001234" in text.replace(" ", "")
    assert "Số giấy chứng nhận kết hôn" in text
