"""Edits, and words that came and went."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from archive.cli.times import as_since, as_until
from archive.web.answers import Page, list_edits, list_passages
from archive.web.api.records import EditRecord, PassageRecord, edit_record, passage_record
from archive.web.asking import (
    AnArchive,
    Before,
    Edits,
    Limit,
    Now,
    Since,
    SiteName,
    Until,
    check_words,
    read_cursor,
    read_time,
)
from archive.web.pages.search import Only

router = APIRouter(tags=["edits"])


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
    before: Before = None,
    limit: Limit = 50,
) -> Page[PassageRecord]:
    """Where words came and went, in any version of any article; a few more than `limit` where one article has them. A
    page may be short or empty and have a `next` all the same: so far it was looked."""
    found = list_passages(
        archive,
        check_words(q),
        site=site,
        only=only,
        since=read_time(since, as_since, now),
        until=read_time(until, as_until, now),
        before=read_cursor(before),
        limit=limit,
    )
    return Page([passage_record(passage) for passage in found.items], found.next)
