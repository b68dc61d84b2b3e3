"""Which store the settings ask for."""

from functools import lru_cache
from pathlib import Path
from typing import Protocol

from storage.local import LocalStore
from storage.port import ObjectStore


class StorageSettings(Protocol):
    """The part of the settings that storage reads: the folder of the local store."""

    @property
    def storage_path(self) -> Path: ...


def open_store(settings: StorageSettings) -> ObjectStore:
    """Return the store of these settings, the same one for the same folder. Raises `OSError` if it cannot be made."""
    return _local(settings.storage_path)


@lru_cache(maxsize=8)
def _local(folder: Path) -> LocalStore:
    return LocalStore(folder)
