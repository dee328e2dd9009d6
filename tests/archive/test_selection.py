"""Sets of articles by their edits and words, the site as it was, labels with their topics; on each database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from archive import Archive, Capture, EditKind, Outcome

At = Callable[[float], datetime]
Page = Callable[..., Capture]
URL = "https://news.test/a"


@pytest.fixture
def filled(archive: Archive, page: Page, at: At) -> Archive:
    """One article that was edited, one that went."""
    archive.record_many(
        [
            page(at(0), body="It rained 12 millimetres in Ségou.\n\nMore is to come.", topics=("17000000",)),
            page(at(2), body="It rained 21 millimetres in Ségou.\n\nMore is to come.", topics=("17000000",)),
            page(at(1), url="https://other.test/b", body="Nothing.\n\nAt all.", site="other", categories=("Gossip",)),
            Capture("https://other.test/b", at(5), outcome=Outcome.GONE, site="other"),
            Capture("https://other.test/b", at(30), outcome=Outcome.GONE, site="other"),
        ]
    )
    return archive


def ids(archive: Archive, **filters: Any) -> list[int]:
    """The articles that fit."""
    return [article.id for article in archive.articles(**filters)]


def test_articles_with_an_edit_of_a_kind(filled: Archive) -> None:
    edited = filled.article(URL).id
    assert ids(filled, kinds=[EditKind.NUMBER]) == [edited]
    assert ids(filled, kinds=[EditKind.HEADLINE, EditKind.NUMBER], author="nobody") == []
    assert ids(filled, kinds=[EditKind.HEADLINE]) == []
    assert ids(filled, kinds=[EditKind.NUMBER], stealth=True) == []


def test_articles_with_words(filled: Archive) -> None:
    assert ids(filled, words="nothing") == [filled.article("https://other.test/b").id]
    assert ids(filled, kinds=[EditKind.NUMBER], words="nothing") == []
    assert ids(filled, kinds=[EditKind.NUMBER], words='"21 millimetres" -snow') == [filled.article(URL).id]


def test_what_many_have_is_found_the_other_way(filled: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where many articles have such an edit or such words, each is asked instead of all being gathered."""
    asked: list[dict[str, Any]] = [
        {"kinds": [EditKind.NUMBER]},
        {"kinds": [EditKind.NUMBER], "stealth": True},
        {"stealth": True},
        {"words": "mil*"},
        {"words": "all", "kinds": [EditKind.NUMBER]},
        {"words": "ségou", "site": "news"},
        {"author": "Ann"},
        {"author": "Ann", "site": "news"},
        {"author": "Ann", "category": "World", "site": "news"},
        {"category": "World", "site": "other"},
        {"category": "World", "site": "news", "kinds": [EditKind.NUMBER]},
        {"category": "World", "site": "news", "gone": True},
    ]
    gathered = [ids(filled, **filters) for filters in asked]
    for name in ("having.FEW", "having.FEW_HITS", "articles.RARE"):
        monkeypatch.setattr(f"archive.queries.{name}", 0)
    assert [ids(filled, **filters) for filters in asked] == gathered
    assert [] in gathered
    assert [filled.article(URL).id] in gathered


def test_a_sites_articles_of_a_frequent_category_come_a_page_at_a_time(
    archive: Archive, page: Page, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.record_many([page(at(n), url=f"https://news.test/{n}") for n in range(5)])
    monkeypatch.setattr("archive.queries.articles.RARE", 0)
    found = archive.articles(site="news", category="World")
    assert [article.url for article in found] == [f"https://news.test/{n}" for n in (4, 3, 2, 1, 0)]
    last = found[1]
    rest = archive.articles(site="news", category="World", before=(last.first_captured_at, last.id), limit=2)
    assert rest == found[2:4]


def test_the_site_as_it_was(filled: Archive, at: At) -> None:
    def said(hour: float, site: str | None = None) -> list[tuple[str, int]]:
        return [(version.url, version.number) for version in filled.page_as_of(at(hour), site=site)]

    assert said(-1) == []
    assert said(0.5) == [(URL, 1)]
    assert said(1.5) == [("https://other.test/b", 1), (URL, 1)]
    assert said(3) == [(URL, 2), ("https://other.test/b", 1)]
    assert said(3, "other") == [("https://other.test/b", 1)]
    assert said(40) == [(URL, 2)]


def test_words_are_followed_through_an_article(filled: Archive) -> None:
    found = [
        (passage.version.number, passage.is_there, passage.words) for passage in filled.passages('"12 millimetres"')
    ]
    before = "It rained 12 millimetres in Ségou."
    assert found == [(1, True, before), (2, False, before)]
    assert [passage.is_there for passage in filled.passages("SÉGOU")] == [True]
    assert list(filled.passages("ségou", site="other")) == []


def test_labels_without_a_topic_come_first(filled: Archive) -> None:
    found = [(count.label, count.articles, count.topics) for count in filled.category_topics()]
    assert found == [("Gossip", 1, ()), ("World", 1, ("17000000",))]
    assert [count.label for count in filled.category_topics(site="news")] == ["World"]


def test_a_search_goes_on_where_it_stopped(
    archive: Archive, page: Page, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the size of the blocks in which hits are read, each article comes once, also from the middle on."""
    for number in range(9):
        site = "rare" if number == 0 else "news"
        for hour in (number, number + 20):
            said = f"Rain fell, hour {hour}.\n\nMore is to come."
            archive.record_many([page(at(hour), url=f"https://{site}.test/{number}", site=site, body=said)])
    whole = [(found.place, found.passages[0].version.url) for found in archive.followed("rain")]
    assert [place for place, _ in whole] == sorted((place for place, _ in whole), reverse=True)
    assert len({url for _, url in whole}) == len(whole) == 9
    monkeypatch.setattr("archive.queries.passages._AT_ONCE", 2)
    for block in (1, 4, 10_000):
        monkeypatch.setattr("archive.queries.passages._BLOCK", block)
        assert [(found.place, found.passages[0].version.url) for found in archive.followed("rain")] == whole
        rest = [found.place for found in archive.followed("rain", before=whole[3][0])]
        assert rest == [place for place, _ in whole[4:]]
        assert [passage.version.site for passage in archive.passages("rain", site="rare")] == ["rare"]
