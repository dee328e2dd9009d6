"""Atom feeds of edits (RFC 4287): of everything, a site, an article, a search."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Annotated
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from archive.diff.render import summary, to_html
from archive.queries import Edit, Passage
from archive.web.answers import compare, list_edits, list_passages
from archive.web.asking import AnArchive, ArticleId, EditFilter, Edits, SiteName, check_words
from archive.web.pages.search import Only
from archive.web.rendering import absolute, link
from archive.web.text import clean, language_tag, machine

router = APIRouter(include_in_schema=False)
_ENTRIES = 40
_LONGEST_CONTENT = 20_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@router.get("/changes.atom")
def changes(request: Request, archive: AnArchive, asked: Edits) -> Response:
    """Edits, of one site or of some kinds if asked; at /sites/NAME the same as with `site=NAME`."""
    edits = list_edits(archive, asked, _ENTRIES).items
    name = asked.chosen["site"]
    return _edit_feed(request, f"Edits at {name}" if name else "Edits", f"/sites/{name}" if name else "/", edits)


@router.get("/articles/{number}/changes.atom")
def article_changes(request: Request, archive: AnArchive, number: ArticleId) -> Response:
    """The edits of one article."""
    article = archive.article(number)
    edits = list_edits(archive, EditFilter({}, None), _ENTRIES, article.id).items
    return _edit_feed(request, f"Edits of “{article.title or article.url}”", f"/articles/{article.id}", edits)


@router.get("/search.atom")
def found(
    request: Request,
    archive: AnArchive,
    q: Annotated[str, Query(min_length=1, max_length=256)],
    only: Only = None,
    site: SiteName = None,
) -> Response:
    """Where words came and went, the newest first."""
    passages = list_passages(archive, check_words(q), site=site, only=only, limit=200).items
    newest = sorted(passages, key=lambda passage: passage.version.captured_at, reverse=True)[:_ENTRIES]
    feed = _feed(request, f"“{q}”", link("/search", q=q, only=only, site=site), [p.version.captured_at for p in newest])
    for passage in newest:
        _passage_entry(request, feed, passage)
    return _answer(feed)


def _edit_feed(request: Request, title: str, path: str, edits: Sequence[Edit]) -> Response:
    feed = _feed(request, title, path, [edit.new.captured_at for edit in edits])
    for edit in edits:
        change = compare(edit.old.content, edit.new.content)
        entry = _entry(
            feed,
            f"urn:backissue:edit:{edit.new.id}",
            edit.new.content.title or edit.new.url,
            absolute(request, f"/diff/{edit.old.id}/{edit.new.id}"),
            edit.new.captured_at,
        )
        for kind in edit.new.edit_kinds:
            SubElement(entry, "category", term=str(kind))
        if change is not None:
            _text(entry, "summary", summary(change))
            html = to_html(change)
            if len(html) <= _LONGEST_CONTENT:
                content = _text(entry, "content", html, type="html")
                if tag := language_tag(edit.new.content.language):
                    content.set("xml:lang", tag)
    return _answer(feed)


def _passage_entry(request: Request, feed: Element, passage: Passage) -> None:
    version = passage.version
    what = "Removed" if not passage.is_there else "Added" if passage.before else "Published"
    path = f"/diff/{passage.before.id}/{version.id}" if passage.before else f"/versions/{version.id}"
    entry = _entry(
        feed,
        f"urn:backissue:passage:{version.id}",
        f"{what}: {version.content.title or version.url}",
        absolute(request, path),
        version.captured_at,
    )
    _text(entry, "summary", passage.words)


def _feed(request: Request, title: str, path: str, times: Iterable[datetime]) -> Element:
    feed = Element("feed", xmlns="http://www.w3.org/2005/Atom")
    here = absolute(request, link(request.url.path, **_parameters(request)))
    _text(feed, "id", here)
    _text(feed, "title", f"{title} – Backissue")
    _text(feed, "updated", machine(max(times, default=_EPOCH)))
    SubElement(SubElement(feed, "author"), "name").text = "Backissue"
    SubElement(feed, "link", rel="self", type="application/atom+xml", href=here)
    SubElement(feed, "link", rel="alternate", type="text/html", href=absolute(request, path))
    return feed


def _parameters(request: Request) -> dict[str, list[str]]:
    return {name: request.query_params.getlist(name) for name in request.query_params}


def _entry(feed: Element, identity: str, title: str, href: str, at: datetime) -> Element:
    entry = SubElement(feed, "entry")
    _text(entry, "id", identity)
    _text(entry, "title", title)
    SubElement(entry, "link", rel="alternate", type="text/html", href=href)
    _text(entry, "updated", machine(at))
    return entry


def _text(parent: Element, name: str, said: str, **attributes: str) -> Element:
    element = SubElement(parent, name, attributes)
    element.text = str(clean(said))
    return element


def _answer(feed: Element) -> Response:
    body = tostring(feed, encoding="utf-8", xml_declaration=True)
    return Response(body, media_type="application/atom+xml; charset=utf-8")
