"""An office installs what the product runs on, and nothing else: dependencies and imports agree."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
OURS = {"backend", "storage", "migrations", "litestar_app"}
RUNNING = sorted([*(ROOT / "backend").rglob("*.py"), *(ROOT / "storage").rglob("*.py"), ROOT / "litestar_app.py"])


def plain(name: str) -> str:
    """A distribution's name as registries compare it, without extras and versions."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=~!; ]", name)[0]).lower()


def declared() -> set[str]:
    """The distributions that the product says it needs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return {plain(line) for line in project["dependencies"]}


def named() -> Iterator[str]:
    """Every top module the running code imports, and every name it hands on as text (`loop="uvloop"`)."""
    for path in RUNNING:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
                yield node.value
    yield from imported()


def imported() -> Iterator[str]:
    """Every top module the running code imports."""
    for path in RUNNING:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.split(".")[0]


def of(modules: Iterator[str]) -> set[str]:
    """The distributions that hold these modules."""
    holders = packages_distributions()
    return {plain(holder) for module in set(modules) for holder in holders.get(module, ())}


def test_what_the_running_code_imports_is_declared() -> None:
    foreign = (module for module in imported() if module not in OURS and module not in sys.stdlib_module_names)
    assert of(foreign) <= declared(), "declare these in pyproject.toml"


def test_what_is_declared_is_used_by_the_running_code() -> None:
    assert declared() <= of(named()), "these belong to the group dev, or nowhere"
