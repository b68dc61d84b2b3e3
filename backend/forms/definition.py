"""The definition of a form: sections, fields, rules and checks, and what comes bundled with the engine."""

from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from backend.forms.facts import Expression

_DATA = Path(__file__).parent / "data"


class FieldType(StrEnum):
    """What kind of answer a field takes."""

    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    SELECT = "select"
    RADIO = "radio"
    CHECKBOX = "checkbox"
    IDNUMBER = "idnumber"
    PHONE = "phone"
    ADDRESS = "address"
    PERSON = "person"
    REPEAT = "repeat"
    FILE = "file"
    MONEY = "money"


COMPOSITES = (FieldType.PERSON, FieldType.ADDRESS)


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    pass


class Option(_Strict, frozen=True):
    """One answer to choose: what is kept and what is read."""

    value: str
    label: str


class Validation(_Strict, frozen=True):
    """The rules of one field; each is refused with its own sentence (`rules.py`)."""

    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    message: str | None = None
    digits: int | None = None
    min: float | int | None = None
    max: float | int | None = None
    max_expr: str | None = None
    integer: bool = False
    min_items: int | None = None
    max_items: int | None = None
    must_include: list[str] = []
    must_be: bool | None = None
    not_future: bool = False
    not_past: bool = False
    working_day: bool = False
    not_before: str | None = None
    max_age_years: int | None = None
    format: str | None = None
    accept: list[str] = []
    max_mb: int | None = None
    max_files: int | None = None
    forbidden_words: list[str] = []
    unique_in: str | None = None
    checks: list[str] = []


class Reuse(_Strict, frozen=True):
    """Where the office can find this itself."""

    database: str
    what: str


class Field(_Strict, frozen=True):
    """One question."""

    key: str
    label: str
    type: FieldType
    required: bool = False
    help: str | None = None
    default: Any = None
    options: list[Option] = []
    options_from: str | None = None
    depends_on: str | None = None
    suggestions: list[str] = []
    validation: Validation | None = None
    visible_if: Expression | None = None
    source: str | None = None
    source_if: Expression | None = None
    autocomplete: str | None = None
    inputmode: str | None = None
    multiline: bool = False
    transform: str | None = None
    prefix: str | None = None
    parts: list[str] = []
    allow_partial: bool = False
    precision: list[str] = []
    map_point: bool = False
    import_csv: bool = False
    reuse: Reuse | None = None
    item_label: str | None = None
    fields: list["Field"] = []

    @property
    def rules(self) -> Validation:
        """The field's rules; none given means the rules its type always has."""
        return self.validation or _RULES_OF_TYPE.get(self.type, _NO_RULES)

    @property
    def ticks(self) -> bool:
        """Whether it is a list of boxes to tick (a checkbox without options is one box)."""
        return self.type is FieldType.CHECKBOX and bool(self.options)


class Section(_Strict, frozen=True):
    """A group of questions under one title. The key is the first part of its fields' paths."""

    key: str
    title: str
    fields: list[Field]
    help: str | None = None
    visible_if: Expression | None = None


class Level(StrEnum):
    """How heavy a finding is: an error stops the form, the others are only said."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Check(_Strict, frozen=True):
    """A sentence that is said when a condition over the whole form holds."""

    id: str
    when: Expression
    level: Level
    message: str


class Form(_Strict, frozen=True):
    """A whole form."""

    version: int
    sections: list[Section]
    checks: list[Check] = []


_NO_RULES = Validation()
_RULES_OF_TYPE = {
    FieldType.IDNUMBER: Validation(digits=12, checks=["province_code", "century_sex"]),
    FieldType.PHONE: Validation(pattern=r"^(0|\+84)(3|5|7|8|9)\d{8}$"),
}

# Never required: who has no such device still says where in words.
_POINT = Field(
    key="point", label="Vĩ độ, kinh độ", type=FieldType.TEXT, allow_partial=True, validation=Validation(format="point")
)


def _bundled(name: str) -> bytes:
    return (_DATA / f"{name}.json").read_bytes()


@cache
def composite(kind: FieldType) -> tuple[Field, ...]:
    """All parts a person or an address can have, in the order they are asked."""
    return tuple(msgspec.json.decode(_bundled("composites"), type=dict[str, list[Field]])[kind])


@cache
def option_sets() -> dict[str, tuple[Option, ...]]:
    """The closed lists that come with us: ethnicities, relations."""
    return msgspec.json.decode(_bundled("option_sets"), type=dict[str, tuple[Option, ...]])


@cache
def default_form() -> Form:
    """The form of a procedure that has none of its own."""
    return msgspec.json.decode(_bundled("default_form"), type=Form)


@cache
def id_province_codes() -> frozenset[str]:
    """First three digits of personal numbers by the province of birth (TT 59/2021/TT-BCA, annex 1)."""
    return frozenset(msgspec.json.decode(_bundled("id_province_codes"), type=list[str]))


def parts_of(field: Field) -> list[Field]:
    """The parts of a person or address that `field` asks for, each required unless partial answers are allowed.

    An address with `map_point` also asks for its point on the map, as two numbers.
    """
    chosen = [part for part in composite(field.type) if not field.parts or part.key in field.parts]
    if field.map_point:
        chosen.append(_POINT)
    if not field.allow_partial:
        return chosen
    return [msgspec.structs.replace(part, required=False, allow_partial=True) for part in chosen]


def inner_fields(field: Field) -> list[Field]:
    """The fields under `field`: parts of a composite, fields of a repeated group, else none."""
    if field.type in COMPOSITES:
        return parts_of(field)
    return field.fields
