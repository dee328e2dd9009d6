"""What a page says about its article outside the text: the evidence that the body is measured against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.extraction.places import Evidence
from crawler.extraction.text import as_text

if TYPE_CHECKING:
    from crawler.extraction.structured import Structured

_SUMMARIES = ("og:description", "description", "twitter:description")


def gather_evidence(data: Structured, title: str | None) -> Evidence:
    """Headline, summary and the article's text as JSON-LD or microdata give them."""
    summary = next((found.value for found in data.meta_values(*_SUMMARIES)), "")
    story = as_text((data.main or {}).get("articleBody"))
    return Evidence(title or "", summary, story)
