"""Takes raw answers away as one WARC file, their records as they stand in the archive's own files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from warcio.warcwriter import WARCWriter

from archive.errors import Damaged, NotFound
from archive.export import complete
from archive.model import Capture
from archive.warc import RawStore


@dataclass(slots=True)
class Taken:
    """What an export came to."""

    captures: int = 0
    lost: int = 0
    """Captures whose raw answer is no longer there, or cannot be read."""


def export_warc(captures: Iterable[Capture], store: RawStore, output: Path) -> Taken:
    """Copies the raw answers of these captures into a file, which appears only when it is complete."""
    taken = Taken()
    with complete(output) as part, part.open("wb") as file:
        writer = WARCWriter(file, gzip=True, warc_version="WARC/1.1")
        info = {"software": "Backissue", "format": "WARC File Format 1.1"}
        writer.write_record(writer.create_warcinfo_record(output.name, info))
        for capture in captures:
            try:
                file.write(store.copy(capture.raw_path or ""))
                taken.captures += 1
            except (NotFound, Damaged):
                taken.lost += 1
    return taken
