"""Sets of articles by their edits and words, the site as it was, labels with their topics; on each database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

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


def test_articles_with_an_edit_of_a_kind(filled: Archive) -> None:
    edited = filled.article(URL).id
    assert filled.articles_with(kinds=[EditKind.NUMBER]) == {edited}
    assert filled.articles_with(kinds=[EditKind.HEADLINE]) == set()
    assert filled.articles_with(kinds=[EditKind.NUMBER], stealth=True) == set()


def test_articles_with_words(filled: Archive) -> None:
    assert filled.articles_with(words="nothing") == {filled.article("https://other.test/b").id}
    assert filled.articles_with(kinds=[EditKind.NUMBER], words="nothing") == set()


def test_the_site_as_it_was(filled: Archive, at: At) -> None:
    def said(hour: float, site: str | None = None) -> list[tuple[str, int]]:
        return [(version.url, version.number) for version in filled.site_as_of(at(hour), site=site)]

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
