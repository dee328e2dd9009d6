"""Puts text on a terminal: colour and pager as git uses them, and nothing that a page could steer it with.

NO_COLOR and FORCE_COLOR are obeyed (https://no-color.org); PAGER and LESS are the user's. rich is imported only here
and only when something is drawn.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Generic, Literal

import click

from archive.export.rows import Record

if TYPE_CHECKING:
    from rich.console import RenderableType

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_READING_WIDTH = 88
_NARROWEST = 8


@dataclass(frozen=True, slots=True)
class Column(Generic[Record]):
    """One column of a table for people; the machine formats have their own fields."""

    head: str
    cell: Callable[[Record], object]
    style: str = ""
    right: bool = False
    whole: bool = True
    """False: may be cut where the terminal is narrow."""


def safe(text: str) -> str:
    """Scraped text without what could move the cursor, colour the screen or turn the line round.

    >>> safe("red \\x1b[31m alert")
    'red �[31m alert'
    """
    return _CONTROLS.sub("�", text)


def one_line(value: object) -> str:
    """A value as a person reads it in one line of a table.

    >>> one_line(("Africa", "Mali")), one_line(None), one_line(1234), one_line(True)
    ('Africa, Mali', '', '1,234', 'yes')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, datetime):
        return local(value)
    if isinstance(value, tuple | list):
        return ", ".join(one_line(item) for item in value)
    return safe(" ".join(str(value).split()))


def local(moment: datetime | None, form: str = "%Y-%m-%d %H:%M") -> str:
    """A time in the machine's own zone, where its user lives."""
    return moment.astimezone().strftime(form) if moment else ""


def zone() -> str:
    """The name of the zone that `local` writes, for a heading."""
    return datetime.now().astimezone().tzname() or "local time"


def colour_wanted() -> bool:
    """Whether what is printed may carry colour."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Columns of the terminal; as good as endless where there is none (nothing is cut in a file)."""
    return shutil.get_terminal_size((1000, 24)).columns


def drawn(*parts: RenderableType) -> str:
    """What rich makes of the parts, as text, in colour where it is wanted."""
    import io

    from rich.console import Console

    colour = colour_wanted()
    console = Console(
        file=io.StringIO(), width=width(), force_terminal=colour, no_color=not colour, highlight=False, emoji=False
    )
    for part in parts:
        console.print(part, markup=False, soft_wrap=isinstance(part, str))
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return "".join(line.rstrip(" ") + "\n" for line in text.splitlines())


def table(columns: Sequence[Column[Record]], records: Iterable[Record]) -> str:
    """A table without lines. Times are local, the first heading of such names the zone; where the terminal is
    narrow, the columns that are not `whole` are cut."""
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    rows = [[column.cell(record) for column in columns] for record in records]
    heads = [column.head for column in columns]
    timed = (place for place in range(len(columns)) if any(isinstance(row[place], datetime) for row in rows))
    if (first := next(timed, None)) is not None:
        heads[first] += f" ({zone()})"
    cells = [heads, *([one_line(value) for value in row] for row in rows)]
    widest = [max(cell_len(row[place]) for row in cells) for place in range(len(columns))]
    widths = shared_widths(widest, [column.whole for column in columns], width())
    drawing = Table(box=None, header_style="dim", pad_edge=False)
    for place, column in enumerate(columns):
        justify: Literal["right", "left"] = "right" if column.right else "left"
        head = Text(heads[place], justify=justify)
        drawing.add_column(head, justify=justify, style=column.style, no_wrap=True, width=widths[place])
    for row in cells[1:]:
        texts = [Text(text) for text in row]
        for text, room in zip(texts, widths, strict=True):
            text.truncate(room, overflow="ellipsis")
        drawing.add_row(*texts)
    return drawn(drawing)


def shared_widths(widest: Sequence[int], whole: Sequence[bool], room: int) -> list[int]:
    """The widths of a table's columns, two apart: the whole ones have all they need, the others share the rest.

    >>> shared_widths([16, 30, 90], [True, False, False], 80)
    [16, 30, 30]
    >>> shared_widths([16, 5, 90], [True, False, False], 80)
    [16, 5, 55]
    """
    left = room - 2 * (len(widest) - 1) - sum(width for width, is_whole in zip(widest, whole, strict=True) if is_whole)
    widths = list(widest)
    others = sorted(
        (width, place) for place, (width, is_whole) in enumerate(zip(widest, whole, strict=True)) if not is_whole
    )
    for done, (width, place) in enumerate(others):
        widths[place] = min(width, max(_NARROWEST, left // (len(others) - done)))
        left -= widths[place]
    return widths


def wrapped(text: str) -> str:
    """Paragraphs broken at a width that reads well on a terminal; as they are where there is none."""
    if not sys.stdout.isatty():
        return text
    columns = min(width(), _READING_WIDTH)
    return "\n\n".join(textwrap.fill(paragraph, columns) for paragraph in text.split("\n\n"))


def styled(text: str, **style: object) -> str:
    """click.style, where colour is wanted."""
    return click.style(text, **style) if colour_wanted() else text  # type: ignore[arg-type]


def page(text: str, *, pager: bool = True) -> None:
    """Prints; through the user's pager where a terminal would scroll."""
    lines = shutil.get_terminal_size().lines
    if pager and sys.stdout.isatty() and sys.stdin.isatty() and text.count("\n") >= lines:
        if not os.environ.get("PAGER"):
            os.environ.setdefault("LESS", "FRX")
        click.echo_via_pager(text, color=colour_wanted())
        return
    click.echo(text, nl=False, color=colour_wanted())
