"""Builds `pwa/` into what is served: bundled, minified, named by content, compressed. Runs when sources changed."""

import fcntl
import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import brotli
import lightningcss

from backend.kit import browser_libraries, screen_fonts
from backend.kit.assets import BUILD, MAP, OWN_NAMES, PWA, SERVED
from backend.kit.browser_libraries import MODULES, CannotFetch

__all__ = ["CannotBuild", "CannotFetch", "build_if_changed"]

PAPER_FONTS = BUILD / "papers" / "fonts"
OWN_FOLDERS = ("build", "node_modules", "pages", "texts")  # of pwa/: not sources of assets
PLAIN = (".svg", ".png", ".webp", ".woff2")
BROWSERS = ["chrome 90", "firefox 100", "safari 15.4"]
TARGET = "chrome90,firefox100,safari15.4"
LICENCES = ("htmx.org", "lucide-static", screen_fonts.FOLDER, "@expo-google-fonts/tinos")
APP_ICONS = (192, 512)  # the sizes phones ask for when the app is installed
# Home shows few icons and is light; a later page fetches the others once.
SPRITES = {"icons/first.svg": "lucide-first.txt", "icons/sprite.svg": "lucide.txt"}
VENDOR = {
    "vendor/htmx.js": "htmx.org/dist/htmx.esm.min.js"
}  # its makers' own minified module: a tenth smaller than ours

_URL = re.compile(r"""(?P<start>url\(\s*["']?)/a/(?P<source>[^"')?#\s]+)""")
_IMPORT = re.compile(r"""@import\s+(?:url\()?["']\./([^"']+)["']""")

Say = Callable[[str], None]


class CannotBuild(Exception):
    """A source is wrong; the text names it."""


def build_if_changed(say: Say = print) -> bool:
    """Build when a source, the lock file or this program has changed since the last build; true when built.

    Several processes may call it at once: one builds, the others wait. Raises CannotBuild, CannotFetch.
    """
    if not (PWA / "package-lock.json").exists():  # installed from a wheel, which carries what is built
        return False
    BUILD.mkdir(parents=True, exist_ok=True)
    with _alone():
        stamp = _stamp()
        if MAP.exists() and json.loads(MAP.read_bytes())["stamp"] == stamp:
            return False
        browser_libraries.fetch_if_changed(say)
        say("Building scripts, styles, fonts and icons …")
        _build(stamp)
    return True


