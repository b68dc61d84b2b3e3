"""What officers send: the few words each move asks for."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar.datastructures import UploadFile

from backend.dossiers.work_views import Asked, View

_Short = Annotated[str, msgspec.Meta(max_length=200)]
_Long = Annotated[str, msgspec.Meta(max_length=5_000)]


class Receiving(msgspec.Struct):
    """Receiving: places of the time limit's exceptions that hold, and why."""

    pick: list[str] | str = []
    reason: _Long = ""

    @property
    def picked(self) -> list[int]:
        """The places; what is no number is left out."""
        given = [self.pick] if isinstance(self.pick, str) else self.pick
        return [int(one) for one in given if one.isascii() and one.isdigit() and len(one) < 4]


class Reason(msgspec.Struct):
    """Why: refusing, proposing to reject, rejecting; or where to, when forwarding."""

    reason: _Long = ""


class Target(msgspec.Struct):
    """The way of the step that is followed."""

    target: _Short = ""


class Colleague(msgspec.Struct):
    """To whom a dossier is given."""

    officer: _Short = ""

    @property
    def id(self) -> UUID | None:
        """The officer's id, None for what is none."""
        try:
            return UUID(self.officer)
        except ValueError:
            return None


class Handover(msgspec.Struct):
    """How a result is handed over."""

    how: _Short = ""


class Noted(msgspec.Struct):
    """A note, and whether the citizen reads it."""

    text: _Long = ""
    shown: _Short = ""


class ResultGiven(msgspec.Struct):
    """A result: number, words, and a file if one was chosen."""

    number: _Short = ""
    summary: _Long = ""
    file: UploadFile | None = None


class Prepared(msgspec.Struct):
    """The code under which a citizen prepared a dossier; a scanner types the whole address."""

    code: _Short = ""


class Chosen(msgspec.Struct):
    """The procedure somebody came for."""

    procedure: _Short = ""


class Scanned(msgspec.Struct):
    """What the scanner read off a card."""

    card: _Long = ""


def asked_of(view: str, procedure: str, field: str, text: str, after: str) -> Asked:
    """Return what the list is narrowed to; a pill we do not know is the first."""
    known = {str(one): one for one in View}
    return Asked(known.get(view, View.ALL), procedure[:20], field[:80], text.strip()[:100], after[:80])
