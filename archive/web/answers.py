"""Lists a page at a time, and the one way pages, API and feeds compare two versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from archive.diff import Change, diff
from archive.model import Article, Content, Version
from archive.queries import Edit, Followed, Passage
from archive.queries.read_only import ReadOnlyArchive, TooSlow, time_left
from archive.web.asking import ArticleFilter, BadQuestion, EditFilter, write_cursor

Item = TypeVar("Item")

LONGEST_COMPARED = 200_000
"""Characters of both bodies together; more takes seconds to compare, and `backissue diff` has them."""


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some items, and where the next ones begin (None = these are the last)."""

    items: list[Item]
    next: str | None = None


def list_edits(archive: ReadOnlyArchive, asked: EditFilter, limit: int, article: int | None = None) -> Page[Edit]:
    """Edits, the newest first."""
    found = archive.changes(**asked.chosen, article=article, before=asked.before, limit=limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    return Page(found[:limit], write_cursor(last.new.captured_at, last.seq) if last else None)


def list_articles(archive: ReadOnlyArchive, asked: ArticleFilter, limit: int) -> Page[Article]:
    """Articles, the newest first."""
    found = archive.articles(**asked.chosen, before=asked.before, limit=limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    return Page(found[:limit], write_cursor(last.first_captured_at, last.id) if last else None)


def list_as_of(
    archive: ReadOnlyArchive, at: datetime, site: str | None, before: tuple[datetime, int] | None, limit: int
) -> Page[Version]:
    """What each article said at a time, the state that had come last first."""
    found = archive.page_as_of(at, site=site, before=before, limit=limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    return Page(found[:limit], write_cursor(last.captured_at, last.article_id) if last else None)


def list_passages(
    archive: ReadOnlyArchive,
    words: str,
    *,
    site: str | None = None,
    only: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: tuple[datetime, int] | None = None,
    limit: int = 50,
    spare: float = 0.0,
) -> Page[Passage]:
    """Comings and goings of words; `only`: added or removed (by an edit). Articles are looked through one by one and
    not divided, until `limit` is reached, or no more than `spare` seconds are left of the time."""
    found: list[Passage] = []
    last: Followed | None = None
    try:
        for last in archive.followed(words, site=site, before=before):
            found += [passage for passage in last.passages if _is_wanted(passage, only, since, until)]
            if len(found) >= limit or time_left() <= spare:
                return Page(found, write_cursor(*last.place))
    except TooSlow:
        if last is None:
            raise
        return Page(found, write_cursor(*last.place))
    return Page(found)


def _is_wanted(passage: Passage, only: str | None, since: datetime | None, until: datetime | None) -> bool:
    at = passage.version.captured_at
    if (since is not None and at < since) or (until is not None and at >= until):
        return False
    return only is None or (passage.before is not None and passage.is_there == (only == "added"))


def two_versions(archive: ReadOnlyArchive, old: str, new: str) -> tuple[Version, Version]:
    """Two versions of one article, by their ids. Raises NotFound, BadQuestion."""
    before, after = archive.version_by_id(old), archive.version_by_id(new)
    if before.article_id != after.article_id:
        raise BadQuestion("these are versions of two articles; only versions of one can be compared")
    return before, after


def compare(old: Content, new: Content, earlier: Sequence[Content] = ()) -> Change | None:
    """What lies between two contents; None where they are too long to be compared while somebody waits."""
    if len(old.body or "") + len(new.body or "") > LONGEST_COMPARED:
        return None
    return diff(old, new, earlier=earlier)
