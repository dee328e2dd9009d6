"""Batches: written when they are full, when nothing more comes, or after two seconds; one at a time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from archive import Unavailable
from archive.model import Capture, Outcome
from crawler import recorder
from crawler.recorder import Recorder

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Writer:
    """A writing process that writes nothing; it takes as long as the test wants."""

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.free = threading.Event()
        self.free.set()
        self.error: Exception | None = None

    def start(self) -> None:
        pass

    def record(self, captures: Sequence[Capture]) -> list[Capture]:
        self.free.wait(10)
        self.batches.append(len(captures))
        if self.error is not None:
            raise self.error
        return [replace(capture, id=number, outcome=Outcome.NEW) for number, capture in enumerate(captures)]


def look(number: int) -> Capture:
    return Capture(url=f"https://news.test/{number}", captured_at=NOON, site="paper")


@pytest.fixture
def writer() -> Any:
    return Writer()


async def test_a_batch_is_closed_as_soon_as_nothing_more_comes(writer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "BATCH_SECONDS", 3600.0)
    monkeypatch.setattr(recorder, "QUIET_SECONDS", 0.05)
    stored = await asyncio.gather(*(Recorder.record(one, look(1)) for one in [Recorder(writer)] * 3))
    assert (len(stored), writer.batches) == (3, [3])


async def test_a_full_batch_waits_for_nothing(writer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "QUIET_SECONDS", 3600.0)
    monkeypatch.setattr(recorder, "BATCH_SECONDS", 3600.0)
    monkeypatch.setattr(recorder, "BATCH_SIZE", 10)
    one = Recorder(writer)
    await asyncio.gather(*(one.record(look(number)) for number in range(20)))
    assert writer.batches == [10, 10]
    assert one.counts == {"paper": {"new": 20}}


async def test_batches_get_smaller_towards_the_end_of_a_crawl(writer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "QUIET_SECONDS", 3600.0)
    monkeypatch.setattr(recorder, "BATCH_SECONDS", 3600.0)
    one, waiting = Recorder(writer, ahead=600), []
    for number in range(600):
        one.ahead -= 1
        waiting.append(asyncio.create_task(one.record(look(number))))
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)
    assert sum(writer.batches) == 600
    assert writer.batches == sorted(writer.batches, reverse=True)
    assert writer.batches[0] == 200
    assert writer.batches[-1] <= recorder.LEAST_BATCH


async def test_where_captures_come_one_upon_another_a_short_silence_closes_a_batch(
    writer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "BATCH_SECONDS", 3600.0)
    monkeypatch.setattr(recorder, "QUIET_SECONDS", 3600.0)
    one = Recorder(writer, ahead=1000, _gap=0.001, _newest=asyncio.get_running_loop().time())
    await asyncio.wait_for(asyncio.gather(*(one.record(look(number)) for number in range(60))), 20)
    assert writer.batches == [60]


async def test_what_comes_while_a_batch_is_written_makes_one_batch(
    writer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "QUIET_SECONDS", 0.02)
    writer.free.clear()
    one = Recorder(writer)
    waiting = [asyncio.create_task(one.record(look(0)))]
    while not one._writing.locked():
        await asyncio.sleep(0.01)
    for number in range(1, 6):
        waiting.append(asyncio.create_task(one.record(look(number))))
        await asyncio.sleep(0.03)  # longer than it takes to be quiet
    writer.free.set()
    await asyncio.gather(*waiting)
    assert writer.batches == [1, 5]


async def test_after_a_failure_nothing_more_is_taken(writer: Any) -> None:
    writer.error = Unavailable("the disk is full")
    one = Recorder(writer)
    with pytest.raises(Unavailable):
        await one.record(look(1))
    with pytest.raises(Unavailable):
        await one.record(look(2))
    assert (writer.batches, one.counts) == ([1], {})
