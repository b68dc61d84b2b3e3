"""One dossier of the demo office as it is acted out: every act is a real verb, done by whoever does it in life."""

from random import Random
from uuid import UUID

import msgspec
from litestar.datastructures import UploadFile

from backend.agencies.officers import Officer, officer_by_id
from backend.agencies.queries import agency_by_id
from backend.agencies.tables import Role
from backend.demo import crew as words
from backend.demo import scans
from backend.demo.answers import Asker, filled, posted
from backend.demo.crew import Crew
from backend.demo.plans import Plan
from backend.demo.routes import Do, Turn
from backend.dossiers import attaching, counter, drafts, intake, lifecycle, results, slots
from backend.dossiers.beginning import begin
from backend.dossiers.filling import Draft, faults, opened
from backend.dossiers.tables import Dossier
from backend.dossiers.terms import kept_answers
from backend.files.jobs import preview_ours
from backend.files.queries import files_of
from backend.forms.paths import find
from backend.kit import clock
from backend.procedures.outcome import PaperStanding


class Case:
    """A dossier on its way.

    Args:
        plan: what becomes of it.
        crew: the officers.
        seed: of its own chance, so that no dossier changes another.
    """

    def __init__(self, plan: Plan, crew: Crew, seed: str) -> None:
        self.plan, self.crew = plan, crew
        self.rng = Random(seed)
        self.id: UUID | None = None
        self.steps = plan.version.steps

    async def row(self) -> Dossier:
        """Return the dossier as it stands now."""
        found = await Dossier.objects().get(Dossier.id == self.id)
        assert found is not None
        return found

    def officer(self, role: Role) -> Officer:
        """Return who does this matter's work of a role."""
        return self.crew.officer(self.plan.agency, role, self.plan.matter, self.rng)

    async def begin(self, half: bool = False) -> None:
        """Begin the draft and fill it in; `half`: only its first sections."""
        if self.plan.account is None:
            self.id = await counter.begin(self.officer(Role.RECEPTIONIST), self.plan.published)
        else:
            agency = await agency_by_id(self.plan.agency)
            self.id = await begin(self.plan.account, agency, self.plan.published, [])
        draft = await opened(await self.row())
        today = clock.local(clock.now()).date()
        told = self.plan.matter.tell(Asker(self.plan.who, self.plan.commune, today, self.rng))
        answers = filled(draft.form, draft.answers, told, draft.facts, draft.choices)
        upto = self.rng.randint(1, max(len(draft.form.sections) - 3, 1)) if half else None
        await drafts.save(draft, "", posted(draft.form, answers, upto))
        draft = await opened(await self.row())
        if half:
            await drafts.go_on(draft, min(upto or 1, len(draft.steps)))
            return
        if self.plan.account is None:
            await self._lay_down(draft)
            return
        await self._hand_in(draft)
        draft = await opened(await self.row())
        found = await faults(draft)
        if not found.fine:
            raise ValueError(f"{self.plan.matter.code}: {found}")
        await drafts.go_on(draft, draft.total)

    async def _hand_in(self, draft: Draft) -> None:
        """Photograph every paper that is asked for."""
        for paper in draft.papers:
            if paper.to_hand_in:
                await self._photographed(draft, paper.id, paper.name)
        asked = dict(slots.file_questions(draft.form, draft.visible))
        for missing in (await faults(draft)).findings.errors:
            if missing.path in asked:
                await self._photographed(draft, missing.path, asked[missing.path].label)

    async def _lay_down(self, draft: Draft) -> None:
        """What is shown is seen, what is handed in lies on the counter as an original; a form may want a picture too."""
        papers = counter.papers_at(draft)
        seen = {f"seen.{paper.id}": "on" for paper in papers if paper.standing is PaperStanding.SHOW}
        brought = {f"originals.{paper.id}": "1" for paper in papers if paper.standing is PaperStanding.NEEDED}
        await counter.count(draft, seen | brought)
        for missing in counter.missing(draft).form:
            await self._photographed(draft, missing.path, missing.label)

    async def _photographed(self, draft: Draft, place: str, title: str) -> None:
        who = self.plan.who
        lines = [
            f"Họ và tên: {who.name}",
            f"Nơi cư trú: {who.residence['detail']}",
            f"Ngày {clock.local(clock.now()):%d/%m/%Y}",
        ]
        picture = scans.photo(title.partition(";")[0].partition(":")[0].partition("(")[0], lines)
        name = f"IMG_{clock.local(clock.now()):%Y%m%d_%H%M%S}.jpg"
        kept = await attaching.attach(draft, place, UploadFile("image/jpeg", name, picture))
        await preview_ours(kept.id)

    async def prepare(self) -> None:
        """Get it ready for the counter."""
        await drafts.prepare(await opened(await self.row()))

    async def file(self) -> None:
        """The citizen files it."""
        assert self.plan.account is not None
        await intake.file_by_citizen(await self.row(), self.plan.account)

    async def receive_at_counter(self) -> None:
        """Filed and received in one visit."""
        row = await self.row()
        officer = await officer_by_id(row.assignee)
        await counter.receive(await counter.at_counter(officer, row.id), officer, (), "")

    async def receive(self) -> None:
        """The receptionist receives it."""
        await intake.receive(await self.row(), self.officer(Role.RECEPTIONIST))

    async def refuse(self) -> None:
        """The receptionist refuses it."""
        await intake.refuse(await self.row(), self.officer(Role.RECEPTIONIST), self.rng.choice(words.REFUSALS))

    async def assign(self) -> None:
        """The receptionist gives it to the processor of its desk."""
        row = await self.row()
        await lifecycle.assign(row, self.officer(Role.RECEPTIONIST), self.officer(Role.PROCESSOR), self.steps)

    async def say(self, role: Role, text: str, shown: bool) -> None:
        """An officer writes a note."""
        await lifecycle.note(await self.row(), self.officer(role), self.steps, text, shown)

    async def turn(self, turn: Turn) -> None:
        """One act of the workflow."""
        row, officer = await self.row(), self.officer(Role(turn.role))
        match turn.do:
            case Do.TAKE_UP:
                await lifecycle.take_up(row, officer, self.steps)
            case Do.ADVANCE:
                await lifecycle.advance(row, officer, self.steps, turn.to)
            case Do.ATTACH:
                await self._attach(row, officer)
            case Do.PROPOSE:
                await lifecycle.propose_rejection(row, officer, self.steps, self.rng.choice(words.REJECTIONS))
            case Do.DECLINE:
                await lifecycle.decline_proposal(row, officer, self.steps, words.DECLINED)
            case Do.REJECT:
                reason = msgspec.json.decode(row.proposal or "{}").get("reason") or words.REJECTIONS[0]
                await lifecycle.reject(row, officer, self.steps, reason)
            case Do.FORWARD:
                await lifecycle.forward(row, officer, self.steps, self.rng.choice(words.PLACES))
            case Do.DELIVER:
                await lifecycle.deliver(row, officer, self.steps, self._delivery(row))

    async def _attach(self, row: Dossier, officer: Officer) -> None:
        matter = self.plan.matter
        number = self.crew.number(self.plan.agency, matter.mark)
        upload = None
        if self._delivery(row) == "electronic" or (self.plan.by_net and self.rng.random() < 0.4):
            upload = UploadFile("application/pdf", f"{matter.result}.pdf", self._result(number, row))
        await results.attach(row, officer, self.steps, upload, number, matter.result)
        if upload is not None:
            for file in await files_of(slots.SUBJECT, row.id):
                if file.slot == slots.RESULT:
                    await preview_ours(file.id)

    def _result(self, number: str, row: Dossier) -> bytes:
        who = row.owner_name
        lines = [
            f"Số: {number}",
            f"Cấp cho: {who}",
            f"Hồ sơ: {row.code}",
            f"{self.plan.commune.place}, ngày {clock.local(clock.now()):%d/%m/%Y}",
        ]
        return scans.sheet(self.plan.matter.result, lines)

    def _delivery(self, row: Dossier) -> str:
        method = find(kept_answers(row), "delivery.method")
        return method if isinstance(method, str) else "counter"
