"""A repeated group filled from a table: what it says becomes items, or every mistake is told with its line."""

import unicodedata
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.forms.definition import Field, FieldType, Form, Option, Section, Validation
from backend.forms.receiving import receive
from backend.forms.sheet import columns, text_of_file, written
from backend.forms.steps import all_steps, step_of
from backend.kit.language import use_language
from tests.forms.drawing import draw
from tests.forms.lists import FACTS, OFFERED, forms
from tests.forms.reading_html import faults

TEXT = FieldType.TEXT
GROUP = Field(
    key="items", label="Người", type=FieldType.REPEAT, item_label="Người {n}", import_csv=True, required=True,
    validation=Validation(min_items=1, max_items=5),
    fields=[
        Field(key="name", label="Họ tên", type=TEXT, required=True, validation=Validation(max_length=30)),
        Field(key="born", label="Ngày sinh", type=FieldType.DATE, precision=["day", "month", "year"]),
        Field(key="count", label="Số bản", type=FieldType.NUMBER, validation=Validation(integer=True, max=9)),
        Field(key="home", label="Nơi ở", type=FieldType.ADDRESS, parts=["province", "commune"], allow_partial=True),
        Field(
            key="kind", label="Loại", type=FieldType.RADIO,
            options=[Option(value="a", label="Có, đã ký"), Option(value="b", label="Không")],
        ),
        Field(key="photo", label="Ảnh", type=FieldType.FILE, required=True),
    ],
)  # fmt: skip
FORM = Form(version=1, sections=[Section(key="p", title="P", fields=[GROUP])])
STEP = all_steps(FORM)[0]
HEAD = "Họ tên;Ngày sinh;Số bản;Tỉnh, thành phố;Xã, phường, đặc khu;Loại"


def take(text: str, kept: dict[str, Any] | None = None, **more: Any) -> Any:
    pairs = [("_do", "table:p.items"), ("_csv.p.items", text)]
    return receive(STEP, pairs, kept or {}, OFFERED, FACTS, **more)


def test_rows_become_items_behind_those_that_are_there() -> None:
    kept = {"p": {"items": [{"name": "Lò Thị Mai"}, {}]}}
    got = take(f"{HEAD}\nVi Văn Sơn;30/11/1990;2;Hà Nội;phuong ba dinh;có, đã ký\n\nHà;1958;;;;b", kept)
    assert got.table.mistakes == [] and got.stays
    assert got.answers["p"]["items"] == [
        {"name": "Lò Thị Mai"},
        {
            "name": "Vi Văn Sơn",
            "born": "1990-11-30",
            "count": 2,
            "kind": "a",
            "home": {"province": "01", "commune": "00004"},
        },
        {"name": "Hà", "born": "1958", "kind": "b"},
    ]


def test_every_mistake_is_told_with_its_line_and_nothing_is_taken_or_lost() -> None:
    text = f'{HEAD};Màu\nAn;31/2/2020;mười;;;\n"Tên\ndài";;12;;;\n;1990;;Hà Nội;Phường Hà Tu;gì đó;;thừa'
    got = take(text, {"p": {"items": [{"name": "Lò Thị Mai"}]}})
    assert got.answers == {"p": {"items": [{"name": "Lò Thị Mai"}]}}
    said = got.table.mistakes
    assert [one.partition(":")[0] for one in said] == [
        "Dòng 1", "Dòng 5", "Dòng 2", "Dòng 2", "Dòng 3", "Dòng 5", "Dòng 5", "Dòng 5",
    ]  # fmt: skip
    assert (
        "không có cột “Màu”" in said[0] and "31/2/2020 không có trong lịch" in said[2] and "Chưa ghi họ tên" in said[5]
    )
    page = draw(FORM, STEP, got.shown, table=got.table)
    assert faults(page) == []
    box = page.all("textarea")[0]
    assert "".join(map(str, box.content)).removeprefix("\n") == text
    links = [one for one in page.all("a") if one["href"] == f"#{box['id']}"]
    assert len(links) == len(said) and "open" in page.all("details")[0].attributes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "chưa có dòng nào"),
        (HEAD, "chưa có dòng nào"),
        ("a,b\n1,2", "không có cột “a”"),
        (HEAD + "\n" + "An\n" * 6, "Nhiều nhất 5 mục"),
        (HEAD + "\n" + "An\n" * 10_000, "bảng có thêm 10000"),
        (HEAD + '\n"' + "x" * 200_000, "không đọc được"),
        ("Họ tên;Họ tên\nAn;Bình", "hai lần"),
        ("PK\x03\x04\x00\ufffd", "không có cột"),
    ],
)
def test_a_table_that_cannot_be_taken_is_told_so(text: str, said: str) -> None:
    got = take(text)
    assert not got.table.items and any(said in one for one in got.table.mistakes)


