"""Who wrote that, and when did it go? Words in every version, those edited away too."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BeforeValidator
from starlette.responses import HTMLResponse

from archive.cli.times import as_since, as_until
from archive.queries import Passage
from archive.queries.search import parse_words
from archive.web.answers import Page, list_passages
from archive.web.asking import (
    AnArchive,
    Before,
    Now,
    Since,
    SiteName,
    Until,
    Words,
    check_words,
    read_cursor,
    read_time,
)
from archive.web.hits import hits
from archive.web.rendering import link, page, settings_of

router = APIRouter(include_in_schema=False)
_ON_A_PAGE = 30
_PATIENCE = 0.1
"""Share of the time limit after which a reader is shown what was found so far, with a link to search on."""
Only = Annotated[
    Literal["added", "removed"] | None,
    BeforeValidator(lambda value: value or None),
    Query(description="Only where an edit brought the words, or took them away."),
]


@router.get("/search", response_class=HTMLResponse)
def search(
    request: Request,
    archive: AnArchive,
    now: Now,
    q: Words = None,
    only: Only = None,
    site: SiteName = None,
    since: Since = None,
    until: Until = None,
    before: Before = None,
) -> HTMLResponse:
    """Where the words came and went."""
    sites = archive.sites()
    found: Page[Passage] | None = None
    if q:
        found = list_passages(
            archive,
            check_words(q),
            site=site,
            only=only,
            since=read_time(since, as_since, now),
            until=read_time(until, as_until, now),
            before=read_cursor(before),
            limit=_ON_A_PAGE,
            spare=settings_of(request).time_limit * (1 - _PATIENCE),
        )
    return page(
        request,
        "search.html",
        q=q,
        only=only,
        site=site,
        found=found,
        next_link=link("/search", **{**request.query_params, "before": found.next}) if found and found.next else None,
        hits=partial(hits, terms=parse_words(q)) if q else None,
        sites=sites,
        feed=link("/search.atom", q=q, site=site, only=only) if q else None,
    )
