"""The screen font, cut down to what Vietnamese and English need."""

import unicodedata
from pathlib import Path

from fontTools import subset

FOLDER = "@expo-google-fonts/be-vietnam-pro"
CUTS = {400: "400Regular/BeVietnamPro_400Regular.ttf", 600: "600SemiBold/BeVietnamPro_600SemiBold.ttf"}

_TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
_MARKS = "\u00a0°·×½§«»–—‘’“”•…₫−©"


def signs() -> str:
    """Every sign the font keeps: ASCII, the Vietnamese letters with all tones, and the marks we print."""
    vowels = [unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in _TONES]
    letters = "".join(vowels) + "đ"
    return "".join(map(chr, range(0x20, 0x7F))) + letters + letters.upper() + _MARKS


def cut(modules: Path, out: Path) -> None:
    """Write `be-vietnam-pro-<weight>.woff2` for each weight into `out`."""
    for weight, file in CUTS.items():
        options = subset.Options(flavor="woff2", layout_features=["kern"], name_IDs=[1, 2, 13, 14], glyph_names=False)
        font = subset.load_font(str(modules / FOLDER / file), options)
        subsetter = subset.Subsetter(options)
        subsetter.populate(text=signs())
        subsetter.subset(font)
        subset.save_font(font, str(out / f"be-vietnam-pro-{weight}.woff2"), options)
