"""oEmbed (https://oembed.com): what others may show of a diff page whose address somebody shared."""

from __future__ import annotations

import re
from html import escape
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, Response

from archive.diff.render import Mark, summary
from archive.errors import NotFound
from archive.web.answers import compare, two_versions
from archive.web.asking import AnArchive
from archive.web.excerpts import excerpts
from archive.web.rendering import absolute

router = APIRouter(include_in_schema=False)
_DIFF = re.compile(r"/diff/([A-Za-z0-9]{1,64})/([A-Za-z0-9]{1,64})/?")
_TAGS = {Mark.SAME: "{}", Mark.REMOVED: "<del>{}</del>", Mark.ADDED: "<ins>{}</ins>"}


@router.get("/oembed")
def oembed(
    request: Request,
    archive: AnArchive,
    url: Annotated[str, Query(max_length=2048)],
    format: str = "json",
    maxwidth: Annotated[int, Query(ge=1, le=4000)] = 600,
) -> Response:
    """The edit as a quotation: escaped text, no script, no frame."""
    if format != "json":
        return JSONResponse({"detail": "only json is offered"}, 501)
    match = _DIFF.fullmatch(_path(url))
    if not match:
        raise NotFound("diff page", url[:200])
    old, new = two_versions(archive, match[1], match[2])
    change = compare(old.content, new.content)
    here = absolute(request, f"/diff/{old.id}/{new.id}")
    title = new.content.title or new.url
    said = "".join(
        "<p>" + "".join(_TAGS[mark].format(escape(text)) for mark, text in excerpt.segments) + "</p>"
        for excerpt in (excerpts(change) if change else ())
    )
    line = escape(summary(change)) if change else ""
    named = f'<a href="{escape(here)}">{escape(title)}</a>'
    html = f'<blockquote cite="{escape(here)}"><p>{line}</p>{said}{named}</blockquote>'
    answer: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": "Backissue",
        "provider_url": absolute(request, "/"),
        "html": html,
        "width": min(maxwidth, 600),
        "height": None,
        "cache_age": 86_400,
    }
    return JSONResponse(answer)


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
