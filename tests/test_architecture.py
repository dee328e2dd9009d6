"""Who may know whom, as ARCHITECTURE.md draws it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PURE = (
    "crawler/extraction",
    "crawler/discovery",
    "archive/diff",
    "archive/identity.py",
    "archive/addresses.py",
    "archive/revisit.py",
    "archive/storage.py",
    "archive/watching.py",
    "archive/missed.py",
    "crawler/results.py",
)
#: What a pure module may not import: network, clock, settings, database, processes, Scrapy.
IMPURE = {
    "scrapy",
    "twisted",
    "sqlalchemy",
    "requests",
    "urllib.request",
    "socket",
    "http",
    "subprocess",
    "asyncio",
    "random",
}
SQL_PLACES = ("archive/schema.py", "archive/store", "archive/queries", "archive/locks.py", "archive/migrations")
#: What the crawler may import of the archive; everything else is private.
PUBLIC_OF_ARCHIVE = {
    "archive",
    "archive.model",
    "archive.cli",
    "archive.cli.reference",
    "archive.identity",
    "archive.locks",
    "archive.metrics",
    "archive.room",
    "archive.errors",
    "archive.warc",
    "archive.addresses",
    "archive.revisit",
}


def python_files(*places: str) -> list[Path]:
    paths = [ROOT / place for place in places]
    return [file for path in paths for file in ([path] if path.suffix == ".py" else sorted(path.rglob("*.py")))]


def imported_names(path: Path) -> set[str]:
    """Every module that a file imports, wherever in the file."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names |= {node.module}
    return names


def touches(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


@pytest.mark.parametrize("path", python_files("archive"), ids=lambda path: str(path.relative_to(ROOT)))
def test_archive_has_never_heard_of_the_crawler_or_of_scrapy(path: Path) -> None:
    assert not [name for name in imported_names(path) if touches(name, "crawler") or touches(name, "scrapy")]


@pytest.mark.parametrize("path", python_files("archive", "crawler"), ids=lambda path: str(path.relative_to(ROOT)))
def test_sqlalchemy_appears_only_where_tables_are_read_and_written(path: Path) -> None:
    place = str(path.relative_to(ROOT))
    if not place.startswith(SQL_PLACES):
        assert not [name for name in imported_names(path) if touches(name, "sqlalchemy") or touches(name, "alembic")]


@pytest.mark.parametrize("path", python_files("crawler"), ids=lambda path: str(path.relative_to(ROOT)))
def test_crawler_uses_only_the_public_names_of_the_archive(path: Path) -> None:
    assert {name for name in imported_names(path) if touches(name, "archive")} <= PUBLIC_OF_ARCHIVE


@pytest.mark.parametrize("path", python_files(*PURE), ids=lambda path: str(path.relative_to(ROOT)))
def test_pure_modules_import_nothing_that_reaches_outside(path: Path) -> None:
    assert not [name for name in imported_names(path) if any(touches(name, impure) for impure in IMPURE)]


def test_archive_runs_where_scrapy_is_absent(tmp_path: Path) -> None:
    """Every module of the archive is imported, and an archive is opened, with Scrapy and Twisted blocked."""
    code = """
import importlib, pkgutil, sys
for name in ("scrapy", "twisted", "crawler"):
    sys.modules[name] = None
import archive
for module in pkgutil.walk_packages(archive.__path__, "archive."):
    if ".migrations" not in module.name and ".web" not in module.name and not module.name.endswith("__main__"):
        importlib.import_module(module.name)
with archive.Archive.open(sys.argv[1]) as opened:
    print(sum(1 for _ in opened.articles()))
"""
    command = [sys.executable, "-c", code, f"sqlite:///{tmp_path / 'archive.db'}"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "0"
