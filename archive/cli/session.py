"""What every command needs: the archive's address, the clock, errors said in one line, times typed by people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.cli.times import EXAMPLES, Period, as_at, as_since, as_until, parse_period
from archive.errors import ArchiveError, NotFound

if TYPE_CHECKING:
    from archive import Archive


def utc_now() -> datetime:
    """Our clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the options before the command's name say."""

    database: str
    sites_file: Path
    now: Callable[[], datetime] = utc_now
    raw_folder: Path | None = None
    """Where raw answers are kept; None = beside the archive."""

    def open(self) -> Archive:
        """The archive, which must exist: a command that reads makes none. Raises Mistake."""
        from archive import Archive

        try:
            return Archive.open(self.database, create=False)
        except NotFound as missing:
            raise Mistake(
                f"no archive at {missing.name}; `backissue crawl` makes it, "
                "and --database or BACKISSUE_DATABASE names another"
            ) from missing


def known_site(archive: Archive, name: str | None) -> str | None:
    """The name, if the archive has such a site (or none is asked for). Raises Mistake."""
    if name is None:
        return None
    names = [site.name for site in archive.sites()]
    if name not in names:
        known = ", ".join(names) or "none yet"
        raise Mistake(f"no site is named {name!r} in this archive (known: {known})")
    return name


pass_settings = click.make_pass_decorator(Settings)


class Mistake(click.ClickException):
    """Something the user can put right, said in one line; the command ends with 2."""

    exit_code = 2


class Command(click.Command):
    """A command whose ArchiveErrors end as one clear line and exit code 2, never as a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """As click's, with the archive's errors translated."""
        try:
            return super().invoke(ctx)
        except ArchiveError as error:
            raise Mistake(str(error)) from error


class Story(click.ParamType[int | str]):
    """An article by its id, or by any address it was seen at."""

    name = "article"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | str:
        """As it was typed: the archive tells an id from an address."""
        return value if isinstance(value, int) else str(value).strip()


class Moment(click.ParamType[datetime]):
    """A time as people type it, as aware UTC; of a day named, its beginning, its end or its last moment."""

    name = "time"

    def __init__(self, edge: Callable[[Period], datetime]) -> None:
        self.edge = edge

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Raises click.BadParameter with examples of what is understood."""
        if isinstance(value, datetime):
            return value
        settings = ctx.find_object(Settings) if ctx else None
        try:
            return self.edge(parse_period(value, settings.now() if settings else utc_now()))
        except ValueError as error:
            raise click.BadParameter(str(error), ctx, param) from error


article_argument = click.argument("article", type=Story(), metavar="ARTICLE")
SINCE, UNTIL, AT = Moment(as_since), Moment(as_until), Moment(as_at)
TIME_HELP = f"Times: {EXAMPLES}, in your own zone unless one is named."
