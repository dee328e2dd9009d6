"""feedparser's own test files, 2,107 good and bad feeds: each is read, none raises, nothing is fetched."""

import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.discovery.feed import parse_feed

FOLDER = Path(__file__).parents[3] / "shared" / "hostile" / "feedparser-tests" / "tests"


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a feed made the parser connect")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.usefixtures("no_network")
def test_no_file_of_the_collection_raises() -> None:
    files = [path for path in FOLDER.rglob("*") if path.is_file()] if FOLDER.is_dir() else []
    if not files:
        pytest.skip(f"NOT TESTED: {FOLDER} is missing (feedparser's tests/ folder)")
    entries = [entry for path in files for entry in parse_feed(path.read_bytes(), "https://a.example/feed")]
    assert len(files) > 2000
    assert len(entries) > 80
    assert all(urlsplit(entry.url).scheme in ("http", "https") for entry in entries)
