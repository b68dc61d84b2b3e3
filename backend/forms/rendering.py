"""A step as the page needs it: each control with its id, words, mistakes and condition. The macros only write it out."""

import json
from collections.abc import Sequence
from typing import Any

import msgspec
from markupsafe import Markup

from backend.forms import dates
from backend.forms.answers import items, says_nothing
from backend.forms.choices import Choices, is_open, offered
from backend.forms.conditions import left_open
from backend.forms.controls import Control, Item, StepView, Table
from backend.forms.definition import Field, FieldType, Form, Option, inner_fields
from backend.forms.expressions import Reading
from backend.forms.facts import Expression, Facts
from backend.forms.merging import Conflict, stamps
from backend.forms.paths import Answers, empty, find, join
from backend.forms.reading import TABLE
from backend.forms.receiving import their_words
from backend.forms.sentences import label_inside
from backend.forms.sheet import Imported, has_table, template_address
from backend.forms.steps import Step
from backend.forms.validation import Findings, missing
from backend.forms.words import item_label
from backend.forms.writing import as_typed
from backend.kit.language import _, with_vietnamese

_KINDS = {
    FieldType.RADIO: "radios",
    FieldType.SELECT: "select",
    FieldType.DATE: "date",
    FieldType.FILE: "file",
    FieldType.REPEAT: "repeat",
    FieldType.PERSON: "group",
    FieldType.ADDRESS: "group",
}


class _Drawing(msgspec.Struct, frozen=True):
    """What every control is drawn from."""

    step: Step
    shown: Answers
    reading: Reading
    choices: Choices
    errors: dict[str, str]
    doubts: dict[str, list[str]]
    clashes: dict[str, Conflict]
    focus: str
    table: Imported | None


def anchor(path: str) -> str:
    """Return the id of the control at `path`."""
    return "f-" + path.replace(".", "-")


def step_view(
    form: Form,
    step: Step,
    answers: Answers,
    visible: Answers,
    facts: Facts,
    choices: Choices,
    *,
    kept: Answers | None = None,
    version: int = 0,
    findings: Findings | None = None,
    conflicts: Sequence[Conflict] = (),
    focus: str = "",
    table: Imported | None = None,
) -> StepView:
    """Prepare a step for the macros.

    Args:
        form: the definition.
        step: one of `visible_steps`.
        answers: the draft as it is shown (`Received.shown` after a post).
        visible: `visible_answers` of it; decides what earlier answers hide.
        facts: the world outside.
        choices: the caller's lists.
        kept: the draft as it is kept, where that differs from what is shown.
        version: of the draft, goes along with the page.
        findings: mistakes and warnings to show.
        conflicts: answers changed elsewhere meanwhile.
        focus: path that takes the focus (`Received.focus`).
        table: what came of a table, its mistakes and its text to be mended.
    """
    found = findings or Findings(errors=[], warnings=[])
    doubts: dict[str, list[str]] = {}
    for one in found.warnings:
        doubts.setdefault(one.path, []).append(one.text)
    drawing = _Drawing(
        step=step,
        shown=answers,
        reading=Reading(answers=visible, facts=facts),
        choices=choices,
        errors=found.fields(),
        doubts=doubts,
        clashes={conflict.path: conflict for conflict in conflicts},
        focus=focus,
        table=table,
    )
    controls = [
        control for field in step.fields if (control := _control(field, step.path(field), drawing, drawing.reading))
    ]
    if len(controls) == 1 and not controls[0].optional:
        # The page's title says it already, where the section asks nothing else or the step is named after it.
        controls[0].title_stands = len(step.section.fields) == 1 or controls[0].label == step.title
    places = {control.path: control.focus for control in _every(controls)}
    began = answers if kept is None else kept
    was = stamps([(step.path(field), field) for field in step.fields], began)
    return StepView(
        step=step,
        controls=controls,
        was=json.dumps(was, separators=(",", ":")),
        version=version,
        summary=[(places.get(one.path, ""), one.label, one.text) for one in found.errors]
        + ([(f"{anchor(table.path)}-csv", "", said) for said in table.mistakes] if table else []),
        warnings=found.warnings,
        has_files=any(control.kind == "file" or control.table for control in _every(controls)),
        asks_place=any(control.field.rules.format == "point" for control in _every(controls)),
    )


def _every(controls: list[Control]) -> list[Control]:
    found = []
    for control in controls:
        found.append(control)
        found += _every(control.children)
        for item in control.items:
            found += _every(item.controls)
    return found


def _when(condition: Expression | None, drawing: _Drawing, reading: Reading) -> str | None:
    """The condition left for the browser as JSON, "" when always shown, None when never."""
    if condition is None:
        return ""
    left = left_open(condition, reading, drawing.step.live)
    if isinstance(left, bool):
        return "" if left else None
    return json.dumps(left, ensure_ascii=False, separators=(",", ":"))


def _control(
    field: Field, path: str, drawing: _Drawing, reading: Reading, required: bool | None = None, free: bool = False
) -> Control | None:
    """Return one question; `free` where the group around it may be left out, so that all of it can be emptied again."""
    when = _when(field.visible_if, drawing, reading)
    if when is None:
        return None
    value = find(drawing.shown, path)
    needed = field.required if required is None else required
    identity = anchor(path)
    control = Control(
        field=field,
        path=path,
        id=identity,
        kind=_kind(field),
        focus=identity,
        label=field.label,
        help=field.help or "",
        error=drawing.errors.get(path, ""),
        warnings=drawing.doubts.get(path, []),
        optional=not needed and not _says_optional(field.label),
        when=when,
        attributes=_attributes(field),
        focused=drawing.focus == path,
    )
    if field.reuse:
        found = field.reuse.database in reading.facts.found
        text = _("Xã đã có: {what}.") if found else _("Xã tự tra được thì không phải nộp: {what}.")
        control.note = with_vietnamese(text, what=field.reuse.what)
        control.optional = control.optional or found
    _fill(control, value, drawing, reading, needed, free or not needed)
    clash = drawing.clashes.get(path)
    if clash:
        control.clash = their_words(clash, drawing.shown, drawing.choices)
    if needed and control.kind in ("text", "area", "suggest"):
        control.attributes["data-missing"] = Markup(missing(field)).striptags()
    return control


