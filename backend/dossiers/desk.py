"""A dossier as it lies on an officer's desk: found through the officer, with papers, answers, clock, log and acts."""

from uuid import UUID

import msgspec

from backend.agencies.calendars import calendar_of
from backend.agencies.officers import Officer, name_of, officers_of
from backend.dossiers import chips, foreign, lifecycle, moves, slots
from backend.dossiers.deadline_words import Deadline, deadline_of
from backend.dossiers.filling import PLEDGE
from backend.dossiers.offers import Offers, offers
from backend.dossiers.queries import papers_issued, result_of
from backend.dossiers.story import Event, told_to_officers
from backend.dossiers.tables import Dossier, PaperForm, State
from backend.dossiers.terms import Filed, claims_of, counted, fees_of, outcome_of, papers_of, read
from backend.files.queries import FileShown, files_of
from backend.forms.words import SectionWords, in_words
from backend.kit import clock
from backend.kit.language import N_, _
from backend.procedures.choices import unit_choices
from backend.procedures.fees import FeeLine, Waiver
from backend.procedures.limits import describe
from backend.procedures.outcome import Outcome, Paper, PaperStanding
from backend.procedures.words import sum_words
from backend.procedures.workflow import Step

PAPER_FILES = {PaperForm.FORM_01: "01", PaperForm.FORM_03: "03", PaperForm.ACKNOWLEDGEMENT: "xac-nhan"}
PAPER_WORDS = {
    PaperForm.FORM_01: N_("Giấy tiếp nhận và hẹn trả (mẫu 01)"),
    PaperForm.FORM_03: N_("Phiếu từ chối tiếp nhận (mẫu 03)"),
    PaperForm.ACKNOWLEDGEMENT: N_("Xác nhận đã nộp"),
}
_ASKED = (PaperStanding.NEEDED, PaperStanding.SHOW, PaperStanding.OPTIONAL, PaperStanding.MAYBE)


class Check(msgspec.Struct, frozen=True):
    """One paper of the check list: how many files came for it, and what the counter noted."""

    paper: Paper
    files: int
    seen: bool = False
    originals: int = 0
    copies: int = 0

    @property
    def here(self) -> bool:
        """Whether it is there in one way or another."""
        return bool(self.files or self.seen or self.originals or self.copies)

    @property
    def words(self) -> str:
        """What came of it."""
        parts = []
        if self.files:
            parts.append(_("{count} tệp").format(count=self.files))
        if self.seen:
            parts.append(_("đã xem"))
        if self.originals:
            parts.append(_("{count} bản chính").format(count=self.originals))
        if self.copies:
            parts.append(_("{count} bản sao").format(count=self.copies))
        if parts:
            return ", ".join(parts)
        if self.paper.standing is PaperStanding.SHOW:
            return _("xem khi người nộp đến")
        return _("chưa có") if self.paper.to_hand_in else _("không nộp")


class Sheet(msgspec.Struct, frozen=True):
    """One page to look at; page 0: there is no picture of it (yet)."""

    file: FileShown
    page: int
    name: str

    @property
    def id(self) -> str:
        """The id of its tile."""
        return f"trang-{self.file.id}-{self.page}"


class Pick(msgspec.Struct, frozen=True):
    """An exception of the time limit that only an officer can pick."""

    place: int
    condition: str
    words: str


class Given(msgspec.Struct, frozen=True):
    """The result that stands: words, and a file if there is one."""

    id: UUID
    number: str
    summary: str
    file: FileShown | None


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """All that the officer's page shows of one dossier."""

    dossier: Dossier
    filed: Filed
    step: Step | None
    holder: str
    chip: chips.Chip
    deadline: Deadline | None
    sections: list[SectionWords]
    checks: list[Check]
    sheets: list[Sheet]
    fees: tuple[FeeLine, ...]
    issued: list[tuple[str, str]]
    templates: list[tuple[str, str]]
    result: Given | None
    log: list[Event]
    offers: Offers
    colleagues: list[Officer]
    outcome: Outcome | None
    picks: list[Pick]
    proposal: tuple[str, str] | None
    state_owner: str
    foreign_codes: list[foreign.Given]

    @property
    def systems(self) -> list[tuple[str, str]]:
        """The systems that may have given the dossier a code; the one whose word holds stands first."""
        return sorted(foreign.systems(), key=lambda one: one[0] != self.dossier.connection)

    @property
    def claims(self) -> tuple[Waiver, ...]:
        """The exemptions the person claims and nobody has decided on."""
        return claims_of(self.dossier)

    @property
    def cost(self) -> str:
        """What the frozen fee lines come to, in a word or two."""
        return sum_words(self.fees)

    @property
    def delivery(self) -> str:
        """How the person wants the result: counter, post or electronic."""
        asked = self.filed.answers.get("delivery")
        method = asked.get("method") if isinstance(asked, dict) else None
        return method if method in ("counter", "post", "electronic") else "counter"

    def shown(self, file: str, page: int) -> Sheet | None:
        """Return the page to show large: the one asked for, else the first."""
        wanted = next((one for one in self.sheets if str(one.file.id) == file and one.page == page), None)
        return wanted or next(iter(self.sheets), None)


