"""The short checklist: the few questions a case turns on, derived from the procedure's own conditions.

Its answers stand at the paths of the form, so that they go along into the draft.
"""

from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from backend.forms.answers import shown
from backend.forms.conditions import asks
from backend.forms.definition import COMPOSITES, Field, FieldType, Form, Section
from backend.forms.expressions import Reading
from backend.forms.facts import Expression, Facts
from backend.forms.paths import Answers, empty, find, join, put, without_positions
from backend.forms.reading import Posted, read
from backend.procedures.definition import Channel, Need, Procedure, Version
from backend.procedures.matter import turns_on_case
from backend.procedures.opening import whole_form

_ASKABLE = (FieldType.RADIO, FieldType.SELECT, FieldType.NUMBER, FieldType.DATE, FieldType.CHECKBOX)
_ORDER = {FieldType.RADIO: 0, FieldType.SELECT: 0, FieldType.CHECKBOX: 1, FieldType.DATE: 2, FieldType.NUMBER: 3}
_EXEMPTION = "fee_exemption"


class Question(msgspec.Struct, frozen=True):
    """One question: a field of the form, and the path of its answer (a first item of a repeated group is `….0.…`)."""

    path: str
    field: Field
    section: Section

    @property
    def bare(self) -> str:
        """The path as conditions name it, without positions."""
        return without_positions(self.path)

    @property
    def of_form(self) -> bool:
        """Whether it is the form's own question about exemptions, for all fees at once."""
        return self.bare.rpartition(".")[2] == _EXEMPTION

    @property
    def exempts(self) -> bool:
        """Whether it asks for an exemption from a fee."""
        return self.of_form or self.path.startswith("exempt.")

    @property
    def value_names(self) -> tuple[str, ...]:
        """Names under which a browser sends its answer."""
        if self.field.type is FieldType.DATE:
            return tuple(f"{self.path}.{box}" for box in ("day", "month", "year"))
        return (self.path,)


def questions(version: Version, channel: Channel) -> tuple[Question, ...]:
    """Return what the outcome of this procedure turns on, and what decides whether such a question is asked at all."""
    form = whole_form(version, channel)
    known = {question.bare: question for question in _askable(form)}
    wanted = {path for path in _outcome_paths(version, channel) if path in known}
    wanted |= {path for path in known if path.rpartition(".")[2] == _EXEMPTION or path.startswith(("ask.", "exempt."))}
    if _turns_on_case(version, channel):
        wanted.add("case")
    growing = True
    while growing:
        needed = {path for one in wanted & known.keys() for path in _conditions_of(known[one]) if path in known}
        growing = not needed <= wanted
        wanted |= needed
    places = {path: place for place, path in enumerate(known)}
    return tuple(
        known[path] for path in sorted(wanted & known.keys(), key=lambda path: (_rank(known[path]), places[path]))
    )


def starting_answers(asked: Sequence[Question]) -> Answers:
    """Return the answers the form itself starts with: its defaults."""
    answers: Answers = {}
    for question in asked:
        if question.field.default is not None:
            _put(answers, question.path, question.field.default)
    return answers


def answers_from(asked: Sequence[Question], given: Posted, before: Answers | None = None) -> Answers:
    """Return what a browser sent for the questions, over `before` (or the defaults)."""
    answers = starting_answers(asked) if before is None else before
    for question in asked:
        if any(name in given for name in question.value_names):
            _make_room(answers, question.path)
            read(question.field, question.path, given, answers)
    return answers


