"""A dossier's clock as its owner sees it."""

from datetime import timedelta

import msgspec
import pytest

from backend.agencies.calendars import calendar_of
from backend.agencies.tables import Role
from backend.dossiers import intake
from backend.dossiers.deadline_words import deadline_of, promise_of
from backend.dossiers.overview import overview_of
from backend.dossiers.tables import State
from backend.dossiers.tracking import tracked
from backend.kit.clock import Frozen
from tests.cast import Cast
from tests.dossiers import stories
from tests.dossiers.stories import BIRTH

pytestmark = pytest.mark.anyio


async def test_a_result_that_waits_for_its_person_is_not_the_offices_delay(cast: Cast, frozen: Frozen) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.received(cast)
    assert (await overview_of(dossier)).deadline is not None
    dossier = await stories.walk_to(cast, dossier, State.ISSUED)
    frozen.advance(timedelta(days=30))
    assert (await overview_of(dossier)).deadline is None
    assert (await tracked(dossier)).deadline is None


async def test_a_dossier_past_its_date_says_so(cast: Cast, frozen: Frozen) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.received(cast)
    frozen.advance(timedelta(days=30))
    deadline = (await overview_of(dossier)).deadline
    assert deadline is not None and deadline.state == "late" and "xin lỗi" in deadline.left


async def test_person_and_office_see_one_date_and_only_the_person_is_asked_for_pardon(
    cast: Cast, frozen: Frozen
) -> None:
    await stories.publish(cast, BIRTH)
    dossier = await stories.submitted(cast)
    calendar = await calendar_of(dossier.agency)
    assert promise_of(dossier, calendar) is None, "nothing is promised before it is received"
    answer = deadline_of(dossier, calendar)
    assert answer is not None and answer.due == dossier.intake_due_at and answer.title.startswith("Trả lời trước")
    await intake.receive(dossier, await stories.officer(cast, Role.RECEPTIONIST))
    dossier = await stories.row(dossier.id)
    frozen.advance(timedelta(days=30))
    told, worked = promise_of(dossier, calendar), deadline_of(dossier, calendar)
    assert told is not None and worked is not None
    assert msgspec.structs.replace(told, left="") == msgspec.structs.replace(worked, left="")
    assert "xin lỗi" in told.left and worked.left.startswith("quá ")
    assert told.percent == 100 and told.used.startswith("Đã dùng ")