async def desk_of(dossier: Dossier, officer: Officer) -> Desk:
    """Return a dossier with everything its page shows to `officer`."""
    now = clock.now()
    filed = await read(dossier, now)
    steps = filed.procedure.steps
    step = lifecycle.current_step(dossier, steps)
    files = await files_of(slots.SUBJECT, dossier.id)
    result = await _result(dossier, files)
    codes = await foreign.codes_of(dossier.id)
    acts = offers(dossier, officer, steps, result is not None, codes=bool(codes))
    receives = acts.of(moves.RECEIVE) is not None
    outcome = await outcome_of(filed, now, accepted=True) if receives else None
    choices = await unit_choices()
    return Desk(
        dossier=dossier,
        filed=filed,
        step=step if dossier.state not in moves.ENDED else None,
        holder=await name_of(dossier.assignee) if dossier.assignee else "",
        chip=chips.chip(dossier.state, step, dossier.proposal is not None),
        deadline=deadline_of(dossier, await calendar_of(dossier.agency)),
        # Nobody files without the pledge: it says nothing more here.
        sections=[one for one in in_words(filed.form, filed.answers, filed.facts, choices) if one.key != PLEDGE],
        checks=_checks(dossier, files),
        sheets=_sheets(filed, files),
        fees=fees_of(dossier),
        issued=await _issued(dossier),
        templates=[(one.id, one.template.name) for one in filed.procedure.documents if one.template],
        result=result,
        log=await told_to_officers(dossier, steps),
        offers=acts,
        colleagues=await colleagues(dossier, step) if acts.of(moves.ASSIGN) else [],
        outcome=outcome,
        picks=picks_of(outcome) if outcome else [],
        proposal=await _proposal(dossier),
        state_owner=foreign.state_owner(dossier),
        foreign_codes=codes,
    )


def picks_of(outcome: Outcome) -> list[Pick]:
    """Return the exceptions of the time limit that only an officer can pick."""
    return [
        Pick(place, one.condition, describe(one))
        for place, one in enumerate(outcome.limit.exceptions)
        if one.when is None
    ]


async def colleagues(dossier: Dossier, step: Step | None) -> list[Officer]:
    """Return the officers of the agency who can do the present step, without the one who has it."""
    needed = moves.role_of(step) if step else None
    return [
        one
        for one in await officers_of(dossier.agency)
        if one.id != dossier.assignee and (needed is None or one.may(needed))
    ]


def _checks(dossier: Dossier, files: list[FileShown]) -> list[Check]:
    noted = counted(dossier)
    return [
        Check(
            paper,
            sum(file.slot == paper.id for file in files),
            bool(noted.get(paper.id, {}).get("seen")),
            int(noted.get(paper.id, {}).get("originals", 0)),
            int(noted.get(paper.id, {}).get("copies", 0)),
        )
        for paper in papers_of(dossier)
        if paper.standing in _ASKED
    ]


def _sheets(filed: Filed, files: list[FileShown]) -> list[Sheet]:
    names = {paper.id: paper.name for paper in papers_of(filed.dossier)}
    names |= {slots.slot_of(path): field.label for path, field in slots.file_questions(filed.form, filed.answers)}
    order = {slot: place for place, slot in enumerate(names)}
    handed_in = sorted((file for file in files if file.slot in names), key=lambda file: order[file.slot])
    found = []
    for file in handed_in:
        pages = [picture.page for picture in file.pictures] or [0]
        found += [Sheet(file, page, names[file.slot]) for page in pages]
    return found


async def _issued(dossier: Dossier) -> list[tuple[str, str]]:
    forms = {one.form for one in await papers_issued(dossier.id)}
    return [(PAPER_FILES[form], _(PAPER_WORDS[form])) for form in PAPER_FILES if form in forms]


async def _result(dossier: Dossier, files: list[FileShown]) -> Given | None:
    found = await result_of(dossier.id)
    if found is None:
        return None
    return Given(found.id, found.number, found.summary, next((file for file in files if file.id == found.file), None))


async def _proposal(dossier: Dossier) -> tuple[str, str] | None:
    """Who proposed to reject, and why."""
    if dossier.proposal is None or dossier.state == State.REJECTED:
        return None
    kept = msgspec.json.decode(dossier.proposal)
    return await name_of(UUID(kept["by"])), kept["reason"]
