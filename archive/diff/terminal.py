"""A Change for the terminal: side by side where there is room, else as one running text."""

from __future__ import annotations

import io

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from archive.diff.change import Change, ParagraphOp
from archive.diff.render import Mark, Row, Segment, describe, rows, segments, summary

#: Narrower than this two columns are hard to read.
SIDE_BY_SIDE_FROM = 100
_STYLES = {Mark.SAME: "", Mark.REMOVED: "red strike", Mark.ADDED: "green bold"}
#: What stands where there is no colour to tell old from new.
_FRAMES = {Mark.SAME: "{}", Mark.REMOVED: "[-{}-]", Mark.ADDED: "{{+{}+}}"}
_SIGNS = {"added": ("+", "green"), "removed": ("-", "red"), "moved": ("↕", "cyan"), "moved_changed": ("↕", "cyan")}


def to_terminal(change: Change, width: int = 100, colour: bool = True) -> str:
    """The Change as lines of at most `width` columns, ANSI colours where asked for; ends without a line break."""
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=colour, no_color=not colour, highlight=False)
    body = _columns(change, colour) if width >= SIDE_BY_SIDE_FROM else _running(change, colour)
    console.print(Group(Text(summary(change), style="bold"), Text(""), body, *_notes(change)))
    return "\n".join(line.rstrip() for line in out.getvalue().rstrip("\n").split("\n"))


def _columns(change: Change, colour: bool) -> RenderableType:
    table = Table(expand=True, show_edge=False, pad_edge=False, header_style="bold", show_lines=False, box=None)
    table.add_column("", width=1)
    table.add_column("before", ratio=1)
    table.add_column("after", ratio=1)
    unchanged = 0
    for row in [*rows(change), None]:
        if row is not None and row.op == ParagraphOp.SAME:
            unchanged += 1
            continue
        if unchanged:
            table.add_row("", Text(_unchanged(unchanged), style="dim"), "")
            unchanged = 0
        if row is not None:
            table.add_row(_sign(row.op), _left(row, colour), _text(row.new, colour))
            table.add_row("", "", "")
    return table


def _left(row: Row, colour: bool) -> Text:
    text = _text(row.old, colour)
    return Text.assemble((f"({row.note}) ", "cyan"), text) if row.note else text


def _running(change: Change, colour: bool) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    table.add_column(width=1)
    table.add_column()
    for row in rows(change):
        if row.op in ("title", "categories", "authors"):
            inline = segments(change.title) if row.op == "title" and change.title else [*row.old, *row.new]
            table.add_row("~", Text.assemble((f"{row.note}: ", "cyan"), _text(inline, colour)))
    unchanged = 0
    for edit in change.paragraphs:
        if edit.op is ParagraphOp.SAME:
            unchanged += 1
            continue
        if unchanged:
            table.add_row("", Text(_unchanged(unchanged), style="dim"))
            unchanged = 0
        whole = {ParagraphOp.ADDED: Mark.ADDED, ParagraphOp.REMOVED: Mark.REMOVED}.get(edit.op)
        shown = [Segment(whole, edit.new or edit.old)] if whole else segments(edit)
        note = describe(edit)
        text = _text(shown, colour or whole is not None)
        table.add_row(_sign(str(edit.op)), Text.assemble((f"({note}) ", "cyan"), text) if note else text)
    if unchanged:
        table.add_row("", Text(_unchanged(unchanged), style="dim"))
    return table


def _notes(change: Change) -> list[Text]:
    found = []
    for notice in change.notices:
        about = notice.about.new_index if notice.about else None
        target = f", about paragraph {about + 1}" if about is not None else ""
        found.append(Text(f"! a {notice.kind} note was added{target}", style="yellow"))
    return found


def _sign(op: str) -> Text:
    sign, style = _SIGNS.get(op, ("~", "yellow"))
    return Text(sign, style=style)


def _text(shown: list[Segment] | tuple[Segment, ...], colour: bool) -> Text:
    text = Text()
    for mark, words in shown:
        text.append(words if colour else _FRAMES[mark].format(words), style=_STYLES[mark] if colour else "")
    return text


def _unchanged(count: int) -> str:
    return f"… {count} paragraph{'s' if count > 1 else ''} unchanged"