@contextmanager
def _alone() -> Iterator[None]:
    with open(BUILD / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sources() -> list[Path]:
    files = (file for file in PWA.rglob("*") if file.relative_to(PWA).parts[0] not in OWN_FOLDERS)
    return sorted(file for file in files if file.is_file() and not file.name.startswith("."))


def _stamp() -> str:
    digest = hashlib.sha256()
    for file in [*_sources(), *(Path(__file__).with_name(f"{name}.py") for name in ("build", "screen_fonts"))]:
        digest.update(f"{file.name}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _build(stamp: str) -> None:
    older: list[str] = list(json.loads(MAP.read_bytes())["names"].values()) if MAP.exists() else []
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        making = _Making(Path(folder))
        making.everything()
        for file in making.out.rglob("*"):
            if file.is_file():
                _publish(file, making.out)
    version = hashlib.sha256(json.dumps(making.names, sort_keys=True).encode()).hexdigest()[:12]
    older = [name for name in older if name not in making.names.values() and (SERVED / name).exists()]
    found = {
        "stamp": stamp,
        "version": version,
        "names": making.names,
        "older": older,
        "sprites": {name: sheet for sheet, listed in reversed(SPRITES.items()) for name in _icons(listed)},
    }
    fresh = MAP.with_suffix(".new")
    fresh.write_text(json.dumps(found, indent=1, sort_keys=True))
    fresh.rename(MAP)
    _sweep({*making.names.values(), *older, *OWN_NAMES})


def _publish(file: Path, out: Path) -> None:
    """Put a file and its compressed twin where they are served."""
    place = SERVED / file.relative_to(out)
    place.parent.mkdir(parents=True, exist_ok=True)
    data = file.read_bytes()
    if file.suffix not in (".png", ".webp", ".woff2"):
        place.with_name(place.name + ".br").write_bytes(brotli.compress(data, quality=11, mode=brotli.MODE_TEXT))
    fresh = place.with_name(place.name + ".new")
    fresh.write_bytes(data)
    fresh.rename(place)


def _sweep(kept: set[str]) -> None:
    for file in SERVED.rglob("*"):
        if file.is_file() and str(file.relative_to(SERVED)).removesuffix(".br") not in kept:
            file.unlink()


class _Making:
    """One build: the files written so far, and the name each source got."""

    def __init__(self, folder: Path) -> None:
        self.work, self.out = folder / "work", folder / "out"
        self.names: dict[str, str] = {}
        self.imports: dict[str, list[str]] = {}
        for place in (self.work, self.out):
            place.mkdir()

    def everything(self) -> None:
        """Plain files first, then what points at them."""
        screen_fonts.cut(MODULES, self.work)
        for font in self.work.glob("*.woff2"):
            self._place(f"fonts/{font.name}", font.read_bytes())
        for file in _sources():
            if file.suffix in PLAIN:
                self._place(str(file.relative_to(PWA)), file.read_bytes())
        for sheet, listed in SPRITES.items():
            self._place(sheet, _sprite(listed).encode())
        for size in APP_ICONS:
            self._place(f"icons/app-{size}.png", _app_icon(size))
        self._styles()
        self._scripts()
        self._own_names()
        _copy_paper_fonts()

    def _place(self, source: str, data: bytes) -> None:
        path = Path(source)
        name = str(path.with_name(f"{path.stem}.{hashlib.sha256(data).hexdigest()[:10]}{path.suffix}"))
        (self.out / name).parent.mkdir(parents=True, exist_ok=True)
        (self.out / name).write_bytes(data)
        self.names[source] = name

    def _pointed(self, text: str, where: str) -> str:
        """`text` with every `/a/<source>` replaced by the address of that source."""

        def address(match: re.Match[str]) -> str:
            return f"{match['start']}/a/{self._name(match['source'], where)}"

        return _URL.sub(address, text)

    def _name(self, source: str, where: str) -> str:
        if source not in self.names:
            raise CannotBuild(f"{where} points at {source}, but there is no pwa/{source}")
        return self.names[source]

    def _styles(self) -> None:
        """Each file that no other imports is a sheet of its own."""
        sheets = sorted((PWA / "styles").glob("*.css"))
        imported = {name for sheet in sheets for name in _IMPORT.findall(sheet.read_text())}
        for sheet in sheets:
            if sheet.name not in imported:
                try:
                    text = lightningcss.bundle_css(str(sheet), browsers_list=BROWSERS, minify=True)
                except (OSError, ValueError) as error:
                    raise CannotBuild(str(error)) from None
                self._place(f"styles/{sheet.name}", self._pointed(text, sheet.name).encode())

    def _scripts(self) -> None:
        for source, name in VENDOR.items():
            self._place(source, (MODULES / name).read_bytes())
        entries = {f"scripts/{file.stem}": file for file in sorted((PWA / "scripts").glob("*.js"))}
        meta = self.work / "meta.json"
        names = ["--entry-names=[dir]/[name].[hash]", "--chunk-names=scripts/parts/[name].[hash]"]
        form = ["--bundle", "--splitting", "--minify", "--format=esm", f"--target={TARGET}", "--legal-comments=none"]
        given = [f"{name}={file}" for name, file in entries.items()]
        _esbuild([*form, *names, f"--metafile={meta}", f"--outdir={self.out}", *given], self.out)
        self._read_outputs(json.loads(meta.read_bytes())["outputs"], {file.resolve(): n for n, file in entries.items()})

    def _read_outputs(self, outputs: dict[str, Any], entries: dict[Path, str]) -> None:
        for name, told in outputs.items():
            entry = entries.get((self.out / told["entryPoint"]).resolve()) if "entryPoint" in told else None
            source = f"{entry}.js" if entry else name  # a shared part is its own source
            self.names[source] = name
            parts = [part["path"] for part in told["imports"] if part["kind"] == "import-statement"]
            self.imports[source] = parts

    def _own_names(self) -> None:
        licences = [f"{name}\n\n{_licence(name)}" for name in LICENCES]
        (self.out / "licences.txt").write_text(("\n\n" + "=" * 72 + "\n\n").join(licences))
        manifest = PWA / "manifest.webmanifest"
        if manifest.exists():
            told = json.loads(manifest.read_text())
            for icon in told["icons"]:
                icon["src"] = f"/a/{self._name(icon['src'], manifest.name)}"
            (self.out / manifest.name).write_text(json.dumps(told, ensure_ascii=False, separators=(",", ":")))
        worker = PWA / "service_worker.js"
        if worker.exists():
            self._service_worker(worker)

    def _service_worker(self, source: Path) -> None:
        """The worker with the list of what it keeps: the shell of every page."""
        shell = ["styles/app.css", "vendor/htmx.js", "scripts/app.js", *SPRITES]
        files = [self.names[name] for name in shell if name in self.names]
        files += [part for name in shell for part in self.imports.get(name, [])]
        files += [name for source, name in self.names.items() if source.startswith("fonts/")]
        addresses = [f"/a/{name}" for name in dict.fromkeys(files)]
        define = f"--define:SHELL={json.dumps(addresses)}"
        _esbuild(
            [str(source), "--minify", f"--target={TARGET}", define, f"--outfile={self.out / source.name}"], self.out
        )


def _esbuild(arguments: list[str], folder: Path) -> None:
    command = [str(browser_libraries.esbuild()), *arguments, "--log-level=warning"]
    environment = {"NODE_PATH": str(MODULES), "HOME": str(folder)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotBuild(done.stderr.strip())


def _icons(listed: str) -> list[str]:
    return sorted(set((PWA / "icons" / listed).read_text().split()))


def _sprite(listed: str) -> str:
    """One picture with a symbol for each icon named in a list below `pwa/icons/`."""
    symbols = []
    for name in _icons(listed):
        source = MODULES / "lucide-static" / "icons" / f"{name}.svg"
        if not source.exists():
            raise CannotBuild(f"pwa/icons/{listed}: lucide has no icon {name}")
        found = re.search(r"<svg[^>]*>(.*)</svg>", source.read_text(), re.DOTALL)
        assert found is not None
        drawing = re.sub(r"\s*\n\s*", "", found[1]).replace(" />", "/>")
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{drawing}</symbol>')
    # The line's look is inherited from `.icon` in base.css, so that a chosen star can be filled.
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'


def _app_icon(size: int) -> bytes:
    """`pwa/icons/app.svg` as a picture of `size` by `size` dots; the typesetter draws it."""
    import typst

    page = f"#set page(width: {size}pt, height: {size}pt, margin: 0pt)\n#image(bytes(sys.inputs.svg), width: 100%)"
    svg = (PWA / "icons" / "app.svg").read_text()
    return typst.compile(page.encode(), format="png", ppi=72.0, sys_inputs={"svg": svg})


def _copy_paper_fonts() -> None:
    """The face of the statutory papers, as files for the typesetter."""
    PAPER_FONTS.mkdir(parents=True, exist_ok=True)
    for cut in ("400Regular", "400Regular_Italic", "700Bold", "700Bold_Italic"):
        name = f"Tinos_{cut}.ttf"
        shutil.copy(MODULES / "@expo-google-fonts" / "tinos" / cut / name, PAPER_FONTS / name)


def _licence(package: str) -> str:
    files = sorted((MODULES / package).glob("LICENSE*"))
    if not files:
        raise CannotBuild(f"{package} carries no licence text")
    return "\n\n".join(file.read_text(errors="replace").strip() for file in files)
