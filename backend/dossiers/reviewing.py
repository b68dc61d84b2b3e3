"""A draft read over before it is filed: answers in words, papers, fees, the pledge, and everything that is still wrong."""

import msgspec

from backend.dossiers import slots
from backend.dossiers.filling import PLEDGE, Draft, Faults
from backend.dossiers.posted import pledge_view
from backend.files.queries import FileShown
from backend.forms.controls import StepView
from backend.forms.rendering import anchor
from backend.forms.words import SectionWords, in_words
from backend.procedures.definition import Channel
from backend.procedures.outcome import Paper, PaperStanding
from backend.procedures.words import ComeBy, FeeWords, PaperWords, come_by, cost_words, fee_words, paper_words

Link = tuple[str, str, str]


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """What the review shows.

    Args:
        sections: the answers in words, section by section.
        edit: section → address of its first step.
        papers: (paper, its files).
        answer_files: (question, its files).
        bring: papers to take along to the counter, where nothing is filed from here.
        fees, cost: line by line, and in a word.
        pledge: what is ticked before filing.
        summary: (address, label, sentence) of everything to mend.
        stop: why it cannot be filed at all, or "".
        come_by: by when the person has to file, None where no law says.
    """

    sections: list[SectionWords]
    edit: dict[str, str]
    papers: list[tuple[Paper, list[FileShown]]]
    answer_files: list[tuple[str, list[FileShown]]]
    bring: list[PaperWords]
    fees: list[FeeWords]
    cost: str
    pledge: StepView | None
    summary: list[Link]
    stop: str
    come_by: ComeBy | None


def review_of(draft: Draft, found: Faults, base: str, pressed: bool) -> Review:
    """Return the review of a draft.

    Args:
        draft: as opened.
        found: its faults.
        base: address of the draft.
        pressed: whether it was to be filed: only then what is missing in the pledge is a mistake.
    """
    words = in_words(draft.form, draft.visible, draft.facts, draft.choices)
    edit: dict[str, str] = {}
    for step in draft.steps:
        edit.setdefault(step.section.key, f"{base}/buoc/{step.number}")
    channel = Channel(draft.row.channel)
    to_bring = draft.outcome.papers_that_are(PaperStanding.NEEDED, PaperStanding.SHOW)
    return Review(
        sections=[one for one in words if one.key != PLEDGE],
        edit=edit,
        papers=[(paper, draft.files_in(paper.id)) for paper in draft.papers],
        answer_files=[
            (field.label, files)
            for path, field in slots.file_questions(draft.form, draft.visible)
            if (files := draft.files_at(path))
        ],
        bring=[] if draft.online else [paper_words(paper, channel) for paper in to_bring],
        fees=[fee_words(line) for line in draft.outcome.fees],
        cost=cost_words(draft.outcome),
        pledge=pledge_view(draft, found.in_pledge if pressed else []),
        summary=_links(draft, found, base, pressed),
        stop=found.stop,
        come_by=come_by(draft.version, draft.outcome, draft.facts.today),
    )


def _links(draft: Draft, found: Faults, base: str, pressed: bool) -> list[Link]:
    links: list[Link] = []
    for one in found.in_form:
        step = draft.step_at(one.path) if one.path else None
        links.append((f"{base}/buoc/{step.number}#{anchor(one.path)}" if step else "", one.label, one.text))
    links += [(f"{base}/giay-to#paper-{paper.id}", paper.name, sentence) for paper, sentence in found.papers]
    if pressed:
        links += [(f"#{anchor(one.path)}", one.label, one.text) for one in found.in_pledge]
    return links
