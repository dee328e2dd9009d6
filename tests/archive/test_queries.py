"""The one reader: every question, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from archive import Archive, ArchiveError, Capture, Counter, EditKind, Engagement, Event, NotFound, Outcome, Version
from archive.schema import articles

Page = Callable[..., Capture]
A, B, C = (f"https://news.test/{name}" for name in "abc")


@pytest.fixture
def filled(archive: Archive, page: Page, at: Any) -> Archive:
    """Three articles of two sites; the first with three versions."""
    first = {"url": A, "language": "en", "published_at": at(-1), "modified_at": at(-1)}
    counters = Engagement(
        views=Counter(700, True, "700", "label"),
        likes=Counter(0, True, "0", "label"),
        comments=Counter(30, True, "30", "label"),
    )
    archive.record_many([page(at(0), body="In all 12 people left.\n\nThe river rose.", **first)])
    archive.record_many([page(at(2), body="In all 14 people left.\n\nThe river rose.", **first, engagement=counters)])
    archive.record_many([page(at(4), title="Another title", body="In all 14 people left.\n\nThe river rose.", **first)])
    other = {"site": "other", "authors": ("Bob",), "categories": ("Économie", "World"), "topics": ("04000000",)}
    archive.record_many([page(at(1), url=B, body="東京の天気は雨。\n\nStrikes go on.", language="fr", **other)])
    archive.record_many([page(at(3), url=C, body="Nothing much.", title="Quiet day", categories=None)])
    return archive


class TestArticles:
    def test_they_are_listed_newest_first_with_their_newest_version(self, filled: Archive, at: Any) -> None:
        assert [a.url for a in filled.articles()] == [C, B, A]
        article = filled.article(A)
        assert (article.title, article.versions, article.captures) == ("Another title", 3, 3)
        assert (article.first_captured_at, article.last_captured_at) == (at(0), at(4))

    @pytest.mark.parametrize(
        ("filters", "found"),
        [
            ({"site": "other"}, [B]),
            ({"category": "économie"}, [B]),
            ({"topic": "04000000"}, [B]),
            ({"author": "BOB"}, [B]),
            ({"language": "en"}, [A]),
            ({"at_least": {"views": 700}}, [A]),
            ({"at_least": {"views": 700, "comments": 31}}, []),
            ({"at_least": {"comments": 30, "likes": 0}}, [A]),
            ({"at_least": {"shares": 0}}, []),
            ({"gone": True}, []),
            ({"site": "nowhere"}, []),
        ],
    )
    def test_they_are_filtered(self, filled: Archive, filters: dict[str, Any], found: list[str]) -> None:
        assert [a.url for a in filled.articles(**filters)] == found

    def test_they_are_filtered_by_time(self, filled: Archive, at: Any) -> None:
        assert [a.url for a in filled.articles(captured_since=at(1), captured_until=at(3))] == [B]
        assert [a.url for a in filled.articles(changed_since=at(4))] == [A]
        assert [a.url for a in filled.articles(published_since=at(-2))] == [A]

    def test_pages_follow_each_other(self, filled: Archive) -> None:
        (last,) = filled.articles(limit=1)
        following = filled.articles(before=(last.first_captured_at, last.id))
        assert [a.url for a in following] == [B, A]

    def test_an_unknown_one_is_named(self, filled: Archive) -> None:
        with pytest.raises(NotFound, match="none"):
            filled.article("https://news.test/none")
        with pytest.raises(NotFound, match="99"):
            filled.versions(99)


class TestVersions:
    def test_one_is_found_by_place_from_either_end_and_by_id(self, filled: Archive) -> None:
        newest = filled.version(A, -1)
        assert newest == filled.version(A, 3) == filled.version_by_id(newest.id)
        with pytest.raises(NotFound, match="version 4"):
            filled.version(A, 4)

    def test_as_of_tells_what_is_known_of_its_limits(self, filled: Archive, at: Any) -> None:
        assert filled.as_of(A, at(-1)) is None
        state = filled.as_of(A, at(3))
        assert state is not None
        assert (state.version.number, state.seen_from, state.seen_to) == (2, at(2), at(2))
        assert (state.not_before, state.not_after, state.is_certain) == (at(0), at(4), False)

    def test_the_site_as_it_was(self, filled: Archive, at: Any) -> None:
        assert [(v.url, v.number) for v in filled.versions_at(at(3), site="news")] == [(C, 1), (A, 2)]

    def test_the_export_has_all_of_them(self, filled: Archive) -> None:
        assert [(v.url, v.number) for v in filled.iter_versions()] == [(A, 1), (A, 2), (A, 3), (B, 1), (C, 1)]
        assert [v.url for v in filled.iter_versions(site="other")] == [B]
        assert [a.url for a in filled.iter_articles()] == [A, B, C]
        assert len(list(filled.iter_captures())) == 5
        assert [p.views for p in filled.iter_engagement()] == [700]


class TestChanges:
    def test_the_newest_edit_comes_first_beside_what_it_replaced(self, filled: Archive) -> None:
        edits = filled.changes()
        assert [(e.old.number, e.new.number) for e in edits] == [(2, 3), (1, 2)]
        assert [e.new.edit_kinds for e in edits] == [(EditKind.HEADLINE,), (EditKind.NUMBER,)]
        assert edits[1].change.kinds == (EditKind.NUMBER,)

    def test_they_are_filtered(self, filled: Archive, at: Any) -> None:
        assert [e.new.number for e in filled.changes(kinds=[EditKind.NUMBER, EditKind.QUOTE])] == [2]
        assert [e.new.number for e in filled.changes(stealth=True)] == [3, 2]
        assert [e.new.number for e in filled.changes(since=at(3))] == [3]
        assert [e.new.number for e in filled.changes(until=at(3), site="news")] == [2]
        assert filled.changes(site="other") == []
        assert filled.count_changes(since=at(0), until=at(9)) == 2

    def test_pages_follow_each_other(self, filled: Archive) -> None:
        (last,) = filled.changes(limit=1)
        assert [e.new.number for e in filled.changes(before=(last.new.captured_at, last.seq))] == [2]

    def test_they_are_listed_without_their_texts(self, filled: Archive) -> None:
        assert filled.edit_heads() == [edit.head for edit in filled.changes()]
        numbers = filled.edit_heads(kinds=[EditKind.NUMBER], article=A)
        assert numbers == [edit.head for edit in filled.changes(kinds=[EditKind.NUMBER])]
        assert numbers[0].words_added > 0


class TestSearch:
    @pytest.mark.parametrize(
        ("words", "found"),
        [
            ("river", [(A, 1)]),
            ("12", [(A, 1)]),
            ('"14 people"', [(A, 2)]),
            ("title -another", [(A, 2), (A, 1)]),
            ("ANOTHER", [(A, 3)]),
            ("quie*", [(C, 1)]),
            ("天気", [(B, 1)]),
            ("気天", []),
            ("no'such) AND (", []),
        ],
    )
    def test_words_find_the_versions_that_brought_them(
        self, filled: Archive, words: str, found: list[tuple[str, int]]
    ) -> None:
        hits = [(v.url, v.number) for v in filled.search(words) if v.url != B or "天" in words]
        assert hits == found

    @pytest.mark.parametrize(
        ("words", "body"),
        [
            ("covid", "The covid-19 wave."),
            ("covid-19", "The covid-19 wave."),
            ("her", "All of his/her rights."),
            ("14", "It is 3.14 today."),
            ("5", "Minus -5 degrees."),
            ("example", "Write to ann@example.org today."),
            ("cafe", "The Café opened."),
            ("CAFÉ", "The café opened."),
            ("Istanbul", "Rain in İstanbul."),
            ("हिन्दी", "यह हिन्दी है"),
            ("서울", "오늘 서울 날씨"),
        ],
    )
    def test_a_word_is_what_stands_between_signs_whatever_its_accents(
        self, archive: Archive, page: Page, at: Any, words: str, body: str
    ) -> None:
        archive.record_many([page(at(0), body=f"{body}\n\nTwo.")])
        assert len(archive.search(words)) == 1
        assert [passage.words for passage in archive.passages(words)] == [body]

    def test_a_text_of_ever_new_words_is_recorded_and_found_by_its_first(
        self, archive: Archive, page: Page, at: Any
    ) -> None:
        archive.record_many([page(at(0), body=" ".join(f"word{number}" for number in range(250_000)))])
        assert len(archive.search("word7")) == 1

    def test_hits_are_ordered_by_relevance_where_asked(self, filled: Archive) -> None:
        assert filled.search("title", ranked=True)
        assert [v.url for v in filled.search("title", site="other")] == [B]

    @pytest.mark.parametrize("small", [0, 4, 20_000])
    def test_a_site_is_searched_to_its_beginning_for_words_that_stand_everywhere(
        self, archive: Archive, page: Page, at: Any, monkeypatch: pytest.MonkeyPatch, small: int
    ) -> None:
        monkeypatch.setattr("archive.queries.search.SELECTIVE", 3)
        monkeypatch.setattr("archive.queries.search.SMALL_SITE", small)
        for n in range(12):
            archive.record_many([page(at(n), url=f"https://{n % 2}.test/{n}", site="old" if n < 4 else "new")])
        assert [v.captured_at for v in archive.search("title", site="old")] == [at(3), at(2), at(1), at(0)]
        assert [v.captured_at for v in archive.search("title", site="old", limit=2, offset=2)] == [at(1), at(0)]

    def test_nothing_to_look_for_is_said(self, filled: Archive) -> None:
        with pytest.raises(ArchiveError, match="at least one word"):
            filled.search("-river ()")


class TestHistory:
    def test_a_life_is_told_in_order(self, filled: Archive, at: Any) -> None:
        filled.record_many([Capture(A, at(6), outcome=Outcome.BLOCKED, reason="captcha", site="news")])
        filled.record_many([Capture(A, at(7), outcome=Outcome.NOT_MODIFIED, site="news")])
        lines = [f"version {x.number}" if isinstance(x, Version) else x.kind for x in filled.history(A)]
        assert lines == ["published", "version 1", "version 2", "version 3", "blocked", "unblocked"]

    def test_a_notice_of_retraction_is_an_event(self, archive: Archive, page: Page, at: Any) -> None:
        notice = "This article has been retracted because it could not be verified."
        archive.record_many([page(at(0))])
        archive.record_many([page(at(1), body=f"One.\n\nTwo.\n\n{notice}")])
        assert archive.events(A) == [Event(at(1), "retracted", notice)]
        archive.record_many([page(at(2), url=B, body=f"One more.\n\n{notice}")])
        assert archive.events(B) == [Event(at(2), "retracted", notice)]


class TestStats:
    def test_every_site_is_counted(self, filled: Archive, at: Any) -> None:
        news, other = filled.stats(at(4))
        assert (news.site, news.articles, news.versions, news.captures, news.edited) == ("news", 2, 4, 4, 1)
        assert (other.site, other.articles, other.first_captured_at) == ("other", 1, at(1))
        assert news.due == 1

    def test_looks_of_the_last_day_are_counted_and_those_that_failed(self, filled: Archive, at: Any) -> None:
        failed = [Outcome.BLOCKED, Outcome.ERROR, Outcome.TRUNCATED, Outcome.GONE, Outcome.NOT_MODIFIED]
        filled.record_many([Capture(B, at(40 + n), outcome=what, site="other") for n, what in enumerate(failed)])
        news, other = filled.stats(at(45))
        assert (news.looks_last_day, news.failed_last_day) == (0, 0)
        assert (other.looks_last_day, other.failed_last_day) == (5, 3)
        assert filled.outcomes_by_site(since=at(41)) == {("other", what.value): 1 for what in failed[1:]}

    def test_health_tells_blocks_and_missing_fields_by_day(self, filled: Archive, at: Any) -> None:
        filled.record_many([Capture(A, at(30), outcome=Outcome.BLOCKED, reason="captcha", site="news")])
        first, second = filled.health("news", since=at(-24), until=at(48))
        assert (first.looks, first.new, first.changed, first.missing["categories"]) == (4, 2, 2, 0.5)
        assert (second.day - first.day, second.blocked, second.missing) == (timedelta(days=1), 1, {})

    def test_labels_outcomes_and_room_are_counted(self, filled: Archive) -> None:
        assert [(x.label, x.articles) for x in filled.labels()] == [("World", 2), ("Économie", 1)]
        assert filled.outcomes(site="news") == {Outcome.NEW: 2, Outcome.CHANGED: 2}
        room = filled.storage()
        assert room.contents == 5
        assert 0 < room.bytes < room.database_bytes


def test_a_reader_sees_one_state_whatever_is_written_meanwhile(archive: Archive, page: Page, at: Any) -> None:
    with archive.database.reading() as connection:
        assert connection.execute(select(articles.c.id)).all() == []
        archive.record_many([page(at(0))])
        assert connection.execute(select(articles.c.id)).all() == []
    assert len(archive.articles()) == 1


def test_an_untouched_archive_verifies(filled: Archive) -> None:
    assert list(filled.verify()) == []


def test_captures_come_back_as_they_were_given(archive: Archive, page: Page, at: Any) -> None:
    given = page(
        at(0),
        final_url="https://news.test/landed",
        other_urls=("https://news.test/amp/a",),
        provenance={"title": "json-ld"},
        raw_path="a.warc.gz:0",
        etag='"1"',
        last_modified="x",
        summary="S",
        access="full",
        published_at=at(-3),
    )
    (recorded,) = archive.record_many([given])
    (read,) = archive.captures(A, texts=True)
    assert read == recorded
    assert replace(read, id=None, article_id=None, version_id=None, outcome=None) == given
    assert read.provenance == given.provenance
