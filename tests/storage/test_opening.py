from pathlib import Path

import msgspec

from storage import open_store
from storage.local import LocalStore


class Given(msgspec.Struct, frozen=True):
    storage_path: Path


def test_the_settings_folder_becomes_the_store_and_one_folder_has_one_store(tmp_path: Path) -> None:
    store = open_store(Given(tmp_path / "objects"))
    assert isinstance(store, LocalStore)
    assert store.folder == tmp_path / "objects"
    assert open_store(Given(tmp_path / "objects")) is store
