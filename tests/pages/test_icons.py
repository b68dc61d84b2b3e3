"""An icon that no list names would be a blank on the page, and nothing else would say so."""

import re
from collections.abc import Iterator
from pathlib import Path

from backend.kit.build import SPRITES

PWA = Path(__file__).parents[2] / "pwa"
BACKEND = Path(__file__).parents[2] / "backend"


def named() -> Iterator[tuple[str, str]]:
    """Every icon that a page or a room names, with the file."""
    for path in (PWA / "pages").rglob("*.html"):
        # What is compared, looked up or the key of a choice between icons is no icon's name.
        for call in re.findall(r'\bicon\([^)]*\)|(?:\bicon|after|before)="[^"]+"', path.read_text("utf-8")):
            for name in re.findall(r'(?<![!=]= )(?<!\[)"([a-z][a-z0-9-]+)"(?!:)', call):
                yield name, path.name
    for path in BACKEND.rglob("*.py"):
        for name in re.findall(r'\bicon="([a-z0-9-]+)"', path.read_text("utf-8")):
            yield name, path.name


def test_every_icon_that_a_page_names_is_drawn() -> None:
    drawn = {name for listed in SPRITES.values() for name in (PWA / "icons" / listed).read_text("utf-8").split()}
    found = set(named())
    assert len(found) > 50
    assert {(name, file) for name, file in found if name not in drawn} == set()