def test_a_file_counts_before_the_box_and_the_empty_form_fits() -> None:
    page = draw(FORM, STEP, {})
    assert faults(page) == [] and "multipart" in page.all("form")[0]["enctype"]
    link = next(one for one in page.all("a") if "download" in one.attributes)
    empty = unquote(link["href"].partition(",")[2])
    assert empty == written([HEAD.split(";")])
    pairs = [("_do", "table:p.items"), ("_csv.p.items", empty + "An;;;;;\r\n"), ("_csv.p.items", "khác")]
    assert receive(STEP, pairs, {}, OFFERED, FACTS).answers["p"]["items"] == [{"name": "An"}]


def test_rows_sent_by_another_button_are_not_lost() -> None:
    rows = ("_csv.p.items", f"{HEAD}\nAn;;;;;")
    sent = receive(STEP, [rows], {}, OFFERED, FACTS)
    assert sent.stays and sent.answers["p"]["items"] == [{"name": "An"}]
    other = receive(STEP, [rows, ("_do", "add:p.items")], {}, OFFERED, FACTS)
    assert other.answers["p"]["items"] == [{}]
    page = draw(FORM, STEP, other.shown, table=other.table)
    assert "".join(map(str, page.all("textarea")[0].content)).endswith(rows[1])
    assert "open" in page.all("details")[0].attributes


def test_only_a_group_that_says_so_takes_a_table() -> None:
    form = forms()["1.001193"]
    here = step_of(all_steps(form), "witnesses.items")
    assert here
    got = receive(here, [("_do", "table:witnesses.items"), ("_csv.witnesses.items", "a\n1")], {}, OFFERED, FACTS)
    assert got.table is None and got.answers == {}
    assert not draw(form, here, {}).all("textarea")


def test_people_of_the_catalogue_have_columns_of_their_own_and_no_files() -> None:
    form = forms()["1.004194"]
    here = step_of(all_steps(form), "people.items")
    assert here
    found = columns(here.fields[0])
    assert len(set(found)) == len(found) > 5
    assert all(leaf.type is not FieldType.FILE for _path, leaf in found.values())
    assert faults(draw(form, here, {"people": {"items": [{}]}})) == []


def test_english_pages_mark_the_form_s_own_words() -> None:
    with use_language("en"):
        said = take(f"{HEAD}\n;1990;;;;").table.mistakes[0]
    assert said.startswith('Line 2: <span lang="vi">Họ tên</span>: ')


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_files_of_spreadsheets_are_read_in_their_letters(encoding: str) -> None:
    assert text_of_file("Họ tên;Đặng".encode(encoding)) == "Họ tên;Đặng"


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1, max_size=30).map(
    lambda text: " ".join(text.split())
)


@given(
    st.lists(
        st.tuples(
            WORDS.filter(bool),
            st.dates().map(lambda day: f"{day.day}/{day.month}/{max(day.year, 1900):04}"),
            st.integers(0, 9).map(str),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_what_a_table_says_is_what_the_items_say(rows: list[tuple[str, str, str]]) -> None:
    named_rows = [(unicodedata.normalize("NFC", name), *rest) for name, *rest in rows]
    got = take(written([["Họ tên", "Ngày sinh", "Số bản"], *map(list, named_rows)]))
    if got.table.mistakes:
        assert not got.answers and all(one.startswith("Dòng ") for one in got.table.mistakes)
        return
    items = got.answers["p"]["items"]
    assert [(one["name"], str(one["count"])) for one in items] == [(name, count) for name, _day, count in named_rows]


@given(st.text(max_size=400))
def test_no_table_is_too_strange(text: str) -> None:
    got = take(f"{HEAD}\n{text}")
    assert bool(got.table.items) != bool(got.table.mistakes)
    assert bool(got.answers) == bool(got.table.items)
