"""Named reads: a person's dossiers, one dossier found through whoever asks, what was written, issued and given on it."""

from datetime import datetime
from uuid import UUID

import msgspec

from backend.agencies.officers import Officer
from backend.dossiers import codes, moves
from backend.dossiers.tables import ChannelOfFiling, Dossier, State
from backend.kit.database import fetch, fetch_one
from backend.kit.errors import NotFound
from backend.kit.language import _
from backend.kit.seal import with_numbers_opened


class Note(msgspec.Struct, frozen=True):
    """What an officer wrote on a dossier."""

    id: UUID
    officer: UUID
    text: str
    shown_to_citizen: bool
    at: datetime


class IssuedPaper(msgspec.Struct, frozen=True):
    """A statutory paper of a dossier, without its content."""

    form: str
    number: str
    issued_at: datetime


class Given(msgspec.Struct, frozen=True):
    """What the procedure gave: a file, or number and words."""

    id: UUID
    file: UUID | None
    number: str
    summary: str
    attached_at: datetime


def _not_here() -> NotFound:
    # Denied looks like not found: it never confirms that a dossier exists.
    return NotFound(_("Không có trang này, hoặc trang không dành cho tài khoản đang dùng."))


async def dossiers_of(account: UUID) -> list[Dossier]:
    """Return everything a person began or filed, what was touched last first."""
    return await Dossier.objects().where(Dossier.account == account).order_by(Dossier.updated_at, ascending=False)


async def own_dossier(account: UUID, code: str) -> Dossier:
    """Return a dossier that the person filed.

    Raises:
        NotFound: there is none with this code, or it is somebody else's.
    """
    found = await Dossier.objects().where(Dossier.code == code, Dossier.account == account).first()
    if found is None:
        raise _not_here()
    return found


async def dossier_for_officer(officer: Officer, code: str) -> Dossier:
    """Return a dossier of the officer's agency, whatever it is found by: its code alone never opens it.

    Raises:
        NotFound: there is none, or it is not theirs to see.
    """
    found = await Dossier.objects().where(Dossier.code == code, Dossier.agency == officer.agency_id).first()
    if found is None or not may_see(officer, found):
        raise _not_here()
    return found


def may_see(officer: Officer, dossier: Dossier) -> bool:
    """Whether an officer may see a dossier: of their agency, with a role that reads dossiers, and filed.

    Drafts are their owners'; one that is being entered at the counter is the counter's.
    """
    works_on_dossiers = officer.may(*moves.READERS)
    at_counter = dossier.channel == ChannelOfFiling.COUNTER and (
        dossier.account is None or dossier.state == State.PREPARED
    )
    return (
        works_on_dossiers and dossier.agency == officer.agency_id and (dossier.state not in moves.PRIVATE or at_counter)
    )


async def dossier_by_token(token: str) -> Dossier | None:
    """Return the dossier whose QR code carries `token`."""
    return await Dossier.objects().where(Dossier.tracking_hash == codes.hash_of(token)).first()


async def dossier_by_code(code: str) -> Dossier | None:
    """Return a dossier by its whole code, for a look-up that asks a second thing."""
    return await Dossier.objects().where(Dossier.code == code).first()


async def prepared_by_code(officer: Officer, code: str) -> Dossier | None:
    """Return what was prepared for the officer's counter under the code a person brings along; None: nothing."""
    bare = "".join(letter for letter in code.upper() if letter.isalnum())
    found = await Dossier.objects().where(Dossier.prepared_code == bare, Dossier.agency == officer.agency_id).first()
    return found if found is not None and found.state == State.PREPARED else None


async def notes_of(dossier: UUID, *, shown_only: bool) -> list[Note]:
    """Return the notes of a dossier, newest first; `shown_only`: those the citizen reads."""
    rows = await fetch(
        "select id, officer, text, shown_to_citizen, at from dossier_note where dossier = $1 "
        "and (shown_to_citizen or not $2) order by at desc, id desc",
        dossier,
        shown_only,
    )
    return [msgspec.convert(dict(row), Note) for row in rows]


async def papers_issued(dossier: UUID) -> list[IssuedPaper]:
    """Return the statutory papers of a dossier, oldest first, the newest of each form."""
    rows = await fetch(
        "select distinct on (form) form, number, issued_at from dossier_paper where dossier = $1 "
        "order by form, issued_at desc",
        dossier,
    )
    return sorted((msgspec.convert(dict(row), IssuedPaper) for row in rows), key=lambda paper: paper.issued_at)


async def result_of(dossier: UUID) -> Given | None:
    """Return what the procedure gave, the newest; None while nothing is attached."""
    row = await fetch_one(
        "select id, file, number, summary, attached_at from dossier_result "
        "where dossier = $1 and replaced_at is null order by attached_at desc limit 1",
        dossier,
    )
    return msgspec.convert(dict(row), Given) if row else None


async def said_elsewhere(dossier: Dossier, path: str) -> set[str]:
    """Return what other dossiers of this procedure and agency answer at `path`, those that came to nothing left out."""
    rows = await fetch(
        "select distinct answers #> $4 as said from dossier where agency = $1 and procedure_code = $2 and id <> $3 "
        "and not state = any($5)",
        dossier.agency,
        dossier.procedure_code,
        dossier.id,
        path.split("."),
        [str(state) for state in (*moves.PRIVATE, State.REFUSED, State.REJECTED, State.STOPPED, State.FORWARDED)],
    )
    said = (with_numbers_opened(msgspec.json.decode(row["said"])) for row in rows if row["said"])
    return {one for one in said if isinstance(one, str) and one}
