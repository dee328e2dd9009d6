"""Which captures have their raw answer in a WARC file, as the captures' rows say it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, update

from archive.schema import captures


def note(connection: Connection, paths: Mapping[int, str]) -> None:
    """Notes where the raw answers of captures are kept."""
    change = update(captures).where(captures.c.id == bindparam("number")).values(raw_path=bindparam("path"))
    connection.execute(change, [{"number": number, "path": path} for number, path in sorted(paths.items())])


def forget(connection: Connection, file: str) -> int:
    """Clears what captures say of a WARC file that is let go; how many named it."""
    names_it = captures.c.raw_path.contains(f"{file}:", autoescape=True)
    return connection.execute(update(captures).where(names_it).values(raw_path=None)).rowcount
