"""A form in short steps: at most five questions each; a person, an address or a repeated group stands alone."""

from collections.abc import Sequence

import msgspec

from backend.forms.answers import leaves, shown
from backend.forms.conditions import left_open
from backend.forms.definition import COMPOSITES, Field, FieldType, Form, Option, Section, Validation
from backend.forms.expressions import Reading
from backend.forms.facts import Facts
from backend.forms.paths import Answers, join, without_positions
from backend.kit.language import _

MOST_FIELDS = 5

FIRST = "case"
"""Key of the step asked before the default form."""


class Step(msgspec.Struct, frozen=True):
    """Some questions of one section, asked together.

    key: stays the same whatever is visible (`child-2`).
    number, total: place among the visible steps, from 1.
    first_of_section: whether the section's own title and help stand here.
    """

    key: str
    title: str
    section: Section
    fields: tuple[Field, ...]
    first_of_section: bool = True
    number: int = 0
    total: int = 0
    next_title: str = ""

    def path(self, field: Field) -> str:
        """Return the path of one of its fields."""
        return join(self.section.key, field.key)

    @property
    def live(self) -> set[str]:
        """Paths, without positions, that can change while the step is open."""
        own = {self.path(field) for field in self.fields}
        return own | {path for field in self.fields for path, _leaf in leaves(field, self.path(field))}

    @property
    def line(self) -> str:
        """Where the person is: "Bước 2 trên 5"; what comes next stands in `next_title`."""
        return _("Bước {number} trên {total}").format(number=self.number, total=self.total)


def _alone(field: Field) -> bool:
    return field.type in COMPOSITES or field.type is FieldType.REPEAT


def _groups(fields: Sequence[Field]) -> list[list[Field]]:
    """Cut a section in order; runs longer than five are cut into parts of nearly equal length."""
    groups: list[list[Field]] = []
    run: list[Field] = []
    for field in [*fields, None]:
        if field is not None and not _alone(field):
            run.append(field)
            continue
        count = -(-len(run) // MOST_FIELDS)
        for part in range(count):
            groups.append(run[part * len(run) // count : (part + 1) * len(run) // count])
        run = []
        if field is not None:
            groups.append([field])
    return groups


def all_steps(form: Form) -> list[Step]:
    """Return every step the form can have, unnumbered, in order."""
    steps: list[Step] = []
    for section in form.sections:
        groups = _groups(section.fields)
        for index, group in enumerate(groups):
            key = section.key or FIRST
            steps.append(
                Step(
                    key=key if index == 0 else f"{key}-{index + 1}",
                    title=_title(section, group, index, len(groups)),
                    section=section,
                    fields=tuple(group),
                    first_of_section=index == 0,
                )
            )
    return steps


def _title(section: Section, group: list[Field], index: int, groups: int) -> str:
    if groups > 1 and _alone(group[0]):
        return group[0].label
    return section.title if index == 0 else f"{section.title} ({index + 1})"


def may_show(step: Step, field: Field, reading: Reading) -> bool:
    """Whether the field belongs on the page: visible now, or able to become so by answers on the same page."""
    if field.visible_if is None:
        return True
    return left_open(field.visible_if, reading, step.live) is not False


def visible_steps(form: Form, visible: Answers, facts: Facts, after: Sequence[str] = ()) -> list[Step]:
    """Return the steps this person has, numbered.

    Args:
        form: the definition.
        visible: from `visible_answers`.
        facts: the world outside.
        after: titles of what follows the form (papers, review), counted and named as next.
    """
    reading = Reading(answers=visible, facts=facts)
    steps = [
        step
        for step in all_steps(form)
        if shown(step.section.visible_if, reading) and any(may_show(step, field, reading) for field in step.fields)
    ]
    titles = [step.title for step in steps] + list(after)
    return [
        msgspec.structs.replace(
            step, number=place, total=len(titles), next_title=titles[place] if place < len(titles) else ""
        )
        for place, step in enumerate(steps, 1)
    ]


def step_of(steps: Sequence[Step], path: str) -> Step | None:
    """Return the step that asks the question at `path`, or None."""
    bare = without_positions(path)
    for step in steps:
        for field in step.fields:
            own = step.path(field)
            if bare == own or bare.startswith(f"{own}."):
                return step
    return None


def home_of_check(steps: Sequence[Step], paths: list[str]) -> Step | None:
    """Return the last step that asks something the check reads; None for a check that reads no answer."""
    homes = [step for path in paths if (step := step_of(steps, path))]
    order = {step.key: place for place, step in enumerate(steps)}
    return max(homes, key=lambda step: order[step.key], default=None)


class Asked(msgspec.Struct, frozen=True):
    """One question of the first step about a fee: how many, or which exemption."""

    fee: str
    question: str
    options: tuple[Option, ...] = ()


def with_first_step(
    form: Form, cases: Sequence[Option] = (), quantities: Sequence[Asked] = (), exemptions: Sequence[Asked] = ()
) -> Form:
    """Return `form` with the step that comes before the default form.

    Args:
        form: usually `default_form()`.
        cases: the cases a person chooses between; none or one asks nothing.
        quantities: numbers a fee asks for, kept as `ask.<fee>`.
        exemptions: fees with exemptions to choose, kept as `exempt.<fee>`; `none` is added as the first option.
    """
    fields: list[Field] = []
    if len(cases) > 1:
        fields.append(
            Field(
                key="case", label=_("Thuộc trường hợp nào?"), type=FieldType.RADIO, required=True, options=list(cases)
            ),
        )
    for asked in quantities:
        rules = Validation(min=0, max=1000, integer=True)
        fields.append(
            Field(
                key=f"ask.{asked.fee}", label=asked.question, type=FieldType.NUMBER, required=True, default=1,
                validation=rules,
            )
        )  # fmt: skip
    for asked in exemptions:
        none = Option(value="none", label=_("Không thuộc diện nào"))
        fields.append(
            Field(
                key=f"exempt.{asked.fee}", label=asked.question, type=FieldType.RADIO, required=True, default="none",
                options=[none, *asked.options],
            )
        )  # fmt: skip
    if not fields:
        return form
    first = Section(key="", title=_("Trường hợp của hồ sơ"), fields=fields)
    return msgspec.structs.replace(form, sections=[first, *form.sections])
