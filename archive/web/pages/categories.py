"""Categories: the labels sites file their articles under, and the topics these come to."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from archive.cli.topics import topic_names
from archive.web.asking import AnArchive, SiteName
from archive.web.rendering import page

router = APIRouter(include_in_schema=False)
_MOST = 500


@router.get("/categories", response_class=HTMLResponse)
def categories(request: Request, archive: AnArchive, site: SiteName = None) -> HTMLResponse:
    """The labels, the most frequent first."""
    found = sorted(archive.category_topics(site=site), key=lambda each: -each.articles)
    return page(
        request,
        "categories.html",
        labels=[(each, topic_names(each.topics)) for each in found[:_MOST]],
        left_out=max(0, len(found) - _MOST),
        site=site,
        sites=archive.sites(),
    )
