"""Objects as files of a folder: written beside, synced to the disk, then renamed into place."""

import contextlib
import hashlib
import os
import tempfile
import time
from collections.abc import AsyncIterable, AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import anyio
from anyio import to_thread

from storage.port import NoSuchObject, Stat, Stored, TooLarge, checked_name

PIECE = 256 * 1024  # bytes per trip to a thread: large enough that the trip costs little
STALE_AFTER = 24 * 3600  # seconds; no upload takes a day, so an older unfinished file lost its writer


class LocalStore:
    """The store in `folder`; several processes may use the same folder at once."""

    def __init__(self, folder: Path) -> None:
        """Make the folder if needed and clear away what writers that died have left."""
        self.folder = folder
        self.incoming = folder / "incoming"
        self.incoming.mkdir(parents=True, exist_ok=True)
        _clear_stale(self.incoming)
        self._threads = anyio.CapacityLimiter(8)

    async def put(self, name: str, stream: AsyncIterable[bytes], limit: int | None = None) -> Stored:
        target = self._path(name)
        writing = await to_thread.run_sync(_Writing, self.incoming, limit, limiter=self._threads)
        try:
            held = bytearray()
            async for piece in stream:
                held += piece
                if len(held) >= PIECE:
                    await to_thread.run_sync(writing.write, bytes(held), limiter=self._threads)
                    held.clear()
            await to_thread.run_sync(writing.write, bytes(held), limiter=self._threads)
            return await to_thread.run_sync(writing.finish, target, limiter=self._threads)
        finally:
            # shielded: a cancelled request must not leave its half of a file behind
            with anyio.CancelScope(shield=True):
                await to_thread.run_sync(writing.give_up, limiter=self._threads)

    async def open(self, name: str, start: int | None = None, end: int | None = None) -> AsyncIterator[bytes]:
        path = self._path(name)
        file = await to_thread.run_sync(_open_at, path, start or 0, limiter=self._threads)
        left = None if end is None else max(0, end - (start or 0))
        try:
            while left is None or left > 0:
                want = PIECE if left is None else min(PIECE, left)
                piece = await to_thread.run_sync(file.read, want, limiter=self._threads)
                if not piece:
                    return
                left = None if left is None else left - len(piece)
                yield piece
        finally:
            file.close()

    async def stat(self, name: str) -> Stat:
        path = self._path(name)
        try:
            found = await to_thread.run_sync(os.stat, path, limiter=self._threads)
        except FileNotFoundError:
            raise NoSuchObject(name) from None
        return Stat(size=found.st_size)

    async def exists(self, name: str) -> bool:
        return await to_thread.run_sync(self._path(name).is_file, limiter=self._threads)

    async def names(self, since: datetime, until: datetime) -> AsyncIterator[str]:
        for folder in await to_thread.run_sync(_folders, self.folder, limiter=self._threads):
            found = await to_thread.run_sync(_put_between, folder, since, until, limiter=self._threads)
            for name in found:
                yield name

    async def delete(self, name: str) -> None:
        path = self._path(name)
        await to_thread.run_sync(lambda: path.unlink(missing_ok=True), limiter=self._threads)

    def _path(self, name: str) -> Path:
        # the last two digits of a UUIDv7 are random, the first ones are the hour: they would fill one folder at a time
        return self.folder / checked_name(name)[-2:] / name


class _Writing:
    """One file on its way in: all calls run in a thread, one after the other."""

    def __init__(self, incoming: Path, limit: int | None) -> None:
        handle, path = tempfile.mkstemp(dir=incoming)
        self.file = os.fdopen(handle, "wb", buffering=0)
        self.path = Path(path)
        self.limit = limit
        self.size = 0
        self.digest = hashlib.sha256()

    def write(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.limit is not None and self.size > self.limit:
            raise TooLarge(self.limit)
        self.digest.update(piece)
        view = memoryview(piece)
        while view:
            view = view[self.file.write(view) :]

    def finish(self, target: Path) -> Stored:
        os.fsync(self.file.fileno())
        self.file.close()
        made = not target.parent.exists()
        target.parent.mkdir(exist_ok=True)
        os.replace(self.path, target)
        _sync_folder(target.parent)
        if made:
            _sync_folder(target.parent.parent)
        return Stored(size=self.size, sha256=self.digest.digest())

    def give_up(self) -> None:
        """Close and remove what is unfinished; after `finish` there is nothing left to remove."""
        self.file.close()
        self.path.unlink(missing_ok=True)


def _open_at(path: Path, start: int) -> BinaryIO:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise NoSuchObject(path.name) from None
    file.seek(start)
    return file


def _folders(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if len(path.name) == 2)


def _put_between(folder: Path, since: datetime, until: datetime) -> list[str]:
    first, last = since.timestamp(), until.timestamp()
    found = []
    for name in os.listdir(folder):
        with contextlib.suppress(FileNotFoundError):  # deleted a moment ago
            if first <= os.stat(folder / name).st_mtime < last:
                found.append(name)
    return found


def _sync_folder(folder: Path) -> None:
    # a rename survives a power cut only once the folder itself is on the disk
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _clear_stale(incoming: Path) -> None:
    oldest = time.time() - STALE_AFTER
    for path in incoming.iterdir():
        with contextlib.suppress(FileNotFoundError):  # another process was quicker
            if path.stat().st_mtime < oldest:
                path.unlink()
