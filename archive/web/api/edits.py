"""Edits, and words that came and went."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from archive.cli.times import as_since, as_until
from archive.web.answers import Page, list_edits, list_passages
from archive.web.api.records import EditRecord, PassageRecord, edit_record, passage_record
from archive.web.asking import AnArchive, Edits, Limit, Now, Since, SiteName, Until, check_words, read_time
from archive.web.pages.search import Only

router = APIRouter(tags=["edits"])


class Found(BaseModel):
    """What a search found."""

    items: list[PassageRecord]
    is_whole: bool = Field(description="False where there is more, or the time ran out.")


@router.get("/changes")
def changes(archive: AnArchive, asked: Edits, limit: Limit = 50) -> Page[EditRecord]:
    """Edits that fit all filters, the newest first."""
    found = list_edits(archive, asked, limit)
    return Page([edit_record(edit) for edit in found.items], found.next)


@router.get("/search")
def search(
    archive: AnArchive,
    now: Now,
    q: Annotated[str, Query(min_length=1, max_length=256, description='Words; "a phrase", -not, begin*.')],
    only: Only = None,
    site: SiteName = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = 50,
) -> Found:
    """Where words came and went, in any version of any article."""
    found = list_passages(
        archive,
        check_words(q),
        site=site,
        only=only,
        since=read_time(since, as_since, now),
        until=read_time(until, as_until, now),
        limit=limit,
    )
    return Found(items=[passage_record(passage) for passage in found.items], is_whole=found.is_whole)
