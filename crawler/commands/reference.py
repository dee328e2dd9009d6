"""Writes docs/crawling.md from the commands themselves: `python -m crawler.commands.reference`; a test compares."""

from __future__ import annotations

from pathlib import Path

from archive.cli.reference import commands_page
from crawler.commands import own_commands


def page() -> str:
    """The help of each command that crawls, extracts or imports."""
    commands = {command.name or "": command for command in own_commands}
    return commands_page(commands, "Commands that crawl, extract and import", "crawler.commands.reference")


if __name__ == "__main__":
    Path("docs/crawling.md").write_text(page(), encoding="utf-8")
