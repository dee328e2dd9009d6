"""What a version costs: bytes and time of the archive's store beside plain rows, zlib, xz and git, on real edits; and
the time of a diff beside difflib and diff-match-patch.

    python -m benchmarks versions [FOLDER]      # FOLDER holds chains.jsonl.gz, real edit histories

Skips loudly where the folder is missing.
"""

from __future__ import annotations

import gzip
import json
import lzma
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

from sqlalchemy import Connection

from archive import Archive, Capture, Content, Verdict, storage
from archive.store.contents import decode_row
from benchmarks.diffing import compare

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "edits"
BATCH = 200
Chain = list[tuple[datetime, Content]]


def load(folder: Path) -> list[Chain]:
    """The histories, each oldest first."""
    with gzip.open(folder / "chains.jsonl.gz", "rt", encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    return [
        [
            (datetime.fromtimestamp(v["at"], UTC), Content(title=v["title"], body=v["body"].replace("\n", "\n\n")))
            for v in sorted(row["versions"], key=lambda v: float(v["at"]))
        ]
        for row in rows
    ]


def plain(content: Content) -> bytes:
    """The text that every scheme must keep."""
    return f"{content.title}\n{content.body}".encode()


def flat(chains: list[Chain]) -> Iterator[bytes]:
    for chain in chains:
        for _, content in chain:
            yield plain(content)


def measure_archive(chains: list[Chain], folder: Path) -> dict[str, float]:
    """Through the real store: recorded, a dictionary learnt from itself, read back, verified."""
    with Archive.open(f"sqlite:///{folder / 'archive.db'}") as archive:
        captures = [
            Capture(f"https://edits.test/{n}", at, content=content, verdict=Verdict.ARTICLE, site="edits")
            for n, chain in enumerate(chains)
            for at, content in chain
        ]
        begun = time.perf_counter()
        for start in range(0, len(captures), BATCH):
            archive.record_many(captures[start : start + BATCH])
        recorded = time.perf_counter() - begun
        archive.train_dictionary(datetime.now(UTC))
        with archive.database.reading() as connection:
            held = connection.exec_driver_sql("SELECT sum(length(data)) FROM contents").scalar_one()
            dictionary = connection.exec_driver_sql("SELECT sum(length(data)) FROM dictionaries").scalar() or 0
            versions = connection.exec_driver_sql("SELECT count(*) FROM versions").scalar_one()
            places = [tuple(row) for row in connection.exec_driver_sql("SELECT article_id, number FROM versions")]
            texts, calls = _time_reads(connection), _time_calls(archive, places[:: max(len(places) // 500, 1)])
        assert not list(archive.verify()), "the archive is damaged"
        return {
            "versions": versions,
            "bytes": (held + dictionary) / len(captures),
            "write_us": recorded / len(captures) * 1e6,
            "read_us": median(texts) * 1e6,
            "read_p99_us": quantiles(texts, n=100)[98] * 1e6,
            "call_us": median(calls) * 1e6,
            "file": (folder / "archive.db").stat().st_size / versions,
        }


def _time_reads(connection: Connection) -> list[float]:
    """One stored text after another, from its row to the Content: the codec's part of a read."""
    query = "SELECT id, base_id, dictionary_id, data FROM contents ORDER BY id * 7919 % 10007"
    rows = {row.id: row for row in connection.exec_driver_sql(query)}
    learnt = {row.id: row.data for row in connection.exec_driver_sql("SELECT id, data FROM dictionaries")}
    seconds = []
    for row in rows.values():
        base = rows[row.base_id] if row.base_id is not None else None
        begun = time.perf_counter()
        keyframe = decode_row(base, None, learnt.get(base.dictionary_id)) if base is not None else None
        storage.unpack(decode_row(row, keyframe, learnt.get(row.dictionary_id)))
        seconds.append(time.perf_counter() - begun)
    return seconds


def _time_calls(archive: Archive, places: list[tuple[int, int]]) -> list[float]:
    """`Archive.version`, with its queries."""
    seconds = []
    for article, number in places:
        begun = time.perf_counter()
        archive.version(article, number)
        seconds.append(time.perf_counter() - begun)
    return seconds


def measure_git(chains: list[Chain], folder: Path) -> float:
    """A commit a version, then `gc --aggressive`; bytes of the repository."""
    stream = bytearray()
    for n, chain in enumerate(chains):
        for at, content in chain:
            data = plain(content)
            stamp = int(at.timestamp())
            stream += f"commit refs/heads/main\ncommitter x <x@x> {stamp} +0000\ndata 0\n".encode()
            stream += f"M 100644 inline a{n % 100}/{n}\ndata {len(data)}\n".encode() + data + b"\n"
    git = ["git", "-C", str(folder)]
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    subprocess.run([*git, "fast-import", "--quiet"], input=bytes(stream), check=True)
    subprocess.run([*git, "gc", "--aggressive", "--quiet", "--prune=now"], check=True)
    return float(sum(path.stat().st_size for path in (folder / ".git" / "objects").rglob("*") if path.is_file()))


def main(folder: Path = FOLDER) -> None:
    if not (folder / "chains.jsonl.gz").exists():
        print(f"SKIPPED: no edit histories in {folder}")
        return
    chains = load(folder)
    texts = list(flat(chains))
    xz = len(lzma.compress(b"\0".join(texts), preset=9 | lzma.PRESET_EXTREME)) / len(texts)
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        ours = measure_archive(chains, Path(one))
        git = measure_git(chains, Path(other)) / len(texts)
    print(f"{len(chains)} histories, {len(texts)} captures, {ours['versions']:.0f} versions told apart\n")
    print("| scheme | bytes a captured text | times xz |\n|---|---|---|")
    for name, size in (
        ("plain rows", sum(map(len, texts)) / len(texts)),
        ("zlib", sum(len(zlib.compress(text)) for text in texts) / len(texts)),
        ("git gc --aggressive", git),
        ("the archive (dictionary counted)", ours["bytes"]),
        ("xz -9e over everything, no reading of one", xz),
    ):
        print(f"| {name} | {size:,.0f} | {size / xz:.2f} |")
    print(
        f"\nread of a text: median {ours['read_us']:.0f} us, p99 {ours['read_p99_us']:.0f} us;"
        f" Archive.version with its queries: median {ours['call_us']:.0f} us"
        f"\nrecording: {ours['write_us']:.0f} us a capture, diff and search index included;"
        f" the whole database: {ours['file']:,.0f} bytes a version\n"
    )
    compare(folder, seconds=20)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
