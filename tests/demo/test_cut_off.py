"""The demo office is cut off while it is being made: the next start begins it anew, and nothing else ever does."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from backend.accounts.tables import Account, Session
from backend.agencies.calendars import forget_calendars
from backend.agencies.units import forget_units
from backend.demo import office
from backend.history.record import record
from backend.history.tables import ActorKind, HistoryEntry
from backend.kit import clock
from backend.kit.database import new_id, unit_of_work
from backend.kit.migrating import empty
from tests.conftest import Cluster

# One worker makes the office: it takes long.
pytestmark = [pytest.mark.anyio, pytest.mark.xdist_group("demo")]


class CutOff(Exception):
    """The plug is pulled."""


@pytest.fixture
async def cut_off(db: Cluster) -> AsyncIterator[Cluster]:
    """A database in which the making of the demo ended when agencies and people were there."""

    def say(line: str) -> None:
        if line == "dossiers":
            raise CutOff

    with pytest.raises(CutOff):
        await office.make_demo(say)
    async with unit_of_work():
        await record("dossier", new_id(), "note", agency=None, actor_kind=ActorKind.SYSTEM, actor=None, details={},
                     at=clock.now())  # fmt: skip
    yield db
    await empty(db.owner)
    forget_units()
    forget_calendars()


async def test_it_is_begun_anew(cut_off: Cluster) -> None:
    assert await office.is_unfinished()
    await empty(cut_off.owner)
    assert await office.is_empty()
    assert await HistoryEntry.count() == 0
    assert not await office.is_unfinished()


async def test_history_can_still_only_grow_afterwards(cut_off: Cluster) -> None:
    await empty(cut_off.owner)
    owner = await asyncpg.connect(**cut_off.owner)
    try:
        with pytest.raises(asyncpg.PostgresError):
            await owner.execute("truncate history_entry")
    finally:
        await owner.close()


async def test_where_somebody_signed_in_nothing_is_emptied(cut_off: Cluster) -> None:
    account = await Account.objects().first()
    assert account is not None
    await Session.insert(
        Session(
            id=new_id(),
            account=account.id,
            token_hash=b"x",
            device="Chromium",
            created_at=clock.now(),
            seen_at=clock.now(),
            expires_at=clock.now(),
        )
    )
    assert not await office.is_unfinished()


async def test_an_office_of_ones_own_is_never_unfinished(db: Cluster) -> None:
    assert not await office.is_unfinished()
