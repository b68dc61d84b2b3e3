"""The port: what every object store promises, its answers and its errors."""

from collections.abc import AsyncIterable, AsyncIterator
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec


class Stored(msgspec.Struct, frozen=True):
    """What the store knows after writing an object: its length in bytes and the SHA-256 of its content (32 bytes)."""

    size: int
    sha256: bytes


class Stat(msgspec.Struct, frozen=True):
    """What the store knows about a kept object without reading it: its length in bytes."""

    size: int


class StorageError(Exception):
    """A request to the store that cannot be met; the children say why."""


class BadName(StorageError):
    """The object name is not a UUID in its plain form (lower case, with hyphens)."""


class NoSuchObject(StorageError):
    """Nothing is kept under this name."""


class TooLarge(StorageError):
    """The stream went on past the limit; nothing of it was kept."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the object is larger than {limit} bytes")
        self.limit = limit


class ObjectStore(Protocol):
    """The port. Every adapter keeps these promises; `tests/storage/contract.py` tries them."""

    async def put(self, name: str, stream: AsyncIterable[bytes], limit: int | None = None) -> Stored:
        """Keep the stream under `name`, all of it or nothing; an older object of that name is replaced.

        `limit` is the greatest length in bytes. Raises `BadName`, `TooLarge`, and whatever the stream raises.
        """
        ...

    def open(self, name: str, start: int | None = None, end: int | None = None) -> AsyncIterator[bytes]:
        """Stream the bytes from `start` up to, not including, `end`, like a slice.

        Raises `BadName` and, when the first piece is asked for, `NoSuchObject`.
        """
        ...

    async def stat(self, name: str) -> Stat:
        """Tell the length of an object. Raises `BadName`, `NoSuchObject`."""
        ...

    async def exists(self, name: str) -> bool:
        """Tell whether an object is kept under `name`. Raises `BadName`."""
        ...

    def names(self, since: datetime, until: datetime) -> AsyncIterator[str]:
        """Yield the names of the objects put from `since` up to `until` (aware), in no order."""
        ...

    async def delete(self, name: str) -> None:
        """Remove an object; removing what is not there is no error. Raises `BadName`."""
        ...


def checked_name(name: str) -> str:
    """Return `name` if it is a UUID in its plain form; raise `BadName` for anything else.

    Object names come from us, never from a person: this is the second lock against `../` and the like.
    """
    try:
        plain = str(UUID(name))
    except (ValueError, AttributeError, TypeError):
        raise BadName(repr(name)) from None
    if plain != name:
        raise BadName(repr(name))
    return name
