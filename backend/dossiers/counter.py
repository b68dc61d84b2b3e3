"""A dossier entered at the counter for somebody who stands there: begun or opened by code, filled, counted, received.

It is a draft that an officer has (`assignee`); nobody else opens it. What the counter notes (papers seen and counted)
stands in `counter`, apart from the answers.
"""

from collections.abc import Collection, Mapping
from uuid import UUID

import msgspec

from backend.accounts.identifiers import Identifier, Kind
from backend.accounts.identity import Found, find
from backend.agencies.officers import Officer, officer_by_id
from backend.agencies.units import units
from backend.dossiers import drafts, moves, slots
from backend.dossiers.card import filled_from, read_card
from backend.dossiers.filling import Draft, opened, stop_of
from backend.dossiers.intake import file_at_counter
from backend.dossiers.lifecycle import acting, go, who_was_first
from backend.dossiers.queries import prepared_by_code
from backend.dossiers.tables import ChannelOfFiling, Dossier, State, StateOwner
from backend.dossiers.terms import case_of, kept_answers, packed
from backend.files.queries import files_of
from backend.files.uploads import remove
from backend.forms.answers import starting_answers
from backend.forms.merging import stamp
from backend.forms.paths import find as answer_at
from backend.forms.validation import Finding, validate
from backend.kit import clock
from backend.kit.database import execute, fetch_value, new_id, unit_of_work
from backend.kit.errors import Invalid, NotFound, Refused
from backend.kit.language import _
from backend.procedures.choices import unit_choices
from backend.procedures.definition import Channel
from backend.procedures.offerings import offering_of
from backend.procedures.outcome import Paper, PaperStanding
from backend.procedures.queries import Published, form_of, receives, version_of

MOST = 99
"""Sets of one paper that anybody hands in."""
TAKEN = (PaperStanding.NEEDED, PaperStanding.SHOW, PaperStanding.OPTIONAL, PaperStanding.MAYBE)


class Counted(msgspec.Struct, frozen=True):
    """What of one paper lies on the counter."""

    seen: bool = False
    originals: int = 0
    copies: int = 0

    @property
    def here(self) -> bool:
        """Whether there is anything of it."""
        return self.seen or self.originals > 0 or self.copies > 0


class Noted(msgspec.Struct, frozen=True):
    """All the counter noted: papers by id."""

    papers: dict[str, Counted] = {}


class Missing(msgspec.Struct, frozen=True):
    """What keeps a dossier from being received: mistakes of the form, and papers by id with a sentence."""

    form: list[Finding]
    papers: dict[str, str]

    @property
    def fine(self) -> bool:
        """Whether it may be received."""
        return not self.form and not self.papers


def noted(row: Dossier) -> Noted:
    """Return what the counter noted on a dossier."""
    return msgspec.json.decode(row.counter or "{}", type=Noted)


def papers_at(draft: Draft) -> list[Paper]:
    """Return the papers that are looked for on the counter."""
    return [paper for paper in draft.outcome.papers if paper.standing in TAKEN]


async def own(officer: Officer, draft: UUID) -> Dossier:
    """Return a draft that the officer has at the counter.

    Raises:
        NotFound: there is none.
    """
    row = (
        await Dossier.objects()
        .where(Dossier.id == draft, Dossier.assignee == officer.id, Dossier.agency == officer.agency_id)
        .first()
    )
    if row is None or row.state not in moves.PRIVATE:
        raise NotFound(_("Không có trang này, hoặc trang không dành cho tài khoản đang dùng."))
    return row


async def waiting(officer: Officer) -> list[tuple[Dossier, str]]:
    """Return what the officer has begun and not received yet, with each procedure's name; newest first."""
    rows = (
        await Dossier.objects()
        .where(Dossier.assignee == officer.id, Dossier.state.is_in([str(state) for state in moves.PRIVATE]))
        .order_by(Dossier.updated_at, ascending=False)
        .limit(20)
    )
    return [(row, (await version_of(row.version)).plain_name) for row in rows]


async def begin(officer: Officer, published: Published) -> UUID:
    """Begin a dossier at the counter; return its id.

    Raises:
        Refused: the procedure is no longer received, or not at the counter.
    """
    now = clock.now()
    version = published.version
    if not receives(published, clock.local(now).date()):
        raise Refused(_("Thủ tục này không còn nhận hồ sơ mới."))
    if version.channel(Channel.COUNTER) is None:
        raise Refused(_("Thủ tục này không nhận tại quầy."))
    answers = starting_answers(form_of(version, Channel.COUNTER), await unit_choices(officer.agency_id))
    made = new_id()
    offering = await offering_of(officer.agency_id, version.code)
    await Dossier.insert(
        Dossier(
            id=made,
            agency=officer.agency_id,
            procedure_code=version.code,
            version=published.version_id,
            channel=ChannelOfFiling.COUNTER,
            connection=str(offering.connection),
            state_owner=StateOwner.OURS,
            state=State.DRAFT,
            assignee=officer.id,
            answers=packed(answers),
            created_at=now,
            updated_at=now,
        )
    )
    return made


async def take_prepared(officer: Officer, code: str) -> UUID:
    """Open what a citizen prepared under `code` (or the address in its QR); it is this officer's from now on. Return its id.

    Raises:
        NotFound: nothing is prepared under this code for this office.
        Refused: a colleague has it at their counter.
    """
    row = await prepared_by_code(officer, code.rpartition("ma=")[2])
    if row is None:
        raise NotFound(_("Không có bản chuẩn bị nào mang mã này ở xã. Kiểm tra lại mã trên máy của người nộp."))
    if row.assignee != officer.id:
        # Who left the office mends nothing any more: what they had open is free.
        if row.assignee and not (await officer_by_id(row.assignee)).ended_at:
            raise Refused(await who_was_first(row.id, moves.OPEN_PREPARED))
        taken = {"assignee": officer.id, "channel": str(ChannelOfFiling.COUNTER)}
        async with unit_of_work():
            await go(row, moves.OPEN_PREPARED, acting(officer), changes=taken)
    return UUID(str(row.id))


