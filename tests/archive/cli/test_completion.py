"""What a shell offers: commands, options, the archive's own sites and articles; nothing where it cannot know."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from crawler.cli import main


@pytest.fixture
def offered(archive_file: Path, monkeypatch: pytest.MonkeyPatch):
    """The words offered for the last one of a line."""
    monkeypatch.setenv("BACKISSUE_DATABASE", f"sqlite:///{archive_file}")

    def offered(line: str) -> list[str]:
        *words, last = line.split(" ")
        shell = ShellComplete(main, {}, "backissue", "_BACKISSUE_COMPLETE")
        return [item.value for item in shell.get_completions(words[1:], last)]

    return offered


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("backissue not", ["notify"]),
        ("backissue changes --site ", ["meridian", "sahel"]),
        ("backissue changes --site s", ["sahel"]),
        ("backissue articles list --site m", ["meridian"]),
        ("backissue stats s", ["sahel"]),
        ("backissue export versions --site s", ["sahel"]),
        ("backissue show ", ["3", "2", "1"]),
        ("backissue diff 1", ["1"]),
        ("backissue history https://mer", ["https://meridian.test/strike"]),
        ("backissue changes --kind paragraph_", ["paragraph_added", "paragraph_removed", "paragraph_moved"]),
    ],
)
def test_words_of_the_archive_are_offered(line: str, found: list[str], offered) -> None:
    assert sorted(offered(line)) == sorted(found)


def test_an_article_is_offered_with_its_headline(archive_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKISSUE_DATABASE", f"sqlite:///{archive_file}")
    shell = ShellComplete(main, {}, "backissue", "_BACKISSUE_COMPLETE")
    assert "Rain returns at last" in [item.help for item in shell.get_completions(["show"], "1")]


def test_without_an_archive_nothing_is_offered_and_nothing_made(
    tmp_path: Path, offered, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKISSUE_DATABASE", f"sqlite:///{tmp_path / 'none.db'}")
    assert offered("backissue show ") == []
    assert offered("backissue changes --site ") == []
    assert list(tmp_path.iterdir()) == []
