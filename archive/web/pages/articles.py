"""Articles: a list that can be narrowed; of one, what it says now and its life."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from archive.cli.life import tell
from archive.cli.topics import NAMES, topic_names
from archive.model import Version
from archive.web.answers import list_articles
from archive.web.asking import AnArchive, ArticleId, Articles
from archive.web.charts import engagement_charts
from archive.web.memento import original_links
from archive.web.rendering import link, page

router = APIRouter(include_in_schema=False)
_ON_A_PAGE = 50
Chosen = Annotated[str, Query(min_length=1, max_length=64)]


@router.get("/articles", response_class=HTMLResponse)
def articles(request: Request, archive: AnArchive, asked: Articles) -> HTMLResponse:
    """Articles that fit, the newest first."""
    found = list_articles(archive, asked, _ON_A_PAGE)
    parameters = {**dict(request.query_params.multi_items()), "kind": request.query_params.getlist("kind")}
    return page(
        request,
        "articles.html",
        articles=found.items,
        next_link=link("/articles", **{**parameters, "before": found.next}) if found.next else None,
        sites=archive.sites(),
        topics=NAMES,
        asked_kinds=asked.chosen["kinds"],
        stealth=asked.chosen["stealth"],
    )


@router.get("/articles/{number}", response_class=HTMLResponse)
def article(request: Request, archive: AnArchive, number: ArticleId) -> Response:
    """One article."""
    found = archive.article(number)
    if found.id != number:
        return RedirectResponse(f"/articles/{found.id}", 307)
    history = archive.history(number)
    versions = [entry for entry in history if isinstance(entry, Version)]
    points = archive.engagement(number)
    return page(
        request,
        "article.html",
        headers=original_links(request, found.url) if versions else None,
        article=found,
        versions=versions,
        current=versions[-1] if versions else None,
        life=list(reversed(list(tell(history)))),
        looks=archive.captures(number, limit=30),
        points=points,
        charts=engagement_charts(points, versions),
        topics=topic_names(found.topics),
        feed=f"/articles/{found.id}/changes.atom",
    )


@router.get("/articles/{number}/diff")
def chosen_diff(number: ArticleId, old: Chosen, new: Chosen, view: str = "side") -> Response:
    """Where the form that chooses two versions leads."""
    return RedirectResponse(link(f"/diff/{_id(old)}/{_id(new)}", view="inline" if view == "inline" else None), 303)


def _id(token: str) -> str:
    return "".join(letter for letter in token if letter.isascii() and letter.isalnum()) or "-"
