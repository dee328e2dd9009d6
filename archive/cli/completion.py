"""What the shell may offer for a word: sites' names, the newest articles. Quick, and silent where it cannot know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from archive.cli.session import Story

if TYPE_CHECKING:
    from archive.queries.read_only import ReadOnlyArchive

_MOST = 50


class SiteName(click.types.StringParamType):
    """A site's name; the shell offers those of the archive."""

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The sites whose name begins so."""
        with _archive(ctx) as archive:
            sites = archive.sites() if archive else []
        return [CompletionItem(site.name, help=site.url) for site in sites if site.name.startswith(incomplete)]


class KnownStory(Story):
    """An article; the shell offers the newest ones, by id, or by address after http."""

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The articles whose id or address begins so, with their headlines."""
        from archive.cli.screen import one_line

        with _archive(ctx) as archive:
            newest = archive.articles(limit=_MOST) if archive else []
        by_url = incomplete.startswith("http")
        offered = [(each.url if by_url else str(each.id), each.title or each.url) for each in newest]
        return [CompletionItem(value, help=one_line(title)) for value, title in offered if value.startswith(incomplete)]


def complete(commands: Iterable[click.Command]) -> None:
    """Gives every `site` and every ARTICLE of the commands (and their subcommands) what the shell may offer."""
    for command in commands:
        if isinstance(command, click.Group):
            complete(command.commands.values())
        for param in command.params:
            if type(param.type) is Story:
                param.type = KnownStory()
            elif param.name == "site" and param.type is click.STRING:
                param.type = SiteName()


@contextmanager
def _archive(context: click.Context) -> Iterator[ReadOnlyArchive | None]:
    """The archive that the words so far name; None where it cannot be read now (a completion explains nothing)."""
    from archive.errors import ArchiveError
    from archive.queries.read_only import ReadOnlyArchive

    database = context.find_root().params.get("database")
    try:
        opened = ReadOnlyArchive.open(str(database)) if database else None
    except ArchiveError:
        opened = None
    if opened is None:
        yield None
        return
    with opened:
        yield opened
