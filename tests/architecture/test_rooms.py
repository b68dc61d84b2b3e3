"""The order of the house: a room imports the kit, the store and rooms before it; nothing runs in circles."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend import ROOMS

ROOT = Path(__file__).parents[2]
BACKEND = ROOT / "backend"
FILES = sorted(path for path in [*BACKEND.rglob("*.py"), *(ROOT / "storage").rglob("*.py")])
# Above the rooms: they put them together.
ABOVE = {"command_line", "demo", "piccolo_conf"}


def imported(path: Path) -> Iterator[str]:
    """Every module a file imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def place(path: Path) -> str:
    """The room a file stands in: kit, storage, a room's name, or what stands above."""
    relative = path.relative_to(ROOT).with_suffix("")
    return relative.parts[0] if relative.parts[0] != "backend" else relative.parts[1] if len(relative.parts) > 1 else ""


def may_import(own: str) -> set[str]:
    """The places that code in `own` may import from."""
    if own == "storage":
        return {"storage", "kit"}
    if own == "kit":
        return {"kit"}
    if own in ROOMS:
        return {"kit", "storage", *ROOMS[: ROOMS.index(own) + 1]}
    return {"kit", "storage", *ROOMS, *ABOVE}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_imports_only_what_stands_below_it(path: Path) -> None:
    own = place(path)
    allowed = may_import(own)
    for module in imported(path):
        parts = module.split(".")
        target = parts[0] if parts[0] == "storage" else parts[1] if parts[0] == "backend" and len(parts) > 1 else None
        known = {"kit", "storage", *ROOMS, *ABOVE}
        if target in known:
            assert target in allowed, f"{path.relative_to(ROOT)} imports {module}"


def test_every_room_of_the_order_exists_and_says_what_it_owns() -> None:
    for room in ROOMS:
        text = (BACKEND / room / "__init__.py").read_text("utf-8")
        assert ast.get_docstring(ast.parse(text)), f"{room} does not say what it owns"


def test_there_is_no_room_outside_the_order() -> None:
    there = {path.name for path in BACKEND.iterdir() if path.is_dir() and (path / "__init__.py").exists()}
    assert there <= {"kit", "demo", *ROOMS}


def test_the_time_comes_from_the_clock_alone() -> None:
    for path in FILES:
        if path.name in ("clock.py", "formats.py") or place(path) == "command_line":
            continue
        text = path.read_text("utf-8")
        for forbidden in ("datetime.now(", "datetime.utcnow(", "date.today("):
            assert forbidden not in text, f"{path.relative_to(ROOT)} asks {forbidden}"


def test_migrations_know_no_table_of_ours() -> None:
    for path in (ROOT / "migrations").glob("motcua_*.py"):
        assert not any(module.startswith("backend") for module in imported(path)), path.name


def test_piccolos_raw_sql_is_not_used_because_it_reads_braces_as_places() -> None:
    for path in FILES:
        assert ".raw(" not in path.read_text("utf-8"), path.relative_to(ROOT)


_NAMED = re.compile(r"\b(?:from|join|update|into)\s+(?:only\s+)?([a-z_]+)\b")


def tables() -> dict[str, str]:
    """Every table of ours, and the room that owns it."""
    found: dict[str, str] = {}
    for room in ROOMS:
        declared = BACKEND / room / "tables.py"
        names = re.findall(r'tablename="([a-z_]+)"', declared.read_text("utf-8")) if declared.exists() else []
        found |= dict.fromkeys(names, room)
    return found


@pytest.mark.parametrize("path", [path for path in FILES if place(path) in ROOMS], ids=lambda path: path.stem)
def test_sql_names_only_tables_of_its_own_room(path: Path) -> None:
    owners = tables()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for table in _NAMED.findall(node.value):
                owner = owners.get(table, place(path))
                assert owner == place(path), f"{path.relative_to(ROOT)} reads {table} of {owner}: {node.value[:80]!r}"
