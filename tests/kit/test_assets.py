"""What the phone receives: named by content, kept for ever, compressed, complete and small."""

import json
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, cast

import brotli
import httpx
import pytest
from fontTools.ttLib import TTFont
from litestar import Litestar, Request, Response

from backend.kit import assets, browser_libraries, build, screen_fonts
from backend.kit.assets import PWA, SERVED, asset, built
from backend.kit.errors import Problem

FONT_BYTES = 25_000
EVERY_SIGN = "ĂÂĐÊÔƠƯăâđêôơư ẮẰẲẴẶ ấầẩẫậ ếềểễệ ốồổỗộ ớờởỡợ ứừửữự ỳỷỹýỵ ₫ 0123456789"


@pytest.fixture(scope="module", autouse=True)
def front_end() -> None:
    build.build_if_changed()


def refuse(request: Request[Any, Any, Any], problem: Problem) -> Response[str]:
    return Response(problem.sentence, status_code=problem.status)


@pytest.fixture
async def phone() -> AsyncIterator[httpx.AsyncClient]:
    app = Litestar(assets.route_handlers, exception_handlers={Problem: refuse}, openapi_config=None)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(cast(Any, app)), base_url="http://localhost") as client:
        yield client


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of pwa/ that a test may change; the fetched libraries are the real ones."""
    pwa = tmp_path / "pwa"
    shutil.copytree(PWA, pwa, ignore=shutil.ignore_patterns("build", "node_modules", "pages", "texts"))
    out = pwa / "build"
    for module in (build, assets):
        monkeypatch.setattr(module, "PWA", pwa)
        monkeypatch.setattr(module, "SERVED", out / "a")
        monkeypatch.setattr(module, "MAP", out / "map.json")
    monkeypatch.setattr(build, "BUILD", out)
    monkeypatch.setattr(build, "PAPER_FONTS", out / "papers" / "fonts")
    monkeypatch.setattr(browser_libraries, "PWA", pwa)
    yield pwa


@pytest.mark.anyio
async def test_a_file_is_kept_for_ever_and_comes_compressed_to_who_can_read_that(phone: httpx.AsyncClient) -> None:
    address = asset("styles/app.css")
    small = await phone.get(address, headers={"Accept-Encoding": "br"})
    plain = await phone.get(address, headers={"Accept-Encoding": "identity"})
    assert small.headers["Content-Encoding"] == "br"
    assert "immutable" in small.headers["Cache-Control"]
    assert plain.headers["Vary"] == "Accept-Encoding"
    assert plain.content == (SERVED / built().names["styles/app.css"]).read_bytes()
    assert int(small.headers["Content-Length"]) < len(plain.content) / 3


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/a/styles/app.css", "/a/../map.json", "/a/%2e%2e/map.json", "/a/styles/none.css"])
async def test_only_built_files_are_served(phone: httpx.AsyncClient, path: str) -> None:
    assert (await phone.get(path)).status_code == 404


@pytest.mark.anyio
async def test_the_manifest_and_the_licences_stand_at_their_own_address(phone: httpx.AsyncClient) -> None:
    manifest = await phone.get("/manifest.webmanifest")
    assert manifest.headers["Content-Type"].startswith("application/manifest+json")
    for icon in manifest.json()["icons"]:
        assert (await phone.get(icon["src"])).status_code == 200
    again = await phone.get("/manifest.webmanifest", headers={"If-None-Match": manifest.headers["ETag"]})
    assert again.status_code == 304
    licences = (await phone.get("/a/licences.txt")).text
    assert all(f"{name}\n" in licences for name in build.LICENCES)
    assert "SIL OPEN FONT LICENSE" in licences.upper()


def test_every_built_name_carries_its_content() -> None:
    for name in built().names.values():
        assert re.search(r"\.[0-9a-f]{10}\.|\.[0-9A-Z]{8}\.", name), name
        twin = SERVED / f"{name}.br"
        if twin.exists():
            assert brotli.decompress(twin.read_bytes()) == (SERVED / name).read_bytes()


@pytest.mark.parametrize("weight", screen_fonts.CUTS)
def test_a_screen_font_is_small_and_knows_every_vietnamese_letter(weight: int) -> None:
    file = SERVED / built().names[f"fonts/be-vietnam-pro-{weight}.woff2"]
    assert file.stat().st_size <= FONT_BYTES
    assert set(map(ord, EVERY_SIGN + screen_fonts.signs())) <= set(TTFont(file).getBestCmap())


def test_every_icon_that_a_page_names_is_in_its_sprite() -> None:
    drawn = set()
    for sheet in build.SPRITES:
        symbols = set(re.findall(r'id="([^"]+)"', (SERVED / built().names[sheet]).read_text()))
        assert symbols == {name for name, home in built().sprites.items() if home == sheet}
        drawn |= symbols
    pages = "".join(page.read_text() for page in (PWA / "pages").rglob("*.html"))
    named = set(re.findall(r"""\bicon\(\s*["']([a-z0-9-]+)["']""", pages))
    assert named <= drawn


def test_every_source_that_a_page_names_is_built() -> None:
    for page in (PWA / "pages").rglob("*.html"):
        for source in re.findall(r"""\basset\(\s*["']([^"'{]+)["']\s*\)""", page.read_text()):
            assert asset(source), page


def test_nothing_is_built_twice() -> None:
    assert not build.build_if_changed()


def test_a_change_gives_a_new_name_and_an_open_page_still_finds_the_old_file(copy: Path) -> None:
    assert build.build_if_changed()
    before = built().names["styles/app.css"]
    with (copy / "styles" / "tokens.css").open("a") as tokens:
        tokens.write("\n.changed { color: red }\n")
    assert build.build_if_changed()
    after = built()
    assert after.names["styles/app.css"] != before
    assert before in after.older
    assert (copy / "build" / "a" / before).exists()
    assert after.names["vendor/htmx.js"] not in after.older


def test_a_file_two_builds_old_is_gone(copy: Path) -> None:
    seen = []
    for colour in ("red", "green", "blue"):
        (copy / "pattern.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg"><g fill="{colour}"/></svg>')
        build.build_if_changed()
        seen.append(built().names["pattern.svg"])
    assert [(copy / "build" / "a" / name).exists() for name in seen] == [False, True, True]


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("styles/wrong.css", "a { background: url(/a/none.svg) }", "none.svg"),
        ("styles/wrong.css", "@import './none.css';", "wrong.css"),
        ("scripts/wrong.js", "import './none.js';", "none.js"),
        ("icons/lucide.txt", "no-such-icon", "no-such-icon"),
    ],
)
def test_a_wrong_source_is_named_and_what_was_built_stays(copy: Path, file: str, text: str, words: str) -> None:
    build.build_if_changed()
    before = json.loads((copy / "build" / "map.json").read_text())["names"]
    (copy / file).write_text(text)
    with pytest.raises(build.CannotBuild, match=words):
        build.build_if_changed()
    assert json.loads((copy / "build" / "map.json").read_text())["names"] == before


def test_a_missing_front_end_says_what_to_do(copy: Path) -> None:
    with pytest.raises(assets.AssetsMissing, match="bin/setup"):
        asset("styles/app.css")
