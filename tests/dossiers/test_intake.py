"""Filing and intake: one code, one acknowledgement, form 01 with the due moment or form 03 with the reason."""

import asyncio
import unicodedata
from datetime import datetime, timedelta

import asyncpg
import msgspec
import pytest

from backend.agencies.tables import Role
from backend.dossiers import attaching, codes, drafts, intake, issuing, jobs, lifecycle
from backend.dossiers.filling import faults
from backend.dossiers.lifecycle import citizen
from backend.dossiers.papers import Acknowledgement, Form01, Form03, render
from backend.dossiers.queries import notes_of
from backend.dossiers.tables import DossierPaper, PaperForm, State, StateOwner
from backend.dossiers.terms import kept_answers, papers_of
from backend.files.queries import files_of
from backend.history.record import entries
from backend.kit import clock
from backend.kit.clock import Frozen
from backend.kit.database import fetch_value, unit_of_work
from backend.kit.errors import Invalid, Refused
from backend.notifications.tables import Notification
from backend.procedures.offerings import switch
from backend.procedures.outcome import PaperStanding
from backend.procedures.tables import Connection
from tests.cast import Cast
from tests.dossiers import stories
from tests.dossiers.stories import BIRTH
from tests.kit.reading_pdf import words

pytestmark = pytest.mark.anyio


async def news(account: object) -> list[str]:
    """The events a person was told of, oldest first."""
    rows = (
        await Notification.select(Notification.event).where(Notification.account == account).order_by(Notification.id)
    )
    return [row["event"] for row in rows]


