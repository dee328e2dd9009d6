"""`backissue reextract`: a newer extractor over what was kept, and no version more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive import Archive, Capture, Content, Unavailable, Version
from archive.warc import RawCapture, RawStore
from crawler import rereading
from crawler.cli import main
from crawler.extraction import VERSION
from crawler.keeping import Keeper
from crawler.sites import Sites

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
JUNK = "\n\nShare this story with your friends"
ENDS = (
    "Fishermen from the northern quay, who have waited since the storm, called the news overdue.",
    "The work will cost 40,000 and take three weeks, according to the plan that councillors were shown.",
)


def look(number: int, hour: int = 0, edit: str = "", **changes: Any) -> Capture:
    """An article as an older extractor read it: with a line too many."""
    url, at = f"https://news.test/story-{number}", NOON + timedelta(hours=hour)
    title = f"Berth {number} to be dredged before the tide"
    body = [f"The harbour office said on Tuesday that berth {number}{edit} will be dredged.", *ENDS]
    html = (
        f'<!DOCTYPE html><html lang="en"><head><title>{title}</title><meta property="og:type" content="article"></head>'
        f"<body><article><h1>{title}</h1>{''.join(f'<p>{p}</p>' for p in body)}</article></body></html>"
    )
    raw = RawCapture(url, at, 200, (("Content-Type", "text/html; charset=utf-8"),), html.encode())
    content = Content(title=title, body="\n\n".join(body) + JUNK)
    values: dict[str, Any] = {"content": content, "extractor": "0", "site": "news", "raw": (raw,)}
    return Capture(url=url, captured_at=at, **values | changes)


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Keeper]:
    with Archive.open(f"sqlite:///{tmp_path / 'archive.db'}") as archive:
        keeper = Keeper(archive, Sites(), now=lambda: NOON)
        yield keeper
        keeper.close()


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Result]:
    def run(*arguments: str) -> Result:
        options = ["--database", f"sqlite:///{tmp_path / 'archive.db'}", "--sites", str(tmp_path / "none.toml")]
        return CliRunner().invoke(main, [*options, *arguments])

    return run


def versions(archive: Archive) -> list[Version]:
    return list(archive.iter_versions())


def test_a_newer_extractor_over_a_thousand_articles_adds_no_version(keeper: Keeper, run: Callable[..., Result]) -> None:
    for start in range(0, 1000, 100):
        keeper.record([look(number) for number in range(start, start + 100)])
    keeper.record([look(number, 1, edit=" and its wall") for number in range(50)])
    before = [(version.id, version.number, version.edit_kinds) for version in versions(keeper.archive)]
    assert len(before) == 1050

    result = run("reextract")
    assert result.exit_code == 0, result.output
    assert result.stdout == f"1,050 captures read anew by extractor {VERSION}, no version added\n"
    after = versions(keeper.archive)
    assert [(version.id, version.number, version.edit_kinds) for version in after] == before
    assert {version.extractor for version in after} == {VERSION}
    assert not [version for version in after if JUNK.strip() in (version.content.body or "")]
    assert "and its wall" in (keeper.archive.version("https://news.test/story-7", 2).content.body or "")
    assert [event.kind for event in keeper.archive.events("https://news.test/story-7")] == ["rebaselined"]
    assert f"read anew by extractor {VERSION}" in run("history", "https://news.test/story-7").stdout
    assert list(keeper.archive.verify()) == []

    again = run("reextract")
    assert again.stdout == f"0 captures read anew by extractor {VERSION}, no version added\n"
    assert versions(keeper.archive) == after
    newest = keeper.archive.version("https://news.test/story-7", -1)
    keeper.record([look(7, 5, content=newest.content, extractor=VERSION)])
    assert len(versions(keeper.archive)) == 1050


def test_what_was_done_before_an_interruption_stays_and_the_rest_is_done_next(
    keeper: Keeper, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper.record([look(number) for number in range(25)])
    monkeypatch.setattr(rereading, "BATCH_SIZE", 10)
    rebaseline, calls = Archive.rebaseline, []

    def fail_the_second_time(archive: Archive, *given: Any) -> int:
        calls.append(1)
        if len(calls) == 2:
            raise Unavailable("the database is gone")
        return rebaseline(archive, *given)

    monkeypatch.setattr(Archive, "rebaseline", fail_the_second_time)
    stopped = run("reextract")
    assert (stopped.exit_code, "the database is gone" in stopped.output) == (2, True)
    assert sum(version.extractor == VERSION for version in versions(keeper.archive)) == 10
    assert run("reextract").stdout.startswith("15 captures read anew")


def test_what_cannot_be_read_or_is_no_article_any_more_stays_as_it_was(
    keeper: Keeper, run: Callable[..., Result]
) -> None:
    empty = RawCapture(
        "https://news.test/story-2", NOON, 200, (("Content-Type", "text/html"),), b"<html><body></body></html>"
    )
    keeper.record([look(1), look(2, raw=(empty,)), look(3, raw=())])
    lost = RawStore(keeper.archive.raw_folder / "elsewhere")
    keeper.record([look(4, raw=())])
    (four,) = keeper.archive.captures("https://news.test/story-4")
    keeper.archive.note_raw({four.id or 0: lost.write(look(4).raw[0])})
    result = run("reextract")
    assert result.stdout == (
        f"1 captures read anew by extractor {VERSION}, no version added; left as they were: 1 no article, 1 unreadable\n"
    )
    bodies = {version.url[-1]: version.content.body or "" for version in versions(keeper.archive)}
    assert {number: JUNK in body for number, body in bodies.items()} == {"1": False, "2": True, "3": True, "4": True}


def test_an_article_of_several_pages_is_joined_again(keeper: Keeper, run: Callable[..., Result]) -> None:
    first, second = look(1), look(2)
    keeper.record([look(1, raw=(*first.raw, *second.raw))])
    assert run("reextract").exit_code == 0
    (version,) = versions(keeper.archive)
    assert "berth 1 will be" in (version.content.body or "")
    assert "berth 2 will be" in (version.content.body or "")


def test_a_site_and_a_time_choose(keeper: Keeper, run: Callable[..., Result]) -> None:
    keeper.record([look(1), look(2, site="other"), look(3, 48)])
    assert run("reextract", "--site", "gazette").exit_code == 2
    assert run("reextract", "--site", "other").stdout.startswith("1 captures")
    assert run("reextract", "--since", "2026-03-02").stdout.startswith("1 captures")
    assert run("reextract").stdout.startswith("1 captures")
