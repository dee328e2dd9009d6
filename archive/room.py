"""How much room an archive takes on its disks, how fast that grows, and when it will be full."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from archive.errors import Unavailable
from archive.warc import RawStore

if TYPE_CHECKING:
    from archive.store.archive import Archive

LEAST_FREE = 64 << 20
"""Bytes. Below this a crawl stops before the disk is full: SQLite then still has room for its journal."""
MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes."""

    database: int
    raw: int
    """Of the WARC files."""
    database_per_day: float
    """At the pace of the last seven days that had looks, and the room that a look has taken so far."""
    raw_per_day: float
    """Over the last thirty days, or since the first file; before anything expires."""
    free: int | None
    """On the fuller one of the disks that are on this machine; None where there is none (PostgreSQL, nothing raw)."""

    @property
    def days_left(self) -> float | None:
        """Until a crawl would stop; None where nothing grows or the disk is elsewhere."""
        growth = self.database_per_day + self.raw_per_day
        return None if self.free is None or growth <= 0 else max(self.free - LEAST_FREE, 0) / growth


def measure(archive: Archive, raw_folder: Path | None, now: datetime) -> Room:
    """The room of an archive and of its raw captures (in `raw_folder`, or beside it). Raises ArchiveError."""
    storage = archive.storage()
    looks = sum(site.captures for site in archive.stats(now))
    store = RawStore(raw_folder or archive.raw_folder)
    written = [(state.st_mtime, state.st_size) for state in store.states()]
    recent = [(at, size) for at, size in written if at >= (now - MONTH).timestamp()]
    days = min(MONTH.days, max(1.0, (now.timestamp() - min((at for at, _ in written), default=0.0)) / 86_400))
    return Room(
        database=storage.database_bytes,
        raw=sum(size for _, size in written),
        database_per_day=storage.captures_per_day * storage.database_bytes / looks if looks else 0.0,
        raw_per_day=sum(size for _, size in recent) / days,
        free=min((shutil.disk_usage(place).free for place in _places(archive, store.folder)), default=None),
    )


def check(archive: Archive, raw_folder: Path) -> None:
    """Raises Unavailable where a disk of the archive is nearly full (a database server minds its own)."""
    for place in _places(archive, raw_folder):
        if (free := shutil.disk_usage(place).free) < LEAST_FREE:
            raise Unavailable(
                f"only {free >> 20} MiB are free where {str(place)!r} lies; the crawl stopped before anything broke. "
                "Make room and run it again: it goes on where it was"
            )


def words(room: Room) -> str:
    """One line for people.

    >>> words(Room(3 << 20, 1 << 30, 2e6, 3e6, 10 << 30))
    'room: database 3.0 MiB, raw pages 1.0 GiB; about 4.8 MiB more a day; 10.0 GiB free: enough for 5.8 years'
    """
    text = f"room: database {size(room.database)}, raw pages {size(room.raw)}"
    growth = room.database_per_day + room.raw_per_day
    text += f"; about {size(growth)} more a day" if growth else ""
    if room.free is None:
        return text
    text += f"; {size(room.free)} free"
    return text if room.days_left is None else f"{text}: enough for {_span(room.days_left)}"


def size(number: float) -> str:
    """Bytes as people say them.

    >>> size(999), size(3 << 20)
    ('999 B', '3.0 MiB')
    """
    for unit in ("B", "KiB", "MiB", "GiB"):
        if number < 1024:
            return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
        number /= 1024
    return f"{number:.1f} TiB"


def _span(days: float) -> str:
    if days > 36_500:
        return "more than a century"
    return f"{days / 365.25:.1f} years" if days > 730 else f"{days:.0f} days"


def _places(archive: Archive, raw_folder: Path) -> list[Path]:
    """Folders of this machine that the archive writes to."""
    database = archive.database.path
    places = [] if database is None else [database.parent]
    existing = next((each for each in (raw_folder, *raw_folder.absolute().parents) if each.exists()), None)
    return places if existing is None else [*places, existing]
