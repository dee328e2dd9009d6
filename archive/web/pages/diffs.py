"""What changed between two versions, side by side or in one text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse

from archive.diff.render import summary
from archive.model import Version
from archive.web.answers import compare, two_versions
from archive.web.asking import AnArchive, Token
from archive.web.diffview import lay_out
from archive.web.rendering import absolute, link, page

router = APIRouter(include_in_schema=False)


@router.get("/diff/{old}/{new}", response_class=HTMLResponse)
def diff(
    request: Request,
    archive: AnArchive,
    old: Token,
    new: Token,
    view: Annotated[str, Query(pattern="^(side|inline)$")] = "side",
) -> HTMLResponse:
    """Two versions of one article; the ids never change, so the address can be cited."""
    before, after = two_versions(archive, old, new)
    versions = archive.versions(after.article_id)
    earlier = [version.content for version in versions if version.number < before.number]
    change = compare(before.content, after.content, earlier)
    here = f"/diff/{before.id}/{after.id}"
    return page(
        request,
        "diff.html",
        old=before,
        new=after,
        versions=versions,
        change=change,
        summary=summary(change) if change else "",
        laid_out=lay_out(change) if change else None,
        view=view,
        here=here,
        other_view=link(here, view="inline" if view == "side" else None),
        older=_step(versions, after.number - 1, view),
        newer=_step(versions, after.number + 1, view),
        feed=f"/articles/{after.article_id}/changes.atom",
        oembed=link("/oembed", url=absolute(request, here)),
    )


def _step(versions: Sequence[Version], number: int, view: str) -> str | None:
    """The address of the edit that made version `number`; None where no edit made it."""
    if not 2 <= number <= len(versions):
        return None
    here = f"/diff/{versions[number - 2].id}/{versions[number - 1].id}"
    return link(here, view="inline" if view == "inline" else None)
