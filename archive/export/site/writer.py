"""Writes the pages: sites, articles, versions, edits. One article is in memory at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from archive.cli.life import tell
from archive.cli.topics import topic_names
from archive.export.site.folder import replaced
from archive.export.site.pages import slug, write_assets, write_page
from archive.model import Article, Version
from archive.queries import Edit
from archive.web.answers import compare
from archive.web.charts import engagement_charts
from archive.web.diffview import lay_out
from archive.web.pages.cards import cards

if TYPE_CHECKING:
    from archive import Archive

Item = TypeVar("Item")
Place = tuple[datetime, int]

ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Sheet(Generic[Item]):
    """One page of a list."""

    items: list[Item]
    number: int
    is_last: bool


def write_site(archive: Archive, folder: Path, now: datetime, *, site: str | None = None) -> Iterator[Article]:
    """Writes the site into `folder`, giving each article when its pages are written. Raises NotOurs, OSError."""
    with replaced(folder, now) as part:
        write_assets(part)
        yield from _write_articles(archive, part, site)
        _write_changes(archive, part, now, site)
        for state in archive.sites():
            if site in (None, state.name):
                _write_list(archive, part, f"sites/{slug(state.name)}", state.name, state.name)


def _write_articles(archive: Archive, folder: Path, site: str | None) -> Iterator[Article]:
    for sheet in _articles(archive, site):
        for article in sheet.items:
            _write_article(archive, folder, article)
            yield article
        _write_sheet(folder, "articles", "All articles", sheet)


def _write_list(archive: Archive, folder: Path, place: str, heading: str, site: str) -> None:
    for sheet in _articles(archive, site):
        _write_sheet(folder, place, heading, sheet)


def _write_sheet(folder: Path, place: str, heading: str, sheet: Sheet[Article]) -> None:
    write_page(
        folder, f"{place}/{_file(sheet.number)}", "still_articles.html", heading=heading, sheet=sheet, file=_file
    )


def _write_article(archive: Archive, folder: Path, article: Article) -> None:
    history = archive.history(article.id)
    versions = [entry for entry in history if isinstance(entry, Version)]
    points = archive.engagement(article.id)
    write_page(
        folder,
        f"articles/{article.id}/index.html",
        "still_article.html",
        article=article,
        versions=versions,
        current=versions[-1] if versions else None,
        life=list(reversed(list(tell(history)))),
        points=points,
        charts=engagement_charts(points, versions),
        topics=topic_names(article.topics),
    )
    for version in versions:
        _write_version(folder, version, versions)


def _write_version(folder: Path, version: Version, versions: list[Version]) -> None:
    """What the article said, and what had changed since the version before."""
    older = versions[version.number - 2] if version.number > 1 else None
    newer = versions[version.number] if version.number < len(versions) else None
    earlier = [each.content for each in versions[: version.number - 2]] if older else []
    change = compare(older.content, version.content, earlier) if older else None
    write_page(
        folder,
        f"articles/{version.article_id}/{version.id}.html",
        "still_version.html",
        version=version,
        count=len(versions),
        older=older,
        newer=newer,
        change=change,
        laid_out=lay_out(change) if change else None,
    )


def _write_changes(archive: Archive, folder: Path, now: datetime, site: str | None) -> None:
    """The edits, the newest first; the first page is the front page."""
    stats = [each for each in archive.stats(now) if site in (None, each.site)]

    def read(before: Place | None, limit: int) -> list[Edit]:
        return archive.changes(site=site, before=before, limit=limit)

    for sheet in _sheets(read, lambda edit: (edit.new.captured_at, edit.seq)):
        place = "index.html" if sheet.number == 1 else f"changes/{sheet.number}.html"
        write_page(
            folder, place, "still_changes.html", sheet=sheet, cards=cards(sheet.items), stats=stats, now=now, site=site
        )


def _articles(archive: Archive, site: str | None) -> Iterator[Sheet[Article]]:
    def read(before: Place | None, limit: int) -> list[Article]:
        return archive.articles(site=site, before=before, limit=limit)

    return _sheets(read, lambda article: (article.first_captured_at, article.id))


def _sheets(read: Callable[[Place | None, int], list[Item]], place: Callable[[Item], Place]) -> Iterator[Sheet[Item]]:
    """A list in pages; one that is empty has one empty page."""
    before: Place | None = None
    number = 1
    while True:
        found = read(before, ON_A_PAGE + 1)
        items, is_last = found[:ON_A_PAGE], len(found) <= ON_A_PAGE
        yield Sheet(items, number, is_last)
        if is_last:
            return
        before, number = place(items[-1]), number + 1


def _file(number: int) -> str:
    return "index.html" if number == 1 else f"{number}.html"
