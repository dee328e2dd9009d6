"""What the archive remembers of hosts between crawls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive import Archive
from crawler import hosts
from crawler.hosts import ArchiveHosts

HOST = "paper.example"
HOUR = timedelta(hours=1)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(f"sqlite:///{tmp_path / 'archive.db'}") as archive:
        yield archive


def set_clock_forward(archive: Archive, by: timedelta) -> None:
    """To the crawler the same as if the moment had been noted so much earlier."""
    state = archive.host(HOST)
    assert state.retry_after_at is not None
    archive.save_host(replace(state, retry_after_at=state.retry_after_at - by))


def rest_of(store: ArchiveHosts) -> timedelta:
    """How long the host is to be left alone yet; negative where that is over."""
    until = store.get_back_off(HOST)
    assert until is not None
    return until - datetime.now(UTC)


def started_as(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, boot: str) -> None:
    hosts._boot.cache_clear()
    (tmp_path / "boot_id").write_text(boot)
    monkeypatch.setattr(hosts, "_BOOT_ID", tmp_path / "boot_id")


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    started_as(monkeypatch, tmp_path, "first")
    yield
    hosts._boot.cache_clear()


def test_what_a_host_asked_for_holds_though_the_clock_is_set_forward(archive: Archive) -> None:
    store = ArchiveHosts(archive)
    store.put_back_off(HOST, datetime.now(UTC) + timedelta(seconds=60), 60)
    set_clock_forward(archive, HOUR)
    assert timedelta(seconds=50) < rest_of(store) < timedelta(seconds=61)


def test_caution_of_our_own_ends_by_the_date_alone(archive: Archive) -> None:
    store = ArchiveHosts(archive)
    store.put_back_off(HOST, datetime.now(UTC) + timedelta(minutes=15), 0)
    set_clock_forward(archive, HOUR)
    assert rest_of(store) < timedelta()


def test_the_seconds_of_another_start_of_the_machine_say_nothing(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    store = ArchiveHosts(archive)
    store.put_back_off(HOST, datetime.now(UTC) + timedelta(seconds=60), 60)
    set_clock_forward(archive, HOUR)
    started_as(monkeypatch, tmp_path, "second")
    assert rest_of(store) < timedelta()


def test_a_host_that_asked_for_nothing_may_be_asked(archive: Archive) -> None:
    assert ArchiveHosts(archive).get_back_off(HOST) is None
