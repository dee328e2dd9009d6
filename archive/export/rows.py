"""Turns records into rows, and rows into JSON, JSON Lines and CSV. Knows no record in particular.

One rule for every machine format: times in UTC as ISO 8601 with "Z", None where nothing is known.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Generic, TypeVar

Record = TypeVar("Record")

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_DANGEROUS_IN_TERMINALS = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Field(Generic[Record]):
    """One column of a listing or an export."""

    name: str
    kind: str
    """text, integer, yes/no, time, list or object."""
    meaning: str
    value: Callable[[Record], object]


def row(fields: Sequence[Field[Record]], record: Record) -> dict[str, Any]:
    """The record as plain JSON values, in the order of the fields."""
    return {field.name: plain(field.value(record)) for field in fields}


def plain(value: object) -> Any:
    """A JSON value.

    >>> plain(datetime(2026, 3, 3, 12, tzinfo=UTC)), plain(("a", "b")), plain(None)
    ('2026-03-03T12:00:00Z', ['a', 'b'], None)
    """
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return value


def iso(moment: datetime) -> str:
    """UTC, with as many digits of a second as it has."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def to_json(value: object, *, indent: int | None = None) -> str:
    """JSON with readable letters; what could steer a terminal or is no letter at all is escaped.

    >>> to_json({"title": "Ségou \\x9b31m"})
    '{"title": "Ségou \\\\u009b31m"}'
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return _DANGEROUS_IN_TERMINALS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def json_array(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """The pieces of one JSON list, a row a line, without holding them all."""
    before = "["
    for each in rows:
        yield f"{before}\n  {to_json(each)}"
        before = ","
    yield "[]\n" if before == "[" else "\n]\n"


def json_lines(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """One JSON object a line."""
    for each in rows:
        yield to_json(each) + "\n"


def csv_lines(names: Sequence[str], rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """A heading and a line a row; cells by `cell`."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(names)
    for each in rows:
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([cell(each.get(name)) for name in names])
    yield buffer.getvalue()


def cell(value: object) -> str | int | float:
    """A CSV cell: lists as JSON, None empty; a text that a spreadsheet would run as a formula gets a leading
    apostrophe (https://owasp.org/www-community/attacks/CSV_Injection).

    >>> cell("=1+1"), cell(-3), cell(["Africa"]), cell(None), cell(True)
    ("'=1+1", -3, '["Africa"]', '', 'true')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    text = value if isinstance(value, str) else to_json(value)
    return "'" + text if text.startswith(_FORMULA) else text
