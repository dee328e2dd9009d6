"""Tables on narrow and wide terminals, colour, the pager."""

from __future__ import annotations

from datetime import UTC, datetime

import click
import pytest
from rich.cells import cell_len

from archive.cli import screen
from archive.cli.screen import Column, local, page, table

Row = tuple[datetime, int, str]
COLUMNS: tuple[Column[Row], ...] = (
    Column("seen", lambda row: row[0]),
    Column("views", lambda row: row[1], right=True),
    Column("title", lambda row: row[2], whole=False),
)
LONG = "A headline that goes on for a good while, 東京 included, and does not end before the terminal does"
ROWS: list[Row] = [(datetime(2026, 3, 3, 12, tzinfo=UTC), 12_400, LONG), (datetime(2026, 3, 3, tzinfo=UTC), 5, "Short")]


@pytest.mark.parametrize("columns", [40, 60, 80, 100])
def test_a_table_fits_the_terminal_and_cuts_only_titles(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = table(COLUMNS, ROWS).splitlines()
    assert max(cell_len(line) for line in lines) <= columns
    assert "12,400" in lines[1]
    assert local(ROWS[0][0]) in lines[1]
    assert lines[1].endswith("…")


def test_nothing_is_cut_where_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    assert LONG in table(COLUMNS, ROWS)


def test_the_heading_of_times_names_the_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "zone", lambda: "CET")
    assert table(COLUMNS, ROWS).startswith("seen (CET)")


def test_markup_in_scraped_text_is_text() -> None:
    assert "[red]not red[/red] :smile:" in table(COLUMNS, [(ROWS[0][0], 1, "[red]not red[/red] :smile:")])


def test_the_pager_is_called_only_for_long_texts_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    paged: list[str] = []
    monkeypatch.setattr(click, "echo_via_pager", lambda text, color: paged.append(text))
    monkeypatch.setenv("LINES", "10")
    page("line\n" * 50)
    assert paged == []
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    page("line\n" * 5)
    page("line\n" * 50, pager=False)
    assert paged == []
    page("line\n" * 50)
    assert len(paged) == 1
