"""Every text a person can read has its English; nothing is translated that nobody reads."""

import re
from collections.abc import Iterator
from pathlib import Path

import jinja2
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "pwa" / "pages"
TEXTS = ROOT / "pwa" / "texts" / "en"
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}


def _in_python() -> Iterator[tuple[str, str]]:
    for path in (ROOT / "backend").rglob("*.py"):
        for _line, message, _comments, _context in extract_from_file("python", path, KEYWORDS):
            yield (message if isinstance(message, str) else message[0]), str(path.relative_to(ROOT))


def _in_templates() -> Iterator[tuple[str, str]]:
    environment = jinja2.Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True)
    for path in PAGES.rglob("*.html"):
        for _line, _function, message in environment.extract_translations(path.read_text("utf-8")):  # type: ignore[attr-defined]
            text = message if isinstance(message, str) else message[0]
            if text:
                yield text, str(path.relative_to(ROOT))


def used() -> dict[str, str]:
    """Every msgid of the product, and one place that uses it."""
    return dict([*_in_python(), *_in_templates()])


def translated() -> dict[str, tuple[str, str]]:
    """msgid → (English, the file it stands in)."""
    found: dict[str, tuple[str, str]] = {}
    for path in TEXTS.glob("*.po"):
        with path.open("rb") as source:
            for message in read_po(source, locale="en"):
                if message.id:
                    key = message.id if isinstance(message.id, str) else message.id[0]
                    text = message.string if isinstance(message.string, str) else " ".join(message.string)
                    found[key] = (text, path.name)
    return found


def test_every_text_has_its_english() -> None:
    english = translated()
    missing = {text: place for text, place in used().items() if not english.get(text, ("", ""))[0]}
    assert not missing, "\n".join(f"{place}: {text}" for text, place in sorted(missing.items(), key=lambda x: x[1]))


def test_no_translation_is_left_over() -> None:
    texts = used()
    over = {text: file for text, (_english, file) in translated().items() if text not in texts}
    assert not over, "\n".join(f"{file}: {text}" for text, file in sorted(over.items(), key=lambda x: x[1]))


def test_a_translation_keeps_the_places_to_fill_in() -> None:
    place = re.compile(r"\{[a-z_]*\}|%\([a-z_]+\)[sd]")
    for text, (english, file) in translated().items():
        if english:
            assert set(place.findall(text)) == set(place.findall(english)), f"{file}: {text}"


def test_templates_hold_no_vietnamese_that_gettext_does_not_see() -> None:
    vietnamese = re.compile(r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.I)
    seen = re.compile(r"\{#.*?#\}|\{%-?\s*trans.*?endtrans\s*-?%\}|\{\{.*?\}\}|\{%.*?%\}", re.S)
    for path in PAGES.rglob("*.html"):
        rest = seen.sub("", path.read_text("utf-8")).replace("Một Cửa", "")
        for line in rest.splitlines():
            assert not vietnamese.search(line), f"{path.relative_to(ROOT)}: {line.strip()[:90]}"
