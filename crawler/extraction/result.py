"""What the extractor hands back, and what a site may tell it beforehand. Values only: frozen and picklable.

Knows nothing of parsing; every field module returns a `Found`, and `extract` gathers them into an `Extraction`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from archive.model import Content, Engagement, Verdict

T = TypeVar("T")
NOT_FOUND = "selector found nothing"
"""In the provenance of a field whose selector, the site's own, no longer fits the page: the field is None."""


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value with the place it was read from."""

    value: T
    source: str
    """Short and stable, as `backissue extract` prints it: "json-ld", "meta og:title", "h1", "selector", ..."""


@dataclass(frozen=True, slots=True)
class SiteHints:
    """What a site's declaration knows about its pages at a date; everything is optional."""

    language: str | None = None
    """BCP 47 tag of the site's texts, for pages that declare none."""
    time_zone: str | None = None
    """IANA name; for times that a page writes without a zone."""
    selectors: Mapping[str, str] = field(default_factory=dict)
    """CSS selectors by field: title, body, authors, published_at, categories, views, likes, dislikes, shares,
    comments, and remove (what to leave out of the body). A selector wins over everything else."""
    categories: Mapping[str, str] = field(default_factory=dict)
    """The site's own category labels -> how to read them: another label, a Media Topics code, "place:…", "genre:…"."""


@dataclass(frozen=True, slots=True)
class PageLinks:
    """What the page says about itself to a crawler. Addresses are absolute, as the page gives them, unjudged."""

    canonical: str | None = None
    amphtml: str | None = None
    next_page: str | None = None
    """The next part of the same article; None on the last part and on articles of one page."""
    robots: tuple[str, ...] = ()
    """Directives of `<meta name=robots>`, in lower case: ("noindex", "nofollow")."""
    feeds: tuple[str, ...] = ()
    tdm_reservation: str | None = None
    """Of `<meta name=tdm-reservation>`, as it stands there: "1" reserves text and data mining; None = not said."""


@dataclass(frozen=True, slots=True)
class BlockNote:
    """Why one block of the page's text was kept or dropped (for `backissue extract --explain`)."""

    kept: bool
    reason: str
    """The rule that dropped it ("comments", "number", "label", ...), else what is known of it; "text" where nothing."""
    score: float
    """The model's probability that the block is body text."""
    path: str
    """Tags from the body down: "main.article.p"."""
    text: str
    """The block's first characters."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything one page yields."""

    verdict: Verdict
    article: Content | None = None
    """None unless the verdict is article."""
    engagement: Engagement | None = None
    reason: str | None = None
    """Why the page is not an article, in words; None where it is."""
    provenance: Mapping[str, str] = field(default_factory=dict)
    """Field name -> where its value was read ("json-ld", "h1", ...)."""
    links: PageLinks = field(default_factory=PageLinks)
    explain: tuple[BlockNote, ...] = ()
    """Empty unless asked for."""
