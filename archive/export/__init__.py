"""Takes the archive away: versions, engagement, articles and captures as JSON Lines, CSV, JSON or Parquet;
articles as schema.org NewsArticle; all of it as one SQLite file (`sqlite`) or as a static site (`site`).

Streams: memory does not grow with the archive. Knows records and formats, not where the records come from.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from archive.export.fields import ARTICLES, CAPTURES, ENGAGEMENT, VERSIONS
from archive.export.jsonld import NEWS_ARTICLE
from archive.export.rows import Field, Record, csv_lines, json_array, json_lines, row

__all__ = ["ARTICLES", "CAPTURES", "ENGAGEMENT", "EXPORTS", "FORMATS", "VERSIONS", "Field", "export", "lines", "row"]

EXPORTS: dict[str, Sequence[Field[Any]]] = {
    "versions": VERSIONS,
    "engagement": ENGAGEMENT,
    "articles": ARTICLES,
    "captures": CAPTURES,
    "jsonld": NEWS_ARTICLE,
}
FORMATS = ("jsonl", "csv", "json", "parquet")


def lines(fields: Sequence[Field[Record]], records: Iterable[Record], form: str) -> Iterator[str]:
    """The records as pieces of text in jsonl, csv or json."""
    rows = (row(fields, record) for record in records)
    if fields is NEWS_ARTICLE:
        rows = ({name: value for name, value in each.items() if value is not None} for each in rows)
    if form == "csv":
        return csv_lines([field.name for field in fields], rows)
    return json_array(rows) if form == "json" else json_lines(rows)


def export(fields: Sequence[Field[Record]], records: Iterable[Record], form: str, output: Path | None) -> None:
    """Writes to a file, which appears only when it is complete, or (None) to standard output.

    Raises ArchiveError where the format needs what is not installed, OSError where the file cannot be written.
    """
    if output is None:
        write(sys.stdout, lines(fields, records, form))
        return
    with complete(output) as part:
        if form == "parquet":
            from archive.export.parquet import write_parquet

            write_parquet(fields, records, part)
        else:
            with part.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
                file.writelines(lines(fields, records, form))


def write(stream: IO[str], pieces: Iterable[str]) -> None:
    """Writes to a text stream as UTF-8, whatever the terminal's locale (data is data)."""
    stream.flush()
    binary = getattr(stream, "buffer", None)
    for piece in pieces:
        if binary is None:
            stream.write(piece)
        else:
            binary.write(piece.encode("utf-8", "backslashreplace"))
    stream.flush()


@contextmanager
def complete(output: Path) -> Iterator[Path]:
    """A file beside the wanted one that takes its place when all went well, and goes when not."""
    handle, name = tempfile.mkstemp(prefix=f".{output.name}.", suffix=".part", dir=output.parent)
    os.close(handle)
    part = Path(name)
    try:
        yield part
        part.chmod(0o666 & ~_umask())
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