def _says_optional(label: str) -> bool:
    return "(nếu " in label


def _kind(field: Field) -> str:
    if is_open(field):
        return "suggest"
    if field.type is FieldType.CHECKBOX:
        return "ticks" if field.ticks else "tick"
    if field.multiline:
        return "area"
    return _KINDS.get(field.type, "text")


def _attributes(field: Field) -> dict[str, str]:
    mode = field.inputmode
    kind = "text"
    if field.type is FieldType.PHONE:
        kind, mode = "tel", mode or "tel"
    elif field.type in (FieldType.IDNUMBER, FieldType.MONEY):
        mode = mode or "numeric"
    elif field.type is FieldType.NUMBER:
        mode = mode or ("numeric" if field.rules.integer or field.rules.max_expr else "decimal")
    elif field.rules.format == "email":
        kind, mode = "email", mode or "email"
    elif field.rules.format == "point":
        mode = "text"
    found = {"type": kind}
    if mode:
        found["inputmode"] = mode
    if field.autocomplete:
        found["autocomplete"] = field.autocomplete
    if field.rules.digits:
        found["data-digits"] = str(field.rules.digits)
        found["data-digits-say"] = _("{label} có {count} chữ số, đang có {given}.").format(
            label=field.label.partition(" (")[0], count=field.rules.digits, given="{n}"
        )
    return found


def _fill(control: Control, value: Any, drawing: _Drawing, reading: Reading, needed: bool, free: bool) -> None:
    """Put in the answer, and what a group holds."""
    field, path = control.field, control.path
    if control.kind == "date":
        control.boxes = dates.boxes(value)
        first = "day" if not field.precision else "year"
        control.focus = f"{control.id}-{first}"
    elif control.kind == "group":
        given = not says_nothing(field, value, drawing.choices)
        parts = inner_fields(field)
        made = (
            _control(part, join(path, part.key), drawing, reading, part.required and (needed or given), free)
            for part in parts
        )
        control.children = [child for child in made if child]
        _optional_parts(control, needed)
        _link_lists(control)
    elif control.kind == "repeat":
        _fill_items(control, drawing, reading)
    elif control.kind == "file":
        control.files = value if isinstance(value, list) else []
    elif control.kind == "tick":
        control.value = "on" if value is True else ""
    elif control.kind in ("radios", "ticks", "select", "suggest"):
        _fill_options(control, value, drawing)
        if control.kind == "radios" and free:
            control.none = (f"{control.id}-none", empty(value))
    else:
        control.value = as_typed(field, value)


def _optional_parts(control: Control, needed: bool) -> None:
    """In a group that may be left out, the group says so once, its parts only when they may always be left out."""
    if not needed:
        for child in control.children:
            child.optional = child.optional and not control.optional


def _fill_options(control: Control, value: Any, drawing: _Drawing) -> None:
    field, path = control.field, control.path
    parent = None
    if field.depends_on:
        parent = find(drawing.shown, f"{path.rpartition('.')[0]}.{field.depends_on}")
        control.needs_parent = empty(parent)
    chosen = value if isinstance(value, list) else [value]
    lists = list(offered(field, drawing.choices, parent))
    if control.kind == "suggest":
        control.value = as_typed(field, value)
    elif not field.depends_on and not empty(value) and control.kind == "select" and value not in _values(lists):
        lists.append(Option(value=str(value), label=str(value)))
    control.options = [
        (f"{control.id}-{place}", option, option.value in chosen) for place, option in enumerate(lists, 1)
    ]
    if control.kind in ("radios", "ticks") and control.options:
        control.focus = next((one for one, _option, on in control.options if on), control.options[0][0])


def _values(options: Sequence[Option]) -> list[str]:
    return [option.value for option in options]


def _link_lists(control: Control) -> None:
    by_key = {child.field.key: child for child in control.children}
    for child in control.children:
        parent = by_key.get(child.field.depends_on or "")
        if parent:
            parent.feeds = child.id


def _fill_items(control: Control, drawing: _Drawing, reading: Reading) -> None:
    field, path = control.field, control.path
    kept = items(drawing.shown, path)
    for index in range(len(kept)):
        item = join(path, str(index))
        within = Reading(answers=reading.answers, facts=reading.facts, item=item)
        made = (_control(inner, join(item, inner.key), drawing, within) for inner in field.fields)
        inside = [child for child in made if child]
        if len(inside) == 1 and not inside[0].optional:
            inside[0].title_stands = True  # the item's own name says it
        control.items.append(
            Item(
                path=item,
                label=item_label(field, index),
                name=label_inside(item_label(field, index)),
                controls=inside,
                focused=drawing.focus == item,
            )
        )
    control.item_name = label_inside((field.item_label or field.label).replace("{n}", "").strip())
    if has_table(field):
        mine = drawing.table if drawing.table and drawing.table.path == path else None
        control.table = Table(
            name=TABLE + path,
            text=mine.text if mine else "",
            template=template_address(field),
            open=bool(mine and (mine.text or mine.mistakes)),
        )
    control.can_add = field.rules.max_items is None or len(kept) < field.rules.max_items
    control.focus = f"{control.id}-add" if control.can_add else control.id
