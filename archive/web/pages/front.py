"""The front page: what changed lately that is worth reading."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from archive.web.answers import list_edits
from archive.web.asking import AnArchive, EditFilter, Edits, Now
from archive.web.excerpts import WORTH_READING
from archive.web.pages.cards import cards
from archive.web.rendering import link, page

router = APIRouter(include_in_schema=False)
_ON_A_PAGE = 20
_WEEK = timedelta(days=7)


@router.get("/", response_class=HTMLResponse)
def front(request: Request, archive: AnArchive, asked: Edits, now: Now, all: bool = False) -> HTMLResponse:
    """Edits of the kinds that change what an article says, unless others are asked for."""
    is_plain = not asked.chosen["kinds"] and asked.chosen["stealth"] is None and not all
    if is_plain:
        asked = EditFilter(asked.chosen | {"kinds": WORTH_READING}, asked.before)
    found = list_edits(archive, asked, _ON_A_PAGE)
    parameters = {**dict(request.query_params.multi_items()), "kind": request.query_params.getlist("kind")}
    return page(
        request,
        "front.html",
        cards=cards(found.items),
        next_link=link("/", **{**parameters, "before": found.next}) if found.next else None,
        week=archive.habits(since=now - _WEEK, until=now),
        sites=archive.sites(),
        asked_kinds=() if is_plain else asked.chosen["kinds"],
        is_plain=is_plain,
        is_all=all,
        stealth=asked.chosen["stealth"],
        site=asked.chosen["site"],
        feed=link(
            "/changes.atom",
            site=asked.chosen["site"],
            kind=[str(kind) for kind in asked.chosen["kinds"]],
            stealth="true" if asked.chosen["stealth"] else None,
        ),
    )
