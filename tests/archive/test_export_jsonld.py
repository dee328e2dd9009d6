"""Articles as schema.org NewsArticle: what is known is stated, what is not is left out."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from archive import export
from archive.export.jsonld import NEWS_ARTICLE, Story, last_values
from archive.model import Article, Content, EngagementPoint, Version

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
URL = "https://sahel.test/rain"


def told(content: Content | None = None, *points: EngagementPoint, **article: Any) -> dict[str, Any]:
    facts = {"id": 1, "url": URL, "site": "sahel", "title": "Rain", "versions": 1, "captures": 2}
    mine = Article(**{**facts, "first_captured_at": NOON, "last_captured_at": NOON, **article})
    version = content and Version("v1", 1, 1, URL, NOON, NOON, content)
    story = Story(mine, version, last_values(points), "https://sahel.test/")
    [line] = export.lines(NEWS_ARTICLE, [story], "jsonl")
    found: dict[str, Any] = json.loads(line)
    return found


def point(hours: int, **counters: Any) -> EngagementPoint:
    return EngagementPoint(URL, NOON + timedelta(hours=hours), **counters)


def test_it_is_a_news_article() -> None:
    said = Content(title="Rain", body="One.\n\nTwo.", authors=("Awa Keita",), categories=("Africa",), access="preview")
    assert told(said, language="en", published_at=NOON, other_urls=("https://m.sahel.test/rain",)) == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": URL,
        "url": URL,
        "sameAs": ["https://m.sahel.test/rain"],
        "headline": "Rain",
        "articleBody": "One.\n\nTwo.",
        "articleSection": ["Africa"],
        "author": [{"@type": "Person", "name": "Awa Keita"}],
        "publisher": {"@type": "NewsMediaOrganization", "name": "sahel", "url": "https://sahel.test/"},
        "inLanguage": "en",
        "datePublished": "2026-03-03T12:00:00Z",
        "isAccessibleForFree": False,
        "version": 1,
        "identifier": "v1",
        "sdDatePublished": "2026-03-03T12:00:00Z",
    }


def test_counters_are_interaction_statistics_and_zero_is_stated() -> None:
    found = told(Content(), point(0, views=58, likes=0), point(1, views=340, comments=3))
    counters = {
        each["interactionType"]["@type"].removeprefix("https://schema.org/"): each["userInteractionCount"]
        for each in found["interactionStatistic"]
    }
    assert counters == {"ReadAction": 340, "LikeAction": 0, "CommentAction": 3}
    assert found["commentCount"] == 3


def test_what_is_not_known_is_left_out() -> None:
    assert "interactionStatistic" not in told(Content())
    assert None not in told().values()
    assert "articleBody" not in told()


def test_an_article_that_went_says_since_when() -> None:
    assert told(gone_at=NOON)["expires"] == "2026-03-03T12:00:00Z"
