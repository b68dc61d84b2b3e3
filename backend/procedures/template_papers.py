"""A form as a paper to download: empty, to be filled in by hand, or filled with what is known already.

We hold the fields a form asks for, not its official layout, and every such paper says so. An empty one is the same for
everybody who asks, so it is made once and kept.
"""

import hashlib
from asyncio import Lock
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from pathlib import Path

import msgspec

from backend.kit.typesetting import typeset

TEMPLATE = Path(__file__).parent / "paper_templates" / "form.typ"


class Choice(msgspec.Struct, frozen=True):
    """One box to tick."""

    label: str
    chosen: bool = False


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to fill in.

    Where `value` is None there is room to write: `rows` dotted lines, or `digits` squares, one a digit.
    `choices` are boxes to tick instead (without a label when the box says it all). `parts` are the lines of which a
    person, an address or one item consists.
    """

    label: str
    value: str | None = None
    rows: int = 1
    digits: int = 0
    choices: list[Choice] = []
    parts: list["Line"] = []


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A titled group of lines, in the order of the form."""

    title: str
    lines: list[Line]
    help: str | None = None


class TemplatePaper(msgspec.Struct, frozen=True, kw_only=True):
    """A form to print: its name, the number and the text that prescribe it, to whom it goes, and what it asks."""

    title: str
    procedure: str
    sections: list[Section]
    code: str | None = None
    basis: str | None = None
    addressee: str | None = None


async def render(paper: TemplatePaper) -> bytes:
    """Return the paper as a PDF (PDF/A-2a, PDF/UA-1), in Vietnamese. Raises `TypesettingError`."""
    return await typeset(TEMPLATE, paper)


class KeptPaper(msgspec.Struct, frozen=True):
    """A paper as it was made, and the mark (ETag) by which a browser asks whether it has this one."""

    pdf: bytes
    mark: str


class Shelf:
    """The empty papers a process has made, those that were asked for last; one is made at a time, whoever asks.

    Args:
        most: papers kept, of about fifty kilobytes each.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._papers: OrderedDict[Hashable, KeptPaper] = OrderedDict()
        self._making = Lock()

    async def paper(self, key: Hashable, make: Callable[[], Awaitable[bytes]]) -> KeptPaper:
        """Return the paper of `key`, made by `make` if it is not here. Raises what `make` raises."""
        if key not in self._papers:
            async with self._making:
                if key not in self._papers:
                    pdf = await make()
                    self._papers[key] = KeptPaper(pdf, f'"{hashlib.sha256(pdf).hexdigest()[:32]}"')
                    while len(self._papers) > self._most:
                        self._papers.popitem(last=False)
        self._papers.move_to_end(key)
        return self._papers[key]
