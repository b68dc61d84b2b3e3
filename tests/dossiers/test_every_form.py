"""Each of the complete forms and the default form, filled by chance, filed and received with its papers."""

from typing import Any

import msgspec
import pytest

from backend.agencies.tables import Role
from backend.dossiers import counter, drafts, intake, issuing
from backend.dossiers.filling import faults
from backend.dossiers.papers import render
from backend.dossiers.tables import PaperForm, State
from backend.dossiers.terms import kept_answers
from backend.forms.answers import visible_answers
from backend.kit.database import execute
from tests.cast import Cast
from tests.dossiers import stories

pytestmark = pytest.mark.anyio

WITH_FORM = sorted(one["code"] for one in stories.plain()["procedures"] if one["form"])
DEFAULTS = ["1.004837", "1.000689", "1.013978", "2.001159", "1.013225"]


def pruned(answers: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answers.items() if value not in ({}, [], None)}


@pytest.mark.parametrize("code", [*WITH_FORM, *DEFAULTS])
async def test_a_form_is_filled_filed_and_received(cast: Cast, code: str) -> None:
    await stories.publish(cast, code)
    draft = await stories.filled(cast, code, seed=7)
    found = await faults(draft)
    assert found.fine, (found.findings.errors[:3], found.papers)
    if draft.online:
        await intake.file_by_citizen(draft.row, cast.ha.account)
        dossier = await stories.row(draft.id)
        assert dossier.state == State.SUBMITTED
        await intake.receive(dossier, await stories.officer(cast, Role.RECEPTIONIST))
    else:
        await drafts.prepare(draft)
        await execute("update dossier set channel = 'counter' where id = $1", draft.id)
        lying = await stories.reopened(draft.id)
        noted = counter.Noted({paper.id: counter.Counted(originals=1) for paper in counter.papers_at(lying)})
        written = msgspec.json.encode(noted).decode()
        await execute("update dossier set counter = $2 where id = $1", draft.id, written)
        prepared = await stories.row(draft.id)
        await intake.file_at_counter(prepared, await stories.officer(cast, Role.RECEPTIONIST))
    dossier = await stories.row(draft.id)
    assert dossier.state == State.RECEIVED and dossier.code
    kept = kept_answers(dossier)
    assert pruned(kept) == pruned(visible_answers(draft.form, kept, draft.facts))
    paper = await issuing.issued(dossier, PaperForm.FORM_01)
    assert paper is not None
    if code in ("1.001193", "2.000815", "1.004837"):
        assert (await render(paper)).startswith(b"%PDF")
