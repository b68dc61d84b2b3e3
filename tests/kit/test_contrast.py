"""The colours keep their contrast, light and dark: text 4.5, lines of fields and buttons 3."""

import re
from itertools import pairwise

import pytest

from backend.kit.settings import PROJECT

TOKENS = (PROJECT / "pwa" / "styles" / "tokens.css").read_text()
THEMES = {"light": ":root {", "dark": ':root[data-theme="dark"] {', "system": ':root:not([data-theme="light"]) {'}
TEXT = [
    ("ink", "page"), ("ink2", "page"), ("ink", "card"), ("ink2", "card"), ("ink", "sunk"), ("ink2", "sunk"),
    ("on-door", "door"), ("on-door", "door-press"), ("door", "page"), ("door", "card"), ("door-ink", "door-soft"),
    ("door-ink", "wall-soft"), ("on-wall", "wall"), ("on-wall2", "wall"), ("on-pick", "pick"),
    ("ink", "wall-soft"), ("ink2", "wall-soft"), ("wall-ink", "wall-soft"), ("door", "wall-soft"),
    ("on-house", "house"), ("on-house2", "house"), ("info-ink", "info-soft"), ("warn-ink", "warn-soft"),
    ("bad", "card"), ("on-bad", "bad"), ("bad-ink", "bad-soft"), ("bad-ink", "sunk"), ("on-ok", "ok"),
    ("ok-ink", "ok-soft"), ("ok-ink", "card"), ("vio-ink", "vio-soft"), ("grey-ink", "grey-soft"),
    ("on-night", "strip"), ("night-pick", "strip"), ("on-night", "toast"), ("night-pick", "toast"),
]  # fmt: skip
LINES = [("edge", "page"), ("edge", "card"), ("bad", "page"), ("ok", "card"), ("ink", "page"), ("on-house", "house")]


def colours(theme: str) -> dict[str, str]:
    block = TOKENS.split(THEMES[theme], 1)[1].split("}", 1)[0]
    own = dict(re.findall(r"--([a-z0-9-]+): (#[0-9A-F]{6});", block))
    return own if theme == "light" else {**colours("light"), **own}


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_every_text_can_be_read_on_its_ground(theme: str) -> None:
    found = colours(theme)
    weak = [(text, ground) for text, ground in TEXT if contrast(found[text], found[ground]) < 4.5]
    assert not weak


@pytest.mark.parametrize("theme", THEMES)
def test_lines_that_mean_something_can_be_seen(theme: str) -> None:
    found = colours(theme)
    assert not [(line, ground) for line, ground in LINES if contrast(found[line], found[ground]) < 3]


def test_the_dark_of_the_system_and_the_dark_of_the_switch_are_one() -> None:
    assert colours("system") == colours("dark")


def test_words_stay_readable_on_the_lines_of_the_pattern() -> None:
    drawn = (PROJECT / "pwa" / "pattern.svg").read_text()
    stroke = re.search(r'stroke="(#[0-9A-F]{6})"', drawn)
    opacity = re.search(r'opacity="([.0-9]+)"', drawn)
    assert stroke and opacity
    for theme in THEMES:
        found = colours(theme)
        share = float(opacity[1])
        line = [
            round(int(stroke[1][i : i + 2], 16) * share + int(found["wall"][i : i + 2], 16) * (1 - share))
            for i in (1, 3, 5)
        ]
        ground = "#" + "".join(f"{channel:02X}" for channel in line)
        assert contrast(found["on-wall"], ground) >= 4.5
        assert contrast(found["on-wall2"], ground) >= 4.5


def test_sizes_of_type_are_the_six_of_the_scale() -> None:
    sizes = [float(size) * 16 for size in re.findall(r"--t-\d+: ([.\d]+)rem", TOKENS)]
    assert sizes == [13, 15, 17, 20, 26, 40]
    assert all(small < large for small, large in pairwise(sizes))
