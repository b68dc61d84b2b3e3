from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from backend.files.uploads import Owner
from backend.kit import settings

SLOT = "birth_certificate"


@pytest.fixture
def objects(tmp_path: Path, current_settings: settings.Settings) -> Iterator[Path]:
    """The folder of a store of this test's own."""
    folder = tmp_path / "objects"
    with settings.use(msgspec.structs.replace(current_settings, storage_path=folder)):
        yield folder


@pytest.fixture
def belongs() -> Owner:
    """What the test's files belong to."""
    return Owner(subject_kind="dossier", subject=uuid4(), slot=SLOT, agency=uuid4(), uploaded_by=uuid4())


def kept_objects(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())
