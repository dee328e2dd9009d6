"""How fast looks are recorded: new articles, changed ones, unchanged ones, a CPU second of one process on SQLite.

    python -m benchmarks recording [FOLDER]      # FOLDER holds chains.jsonl.gz, real edit histories

The texts are real; every capture has the metadata and counters that a news page gives. Batches of 100, as a crawl
writes them. Skips loudly where the folder is missing.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive import Archive, Capture, Content, Counter, Engagement, Verdict
from benchmarks.versions import FOLDER, load

BATCH = 100
ARTICLES = 1500
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PROVENANCE = {"title": "json-ld", "body": "model", "authors": "json-ld", "published_at": "json-ld"}


def captures(texts: Iterable[Content], at: datetime, views: int) -> list[Capture]:
    """One look at each page."""
    return [_capture(number, text, at + timedelta(seconds=number), views) for number, text in enumerate(texts)]


def _capture(number: int, text: Content, at: datetime, views: int) -> Capture:
    url = f"https://www.news{number % 7}.example/world/2026/03/01/a-headline-of-seven-words-{number}"
    content = replace(
        text,
        summary=(text.body or "")[:150],
        authors=(f"Reporter {number % 40}",),
        categories=("World",),
        tags=("flood", f"tag {number % 90}"),
        topics=("06000000",),
        language="en",
        published_at=NOON,
        modified_at=NOON,
        canonical_url=url,
        image_url=f"{url}.jpg",
        access="full",
    )
    counter = Counter(views + number, True, str(views + number), "json-ld")
    return Capture(
        url=f"{url}?utm_source=feed",
        captured_at=at,
        content=content,
        engagement=Engagement(views=counter, comments_open=True),
        verdict=Verdict.ARTICLE,
        status=200,
        final_url=url,
        site=f"news{number % 7}",
        extractor="1",
        etag=f'"{number}"',
        provenance=PROVENANCE,
        crawl_id=1,
    )


def record(archive: Archive, looks: list[Capture]) -> str:
    """Records the looks; looks a second of CPU, and of the clock."""
    clock, cpu = time.perf_counter(), time.process_time()
    for start in range(0, len(looks), BATCH):
        archive.record_many(looks[start : start + BATCH])
    cpu, clock = time.process_time() - cpu, time.perf_counter() - clock
    return f"{len(looks) / cpu:,.0f} | {len(looks) / clock:,.0f}"


def main(folder: Path = FOLDER) -> None:
    if not (folder / "chains.jsonl.gz").exists():
        print(f"SKIPPED: no edit histories in {folder}")
        return
    chains = [chain for chain in load(folder) if len(chain) > 1 and chain[0][1] != chain[1][1]][:ARTICLES]
    first, second = ([chain[n][1] for chain in chains] for n in (0, 1))
    with tempfile.TemporaryDirectory() as place, Archive.open(f"sqlite:///{place}/archive.db") as archive:
        print(f"{len(chains)} articles\n\n| looks | a CPU second | a second |\n|---|---|---|")
        print(f"| new | {record(archive, captures(first, NOON, 10))} |")
        print(f"| changed | {record(archive, captures(second, NOON + timedelta(hours=5), 20))} |")
        print(f"| unchanged, counters moved | {record(archive, captures(second, NOON + timedelta(hours=9), 30))} |")
        print(f"| unchanged | {record(archive, captures(second, NOON + timedelta(hours=19), 30))} |")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
