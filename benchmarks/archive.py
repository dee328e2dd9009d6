"""A large archive, and how long every question takes that a page or a command asks of it.

    python -m benchmarks archive [--articles 1000000] [--looks 60] [--keep FILE] [--only WORD]

Builds an SQLite archive of N articles and 3 N versions over 200 sites: the tables by the project's own migrations,
the rows by bulk SQL (`record_many` would take hours), the texts synthetic. Then asks each question many times, each
time of another article, site or day, on warm caches, and prints median and 99th percentile beside the targets.
`--keep` builds into FILE, or uses it where it exists.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from statistics import median

from archive import Archive, EditKind, NotFound, Outcome
from archive.queries.read_only import ReadOnlyArchive
from benchmarks.bulk import COPIED, CRAWLS, NEWEST, SITES, SPAN, build, url_of

MEDIAN_MS, P99_MS = 10.0, 100.0
Question = Callable[[], object]


def questions(archive: ReadOnlyArchive, writer: Archive, articles: int) -> dict[str, Question]:
    """What is asked, by name."""
    pick = random.Random(1)

    def number() -> int:
        return pick.randrange(1, articles + 1)

    def site() -> str:
        return f"site{pick.randrange(SITES):03}"

    def moment() -> object:
        return NEWEST - timedelta(seconds=pick.randrange(int(SPAN.total_seconds())))

    def last(days: int) -> object:
        return NEWEST - timedelta(days=days)

    ask: dict[str, Question] = {
        "article by id": lambda: archive.article(number()),
        "article by URL": lambda: archive.article(url_of(number())),
        "versions of an article": lambda: archive.versions(number()),
        "version by number": lambda: archive.version(number(), -1),
        "history": lambda: archive.history(number()),
        "copies of an article": lambda: archive.family(number()),
        "copies of an article that has some": lambda: archive.family(pick.randrange(1, min(COPIED, articles) + 1)),
        "captures of an article": lambda: archive.captures(number()),
        "engagement": lambda: archive.engagement(number()),
        "as of, an article": lambda: archive.as_of(number(), moment()),  # type: ignore[arg-type]
        "as of, a site": lambda: archive.page_as_of(moment(), site=site(), limit=50),  # type: ignore[arg-type]
        "as of, everything": lambda: archive.page_as_of(moment()),  # type: ignore[arg-type]
        "versions at, a site": lambda: archive.versions_at(moment(), site=site(), limit=50),  # type: ignore[arg-type]
    }
    page: dict[str, Callable[[], object]] = {"limit": lambda: 50}
    listings: dict[str, dict[str, Callable[[], object]]] = {
        "": {},
        "site": {"site": site},
        "category": {"category": lambda: f"Category {pick.randrange(40)}"},
        "rare category": {"category": lambda: f"Rare {pick.randrange(500)}"},
        "site, category": {"site": site, "category": lambda: f"Category {pick.randrange(40)}"},
        "topic": {"topic": lambda: f"{pick.randrange(1, 17):02}000000"},
        "author": {"author": lambda: f"Reporter {pick.randrange(20000)}"},
        "site, author": {"site": site, "author": lambda: f"Reporter {pick.randrange(20000)}"},
        "language": {"language": lambda: pick.choice(["en", "de", "fr"])},
        "rare language": {"language": lambda: "fi"},
        "unknown language": {"language": lambda: "xx"},
        "site, language": {"site": site, "language": lambda: "fi"},
        "published since": {"published_since": lambda: last(3)},
        "published, an old day": {
            "published_since": lambda: NEWEST - timedelta(days=700),
            "published_until": lambda: NEWEST - timedelta(days=699),
        },
        "changed since": {"changed_since": lambda: last(1)},
        "site, changed since": {"site": site, "changed_since": lambda: last(7)},
        "captured, an old day": {
            "captured_since": lambda: NEWEST - timedelta(days=700),
            "captured_until": lambda: NEWEST - timedelta(days=699),
        },
        "many views": {"at_least": lambda: {"views": 990_000}},
        "many comments": {"at_least": lambda: {"comments": 990}},
        "many views and comments": {"at_least": lambda: {"views": 900_000, "comments": 900}},
        "site, many views": {"site": site, "at_least": lambda: {"views": 900_000}},
        "gone": {"gone": lambda: True},
        "site, gone": {"site": site, "gone": lambda: True},
        "site, category, changed since": {
            "site": site,
            "category": lambda: f"Category {pick.randrange(40)}",
            "changed_since": lambda: last(30),
        },
    }
    for name, chosen in listings.items():
        ask[f"articles: {name or 'all'}"] = _with(archive.articles, chosen | page)
    edits: dict[str, dict[str, Callable[[], object]]] = {
        "": {},
        "site": {"site": site},
        "kind": {"kinds": lambda: [EditKind.WORDING]},
        "rare kind": {"kinds": lambda: [EditKind.CORRECTION]},
        "kind that never was": {"kinds": lambda: [EditKind.REWRITTEN]},
        "two rare kinds": {"kinds": lambda: [EditKind.CORRECTION, EditKind.QUOTE]},
        "site, rare kind": {"site": site, "kinds": lambda: [EditKind.CORRECTION]},
        "stealth": {"stealth": lambda: True},
        "site, stealth": {"site": site, "stealth": lambda: True},
        "stealth, rare kind": {"stealth": lambda: True, "kinds": lambda: [EditKind.QUOTE]},
        "rare kind, a day": {"kinds": lambda: [EditKind.CORRECTION], "since": lambda: last(1)},
        "site, stealth, rare kind, a week": {
            "site": site,
            "stealth": lambda: True,
            "kinds": lambda: [EditKind.NUMBER],
            "since": lambda: last(7),
        },
        "article": {"article": number},
    }
    for name, chosen in edits.items():
        ask[f"changes: {name or 'all'}"] = _with(archive.edit_heads, chosen | page)
    for name in ("", "site", "rare kind", "stealth"):
        ask[f"changes with texts: {name or 'all'}"] = _with(archive.changes, edits[name] | page)
    return ask | {
        "count of changes, a day": lambda: archive.count_changes(since=last(1), until=NEWEST),  # type: ignore[arg-type]
        "search: a rare word": lambda: archive.search(f"name{pick.randrange(50000)}"),
        "search: a frequent word": lambda: archive.search("w3"),
        "search: two words": lambda: archive.search(f"w{pick.randrange(400)} name{pick.randrange(50000)}"),
        "search: two frequent words": lambda: archive.search("w3 w5"),
        "search: a phrase": lambda: archive.search('"w3 w5"'),
        "search: a rare word, ranked": lambda: archive.search(f"name{pick.randrange(50000)}", ranked=True),
        "search: a frequent word, ranked": lambda: archive.search("w3", ranked=True),
        "search: a frequent word, a site": lambda: archive.search("w3", site=site()),
        "captures: all": lambda: archive.captures(limit=50),
        "captures: site": lambda: archive.captures(site=site(), limit=50),
        "captures: outcome": lambda: archive.captures(outcome=Outcome.GONE, limit=50),
        "captures: site, outcome": lambda: archive.captures(site=site(), outcome=Outcome.GONE, limit=50),
        "captures: a crawl": lambda: archive.captures(crawl_id=pick.randrange(1, CRAWLS + 1), limit=50),
        "sites": lambda: archive.sites(),
        "stats": lambda: archive.stats(NEWEST),
        "health of a site, 30 days": lambda: archive.health(site(), since=last(30), until=NEWEST),  # type: ignore[arg-type]
        "habits of a site, 30 days": lambda: archive.habits(site=site(), since=last(30), until=NEWEST),  # type: ignore[arg-type]
        "habits of all, 7 days": lambda: archive.habits(since=last(7), until=NEWEST),  # type: ignore[arg-type]
        "storage": lambda: archive.storage(),
        "labels: categories": lambda: archive.labels(),
        "labels: authors": lambda: archive.labels("author"),
        "labels: categories of a site": lambda: archive.labels(site=site()),
        "categories with topics": lambda: archive.category_topics(),
        "categories with topics of a site": lambda: archive.category_topics(site=site()),
        "outcomes of a site, 7 days": lambda: archive.outcomes(site=site(), since=last(7)),  # type: ignore[arg-type]
        "outcomes of a crawl": lambda: archive.outcomes(crawl_id=pick.randrange(1, CRAWLS + 1)),
        "crawls": lambda: archive.crawls(),
        "quarantined": lambda: archive.quarantined(),
        "due at a site, 500": lambda: writer.due(site(), NEWEST, 500),
        "next due at a site": lambda: writer.next_due_at(site()),
        "plan: known addresses, 500": lambda: archive.known_addresses([url_of(number()) for _ in range(500)]),
        "known looks, 100": lambda: archive.known_looks([(url_of(number()), NEWEST) for _ in range(100)]),
    }


def _with(ask: Callable[..., object], chosen: dict[str, Callable[[], object]]) -> Question:
    return lambda: ask(**{name: draw() for name, draw in chosen.items()})


def measure(question: Question, looks: int) -> tuple[float, float]:
    """Median and 99th percentile in milliseconds of CPU (the machine may be shared); fewer looks at slow answers."""
    taken: list[float] = []
    given_up = time.monotonic() + 8
    while len(taken) < looks + 1 and (len(taken) < 4 or time.monotonic() < given_up):
        begun = time.process_time()
        with suppress(NotFound):
            question()
        taken.append((time.process_time() - begun) * 1000)
    warm = sorted(taken[1:])
    return median(warm), warm[min(len(warm) - 1, int(len(warm) * 0.99))]


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--articles", type=int, default=20_000)
    reader.add_argument("--looks", type=int, default=60)
    reader.add_argument("--keep", type=Path)
    reader.add_argument("--only", default="")
    given = reader.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = (given.keep or Path(folder) / "archive.db").absolute()
        if not path.exists():
            begun = time.monotonic()
            build(path, given.articles)
            print(f"built in {time.monotonic() - begun:.0f} s")
        report(path, given.looks, given.only)


def report(path: Path, looks: int, only: str) -> None:
    with Archive.open(f"sqlite:///{path}") as writer, ReadOnlyArchive.open(f"sqlite:///{path}") as archive:
        with archive.database.reading() as connection:
            articles = connection.exec_driver_sql("SELECT max(id) FROM articles").scalar_one()
            versions = connection.exec_driver_sql("SELECT max(id) FROM versions").scalar_one()
        print(f"{articles:,} articles, {versions:,} versions, {path.stat().st_size / versions:,.0f} bytes a version\n")
        print("| question | median CPU ms | p99 | |\n|---|---|---|---|", flush=True)
        for name, question in questions(archive, writer, articles).items():
            if only in name:
                middle, worst = measure(question, looks)
                mark = "" if middle <= MEDIAN_MS and worst <= P99_MS else "over"
                print(f"| {name} | {middle:.1f} | {worst:.1f} | {mark} |", flush=True)


if __name__ == "__main__":
    main()
