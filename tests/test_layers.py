"""Imports point down only, as the package docstring draws them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import palanca

ROOT = Path(palanca.__file__).parent
FILES = sorted(path for path in ROOT.rglob("*.py") if path != ROOT / "__init__.py")
NETWORK = {"httpx", "requests", "urllib", "http", "socket", "ftplib", "aiohttp"}
MAY_TOUCH_NETWORK = ("catalogue/sources", "events/feeds")
LONGEST_FUNCTION, LONGEST_MODULE = 60, 400


@cache
def layers() -> list[set[str]]:
    """Return the rows of the drawing, top first."""
    drawing = (palanca.__doc__ or "").split("::", 1)[1]
    rows = [line.strip() for line in drawing.splitlines() if line.startswith("    ")]
    return [{name.strip() for name in row.split("|")} for row in rows]


def rank(name: str) -> int:
    """Return how far down a package stands."""
    return next(depth for depth, row in enumerate(layers()) if name in row)


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Return every node of a file that imports or is a function, wherever in the file."""
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef)
    return tuple(node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, kinds))


def imported(path: Path) -> Iterator[str]:
    """Yield every module that a file imports."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def home(path: Path) -> str:
    """Return the package or top module a file belongs to."""
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def test_drawing_names_what_is_there():
    drawn = set().union(*layers())
    built = {home(path) for path in FILES}
    assert drawn == built


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down(path):
    for name in imported(path):
        parts = name.split(".")
        if parts[0] == "palanca" and len(parts) > 1 and parts[1] != "__version__":
            other = parts[1]
            assert other == home(path) or rank(other) > rank(home(path)), f"{path.name} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_sources_touch_the_network(path):
    if not str(path.relative_to(ROOT)).startswith(MAY_TOUCH_NETWORK):
        assert not NETWORK & {name.split(".")[0] for name in imported(path)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_code_knows_no_country(path):
    text = path.read_text()
    assert "Mexic" not in text
    assert "Estados Unidos" not in text
    if "catalogue/clean" not in str(path):
        assert '"MEX"' not in text
        assert '"USA"' not in text


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_small_by_measure(path):
    assert len(path.read_text().splitlines()) <= LONGEST_MODULE
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno < LONGEST_FUNCTION, f"{path.name}: {node.name}"
