"""Every example in the help runs, and the pages made of the help are up to date."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from archive import Archive
from archive.backup import backup
from archive.cli import commands
from archive.cli.reference import commands_page, export_page
from archive.notify import EXAMPLE

DOCS = Path(__file__).parents[3] / "docs"


def _all(group: dict[str, click.Command]) -> Iterator[click.Command]:
    for command in group.values():
        yield command
        if isinstance(command, click.Group):
            yield from _all(command.commands)


def _examples() -> list[str]:
    lines = (line.strip() for command in _all(dict(commands)) for line in (command.help or "").splitlines())
    return [line for line in lines if line.startswith("backissue ")]


@pytest.mark.parametrize("example", _examples())
def test_an_example_in_the_help_runs(
    example: str, run, archive_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(click, "launch", lambda url: 0)
    database = tmp_path / "mine.db"
    shutil.copy(archive_file, database)
    words = shlex.split(example)[1:]
    if words[:2] == ["articles", "split"]:
        assert run("articles", "merge", "1", "2", database=f"sqlite:///{database}").exit_code == 0
    if words[0] == "notify":
        Path("notify.toml").write_text(EXAMPLE, encoding="utf-8")
    if "restore" in words:
        with Archive.open(f"sqlite:///{database}") as archive:
            backup(archive, tmp_path / words[-1])
        database = tmp_path / "restored.db"
        words = words[2:]
    result = run(*words, database=f"sqlite:///{database}")
    assert result.exit_code == 0, result.output
    assert result.output


def test_every_command_has_an_example() -> None:
    lacking = [command.name for command in _all(dict(commands)) if "    backissue " not in (command.help or "") and
               "backissue " not in (command.help or "")]  # fmt: skip
    assert lacking == []


@pytest.mark.parametrize("name", sorted(commands))
def test_every_command_explains_itself(name: str, run) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.output


@pytest.mark.parametrize(
    ("page", "text"), [("commands.md", commands_page(dict(commands))), ("export.md", export_page())]
)
def test_pages_made_of_the_code_are_up_to_date(page: str, text: str) -> None:
    behind = f"docs/{page} is behind; run python -m archive.cli.reference"
    assert (DOCS / page).read_text(encoding="utf-8") == text, behind
