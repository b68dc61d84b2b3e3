"""A draft opened for its owner: its version, form and answers, the steps it has, and what is still wrong with it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from backend.agencies.calendars import calendar_of
from backend.agencies.queries import AgencyInfo, agency_by_id
from backend.dossiers import moves, slots
from backend.dossiers.queries import said_elsewhere
from backend.dossiers.tables import ChannelOfFiling, Dossier
from backend.dossiers.terms import Filed, case_of, kept_answers, outcome_of
from backend.files.queries import FileShown, files_of
from backend.forms.answers import visible_answers
from backend.forms.choices import Offered
from backend.forms.definition import Form
from backend.forms.facts import Facts
from backend.forms.paths import Answers, find
from backend.forms.steps import Step, all_steps, step_of, visible_steps
from backend.forms.validation import Finding, Findings, must_be_unique, validate
from backend.kit import clock
from backend.kit.errors import NotFound
from backend.kit.language import _
from backend.kit.text import fold
from backend.procedures.choices import unit_choices
from backend.procedures.definition import Channel, Version
from backend.procedures.offerings import takes_online
from backend.procedures.outcome import Outcome, Paper
from backend.procedures.queries import current, form_of, receives, version_of

PLEDGE = "declaration"
"""The section that is ticked on the review, right above the button that files."""
MOVED = "_moved"
"""Beside the answers: what found no place when the procedure's version changed, and whether that was told."""


class Draft(msgspec.Struct, kw_only=True):
    """A draft as its owner works on it.

    Args:
        row: as it was read.
        agency: the commune it will be filed with.
        version: of the procedure, the one in force.
        form: everything it asks, the pledge too.
        answers: as kept, hidden ones and all.
        facts: the world outside the form.
        choices: the lists of the form.
        files: what was handed in so far.
        outcome: papers, fees and time if it were filed now.
    """

    row: Dossier
    agency: AgencyInfo
    version: Version
    form: Form
    answers: Answers
    facts: Facts
    choices: Offered
    files: list[FileShown]
    outcome: Outcome

    @property
    def id(self) -> UUID:
        """The draft's id."""
        return UUID(str(self.row.id))

    @property
    def online(self) -> bool:
        """Whether it is filed from here; else it is prepared and brought to the counter."""
        return self.row.channel == ChannelOfFiling.ONLINE

    @property
    def visible(self) -> Answers:
        """The answers that count."""
        return visible_answers(self.form, self.answers, self.facts)

    @property
    def at_counter(self) -> bool:
        """Whether an officer at the counter has it before them."""
        return self.row.assignee is not None

    @property
    def papers(self) -> list[Paper]:
        """The papers that may be handed in from here."""
        taken = self.online or self.at_counter
        return [paper for paper in self.outcome.papers if paper.standing in slots.HANDED_IN] if taken else []

    @property
    def pledge(self) -> Step | None:
        """The pledge, asked on the review; None for a form without one."""
        steps = [step for step in all_steps(self.form) if step.section.key == PLEDGE]
        return steps[0] if len(steps) == 1 else None

    @property
    def steps(self) -> list[Step]:
        """The form's steps this person has, numbered among all steps to the review."""
        return steps_of(self.form, self.visible, self.facts, bool(self.papers), self.online)

    @property
    def total(self) -> int:
        """How many steps there are to the review."""
        return len(self.steps) + (2 if self.papers else 1)

    def step(self, number: int) -> Step | None:
        """Return the step with this number, None past the form's end."""
        steps = self.steps
        return steps[number - 1] if 0 < number <= len(steps) else None

    def step_at(self, path: str) -> Step | None:
        """Return the step that asks the question at `path`."""
        return step_of(self.steps, path)

    def files_in(self, slot: str) -> list[FileShown]:
        """Return the files of a paper."""
        return [file for file in self.files if file.slot == slot]

    def files_at(self, place: str) -> list[FileShown]:
        """Return the files of a paper (its id) or of a question (its path)."""
        if not slots.is_question(place):
            return self.files_in(place)
        ids = find(self.answers, place)
        named = {str(one) for one in ids} if isinstance(ids, list) else set()
        return [file for file in self.files if str(file.id) in named]

    @property
    def left_over(self) -> dict[str, Any]:
        """What was typed under an earlier version and has no place in this one, by path."""
        moved = self.answers.get(MOVED)
        return moved.get("left", {}) if isinstance(moved, dict) else {}

    @property
    def moved_untold(self) -> bool:
        """Whether the version changed and the person has not gone on since."""
        moved = self.answers.get(MOVED)
        return isinstance(moved, dict) and not moved.get("told")


