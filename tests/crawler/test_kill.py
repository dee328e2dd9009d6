"""kill -9 in the middle of a crawl, then the same command again: nothing reported stored is missing, all arrives."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable
from typing import Any

import pytest

from archive import Archive, ArchiveError

KILLS = int(os.environ.get("BACKISSUE_KILLS", "20"))
ARTICLES = 120

LocalSite = Any
Project = Any


def stored(database: str) -> dict[int, str]:
    """Capture id -> URL of everything that is committed."""
    try:
        with Archive.open(database, create=False) as archive:
            return {capture.id: capture.url for capture in archive.captures(limit=100_000) if capture.id}
    except ArchiveError:  # killed before the archive was made
        return {}


@pytest.mark.slow
def test_nothing_that_was_stored_is_lost_and_every_article_arrives(
    local_site: LocalSite, project: Callable[..., Project]
) -> None:
    dice = random.Random(20260301)
    local_site.articles = {
        f"/news/story-{number}-about-the-harbour-and-its-berths": f"Berth {number} will be dredged before the spring "
        f"tide, the harbour office said on Tuesday.\n\nThe work costs {number}40 thousand and takes three weeks, "
        f"according to plan {number}.\n\nFishermen from quay {number}, who have waited since the storm, welcomed it."
        for number in range(ARTICLES)
    }
    local_site.latency = 0.02
    paper = project(paper=local_site)
    seen: dict[int, str] = {}
    killed_at_work = 0
    for _ in range(KILLS):
        crawl = paper.start("crawl")
        before = sum(local_site.requests.values())
        # Until it is at work; then a random moment of the crawl, in requests rather than in seconds.
        stop_after = before + dice.randrange(1, ARTICLES // 3)
        while crawl.poll() is None and sum(local_site.requests.values()) < stop_after:
            local_site.asked.wait(0.2)
            local_site.asked.clear()
        killed_at_work += crawl.poll() is None
        acknowledged = stored(paper.database)
        crawl.send_signal(signal.SIGKILL)
        crawl.communicate()
        seen |= acknowledged
        assert seen.items() <= stored(paper.database).items()
    assert killed_at_work >= min(3, KILLS)
    last = paper.run("crawl")
    assert last.returncode == 0, last.stderr
    with Archive.open(paper.database) as archive:
        articles = list(archive.iter_articles())
        assert {"/" + article.url.split("/", 3)[3] for article in articles} == set(local_site.articles)
        assert {article.versions for article in articles} == {1}
        assert list(archive.verify()) == []
