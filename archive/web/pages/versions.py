"""One version, under an address that never changes: what to cite, and a memento (RFC 7089)."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from archive.web.asking import AnArchive, Token
from archive.web.memento import memento_headers
from archive.web.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/versions/{token}", response_class=HTMLResponse)
def version(request: Request, archive: AnArchive, token: Token) -> HTMLResponse:
    """What the article said then."""
    found = archive.version_by_id(token)
    versions = archive.versions(found.article_id)
    place = found.number - 1
    return page(
        request,
        "version.html",
        headers=memento_headers(request, found, versions),
        version=found,
        count=len(versions),
        older=versions[place - 1] if place else None,
        newer=versions[place + 1] if place + 1 < len(versions) else None,
        feed=f"/articles/{found.article_id}/changes.atom",
    )
