"""A dossier's clock as its owner sees it."""

from datetime import timedelta

import pytest

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
    assert deadline is not None and deadline.state == "late" and "xin lỗi" in deadline.left_words
