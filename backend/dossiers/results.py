"""A result's file on its way in: kept in the same unit of work that attaches it."""

from uuid import UUID

from litestar.datastructures import UploadFile

from backend.agencies.officers import Officer
from backend.dossiers import lifecycle, moves, slots
from backend.dossiers.tables import Dossier
from backend.files.checks import Rule
from backend.files.uploads import Owner, keep, pieces, received
from backend.procedures.workflow import Step

RULE = Rule(max_mb=20, max_files=50)
"""What a result may be; earlier ones stay beside the one that replaced them."""


async def attach(
    dossier: Dossier,
    officer: Officer,
    steps: tuple[Step, ...],
    upload: UploadFile | None,
    number: str,
    summary: str,
    instead_of: UUID | None = None,
) -> None:
    """Attach a result: a file, or number and words, in place of the one the officer saw (`instead_of`, its id).

    Raises:
        Invalid, TooLarge: neither, or a file we do not keep.
        Refused: not allowed, or moved meanwhile.
    """
    if upload is None or not upload.filename:
        await lifecycle.attach_result(dossier, officer, steps, number=number, summary=summary, instead_of=instead_of)
        return
    await lifecycle.check(dossier, moves.ATTACH_RESULT, officer, steps)
    owner = Owner(
        subject_kind=slots.SUBJECT,
        subject=dossier.id,
        slot=slots.RESULT,
        agency=dossier.agency,
        uploaded_by=officer.account_id,
    )
    async with received(pieces(upload), upload.filename, RULE) as got:

        async def kept() -> UUID:
            return (await keep(got, owner, RULE)).id

        await lifecycle.attach_result(
            dossier, officer, steps, number=number, summary=summary, file=kept, instead_of=instead_of
        )
