"""Which files of dossiers somebody may open: their own, and those an officer works with."""

from uuid import UUID

from backend.accounts.viewer import Viewer
from backend.agencies.officers import Officer
from backend.dossiers import slots
from backend.dossiers.queries import may_see, result_of
from backend.dossiers.tables import Dossier, State
from backend.files.queries import FileKept, find_file
from backend.kit.errors import NotFound
from backend.kit.language import _

HANDED_OVER = frozenset({State.ISSUED, State.DELIVERED, State.ARCHIVED})


async def file_for(viewer: Viewer, officer: Officer | None, file: UUID) -> FileKept:
    """Return a file that the person asking may open.

    Args:
        viewer: who asks.
        officer: the same person as an officer, None when they are none.
        file: its id.

    Raises:
        NotFound: there is no such file, or it is not theirs to see; the answer never says which.
    """
    found = await find_file(file)
    dossier = (
        await Dossier.objects().get(Dossier.id == found.subject)
        if found is not None and found.subject_kind == slots.SUBJECT
        else None
    )
    if found is None or dossier is None or not await _may_open(viewer, officer, dossier, found):
        raise NotFound(_("Không có tệp này, hoặc tệp không dành cho tài khoản đang dùng."))
    return found


async def _may_open(viewer: Viewer, officer: Officer | None, dossier: Dossier, file: FileKept) -> bool:
    if officer is not None and may_see(officer, dossier):
        return True
    if dossier.account != viewer.account_id:
        return False
    return file.slot != slots.RESULT or await _was_given(dossier, file.id)


async def _was_given(dossier: Dossier, file: UUID) -> bool:
    """A result is the citizen's once it is ready to be handed over, and only the one that counts."""
    given = await result_of(dossier.id) if dossier.state in HANDED_OVER else None
    return given is not None and given.file == file


async def place_of_file(viewer: Viewer, file: FileKept) -> str:
    """Return the page a file belongs to, for whoever may open it: the draft, the person's dossier, the officer's."""
    dossier = await Dossier.objects().get(Dossier.id == file.subject)
    if dossier is None or dossier.account != viewer.account_id:
        return f"/can-bo/ho-so/{dossier.code}" if dossier is not None and dossier.code else "/can-bo/viec"
    return f"/ho-so/{dossier.code}" if dossier.code else f"/nop/{dossier.id}/giay-to"