class Faults(msgspec.Struct, frozen=True):
    """All that keeps a draft from being filed.

    Args:
        findings: mistakes of the whole form.
        papers: (paper, sentence) for each that is missing.
        stop: why it cannot be filed at all any more, or "".
    """

    findings: Findings
    papers: list[tuple[Paper, str]]
    stop: str = ""

    @property
    def fine(self) -> bool:
        """Whether it may be filed."""
        return self.findings.fine and not self.papers and not self.stop

    @property
    def in_form(self) -> list[Finding]:
        """The mistakes that are mended in a step of the form."""
        return [one for one in self.findings.errors if not one.path.startswith(f"{PLEDGE}.")]

    @property
    def in_pledge(self) -> list[Finding]:
        """What is missing in the pledge."""
        return [one for one in self.findings.errors if one.path.startswith(f"{PLEDGE}.")]


def steps_of(form: Form, visible: Answers, facts: Facts, has_papers: bool, online: bool) -> list[Step]:
    """Return the form's steps without the pledge, numbered among all steps to the review."""
    asked = msgspec.structs.replace(form, sections=[one for one in form.sections if one.key != PLEDGE])
    last = _("Xem lại và nộp") if online else _("Xem lại")
    return visible_steps(asked, visible, facts, after=[_("Giấy tờ"), last] if has_papers else [last])


async def owned(account: UUID, draft: UUID) -> Dossier:
    """Return the row of a draft, found through its owner.

    Raises:
        NotFound: it is not there, filed already, or somebody else's.
    """
    row = await Dossier.objects().where(Dossier.id == draft, Dossier.account == account).first()
    if row is None or row.state not in moves.PRIVATE:
        raise NotFound(_("Không có trang này, hoặc trang không dành cho tài khoản đang dùng."))
    return row


async def facts_for(row: Dossier, answers: Answers, files: list[FileShown], at: datetime) -> Facts:
    """Return what the form must know of the world outside."""
    calendar = await calendar_of(row.agency)
    return Facts(
        today=clock.local(at).date(),
        case=case_of(answers),
        working_day=calendar.is_working_day,
        files=slots.facts_of(files),
    )


async def _taken(row: Dossier, form: Form, answers: Answers, facts: Facts) -> frozenset[tuple[str, str]]:
    """The answers nobody else may have that somebody has: names of household businesses in the commune."""
    taken = set()
    for path, _scope, said in must_be_unique(form, answers, facts):
        if said in map(fold, await said_elsewhere(row, path)):
            taken.add((path, said))
    return frozenset(taken)


async def opened(row: Dossier) -> Draft:
    """Return a draft with all that its pages need."""
    now = clock.now()
    version = await version_of(row.version)
    form = form_of(version, Channel(row.channel))
    answers = kept_answers(row)
    files = await files_of(slots.SUBJECT, row.id)
    facts = await facts_for(row, answers, files, now)
    facts = msgspec.structs.replace(facts, taken=await _taken(row, form, answers, facts))
    filed = Filed(row, version, form, visible_answers(form, answers, facts), facts)
    return Draft(
        row=row,
        agency=await agency_by_id(row.agency),
        version=version,
        form=form,
        answers=answers,
        facts=facts,
        choices=await unit_choices(row.agency),
        files=files,
        outcome=await outcome_of(filed, now, accepted=True),
    )


async def faults(draft: Draft) -> Faults:
    """Return everything that keeps a draft from being filed, in the order of its pages."""
    missing = [
        (paper, _("Chưa có ảnh của giấy này. Chụp hoặc chọn tệp."))
        for paper in draft.papers
        if paper.to_hand_in and not draft.files_in(paper.id)
    ]
    found = validate(draft.form, draft.answers, draft.facts, draft.choices)
    return Faults(found, missing, await stop_of(draft))


async def stop_of(draft: Draft) -> str:
    """Return why a draft cannot be filed at all any more, "" when it can."""
    published = await current(draft.row.procedure_code)
    if published is None or not receives(published, draft.facts.today):
        if draft.at_counter:
            return _("Thủ tục này không còn nhận hồ sơ mới.")
        return _("Thủ tục này không còn nhận hồ sơ mới. Gọi xã để biết thủ tục thay thế.")
    if draft.online and not await takes_online(draft.agency.id, published.version):
        return _("Xã vừa ngừng nhận thủ tục này trên mạng. Bản nháp vẫn còn; gọi xã để được hướng dẫn.")
    return ""
