"""`verify`, `backup`, `restore`, `purge`, `upgrade`: is it all still there, and how does it stay so?"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.cli.listing import format_option, show_rows
from archive.cli.screen import Column, one_line, safe
from archive.cli.session import Command, Mistake, Settings, Story, known_site, pass_settings
from archive.errors import ArchiveError
from archive.export import Field

if TYPE_CHECKING:
    from archive import Archive
    from archive.queries import Damage
    from archive.warc import RawStore


@click.command(cls=Command)
@format_option
@pass_settings
def verify(settings: Settings, form: str, pager: bool) -> None:
    """Read every stored text and check that it still is what was stored. Ends with 1 where something is damaged.

    \b
    backissue verify
    """
    with settings.open() as archive:
        found = list(archive.verify())
    show_rows(FIELDS, _COLUMNS, found, form, pager=pager, empty="everything is as it was stored")
    if found:
        click.echo(f"{len(found):,} damaged; `backissue restore` brings a backup back", err=True)
        sys.exit(1)


@click.command(cls=Command)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@pass_settings
def backup(settings: Settings, file: Path) -> None:
    """Copy the whole archive into a new FILE, also while a crawl runs. (Raw pages in WARC files are copied as files.)

    \b
    backissue backup backissue-2026-03-05.db
    """
    from archive.backup import backup as make

    with settings.open() as archive:
        make(archive, file)
    click.echo(f"the archive is in {file}")


@click.command(cls=Command)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@pass_settings
def restore(settings: Settings, file: Path) -> None:
    """Bring a backup back, to where --database says; there must be no archive yet. A damaged file, or one that is no
    backup of an archive, is refused.

    \b
    backissue --database sqlite:///restored.db restore backissue-2026-03-05.db
    """
    from archive.backup import restore as bring_back

    scheme, _, path = settings.database.partition(":///")
    if scheme != "sqlite" or not path:
        raise Mistake("only an SQLite archive is restored here; PostgreSQL brings its own back with pg_restore")
    bring_back(file, Path(path))
    click.echo(f"the archive is at {path}")


@click.command(cls=Command)
@click.argument("what", metavar="ARTICLE|URL|SITE")
@click.option("--reason", prompt=True, help="Kept with the time, without any content.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_settings
def purge(settings: Settings, what: str, reason: str, yes: bool) -> None:
    """Remove an article, or all articles of a site, for ever: versions, looks, counters, raw pages. Its addresses are
    not crawled again; only that something was removed, when and why is kept. The search index of an SQLite archive
    keeps single words, which find nothing, until `upgrade --reindex` makes it anew.

    \b
    backissue purge 2 --reason "asked for by the person named" --yes
    """
    from archive.warc import RawStore

    with settings.open() as archive:
        if what in [site.name for site in archive.sites()]:
            wanted = sorted(article.id for article in archive.articles(site=what, limit=None))
        else:
            wanted = [archive.article(Story().convert(what, None, None)).id]
        count = f"{len(wanted):,} article{'s' * (len(wanted) != 1)}"
        if not yes:
            click.confirm(f"Remove {count} for ever? No command brings them back.", abort=True)
        store = RawStore(settings.raw_folder or archive.raw_folder)
        for article in wanted:  # each with its raw pages: where this is broken off, none are left that nothing names
            for path in archive.purge(article, settings.now(), reason):
                _erase(store, path)
    click.echo(f"{count} removed")


def _erase(store: RawStore, path: str) -> None:
    try:
        store.erase(path)
    except (ArchiveError, OSError) as error:
        click.echo(f"still to be removed by hand: the raw page in {path} ({error})", err=True)


@click.command(cls=Command)
@click.option("--train", is_flag=True, help="Also learn a new dictionary from the texts, and store them smaller.")
@click.option("--reindex", is_flag=True, help="Also make the search index anew.")
@click.option(
    "--learn-boilerplate",
    "learn",
    is_flag=True,
    help="Instead: show paragraphs that stand in many articles of a site, or come and go by themselves.",
)
@click.option("--site", metavar="NAME", help="Learn of this site alone.")
@click.option("--apply", "apply_", is_flag=True, help="Leave what was found out, of what is stored and from now on.")
@pass_settings
def upgrade(settings: Settings, train: bool, reindex: bool, learn: bool, site: str | None, apply_: bool) -> None:
    """Bring an archive that an older Backissue made up to date: its tables, and the names of its edits.

    With --learn-boilerplate: what on a site is no part of its articles. Nothing is changed before --apply says so;
    then no version is added, each article's history names the looks, and `show --explain` the rules.

    \b
    backissue upgrade
    backissue upgrade --learn-boilerplate --site sahel
    """
    if (site or apply_) and not learn:
        raise click.UsageError("--site and --apply belong to --learn-boilerplate")
    with settings.open() as archive:
        if learn:
            name = known_site(archive, site)
            for each in [name] if name else [known.name for known in archive.sites()]:
                _learn(archive, each, settings.now() if apply_ else None)
            return
        renamed = archive.rejudge()
        archive.find_copies()
        number = archive.train_dictionary(settings.now()) if train else None
        indexed = archive.reindex() if reindex else None
    click.echo(f"the tables are up to date; {renamed:,} edit{'s' * (renamed != 1)} named anew")
    if train:
        click.echo("too little text to learn from" if number is None else f"texts are stored with dictionary {number}")
    if indexed is not None:
        click.echo(f"{indexed:,} version{'s' * (indexed != 1)} in the search index")


def _learn(archive: Archive, site: str, apply_at: datetime | None) -> None:
    found = archive.propose_boilerplate(site)
    click.echo(f"{safe(site)}: {len(found):,} paragraph{'s' * (len(found) != 1)} found")
    for rule in found:
        click.echo(f"  {rule.reason}: {one_line(rule.paragraph)}")
    if apply_at is not None:
        count = archive.apply_boilerplate(site, found, apply_at)
        click.echo(f"  left out of {count:,} look{'s' * (count != 1)}; no version was added")
    elif found:
        click.echo("  nothing was changed; --apply leaves them out")


FIELDS: tuple[Field[Damage], ...] = (
    Field("what", "text", "content, version, capture or dictionary", lambda d: d.what),
    Field("name", "text", "its number or id", lambda d: d.name),
    Field("article_id", "integer", "the article it belongs to", lambda d: d.article_id),
    Field("said", "text", "what is wrong", lambda d: d.said),
)

_COLUMNS: tuple[Column[Damage], ...] = (
    Column("what", lambda damage: damage.what),
    Column("name", lambda damage: damage.name),
    Column("article", lambda damage: damage.article_id, right=True),
    Column("wrong", lambda damage: damage.said, whole=False),
)
