"""What officers send: the few words each move asks for."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar.datastructures import UploadFile

from backend.agencies.officers import Officer
from backend.dossiers.work_rows import ON_A_PAGE
from backend.dossiers.work_search import sought_by
from backend.dossiers.work_views import Asked, View

_Short = Annotated[str, msgspec.Meta(max_length=200)]
_Long = Annotated[str, msgspec.Meta(max_length=5_000)]


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


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
        return _id(self.officer)


class Handover(msgspec.Struct):
    """How a result is handed over."""

    how: _Short = ""


class Noted(msgspec.Struct):
    """A note, and whether the citizen reads it."""

    text: _Long = ""
    shown: _Short = ""


class CodeElsewhere(msgspec.Struct):
    """The code that another system gave the dossier."""

    system: _Short = ""
    code: _Short = ""


class CodeWithdrawn(msgspec.Struct):
    """A code that was noted by mistake, by its id, and why it goes."""

    code: _Short = ""
    reason: _Long = ""

    @property
    def id(self) -> UUID | None:
        """The noted code's id, None for what is none."""
        return _id(self.code)


class Judgement(msgspec.Struct):
    """A word on an exemption: which one, and why."""

    claim: _Short = ""
    reason: _Long = ""


class ResultGiven(msgspec.Struct):
    """A result: number, words, a file if one was chosen, and the id of the result it takes the place of."""

    number: _Short = ""
    summary: _Long = ""
    file: UploadFile | None = None
    instead_of: _Short = ""

    @property
    def replaces(self) -> UUID | None:
        """The result that stood on the officer's page, None where there was none."""
        return _id(self.instead_of)


class Prepared(msgspec.Struct):
    """The code under which a citizen prepared a dossier; a scanner types the whole address."""

    code: _Short = ""


class Chosen(msgspec.Struct):
    """The procedure somebody came for."""

    procedure: _Short = ""


class Scanned(msgspec.Struct):
    """What the scanner read off a card."""

    card: _Long = ""


class Sought(msgspec.Struct):
    """What is looked for among all filed dossiers."""

    q: _Short = ""


class Together(msgspec.Struct):
    """One act for several dossiers: their codes, the act of the pressed button, and to whom they are given."""

    chon: list[_Short] | _Short = []
    viec: _Short = ""
    officer: _Short = ""

    @property
    def codes(self) -> list[str]:
        """The chosen dossiers, no more than a page holds."""
        given = [self.chon] if isinstance(self.chon, str) else self.chon
        return given[:ON_A_PAGE]

    @property
    def colleague(self) -> UUID | None:
        """The officer's id, None for what is none."""
        return _id(self.officer)


def asked_of(officer: Officer, view: str, procedure: str, field: str, reference: str, after: str) -> Asked:
    """Return what the list is narrowed to; a pill we do not know is the first, an old search is none."""
    known = {str(one): one for one in View}
    sought = sought_by(officer, reference) if reference else None
    return Asked(
        known.get(view, View.ALL),
        procedure[:20],
        field[:80],
        sought.text if sought else "",
        sought.number if sought else b"",
        reference if sought else "",
        after[:80],
    )
