"""What a crawl came to: its exit code for a cron job, its words for a cron mail. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from archive.model import Outcome

#: Outcomes that mean "the page could not be had this time".
FAILED = (Outcome.BLOCKED, Outcome.TRUNCATED, Outcome.ERROR)
EXIT_DONE, EXIT_SOME_FAILED, EXIT_NOTHING_FETCHED, EXIT_BUSY = 0, 3, 4, 75


@dataclass(slots=True)
class CrawlResult:
    """What a crawl came to."""

    counts: Mapping[str, Counter[str]] = field(default_factory=dict)
    """Site -> outcome -> captures."""
    troubles: Mapping[str, list[str]] = field(default_factory=dict)
    """Site -> what could not be read or done (robots.txt, a feed, a sitemap, a browser that is missing), in words."""
    reasons: Mapping[str, Counter[str]] = field(default_factory=dict)
    """Site -> why pages failed -> how many."""
    left: Counter[str] = field(default_factory=Counter)
    """Site -> due pages not asked for: their host wants peace, or another crawl talks to it."""
    warnings: Mapping[str, list[str]] = field(default_factory=dict)
    """Site -> what is not as usual there, in words; no failure of this crawl."""
    busy: list[str] = field(default_factory=list)
    """Sites that another crawl holds."""
    sites: int = 0
    signal_number: int | None = None
    cut_short: bool = False
    """True where what was in flight did not end in time after a signal."""
    error: str | None = None
    """What stopped the whole crawl; None where it ran to its end."""

    @property
    def total(self) -> Counter[str]:
        """Outcome -> captures, over all sites."""
        return sum(self.counts.values(), Counter())

    @property
    def exit_code(self) -> int:
        """As the contract of `backissue crawl` has it."""
        if self.signal_number is not None:
            return 128 + self.signal_number
        if self.error is not None:
            return EXIT_NOTHING_FETCHED
        if self.busy and len(self.busy) == self.sites:
            return EXIT_BUSY
        total = self.total
        failed = sum(total[str(outcome)] for outcome in FAILED)
        if not failed + sum(map(len, self.troubles.values())) + self.left.total():
            return EXIT_DONE
        if total.total() > failed:
            return EXIT_SOME_FAILED
        # Sites where nothing was due are well.
        bad = {*self.troubles, *(site for site, count in self.left.items() if count), *self.counts, *self.busy}
        return EXIT_SOME_FAILED if len(bad) < self.sites else EXIT_NOTHING_FETCHED

    def summary(self) -> str:
        """One line fit for a cron mail.

        >>> CrawlResult(counts={"a": Counter(new=2, unchanged=5, error=1)}, sites=1).summary()
        '1 site: 8 pages, 2 new, 5 unchanged, 1 error'
        """
        total = self.total
        parts = [f"{total[str(outcome)]} {outcome}".replace("_", " ") for outcome in Outcome if total[str(outcome)]]
        parts = [_count(total.total(), "page"), *parts]
        if self.left:
            parts.append(f"{self.left.total()} left for the next crawl")
        if troubles := sum(map(len, self.troubles.values())):
            parts.append(f"{_count(troubles, 'problem')} at {', '.join(sorted(self.troubles))}")
        if warned := sorted(self.warnings):
            parts.append(f"not as usual: {', '.join(warned)}")
        if self.busy:
            parts.append(f"busy elsewhere: {', '.join(sorted(self.busy))}")
        text = f"{_count(self.sites, 'site')}: {', '.join(parts)}"
        if self.signal_number is not None:
            text += "; stopped by a signal, everything recorded; the next crawl goes on"
            text += " (some pages in flight were given up)" * self.cut_short
        return text + (f"; stopped: {self.error}" if self.error else "")

    def notes(self) -> Iterator[str]:
        """What stands before the summary: a line for each thing that somebody may want to look into."""
        for site in sorted({*self.troubles, *self.reasons, *self.warnings}):
            yield from (f"{site}: {each}" for each in self.troubles.get(site, ()))
            for reason, count in self.reasons.get(site, Counter()).most_common(3):
                yield f"{site}: {_count(count, 'page')} failed: {reason}"
            yield from (f"{site}: warning: {each}" for each in self.warnings.get(site, ()))


def reason_in_words(outcome: str, reason: str) -> str:
    """Why a page could not be had, alike for pages that share the reason: without the address and what follows it.

    >>> reason_in_words("error", "TimeoutError: http://a.example/1"), reason_in_words("blocked", "consent")
    ('error (TimeoutError)', 'blocked (consent)')
    """
    shared = re.split(r":? *['\"]?https?://|: ", reason)[0].strip()
    return f"{outcome} ({shared})" if shared else outcome


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"
