"""What the phone receives beside pages: files named by their content, kept by browsers for ever."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from litestar import Request, Response, get
from litestar.params import FromPath

from backend.kit.access import anyone
from backend.kit.errors import NotFound
from backend.kit.language import _
from backend.kit.settings import PROJECT

PWA = PROJECT / "pwa"
BUILD = PWA / "build"
SERVED = BUILD / "a"
MAP = BUILD / "map.json"

TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".png": "image/png",
    ".webp": "image/webp",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
}
FOR_EVER = "public, max-age=31536000, immutable"
ASK_EACH_TIME = "no-cache"
# Served under their own names: the browser asks for them by address, so their content may change.
OWN_NAMES = ("licences.txt", "manifest.webmanifest", "service_worker.js")


class Built(NamedTuple):
    """The map of one build: source → file name under `/a/`, icon → its sprite; `older` still serves pages that are open."""

    names: dict[str, str]
    sprites: dict[str, str]
    older: frozenset[str]
    version: str


class AssetsMissing(Exception):
    """The front end was not built, or lacks a file that a page asks for."""


def built() -> Built:
    """The map of the last build. Raises AssetsMissing before the first."""
    try:
        changed = MAP.stat().st_mtime_ns
    except FileNotFoundError:
        raise AssetsMissing("the front end is not built: bin/setup builds it") from None
    return _read(changed)


@lru_cache(maxsize=1)
def _read(changed: int) -> Built:
    found = json.loads(MAP.read_bytes())
    return Built(found["names"], found["sprites"], frozenset(found["older"]), found["version"])


def asset(source: str) -> str:
    """The address of a source file below `pwa/`, like "styles/app.css". Raises AssetsMissing."""
    try:
        return f"/a/{built().names[source]}"
    except KeyError:
        raise AssetsMissing(f"the front end has no {source}") from None


def sprite_of(icon: str) -> str:
    """The address of the sprite that holds `icon`."""
    return asset(built().sprites.get(icon, "icons/sprite.svg"))


@lru_cache(maxsize=400)
def _content(name: str, compressed: bool, changed: int) -> bytes | None:
    path = SERVED / (name + ".br" if compressed else name)
    return path.read_bytes() if path.is_file() else None


def answer(request: Request[Any, Any, Any], name: str, kept: str) -> Response[bytes]:
    """Answer with a built file, by brotli when the browser takes it."""
    changed = MAP.stat().st_mtime_ns
    headers = {"Cache-Control": kept, "Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff"}
    if kept == ASK_EACH_TIME:
        headers["ETag"] = f'"{built().version}"'
        if request.headers.get("If-None-Match") == headers["ETag"]:
            return Response(b"", status_code=304, headers=headers)
    body = None
    if "br" in request.headers.get("Accept-Encoding", ""):
        body = _content(name, True, changed)
    if body is not None:
        headers["Content-Encoding"] = "br"
    else:
        body = _content(name, False, changed)
    if body is None:
        raise NotFound(_("Không có trang này."))
    return Response(body, media_type=TYPES[Path(name).suffix], headers=headers)


@get("/a/{path:path}", guards=[anyone], exclude_from_csrf=True)
async def served(request: Request[Any, Any, Any], path: FromPath[str]) -> Response[bytes]:
    """A file named by its content."""
    name = path.lstrip("/")
    if name == "licences.txt":
        return answer(request, name, ASK_EACH_TIME)
    if name not in built().names.values() and name not in built().older:
        raise NotFound(_("Không có trang này."))
    return answer(request, name, FOR_EVER)


@get("/manifest.webmanifest", guards=[anyone], exclude_from_csrf=True)
async def manifest(request: Request[Any, Any, Any]) -> Response[bytes]:
    """What makes the app installable."""
    return answer(request, "manifest.webmanifest", ASK_EACH_TIME)


@get("/service_worker.js", guards=[anyone], exclude_from_csrf=True)
async def service_worker(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The script that answers when the network does not."""
    return answer(request, "service_worker.js", ASK_EACH_TIME)


route_handlers = [served, manifest, service_worker]
