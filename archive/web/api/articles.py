"""Articles, with all that belongs to one."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from archive.model import Article, EngagementPoint, Event, Version
from archive.web.answers import Page, list_articles
from archive.web.api.records import Problem, VersionHead, head
from archive.web.asking import AnArchive, ArticleId, Articles, At, Limit, Now, read_moment

router = APIRouter(tags=["articles"])
ABSENT: dict[int | str, dict[str, Any]] = {404: {"model": Problem, "description": "The archive has no such thing."}}


@router.get("/articles")
def articles(archive: AnArchive, asked: Articles, limit: Limit = 50) -> Page[Article]:
    """Articles that fit all filters, the newest first seen first."""
    return list_articles(archive, asked, limit)


@router.get("/articles/by-url", responses=ABSENT)
def article_by_url(
    archive: AnArchive, url: Annotated[str, Query(max_length=2048, description="Any address it was seen at.")]
) -> Article:
    """The article of an address."""
    return archive.article(url if not url.isdecimal() else f"urn:{url}")


@router.get("/articles/{number}", responses=ABSENT)
def article(archive: AnArchive, number: ArticleId) -> Article:
    """One article."""
    return archive.article(number)


@router.get("/articles/{number}/versions", responses=ABSENT)
def versions(archive: AnArchive, number: ArticleId) -> list[VersionHead]:
    """Its versions, the first one first, without their texts."""
    return [head(version) for version in archive.versions(number)]


@router.get("/articles/{number}/events", responses=ABSENT)
def events(archive: AnArchive, number: ArticleId) -> list[Event]:
    """What befell it besides its versions, oldest first."""
    return archive.events(number)


@router.get("/articles/{number}/engagement", responses=ABSENT)
def engagement(archive: AnArchive, number: ArticleId) -> list[EngagementPoint]:
    """Its counters, a point a look; empty where it never showed any."""
    return archive.engagement(number)


@router.get("/articles/{number}/as-of", responses=ABSENT)
def as_of(archive: AnArchive, number: ArticleId, now: Now, at: At = None) -> Version | None:
    """What it said at a time (now, if none is given); null before the first look at it."""
    found = archive.as_of(number, read_moment(at, now) or now)
    return found.version if found else None
