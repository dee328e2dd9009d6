"""An article as schema.org NewsArticle (https://schema.org/NewsArticle): its newest version, its last counters.

What is not known is left out, as JSON-LD does; a counter of 0 is stated.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from archive.export.rows import Field
from archive.model import Article, EngagementPoint, Version

_ACTIONS = {"views": "ReadAction", "likes": "LikeAction", "dislikes": "DislikeAction", "shares": "ShareAction"}
_ACTIONS |= {"comments": "CommentAction"}


@dataclass(frozen=True, slots=True)
class Story:
    """An article with what an export of it says."""

    article: Article
    version: Version | None = None
    """The newest one; None where no look found a text."""
    point: EngagementPoint | None = None
    """The last values known of each counter."""
    publisher_url: str | None = None


def last_values(points: Iterable[EngagementPoint]) -> EngagementPoint | None:
    """The last value of each counter that was ever seen, as of the last look; None without points."""
    last: EngagementPoint | None = None
    known: dict[str, Any] = {}
    for last in points:
        known |= {name: value for name in _ACTIONS if (value := getattr(last, name)) is not None}
    return last and EngagementPoint(last.url, last.observed_at, **known, comments_open=last.comments_open)


def statistics(point: EngagementPoint | None) -> list[dict[str, Any]] | None:
    """One InteractionCounter a counter; None where none was seen.

    >>> from datetime import datetime
    >>> statistics(EngagementPoint("u", datetime(2026, 3, 3), likes=0))[0]["userInteractionCount"]
    0
    """
    counters = [
        {
            "@type": "InteractionCounter",
            "interactionType": {"@type": f"https://schema.org/{action}"},
            "userInteractionCount": value,
        }
        for name, action in _ACTIONS.items()
        if point is not None and (value := getattr(point, name)) is not None
    ]
    return counters or None


def _said(story: Story, field: str) -> Any:
    return getattr(story.version.content, field) if story.version else None


def _authors(story: Story) -> list[dict[str, str]] | None:
    names = _said(story, "authors")
    return [{"@type": "Person", "name": name} for name in names] if names else None


def _publisher(story: Story) -> dict[str, str] | None:
    if story.article.site is None:
        return None
    organisation = {"@type": "NewsMediaOrganization", "name": story.article.site}
    return organisation | ({"url": story.publisher_url} if story.publisher_url else {})


def _free(story: Story) -> bool | None:
    access = _said(story, "access")
    return None if access is None else access == "full"


NEWS_ARTICLE: tuple[Field[Story], ...] = (
    Field("@context", "text", "https://schema.org", lambda _: "https://schema.org"),
    Field("@type", "text", "NewsArticle", lambda _: "NewsArticle"),
    Field("@id", "text", "the article's canonical address", lambda s: s.article.url),
    Field("url", "text", "the same", lambda s: s.article.url),
    Field("sameAs", "list", "other addresses of the same article", lambda s: s.article.other_urls or None),
    Field("headline", "text", "the headline of the newest version", lambda s: _said(s, "title") or s.article.title),
    Field("description", "text", "the page's own summary", lambda s: _said(s, "summary")),
    Field("articleBody", "text", "plain text; paragraphs separated by one blank line", lambda s: _said(s, "body")),
    Field("articleSection", "list", "the page's own section labels", lambda s: _said(s, "categories")),
    Field("keywords", "list", "the page's own tags", lambda s: _said(s, "tags")),
    Field("author", "list", "a Person a name of the byline", _authors),
    Field("publisher", "object", "a NewsMediaOrganization: the site", _publisher),
    Field("inLanguage", "text", "BCP 47 primary tag", lambda s: s.article.language),
    Field("datePublished", "time", "the publisher's date of publication", lambda s: s.article.published_at),
    Field("dateModified", "time", "the publisher's date of the last change", lambda s: s.article.modified_at),
    Field("image", "text", "the address of its picture", lambda s: _said(s, "image_url")),
    Field("isAccessibleForFree", "yes/no", "no where only a preview was readable", _free),
    Field(
        "version", "integer", "the number of this version; 1 was never edited", lambda s: s.version and s.version.number
    ),
    Field(
        "identifier",
        "text",
        "the version's id in this archive, which never changes",
        lambda s: s.version and s.version.id,
    ),
    Field("sdDatePublished", "time", "when this state was first seen", lambda s: s.version and s.version.captured_at),
    Field("expires", "time", "when the page was first seen gone, once confirmed", lambda s: s.article.gone_at),
    Field("commentCount", "integer", "comments it shows or counts", lambda s: s.point and s.point.comments),
    Field(
        "interactionStatistic",
        "list",
        "an InteractionCounter a counter: ReadAction, LikeAction, DislikeAction, ShareAction, CommentAction",
        lambda s: statistics(s.point),
    ),
)
