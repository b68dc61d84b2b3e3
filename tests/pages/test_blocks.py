"""A block that htmx asks for renders alone as it does within its page: it misses no import, no `set`, no context."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests import browser, world
from tests.cast import Cast
from tests.dossiers.stories import BIRTH
from tests.pages.book import at, person
from tests.world import World

pytestmark = pytest.mark.anyio

BACKEND = Path(__file__).parents[2] / "backend"
Pair = tuple[str, str]

# Who gets each block, and where. An address answers whole, or to htmx the block alone.
WHERE: dict[Pair, tuple[str, str | Callable[[World], str]]] = {
    ("notifications/news.html", "news"): ("ha", "/thong-bao"),
    ("procedures/list.html", "results"): ("stranger", "/thu-tuc?q=khai+sinh"),
    ("procedures/procedure.html", "outcome"): ("stranger", "/thu-tuc/{slug}"),
    ("procedures/switches.html", "switches"): ("administrator", "/can-bo/thu-tuc"),
    ("dossiers/mine.html", "list"): ("ha", "/ho-so"),
    ("dossiers/dossier.html", "live"): ("ha", at("in_process")),
    ("dossiers/staff/work.html", "work"): ("processor", "/can-bo/viec"),
    ("dossiers/staff/dossier.html", "state"): ("processor", at("in_process", "/can-bo/ho-so/")),
    ("dossiers/staff/dossier.html", "papers"): (
        "receptionist",
        lambda world: f"/can-bo/ho-so/{world.code('submitted')}?tep={world.file}&trang=1",
    ),
    ("dossiers/staff/counter.html", "hits"): ("receptionist", "/can-bo/quay?q=khai+sinh"),
}
# Blocks whose address leads on when the whole page is asked for.
ALONE: dict[Pair, tuple[str, str | Callable[[World], str]]] = {
    ("procedures/suggestions.html", "suggestions"): ("stranger", "/thu-tuc/goi-y?q=khai"),
    ("dossiers/staff/present.html", "present"): ("processor", at("in_process", "/can-bo/ho-so/", "/cung-xem")),
    ("dossiers/files.html", "files"): ("ha", lambda world: f"/nop/{world.bare_draft}/tep/birth_certificate"),
}


def _texts(node: ast.AST) -> Iterator[str]:
    yield from (one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str))


def used() -> set[Pair]:
    """Every template and block that a route names; a block handed on by name belongs to each such template of its file."""
    found: set[Pair] = set()
    for path in BACKEND.rglob("*.py"):
        handed_on: set[str] = set()
        by_name: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                defaults = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
                by_name |= {text for arg, value in defaults if arg.arg == "block" and value for text in _texts(value)}
            if not isinstance(node, ast.Call):
                continue
            given = next((keyword.value for keyword in node.keywords if keyword.arg == "block"), None)
            if given is None:
                continue
            template = next((text for arg in node.args for text in _texts(arg) if text.endswith(".html")), "")
            if not template:
                by_name |= set(_texts(given))
            elif isinstance(given, ast.Name):
                handed_on.add(template)
            else:
                found |= {(template, text) for text in _texts(given)}
        found |= {(template, block) for template in handed_on for block in by_name}
    return found


def test_every_block_that_a_route_names_is_tried() -> None:
    assert used() == set(WHERE) | set(ALONE)


def bare(html: str) -> str:
    """The HTML without what only the answer to htmx carries, and without differences of space."""
    return re.sub(r"\s+", " ", re.sub(r"<hx-partial.*?</hx-partial>", "", html, flags=re.S)).strip()


async def asked(client: httpx.AsyncClient, made: World, who: str, path: str) -> tuple[str, str]:
    """Return the whole page at an address and what htmx gets there."""
    browser.sign_out(client)
    if one := person(made, who):
        browser.sign_in(client, one)
    await client.get("/dang-nhap")
    whole = await client.get(path)
    part = await client.get(path, headers={"HX-Request": "true"})
    assert part.status_code == 200, f"{path} answers htmx {part.status_code}"
    assert "<html" not in part.text, f"{path} answers htmx with a whole page"
    return bare(whole.text), bare(part.text)


async def test_a_block_alone_says_what_it_says_in_its_page(client: httpx.AsyncClient, cast: Cast) -> None:
    made = await world.build(cast)
    slug = (await client.get(f"/thu-tuc/x-{BIRTH}")).headers["location"].removeprefix("/thu-tuc/")
    for pair, (who, path) in WHERE.items():
        address = path(made) if callable(path) else path.replace("{slug}", slug)
        whole, part = await asked(client, made, who, address)
        assert part and part in whole, pair


async def test_a_block_without_a_page_of_its_own_renders(client: httpx.AsyncClient, cast: Cast) -> None:
    made = await world.build(cast)
    for who, path in ALONE.values():
        _whole, part = await asked(client, made, who, path(made) if callable(path) else path)
        assert part
