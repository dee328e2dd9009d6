"""How long do the pages take on a large archive? `python -m benchmarks.pages [--articles 100000] [--database FILE]`

Makes the archive (three versions an article, 20 sites) unless the file is there, then asks each page 30 times. Prints
the median and the 95th percentile of the whole answer, and the median of the processor's time (which a busy machine
does not lengthen), in milliseconds. Goal: 95th percentile <= 150 ms.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from starlette.testclient import TestClient

from archive import Archive
from archive.model import Capture, Content, Counter, Engagement, Verdict
from archive.queries.read_only import ReadOnlyArchive
from archive.web import WebSettings, create_app

START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = START + timedelta(days=60)
WORDS = [
    f"{a}{b}{c}"
    for a in ("bra", "den", "kol", "mi", "sta", "vor")
    for b in ("ta", "li", "ne", "ro")
    for c in ("n", "s", "ck", "")
]
SITES = [f"site{number:02}" for number in range(20)]
TURNS = 30


def sentence(chance: random.Random, length: int) -> str:
    """Words of no language, with a number among them."""
    words = chance.choices(WORDS, k=length)
    words[length // 2] = str(chance.randrange(2, 999))
    return " ".join(words).capitalize() + "."


def looks(articles: int) -> Iterator[Capture]:
    """Three looks an article, each finding another text; one article in five shows counters."""
    chance = random.Random(7)
    for number in range(articles):
        site = SITES[number % len(SITES)]
        at = START + timedelta(minutes=86_400 * number / articles)
        title, body = sentence(chance, 8), [sentence(chance, 28) for _ in range(9)]
        for turn in range(3):
            if turn:
                body = [*body]
                body[chance.randrange(9)] = sentence(chance, 28)
            counted = (
                Engagement(views=Counter(turn * 500 + number % 3000, True, "x", "label")) if number % 5 == 0 else None
            )
            said = Content(
                title=title,
                body="\n\n".join(body),
                authors=(f"Author {number % 400}",),
                categories=(f"Label {number % 60}",),
                topics=("11000000",),
                language="en",
                published_at=at,
                modified_at=at,
            )
            yield Capture(
                url=f"https://{site}.test/{number}",
                captured_at=at + timedelta(hours=3 * turn),
                site=site,
                verdict=Verdict.ARTICLE,
                status=200,
                content=said,
                engagement=counted,
            )


def build(path: Path, articles: int) -> None:
    """Writes the archive."""
    with Archive.open(f"sqlite:///{path}") as archive:
        batch: list[Capture] = []
        for look in looks(articles):
            batch.append(look)
            if len(batch) == 1500:
                archive.record_many(batch)
                batch = []
        archive.record_many(batch)


def pages(archive: ReadOnlyArchive) -> list[str]:
    """One page of each sort."""
    edit = archive.changes(limit=1)[0]
    number, old, new = edit.new.article_id, edit.old.id, edit.new.id
    word = WORDS[5]
    return [
        "/", "/?all=true", "/?kind=correction", "/?stealth=true&site=site03", "/sites", "/sites/site03", "/articles",
        "/articles?site=site03&category=Label+3&views=1000", "/articles?kind=number&text=" + word,
        f"/articles/{number}", f"/versions/{new}", f"/diff/{old}/{new}", f"/search?q={word}+{WORDS[9]}+{WORDS[40]}",
        f"/search?q={word}", "/as-of?at=2026-02-01", "/as-of?at=2026-02-01&site=site03", "/categories",
        "/categories?site=site03", "/changes.atom", "/metrics", "/api/v1/changes", "/api/v1/articles?limit=200",
    ]  # fmt: skip


def measure(path: Path) -> None:
    """Asks, and prints a line a page."""
    with ReadOnlyArchive.open(f"sqlite:///{path}") as archive:
        client = TestClient(create_app(archive, WebSettings(now=lambda: NOW)), base_url="http://localhost")
        print(f"{'median':>8}{'p95':>8}{'cpu':>8}  status  page")
        for page in pages(archive):
            times, work = [], []
            for _ in range(TURNS):
                began, busy = time.perf_counter(), time.process_time()
                answer = client.get(page)
                times.append((time.perf_counter() - began) * 1000)
                work.append((time.process_time() - busy) * 1000)
            p95 = statistics.quantiles(times, n=20)[-1]
            medians = f"{statistics.median(times):8.0f}{p95:8.0f}{statistics.median(work):8.0f}"
            print(f"{medians}  {answer.status_code}     {page}", flush=True)


def main() -> None:
    """Builds if need be, then measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--database", type=Path, default=Path("/tmp/pages.db"))
    given = parser.parse_args()
    if not given.database.exists():
        began = time.perf_counter()
        build(given.database, given.articles)
        print(f"{given.articles} articles written in {time.perf_counter() - began:.0f} s")
    measure(given.database)


if __name__ == "__main__":
    main()
