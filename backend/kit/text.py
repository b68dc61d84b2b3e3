"""Vietnamese text: cleaning what comes in, folding for search, ordering names, slugs."""

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LETTERS = {letter: chr(0x21 + place) for place, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_TONES = {"\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0301": "5", "\u0323": "6"}
_VOWEL_MARKS = {"\u0302", "\u0306", "\u031b"}


def clean(text: str) -> str:
    """Return `text` composed (NFC), without NUL, control characters (newline and tab stay) and halves of letters.

    iPhones send decomposed letters, and PostgreSQL refuses NUL and lone surrogates: all are mended at the edge.
    """
    return _CONTROL.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))


def fold(text: str) -> str:
    """Return `text` without accents, đ as d, in lower case, words parted by one space."""
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "d"))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(bare.lower().split())


def slug(text: str) -> str:
    """Return `text` as it stands in an address: "Đăng ký khai sinh" → "dang-ky-khai-sinh"."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")


def _split_tone(letter: str) -> tuple[str, str]:
    tone, rest = "1", []
    for mark in unicodedata.normalize("NFD", letter):
        if mark in _TONES:
            tone = _TONES[mark]
        elif not unicodedata.combining(mark) or mark in _VOWEL_MARKS:
            rest.append(mark)
    return unicodedata.normalize("NFC", "".join(rest)), tone


def _word_key(word: str) -> str:
    parts = [_split_tone(c) for c in word.lower()]
    return "".join(_LETTERS.get(c, c) for c, _ in parts) + "\x01" + "".join(tone for _, tone in parts)


def text_key(text: str) -> str:
    """Return a key that orders Vietnamese words as a dictionary does (letters first, then tones)."""
    return "\x02".join(_word_key(word) for word in text.split())


def name_key(name: str) -> str:
    """Return a key that orders people as a Vietnamese list does: by given name, then family name."""
    words = name.split()
    return text_key(" ".join([*words[-1:], *words[:-1]]))
