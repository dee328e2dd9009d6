"""Copies of a whole SQLite archive: made while a crawl writes, brought back only if they are what they claim.

Knows files, not articles. PostgreSQL has tools of its own (pg_dump).
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from archive.errors import ArchiveError, Unavailable
from archive.store.archive import Archive

_PAGES = 4096
_OBJECTS = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"


class NoBackup(ArchiveError):
    """A backup was not made, or was not brought back. Nothing was changed."""


def backup(archive: Archive, file: Path) -> None:
    """Copies the archive as it stands into a new file, which appears when it is complete. Raises ArchiveError."""
    if file.exists():
        raise NoBackup(f"{str(file)!r} exists; name a new file")
    try:
        with _part(file) as part:
            archive.backup(part)
            _as_one_file(part)
    except (sqlite3.Error, OSError) as error:
        raise NoBackup(f"writing {str(file)!r} failed: {error}") from error


def restore(file: Path, target: Path) -> None:
    """Puts a backup where no archive is, after looking through all of it. Raises NoBackup."""
    if target.exists():
        raise NoBackup(f"an archive is at {str(target)!r}; move it away first, restore never writes over one")
    if not file.is_file():
        raise NoBackup(f"there is no file {str(file)!r}")
    try:
        _check_file(file)
    except sqlite3.DatabaseError as error:
        raise NoBackup(f"{str(file)!r} is no sound SQLite file: {error}") from error
    try:  # all of the file was read: what fails now is the place that it is to have
        with _part(target) as part:
            with closing(sqlite3.connect(_read_only(file), uri=True)) as old, closing(sqlite3.connect(part)) as new:
                old.backup(new, pages=_PAGES)
            _check_tables(part)
    except (sqlite3.Error, OSError, Unavailable) as error:
        raise NoBackup(f"writing {str(target)!r} failed: {error}") from error


def _check_file(file: Path) -> None:
    """Whole, and without what would run by itself. Raises NoBackup."""
    with closing(sqlite3.connect(_read_only(file), uri=True)) as connection:
        connection.execute("PRAGMA trusted_schema=OFF")
        odd = [f"{kind} {name}" for kind, name, *_ in connection.execute(_OBJECTS) if kind in ("trigger", "view")]
        if odd:
            raise NoBackup(f"{str(file)!r} is no backup of an archive: it carries the {odd[0]}, which none has")
        [said] = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if said != "ok":
            raise NoBackup(f"{str(file)!r} is damaged: {said}")


def _check_tables(part: Path) -> None:
    """Exactly the tables of an archive, once brought up to date. Raises NoBackup."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "fresh.db"
        try:
            for file, create in ((fresh, True), (part, False)):
                Archive.open(f"sqlite:///{file}", create=create).close()
        except Unavailable:
            raise
        except ArchiveError as error:
            raise NoBackup(f"this is no backup of an archive: {error}") from error
        wanted, found = _objects(fresh), _objects(part)
    if wanted != found:
        names = ", ".join(sorted({str(each[1]) for each in wanted ^ found})[:3])
        raise NoBackup(f"this is no backup of an archive: its tables differ ({names})")
    _as_one_file(part)


def _as_one_file(part: Path) -> None:
    """Without a -wal beside it."""
    with closing(sqlite3.connect(part)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def _objects(file: Path) -> set[tuple[object, ...]]:
    with closing(sqlite3.connect(_read_only(file), uri=True)) as connection:
        return set(connection.execute(_OBJECTS))


def _read_only(file: Path) -> str:
    return f"{file.absolute().as_uri()}?mode=ro"


@contextmanager
def _part(wanted: Path) -> Iterator[Path]:
    """A file beside the wanted one that takes its place when all went well."""
    if not wanted.absolute().parent.is_dir():
        raise NoBackup(f"there is no folder {str(wanted.absolute().parent)!r}")
    with tempfile.TemporaryDirectory(prefix=f".{wanted.name}.", dir=wanted.absolute().parent) as folder:
        part = Path(folder) / "part.db"
        yield part
        part.replace(wanted)
