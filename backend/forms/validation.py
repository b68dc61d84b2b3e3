"""All mistakes of a step or a form at once, each with its place and a sentence; what only looks odd is a warning."""

from collections.abc import Iterable, Iterator

import msgspec

from backend.forms.answers import items, says_nothing, shown, visible_answers
from backend.forms.choices import Choices
from backend.forms.conditions import asks
from backend.forms.definition import COMPOSITES, Check, Field, FieldType, Form, Level, inner_fields
from backend.forms.expressions import Reading, holds
from backend.forms.facts import Facts
from backend.forms.paths import Answers, empty, find, join
from backend.forms.rules import Asking, doubts, items_mistake, mistake, must_tick
from backend.forms.sentences import composed, is_question, label_inside
from backend.forms.steps import Step, all_steps, home_of_check
from backend.kit.language import _, with_vietnamese
from backend.kit.text import fold


class Finding(msgspec.Struct, frozen=True):
    """One sentence about one place.

    path: of the field (of the repeated group, for a check over its items); empty for the form as a whole.
    label: the field's label.
    check: id of the form's check it comes from, if any.
    """

    path: str
    label: str
    text: str
    level: Level = Level.ERROR
    check: str = ""

    @property
    def key(self) -> str:
        """What a page remembers it by, so that a warning stops nobody twice."""
        return self.check or self.path


class Findings(msgspec.Struct, frozen=True):
    """What was found, in the order of the form."""

    errors: list[Finding]
    warnings: list[Finding]

    @property
    def fine(self) -> bool:
        """Whether the person may go on."""
        return not self.errors

    def unseen(self, seen: frozenset[str]) -> bool:
        """Whether there is a warning that the page did not show yet (what is only worth knowing does not count)."""
        return any(one.level is Level.WARNING and one.key not in seen for one in self.warnings)

    def fields(self) -> dict[str, str]:
        """Return path → sentence, as problems in JSON carry them."""
        return {error.path: error.text for error in reversed(self.errors)}


def validate(form: Form, answers: Answers, facts: Facts, choices: Choices, step: Step | None = None) -> Findings:
    """Check a whole form, or one step of it.

    Args:
        form: the definition.
        answers: the draft, hidden answers and all.
        facts: the world outside.
        choices: the caller's lists.
        step: only this step's fields, and the form's checks that its answers decide.
    """
    visible = visible_answers(form, answers, facts)
    reading = Reading(answers=visible, facts=facts)
    asking = Asking(answers=visible, facts=facts, choices=choices)
    found: list[Finding] = []
    for section in form.sections:
        wanted = (
            section.fields
            if step is None
            else [f for f in section.fields if section == step.section and f in step.fields]
        )
        if wanted and shown(section.visible_if, reading):
            for field in wanted:
                found += _check_field(field, join(section.key, field.key), reading, asking)
    found += _check_form(form, reading, step)
    return Findings(
        errors=[one for one in found if one.level is Level.ERROR],
        warnings=[one for one in found if one.level is not Level.ERROR],
    )


def _check_field(
    field: Field, path: str, reading: Reading, asking: Asking, required: bool | None = None
) -> Iterator[Finding]:
    """Yield what is wrong under one field; `required` overrules the field's own word inside a composite."""
    if not shown(field.visible_if, reading):
        return
    value = find(reading.answers, path)
    needed = field.required if required is None else required
    if field.reuse and field.reuse.database in asking.facts.found:
        needed = False
    if field.type in COMPOSITES:
        given = not says_nothing(field, value, asking.choices)
        for part in inner_fields(field):
            yield from _check_field(part, join(path, part.key), reading, asking, part.required and (needed or given))
    elif field.type is FieldType.REPEAT:
        yield from _check_items(field, path, reading, asking)
    elif empty(value):
        if needed:
            yield Finding(path=path, label=field.label, text=missing(field))
    else:
        said = mistake(field, path, value, asking)
        if said:
            yield Finding(path=path, label=field.label, text=said)
        for doubt in doubts(field, path, value, asking):
            yield Finding(path=path, label=field.label, text=doubt, level=Level.WARNING)


def _check_items(field: Field, path: str, reading: Reading, asking: Asking) -> Iterator[Finding]:
    count = len(items(reading.answers, path))
    said = items_mistake(field, count)
    if said:
        yield Finding(path=path, label=field.label, text=said)
    for index in range(count):
        item = join(path, str(index))
        within = Reading(answers=reading.answers, facts=reading.facts, item=item)
        for inner in field.fields:
            yield from _check_field(inner, join(item, inner.key), within, asking)


def item_findings(field: Field, item: str, reading: Reading, choices: Choices) -> list[Finding]:
    """Return the mistakes in one item (at `item`) of a repeated group, its answers read where they stand in `reading`."""
    asking = Asking(answers=reading.answers, facts=reading.facts, choices=choices)
    within = Reading(answers=reading.answers, facts=reading.facts, item=item)
    return [
        one
        for inner in field.fields
        for one in _check_field(inner, join(item, inner.key), within, asking)
        if one.level is Level.ERROR
    ]


def missing(field: Field) -> str:
    """Return what is said when a required answer is not given."""
    if field.type is FieldType.CHECKBOX and not field.ticks:
        return must_tick()
    if is_question(field.label):
        return _("Chưa trả lời câu này.")
    label = label_inside(field.label)
    if field.type in (FieldType.RADIO, FieldType.SELECT, FieldType.CHECKBOX):
        return with_vietnamese(_("Chưa chọn {label}."), label=label)
    if field.type is FieldType.FILE:
        return with_vietnamese(_("Chưa gửi {label}."), label=label)
    return with_vietnamese(_("Chưa ghi {label}."), label=label)


def _check_form(form: Form, reading: Reading, step: Step | None) -> Iterator[Finding]:
    steps = all_steps(form)
    for check in form.checks:
        paths = asks(check.when)
        if step is not None:
            home = home_of_check(steps, paths)
            if home is None or home.key != step.key:
                continue
        if holds(check.when, reading):
            path, label = _place(form, steps, check)
            text = composed("{message}", {"message": check.message})
            yield Finding(path=path, label=label, text=text, level=check.level, check=check.id)


def _place(form: Form, steps: list[Step], check: Check) -> tuple[str, str]:
    """Where a check's sentence stands: at the last question it asks about; at the group, if that is repeated."""
    home = home_of_check(steps, asks(check.when))
    if home is None:
        return "", ""
    for path in reversed(asks(check.when)):
        for field in home.fields:
            own = home.path(field)
            if path == own or path.startswith(f"{own}."):
                return (own, field.label) if field.type is FieldType.REPEAT else (path, _label_at(field, own, path))
    return "", ""


def _label_at(field: Field, own: str, path: str) -> str:
    for part in inner_fields(field):
        here = join(own, part.key)
        if path == here or path.startswith(f"{here}."):
            return _label_at(part, here, path)
    return field.label


def must_be_unique(form: Form, answers: Answers, facts: Facts) -> Iterable[tuple[str, str, str]]:
    """Yield (path, scope, folded value) for answers that nobody else may have; those in use belong into `Facts.taken`."""
    visible = visible_answers(form, answers, facts)
    for section in form.sections:
        for field in section.fields:
            path = join(section.key, field.key)
            value = find(visible, path)
            if field.rules.unique_in and isinstance(value, str):
                yield path, field.rules.unique_in, fold(value)
