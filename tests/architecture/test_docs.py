"""The documents say what the code says."""

from pathlib import Path

from backend.dossiers.drawing import life

ROOT = Path(__file__).parents[2]


def test_the_picture_of_a_dossiers_life_is_drawn_from_the_table_of_moves() -> None:
    assert life() in (ROOT / "docs" / "architecture.md").read_text("utf-8")


def test_every_place_the_architecture_names_exists() -> None:
    import re

    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    for place in re.findall(r"`((?:backend|pwa|tests|docs)/[^`<>…*]+)`", text):
        assert (ROOT / place).exists(), place
