"""Writes records as Parquet through pyarrow (the extra "parquet"), a thousand rows at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

from archive.errors import ArchiveError
from archive.export.rows import Field, Record, plain

BATCH = 1000


class ParquetMissing(ArchiveError):
    """pyarrow is not installed; every other format works without it."""

    def __init__(self) -> None:
        super().__init__("Parquet needs pyarrow, which is not installed; pip install 'backissue[parquet]' brings it")


def write_parquet(fields: Sequence[Field[Record]], records: Iterable[Record], path: Path) -> None:
    """Times are timestamps in UTC, lists are lists of text. Raises ParquetMissing."""
    try:
        pyarrow = import_module("pyarrow")
        parquet = import_module("pyarrow.parquet")
    except ImportError as error:
        raise ParquetMissing from error
    types: dict[str, Any] = {
        "text": pyarrow.string(),
        "integer": pyarrow.int64(),
        "yes/no": pyarrow.bool_(),
        "time": pyarrow.timestamp("us", tz="UTC"),
        "list": pyarrow.list_(pyarrow.string()),
    }
    schema = pyarrow.schema([pyarrow.field(field.name, types[field.kind]) for field in fields])
    rows = ({field.name: _typed(field.value(record)) for field in fields} for record in records)
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        while batch := list(islice(rows, BATCH)):
            writer.write_table(pyarrow.Table.from_pylist(batch, schema=schema))


def _typed(value: object) -> object:
    """As `plain`, but a time stays a time."""
    return value.astimezone(UTC) if isinstance(value, datetime) else plain(value)
