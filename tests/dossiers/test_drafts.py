"""A draft's verbs where two things happen at once, or far too much of one."""

from uuid import UUID

import asyncpg
import pytest
from litestar.datastructures import UploadFile

from backend.dossiers import attaching, drafts
from backend.files.queries import FileShown, files_of
from backend.files.tables import File
from backend.kit.errors import NotFound, Refused
from tests.cast import Cast
from tests.dossiers import stories
from tests.dossiers.stories import BIRTH
from tests.files import samples

pytestmark = pytest.mark.anyio


def photograph() -> UploadFile:
    return UploadFile(content_type="image/jpeg", filename="giay.jpg", file_data=samples.image())


async def test_a_file_sent_while_its_draft_is_discarded_is_kept_by_nobody(
    cast: Cast, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stories.publish(cast, BIRTH)
    draft = await stories.begun(cast, BIRTH)

    async def listed(kind: str, subject: UUID) -> list[FileShown]:
        # Whoever hands in a file takes this lock first: none comes between listing the files and deleting the draft.
        with pytest.raises(asyncpg.LockNotAvailableError):
            await owner.fetchrow("select 1 from dossier where id = $1 for update nowait", subject)
        return await files_of(kind, subject)

    monkeypatch.setattr(drafts, "files_of", listed)
    await drafts.discard(cast.ha.account, draft.id)
    with pytest.raises(NotFound):
        await attaching.attach(draft, draft.papers[0].id, photograph())
    assert not await File.exists().where(File.subject == draft.id)


async def test_a_draft_does_not_grow_past_what_any_form_could_hold(cast: Cast) -> None:
    await stories.publish(cast, BIRTH)
    draft = await stories.begun(cast, BIRTH)
    before = (await stories.row(draft.id)).answers
    drafts_longest, drafts.LONGEST = drafts.LONGEST, len(before) + 1000
    try:
        with pytest.raises(Refused, match="dài quá"):
            await drafts.save(draft, draft.steps[0].key, [("submitter.full_name", "Hà " * 500)])
    finally:
        drafts.LONGEST = drafts_longest
    assert (await stories.row(draft.id)).answers == before
