"""A history that was taken away whole, entries and end, is missed by whoever must have one."""

import asyncio
from uuid import UUID

import asyncpg
import pytest
from click.testing import CliRunner

from backend.command_line import main
from backend.dossiers import recorded as dossiers
from backend.history.chain import Fault, FaultKind, Outcome, verify_all
from backend.kit.database import close_pool, open_pool
from backend.procedures import recorded as procedures
from backend.procedures.offerings import set_tariff
from tests.cast import Cast
from tests.conftest import Cluster
from tests.dossiers import stories
from tests.dossiers.stories import BIRTH
from tests.history.test_chain import tampering

pytestmark = pytest.mark.anyio


async def take_away(owner: asyncpg.Connection, subject: UUID) -> None:
    """Delete everything that history has of `subject`, as only the owner can."""
    async with tampering(owner):
        await owner.execute("delete from history_entry where subject = $1", subject)
    await owner.execute("delete from history_head where subject = $1", subject)


async def verified() -> Outcome:
    """What the operator's verb verifies."""
    return await verify_all(procedures.subjects(), dossiers.subjects())


async def test_a_filed_dossier_without_any_history_is_named(cast: Cast, owner: asyncpg.Connection) -> None:
    await stories.publish(cast, BIRTH)
    one, other = [await stories.submitted(cast, seed=seed) for seed in (1, 2)]
    await stories.begun(cast, BIRTH)
    assert (await verified()).faults == [], "a draft has moved nowhere yet"
    await take_away(owner, one.id)
    assert (await verify_all()).faults == [], "the chains alone do not tell"
    (fault,) = (await verified()).faults
    assert fault == Fault(FaultKind.GONE, one.id, 0)
    assert str(one.id) in fault.text and str(other.id) not in fault.text


async def test_what_an_office_set_without_any_history_is_named(cast: Cast, owner: asyncpg.Connection) -> None:
    await stories.publish(cast, BIRTH)
    await set_tariff(cast.commune, BIRTH, "civil_charge", 8_000, None, "NQ 12/2026", stories.TODAY, None)
    subjects = [one async for handful in procedures.subjects() for one in handful]
    assert len(subjects) == 2, "an offering and a tariff"
    for subject in subjects:
        await take_away(owner, subject)
    assert {(fault.kind, fault.subject) for fault in (await verified()).faults} == {
        (FaultKind.GONE, subject) for subject in subjects
    }


async def test_more_dossiers_than_one_handful_are_all_asked_for(
    cast: Cast, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stories.publish(cast, BIRTH)
    filed = [await stories.submitted(cast, seed=seed) for seed in range(5)]
    monkeypatch.setattr(dossiers, "_HANDFUL", 2)
    for dossier in filed:
        await take_away(owner, dossier.id)
    assert [fault.subject for fault in (await verified()).faults] == sorted(dossier.id for dossier in filed)


def test_the_operator_reads_which_history_is_gone_and_the_verb_fails(migrated: Cluster) -> None:
    async def story() -> UUID:
        from tests.cast import assemble
        from tests.conftest import empty_tables

        owner = await asyncpg.connect(**migrated.owner)
        await empty_tables(owner)
        await open_pool(migrated.app, 2)
        try:
            cast = await assemble()
            await stories.publish(cast, BIRTH)
            dossier = await stories.submitted(cast)
            await take_away(owner, dossier.id)
            return UUID(str(dossier.id))
        finally:
            await close_pool()
            await owner.close()

    gone = asyncio.run(story())
    result = CliRunner().invoke(main, ["verify-history"])
    assert result.exit_code == 1
    assert f"{gone}: nothing of its history is left" in result.output
