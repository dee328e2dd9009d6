"""Sites, their health and habits; categories."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path

from archive.cli.times import as_since, as_until
from archive.queries import CategoryCount, DayHealth, SiteStats
from archive.queries.habits import Habits
from archive.web.api.articles import ABSENT
from archive.web.asking import AnArchive, Now, Since, SiteName, Until, read_time
from archive.web.pages.sites import known_site

router = APIRouter(tags=["sites"])
Name = Annotated[str, Path(max_length=256, description="A site's name.")]
_MONTH = timedelta(days=30)


@router.get("/sites")
def sites(archive: AnArchive, now: Now) -> list[SiteStats]:
    """How much there is of each site."""
    return archive.stats(now)


@router.get("/sites/{name}/health", responses=ABSENT)
def health(archive: AnArchive, name: Name, now: Now, since: Since = None, until: Until = None) -> list[DayHealth]:
    """A row a day on which the site was looked at; the last thirty days, if no time is given."""
    known_site(archive, name)
    start = read_time(since, as_since, now) or now - _MONTH
    return archive.health(name, since=start, until=read_time(until, as_until, now) or now)


@router.get("/sites/{name}/habits", responses=ABSENT)
def habits(archive: AnArchive, name: Name, now: Now, since: Since = None, until: Until = None) -> Habits:
    """How the site edits; over the last thirty days, if no time is given."""
    known_site(archive, name)
    start = read_time(since, as_since, now) or now - _MONTH
    return archive.habits(site=name, since=start, until=read_time(until, as_until, now) or now)


@router.get("/categories")
def categories(archive: AnArchive, site: SiteName = None) -> list[CategoryCount]:
    """The labels that pages carry, with the topics they come to: those without a topic first."""
    return archive.category_topics(site=site)
