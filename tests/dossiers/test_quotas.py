"""What an account holds without having filed it has an end, also for two requests at once."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextvars import copy_context
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
from litestar.datastructures import UploadFile

from backend.accounts.tables import Account
from backend.dossiers import attaching, drafts, intake, quotas
from backend.dossiers.filling import Draft
from backend.dossiers.quotas import Quota
from backend.dossiers.tables import Dossier
from backend.files.tables import File
from backend.kit import clock, settings
from backend.kit.database import execute, fetch_value
from backend.kit.errors import Refused
from backend.kit.language import use_language
from tests.browser import post, sign_in
from tests.cast import Cast
from tests.dossiers import stories
from tests.dossiers.stories import BIRTH, CERTIFY, DEFAULT
from tests.files import samples
from tests.files.conftest import kept_objects

pytestmark = pytest.mark.anyio

WAITS = """
select exists (select from pg_locks join pg_database d on d.oid = database
               where locktype = 'advisory' and not granted and datname = current_database())
"""
AT_THE_COUNTER = "mang căn cước đến quầy để xác minh"


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotas, "UNVERIFIED", Quota(dossiers=2, files=2, megabytes=1))
    monkeypatch.setattr(quotas, "VERIFIED", Quota(dossiers=3, files=3, megabytes=1))


@pytest.fixture
def objects(tmp_path: Path, current_settings: settings.Settings) -> Iterator[Path]:
    """The folder of a store of this test's own."""
    with settings.use(msgspec.structs.replace(current_settings, storage_path=tmp_path / "objects")):
        yield tmp_path / "objects"


async def verify(account: UUID) -> None:
    await execute("update account set identity_verified_at = $2 where id = $1", account, clock.now())


async def unverify(account: UUID) -> None:
    await Account.update({Account.identity_verified_at: None}).where(Account.id == account)


@pytest.fixture
async def draft(cast: Cast, objects: Path) -> Draft:
    """A draft of Hà, whose card nobody saw yet."""
    await stories.publish(cast, BIRTH, CERTIFY, DEFAULT)
    await unverify(cast.ha.account)
    return await stories.begun(cast, BIRTH)


def photograph(width: int) -> UploadFile:
    """A photograph whose content is told by its width."""
    return UploadFile(content_type="image/jpeg", filename="giay.jpg", file_data=samples.image(width=width))


async def attach(draft: Draft, width: int) -> None:
    await attaching.attach(draft, draft.papers[0].id, photograph(width))


async def touched(draft: UUID) -> None:
    """A draft that was changed is not taken up again by the next beginning."""
    await execute("update dossier set revision = 2 where id = $1", draft)


async def outcomes(
    first: Coroutine[Any, Any, Any], second: Coroutine[Any, Any, Any], counted: str, monkeypatch: pytest.MonkeyPatch
) -> list[bool]:
    """Whether each of two was done (False: refused), where `second` comes as far as it can once `first` has counted."""
    count, outside, later = getattr(quotas, counted), copy_context(), list[asyncio.Task[Any]]()

    async def count_and_let_pass(account: UUID) -> None:
        await count(account)
        if not later:
            later.append(asyncio.create_task(second, context=outside))
            while not later[0].done() and not await fetch_value(WAITS):
                pass

    monkeypatch.setattr(quotas, counted, count_and_let_pass)
    done = await asyncio.gather(first, return_exceptions=True)
    done += await asyncio.gather(*later, return_exceptions=True)
    assert len(done) == 2
    assert all(not isinstance(one, BaseException) or isinstance(one, Refused) for one in done), done
    return [not isinstance(one, Refused) for one in done]


async def test_one_dossier_too_many_is_refused_with_what_to_do(cast: Cast, draft: Draft) -> None:
    await stories.begun(cast, CERTIFY)
    with pytest.raises(Refused, match=f"Đang có 2 hồ sơ chưa nộp.*{AT_THE_COUNTER}"):
        await stories.begun(cast, DEFAULT)
    assert await Dossier.count().where(Dossier.account == cast.ha.account) == 2


async def test_who_is_verified_may_hold_more_and_is_not_sent_to_the_counter(cast: Cast, draft: Draft) -> None:
    await verify(cast.ha.account)
    await stories.begun(cast, CERTIFY)
    await stories.begun(cast, DEFAULT)
    await touched(draft.id)
    with pytest.raises(Refused) as problem:
        await stories.begun(cast, BIRTH)
    assert AT_THE_COUNTER not in problem.value.sentence


