"""`articles`: which articles are there?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from archive.cli.listing import format_option, limit_option, row_limit, show_rows
from archive.cli.screen import Column, local
from archive.cli.session import AT, SINCE, TIME_HELP, UNTIL, Command, Settings, Story, known_site, pass_settings
from archive.cli.topics import topic_code
from archive.export import ARTICLES, Field
from archive.model import COUNTERS, Article, EditKind, Version

if TYPE_CHECKING:
    from archive import Archive

_PAGE = 500


class Topic(click.ParamType[str]):
    """An IPTC Media Topic by code or name."""

    name = "topic"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Raises click.BadParameter with the names there are."""
        try:
            return topic_code(value)
        except ValueError as error:
            raise click.BadParameter(str(error), ctx, param) from error


class ListByDefault(click.Group):
    """A group whose `list` is meant where no other of its commands is named; its help shows the options of both."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Puts `list` before anything but a command's name or a call for help."""
        if not args or args[0] not in (*self.commands, *ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options of `list`, then the commands."""
        self.commands["list"].format_options(ctx, formatter)
        self.format_commands(ctx, formatter)


@click.group(cls=ListByDefault, subcommand_metavar="[COMMAND] [OPTIONS]", epilog=TIME_HELP)
def articles() -> None:
    """Which articles are there? The newest first; filters combine.

    \b
    backissue articles --site sahel --changed-since yesterday
    backissue articles --topic weather --views 10000
    backissue articles --since 2026-03-03 --format csv
    """


def filters(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options by which articles are chosen."""
    options = (
        click.option("--text", "words", metavar="TEXT", help="With these words in one of its versions."),
        click.option("--stealth", is_flag=True, help="With an edit that changed a fact and said nothing."),
        click.option(
            "--kind",
            "kinds",
            multiple=True,
            type=click.Choice([str(kind) for kind in EditKind]),
            metavar="KIND",
            help="With such an edit; `changes --help` names the kinds.",
        ),
        click.option("--gone/--not-gone", default=None, help="Only those whose page has gone, or has not."),
        *(
            click.option(f"--{name}", type=click.IntRange(min=0), metavar="N", help=f"With N {name} or more by now.")
            for name in reversed(COUNTERS)
        ),
        click.option("--published-until", type=UNTIL, metavar="TIME"),
        click.option("--published-since", type=SINCE, metavar="TIME", help="By the page's own date."),
        click.option("--changed-since", type=SINCE, metavar="TIME", help="With a version newer than this."),
        click.option("--until", "captured_until", type=UNTIL, metavar="TIME", help="A day named is included."),
        click.option("--since", "captured_since", type=SINCE, metavar="TIME", help="First seen since."),
        click.option("--language", metavar="TAG", help="Such as en, fr or ar."),
        click.option("--author", metavar="NAME", help="A name in the byline, whole."),
        click.option(
            "--topic", type=Topic(), metavar="TOPIC", help="An IPTC Media Topic: a code, or a word such as sport."
        ),
        click.option("--category", metavar="LABEL", help="A section label as the page writes it."),
        click.option("--site", metavar="NAME"),
    )
    for option in options:
        command = option(command)
    return command


@articles.command("list", cls=Command, epilog=TIME_HELP)
@filters
@click.option("--at", type=AT, metavar="TIME", help="The site as it was: what each article said then.")
@limit_option
@format_option
@pass_settings
def list_(settings: Settings, /, at: datetime | None, limit: int | None, form: str, pager: bool, **chosen: Any) -> None:
    """List articles, the newest first seen first.

    \b
    backissue articles list --author "Awa Keita" --limit 10
    backissue articles list --views 10000 --kind headline
    backissue articles list --site sahel --at "2026-03-03 noon"
    """
    if at and any(value for name, value in chosen.items() if name != "site"):
        raise click.UsageError("--at shows a whole site as it was; of the filters it takes only --site")
    count = row_limit(limit, form)
    stop = None if count is None else count + 1
    with settings.open() as archive:
        site = known_site(archive, chosen["site"])
        if at:
            said = islice(_as_of(archive, at, site), stop)
            show_rows(as_of_fields(at), _SAID, said, form, limit=count, pager=pager, empty="nothing was seen by then")
            return
        chosen["kinds"] = [EditKind(kind) for kind in chosen["kinds"]]
        counted = {name: chosen.pop(name) for name in COUNTERS}
        chosen["at_least"] = {name: least for name, least in counted.items() if least is not None}
        found = islice(_pages(archive, chosen), stop)
        show_rows(ARTICLES, _COLUMNS, found, form, limit=count, pager=pager, empty="no article fits")


def _pages(archive: Archive, chosen: dict[str, Any]) -> Iterator[Article]:
    """All articles that fit, read a page at a time."""
    before: tuple[datetime, int] | None = None
    while page := archive.articles(**chosen, before=before, limit=_PAGE):
        yield from page
        before = (page[-1].first_captured_at, page[-1].id)


def _as_of(archive: Archive, at: datetime, site: str | None) -> Iterator[Version]:
    """All that stood at a moment, read a page at a time."""
    before: tuple[datetime, int] | None = None
    while page := archive.page_as_of(at, site=site, before=before, limit=_PAGE):
        yield from page
        before = (page[-1].captured_at, page[-1].article_id)


@articles.command(cls=Command)
@click.argument("kept", type=Story())
@click.argument("absorbed", type=Story())
@click.option("--reason", help="Noted in the history of both.")
@pass_settings
def merge(settings: Settings, kept: int | str, absorbed: int | str, reason: str | None) -> None:
    """Say that two articles are one: KEPT takes in the looks and addresses of ABSORBED. `split` undoes it.

    \b
    backissue articles merge 1 2 --reason "the same story under a second address"
    """
    with settings.open() as archive:
        number = archive.merge(kept, absorbed, settings.now(), reason)
        click.echo(
            f"article {number} is now part of article {archive.article(kept).id}; `articles split {number}` undoes it"
        )


@articles.command(cls=Command)
@click.argument("absorbed", type=click.IntRange(1, 10**18))
@click.option("--reason", help="Noted in the history of both.")
@pass_settings
def split(settings: Settings, absorbed: int, reason: str | None) -> None:
    """Undo a merge: the article that was taken in, named by its id, stands alone again.

    \b
    backissue articles split 2
    """
    with settings.open() as archive:
        archive.split(absorbed, settings.now(), reason)
    click.echo(f"article {absorbed} stands alone again")


def as_of_fields(at: datetime) -> tuple[Field[Version], ...]:
    """What is said of a version that stood at a time."""
    return (
        Field("article_id", "integer", "the article's number in this archive", lambda v: v.article_id),
        Field("url", "text", "the article's canonical address", lambda v: v.url),
        Field("site", "text", "the name of its site", lambda v: v.site),
        Field("number", "integer", "the version that stood", lambda v: v.number),
        Field("version_id", "text", "that version's id, which never changes", lambda v: v.id),
        Field("captured_at", "time", "when it was first seen", lambda v: v.captured_at),
        Field("last_seen_at", "time", "when it was last seen", lambda v: v.last_seen_at),
        Field(
            "certain", "yes/no", "whether it was seen again after the time asked for", lambda v: at <= v.last_seen_at
        ),
        Field("title", "text", "the headline then", lambda v: v.content.title),
        Field("categories", "list", "the section labels then", lambda v: v.content.categories),
        Field("authors", "list", "the byline then", lambda v: v.content.authors),
    )


_SAID: tuple[Column[Version], ...] = (
    Column("id", lambda version: str(version.article_id), right=True),
    Column("seen from", lambda version: version.captured_at, style="dim"),
    Column("to", lambda version: version.last_seen_at, style="dim"),
    Column("site", lambda version: version.site, style="cyan"),
    Column("version", lambda version: version.number, right=True),
    Column("title", lambda version: version.content.title, whole=False),
)

_COLUMNS: tuple[Column[Article], ...] = (
    Column("id", lambda article: str(article.id), right=True),
    Column("first seen", lambda article: article.first_captured_at, style="dim"),
    Column("site", lambda article: article.site, style="cyan"),
    Column("versions", lambda article: article.versions, right=True),
    Column("looks", lambda article: article.captures, right=True, style="dim"),
    Column("gone", lambda article: local(article.gone_at, "%Y-%m-%d"), style="red"),
    Column("title", lambda article: article.title or article.url, whole=False),
)