async def test_filing_gives_code_history_news_paper_and_job_together(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.submitted(cast)
    assert dossier.code == "H71.104.26-261125-0001"
    assert dossier.state == State.SUBMITTED
    assert dossier.expected_at is not None and dossier.intake_due_at is not None and dossier.due_at is None
    assert [entry.act for entry in await entries(dossier.id)] == ["submit"]
    assert await news(cast.ha.account) == ["dossier.submit"]
    paper = await issuing.issued(dossier, PaperForm.ACKNOWLEDGEMENT)
    assert isinstance(paper, Acknowledgement) and paper.code == dossier.code
    assert (await render(paper)).startswith(b"%PDF")
    assert await fetch_value("select count(*) from pgqueuer where entrypoint = 'dossiers.intake_due'") == 1


async def test_the_office_is_told_once_that_an_answer_is_due_however_often_the_job_runs(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.submitted(cast)
    receptionist = cast.officer(Role.RECEPTIONIST).account
    payload = {"dossier": str(dossier.id)}
    await asyncio.gather(*(jobs.intake_due(payload) for _ in range(5)))
    await jobs.intake_due(payload)
    assert (await news(receptionist)).count("dossier.intake_due") == 1


async def test_the_office_is_not_reminded_of_what_it_answered(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.received(cast)
    await jobs.intake_due({"dossier": str(dossier.id)})
    assert await news(cast.officer(Role.RECEPTIONIST).account) == []


async def test_secrets_are_sealed_everywhere_but_on_the_paper(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.submitted(cast)
    paper = await issuing.issued(dossier, PaperForm.ACKNOWLEDGEMENT)
    assert isinstance(paper, Acknowledgement) and paper.tracking.secret is not None
    assert len(paper.tracking.secret) == codes.SECRET_LENGTH
    token = paper.tracking.url.rsplit("/", 1)[-1]
    kept = (await DossierPaper.select(DossierPaper.data).where(DossierPaper.dossier == dossier.id))[0]["data"]
    assert paper.tracking.secret not in kept and token not in kept
    assert dossier.tracking_hash == codes.hash_of(token)


async def test_two_submits_at_once_give_one_code(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    draft = await stories.filled(cast, BIRTH)
    views = [await stories.row(draft.id) for _ in range(5)]
    codes_given = await asyncio.gather(*(intake.file_by_citizen(view, cast.ha.account) for view in views))
    assert set(codes_given) == {"H71.104.26-261125-0001"}
    assert len(await entries(draft.id)) == 1
    assert await news(cast.ha.account) == ["dossier.submit"]


async def test_a_retry_with_an_old_view_gets_the_code_that_was_given(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    draft = await stories.filled(cast, BIRTH)
    first = await intake.file_by_citizen(draft.row, cast.ha.account)
    assert await intake.file_by_citizen(draft.row, cast.ha.account) == first


async def test_nobody_files_the_draft_of_another(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    draft = await stories.filled(cast, BIRTH)
    with pytest.raises(Refused):
        await intake.file_by_citizen(draft.row, cast.toan.account)


async def test_a_filing_that_fails_leaves_no_gap_in_the_codes(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    with pytest.raises(RuntimeError):
        async with unit_of_work():
            await codes.next_code(cast.commune, "H71.104.26")
            raise RuntimeError("after the number was taken")
    dossiers = [await stories.submitted(cast, seed=seed) for seed in (1, 2, 3)]
    assert [codes.parse(dossier.code or "").number for dossier in dossiers] == [1, 2, 3]


async def test_many_filings_at_once_are_numbered_without_gaps_or_doubles(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    ready = [await stories.filled(cast, BIRTH, seed=seed) for seed in range(8)]
    given = await asyncio.gather(*(intake.file_by_citizen(draft.row, cast.ha.account) for draft in ready))
    assert sorted(codes.parse(code).number for code in given) == list(range(1, 9))


async def test_codes_begin_anew_each_day(cast: Cast, frozen: Frozen) -> None:
    await stories.publish(cast, BIRTH)
    await stories.submitted(cast, seed=1)
    frozen.advance(timedelta(days=1))
    assert (await stories.submitted(cast, seed=2)).code == "H71.104.26-261126-0001"


async def test_a_save_between_reading_and_filing_stops_the_filing(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    draft = await stories.filled(cast, BIRTH)
    other_tab = await stories.reopened(draft.id)
    await drafts.save(other_tab, "submitter", [("submitter.full_name", "Trần Thị Thu Hà Mới")])
    with pytest.raises(Refused, match="vừa được sửa ở nơi khác"):
        await intake.file_by_citizen(draft.row, cast.ha.account)
    assert (await stories.row(draft.id)).code is None


async def test_hidden_answers_and_their_files_never_reach_the_dossier(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    draft = await stories.filled(cast, BIRTH)
    answers = {**draft.answers, "copies": {"wanted": "no", "fee_exemption": "none", "fee_exemption_proof": []}}
    hidden = await stories.file_in(draft.id, "copies.fee_exemption_proof", cast.ha.account)
    stray = await stories.file_in(draft.id, "no_such_paper", cast.ha.account)
    answers["copies"]["fee_exemption_proof"] = [str(hidden)]
    answers["unknown"] = {"secret": "x"}
    await stories.execute(
        "update dossier set answers = $2 where id = $1", draft.id, msgspec.json.encode(answers).decode()
    )
    await intake.file_by_citizen(await stories.row(draft.id), cast.ha.account)
    kept = kept_answers(await stories.row(draft.id))
    assert "unknown" not in kept and "fee_exemption_proof" not in kept.get("copies", {})
    left = await fetch_value("select count(*) from file where id = any($1) and removed_at is null", [hidden, stray])
    assert left == 0


async def test_receiving_starts_the_clock_and_issues_form_01_under_the_same_code(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.received(cast)
    assert dossier.state == State.RECEIVED
    assert dossier.step == "process" and dossier.received_at is not None and dossier.due_at is not None
    paper = await issuing.issued(dossier, PaperForm.FORM_01)
    assert isinstance(paper, Form01)
    assert (paper.code, paper.number, paper.due_at) == (dossier.code, 1, dossier.due_at)
    assert paper.receiver_name == "Lê Thị Mai"
    assert (await render(paper)).startswith(b"%PDF")
    assert await news(cast.ha.account) == ["dossier.submit", "dossier.receive"]


class Ticking(Frozen):
    """A clock that is half a minute on whenever somebody looks at it."""

    def now(self) -> datetime:
        """Return the moment, and let it pass."""
        self.advance(timedelta(seconds=30))
        return self.at


async def test_form_01_says_the_very_moment_from_which_the_clock_runs(cast: Cast, frozen: Frozen) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.submitted(cast)
    mai = await stories.officer(cast, Role.RECEPTIONIST)
    with clock.use(Ticking(frozen.at)):
        await intake.receive(dossier, mai)
    dossier = await stories.row(dossier.id)
    paper = await issuing.issued(dossier, PaperForm.FORM_01)
    assert isinstance(paper, Form01)
    assert (paper.received_at, paper.due_at) == (dossier.received_at, dossier.due_at)


@pytest.mark.parametrize("capacity", ["mother", "authorised"])
async def test_form_01_has_room_for_the_principal_exactly_on_delegation(cast: Cast, capacity: str) -> None:
    await stories.publish(cast, BIRTH)
    draft = await stories.filled(cast, BIRTH)
    answers = draft.answers
    answers["submitter"]["capacity"] = capacity
    await stories.execute(
        "update dossier set answers = $2 where id = $1", draft.id, msgspec.json.encode(answers).decode()
    )
    await intake.file_by_citizen(await stories.row(draft.id), cast.ha.account)
    await intake.receive(await stories.row(draft.id), await stories.officer(cast, Role.RECEPTIONIST))
    paper = await issuing.issued(await stories.row(draft.id), PaperForm.FORM_01)
    assert isinstance(paper, Form01)
    delegated = capacity == "authorised"
    assert (paper.principal is not None, paper.authority_paper) == (
        delegated,
        "Văn bản ủy quyền" if delegated else None,
    )
    assert (await render(paper)).startswith(b"%PDF")


async def test_refusing_ends_with_form_03_and_its_reason(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.submitted(cast)
    await intake.refuse(dossier, await stories.officer(cast, Role.RECEPTIONIST), "Giấy chứng sinh của người khác.")
    dossier = await stories.row(dossier.id)
    assert dossier.state == State.REFUSED and dossier.ended_at is not None
    paper = await issuing.issued(dossier, PaperForm.FORM_03)
    assert isinstance(paper, Form03) and paper.reason == "Giấy chứng sinh của người khác."
    assert (await render(paper)).startswith(b"%PDF")


async def test_a_refusal_needs_a_reason(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.submitted(cast)
    with pytest.raises(Invalid) as caught:
        await intake.refuse(dossier, await stories.officer(cast, Role.RECEPTIONIST), " ")
    assert "reason" in caught.value.fields
    assert (await stories.row(dossier.id)).state == State.SUBMITTED


async def test_two_officers_at_once_get_one_winner_and_one_sentence(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.submitted(cast)
    mai = await stories.officer(cast, Role.RECEPTIONIST)
    outcomes = await asyncio.gather(
        intake.receive(await stories.row(dossier.id), mai),
        intake.receive(await stories.row(dossier.id), mai),
        return_exceptions=True,
    )
    refused = [one for one in outcomes if isinstance(one, Refused)]
    assert len(refused) == 1
    assert refused[0].sentence == "Lê Thị Mai đã tiếp nhận hồ sơ này lúc 10:00\u00a0hôm\u00a0nay."
    assert await fetch_value("select count(*) from dossier_paper where form = '01'") == 1


async def test_a_second_officer_who_comes_later_is_told_who_was_first(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.received(cast)
    with pytest.raises(Refused, match="Lê Thị Mai đã tiếp nhận hồ sơ này lúc"):
        await intake.receive(dossier, await stories.officer(cast, Role.RECEPTIONIST))


async def test_the_counter_files_and_receives_in_one_visit(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    draft = await stories.filled(cast, BIRTH)
    await stories.execute("update dossier set channel = 'counter', account = null where id = $1", draft.id)
    await stories.count_papers(draft.id)
    code = await intake.file_at_counter(await stories.row(draft.id), await stories.officer(cast, Role.RECEPTIONIST))
    dossier = await stories.row(draft.id)
    assert (dossier.code, dossier.state) == (code, State.RECEIVED)
    assert [entry.act for entry in await entries(dossier.id)] == ["receive", "submit"]
    assert await issuing.issued(dossier, PaperForm.ACKNOWLEDGEMENT) is None, "nothing was filed online"
    receipt = await issuing.issued(dossier, PaperForm.FORM_01)
    assert isinstance(receipt, Form01)
    text = words(await render(receipt))
    asked = papers_of(dossier)
    for paper in asked:
        here = f"{paper.name} (2 bản chính" in text
        assert here is (paper.standing is PaperStanding.NEEDED), paper
    assert any(paper.standing is PaperStanding.SHOW and paper.name not in text for paper in asked)


async def test_the_acknowledgement_lists_what_was_sent_and_nothing_else(cast: Cast) -> None:
    code = "2.001909"  # its optional papers are part of the catalogue, and a card is shown
    await stories.publish(cast, code)
    draft = await stories.filled(cast, code)
    extra = next(paper for paper in draft.papers if paper.standing is PaperStanding.OPTIONAL)
    await stories.file_in(draft.id, extra.id, cast.ha.account)
    await intake.file_by_citizen(draft.row, cast.ha.account)
    dossier = await stories.row(draft.id)
    slots_filled = {file.slot for file in await files_of("dossier", dossier.id)}
    paper = await issuing.issued(dossier, PaperForm.ACKNOWLEDGEMENT)
    assert isinstance(paper, Acknowledgement)
    text = words(await render(paper)).partition("Theo dõi hồ sơ")[0]
    assert f"{extra.name} (bản điện tử)" in text
    assert {one.id for one in papers_of(dossier) if f"{one.name} (" in text} == {
        one.id for one in papers_of(dossier) if one.id in slots_filled
    }
    shown = [one for one in papers_of(dossier) if one.standing is PaperStanding.SHOW]
    assert shown and all(one.name not in text for one in shown)


@pytest.mark.parametrize("times", range(3))
async def test_a_dossier_is_not_filed_without_the_paper_that_another_tab_takes_back(cast: Cast, times: int) -> None:
    await stories.publish(cast, BIRTH)
    draft = await stories.filled(cast, BIRTH, seed=times)
    needed = next(paper for paper in draft.papers if paper.to_hand_in)
    assert (await faults(draft)).papers == []
    other_tab = await stories.reopened(draft.id)
    if times == 0:
        await attaching.detach(other_tab, draft.files_in(needed.id)[0].id)
        filed: list[object] = list(
            await asyncio.gather(intake.file_by_citizen(draft.row, cast.ha.account), return_exceptions=True)
        )
        assert isinstance(filed[0], Refused)
    else:
        await asyncio.gather(
            intake.file_by_citizen(draft.row, cast.ha.account),
            attaching.detach(other_tab, draft.files_in(needed.id)[0].id),
            return_exceptions=True,
        )
    there = any(file.slot == needed.id for file in await files_of("dossier", draft.id))
    assert there is ((await stories.row(draft.id)).code is not None), "filed without a paper, or neither"


async def test_papers_counted_anew_while_the_counter_files_stop_the_filing(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    draft = await stories.filled(cast, BIRTH)
    await stories.execute("update dossier set channel = 'counter', account = null where id = $1", draft.id)
    await stories.count_papers(draft.id)
    seen = await stories.row(draft.id)
    await stories.execute("update dossier set counter = '{}' where id = $1", draft.id)
    with pytest.raises(Refused, match="vừa được sửa ở nơi khác"):
        await intake.file_at_counter(seen, await stories.officer(cast, Role.RECEPTIONIST))
    with pytest.raises(Refused, match="Giấy tờ vừa được sửa"):
        await intake.file_at_counter(await stories.row(draft.id), await stories.officer(cast, Role.RECEPTIONIST))
    assert (await stories.row(draft.id)).code is None


async def test_issued_papers_cannot_be_changed_by_the_running_role(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.submitted(cast)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await stories.execute("update dossier_paper set number = 'x' where dossier = $1", dossier.id)


async def test_what_an_officer_writes_is_kept_composed_and_without_signs_nobody_typed(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.submitted(cast)
    mai = await stories.officer(cast, Role.RECEPTIONIST)
    typed = unicodedata.normalize("NFD", "Giấy chứng sinh\0 của người khác.")
    await lifecycle.note(dossier, mai, await stories.steps_of(dossier), typed, shown=True)
    await intake.refuse(dossier, mai, typed)
    paper = await issuing.issued(await stories.row(dossier.id), PaperForm.FORM_03)
    assert isinstance(paper, Form03) and paper.reason == "Giấy chứng sinh của người khác."
    assert {note.text for note in await notes_of(dossier.id, shown_only=True)} == {paper.reason}


async def test_a_dossier_keeps_the_connection_of_the_day_it_was_filed(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    draft = await stories.filled(cast, BIRTH)
    await switch(cast.commune, BIRTH, True, Connection.PORTAL, None)
    await intake.submit(draft.row, citizen(cast.ha.account, cast.ha.name))
    await switch(cast.commune, BIRTH, True, Connection.LOCAL, None)
    filed = await stories.row(draft.id)
    assert (filed.connection, filed.state_owner) == (Connection.PORTAL, StateOwner.FOREIGN)
