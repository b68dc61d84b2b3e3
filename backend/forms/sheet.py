"""A repeated group filled from a table: the rows of a CSV become items, every mistake told with the line it stands in."""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from urllib.parse import quote

import msgspec
from markupsafe import Markup

from backend.forms import dates
from backend.forms.answers import MOST_ITEMS, leaves, new_item, says_nothing
from backend.forms.choices import Choices, is_open, offered
from backend.forms.definition import Field, FieldType, inner_fields
from backend.forms.expressions import Reading
from backend.forms.facts import Facts
from backend.forms.paths import Answers, find, join, put
from backend.forms.reading import LONGEST, LONGEST_TABLE, parse
from backend.forms.validation import Finding, item_findings
from backend.kit.language import _, current_language, in_vietnamese
from backend.kit.text import fold

LARGEST_TABLE_FILE = 4 * LONGEST_TABLE
"""Bytes read of a table's file."""

_YES = ("co", "x", "yes", "true", "1", "on")
_MOST_TOLD = 100


class Imported(msgspec.Struct, frozen=True):
    """What came of a table.

    path: of the group.
    text: the table, to be mended and sent again; empty once its rows are in.
    mistakes: every one, line first; with any of them no row is taken.
    items: the rows as items.
    """

    path: str
    text: str = ""
    mistakes: list[str] = []
    items: list[Answers] = []


class _Row(msgspec.Struct, frozen=True):
    line: int
    item: Answers


def columns(field: Field) -> dict[str, tuple[str, Field]]:
    """Return heading → (path inside an item, question) for every question of a group that a table can answer.

    Files cannot stand in a table. A label that two questions share is told apart by the group around it.
    """
    asked = [
        (label, path, leaf)
        for inner in field.fields
        for label, path, leaf in _labelled(inner, inner.key, "")
        if leaf.type is not FieldType.FILE
    ]
    short = [fold(leaf.label) for _label, _path, leaf in asked]
    return {(leaf.label if short.count(fold(leaf.label)) == 1 else label): (path, leaf) for label, path, leaf in asked}


def _labelled(field: Field, path: str, around: str) -> Iterator[tuple[str, str, Field]]:
    label = f"{around}: {field.label}" if around else field.label
    parts = inner_fields(field) if field.type is not FieldType.REPEAT else []
    if not parts:
        yield label, path, field
    for part in parts:
        yield from _labelled(part, join(path, part.key), label)


def written(rows: list[list[str]]) -> str:
    """Return rows as CSV that spreadsheets here open as it stands: a byte order mark, and semicolons."""
    held = io.StringIO(newline="")
    csv.writer(held, delimiter=";").writerows(rows)
    return "\ufeff" + held.getvalue()


def template_address(field: Field) -> str:
    """Return the empty table of a group as an address to download it from, without asking the server."""
    return "data:text/csv;charset=utf-8," + quote(written([list(columns(field))]))


