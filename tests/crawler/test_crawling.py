"""Exit codes and the summary of a crawl."""

from __future__ import annotations

from collections import Counter

import pytest

from crawler.results import CrawlResult


@pytest.mark.parametrize(
    ("result", "code"),
    [
        (CrawlResult(sites=1), 0),
        (CrawlResult(sites=1, counts={"a": Counter(new=3, gone=1, not_article=2)}), 0),
        (CrawlResult(sites=1, counts={"a": Counter(new=3, blocked=1)}), 3),
        (CrawlResult(sites=1, counts={"a": Counter(unchanged=3)}, troubles={"a": ["no robots.txt"]}), 3),
        (CrawlResult(sites=1, counts={"a": Counter(error=3)}), 4),
        (CrawlResult(sites=1, troubles={"a": ["no robots.txt"]}), 4),
        (CrawlResult(sites=2, troubles={"a": ["no robots.txt"]}), 3),
        (CrawlResult(sites=2, troubles={"a": ["no robots.txt"]}, counts={"b": Counter(error=1)}), 4),
        (CrawlResult(sites=1, error="disk full"), 4),
        (CrawlResult(sites=2, busy=["a", "b"]), 75),
        (CrawlResult(sites=2, busy=["a"], counts={"b": Counter(new=1)}), 0),
        (CrawlResult(sites=1, signal_number=2, counts={"a": Counter(error=3)}), 130),
        (CrawlResult(sites=1, signal_number=15), 143),
    ],
)
def test_the_exit_code_tells_what_happened(result: CrawlResult, code: int) -> None:
    assert result.exit_code == code


def test_what_somebody_may_look_into_stands_before_the_summary_a_line_each() -> None:
    result = CrawlResult(
        counts={"a": Counter(new=2, blocked=3, error=1)},
        reasons={"a": Counter({"blocked (HTTP 403)": 3, "error (TimeoutError)": 1})},
        troubles={"b": ["nothing was fetched: robots.txt could not be had"]},
        warnings={"a": ["the last 9 new articles state no authors"]},
        left=Counter(a=2),
        sites=2,
    )
    assert list(result.notes()) == [
        "a: 3 pages failed: blocked (HTTP 403)",
        "a: 1 page failed: error (TimeoutError)",
        "a: warning: the last 9 new articles state no authors",
        "b: nothing was fetched: robots.txt could not be had",
    ]
    assert result.summary() == (
        "2 sites: 6 pages, 2 new, 3 blocked, 1 error, 2 left for the next crawl, 1 problem at b, not as usual: a"
    )


def test_the_summary_is_one_line_fit_for_a_cron_mail() -> None:
    result = CrawlResult(
        counts={"a": Counter(new=2, not_article=1), "b": Counter(blocked=1)},
        troubles={"b": ["no robots.txt"]},
        busy=["c"],
        sites=3,
    )
    assert result.summary() == ("3 sites: 4 pages, 2 new, 1 blocked, 1 not article, 1 problem at b, busy elsewhere: c")
