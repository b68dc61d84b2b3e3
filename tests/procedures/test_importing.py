"""Importing: what is refused and where the operator finds it, versions, and that readers follow."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import pytest

from backend.kit.clock import Frozen
from backend.kit.database import fetch_value
from backend.procedures import queries, schema
from backend.procedures.importing import ImportRefused, import_bytes, import_document, read_document
from tests.procedures.real import DATA

pytestmark = pytest.mark.anyio

PLAIN: dict[str, Any] = json.loads(DATA.read_bytes())


def document(change: Callable[[dict[str, Any]], None] | None = None, codes: tuple[str, ...] = ("1.001193",)) -> bytes:
    """The shipped document with some of its procedures, the first changed."""
    kept = json.loads(json.dumps([one for one in PLAIN["procedures"] if one["code"] in codes]))
    if change:
        change(kept[0])
    return json.dumps(PLAIN | {"procedures": kept}, ensure_ascii=False, indent=1).encode()


def refused(source: bytes) -> list[str]:
    """What the operator reads."""
    with pytest.raises(ImportRefused) as caught:
        read_document(source)
    return [str(fault) for fault in caught.value.faults]


def line(source: bytes, text: str) -> int:
    return next(number for number, found in enumerate(source.decode().splitlines(), 1) if text in found)


def test_all_sixty_are_right() -> None:
    versions, _commons = read_document(DATA.read_bytes())
    assert len(versions) == 60
    assert all(queries.form_of(version).sections for version in versions)


def test_a_definition_comes_out_as_it_went_in() -> None:
    for version in read_document(DATA.read_bytes())[0]:
        assert msgspec.json.decode(msgspec.json.encode(version), type=type(version)) == version


def test_a_wrong_type_is_named_by_line_and_field() -> None:
    def spoil(procedure: dict[str, Any]) -> None:
        procedure["documents"][1]["max_mb"] = "zehn"

    source = document(spoil)
    assert refused(source) == [
        f"line {line(source, 'zehn')}, procedures[0].documents[1].max_mb: Expected `int`, got `str`"
    ]


def test_an_unknown_key_is_refused() -> None:
    def spoil(procedure: dict[str, Any]) -> None:
        procedure["steps"][0]["colour"] = "red"

    assert "unknown field `colour`" in refused(document(spoil))[0]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (("steps", 0, "next", 0, "to"), "nowhere", "leads to `nowhere`, which is neither a step nor an end"),
        (("steps", 2, "budget_hours"), 4, "waits, so its budget_hours must be 0"),
        (("documents", 1, "required_if"), {"field": "case.kin", "equals": "x"}, "there is no field `case.kin`"),
        (("documents", 1, "required_if"), {"case": "twins"}, "there is no case `twins`"),
        (("documents", 1, "required_if"), {"feild": "case.kind"}, "not a condition"),
        (("fee_rules", 1, "quantity"), {"value": "copies.number"}, "there is no field `copies.number`"),
        (("channels", 0, "fees"), ["tip"], "there is no fee rule `tip`"),
        (("documents", 1, "id"), "application", "`application` stands twice"),
        (("budget_hours_total",), 99, "the longest path through the steps takes 7 hours"),
        (("deadline_for_citizen", "from"), "child.birthday", "there is no field `child.birthday`"),
        (("status",), "expiring", "an expiring procedure says until when it is received"),
        (
            ("form", "sections", 0, "fields", 0, "visible_if"),
            {"field": "x.y", "filled": True},
            "there is no field 'x.y'",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused(field: tuple[Any, ...], value: Any, words: str) -> None:
    def spoil(procedure: dict[str, Any]) -> None:
        place = procedure
        for part in field[:-1]:
            place = place[part]
        place[field[-1]] = value

    faults = refused(document(spoil))
    assert any(words in fault for fault in faults), faults
    assert all(fault.startswith("line ") for fault in faults)


def test_a_step_nobody_reaches_and_one_that_never_ends_are_refused() -> None:
    def spoil(procedure: dict[str, Any]) -> None:
        step = {"role": "clerk", "kind": "work", "budget_hours": 0, "note": "", "name": "x"}
        procedure["steps"] += [
            step | {"key": "island", "next": [{"to": "@returned", "label": "x"}]},
            step | {"key": "swamp", "next": [{"to": "swamp", "label": "x"}]},
        ]
        procedure["steps"][0]["next"].append({"to": "swamp", "label": "x"})

    faults = " ".join(refused(document(spoil)))
    assert "step `island` is never reached" in faults
    assert "step `swamp` never ends" in faults


def test_every_faulty_procedure_is_named_at_once() -> None:
    def spoil(procedure: dict[str, Any]) -> None:
        procedure["frequency"] = 9

    source = json.loads(document(spoil, ("1.001193", "1.004873", "2.000635")))
    source["procedures"][2]["service_level"] = "magic"
    faults = refused(json.dumps(source).encode())
    assert [fault.split(", ")[1].split(":")[0] for fault in faults] == [
        "procedures[0].frequency",
        "procedures[2].service_level",
    ]


def test_a_code_twice_is_refused() -> None:
    source = json.loads(document())
    source["procedures"] *= 2
    assert "`1.001193` stands 2 times" in refused(json.dumps(source).encode())[0]


def test_json_lines_name_the_line() -> None:
    first, second = PLAIN["procedures"][0], PLAIN["procedures"][1] | {"code": "abc"}
    source = "\n".join(json.dumps(one, ensure_ascii=False) for one in (first, second)).encode()
    assert refused(source)[0].startswith("line 2, code: ")


def test_broken_json_names_the_line() -> None:
    assert refused(b'{\n"procedures": [\n}')[0].startswith("line 3: no JSON")
    assert refused("{}\n{\xff".encode("latin-1"))[0] == "line 2: the file is not UTF-8"


def test_lines_without_a_form_need_a_default_form_from_before() -> None:
    bare = next(one for one in PLAIN["procedures"] if one["form"] is None)
    assert "no default form" in refused(json.dumps(bare).encode())[0]


def test_an_option_set_of_the_document_is_put_into_its_forms() -> None:
    source = json.loads(document())
    source["option_sets"] = {"ethnicities": [{"value": "one", "label": "Một"}]}
    version = read_document(json.dumps(source).encode())[0][0]
    field = next(
        field for section in queries.form_of(version).sections for field in section.fields if field.key == "ethnicity"
    )
    assert [option.value for option in field.options] == ["one"]
    assert field.options_from is None


def test_the_published_schema_is_current() -> None:
    assert schema.PUBLISHED.read_bytes() == schema.published(), "run: python -m backend.procedures.schema"


async def test_the_file_is_imported_once_and_again_changes_nothing(db: object, frozen: Frozen) -> None:
    assert len((await import_document(DATA)).new) == 60
    again = await import_document(DATA)
    assert (again.new, again.changed, again.unchanged) == ((), (), 60)
    assert await fetch_value("select count(*) from procedure_version") == 60


async def test_a_changed_definition_is_a_further_version_and_the_old_one_stays(db: object, frozen: Frozen) -> None:
    await import_bytes(document())
    before = await queries.current("1.001193")
    assert before is not None
    assert (await queries.index()).search("khai sinh").hits[0].plain_name == "Đăng ký khai sinh"

    def rename(procedure: dict[str, Any]) -> None:
        procedure["plain_name"] = "Khai sinh cho bé"

    assert (await import_bytes(document(rename))).changed == ("1.001193",)
    after = await queries.current("1.001193")
    assert after is not None and after.version_id != before.version_id
    assert after.slug == "khai-sinh-cho-be-1.001193"
    assert (await queries.version_of(before.version_id)).plain_name == "Đăng ký khai sinh"
    assert (await queries.index()).search("khai sinh").hits[0].plain_name == "Khai sinh cho bé"


async def test_one_mistake_and_nothing_is_imported(db: object, frozen: Frozen) -> None:
    source = json.loads(document(codes=("1.001193", "1.004873")))
    source["procedures"][1]["code"] = "x"
    with pytest.raises(ImportRefused):
        await import_bytes(json.dumps(source).encode())
    assert await fetch_value("select count(*) from procedure_version") == 0
    assert await fetch_value("select count(*) from procedure") == 0


async def test_json_lines_take_the_default_form_of_the_document_before(db: object, frozen: Frozen) -> None:
    await import_bytes(document())
    bare = next(one for one in PLAIN["procedures"] if one["form"] is None)
    assert (await import_bytes(json.dumps(bare).encode())).new == (bare["code"],)
    published = await queries.current(bare["code"])
    assert published is not None and published.version.default_form is not None


async def test_a_version_takes_over_on_its_first_day_and_leaves_after_its_last(
    db: object, frozen: Frozen, owner: asyncpg.Connection
) -> None:
    def from_march(procedure: dict[str, Any]) -> None:
        procedure |= {"plain_name": "Khai sinh theo luật mới", "valid_from": "2027-03-01", "valid_to": "2027-06-30"}

    await import_bytes(document())
    await import_bytes(document(from_march))
    assert (await queries.index()).by_code["1.001193"].plain_name == "Đăng ký khai sinh"
    days = (date(2027, 3, 1) - date(2026, 11, 25)).days
    frozen.advance(timedelta(days=days - 1))
    assert (await queries.current("1.001193")).version.plain_name == "Đăng ký khai sinh"  # type: ignore[union-attr]
    frozen.advance(timedelta(days=1))
    assert (await queries.index()).by_code["1.001193"].plain_name == "Khai sinh theo luật mới"
    assert await fetch_value("select plain_name from procedure") == "Khai sinh theo luật mới"
    frozen.advance(timedelta(days=122))
    assert (await queries.index()).entries == []
    published = await queries.current("1.001193")
    assert published is not None and not queries.receives(published, date(2027, 7, 1))


async def test_a_missing_file_is_said_so(db: object, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await import_document(tmp_path / "none.json")


def test_a_sign_the_database_does_not_keep_is_named_by_its_line() -> None:
    source = document(lambda one: one.update(notes="một\0hai"))
    assert refused(source) == [
        f"line {line(source, 'u0000')}: a text holds the character NUL, which the database does not keep"
    ]
    # Written out it is six plain characters, and none of them harms.
    versions, _commons = read_document(document(lambda one: one.update(notes="\\u0000")))
    assert versions[0].notes == "\\u0000"


def test_a_file_may_begin_with_the_mark_of_its_encoding() -> None:
    marked, plain = (read_document(start + document())[0] for start in (b"\xef\xbb\xbf", b""))
    assert marked == plain


@pytest.mark.parametrize("deep", [65, 1_000, 200_000])
@pytest.mark.parametrize("closed", [True, False])
def test_what_is_nested_without_end_is_refused_by_its_line(deep: int, closed: bool) -> None:
    def nested(text: str) -> bytes:
        return text.replace(
            "DEEP", '{"all": [' * (deep // 2) + "\n" + ("]" + "}") * (deep // 2 if closed else 0)
        ).encode()

    for source in (
        nested('{"form_version": 1,\n"odd": DEEP,\n"procedures": []}'),
        nested("[\nDEEP\n]"),
        nested("DEEP"),
    ):
        (fault,) = refused(source)
        assert fault.startswith("line "), fault
    if closed and deep > 65:
        assert refused(nested('{"form_version": 1,\n"odd": DEEP,\n"procedures": []}')) == [
            "line 2: lists and objects stand more than 64 deep"
        ]


def test_in_json_lines_the_deep_one_is_named() -> None:
    good = json.dumps(PLAIN["procedures"][0], ensure_ascii=False)
    deep = '{"steps": ' + "[" * 5_000 + "]" * 5_000 + "}"
    assert refused(f"{good}\n{deep}\n".encode()) == ["line 2: lists and objects stand more than 64 deep"]


def test_brackets_in_texts_are_no_nesting() -> None:
    def spoil(procedure: dict[str, Any]) -> None:
        procedure["plain_name"] = 'Khai sinh "' + "[{" * 200 + "\\"

    versions, _commons = read_document(document(spoil))
    assert "[{[{" in versions[0].plain_name