async def test_a_draft_begun_again_untouched_is_no_second_one(cast: Cast, draft: Draft) -> None:
    await stories.begun(cast, CERTIFY)
    assert (await stories.begun(cast, BIRTH)).id == draft.id


async def test_what_is_prepared_for_the_counter_counts_as_not_filed(cast: Cast, draft: Draft) -> None:
    await drafts.prepare(await stories.begun(cast, CERTIFY))
    with pytest.raises(Refused):
        await stories.begun(cast, DEFAULT)


async def test_what_is_deleted_makes_room(cast: Cast, draft: Draft) -> None:
    await stories.begun(cast, CERTIFY)
    await drafts.discard(cast.ha.account, draft.id)
    await stories.begun(cast, DEFAULT)


async def test_what_was_filed_makes_room(cast: Cast, draft: Draft) -> None:
    await drafts.discard(cast.ha.account, draft.id)
    filed = await stories.filled(cast, BIRTH)
    await intake.file_by_citizen(filed.row, cast.ha.account)
    await stories.begun(cast, CERTIFY)
    assert (await stories.begun(cast, DEFAULT)).row.account == cast.ha.account


async def test_of_two_beginnings_at_once_only_one_takes_the_last_place(
    cast: Cast, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = stories.begun(cast, CERTIFY), stories.begun(cast, DEFAULT)
    assert await outcomes(*both, "check_dossiers", monkeypatch) == [True, False]


async def test_a_file_too_many_is_refused_and_leaves_no_object(draft: Draft, objects: Path) -> None:
    await attach(draft, 11)
    await attach(draft, 12)
    with pytest.raises(Refused, match=f"tối đa 2 tệp, 1 MB.*{AT_THE_COUNTER}"):
        await attach(draft, 13)
    assert len(kept_objects(objects)) == await File.count().where(File.subject == draft.id) == 2


async def test_the_files_of_all_dossiers_not_filed_count_together(cast: Cast, draft: Draft) -> None:
    await touched(draft.id)
    other = await stories.begun(cast, BIRTH)
    await attach(draft, 11)
    await attach(other, 12)
    with pytest.raises(Refused):
        await attach(draft, 13)
    await drafts.discard(cast.ha.account, other.id)
    await attach(draft, 13)


async def test_too_many_bytes_are_refused_whatever_the_number_of_files(draft: Draft) -> None:
    await attach(draft, 11)
    await execute("update file set size = 1024 * 1024 where subject = $1", draft.id)
    with pytest.raises(Refused):
        await attach(draft, 12)


async def test_a_file_sent_again_because_its_answer_got_lost_is_no_further_one(draft: Draft) -> None:
    await attach(draft, 11)
    await attach(draft, 12)
    await attach(draft, 12)
    assert await File.count().where(File.subject == draft.id) == 2


async def test_of_two_files_at_once_for_two_dossiers_only_one_takes_the_last_place(
    cast: Cast, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    await touched(draft.id)
    other = await stories.begun(cast, BIRTH)
    await attach(draft, 11)
    assert await outcomes(attach(draft, 12), attach(other, 13), "check_files", monkeypatch) == [True, False]


async def test_what_others_hold_counts_for_nobody_else(cast: Cast, draft: Draft) -> None:
    await attach(draft, 11)
    await attach(draft, 12)
    await attach(await stories.begun(cast, BIRTH, cast.toan), 13)


async def test_a_file_refused_in_the_form_leaves_what_was_typed_and_says_why_in_english_too(
    cast: Cast, client: httpx.AsyncClient, draft: Draft
) -> None:
    await drafts.save(draft, draft.steps[0].key, [("submitter.full_name", "Trần Thị Thu Hà")])
    before = (await stories.row(draft.id)).answers
    await attach(draft, 11)
    await attach(draft, 12)
    sign_in(client, cast.ha)
    place = draft.papers[0].id
    files = {place: ("giay.jpg", samples.image(width=13), "image/jpeg")}
    answer = await post(client, f"/nop/{draft.id}/tep/{place}", files=files)
    assert answer.status_code == 409
    assert "tối đa 2 tệp" in answer.text
    assert (await stories.row(draft.id)).answers == before
    with use_language("en"), pytest.raises(Refused, match="bring the card to the counter"):
        await attach(draft, 13)
