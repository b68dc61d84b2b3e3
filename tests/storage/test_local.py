import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from storage import ObjectStore
from storage.local import STALE_AFTER, LocalStore
from tests.storage.contract import StoreContract, broken, pieces, read

pytestmark = pytest.mark.anyio


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "objects"


class TestLocalStore(StoreContract):
    @pytest.fixture
    def store(self, folder: Path) -> ObjectStore:
        return LocalStore(folder)


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_no_half_file_stays_after_a_broken_stream(folder: Path) -> None:
    with pytest.raises(ConnectionResetError):
        await LocalStore(folder).put(str(uuid4()), broken(b"x" * 600_000))
    assert files_in(folder) == []


async def test_no_half_file_stays_after_a_cancelled_request(folder: Path) -> None:
    begun = asyncio.Event()

    async def waiting() -> AsyncIterator[bytes]:
        yield b"x" * 600_000
        begun.set()
        await asyncio.Event().wait()

    putting = asyncio.create_task(LocalStore(folder).put(str(uuid4()), waiting()))
    await begun.wait()
    assert len(files_in(folder)) == 1
    putting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await putting
    assert files_in(folder) == []


async def test_two_stores_on_one_folder_see_the_same_objects(folder: Path) -> None:
    name = str(uuid4())
    await LocalStore(folder).put(name, pieces(b"x"))
    assert await read(LocalStore(folder), name) == b"x"


async def test_what_a_killed_writer_left_is_cleared_at_the_next_start(folder: Path) -> None:
    LocalStore(folder)
    old, fresh = folder / "incoming" / "old", folder / "incoming" / "fresh"
    old.write_bytes(b"half")
    fresh.write_bytes(b"half")
    long_ago = time.time() - STALE_AFTER - 60
    os.utime(old, (long_ago, long_ago))
    LocalStore(folder)
    assert files_in(folder) == [fresh]
