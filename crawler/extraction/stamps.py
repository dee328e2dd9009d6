"""What a date in a text is read with and what it is read as: `Locale` and `Stamp`. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo


@dataclass(frozen=True, slots=True)
class Locale:
    """What a reader of the page knows about its dates."""

    zone: tzinfo = UTC
    """Of clock times that name none."""
    language: str | None = None
    month_first: bool = False
    now: datetime | None = None
    """When the page was fetched; without it no relative date is read."""


PLAIN = Locale()
"""Nothing known: UTC, the day first, no relative dates."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A moment read from a text, and where it stood there (after `fold_date`)."""

    at: datetime
    """Aware, in the zone that the text names, else in the locale's; midnight where there is no clock time."""
    has_time: bool
    start: int = 0
    end: int = 0
    has_zone: bool = False
