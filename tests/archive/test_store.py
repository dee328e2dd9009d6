"""The one writer: what becomes of captures, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from archive import (
    Archive,
    Candidate,
    Capture,
    Content,
    Counter,
    EditKind,
    Engagement,
    HostState,
    InvalidRecord,
    NotFound,
    Outcome,
    SourceState,
    Unavailable,
    Verdict,
)
from archive.schema import provenances
from archive.store.bulk import add_rows
from archive.store.search import _POSTGRESQL, vector

Page = Callable[..., Capture]
URL = "https://news.test/a"
NAIVE = datetime(2026, 3, 1)  # noqa: DTZ001


def seen(views: int | None = None, comments_open: bool | None = None) -> Engagement:
    counter = None if views is None else Counter(views, True, str(views), "label")
    return Engagement(views=counter, comments_open=comments_open)


def bodies(archive: Archive, article: int | str = URL) -> list[str | None]:
    return [version.content.body for version in archive.versions(article)]


class TestVersions:
    """What is a version."""

    def test_the_first_look_makes_an_article_with_one_version(self, archive: Archive, page: Page, at: Any) -> None:
        recorded = archive.record_many([page(at(0))])[0]
        assert recorded.outcome is Outcome.NEW
        assert recorded.article_id == archive.article(URL).id
        (version,) = archive.versions(URL)
        assert (version.id, version.number, version.captured_at) == (recorded.version_id, 1, at(0))
        assert version.content == page(at(0)).content

    def test_the_same_words_again_are_a_look_and_no_version(self, archive: Archive, page: Page, at: Any) -> None:
        archive.record_many([page(at(0))])
        assert archive.record_many([page(at(1))])[0].outcome is Outcome.UNCHANGED
        (version,) = archive.versions(URL)
        assert version.last_seen_at == at(1)
        assert len(archive.captures(URL)) == 2

    def test_a_changed_digit_is_a_version_with_its_kind(self, archive: Archive, page: Page, at: Any) -> None:
        archive.record_many([page(at(0), body="In all 12 people left.")])
        assert archive.record_many([page(at(1), body="In all 14 people left.")])[0].outcome is Outcome.CHANGED
        assert archive.version(URL, 2).edit_kinds == (EditKind.NUMBER,)

    def test_curly_quotes_dates_tags_and_images_make_no_version(self, archive: Archive, page: Page, at: Any) -> None:
        archive.record_many([page(at(0), body='"No," he said.')])
        again = page(at(1), body="“No,” he said.", tags=("x",), image_url="https://news.test/i", modified_at=at(1))
        assert archive.record_many([again])[0].outcome is Outcome.UNCHANGED
        assert archive.captures(URL, limit=1, texts=True)[0].content == again.content

    def test_returns_to_earlier_states_are_versions_that_say_so(self, archive: Archive, page: Page, at: Any) -> None:
        for hour, body in enumerate(["A one.", "B two."] * 3 + ["A one."]):
            archive.record_many([page(at(hour), body=body)])
        assert [v.reverts_to for v in archive.versions(URL)] == [None, None, 1, 2, 1, 2, 1]
        assert all(EditKind.REVERTED in v.edit_kinds for v in archive.versions(URL)[2:])

    def test_a_byline_that_vanishes_once_is_no_edit(self, archive: Archive, page: Page, at: Any) -> None:
        archive.record_many([page(at(0))])
        archive.record_many([page(at(1), authors=None)])
        archive.record_many([page(at(2))])
        assert len(archive.versions(URL)) == 1

    def test_a_byline_missing_from_two_complete_looks_is_an_edit(self, archive: Archive, page: Page, at: Any) -> None:
        for hour in (0, 1, 2):
            archive.record_many([page(at(hour), authors=("Ann",) if hour == 0 else None)])
        assert [v.content.authors for v in archive.versions(URL)] == [("Ann",), ()]
        assert archive.version(URL, 2).edit_kinds == (EditKind.AUTHOR,)

    def test_what_a_later_look_tells_completes_the_version(self, archive: Archive, page: Page, at: Any) -> None:
        archive.record_many([page(at(0), authors=None)])
        archive.record_many([page(at(1))])
        assert [v.content.authors for v in archive.versions(URL)] == [("Ann",)]
        assert archive.record_many([page(at(2), authors=("Bob",))])[0].outcome is Outcome.CHANGED

    def test_a_preview_never_overwrites_the_full_text(self, archive: Archive, page: Page, at: Any) -> None:
        archive.record_many([page(at(0), access="full")])
        archive.record_many([page(at(1), body="One.", access="preview")])
        archive.record_many([page(at(2), access="full")])
        assert bodies(archive) == ["One.\n\nTwo."]
        assert [e.kind for e in archive.events(URL)] == ["paywalled", "unlocked"]

    def test_a_full_text_completes_a_preview(self, archive: Archive, page: Page, at: Any) -> None:
        archive.record_many([page(at(0), body="One.", access="preview")])
        archive.record_many([page(at(1), access="full")])
        assert bodies(archive) == ["One.\n\nTwo."]

    def test_a_full_text_that_is_the_preview_in_other_quotes_leaves_its_words(
        self, archive: Archive, page: Page, at: Any
    ) -> None:
        """In whatever order they come."""
        said = [page(at(0), body='"One."', access="preview"), page(at(1), body="“One.”", access="full")]
        archive.record_many([said[0]])
        archive.record_many([said[1]])
        assert bodies(archive) == ['"One."']
        for each in reversed(said):
            archive.record_many([replace(each, url="https://news.test/b")])
        assert bodies(archive, "https://news.test/b") == ['"One."']

    def test_a_wall_is_recorded_and_touches_no_version(self, archive: Archive, page: Page, at: Any) -> None:
        archive.record_many([page(at(0))])
        wall = Capture(URL, at(1), outcome=Outcome.BLOCKED, verdict=Verdict.CONSENT, reason="a wall", status=200)
        (recorded,) = archive.record_many([wall])
        assert (recorded.outcome, recorded.version_id) == (Outcome.BLOCKED, None)
        assert recorded.article_id == archive.article(URL).id
        assert len(archive.versions(URL)) == 1
        assert archive.captures(URL, limit=1)[0].reason == "a wall"

    def test_a_not_modified_answer_keeps_the_version_alive(self, archive: Archive, page: Page, at: Any) -> None:
        (first,) = archive.record_many([page(at(0))])
        (second,) = archive.record_many([Capture(URL, at(1), outcome=Outcome.NOT_MODIFIED, status=304, site="news")])
        assert second.version_id == first.version_id
        assert archive.version(URL, 1).last_seen_at == at(1)


class TestOrder:
    """Captures in any order."""

    def test_a_late_capture_takes_its_place_and_ids_stay(self, archive: Archive, page: Page, at: Any) -> None:
        archive.record_many([page(at(0), body="A one.")])
        archive.record_many([page(at(2), body="C three.")])
        before = {v.content.body: v.id for v in archive.versions(URL)}
        assert archive.record_many([page(at(1), body="B two.")])[0].outcome is Outcome.CHANGED
        assert bodies(archive) == ["A one.", "B two.", "C three."]
        after = {v.content.body: v.id for v in archive.versions(URL)}
        assert after.items() >= before.items()
        assert [v.number for v in archive.versions(URL)] == [1, 2, 3]

    def test_an_older_look_at_the_first_state_moves_its_beginning(self, archive: Archive, page: Page, at: Any) -> None:
        (late,) = archive.record_many([page(at(5))])
        archive.record_many([page(at(1))])
        (version,) = archive.versions(URL)
        assert (version.id, version.captured_at, version.last_seen_at) == (late.version_id, at(1), at(5))
        assert [c.outcome for c in archive.captures(URL)] == [Outcome.UNCHANGED, Outcome.NEW]

    def test_importing_twice_is_importing_once(self, archive: Archive, page: Page, at: Any) -> None:
        given = [page(at(0)), page(at(1), body="Other."), Capture(URL, at(2), outcome=Outcome.ERROR, site="news")]
        first = archive.record_many(given)
        again = archive.record_many([*given, given[0]])
        assert [(c.id, c.outcome, c.version_id) for c in again[:3]] == [(c.id, c.outcome, c.version_id) for c in first]
        assert again[3].id == first[0].id
        assert archive.article(URL).captures == 3

    def test_many_captures_of_one_article_in_one_batch_are_folded(self, archive: Archive, page: Page, at: Any) -> None:
        given = [
            page(at(hour), body=body) for hour, body in [(3, "B two."), (1, "A one."), (2, "A one."), (4, "B two.")]
        ]
        outcomes = [c.outcome for c in archive.record_many(given)]
        assert outcomes == [Outcome.CHANGED, Outcome.NEW, Outcome.UNCHANGED, Outcome.UNCHANGED]
        assert all(c.version_id for c in archive.captures(URL))


class TestIdentity:
    """One article, however it is reached."""

    def test_variants_of_an_address_are_one_article(self, archive: Archive, page: Page, at: Any) -> None:
        addresses = [URL, "http://www.news.test/a/", "https://m.news.test/a?utm_source=x", "https://news.test/amp/a"]
        for hour, url in enumerate(addresses):
            archive.record_many([page(at(hour), url=url)])
        assert len(archive.articles()) == 1
        assert [c.url for c in archive.captures(URL)] == addresses[::-1]

    def test_a_canonical_address_joins_two_addresses(self, archive: Archive, page: Page, at: Any) -> None:
        archive.record_many([page(at(0), canonical_url="https://news.test/story")])
        archive.record_many([page(at(1), url="https://news.test/b", canonical_url="https://news.test/story")])
        (article,) = archive.articles()
        assert article.url == "https://news.test/story"
        assert set(article.other_urls) == {URL, "https://news.test/b"}
        assert archive.article("https://news.test/b").id == archive.article("https://news.test/story").id

    def test_an_article_found_again_at_another_address_is_looked_at_where_it_was(
        self, archive: Archive, page: Page, at: Any
    ) -> None:
        """It may have moved: the redirect at its old address makes the two one."""
        body = "\n\n".join(f"Paragraph {n} tells of the river and of the town." for n in range(5))
        archive.record_many([page(at(0), body=body), page(at(0), url="https://news.test/c", body=f"{body}\n\nMore.")])
        assert archive.due("news", at(0.1)) == []
        archive.record_many([page(at(0.2), url="https://news.test/b", body=body)])
        assert [(due.url, due.reason) for due in archive.due("news", at(0.2))] == [(URL, "confirm")]
        archive.record_many([page(at(0.5), url=URL, final_url="https://news.test/b", body=body)])
        assert [article.url for article in archive.articles()] == [URL, "https://news.test/c"]
        assert archive.due("news", at(0.5)) == []

    def test_equal_words_published_at_one_moment_are_one_article_at_two_addresses(
        self, archive: Archive, page: Page, at: Any
    ) -> None:
        body = "\n\n".join(f"Paragraph {n} tells of the river and of the town." for n in range(5))
        archive.record_many([page(at(0), body=body, published_at=at(-3))])
        moved = page(at(2), url="https://news.test/b", body=body, published_at=at(-3))
        (capture,) = archive.record_many([moved])
        (article,) = archive.articles()
        assert (article.url, article.other_urls) == (URL, ("https://news.test/b",))
        assert (capture.article_id, capture.outcome, len(archive.versions(URL))) == (
            article.id,
            Outcome.UNCHANGED,
            1,
        )
        assert [due.url for due in archive.due("news", at(500))] == ["https://news.test/b"], "the other may be dead"
        merged = [event.detail or "" for event in archive.events(URL) if event.kind == "merged"]
        assert [detail.split(": ")[-1] for detail in merged] == ["the same headline, text and time of publication"]
        absorbed = int(merged[0].split()[2].rstrip(","))
        archive.split(absorbed, at(3))
        assert sorted(due.url for due in archive.due("news", at(3))) == [URL, "https://news.test/b"]
        archive.record_many([page(at(4), url="https://news.test/b", body=body, published_at=at(-3))])
        assert len(archive.articles()) == 2, "what a person split stays split"

    def test_equal_words_of_two_days_or_of_two_sites_are_two_articles(
        self, archive: Archive, page: Page, at: Any
    ) -> None:
        body = "\n\n".join(f"Paragraph {n} tells of the river and of the town." for n in range(5))
        archive.record_many([page(at(0), body=body, published_at=at(-30))])
        archive.record_many([page(at(2), url="https://news.test/b", body=body, published_at=at(-3))])
        archive.record_many([page(at(2), url="https://wire.test/b", site="wire", body=body, published_at=at(-30))])
        assert len(archive.articles()) == 3

    def test_a_redirect_joins_two_addresses(self, archive: Archive, page: Page, at: Any) -> None:
        archive.record_many([page(at(0))])
        archive.record_many([page(at(1), url="https://news.test/old", final_url=URL)])
        assert len(archive.articles()) == 1


class TestEngagement:
    """Counters apart from versions."""

    def test_a_thousand_moving_counters_are_a_series_and_no_versions(
        self, archive: Archive, page: Page, at: Any
    ) -> None:
        for start in range(0, 200, 50):
            archive.record_many(
                [page(at(n), engagement=seen(n), url=f"https://news.test/{n}") for n in range(start, start + 50)]
            )
        for n in range(40):
            archive.record_many([page(at(n), body=f"Text {n // 10}.", engagement=seen(views=n // 4))])
        assert len(archive.versions(URL)) == 4
        assert [p.views for p in archive.engagement(URL)] == [n // 4 for n in range(40)]
        assert [p.observed_at for p in archive.engagement(URL)] == [at(n) for n in range(40)]

    def test_nothing_said_is_told_from_zero(self, archive: Archive, page: Page, at: Any) -> None:
        for hour, views in enumerate([None, 0, None, 3]):
            archive.record_many([page(at(hour), engagement=seen(views=views))])
        assert [p.views for p in archive.engagement(URL)] == [None, 0, None, 3]

    def test_an_article_that_shows_no_counter_has_no_series(self, archive: Archive, page: Page, at: Any) -> None:
        archive.record_many([page(at(0), engagement=seen())])
        assert archive.engagement(URL) == []

    def test_counters_come_back_as_they_were_read(self, archive: Archive, page: Page, at: Any) -> None:
        given = Engagement(shares=Counter(1200, False, "1.2K", "label"), placeholder_suspect=("views",))
        archive.record_many([page(at(0), engagement=given)])
        assert archive.captures(URL)[0].engagement == given

    def test_resets_and_closed_comments_are_events(self, archive: Archive, page: Page, at: Any) -> None:
        for hour, (views, is_open) in enumerate([(100, True), (120, True), (3, False)]):
            archive.record_many([page(at(hour), engagement=seen(views, is_open))])
        assert [(e.kind, e.detail) for e in archive.events(URL)] == [
            ("comments_closed", None),
            ("counter_reset", "views fell from 120 to 3"),
        ]


class TestFrontier:
    """What is looked at, and when."""

    def test_a_candidate_is_due_until_it_is_recorded(self, archive: Archive, page: Page, at: Any) -> None:
        assert (
            archive.plan(
                "news", [Candidate(URL, "feed"), Candidate("http://www.news.test/a?utm_source=x", "home")], at(0)
            )
            == 1
        )
        assert [(d.url, d.reason) for d in archive.due("news", at(0))] == [(URL, "new")]
        archive.record_many([page(at(0))])
        assert archive.due("news", at(0.2)) == []
        assert [(d.reason, d.article_id) for d in archive.due("news", at(2))] == [("due", archive.article(URL).id)]

    def test_new_ones_come_first_and_the_newest_of_them(self, archive: Archive, page: Page, at: Any) -> None:
        archive.record_many([page(at(-9))])
        found = [Candidate(f"https://news.test/{n}", "feed", published_at=at(-n)) for n in (3, 1, 2)]
        archive.plan("news", found, at(0))
        assert [d.url[-1] for d in archive.due("news", at(0))] == ["1", "2", "3", "a"]
        assert [d.url[-1] for d in archive.due("news", at(0), limit=2)] == ["1", "2"]

    def test_a_newer_lastmod_pulls_the_next_look_forward(self, archive: Archive, page: Page, at: Any) -> None:
        archive.record_many([page(at(-100), published_at=at(-200)), page(at(0), published_at=at(-200))])
        assert archive.due("news", at(1)) == []
        archive.plan("news", [Candidate(URL, "sitemap", modified_at=at(0.5))], at(1))
        assert [d.reason for d in archive.due("news", at(1))] == ["lastmod"]

    def test_an_old_or_future_lastmod_pulls_nothing(self, archive: Archive, page: Page, at: Any) -> None:
        archive.record_many([page(at(0), published_at=at(-200))])
        archive.plan("news", [Candidate(URL, "sitemap", modified_at=at(-1))], at(1))
        archive.plan("news", [Candidate(URL, "sitemap", modified_at=at(90))], at(1))
        assert archive.due("news", at(1)) == []

    def test_a_site_whose_lastmod_always_moves_is_not_believed_for_long(
        self, archive: Archive, page: Page, at: Any
    ) -> None:
        looks = 0
        for hour in range(40):
            archive.plan("news", [Candidate(URL, "sitemap", modified_at=at(hour))], at(hour))
            if archive.due("news", at(hour)):
                looks += 1
                archive.record_many([page(at(hour), published_at=at(-300))])
        assert 10 <= looks <= 16

    def test_failures_are_retried_later_and_later(self, archive: Archive, at: Any) -> None:
        archive.plan("news", [Candidate(URL, "feed")], at(0))
        waits, now = [], at(0)
        for _ in range(4):
            archive.record_many([Capture(URL, now, outcome=Outcome.ERROR, reason="no answer", site="news")])
            due_at = archive.next_due_at("news")
            assert due_at is not None
            waits.append((due_at - now) / timedelta(minutes=1))
            now = due_at
        assert waits == [10, 20, 40, 80]

    def test_retry_after_rests_the_address_and_its_host(self, archive: Archive, at: Any) -> None:
        archive.plan("news", [Candidate(URL, "feed"), Candidate("https://news.test/b", "feed")], at(0))
        archive.record_many(
            [Capture(URL, at(0), outcome=Outcome.BLOCKED, status=429, retry_after_at=at(5), site="news")]
        )
        assert archive.due("news", at(4)) == []
        assert len(archive.due("news", at(5))) == 2
        assert archive.host("news.test").retry_after_at == at(5)

    def test_what_never_was_an_article_is_left_alone_after_three_looks(self, archive: Archive, at: Any) -> None:
        archive.plan("news", [Candidate(URL, "home")], at(0))
        for hour in (0, 30, 300):
            archive.record_many(
                [Capture(URL, at(hour), outcome=Outcome.NOT_ARTICLE, verdict=Verdict.LISTING, site="news")]
            )
        assert archive.next_due_at("news") is None

    def test_where_the_address_is_gone_but_the_article_was_seen_elsewhere_that_is_looked_at_next(
        self, archive: Archive, page: Page, at: Any
    ) -> None:
        old, new = "https://news.test/river-rises-48213377", "https://news.test/flood-feared-48213377"
        archive.record_many([page(at(0), url=old, canonical_url=None)])
        archive.record_many([page(at(2), url=new, canonical_url=None, title="Flood feared")])
        assert archive.article(new).id == archive.article(old).id
        archive.record_many([Capture(old, at(2.1), outcome=Outcome.GONE, status=404, reason="404", site="news")])
        assert [(due.url, due.reason) for due in archive.due("news", at(2.2))] == [(new, "confirm")]
        archive.record_many([page(at(6), url=new, canonical_url=None, title="Flood feared", body="One.\n\nThree.")])
        assert [due.url for due in archive.due("news", at(100))] == [new]
        assert (archive.article(old).gone_at, archive.article(old).versions) == (None, 3)

    def test_gone_at_every_address_is_gone(self, archive: Archive, page: Page, at: Any) -> None:
        old, new = "https://news.test/river-rises-48213377", "https://news.test/flood-feared-48213377"
        archive.record_many([page(at(0), url=old, canonical_url=None)])
        archive.record_many([page(at(2), url=new, canonical_url=None, title="Flood feared")])
        for hour, url in ((3, old), (4, new), (10, new)):
            assert url in [due.url for due in archive.due("news", at(hour))]
            archive.record_many([Capture(url, at(hour), outcome=Outcome.GONE, status=404, reason="404", site="news")])
        assert archive.article(old).gone_at == at(3)

    def test_gone_needs_two_looks_some_hours_apart(self, archive: Archive, page: Page, at: Any) -> None:
        archive.record_many([page(at(0))])
        gone = Capture(URL, at(2), outcome=Outcome.GONE, status=404, reason="404", site="news")
        archive.record_many([gone])
        assert archive.article(URL).gone_at is None
        assert [d.reason for d in archive.due("news", at(8))] == ["confirm"]
        archive.record_many([Capture(URL, at(8), outcome=Outcome.GONE, status=404, site="news")])
        assert archive.article(URL).gone_at == at(2)
        archive.record_many([page(at(40))])
        assert archive.article(URL).gone_at is None
        assert [(e.kind, e.at) for e in archive.events(URL)] == [("gone", at(2)), ("back", at(40))]

    def test_validators_and_the_count_of_short_answers_go_with_what_is_due(
        self, archive: Archive, page: Page, at: Any
    ) -> None:
        archive.record_many([page(at(0), etag='"1"', last_modified="Sun, 01 Mar 2026", engagement=seen(3))])
        archive.record_many([Capture(URL, at(1), outcome=Outcome.NOT_MODIFIED, site="news")])
        (due,) = archive.due("news", at(200))
        assert (due.etag, due.last_modified) == ('"1"', "Sun, 01 Mar 2026")
        assert (due.shows_counters, due.conditional_since_full) == (True, 1)

    def test_a_variant_address_is_not_looked_at_besides_its_article(
        self, archive: Archive, page: Page, at: Any
    ) -> None:
        archive.record_many([page(at(0), canonical_url="https://news.test/story")])
        archive.plan("news", [Candidate("https://news.test/story", "sitemap")], at(1))
        archive.record_many([page(at(2), url="https://news.test/b", canonical_url="https://news.test/story")])
        assert [d.url for d in archive.due("news", at(99))] == [URL]

    def test_a_poison_page_is_left_alone_at_the_third_crash(self, archive: Archive, at: Any) -> None:
        archive.plan("news", [Candidate(URL, "feed")], at(0))
        assert [archive.quarantine(URL, "hung", at(0)) for _ in range(3)] == [1, 2, 3]
        assert archive.due("news", at(9)) == []
        (page,) = archive.quarantined("news")
        assert (page.url, page.reason, page.crashes) == (URL, "hung", 3)
        archive.release(URL, at(10))
        assert len(archive.due("news", at(10))) == 1


class TestStates:
    """What must outlive a process."""

    def test_hosts_and_sources_come_back_as_saved(self, archive: Archive, at: Any) -> None:
        host = HostState("news.test", b"User-agent: *", 200, at(0), retry_after_at=at(1), failures=2, notes={"a": "b"})
        source = SourceState("news", "https://news.test/feed", "feed", etag='"1"', fetched_at=at(0), entries=3)
        for _ in range(2):
            archive.save_host(host)
            archive.save_source(source)
        assert archive.host("news.test") == host
        assert archive.sources("news") == [source]
        assert archive.host("other.test") == HostState("other.test")

    def test_a_crawl_is_remembered_with_its_counts(self, archive: Archive, page: Page, at: Any) -> None:
        number = archive.start_crawl(["news"], at(0), "crawl news")
        archive.record_many([page(at(0), crawl_id=number)])
        archive.end_crawl(number, at(1), 3, {"new": 1})
        (crawl,) = archive.crawls()
        assert (crawl.sites, crawl.exit_code, crawl.counts, crawl.ended_at) == (("news",), 3, {"new": 1}, at(1))
        assert len(archive.captures(crawl_id=number)) == 1

    def test_sites_are_declared_and_kept(self, archive: Archive) -> None:
        archive.add_site("news", "https://news.test/")
        archive.add_site("news", "https://news.test/home", scale=0.3)
        (site,) = archive.sites()
        assert (site.name, site.url, site.scale) == ("news", "https://news.test/home", 0.3)


def test_a_writer_that_clashed_with_another_goes_alone_the_next_time(postgres_archive_url: str) -> None:
    held: list[str] = []
    clash = text("DO $$ BEGIN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END $$")

    def work(connection: Connection) -> None:
        own = text("SELECT mode FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        held.append(connection.execute(own).scalar_one())
        if len(held) == 1:
            connection.execute(clash)

    with Archive.open(postgres_archive_url) as archive:
        archive.database.write(work)
    assert held == ["ShareLock", "ExclusiveLock"]


def test_rows_that_another_writer_made_first_are_a_clash_and_tried_again(postgres_archive_url: str) -> None:
    tried: list[int] = []

    def work(connection: Connection) -> None:
        tried.append(len(tried))
        row = {"digest": "0" * 32, "data": {"title": "meta"}}
        add_rows(connection, provenances, [row, row | {"digest": str(tried[-1]) * 32}])

    with Archive.open(postgres_archive_url) as archive:
        archive.database.write(work)
    assert tried == [0, 1]


def test_what_looks_like_a_mark_of_the_database_is_kept_as_it_is(archive: Archive, page: Page, at: Any) -> None:
    said = '\\N\t\\. {a} "b"\n\nC:\\new\\r\n\n%s ? :x'
    archive.record_many([page(at(0), said, title="\\N", reason="\\.")])
    (version,) = archive.versions(URL)
    assert (version.content.title, version.content.body) == ("\\N", said)
    assert archive.captures(URL)[0].reason == "\\."


class TestWords:
    """What a version says is found, however it came to say it."""

    @pytest.mark.parametrize(
        "words",
        [
            ["rain", "and", "rain", "été", "東", "x" * 2046],
            ["rain"] * 300,  # more places than are noted of a word
            [f"w{number}" for number in range(16_400)] + ["w3", "w16399", "rain", "rain"],  # and than are counted
            [],
        ],
        ids=["few", "often", "many", "none"],
    )
    def test_postgresql_takes_a_document_for_what_it_makes_of_its_text(
        self, postgres_archive_url: str, words: list[str]
    ) -> None:
        spelt = " ".join(f"{word}:{place}" for place, word in enumerate(words, 1))
        with Archive.open(postgres_archive_url) as archive, archive.database.engine.begin() as connection:
            add_rows(connection, _POSTGRESQL, [{"version_id": 1, "document": vector(words)}])
            query = text("SELECT document = CAST(:spelt AS tsvector), CAST(document AS text) FROM search_index")
            is_same, kept = connection.execute(query, {"spelt": spelt}).one()
            assert is_same, kept[:200]

    @pytest.mark.parametrize("word", ["5e8a061e1895", "1e9e0x", "été", "ΣΊΣΥΦΟΣ", "straße", "2026"])
    def test_a_word_is_found_whole_whatever_it_looks_like(
        self, archive: Archive, page: Page, at: Any, word: str
    ) -> None:
        archive.record_many([page(at(0), f"It says {word}, and {'x' * 3000} too.\n\n" + "so on " * 20_000)])
        assert [version.number for version in archive.search(word)] == [1]
        assert [version.number for version in archive.search(f'"says {word} and"')] == [1]

    def test_the_rest_of_a_text_whose_preview_was_seen_first_is_found(
        self, archive: Archive, page: Page, at: Any
    ) -> None:
        archive.record_many([page(at(0), "One here.", access="preview")])
        archive.record_many([page(at(1), "One here.\n\nSecret words.", access="full")])
        assert [version.number for version in archive.search("secret")] == [1]

    def test_what_a_newer_extractor_reads_is_found(self, archive: Archive, page: Page, at: Any) -> None:
        (look,) = archive.record_many([page(at(0))])
        archive.rebaseline([(look.id or 0, Content("A title", "One.\n\nTwo.\n\nThree words."))], "2", at(1))
        assert [version.number for version in archive.search("three words")] == [1]

    def test_a_paragraph_is_found_in_the_version_that_brings_it_back_by_a_late_look(
        self, archive: Archive, page: Page, at: Any
    ) -> None:
        archive.record_many([page(at(0), "Alpha here.\n\nOne.")])
        archive.record_many([page(at(4), "Alpha here.\n\nThree.")])
        assert [version.number for version in archive.search("alpha")] == [1]
        archive.record_many([page(at(2), "Two.")])
        assert [version.number for version in archive.search("alpha")] == [3, 1]


class TestRefusals:
    """What is not taken, and what is said then."""

    @pytest.mark.parametrize(
        ("capture", "said"),
        [
            (Capture(URL, NAIVE), "without a zone"),
            (Capture(URL, datetime.fromisoformat("2026-03-01T12:00Z")), "neither an outcome nor content"),
            (
                Capture(URL, datetime.fromisoformat("2026-03-01T12:00Z"), content=Content(), verdict=Verdict.CAPTCHA),
                "its verdict is 'captcha'",
            ),
            (Capture("http://[", datetime.fromisoformat("2026-03-01T12:00Z"), Outcome.GONE), "no address"),
            (Capture(f"{URL}{'é' * 400}", datetime.fromisoformat("2026-03-01T12:00Z"), Outcome.GONE), "too long"),
            (
                Capture(URL, datetime.fromisoformat("2026-03-01T12:00Z"), content=Content(published_at=NAIVE)),
                "published_at of .* without a zone",
            ),
            (
                Capture(
                    URL, datetime.fromisoformat("2026-03-01T12:00Z"), content=Content("T"), engagement=seen(10**20)
                ),
                "views of .* so large",
            ),
        ],
    )
    def test_a_capture_that_makes_no_sense_is_refused_with_its_batch(
        self, archive: Archive, page: Page, at: Any, capture: Capture, said: str
    ) -> None:
        with pytest.raises(InvalidRecord, match=said):
            archive.record_many([page(at(0)), capture])
        assert archive.captures() == []

    @pytest.mark.parametrize("bad", ["\0", "\ud800"])
    def test_what_no_database_takes_for_text_is_replaced(self, archive: Archive, page: Page, at: Any, bad: str) -> None:
        said = f"a{bad}b"
        urls = {"final_url": f"{URL}{bad}", "other_urls": (f"{URL}/{bad}",), "canonical_url": f"{URL}/c{bad}"}
        fields = dict.fromkeys(("title", "body", "reason", "etag", "last_modified", "language", "summary"), said)
        counter = Engagement(views=Counter(1, True, said, "label"))
        names = {"authors": (said,), "categories": (said,), "provenance": {"title": said}, "engagement": counter}
        archive.record_many([page(at(0), **urls, **names, **fields)])
        (look,) = archive.captures(URL, texts=True)
        assert look.content is not None
        assert look.engagement is not None
        assert look.engagement.views is not None
        shown = (look.content.title, look.content.body, look.reason, look.etag, look.engagement.views.raw)
        assert set(shown) == {"a\ufffdb"}
        assert [label.label for label in archive.labels("author")] == ["a\ufffdb"]

    @pytest.mark.parametrize("bad", ["\0", "\ud800"])
    def test_so_it_is_in_what_a_feed_says_of_an_address(self, archive: Archive, at: Any, bad: str) -> None:
        for title in (None, f"a{bad}b"):  # known already, and told of later; and new
            archive.plan("news", [Candidate(URL, "feed", title=title, language=bad)], at(0))
        archive.plan("news", [Candidate(f"{URL}/new", "feed", title=f"a{bad}b")], at(0))
        archive.save_source(SourceState("news", "https://news.test/feed", "feed", etag=bad, reason=f"no feed: {bad}"))
        assert len(archive.due("news", at(0))) == 2
        assert [source.reason for source in archive.sources("news")] == ["no feed: \ufffd"]

    def test_names_and_addresses_too_long_for_an_index_are_left_out_of_it(
        self, archive: Archive, page: Page, at: Any
    ) -> None:
        endless = "".join(map(str, range(3000)))
        page_of = page(at(0), authors=(endless, "Ann"), canonical_url=f"{URL}/{endless}", final_url=f"{URL}/{endless}")
        archive.record_many([page_of])
        assert [label.label for label in archive.labels("author")] == ["Ann"]
        article = archive.article(URL)
        assert (article.url, article.authors, article.other_urls) == (URL, (endless, "Ann"), ())

    def test_a_limit_beyond_all_archives_is_none(self, archive: Archive, at: Any) -> None:
        archive.plan("news", [Candidate(URL, "feed")], at(0))
        assert len(archive.due("news", at(0), limit=10**30)) == 1

    def test_an_id_of_no_article_is_named_however_large(self, archive: Archive) -> None:
        for number in (7, "7", 10**30, "9" * 30, "9" * 5000):
            with pytest.raises(NotFound, match="no article"):
                archive.article(number)

    def test_an_unreachable_server_is_named(self) -> None:
        with pytest.raises(Unavailable, match=r"127\.0\.0\.1:9"):
            Archive.open("postgresql://nobody:secret@127.0.0.1:9/none")

    def test_nothing_is_created_where_that_was_not_asked(self, tmp_path: Any) -> None:
        with pytest.raises(NotFound, match="archive file"):
            Archive.open(f"sqlite:///{tmp_path}/none.db", create=False)
        assert not list(tmp_path.iterdir())
