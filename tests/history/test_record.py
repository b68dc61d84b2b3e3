"""Writing history: append-only in the database itself, one chain per subject, never a name."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from backend.history.chain import verify
from backend.history.record import entries, record
from backend.history.tables import ActorKind
from backend.kit.database import execute, fetch_value, new_id, unit_of_work
from tests.conftest import Cluster

pytestmark = pytest.mark.anyio

AT = datetime(2026, 11, 25, 3, 0, 0, 123457, tzinfo=UTC)


async def act(subject: UUID, name: str = "receive", **details: Any) -> int:
    """Record one act of an officer in a unit of its own."""
    async with unit_of_work():
        return await record(
            "dossier",
            subject,
            name,
            agency=None,
            actor_kind=ActorKind.OFFICER,
            actor=new_id(),
            details=details,
            at=AT,
        )


async def test_entries_are_numbered_and_read_newest_first(db: Cluster) -> None:
    subject = new_id()
    assert [await act(subject, name) for name in ("submit", "receive", "forward")] == [1, 2, 3]
    assert [entry.act for entry in await entries(subject)] == ["forward", "receive", "submit"]
    assert [entry.number for entry in await entries(subject)] == [3, 2, 1]


async def test_an_entry_comes_back_as_it_was_written(db: Cluster) -> None:
    subject, agency, actor, paper = new_id(), new_id(), new_id(), new_id()
    async with unit_of_work():
        await record(
            "dossier",
            subject,
            "issue",
            agency=agency,
            actor_kind=ActorKind.CITIZEN,
            actor=actor,
            details={
                "paper": paper,
                "due": AT,
                "day": date(2026, 11, 25),
                "fee": 10**15,
                "path": ["b", "a"],
                "no": None,
            },
            at=AT,
        )
    entry = (await entries(subject))[0]
    assert (entry.agency, entry.actor, entry.actor_kind, entry.at) == (agency, actor, "citizen", AT)
    assert entry.details == {
        "paper": str(paper),
        "due": "2026-11-25T03:00:00.123457+00:00",
        "day": "2026-11-25",
        "fee": 10**15,
        "path": ["b", "a"],
        "no": None,
    }
    assert await verify(subject) == []


@pytest.mark.parametrize(
    "details",
    [
        {"owner": "Trần Thị Thu Hà"},
        {"note": "two words"},
        {"phone": "0912345678"},
        {"number": "038198006417"},
        {"inner": {"list": ["Hà"]}},
        {"share": 0.5},
        {"Key": 1},
        {"thing": object()},
    ],
)
async def test_names_texts_and_numbers_of_people_never_get_into_history(db: Cluster, details: dict[str, Any]) -> None:
    subject = new_id()
    with pytest.raises(ValueError):
        await act(subject, "receive", **details)
    assert await entries(subject) == []


async def test_history_is_written_only_inside_a_unit_of_work(db: Cluster) -> None:
    with pytest.raises(RuntimeError):
        await record(
            "dossier", new_id(), "receive", agency=None, actor_kind=ActorKind.SYSTEM, actor=None, details={}, at=AT
        )


async def test_a_unit_that_is_rolled_back_leaves_no_trace(db: Cluster) -> None:
    subject = new_id()
    await act(subject, "submit")
    with pytest.raises(ZeroDivisionError):
        async with unit_of_work():
            await record(
                "dossier", subject, "receive", agency=None, actor_kind=ActorKind.SYSTEM, actor=None, details={}, at=AT
            )
            raise ZeroDivisionError
    assert await act(subject, "refuse") == 2
    assert [entry.act for entry in await entries(subject)] == ["refuse", "submit"]
    assert await verify(subject) == []


async def test_many_writers_at_once_on_one_subject_keep_one_chain(db: Cluster) -> None:
    subject = new_id()
    numbers = await asyncio.gather(*(act(subject, f"act_{n}") for n in range(25)))
    assert sorted(numbers) == list(range(1, 26))
    assert len({entry.act for entry in await entries(subject)}) == 25
    assert await verify(subject) == []


@pytest.mark.parametrize(
    "sql",
    ["update history_entry set act = 'other'", "delete from history_entry", "truncate history_entry"],
)
async def test_the_running_role_cannot_change_history(db: Cluster, sql: str) -> None:
    await act(new_id())
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await execute(sql)
    assert await fetch_value("select count(*) from history_entry") == 1


@pytest.mark.parametrize(
    "sql",
    ["update history_entry set act = 'other'", "delete from history_entry", "truncate history_entry"],
)
async def test_even_the_owner_is_stopped_by_the_guard_until_it_is_taken_off(
    db: Cluster, owner: asyncpg.Connection, sql: str
) -> None:
    await act(new_id())
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
        await owner.execute(sql)
