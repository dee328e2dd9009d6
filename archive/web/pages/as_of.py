"""The site as it was: what each article said at a moment."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from archive.web.answers import list_as_of
from archive.web.asking import AnArchive, At, Before, Now, SiteName, read_cursor, read_moment
from archive.web.pages.sites import known_site
from archive.web.rendering import link, page

router = APIRouter(include_in_schema=False)
_ON_A_PAGE = 50


@router.get("/as-of", response_class=HTMLResponse)
def as_of(
    request: Request, archive: AnArchive, now: Now, at: At = None, site: SiteName = None, before: Before = None
) -> HTMLResponse:
    """What stood there, the state that had come last first."""
    moment = read_moment(at, now) or now
    if site:
        known_site(archive, site)
    found = list_as_of(archive, moment, site, read_cursor(before), _ON_A_PAGE)
    return page(
        request,
        "as_of.html",
        at=moment,
        site=site,
        sites=archive.sites(),
        versions=found.items,
        next_link=link("/as-of", at=at, site=site, before=found.next) if found.next else None,
    )
