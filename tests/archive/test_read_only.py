"""An archive opened for reading: nothing can be written, and no question takes longer than it may."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from archive import Archive, ArchiveError, Capture, EditKind, NotFound
from archive.queries.read_only import ReadOnlyArchive, TooSlow, time_limit

Page = Callable[..., Capture]
At = Callable[[float], datetime]


def test_the_database_itself_refuses_to_be_written(database_url: str, archive: Archive, page: Page, at: At) -> None:
    archive.record_many([page(at(0))])
    with ReadOnlyArchive.open(database_url) as readable:
        assert len(readable.articles()) == 1
        for statement in ("DELETE FROM versions", "UPDATE articles SET title = 'x'", "CREATE TABLE t (x INTEGER)"):
            with pytest.raises(ArchiveError), readable.database.reading() as connection:
                connection.execute(text(statement))
        assert len(readable.articles()) == 1


def test_there_must_be_an_archive(tmp_path: object) -> None:
    with pytest.raises(NotFound):
        ReadOnlyArchive.open(f"sqlite:///{tmp_path}/none.db")


def test_a_long_question_is_interrupted_and_the_next_one_answered(database_url: str, archive: Archive) -> None:
    endless = (
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 2000000000) SELECT max(x) FROM n"
    )
    with ReadOnlyArchive.open(database_url) as readable:
        began = time.monotonic()
        with pytest.raises(TooSlow), time_limit(0.2), readable.database.reading() as connection:
            connection.execute(text(endless)).all()
        assert time.monotonic() - began < 2
        with time_limit(5):
            assert readable.articles() == []
        assert readable.sites() == []


def test_what_is_recorded_later_is_read(database_url: str, archive: Archive, page: Page, at: At) -> None:
    with ReadOnlyArchive.open(database_url) as readable:
        archive.record_many([page(at(0))])
        assert len(readable.articles()) == 1


def test_habits_tell_how_often_how_soon_and_how_silently(
    database_url: str, archive: Archive, page: Page, at: At
) -> None:
    for number, (first, wait) in enumerate([(0, 2), (0, 4), (1, 30), (2, None)]):
        url = f"https://news.test/{number}"
        dated = {"url": url, "modified_at": at(-1)}
        archive.record_many([page(at(first), body="It fell by 12 metres.\n\nTwo.", **dated)])
        if wait is not None:
            archive.record_many([page(at(first + wait), body="It fell by 21 metres.\n\nTwo.", **dated)])
    archive.record_many([page(at(0), url="https://other.test/a", site="other")])
    with ReadOnlyArchive.open(database_url) as readable:
        found = readable.habits(site="news", since=at(-1), until=at(100))
        assert (found.articles, found.edited, found.edits, found.stealth) == (4, 3, 3, 3)
        assert found.first_edit_after == timedelta(hours=4)
        assert found.kinds == {EditKind.NUMBER: 3}
        assert (found.edited_share, found.stealth_share) == (0.75, 1.0)
        everywhere = readable.habits(since=at(-1), until=at(100))
        assert everywhere == replace(found, articles=5)
        assert everywhere.kinds == found.kinds
        assert readable.habits(since=at(3), until=at(31)).kinds == {EditKind.NUMBER: 1}
        nothing = readable.habits(site="nobody", since=at(-1), until=at(100))
        assert (nothing.articles, nothing.edited_share, nothing.first_edit_after) == (0, None, None)


def test_a_moment_is_read_a_page_at_a_time(database_url: str, archive: Archive, page: Page, at: At) -> None:
    for number in range(7):
        archive.record_many(
            [
                page(at(0), url=f"https://news.test/{number}"),
                page(at(5), url=f"https://news.test/{number}", body="Else."),
            ]
        )
    with ReadOnlyArchive.open(database_url) as readable:
        seen: list[int] = []
        before = None
        while some := readable.page_as_of(at(2), before=before, limit=3):
            assert {version.number for version in some} == {1}
            seen += [version.article_id for version in some]
            before = (some[-1].captured_at, some[-1].article_id)
        assert len(seen) == len(set(seen)) == 7
        assert {version.number for version in readable.page_as_of(at(9))} == {2}
        assert readable.page_as_of(at(9), site="nobody") == []
        assert readable.page_as_of(at(-9)) == []
