"""The documentation of the commands is made from the commands."""

from __future__ import annotations

import re
from pathlib import Path

from crawler.cli import main
from crawler.commands.reference import page

ROOT = Path(__file__).resolve().parent.parent.parent.parent


def test_the_page_of_the_fetching_commands_is_up_to_date() -> None:
    assert (ROOT / "docs/crawling.md").read_text(encoding="utf-8") == page(), "run python -m crawler.commands.reference"


def test_every_command_is_documented() -> None:
    pages = (ROOT / "docs/crawling.md").read_text() + (ROOT / "docs/commands.md").read_text()
    assert [name for name in main.commands if f"## backissue {name}\n" not in pages] == []


def test_every_command_has_an_example() -> None:
    example = "backissue (--[a-z]+ \\S+ )?{}"
    assert [name for name, each in main.commands.items() if not re.search(example.format(name), each.help or "")] == []
