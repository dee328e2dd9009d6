"""The newest edits of some kinds, however rare they are: read off an index that holds the edits of one kind alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, literal_column, select

from archive.model import EditKind
from archive.schema import versions
from archive.store.judging import mask_of


def newest_edits(
    connection: Connection,
    kinds: Collection[EditKind],
    *,
    stealth: bool | None,
    conditions: Sequence[ColumnElement[bool]],
    limit: int | None,
) -> list[int]:
    """The ids of the newest versions that are of any of the kinds, stealthy where asked, and fulfil the conditions."""
    if stealth:
        is_any = (versions.c.edit_kinds.op("&")(mask_of(kinds)) != 0,) if kinds else ()
        is_stealthy: ColumnElement[bool] = literal_column("versions.stealth")
        return [row.id for row in _rows(connection, "stealth", is_stealthy, (*conditions, *is_any), limit)]
    conditions = conditions if stealth is None else (*conditions, versions.c.stealth.is_(False))
    found: set[tuple[Any, int]] = set()
    for kind in kinds:
        rows = _rows(connection, f"is_{kind.value}", is_of_kind(kind), conditions, limit)
        found.update((row.captured_at, row.id) for row in rows)
    return [number for _, number in sorted(found, reverse=True)[:limit]]


def _rows(
    connection: Connection,
    index: str,
    is_meant: ColumnElement[bool],
    conditions: Sequence[ColumnElement[bool]],
    limit: int | None,
) -> Sequence[Any]:
    query = indexed_by(select(versions.c.captured_at, versions.c.id), index).where(is_meant, *conditions)
    return connection.execute(query.order_by(versions.c.captured_at.desc(), versions.c.id.desc()).limit(limit)).all()


def is_of_kind(kind: EditKind) -> ColumnElement[bool]:
    """The condition, spelled as the kind's index has it: only then a database sees that it may use that."""
    return literal_column(f"versions.edit_kinds & {mask_of([kind])}") != literal_column("0")


def indexed_by(query: Select[Any], index: str) -> Select[Any]:
    """A query of versions that SQLite is to answer by `stealth`, or by the index of a kind: `is_number`."""
    return query.with_hint(versions, f"INDEXED BY ix_versions_{index}", "sqlite")
