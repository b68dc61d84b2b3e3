"""Files of a draft: handed in for a paper or for a question of the form, and taken back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from litestar.datastructures import UploadFile

from backend.dossiers import quotas, slots
from backend.dossiers.drafts import locked, put_answer
from backend.dossiers.filling import Draft
from backend.files.checks import Rule
from backend.files.queries import FileKept, files_of, find_file
from backend.files.uploads import Owner, keep, pieces, received, remove
from backend.forms.definition import Field
from backend.forms.paths import find
from backend.kit import live
from backend.kit.database import unit_of_work
from backend.kit.errors import NotFound, Refused
from backend.kit.language import _
from backend.procedures.outcome import Paper


def _not_asked() -> NotFound:
    return NotFound(_("Hồ sơ này không cần giấy đó nữa. Tải lại trang."))


def _watchers(draft: Draft) -> list[str]:
    """Who sees a draft change: its owner's other devices; at the counter the office."""
    return [f"agency:{draft.agency.id}"] if draft.at_counter else [f"person:{draft.row.account}"]


def paper_of(draft: Draft, slot: str) -> Paper:
    """Return the paper of a slot. Raises `NotFound` when it is not asked for in this case."""
    found = next((paper for paper in draft.papers if paper.id == slot), None)
    if found is None:
        raise _not_asked()
    return found


def question_at(draft: Draft, path: str) -> Field:
    """Return the question at `path` that takes files. Raises `NotFound` when there is none."""
    found = next((field for own, field in slots.file_questions(draft.form, draft.answers) if own == path), None)
    if found is None:
        raise _not_asked()
    return found


async def attach(draft: Draft, place: str, upload: UploadFile) -> FileKept:
    """Take in one file for a paper (its id) or a question (its path); other devices see it at once.

    Raises:
        NotFound: neither is asked for, or the draft was filed meanwhile.
        Invalid, TooLarge, Refused: the file is refused; the sentence says why.
    """
    if slots.is_question(place):
        field = question_at(draft, place)
        return await _take_in(draft, slots.slot_of(place), slots.rule_of_question(field), upload, (place, field))
    return await _take_in(draft, place, slots.rule_of_paper(paper_of(draft, place)), upload, None)


async def _take_in(
    draft: Draft, slot: str, rule: Rule, upload: UploadFile, question: tuple[str, Field] | None
) -> FileKept:
    owner = Owner(
        subject_kind=slots.SUBJECT,
        subject=draft.id,
        slot=slot,
        agency=draft.agency.id,
        uploaded_by=draft.row.account,
    )
    async with received(pieces(upload), upload.filename, rule) as got, unit_of_work():
        # what an officer takes in at the counter counts for nobody
        holder = None if draft.at_counter else draft.row.account
        if holder:
            await quotas.one_at_a_time(holder)
        await locked(draft.id)
        kept = await keep(got, owner, rule)
        if holder:
            await quotas.check_files(holder)
        if question is not None:
            await put_answer(draft, question[0], _with(kept.id, slots.most_files(question[1])))
        await live.announce(_watchers(draft), f"dossier-{draft.id}")
    draft.files = await files_of(slots.SUBJECT, draft.id)
    return kept


def _with(file: UUID, most: int) -> Callable[[Any], list[str]]:
    def added(present: Any) -> list[str]:
        ids = [str(one) for one in present] if isinstance(present, list) else []
        if str(file) in ids:
            return ids
        if len(ids) >= most:
            raise Refused(_("Chỗ này nhận tối đa {most} tệp. Bỏ bớt một tệp rồi thêm.").format(most=most))
        return [*ids, str(file)]

    return added


async def detach(draft: Draft, file: UUID) -> str:
    """Take a file back; return the slot it was in.

    Raises:
        NotFound: the draft has no such file.
    """
    found = await find_file(file)
    if found is None or found.subject_kind != slots.SUBJECT or found.subject != draft.id:
        raise NotFound(_("Tệp này không còn."))
    async with unit_of_work():
        await locked(draft.id)
        await remove(file)
        for path, _field in slots.file_questions(draft.form, draft.answers):
            present = find(draft.answers, path)
            if isinstance(present, list) and str(file) in present:
                await put_answer(draft, path, lambda ids: [one for one in ids or [] if one != str(file)])
        await live.announce(_watchers(draft), f"dossier-{draft.id}")
    draft.files = await files_of(slots.SUBJECT, draft.id)
    return found.slot