async def scan(draft: Draft, text: str) -> None:
    """Fill the submitter in from the text of their card; the text itself is not kept.

    Raises:
        Invalid: it is no card.
    """
    card = read_card(text)
    async with unit_of_work():
        row = await drafts.locked(draft.id)
        kept = kept_answers(row)
        facts = msgspec.structs.replace(draft.facts, case=case_of(kept))
        answers = filled_from(card, draft.form, kept, facts, draft.choices, await units())
        draft.row, draft.answers = await drafts.written(row, draft, answers), answers
    draft.facts = msgspec.structs.replace(facts, case=case_of(answers))


def stamp_of(counted: Counted) -> str:
    """Return the mark by which a page says which count it began from."""
    return stamp(msgspec.to_builtins(counted) if counted.here else None)


async def count(draft: Draft, given: Mapping[str, str], was: Mapping[str, str] | None = None) -> dict[str, Counted]:
    """Keep which papers lie on the counter; return what another window counted of the same papers meanwhile, by id.

    Args:
        draft: as opened.
        given: posted values: `seen.<paper>`, `originals.<paper>`, `copies.<paper>`.
        was: of which papers the page speaks, by id, and the mark of the count each began from; None: of all, come what may.

    Raises:
        NotFound: it was filed or put away meanwhile.
    """
    clashes: dict[str, Counted] = {}
    async with unit_of_work():
        row = await drafts.locked(draft.id)
        kept = noted(row).papers
        papers: dict[str, Counted] = {}
        for paper in papers_at(draft):
            there, said = kept.get(paper.id, Counted()), _counted(given, paper.id)
            if was is not None and paper.id not in was:
                said = there
            elif was is not None and was[paper.id] != stamp_of(there) and said != there:
                clashes[paper.id], said = there, there
            if said.here:
                papers[paper.id] = said
        row.counter = msgspec.json.encode(Noted(papers)).decode()
        await execute("update dossier set counter = $2 where id = $1", draft.id, row.counter)
    draft.row.counter = row.counter
    return clashes


def _counted(given: Mapping[str, str], paper: str) -> Counted:
    def number(name: str) -> int:
        text = given.get(f"{name}.{paper}", "").strip()
        return min(int(text), MOST) if text.isascii() and text.isdigit() and len(text) < 6 else 0

    return Counted(bool(given.get(f"seen.{paper}")), number("originals"), number("copies"))


def missing(draft: Draft) -> Missing:
    """Return what is wrong with the form and which papers are not there."""
    lying = noted(draft.row).papers
    papers = {}
    for paper in papers_at(draft):
        counted = lying.get(paper.id, Counted())
        if paper.standing is PaperStanding.NEEDED and not counted.here and not draft.files_in(paper.id):
            papers[paper.id] = _("Chưa ghi nhận giấy này.")
        elif paper.standing is PaperStanding.SHOW and not counted.here:
            papers[paper.id] = _("Xem giấy này rồi đánh dấu.")
    return Missing(validate(draft.form, draft.answers, draft.facts, draft.choices).errors, papers)


async def account_of(draft: Draft) -> Found | None:
    """Return the verified account that holds the submitter's personal number; an unverified claim is nobody's."""
    number = answer_at(draft.answers, "submitter.id_number")
    if not isinstance(number, str) or len(number) != 12:
        return None
    return next((one for one in await find(Identifier(Kind.PERSONAL_ID, number)) if one.verified_at), None)


async def receive(draft: Draft, officer: Officer, picked: Collection[int], reason: str) -> str:
    """File the dossier and receive it, the slip is issued; return its code.

    Raises:
        Invalid: something is missing, or a longer limit is picked without a reason.
        Refused: it was received or changed meanwhile, or the procedure is no longer received.
    """
    if picked and len(reason.strip()) < 5:
        raise Invalid(_("Ghi lý do kéo dài thời hạn."), {"reason": _("Ghi lý do kéo dài thời hạn.")})
    if stop := await stop_of(draft):
        raise Refused(stop)
    if not missing(draft).fine:
        raise Invalid(_("Chưa nhận được: còn chỗ thiếu trong tờ khai hoặc giấy tờ."))
    holder = await account_of(draft)
    return await file_at_counter(draft.row, officer, picked, reason, holder.id if holder else None)


async def discard(officer: Officer, draft: UUID) -> None:
    """Put a dossier away: one begun here is deleted, one prepared by a citizen waits for its code again.

    Raises:
        NotFound: the officer has no such draft (any more).
    """
    async with unit_of_work():
        # Read under the lock: what was just received keeps its files, and a file just handed in finds no draft.
        await fetch_value("select 1 from dossier where id = $1 for update", draft)
        row = await own(officer, draft)
        if row.state == State.PREPARED:
            await go(row, moves.PUT_BACK, acting(officer), changes={"assignee": None, "counter": "{}"})
            return
        for file in await files_of(slots.SUBJECT, row.id):
            await remove(file.id)
        if not await execute("delete from dossier where id = $1 and state = $2", row.id, str(State.DRAFT)):
            raise NotFound(_("Bản nháp này đã nộp hoặc đã xóa."))


async def at_counter(officer: Officer, draft: UUID) -> Draft:
    """Return a draft of the officer with all that its pages need. Raises `NotFound`."""
    return await opened(await own(officer, draft))
