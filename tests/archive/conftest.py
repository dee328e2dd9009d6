"""One archive a test, on SQLite and on a real PostgreSQL; and a few words to write captures with."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive import Archive, Capture, Content, Verdict

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def hours(number: float) -> datetime:
    """So many hours after the noon at which every test begins."""
    return NOON + timedelta(hours=number)


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty archive: copied faster than its tables are made."""
    path = tmp_path_factory.mktemp("blank") / "archive.db"
    Archive.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A new archive on each kind of database."""
    fixture = "sqlite_url" if request.param == "sqlite" else "postgres_archive_url"
    url: str = request.getfixturevalue(fixture)
    return url


@pytest.fixture
def sqlite_url(blank: Path, tmp_path: Path) -> str:
    """A new archive in a file."""
    return f"sqlite:///{shutil.copy(blank, tmp_path / 'archive.db')}"


@pytest.fixture
def archive(database_url: str) -> Iterator[Archive]:
    """A new archive, on each kind of database."""
    with Archive.open(database_url) as opened:
        yield opened


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Archive]:
    """A new archive where the kind of database does not matter."""
    with Archive.open(sqlite_url) as opened:
        yield opened


@pytest.fixture
def page() -> Callable[..., Capture]:
    """Makes the capture of an article page: `page(at, body=..., url=..., ...)`."""
    return make_page


def make_page(at: datetime, body: str = "One.\n\nTwo.", url: str = "https://news.test/a", **given: object) -> Capture:
    """A capture of an article page; what a Content or a Capture has may be given by name."""
    fields = {"title": "A title", "authors": ("Ann",), "categories": ("World",), "body": body}
    of_capture = {name: value for name, value in given.items() if name in Capture.__slots__}
    fields |= {name: value for name, value in given.items() if name not in of_capture}
    defaults = {"site": "news", "verdict": Verdict.ARTICLE, "status": 200, "extractor": "1"}
    return Capture(url=url, captured_at=at, content=Content(**fields), **(defaults | of_capture))  # type: ignore[arg-type]


@pytest.fixture
def at() -> Callable[[float], datetime]:
    """So many hours after a noon."""
    return hours
