"""Pages as pictures: what a screen shows instead of the file itself, so that no file of a stranger is ever opened there.

A file is drawn in a process of its own (`drawing`), which is ended when it takes longer or more memory than a paper may.
"""

import os
import signal
import sys
from asyncio import IncompleteReadError, StreamReader, create_subprocess_exec
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO

import anyio
import msgspec
import structlog
from anyio import to_thread

from backend.files.checks import Kind, locked, unreadable
from backend.files.drawing import LOCKED, UNREADABLE, Picture, messages
from backend.kit.formats import MEGABYTE

log = structlog.get_logger("files")

MEDIA_TYPE = "image/webp"
MOST_PAGES = 30
PAGE_S = 15  # of a core; a scanned page takes one
ALL_S = 90  # of a core; thirty scanned pages
SILENCE_S = 120.0  # by the wall: longer than any of these on the busiest machine
MEMORY = 1600 * MEGABYTE  # a phone's 108-megapixel HEIC is decoded whole and turned
_MOST_MESSAGE = 16 * MEGABYTE

_PROJECT = Path(__file__).resolve().parents[2]
_PASSED_ON = ("PYTHONPATH", "LD_LIBRARY_PATH")  # how it finds its libraries; no secret of ours

# One at a time: a picture takes a core for a moment, and the server beside the worker needs the other.
_drawing = anyio.CapacityLimiter(1)
# A person waits for the opening, and it is short.
_opening = anyio.CapacityLimiter(2)


class Drawing:
    """A file that is being drawn: the number of its pages, and its first pages as pictures, once, in order."""

    def __init__(self, pages: int, following: Callable[[], Awaitable[bytes]]) -> None:
        self.pages = pages
        self._following = following

    async def pictures(self) -> AsyncIterator[Picture]:
        """Yield the pictures as they are ready.

        Raises:
            Invalid: the file, or the page in turn, cannot be drawn, or not within the limits.
        """
        while message := await self._following():
            yield msgspec.msgpack.decode(message, type=Picture)


@asynccontextmanager
async def drawn(source: BinaryIO, kind: Kind, most: int = MOST_PAGES) -> AsyncIterator[Drawing]:
    """Draw the first `most` pages of a file while the block lasts.

    Args:
        source: a file of the operating system; it is another process that reads it.

    Raises:
        Invalid: it cannot be opened.
    """
    async with _drawing, _process(source, kind, most) as process:
        yield Drawing(await _pages(process), partial(_message, process))


@asynccontextmanager
async def drawn_here(source: BinaryIO, kind: Kind, most: int = MOST_PAGES) -> AsyncIterator[Drawing]:
    """Draw a file that we made ourselves as `drawn` does, but in this process: of hundreds each would wait for its own."""
    source.seek(0)
    made = messages(source, kind, most)

    async def following() -> bytes:
        return await to_thread.run_sync(next, made, b"", limiter=_drawing)

    yield Drawing(msgspec.msgpack.decode(await following(), type=int), following)


async def count_pages(source: BinaryIO, kind: Kind) -> int:
    """Open a file and return how many pages it has; the same holds as for `drawn`."""
    async with _opening, _process(source, kind, 0) as process:
        return await _pages(process)


@asynccontextmanager
async def _process(source: BinaryIO, kind: Kind, most: int) -> AsyncIterator[Process]:
    source.flush()
    process = await create_subprocess_exec(
        *(sys.executable, "-m", "backend.files.drawing", kind.value, *map(str, (most, MEMORY, PAGE_S, ALL_S))),
        stdin=source.fileno(),
        stdout=PIPE,
        cwd=_PROJECT,
        env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
        start_new_session=True,  # Ctrl-C is for us: we end it ourselves
    )
    try:
        yield process
    finally:
        with anyio.CancelScope(shield=True):
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _pages(process: Process) -> int:
    return msgspec.msgpack.decode(await _message(process), type=int)


async def _message(process: Process) -> bytes:
    """Return the next message, empty at the end. Raises `Invalid` when the file is at fault, RuntimeError when we are."""
    assert isinstance(process.stdout, StreamReader)
    try:
        with anyio.fail_after(SILENCE_S):
            length = int.from_bytes(await process.stdout.readexactly(4))
            if length > _MOST_MESSAGE:
                raise unreadable()
            return await process.stdout.readexactly(length)
    except TimeoutError:
        log.warning("drawing ended, it took too long", seconds=SILENCE_S)
        raise unreadable() from None
    except IncompleteReadError:
        code = await process.wait()
    if code == LOCKED:
        raise locked()
    if code < 0:  # it ran into its limits, or into itself
        log.warning("drawing ended", signal=signal.Signals(-code).name)
    elif code != UNREADABLE:
        raise RuntimeError(f"the drawing program ended with {code}")
    raise unreadable()
