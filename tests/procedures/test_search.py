"""Search among 7,000: the sixty real procedures and 6,940 made up beside them."""

import random

import pytest

from backend.kit.text import fold
from backend.procedures.search import Filters, Index, marked
from tests.procedures.many import many, typo
from tests.procedures.real import entries

INDEX = Index([*entries(), *many()])
REAL = Index(entries())


def test_every_plain_name_and_synonym_without_accents_is_among_the_first_three() -> None:
    lost = [
        (text, entry.code)
        for entry in entries()
        for text in (entry.plain_name, *entry.synonyms)
        if entry.code not in [hit.code for hit in INDEX.search(fold(text)).hits[:3]]
    ]
    assert lost == []


def test_the_made_up_ones_are_found_too() -> None:
    chosen = random.Random(11).sample(many(), 200)
    lost = [
        entry.code
        for entry in chosen
        if entry.code not in [hit.code for hit in INDEX.search(fold(entry.plain_name)).hits[:3]]
    ]
    assert lost == []


def test_with_one_random_typo_at_least_95_of_100_are_among_the_first_five() -> None:
    chance = random.Random(20261124)
    tries = [
        entry.code in [hit.code for hit in INDEX.search(typo(fold(text), chance)).hits[:5]]
        for entry in entries()
        for text in (entry.plain_name, *entry.synonyms)
        for _ in range(2)
    ]
    assert sum(tries) / len(tries) >= 0.95


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("khai sinh", "1.001193"),
        ("khai sanh", "1.001193"),
        ("kahi sinh", "1.001193"),
        ("khaisinh", "1.001193"),
        ("giay doc than", "1.004873"),
        ("giấy độc thấn", "1.004873"),
        ("chung thuc", "2.000815"),
        ("sao y", "2.000815"),
        ("nhap ho khau", "1.004222"),
        ("so do", "1.013978"),
        ("dang kí ket hon", "1.000894"),
        ("1.004873", "1.004873"),
        ("1004873", "1.004873"),
    ],
)
def test_what_people_type_finds_what_they_mean(typed: str, first: str) -> None:
    assert REAL.search(typed).hits[0].code == first


def test_a_field_is_found_by_its_name() -> None:
    assert {hit.field_slug for hit in REAL.search("ho tich").hits} == {"ho-tich"}
    assert len(REAL.search("ho tich").hits) == 18


def test_half_a_word_already_suggests() -> None:
    assert REAL.search("khai s").hits[0].code == "1.001193"
    assert REAL.search("chưng th").hits[0].field_slug == "chung-thuc"


def test_what_was_understood_is_said_with_accents() -> None:
    assert REAL.search("khai sanh").understood == "khai sinh"
    assert REAL.search("giay doc tahn").understood == "giấy độc thân"


def test_nonsense_finds_nothing_and_says_so_as_typed() -> None:
    found = REAL.search("xyzzy qwrtp")
    assert (found.hits, found.understood) == ((), "xyzzy qwrtp")


def test_nothing_typed_lists_everything_the_frequent_first() -> None:
    hits = REAL.search("").hits
    assert len(hits) == 60
    assert [hit.frequency for hit in hits] == sorted((hit.frequency for hit in hits), reverse=True)


def test_filters_narrow_without_changing_the_order() -> None:
    everything = [hit.code for hit in REAL.search("giấy").hits]
    online = [hit.code for hit in REAL.search("giấy", Filters(online=True)).hits]
    assert online == [code for code in everything if "online" in REAL.by_code[code].channels]
    assert {hit.service_level for hit in REAL.search("", Filters(level="information")).hits} == {"information"}
    assert all("business" in hit.audience for hit in REAL.search("", Filters(audience="business")).hits)
    assert {hit.field_slug for hit in REAL.search("", Filters(field="cu-tru")).hits} == {"cu-tru"}


def test_the_words_that_were_meant_are_marked() -> None:
    assert marked("Đăng ký khai sinh", ["khai", "sinh"]) == [("Đăng ký ", False), ("khai sinh", True)]
    assert marked("Khai sinh, thường trú", ["khai", "sinh"]) == [("Khai sinh", True), (", thường trú", False)]


def test_everything_that_fits_is_counted_before_the_answer_is_cut() -> None:
    assert (INDEX.search("").total, len(INDEX.search("", limit=20).hits), INDEX.search("", limit=20).total) == (
        7000, 20, 7000,
    )  # fmt: skip
    field = Filters(field="linh-vuc-39")
    assert (INDEX.search("", field).total, {hit.field_slug for hit in INDEX.search("", field).hits}) == (
        173, {"linh-vuc-39"},
    )  # fmt: skip
    assert INDEX.search("", Filters(among=frozenset({"3.900001", "3.906939"}))).total == 2


@pytest.mark.parametrize("typed", ["giấy phép", "cấp", "thông báo"])
def test_what_passes_a_filter_is_found_behind_however_many_that_do_not(typed: str) -> None:
    word = fold(typed)
    rare = [entry for entry in INDEX.entries if entry.field_slug == "linh-vuc-39" and word in fold(entry.plain_name)]
    found = INDEX.search(typed, Filters(field="linh-vuc-39"))
    assert len(rare) > 5 and found.total == len(found.hits) >= len(rare) // 2
    assert {hit.field_slug for hit in found.hits} == {"linh-vuc-39"}
    assert set(found.hits) == {hit for hit in found.fitting if hit.field_slug == "linh-vuc-39"}, (
        "its pill counts the same"
    )
