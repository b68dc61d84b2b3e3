"""`motcua verify-history`: what an operator types, and what they read."""

import asyncio
from uuid import UUID

import asyncpg
import pytest
from click.testing import CliRunner, Result

from backend.command_line import main
from backend.kit.database import close_pool, new_id, open_pool
from tests.conftest import Cluster, empty_tables
from tests.history.test_chain import tampering
from tests.history.test_record import act


@pytest.fixture
def chains(migrated: Cluster) -> list[UUID]:
    """Two subjects with two entries each."""
    subjects = [new_id(), new_id()]

    async def write() -> None:
        owner = await asyncpg.connect(**migrated.owner)
        await empty_tables(owner)
        await owner.close()
        await open_pool(migrated.app, 2)
        for subject in subjects:
            await act(subject, "submit")
            await act(subject, "receive")
        await close_pool()

    asyncio.run(write())
    return subjects


def verify() -> Result:
    return CliRunner().invoke(main, ["verify-history"])


def test_whole_history_is_counted(chains: list[UUID]) -> None:
    result = verify()
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-1] == "4 entries in 2 chains read, 0 faults found."


def test_an_altered_row_is_named_and_the_verb_fails(chains: list[UUID], migrated: Cluster) -> None:
    async def alter() -> None:
        owner = await asyncpg.connect(**migrated.owner)
        async with tampering(owner):
            await owner.execute("update history_entry set act = 'refuse' where subject = $1 and number = 2", chains[1])
        await owner.close()

    asyncio.run(alter())
    result = verify()
    assert result.exit_code == 1
    assert f"{chains[1]}, entry 2: its content is not what was written" in result.output
    assert "4 entries in 2 chains read, 1 faults found." in result.output
