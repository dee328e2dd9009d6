"""The item of a feed export: one flat record an article, as `scrapy crawl … -O out.jsonl` writes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from archive.model import COUNTERS, Capture, Content, Engagement


@dataclass(slots=True)
class ArticleItem:
    """What one look at one article said. None = the page does not say."""

    url: str
    captured_at: datetime
    outcome: str
    """new, changed or unchanged: what the archive made of it."""
    title: str | None
    body: str | None
    categories: list[str] | None
    authors: list[str] | None
    tags: list[str] | None
    topics: list[str] | None
    summary: str | None
    language: str | None
    published_at: datetime | None
    modified_at: datetime | None
    image_url: str | None
    access: str | None
    views: int | None
    likes: int | None
    dislikes: int | None
    shares: int | None
    comments: int | None
    comments_open: bool | None

    @classmethod
    def of(cls, capture: Capture) -> ArticleItem:
        """The flat record of a recorded capture that has content."""
        content = capture.content or Content()
        engagement = capture.engagement or Engagement()
        counts = {name: counter.value if (counter := getattr(engagement, name)) else None for name in COUNTERS}
        return cls(
            url=content.canonical_url or capture.final_url or capture.url,
            captured_at=capture.captured_at,
            outcome=str(capture.outcome),
            title=content.title,
            body=content.body,
            categories=_listed(content.categories),
            authors=_listed(content.authors),
            tags=_listed(content.tags),
            topics=_listed(content.topics),
            summary=content.summary,
            language=content.language,
            published_at=content.published_at,
            modified_at=content.modified_at,
            image_url=content.image_url,
            access=content.access,
            comments_open=engagement.comments_open,
            **counts,
        )


def _listed(values: tuple[str, ...] | None) -> list[str] | None:
    return None if values is None else list(values)
