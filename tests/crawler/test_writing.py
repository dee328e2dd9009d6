"""The writing process records what the crawl's process hands it, and tells what became of it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive import Archive, InvalidRecord, Unavailable, WrongSchema
from archive.model import Capture, Content, Outcome, RawCapture
from archive.warc import RawStore
from crawler.sites import Sites
from crawler.writing import WritingProcess

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def look(number: int, hours: int = 0, body: str = "The bridge reopens on Monday.") -> Capture:
    url, at = f"https://news.test/story-{number}", NOON + timedelta(hours=hours)
    raw = (RawCapture(url, at, 200, (("Content-Type", "text/html"),), body.encode()),)
    return Capture(url=url, captured_at=at, content=Content(title="The bridge", body=body), site="paper", raw=raw)


@pytest.fixture
def database(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'archive.db'}"
    Archive.open(url).close()
    return url


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Callable[..., WritingProcess]]:
    made: list[WritingProcess] = []

    def make(database: str, now: datetime | None = None) -> WritingProcess:
        clock = (lambda: now) if now else (lambda: datetime.now(UTC))
        made.append(WritingProcess(database, Sites(), tmp_path / "raw", now=clock))
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_captures_come_back_decided_in_their_order_once_they_are_stored(
    database: str, process: Callable[..., WritingProcess], tmp_path: Path
) -> None:
    writer = process(database)
    assert [one.outcome for one in writer.record([look(1), look(2)])] == [Outcome.NEW, Outcome.NEW]
    changed, same = writer.record([look(2, 1, "The bridge reopens on Tuesday."), look(1, 1)])
    assert (changed.url[-1], changed.outcome, same.outcome) == ("2", Outcome.CHANGED, Outcome.UNCHANGED)
    assert changed.content == look(2, 1, "The bridge reopens on Tuesday.").content
    with Archive.open(database) as archive:
        assert [one.id for one in archive.captures("https://news.test/story-2")] == [changed.id, 2]
    writer.close()
    assert RawStore(tmp_path / "raw").read(changed.raw_path or "")[0].body == b"The bridge reopens on Tuesday."
    assert [path.suffix for path in (tmp_path / "raw").iterdir()] == [".gz"]


def test_it_learns_the_first_dictionary_when_it_starts_and_there_is_enough_to_learn_from(
    database: str, process: Callable[..., WritingProcess]
) -> None:
    texts = [f"The harbour office said of berth {n} that work at pier {n * 7} takes {n % 30} days." for n in range(500)]
    with Archive.open(database) as archive:
        for start in (0, 250):
            archive.record_many([look(n, body=texts[n]) for n in range(start, start + 250)])
        before = archive.storage().bytes
        process(database).record([look(0, 1, texts[0])])
        assert archive.storage().bytes < before
        assert archive.learn_first_dictionary(NOON) is None
        assert {each.content.body for each in archive.iter_versions()} == set(texts)


def test_its_clock_is_the_crawls(database: str, process: Callable[..., WritingProcess], tmp_path: Path) -> None:
    process(database, now=datetime(2031, 7, 1, 12, tzinfo=UTC)).record([look(1)])
    assert [path.name[:7] for path in (tmp_path / "raw").iterdir()] == ["2031-07"]


def test_what_the_archive_refuses_is_its_own_error_and_the_next_batch_is_stored(
    database: str, process: Callable[..., WritingProcess]
) -> None:
    writer = process(database)
    with pytest.raises(InvalidRecord, match="neither an outcome nor content"):
        writer.record([look(1), Capture(url="https://news.test/story-2", captured_at=NOON)])
    (stored,) = writer.record([look(1)])
    assert stored.id == 1


def test_an_archive_that_cannot_be_opened_is_told_at_the_first_batch(
    tmp_path: Path, process: Callable[..., WritingProcess]
) -> None:
    (tmp_path / "letter.db").write_bytes(b"Dear editor, " * 100)
    writer = process(f"sqlite:///{tmp_path / 'letter.db'}")
    writer.start()
    with pytest.raises(WrongSchema, match="not a database"):
        writer.record([look(1)])


def test_a_process_that_was_killed_is_told_and_the_batch_may_be_handed_over_again(
    database: str, process: Callable[..., WritingProcess]
) -> None:
    writer = process(database)
    writer.record([look(1)])
    writer.kill()
    with pytest.raises(Unavailable, match="the writing process ended without a word"):
        writer.record([look(1), look(2)])
    writer.close()
    assert [one.id for one in writer.record([look(1), look(2)])] == [1, 2]


def test_signals_that_stop_the_crawl_leave_it_at_work(database: str, process: Callable[..., WritingProcess]) -> None:
    writer = process(database)
    writer.record([look(1)])
    assert writer.pid is not None
    for number in (signal.SIGTERM, signal.SIGINT):
        os.kill(writer.pid, number)
    assert [one.id for one in writer.record([look(2)])] == [2]