def text_of_file(data: bytes) -> str:
    """Return a table's file as text, as spreadsheets write it: UTF-8, UTF-16, or the old Vietnamese page of Windows."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1258", errors="replace")


def imported(field: Field, path: str, text: str, kept: Answers, facts: Facts, choices: Choices) -> Imported:
    """Read a table into items of the group at `path`; either every row is right, or none is taken.

    Args:
        field: the repeated group.
        path: where it stands.
        text: the table, its first line naming the columns.
        kept: all answers, the group's own items among them; not changed.
        facts: the world outside.
        choices: the caller's lists.
    """
    mistakes: list[str] = []
    rows = _rows(field, text, choices, mistakes)
    before = [one for one in find(kept, path) or [] if not _blank(field, one, choices)]
    most = min(field.rules.max_items or MOST_ITEMS, MOST_ITEMS)
    if len(before) + len(rows) > most:
        mistakes.append(
            _("Nhiều nhất {most} mục; đã có {kept}, bảng có thêm {count}.").format(
                most=most, kept=len(before), count=len(rows)
            )
        )
    elif rows:
        mistakes += _broken_rules(field, path, rows, before, kept, facts, choices)
    elif not mistakes:
        mistakes.append(_("Bảng chưa có dòng nào. Dòng đầu là tên cột, mỗi dòng sau là một mục."))
    if mistakes:
        rest = len(mistakes) - _MOST_TOLD
        told = mistakes[:_MOST_TOLD] + ([_("Còn {count} chỗ nữa.").format(count=rest)] if rest > 0 else [])
        return Imported(path=path, text=text, mistakes=told)
    return Imported(path=path, items=[*before, *(row.item for row in rows)])


def _blank(field: Field, item: Answers, choices: Choices) -> bool:
    return all(says_nothing(inner, item.get(inner.key), choices) for inner in field.fields)


def _at(line: int, said: str) -> str:
    pattern = _("Dòng {line}: {said}")
    return (
        pattern.format(line=line, said=said)
        if current_language() == "vi"
        else Markup(pattern).format(line=line, said=said)
    )


def _rows(field: Field, text: str, choices: Choices, mistakes: list[str]) -> list[_Row]:
    known = {fold(heading): path for heading, (path, _leaf) in columns(field).items()}
    text = text.lstrip("\ufeff\n")
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=first.count))
    rows: list[_Row] = []
    headings: list[str] | None = None
    line = 1
    try:
        for cells in reader:
            here, line = line, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if headings is None:
                headings = [fold(cell) for cell in cells]
                mistakes += _wrong_headings(cells, known)
                continue
            if any(cell.strip() for cell in cells[len(headings) :]):
                mistakes.append(_at(here, _("nhiều ô hơn số cột. Chữ có dấu ngăn cột thì đặt trong ngoặc kép.")))
            given = {known[name]: cell for name, cell in zip(headings, cells, strict=False) if name in known}
            rows.append(_Row(here, _item(field, given, choices)))
    except csv.Error:
        mistakes.append(_at(line, _("không đọc được. Lưu lại bảng dưới dạng CSV.")))
    return rows


def _wrong_headings(cells: list[str], known: Mapping[str, object]) -> Iterator[str]:
    seen: set[str] = set()
    for cell in cells:
        name = fold(cell)
        if name and name not in known:
            yield _at(1, _("không có cột “{name}” trong mẫu.").format(name=cell.strip()[:60]))
        elif name and name in seen:
            yield _at(1, _("cột “{name}” có hai lần.").format(name=cell.strip()[:60]))
        seen.add(name)


def _item(field: Field, given: Mapping[str, str], choices: Choices) -> Answers:
    item = new_item(field, choices)
    for inner in field.fields:
        for path, leaf in leaves(inner, inner.key):
            cell = given.get(path, "").strip()
            if cell:
                beside = find(item, join(path.rpartition(".")[0], leaf.depends_on)) if leaf.depends_on else None
                put(item, path, _value(leaf, cell[:LONGEST], choices, beside))
    return item


def _value(leaf: Field, cell: str, choices: Choices, parent: object) -> object:
    """What a cell says; what cannot be understood is kept as typed, so that the rules can say so."""
    if leaf.type is FieldType.DATE:
        parts = cell.replace("-", "/").replace(".", "/").split("/")
        parts = parts[::-1] if len(parts) > 1 and len(parts[0]) == 4 else parts
        return dates.from_boxes(*["", "", *parts][-3:]) if len(parts) <= 3 else {"day": cell[:40]}
    if leaf.ticks:
        wanted = {fold(one) for one in cell.split(",")}
        unknown = [one.strip() for one in cell.split(",") if fold(one) not in map(fold, _names(leaf))]
        return [one.value for one in leaf.options if {fold(one.label), fold(one.value)} & wanted] + unknown
    if leaf.type is FieldType.CHECKBOX:
        return True if fold(cell) in _YES else None
    if leaf.type in (FieldType.RADIO, FieldType.SELECT) and not is_open(leaf):
        lists = offered(leaf, choices, parent if isinstance(parent, str) else None)
        exact = next((one.value for one in lists if cell in (one.label, one.value)), None)
        return exact or next((one.value for one in lists if fold(one.label) == fold(cell)), cell)
    return parse(leaf, [cell])


def _names(leaf: Field) -> list[str]:
    return [name for one in leaf.options for name in (one.label, one.value)]


def _broken_rules(
    field: Field, path: str, rows: list[_Row], before: list[Answers], kept: Answers, facts: Facts, choices: Choices
) -> Iterator[str]:
    """Yield what the form's own rules say of each row, as if it had been typed; files are asked for afterwards."""
    answers = msgspec.json.decode(msgspec.json.encode(kept))
    put(answers, path, [*before, *(row.item for row in rows)])
    reading = Reading(answers=answers, facts=facts)
    files = {where for inner in field.fields for where, leaf in leaves(inner, inner.key) if leaf.type is FieldType.FILE}
    for place, row in enumerate(rows, len(before)):
        own = join(path, str(place))
        for one in item_findings(field, own, reading, choices):
            if one.path[len(own) + 1 :] not in files:
                yield _at(row.line, _told(one))


def _told(one: Finding) -> str:
    if current_language() == "vi":
        return f"{one.label}: {one.text}"
    return Markup("{}: {}").format(in_vietnamese(one.label), one.text)


def has_table(field: Field) -> bool:
    """Whether the group may be filled from a table."""
    return field.type is FieldType.REPEAT and field.import_csv and bool(columns(field))
