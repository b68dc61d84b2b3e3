"""The proof: whatever the owner of the database does to history behind the app's back is found and named."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.history.chain import Fault, FaultKind, verify, verify_all
from backend.history.record import entries, record
from backend.history.tables import ActorKind
from backend.kit.database import close_pool, new_id, open_pool, unit_of_work
from tests.conftest import Cluster
from tests.history.test_record import AT, act

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def tampering(owner: asyncpg.Connection) -> AsyncIterator[None]:
    """Take the guard off as only the owner can, and put it back."""
    await owner.execute("alter table history_entry disable trigger user")
    yield
    await owner.execute("alter table history_entry enable always trigger history_entry_kept")
    await owner.execute("alter table history_entry enable always trigger history_entry_not_emptied")


async def chain_of(length: int) -> UUID:
    """Make a subject with `length` entries."""
    subject = new_id()
    for number in range(1, length + 1):
        await act(subject, f"act_{number}", step=number)
    return subject


async def test_untouched_history_holds(db: Cluster) -> None:
    for length in (1, 2, 5):
        await chain_of(length)
    outcome = await verify_all()
    assert (outcome.subjects, outcome.entries, outcome.faults) == (3, 8, [])


async def test_no_history_holds_too(db: Cluster) -> None:
    outcome = await verify_all()
    assert (outcome.subjects, outcome.entries, outcome.faults) == (0, 0, [])


@pytest.mark.parametrize(
    "change",
    [
        "act = 'other'",
        "at = at + interval '1 microsecond'",
        "actor = gen_random_uuid()",
        "actor = null",
        "agency = gen_random_uuid()",
        "actor_kind = 'system'",
        "subject_kind = 'officer'",
        """details = '{"step": 3}'""",
        "id = gen_random_uuid()",
        "hash = '\\x00'",
    ],
)
async def test_an_altered_entry_is_named(db: Cluster, owner: asyncpg.Connection, change: str) -> None:
    subject = await chain_of(3)
    await chain_of(2)
    async with tampering(owner):
        await owner.execute(f"update history_entry set {change} where subject = $1 and number = 2", subject)
    faults = (await verify_all()).faults
    assert faults[0] == Fault(FaultKind.ALTERED, subject, 2)
    assert {fault.subject for fault in faults} == {subject}
    assert str(subject) in faults[0].text and "entry 2" in faults[0].text


async def test_a_missing_entry_is_named(db: Cluster, owner: asyncpg.Connection) -> None:
    subject = await chain_of(5)
    async with tampering(owner):
        await owner.execute("delete from history_entry where subject = $1 and number in (2, 3)", subject)
    assert await verify(subject) == [Fault(FaultKind.MISSING, subject, 2), Fault(FaultKind.MISSING, subject, 3)]


async def test_a_missing_first_entry_is_named(db: Cluster, owner: asyncpg.Connection) -> None:
    subject = await chain_of(2)
    async with tampering(owner):
        await owner.execute("delete from history_entry where subject = $1 and number = 1", subject)
    assert await verify(subject) == [Fault(FaultKind.MISSING, subject, 1)]


async def test_a_cut_end_is_named(db: Cluster, owner: asyncpg.Connection) -> None:
    subject = await chain_of(4)
    async with tampering(owner):
        await owner.execute("delete from history_entry where subject = $1 and number > 2", subject)
    assert await verify(subject) == [Fault(FaultKind.CUT, subject, 4)]


async def test_a_chain_cut_away_whole_is_named_by_its_head(db: Cluster, owner: asyncpg.Connection) -> None:
    subject = await chain_of(2)
    async with tampering(owner):
        await owner.execute("delete from history_entry where subject = $1", subject)
    outcome = await verify_all()
    assert outcome.faults == [Fault(FaultKind.CUT, subject, 2)]
    assert (outcome.subjects, outcome.entries) == (1, 0)


async def test_a_lost_head_is_named(db: Cluster, owner: asyncpg.Connection) -> None:
    subject = await chain_of(2)
    await owner.execute("delete from history_head where subject = $1", subject)
    assert await verify(subject) == [Fault(FaultKind.HEAD, subject, 2)]


async def test_two_entries_that_changed_places_are_named(db: Cluster, owner: asyncpg.Connection) -> None:
    subject = await chain_of(3)
    async with tampering(owner):
        for old, new in ((1, -1), (2, 1), (-1, 2)):
            await owner.execute(
                "update history_entry set number = $3 where subject = $1 and number = $2", subject, old, new
            )
    faults = await verify(subject)
    assert {(fault.kind, fault.number) for fault in faults} >= {
        (FaultKind.OUT_OF_ORDER, 1),
        (FaultKind.OUT_OF_ORDER, 2),
        (FaultKind.ALTERED, 1),
    }


async def test_an_entry_slipped_in_with_a_right_hash_does_not_follow(db: Cluster, owner: asyncpg.Connection) -> None:
    subject, other = await chain_of(3), await chain_of(3)
    second = (await entries(other))[1]
    async with tampering(owner):
        await owner.execute("delete from history_entry where subject = $1 and number = 2", subject)
        await owner.execute("update history_entry set subject = $1 where subject = $2 and number = 2", subject, other)
    named = {(fault.kind, fault.number) for fault in await verify(subject)}
    assert named >= {(FaultKind.ALTERED, 2), (FaultKind.OUT_OF_ORDER, 2)}
    assert await verify(other) == [Fault(FaultKind.MISSING, other, second.number)]


words = st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.from_regex(r"[A-Za-z@_.:/+-][A-Za-z0-9@_.:/+-]{0,20}", fullmatch=True)
    | st.uuids()
    | st.dates()
    | st.datetimes(timezones=st.timezones()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
acts = st.lists(
    st.tuples(st.integers(0, 2), words, st.dictionaries(words, values, max_size=3), st.booleans()), max_size=12
)


class Refused(Exception):
    """A unit of work that comes to nothing."""


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=acts)
def test_random_acts_never_lose_an_entry(migrated: Cluster, acts: list[tuple[int, str, dict, bool]]) -> None:  # type: ignore[type-arg]
    subjects = [new_id() for _ in range(3)]

    async def story() -> None:
        await open_pool(migrated.app, 2)
        try:
            kept: dict[UUID, list[str]] = {subject: [] for subject in subjects}
            for minute, (which, name, details, fails) in enumerate(acts):
                subject = subjects[which]
                try:
                    async with unit_of_work():
                        await record(
                            "dossier",
                            subject,
                            name,
                            agency=None,
                            actor_kind=ActorKind.SYSTEM,
                            actor=None,
                            details=details,
                            at=AT + timedelta(minutes=minute),
                        )
                        if fails:
                            raise Refused
                    kept[subject].append(name)
                except Refused:
                    pass
            for subject in subjects:
                assert [entry.act for entry in reversed(await entries(subject))] == kept[subject]
                assert await verify(subject) == []
        finally:
            await close_pool()

    asyncio.run(story())
