"""Papers: a typst template and data become a PDF that archives (PDF/A-2a) and screen readers (PDF/UA-1) accept."""

import asyncio
import threading
import unicodedata
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from fontTools.ttLib import TTFont

from backend.kit import clock

PROJECT = Path(__file__).resolve().parents[2]
FONTS = PROJECT / "pwa" / "build" / "papers" / "fonts"
FAMILY = "Tinos"
STANDARDS = ["a-2a", "ua-1"]
UNPRINTABLE = "□"

# Two: a paper takes milliseconds, and every thread keeps a compiler with the fonts in memory.
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="typesetting")
_kept = threading.local()


class TypesettingError(Exception):
    """The paper was not made: the fonts are missing, or the template is wrong or met data it did not foresee."""


async def typeset(template: Path, data: Mapping[str, object] | msgspec.Struct) -> bytes:
    """Return the PDF of `template` filled with `data`.

    The template reads its data with `json(bytes(sys.inputs.data))`; nothing in the data is ever read as markup.
    A sign the paper font lacks (an emoji, a Chinese name) is printed as a box: a paper must not fail by it.
    Any warning is an error, because typst merely warns when it replaces a font or finds none.

    Args:
        template: a `.typ` file of this project; it imports what it shares as `/backend/…`.
        data: what msgspec can write as JSON.

    Raises:
        TypesettingError: see there.
    """
    moment = int(clock.now().timestamp())
    return await asyncio.get_running_loop().run_in_executor(_threads, _typeset, template, data, moment)


def _typeset(template: Path, data: object, moment: int) -> bytes:
    import typst  # 50 MiB, so only a process that prints pays for it

    text = msgspec.json.encode(_printable(msgspec.to_builtins(data))).decode()
    try:
        pdf, warnings = _compiler().compile_with_warnings(
            input=template,
            root=PROJECT,
            format="pdf",
            sys_inputs={"data": text},
            pdf_standards=STANDARDS,
            timestamp=moment,
        )
    except typst.TypstError as error:
        raise TypesettingError(f"{template.name}: {error.message}") from error
    if warnings or not isinstance(pdf, bytes):
        raise TypesettingError(f"{template.name}: {'; '.join(warning.message for warning in warnings)}")
    return pdf


def _printable(value: Any) -> Any:
    """Return the JSON-like `value` with every sign the font lacks replaced by a box."""
    if isinstance(value, str):
        signs = _signs()
        return "".join(sign if sign in signs else UNPRINTABLE for sign in unicodedata.normalize("NFC", value))
    if isinstance(value, dict):
        return {key: _printable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_printable(inner) for inner in value]
    return value


def _compiler() -> Any:
    """One compiler per thread: a shared one panics when two threads meet in it."""
    import typst

    if not hasattr(_kept, "compiler"):
        nowhere = FONTS.parent / "packages"  # stays empty: our templates use no packages of others
        _kept.compiler = typst.Compiler(
            font_paths=_fonts(), ignore_system_fonts=True, package_path=nowhere, package_cache_path=nowhere
        )
    return _kept.compiler


@cache
def _fonts() -> Any:
    import typst

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
    if set(fonts.families()) != {FAMILY}:
        raise TypesettingError(f"{FONTS} must hold exactly the {FAMILY} fonts; building the assets fetches them")
    return fonts


@cache
def _signs() -> frozenset[str]:
    """All signs that every cut of the paper font has, and the line break."""
    cuts = [frozenset(TTFont(path, lazy=True).getBestCmap()) for path in sorted(FONTS.glob("*.ttf"))]
    if not cuts:
        raise TypesettingError(f"{FONTS} is empty; building the assets fills it")
    return frozenset(map(chr, frozenset.intersection(*cuts))) | {"\n"}
