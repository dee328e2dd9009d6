"""A capture on its way into the archive, with the rows it belongs to. Private to the store."""

from __future__ import annotations

from dataclasses import dataclass, replace

from archive.model import Capture, Outcome
from archive.store.prepare import Prepared
from archive.store.rows import ArticleRow, CandidateRow


@dataclass(slots=True)
class Look:
    """One capture while its batch is being recorded; what it comes to is filled in on the way."""

    prepared: Prepared
    candidate: CandidateRow
    article: ArticleRow | None
    content_id: int | None = None
    engagement_id: int | None = None
    provenance_id: int | None = None
    outcome: Outcome | None = None
    version_id: int | None = None
    version_token: str | None = None
    token: str | None = None
    """Set where this look brought a version into being."""
    id: int | None = None
    twin: Look | None = None
    """The same capture, given twice in one batch."""

    @property
    def recorded(self) -> Capture:
        """The capture as the archive now knows it."""
        return replace(
            self.prepared.capture,
            outcome=self.outcome or self.prepared.capture.outcome,
            id=self.id,
            article_id=self.article.id if self.article is not None else None,
            version_id=self.version_token,
        )
