"""Versions and what lies between two of them."""

from __future__ import annotations

from fastapi import APIRouter

from archive.model import Version
from archive.web.answers import Page, compare, list_as_of, two_versions
from archive.web.api.articles import ABSENT
from archive.web.api.records import DiffRecord, VersionHead, diff_record, head
from archive.web.asking import AnArchive, At, Before, Limit, Now, SiteName, Token, read_cursor, read_moment

router = APIRouter(tags=["versions"])


@router.get("/versions/{token}", responses=ABSENT)
def version(archive: AnArchive, token: Token) -> Version:
    """One version with its text."""
    return archive.version_by_id(token)


@router.get("/diff/{old}/{new}", responses=ABSENT)
def diff(archive: AnArchive, old: Token, new: Token) -> DiffRecord:
    """What changed between two versions of one article."""
    before, after = two_versions(archive, old, new)
    earlier = [one.content for one in archive.versions(after.article_id) if one.number < before.number]
    return diff_record(before, after, compare(before.content, after.content, earlier))


@router.get("/as-of")
def as_of(
    archive: AnArchive, now: Now, at: At = None, site: SiteName = None, before: Before = None, limit: Limit = 50
) -> Page[VersionHead]:
    """What each article said at a time (now, if none is given), the state that had come last first."""
    found = list_as_of(archive, read_moment(at, now) or now, site, read_cursor(before), limit)
    return Page([head(each) for each in found.items], found.next)
