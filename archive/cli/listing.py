"""What every listing has in common: --format, --limit, --no-pager, and how its rows are printed."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any, TypeVar

import click

from archive import export
from archive.cli import screen
from archive.cli.screen import Column
from archive.export import Field
from archive.export.rows import Record

Command = TypeVar("Command", bound=Callable[..., Any])

TABLE_LIMIT = 50


def format_option(command: Command) -> Command:
    """--format for a command that lists rows, and --no-pager."""
    options = (
        click.option("--no-pager", "pager", flag_value=False, default=True, help="Print long tables straight out."),
        click.option(
            "--format",
            "form",
            type=click.Choice(("table", "json", "jsonl", "csv")),
            default="table",
            show_default=True,
            help="A table has local times; the others have UTC, and every field.",
        ),
    )
    return functools.reduce(lambda wrapped, option: option(wrapped), options, command)


def limit_option(command: Command) -> Command:
    """--limit for a listing that can be long."""
    return click.option(
        "--limit",
        type=click.IntRange(min=0),
        help=f"At most so many rows, 0 for all.  [default: {TABLE_LIMIT} in a table, else all]",
    )(command)


def row_limit(limit: int | None, form: str) -> int | None:
    """How many rows to ask for: what was said, or a screenful for a table; None = all."""
    if limit is None:
        return TABLE_LIMIT if form == "table" else None
    return min(limit, sys.maxsize - 1) or None


def show_rows(
    fields: Sequence[Field[Record]],
    columns: Sequence[Column[Record]],
    records: Iterable[Record],
    form: str,
    *,
    limit: int | None = None,
    pager: bool = True,
    empty: str = "nothing found",
) -> None:
    """Prints the records; a machine format streams, a table is one page. `limit` as `row_limit` gave it:
    give one record more than that and the table says that there are more."""
    if form != "table":
        export.write(sys.stdout, export.lines(fields, islice(records, limit), form))
        return
    shown = list(records if limit is None else islice(records, limit + 1))
    more = limit is not None and len(shown) > limit
    if not shown:
        click.echo(empty, err=True)
        return
    text = screen.table(columns, shown[:limit])
    if more:
        text += screen.styled(f"… and more; --limit 0 shows all, --limit N the first N (these are {limit})\n", dim=True)
    screen.page(text, pager=pager)
