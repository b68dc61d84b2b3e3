"""From a form's definition to the lines of a paper: what is known is written in, what is open leaves room for a pen."""

from collections.abc import Iterator
from typing import Any

from backend.forms.answers import items, leaves, visible_answers
from backend.forms.choices import Choices
from backend.forms.conditions import left_open
from backend.forms.definition import COMPOSITES, Field, FieldType, Form, inner_fields
from backend.forms.expressions import Reading
from backend.forms.facts import Expression, Facts
from backend.forms.paths import Answers, empty, find, join, without_positions
from backend.forms.words import item_label, near, text_of
from backend.kit.language import use_language
from backend.procedures.template_papers import Choice, Line, Section

MOST_BOXES = 8
ROWS = 3


def sections_to_fill(form: Form, answers: Answers, facts: Facts, choices: Choices) -> list[Section]:
    """Return the sections of a form for `TemplatePaper`, in Vietnamese, filled with what `answers` know.

    A question whose condition turns on something not answered yet is printed: the pen may answer it. Only what the
    answers rule out is left away. Files are no lines of a paper.
    """
    return _Filling(form, answers, facts, choices).sections()


class _Filling:
    """One form being written onto one paper."""

    def __init__(self, form: Form, answers: Answers, facts: Facts, choices: Choices) -> None:
        self.form = form
        self.choices = choices
        self.reading = Reading(answers=visible_answers(form, answers, facts), facts=facts)
        self.open = {
            without_positions(path)
            for section in form.sections
            for field in section.fields
            for path, _ in leaves(field, join(section.key, field.key))
            if empty(find(self.reading.answers, path))
        }

    def sections(self) -> list[Section]:
        with use_language("vi"):
            written = [
                Section(
                    title=section.title,
                    help=section.help,
                    lines=[
                        line for field in section.fields for line in self.lines(field, join(section.key, field.key))
                    ],
                )
                for section in self.form.sections
                if self.may_show(section.visible_if, self.reading)
            ]
        return [section for section in written if section.lines]

    def may_show(self, condition: Expression | None, reading: Reading) -> bool:
        return condition is None or left_open(condition, reading, self.open) is not False

    def lines(self, field: Field, path: str, item: str = "") -> Iterator[Line]:
        reading = Reading(answers=self.reading.answers, facts=self.reading.facts, item=item)
        if field.type is FieldType.FILE or not self.may_show(field.visible_if, reading):
            return
        if field.type is FieldType.REPEAT:
            yield from self.repeated(field, path)
        elif field.type in COMPOSITES:
            parts = [line for part in inner_fields(field) for line in self.lines(part, join(path, part.key), item)]
            yield Line(label=field.label, parts=parts)
        else:
            yield self.line(field, path)

    def repeated(self, field: Field, path: str) -> Iterator[Line]:
        for index in range(max(len(items(self.reading.answers, path)), field.rules.min_items or 0, 1)):
            place = join(path, str(index))
            parts = [line for inner in field.fields for line in self.lines(inner, join(place, inner.key), place)]
            yield Line(label=item_label(field, index), parts=parts)

    def line(self, field: Field, path: str) -> Line:
        value = find(self.reading.answers, path)
        if field.type is FieldType.CHECKBOX and not field.options:
            return Line(label="", choices=[Choice(field.label, chosen=value is True)])
        if boxes := _boxes(field, value):
            return Line(label=field.label, choices=boxes)
        if field.type is FieldType.IDNUMBER:
            return Line(label=field.label, value=value or None, digits=field.rules.digits or 12)
        words = text_of(field, value, self.choices, near(self.reading, path))
        return Line(label=field.label, value=words or None, rows=ROWS if field.multiline else 1)


def _boxes(field: Field, value: Any) -> list[Choice]:
    """Boxes to tick for a short list of options; none for a long one, which is written by hand."""
    if not field.options or len(field.options) > MOST_BOXES:
        return []
    chosen = value if isinstance(value, list) else [value]
    return [Choice(option.label, chosen=option.value in chosen) for option in field.options]
