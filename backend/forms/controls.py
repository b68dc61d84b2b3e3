"""What a page shows of a form: controls, items of repeated groups, the step as a whole."""

import msgspec

from backend.forms.definition import Field, Option
from backend.forms.steps import Step
from backend.forms.validation import Finding
from backend.kit.language import current_language

_SHORT = 14
"""Letters up to which two choices fit side by side on a phone."""


class Table(msgspec.Struct, kw_only=True):
    """A table for a repeated group: the box it is pasted into, what stands in it, where its empty form is."""

    name: str
    text: str
    template: str
    open: bool


class Control(msgspec.Struct, kw_only=True):
    """One question on the page, or a group of them.

    kind: text, area, suggest, select, radios, ticks, tick, date, file, group, repeat.
    focus: id of the element a link to this question leads to.
    value: text of the box; for dates see `boxes`.
    options: (id, option, chosen).
    none: (id, chosen) of the choice to choose nothing, where a radio group may be left out; else None.
    when: condition for the browser as JSON; empty when always shown.
    table: where the group may be filled from a table.
    clash: what the same answer was changed to elsewhere.
    feeds: id of the list that depends on this one.
    attributes: further attributes of the input.
    """

    field: Field
    path: str
    id: str
    kind: str
    focus: str
    label: str
    help: str = ""
    note: str = ""
    error: str = ""
    warnings: list[str] = []
    optional: bool = False
    value: str = ""
    boxes: dict[str, str] = {}
    options: list[tuple[str, Option, bool]] = []
    none: tuple[str, bool] | None = None
    attributes: dict[str, str] = {}
    when: str = ""
    clash: str | None = None
    feeds: str = ""
    needs_parent: bool = False
    children: list["Control"] = []
    items: list["Item"] = []
    files: list[str] = []
    can_add: bool = False
    table: Table | None = None
    item_name: str = ""
    title_stands: bool = False
    focused: bool = False

    @property
    def described_by(self) -> str:
        """Ids of the texts that explain this question, help first."""
        parts = (("help", self.help), ("note", self.note), ("error", self.error))
        return " ".join(f"{self.id}-{name}" for name, text in parts if text)

    @property
    def side_by_side(self) -> bool:
        """Whether two short choices stand in one row."""
        return len(self.options) == 2 and all(len(option.label) <= _SHORT for _id, option, _on in self.options)

    @property
    def lang(self) -> str:
        """Language of the label, when it is not the page's."""
        return "" if current_language() == "vi" or self.path == "case" else "vi"


class Item(msgspec.Struct, kw_only=True):
    """One item of a repeated group; `name` is its label inside a sentence."""

    path: str
    label: str
    name: str
    controls: list[Control]
    focused: bool = False


class StepView(msgspec.Struct, kw_only=True):
    """A step ready to be written out.

    was: stamps of the answers shown, as JSON, for `merge`.
    asks_place: whether a button may ask the device where it is: the page must allow that.
    summary: (id to go to or "", label, sentence) of every mistake.
    """

    step: Step
    controls: list[Control]
    was: str
    version: int
    summary: list[tuple[str, str, str]] = []
    warnings: list[Finding] = []
    has_files: bool = False
    asks_place: bool = False

    @property
    def seen(self) -> str:
        """Keys of the warnings shown, for the hidden field."""
        return " ".join(one.key for one in self.warnings)

    @property
    def help(self) -> str:
        """The section's help, said once, where the section begins."""
        return (self.step.section.help or "") if self.step.first_of_section else ""
