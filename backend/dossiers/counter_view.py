"""A dossier at the counter as its page shows it: the person, how far each step is, papers with counts, fee, pledge."""

from collections.abc import Mapping
from typing import Any

import msgspec

from backend.dossiers import counter, slots
from backend.dossiers.counter import Counted
from backend.dossiers.filling import PLEDGE, Draft
from backend.dossiers.posted import pledge_view
from backend.files.queries import FileShown
from backend.forms.controls import StepView
from backend.forms.paths import find
from backend.forms.rendering import anchor
from backend.forms.validation import Finding
from backend.kit import formats
from backend.kit.language import _
from backend.procedures.outcome import Paper
from backend.procedures.words import FeeWords, cost_words, fee_words


class StepState(msgspec.Struct, frozen=True):
    """One step of the form and how many places are still to mend in it."""

    number: int
    title: str
    open: int


class PaperLine(msgspec.Struct, frozen=True):
    """One paper, what was counted of it, its scans, and the sentence if it is missing."""

    paper: Paper
    counted: Counted
    files: list[FileShown]
    takes_files: bool
    missing: str


class CounterView(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows.

    Args:
        person: (term, value) of who stands there.
        steps: of the form.
        next_step: number of the first step with something to mend, 0 when all is well.
        papers: line by line.
        complete: how many of them are there.
        fees, cost: what it costs.
        pledge: what the person declares, None for a form without one.
        was: marks of the counts by paper, as the page carries them.
        version: of the answers.
        summary: (address, label, sentence) of all that is missing, once the button was pressed.
    """

    person: list[tuple[str, str]]
    steps: list[StepState]
    next_step: int
    papers: list[PaperLine]
    complete: int
    fees: list[FeeWords]
    cost: str
    pledge: StepView | None
    was: str
    version: int
    summary: list[tuple[str, str, str]]


def counter_view(draft: Draft, base: str, pressed: bool) -> CounterView:
    """Return what the page of a dossier at the counter shows.

    Args:
        draft: as opened.
        base: its address.
        pressed: whether it was to be received: only then what is missing is called a mistake.
    """
    missing = counter.missing(draft)
    in_form = [one for one in missing.form if not one.path.startswith(f"{PLEDGE}.")]
    in_pledge = [one for one in missing.form if one.path.startswith(f"{PLEDGE}.")]
    noted = counter.noted(draft.row)
    steps = [StepState(step.number, step.title, _open(draft, in_form, step.number)) for step in draft.steps]
    papers = [
        PaperLine(
            paper,
            noted.papers.get(paper.id, Counted()),
            draft.files_in(paper.id),
            paper.standing in slots.HANDED_IN,
            missing.papers.get(paper.id, "") if pressed else "",
        )
        for paper in counter.papers_at(draft)
    ]
    return CounterView(
        person=_person(draft),
        steps=steps,
        next_step=next((step.number for step in steps if step.open), 0),
        papers=papers,
        complete=sum(line.counted.here or bool(line.files) for line in papers),
        fees=[fee_words(line) for line in draft.outcome.fees],
        cost=cost_words(draft.outcome),
        pledge=pledge_view(draft, in_pledge if pressed else []),
        was=msgspec.json.encode({line.paper.id: counter.stamp_of(line.counted) for line in papers}).decode(),
        version=draft.row.revision,
        summary=_summary(draft, in_form, in_pledge, missing.papers, base) if pressed else [],
    )


def _open(draft: Draft, wrong: list[Finding], number: int) -> int:
    homes = [draft.step_at(one.path) if one.path else None for one in wrong]
    return sum(step is not None and step.number == number for step in homes)


def _person(draft: Draft) -> list[tuple[str, str]]:
    given: Any = draft.answers.get("submitter")
    said = given if isinstance(given, dict) else {}

    def text(key: str) -> str:
        value = find(said, key)
        return value if isinstance(value, str) else ""

    return [
        (_("Họ và tên"), text("full_name")),
        (_("Số căn cước"), formats.personal_id(text("id_number"))),
        (_("Điện thoại"), formats.phone(text("phone"))),
    ]


def _summary(
    draft: Draft, in_form: list[Finding], in_pledge: list[Finding], papers: dict[str, str], base: str
) -> list[tuple[str, str, str]]:
    links = []
    for one in in_form:
        step = draft.step_at(one.path) if one.path else None
        links.append((f"{base}/buoc/{step.number}#{anchor(one.path)}" if step else "", one.label, one.text))
    names = {paper.id: paper.name for paper in counter.papers_at(draft)}
    links += [(f"#giay-{paper}", names[paper], sentence) for paper, sentence in papers.items()]
    links += [(f"#{anchor(one.path)}", one.label, one.text) for one in in_pledge]
    return links


def counts_reply(draft: Draft, sent: set[str], clashes: Mapping[str, Counted]) -> dict[str, Any]:
    """Return what an autosave of counts is answered with, shaped like that of a step (`forms.receiving.saved_reply`).

    Args:
        draft: as it stands now.
        sent: ids of the papers the page spoke of.
        clashes: what another window counted of them meanwhile.
    """
    kept = counter.noted(draft.row).papers
    return {
        "version": draft.row.revision,
        "was": {paper: counter.stamp_of(kept.get(paper, Counted())) for paper in sent - clashes.keys()},
        "conflicts": [
            {
                "path": paper,
                "theirs": formats.capital(_words(there)),
                "stamp": counter.stamp_of(there),
                "pairs": _pairs(paper, there),
            }
            for paper, there in clashes.items()
        ],
    }


def _words(counted: Counted) -> str:
    said = [
        _("đã xem") if counted.seen else "",
        _("{count} bản chính").format(count=counted.originals) if counted.originals else "",
        _("{count} bản sao").format(count=counted.copies) if counted.copies else "",
    ]
    return ", ".join(one for one in said if one) or _("(để trống)")


def _pairs(paper: str, counted: Counted) -> list[tuple[str, str]]:
    numbers = (("originals", counted.originals), ("copies", counted.copies))
    seen = [(f"seen.{paper}", "1")] if counted.seen else []
    return [*seen, *((f"{name}.{paper}", str(number)) for name, number in numbers if number)]
