"""Who may talk to a host: one crawl at a time, wherever a page leads to; and sites of one host take turns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from archive import Archive
from archive.cli import Settings
from archive.locks import site_locks
from archive.model import Candidate, SourceState
from crawler.commands.crawl import crawl
from crawler.hosts import ArchiveHosts
from crawler.middlewares.hosts import RobotsAnswer

LocalSite = Any
Project = Any

BERTH = "/news/berth-nine-will-be-dredged-before-spring"
QUAY = "/quay/the-northern-quay-gets-new-lamps-after-years"
TEXT = (
    "The harbour office said on Tuesday that the work begins in May.\n\nIt costs 40 thousand and takes weeks.\n\n"
    "Fishermen, who have waited since the storm, welcomed it."
)


@pytest.fixture
def other_site(serving: Callable[..., Any]) -> Iterator[LocalSite]:
    """A second site, at another port: another host to the locks."""
    with serving() as site:
        yield site


def test_two_sites_of_one_host_are_crawled_one_after_the_other(
    local_site: LocalSite, project: Callable[..., Project]
) -> None:
    local_site.articles = {BERTH: TEXT, QUAY: TEXT.replace("Tuesday", "Wednesday")}
    paper = project(paper=local_site)
    sites = paper.folder / "sites.toml"
    sites.write_text(sites.read_text() + f'\n[[site]]\nname = "quay"\nurl = "{local_site.url}quay/"\n')
    done = paper.run("crawl")
    assert "busy" not in done.stdout
    assert done.stdout.startswith("2 sites: 2 pages, 2 new"), done.stdout + done.stderr
    assert local_site.most_in_flight == 1
    by_hand = paper.run("crawl", "paper", local_site.url.rstrip("/") + BERTH)
    assert "busy" not in by_hand.stdout
    assert "1 page" in by_hand.stdout


def test_pages_that_lead_to_a_host_of_another_crawl_wait_and_are_left_due(
    local_site: LocalSite, other_site: LocalSite, project: Callable[..., Project]
) -> None:
    theirs = other_site.url.rstrip("/")
    local_site.articles = other_site.articles = {BERTH: TEXT, QUAY: TEXT.replace("Tuesday", "Wednesday")}
    other_site.pages["/robots.txt"] = (200, "text/plain", "")
    local_site.moved[BERTH] = theirs + BERTH
    page = local_site.answer(QUAY)[2].replace("</head>", f'<link rel="canonical" href="{theirs}{QUAY}"></head>')
    local_site.pages[QUAY] = (200, "text/html; charset=utf-8", page)
    paper = project(paper=local_site, other=other_site)
    paper.prelude = "from crawler import settings; settings.BACKISSUE_MAX_WAIT = 1"
    with Archive.open(paper.database) as archive, site_locks(archive, [f"127.0.0.1:{other_site.port}"]):
        held = paper.run("crawl", "paper")
        assert other_site.arrived == 0
        assert held.returncode == 3, held.stderr
        assert held.stdout == "1 site: 1 page, 1 moved, 2 left for the next crawl\n"
    assert paper.run("crawl", "paper").returncode == 0
    with Archive.open(paper.database) as archive:
        assert [article.versions for article in archive.iter_articles()] == [1, 1]


NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def dry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """What `crawl --dry-run` prints of a site that nobody serves."""
    sites = tmp_path / "sites.toml"
    sites.write_text('[[site]]\nname = "paper"\nurl = "https://paper.example/"\nmax_requests_per_hour = 60\n')

    def run(*arguments: str) -> str:
        settings = Settings(f"sqlite:///{tmp_path / 'archive.db'}", sites, now=lambda: NOW)
        # Help as the whole command has it: click keeps the option of the first call, and the documentation shows it.
        done = CliRunner().invoke(crawl, ["--dry-run", *arguments], obj=settings, help_option_names=["-h", "--help"])
        assert done.exit_code == 0, done.output
        return done.output

    return run


def test_a_dry_run_before_the_first_crawl_makes_no_archive(dry: Callable[..., str], tmp_path: Path) -> None:
    said = dry()
    assert "there is no archive yet" in said
    assert "paper: never crawled: robots.txt, https://paper.example/" in said
    assert not (tmp_path / "archive.db").exists()


def test_a_dry_run_says_what_is_due_why_and_what_stands_against_it(dry: Callable[..., str], tmp_path: Path) -> None:
    feed = SourceState(site="paper", url="https://paper.example/feed/", kind="feed", entries=3)
    with Archive.open(f"sqlite:///{tmp_path / 'archive.db'}") as archive:
        archive.add_site("paper", "https://paper.example/")
        archive.save_sources([replace(feed, fetched_at=NOW - timedelta(hours=2), due_at=NOW - timedelta(minutes=10))])
        archive.plan("paper", [Candidate(url="https://paper.example/news/not-yet", found_in="seed")], NOW)
        said = dry()
        assert "paper: 1 page due; 1 of 1 sources" in said
        assert "60 of 60 requests of this hour are left" in said
        assert "feed     https://paper.example/feed/  (last read 120 minutes ago)" in said
        assert "new      https://paper.example/news/not-yet  (never looked at; due since 2026-03-01 12:00 UTC)" in said
        lost = RobotsAnswer(NOW - timedelta(minutes=5), 503, failures=1)
        ArchiveHosts(archive).put_robots("https://paper.example", lost)
        assert "nothing would be fetched: its robots.txt could not be had (HTTP 503)" in dry()
        assert "paper: https://paper.example/x  (asked for by hand" in dry("https://paper.example/x")
