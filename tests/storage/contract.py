"""What every object store promises; an adapter's test class inherits this and gives a `store` fixture."""

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from storage import BadName, NoSuchObject, ObjectStore, Stored, TooLarge

pytestmark = pytest.mark.anyio


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def broken(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
    raise ConnectionResetError("the phone went out of reach")


async def read(store: ObjectStore, name: str, start: int | None = None, end: int | None = None) -> bytes:
    return b"".join([piece async for piece in store.open(name, start, end)])


@pytest.mark.anyio
class StoreContract:
    @pytest.fixture
    def name(self) -> str:
        return str(uuid4())

    async def test_what_was_put_comes_back_with_its_checksum(self, store: ObjectStore, name: str) -> None:
        stored = await store.put(name, pieces(b"gi\xe1\xba\xa5y ", b"", b"khai sinh"))
        whole = "giấy khai sinh".encode()
        assert stored == Stored(size=len(whole), sha256=hashlib.sha256(whole).digest())
        assert await read(store, name) == whole
        assert (await store.stat(name)).size == len(whole)
        assert await store.exists(name)

    async def test_an_empty_object_is_an_object(self, store: ObjectStore, name: str) -> None:
        assert (await store.put(name, pieces())).size == 0
        assert await read(store, name) == b""

    async def test_a_large_object_survives_the_way_in_and_out(self, store: ObjectStore, name: str) -> None:
        blocks = [bytes([number]) * 70_001 for number in range(40)]
        stored = await store.put(name, pieces(*blocks))
        assert stored.size == 40 * 70_001
        digest = hashlib.sha256()
        async for piece in store.open(name):
            digest.update(piece)
        assert digest.digest() == stored.sha256

    @pytest.mark.parametrize(
        ("start", "end", "expected"),
        [
            (None, None, b"0123456789"),
            (3, None, b"3456789"),
            (None, 4, b"0123"),
            (2, 5, b"234"),
            (9, 99, b"9"),
            (10, None, b""),
            (4, 4, b""),
            (6, 2, b""),
        ],
    )
    async def test_a_range_is_a_slice(
        self, store: ObjectStore, name: str, start: int | None, end: int | None, expected: bytes
    ) -> None:
        await store.put(name, pieces(b"0123456789"))
        assert await read(store, name, start, end) == expected

    async def test_putting_again_replaces(self, store: ObjectStore, name: str) -> None:
        await store.put(name, pieces(b"first, and longer"))
        await store.put(name, pieces(b"second"))
        assert await read(store, name) == b"second"

    async def test_a_broken_stream_leaves_nothing(self, store: ObjectStore, name: str) -> None:
        with pytest.raises(ConnectionResetError):
            await store.put(name, broken(b"half a page"))
        assert not await store.exists(name)

    async def test_a_broken_stream_leaves_the_older_object_alone(self, store: ObjectStore, name: str) -> None:
        await store.put(name, pieces(b"older"))
        with pytest.raises(ConnectionResetError):
            await store.put(name, broken(b"newer"))
        assert await read(store, name) == b"older"

    async def test_a_stream_past_its_limit_is_refused_with_the_limit(self, store: ObjectStore, name: str) -> None:
        with pytest.raises(TooLarge) as refused:
            await store.put(name, pieces(b"x" * 600, b"y" * 500), limit=1000)
        assert refused.value.limit == 1000
        assert not await store.exists(name)

    async def test_a_stream_of_exactly_the_limit_is_kept(self, store: ObjectStore, name: str) -> None:
        assert (await store.put(name, pieces(b"x" * 600, b"y" * 400), limit=1000)).size == 1000

    async def test_a_stream_past_its_limit_is_not_read_to_its_end(self, store: ObjectStore, name: str) -> None:
        given = 0

        async def endless() -> AsyncIterator[bytes]:
            nonlocal given
            while True:
                given += 1
                yield b"x" * 1_000_000

        with pytest.raises(TooLarge):
            await store.put(name, endless(), limit=2_500_000)
        assert given < 6

    async def test_a_deleted_object_is_gone_and_deleting_twice_is_no_error(self, store: ObjectStore, name: str) -> None:
        await store.put(name, pieces(b"x"))
        await store.delete(name)
        await store.delete(name)
        assert not await store.exists(name)

    async def test_objects_are_listed_by_when_they_were_put(self, store: ObjectStore, name: str) -> None:
        await store.put(name, pieces(b"x"))
        now, day = datetime.now(UTC), timedelta(days=1)
        assert [found async for found in store.names(now - day, now + day)] == [name]
        assert [found async for found in store.names(now - 2 * day, now - day)] == []
        assert [found async for found in store.names(now + day, now + 2 * day)] == []

    async def test_what_was_never_put_is_missed_by_name(self, store: ObjectStore, name: str) -> None:
        with pytest.raises(NoSuchObject):
            await read(store, name)
        with pytest.raises(NoSuchObject):
            await store.stat(name)
        assert not await store.exists(name)

    @pytest.mark.parametrize(
        "name",
        [
            "",
            "..",
            "../../etc/passwd",
            "a",
            "019AC0DE-0000-7000-8000-00000000000A",
            "{019ac0de-0000-7000-8000-00000000000a}",
            "019ac0de000070008000000000000000",
        ],
    )
    async def test_a_name_that_is_no_plain_uuid_is_refused_everywhere(self, store: ObjectStore, name: str) -> None:
        with pytest.raises(BadName):
            await store.put(name, pieces(b"x"))
        with pytest.raises(BadName):
            await read(store, name)
        for ask in (store.stat, store.exists, store.delete):
            with pytest.raises(BadName):
                await ask(name)
