"""Writes docs/commands.md and docs/export.md from the commands and the export fields themselves.

`python -m archive.cli.reference` rewrites both; a test says when they are behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from archive.export import EXPORTS

_WIDTH = 100


def commands_page(
    commands: Mapping[str, click.Command],
    title: str = "Commands that read and keep the archive",
    maker: str = "archive.cli.reference",
) -> str:
    """The help of each command, in alphabetical order, as `backissue COMMAND --help` prints it."""
    lines = [
        f"# {title}",
        "",
        "Each takes its archive from `backissue --database URL` or `BACKISSUE_DATABASE` (default: `backissue.db` in",
        f"the current folder). Made from the commands' own help by `python -m {maker}`.",
    ]
    for name, command in sorted(commands.items()):
        for path, each in _with_subcommands(name, command):
            lines += [
                "",
                f"{'##' if ' ' not in path else '###'} backissue {path}",
                "",
                "```text",
                _help(path, each),
                "```",
            ]
    return "\n".join(lines) + "\n"


def export_page() -> str:
    """The data dictionary of the export rows."""
    lines = [
        "# What `backissue export` gives",
        "",
        "One row a record, with these fields in this order, in every format. Made from the code by",
        "`python -m archive.cli.reference`.",
        "",
        "- Times are ISO 8601 in UTC (`2026-03-03T12:00:00Z`); in Parquet, timestamps.",
        "- `null` (an empty cell in CSV) means that the page does not say; `0` and `[]` only where it says so.",
        '- In CSV, lists are JSON (`["Africa"]`), and a text that begins with `=`, `+`, `-`, `@`, a tab or a line',
        "  break has an apostrophe put before it, so that no spreadsheet runs it as a formula. The other formats have",
        "  every text as it is.",
        "- `jsonld` gives an article as schema.org NewsArticle, in JSON alone; what is not known is left out.",
        "- `export sqlite` writes articles, versions, engagement and captures as tables of these columns: times as",
        "  text, lists as JSON, yes and no as 1 and 0; `versions_search` (FTS5) finds words in titles and bodies.",
        "- `export site DIR` writes no rows but pages: open `DIR/index.html`, or put the folder on any host.",
    ]
    for name, fields in EXPORTS.items():
        lines += ["", f"## export {name}", "", "| field | type | meaning |", "|---|---|---|"]
        lines += [f"| `{field.name}` | {field.kind} | {field.meaning} |" for field in fields]
    return "\n".join(lines) + "\n"


def _with_subcommands(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name, each in sorted(command.commands.items()):
            yield from _with_subcommands(f"{path} {name}", each)


def _help(path: str, command: click.Command) -> str:
    settings = {"terminal_width": _WIDTH, "max_content_width": _WIDTH, "help_option_names": ["-h", "--help"]}
    context = click.Context(command, info_name=f"backissue {path}", **settings)  # type: ignore[arg-type]
    return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


def main() -> None:
    """Writes both pages into docs/ of the current folder."""
    from archive.cli import commands

    Path("docs/commands.md").write_text(commands_page(commands), encoding="utf-8")
    Path("docs/export.md").write_text(export_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
