"""Where a file of a dossier belongs: to a paper that is asked for, to a question of the form, or it is the result.

A slot is the paper's id, or the question's path without positions (it has a dot, a paper's id has none). Which item
of a repeated group a file belongs to stands in the answer alone, as items change their places.
"""

from collections.abc import Collection, Iterator
from uuid import UUID

from backend.files.checks import Kind, Rule
from backend.files.queries import FileShown, files_of
from backend.files.uploads import remove
from backend.forms.answers import leaves
from backend.forms.definition import Field, FieldType, Form
from backend.forms.facts import FileFacts
from backend.forms.paths import Answers, find, join, without_positions
from backend.procedures.outcome import Paper, PaperStanding

SUBJECT = "dossier"
RESULT = "result"
HANDED_IN = (PaperStanding.NEEDED, PaperStanding.OPTIONAL, PaperStanding.MAYBE)
MOST_OF_A_QUESTION = 100
_FILES_OF_A_QUESTION = 5
_MB_OF_A_QUESTION = 10


def slot_of(path: str) -> str:
    """Return the slot of the question at `path`."""
    return without_positions(path)


def is_question(slot: str) -> bool:
    """Whether a slot is a question's, not a paper's."""
    return "." in slot


def rule_of_paper(paper: Paper) -> Rule:
    """Return what may be handed in for a paper."""
    return Rule(accepts=paper.accepts or tuple(Kind), max_mb=paper.max_mb, max_files=paper.max_files)


def rule_of_question(field: Field) -> Rule:
    """Return what may be handed in for a question; how many is counted by the answer, see `most_files`."""
    rules = field.rules
    return Rule(
        accepts=tuple(rules.accept) or tuple(Kind),
        max_mb=rules.max_mb or _MB_OF_A_QUESTION,
        max_files=MOST_OF_A_QUESTION,
    )


def most_files(field: Field) -> int:
    """Return how many files one question takes."""
    return field.rules.max_files or _FILES_OF_A_QUESTION


def file_questions(form: Form, answers: Answers) -> Iterator[tuple[str, Field]]:
    """Yield (path, field) of every question that takes files, those of each item of a repeated group too."""
    for section in form.sections:
        for field in section.fields:
            for path, leaf in leaves(field, join(section.key, field.key), answers):
                if leaf.type is FieldType.FILE:
                    yield path, leaf


def referenced(form: Form, answers: Answers) -> set[str]:
    """Return the ids of the files that answers name."""
    named = (find(answers, path) for path, _field in file_questions(form, answers))
    return {str(one) for ids in named if isinstance(ids, list) for one in ids}


def facts_of(files: Collection[FileShown]) -> dict[str, FileFacts]:
    """Return what the form engine must know of files, by id."""
    return {str(file.id): FileFacts(name=file.name, media_type=file.media_type, size=file.size) for file in files}


async def discard_unasked(dossier: UUID, form: Form, answers: Answers, papers: Collection[Paper]) -> None:
    """Remove what is not asked for in this case, inside the open unit of work: hidden things never reach the office."""
    named = referenced(form, answers)
    asked = {paper.id for paper in papers if paper.standing in HANDED_IN}
    for file in await files_of(SUBJECT, dossier):
        wanted = str(file.id) in named if is_question(file.slot) else file.slot in asked or file.slot == RESULT
        if not wanted:
            await remove(file.id)
