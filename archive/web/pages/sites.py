"""Sites: which there are; of one, its edits, its health, its habits."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import HTMLResponse

from archive.errors import NotFound
from archive.model import SiteState
from archive.queries import DayHealth
from archive.queries.read_only import ReadOnlyArchive
from archive.web.answers import list_edits
from archive.web.asking import AnArchive, EditFilter, Now
from archive.web.charts import daily_bars
from archive.web.pages.cards import cards
from archive.web.rendering import link, page

router = APIRouter(include_in_schema=False)
_MONTH = timedelta(days=30)
_OUTCOMES = ("new", "changed", "blocked", "failed")


@router.get("/sites", response_class=HTMLResponse)
def sites(request: Request, archive: AnArchive, now: Now) -> HTMLResponse:
    """Every site with what there is of it."""
    return page(request, "sites.html", stats=archive.stats(now), homes={s.name: s.url for s in archive.sites()})


@router.get("/sites/{name}", response_class=HTMLResponse)
def site(request: Request, archive: AnArchive, now: Now, name: Annotated[str, Path(max_length=256)]) -> HTMLResponse:
    """One site."""
    state = known_site(archive, name)
    days = archive.health(name, since=now - _MONTH, until=now)
    asked = EditFilter({"site": name}, None)
    return page(
        request,
        "site.html",
        site=state,
        stats=next(stats for stats in archive.stats(now) if stats.site == name),
        habits=archive.habits(site=name, since=now - _MONTH, until=now),
        days=days,
        bars=daily_bars([(day.day, _parts(day)) for day in days], now - _MONTH, now),
        cards=cards(list_edits(archive, asked, 8).items, 1),
        articles=archive.articles(site=name, limit=12),
        sources=archive.sources(name),
        feed=link("/changes.atom", site=name),
    )


def known_site(archive: ReadOnlyArchive, name: str) -> SiteState:
    """The site of that name. Raises NotFound."""
    for state in archive.sites():
        if state.name == name:
            return state
    raise NotFound("site", name)


def _parts(day: DayHealth) -> list[tuple[str, int]]:
    return [(name, getattr(day, name)) for name in _OUTCOMES]