def visible(asked: Sequence[Question], answers: Answers, day: date) -> tuple[tuple[Question, ...], Answers]:
    """Return the questions to ask now and the answers that count: what is hidden is neither asked nor kept."""
    kept: Answers = {}
    reading = Reading(kept, Facts(today=day, case=_case(answers)))
    shown_now = []
    in_form_order = sorted(asked, key=lambda question: _depth(question, asked))
    for question in in_form_order:
        item = question.path.rpartition(".")[0] if ".0." in question.path else ""
        here = msgspec.structs.replace(reading, item=item)
        if shown(question.section.visible_if, here) and shown(question.field.visible_if, here):
            shown_now.append(question)
            value = find(answers, question.path)
            if not empty(value) and not _half_a_date(question, value):
                _put(kept, question.path, value)
    return tuple(question for question in asked if question in shown_now), kept


def _outcome_paths(procedure: Procedure, channel: Channel) -> Iterator[str]:
    """Every path the papers, fees and time of this channel are decided by."""
    for condition in _conditions(procedure, channel):
        yield from asks(condition)
    rule = procedure.channel(channel)
    for identity in rule.fees if rule else ():
        fee = procedure.fee(identity)
        quantity = fee.quantity if fee else None
        if quantity is None:
            continue
        if quantity.value:
            yield quantity.value
        if quantity.sum:
            yield quantity.sum
        if quantity.each:
            yield join(quantity.each, quantity.pages or "")
            yield join(quantity.each, quantity.copies or "")


def _conditions(procedure: Procedure, channel: Channel) -> Iterator[Expression]:
    for paper in procedure.documents:
        if (
            paper.required is Need.CONDITIONAL
            and paper.required_if
            and (paper.channels is None or channel in paper.channels)
        ):
            yield paper.required_if
    rule = procedure.channel(channel)
    if rule is None:
        return
    for identity in rule.fees:
        fee = procedure.fee(identity)
        if fee is None:
            continue
        yield from [fee.applies_if] if fee.applies_if else []
        yield from [one.when for one in fee.exemptions if one.when]
    yield from [one.when for one in rule.time_limit.exceptions if one.when]
    yield from [one.when for one in rule.time_limit.milestones if one.when]


def _turns_on_case(procedure: Procedure, channel: Channel) -> bool:
    return any(turns_on_case(condition) for condition in _conditions(procedure, channel))


def _askable(form: Form) -> Iterator[Question]:
    """Every question simple enough to be asked beforehand; of a repeated group, its first item's."""
    for section in form.sections:
        for field in section.fields:
            path = join(section.key, field.key)
            if field.type in _ASKABLE:
                yield Question(path, field, section)
            elif field.type is FieldType.REPEAT:
                for inner in field.fields:
                    if inner.type in _ASKABLE:
                        yield Question(join(path, "0", inner.key), inner, section)
            elif field.type in COMPOSITES:
                continue


def _conditions_of(question: Question) -> list[str]:
    item = question.path.rpartition(".")[0] if ".0." in question.path else ""
    found = [question.section.visible_if, question.field.visible_if]
    return [path for condition in found if condition for path in asks(condition, item)]


def _rank(question: Question) -> int:
    """Cases first, then choices, dates, numbers; exemptions last."""
    if question.path == "case":
        return -1
    if question.exempts:
        return 9
    return _ORDER[question.field.type]


def _depth(question: Question, asked: Sequence[Question]) -> int:
    """How many questions must be answered before this one can be decided."""
    paths = {one.bare: one for one in asked}
    before = [paths[path] for path in _conditions_of(question) if path in paths and path != question.bare]
    return 1 + max((_depth(one, asked) for one in before), default=0)


def _case(answers: Answers) -> str | None:
    case = answers.get("case")
    return case if isinstance(case, str) else None


def _half_a_date(question: Question, value: object) -> bool:
    return question.field.type is FieldType.DATE and not isinstance(value, str)


def _make_room(answers: Answers, path: str) -> None:
    """Make the first item of a repeated group before something is put into it."""
    group, found, _rest = path.partition(".0.")
    if found and not isinstance(find(answers, group), list):
        put(answers, group, [{}])


def _put(answers: Answers, path: str, value: object) -> None:
    _make_room(answers, path)
    put(answers, path, value)
