"""Exit codes and the summary of a crawl."""

from __future__ import annotations

from collections import Counter

import pytest

from crawler.crawling import CrawlResult


@pytest.mark.parametrize(
    ("result", "code"),
    [
        (CrawlResult(sites=1), 0),
        (CrawlResult(sites=1, counts={"a": Counter(new=3, gone=1, not_article=2)}), 0),
        (CrawlResult(sites=1, counts={"a": Counter(new=3, blocked=1)}), 3),
        (CrawlResult(sites=1, counts={"a": Counter(unchanged=3)}, source_failures=Counter(a=1)), 3),
        (CrawlResult(sites=1, counts={"a": Counter(error=3)}), 4),
        (CrawlResult(sites=1, source_failures=Counter(a=1)), 4),
        (CrawlResult(sites=1, error="disk full"), 4),
        (CrawlResult(sites=2, busy=["a", "b"]), 75),
        (CrawlResult(sites=2, busy=["a"], counts={"b": Counter(new=1)}), 0),
        (CrawlResult(sites=1, signal_number=2, counts={"a": Counter(error=3)}), 130),
        (CrawlResult(sites=1, signal_number=15), 143),
    ],
)
def test_the_exit_code_tells_what_happened(result: CrawlResult, code: int) -> None:
    assert result.exit_code == code


def test_the_summary_is_one_line_fit_for_a_cron_mail() -> None:
    result = CrawlResult(
        counts={"a": Counter(new=2, not_article=1), "b": Counter(blocked=1)},
        source_failures=Counter(b=1),
        busy=["c"],
        sites=3,
    )
    assert result.summary() == (
        "3 sites: 4 pages, 2 new, 1 blocked, 1 not article, 1 refused or unreadable, busy elsewhere: c"
    )
