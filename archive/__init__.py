"""The archive: remembers every look at every article, decides what is a version, answers questions.

Has never heard of Scrapy or of any site.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archive.diff import diff
from archive.errors import ArchiveError, Busy, Damaged, InvalidRecord, NotFound, Unavailable, WrongSchema
from archive.model import (
    Article,
    Candidate,
    Capture,
    Content,
    Counter,
    Crawl,
    Due,
    EditKind,
    Engagement,
    EngagementPoint,
    Event,
    HostState,
    Outcome,
    Quarantined,
    SiteState,
    SourceState,
    Verdict,
    Version,
)

if TYPE_CHECKING:
    from archive.store.archive import Archive

__all__ = [
    "Archive",
    "ArchiveError",
    "Article",
    "Busy",
    "Candidate",
    "Capture",
    "Content",
    "Counter",
    "Crawl",
    "Damaged",
    "Due",
    "EditKind",
    "Engagement",
    "EngagementPoint",
    "Event",
    "HostState",
    "InvalidRecord",
    "NotFound",
    "Outcome",
    "Quarantined",
    "SiteState",
    "SourceState",
    "Unavailable",
    "Verdict",
    "Version",
    "WrongSchema",
    "diff",
]


def __getattr__(name: str) -> Any:
    """Archive comes at its first use: the database libraries take longer to load than most commands to run."""
    if name == "Archive":
        from archive.store.archive import Archive

        return Archive
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
