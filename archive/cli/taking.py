"""`export`: takes the archive away as data, or as a site."""

from __future__ import annotations

import importlib.util
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from archive.cli.raws import export_raw
from archive.cli.session import SINCE, TIME_HELP, UNTIL, Command, Mistake, Settings, known_site, pass_settings
from archive.export import EXPORTS, FORMATS, export
from archive.export.jsonld import Story, last_values
from archive.export.sqlite import write_sqlite

if TYPE_CHECKING:
    from archive import Archive

Record = TypeVar("Record")

_SITE, _WARC, _SQLITE = "site", "warc", "sqlite"
_TABLES = ("articles", "versions", "engagement", "captures")
_NEEDED_FOR_A_SITE = ("jinja2", "fastapi")


@click.command("export", cls=Command, epilog=TIME_HELP)
@click.argument("what", type=click.Choice((*EXPORTS, _SITE, _WARC, _SQLITE)))
@click.argument("folder", required=False, metavar="[DIR]", type=click.Path(path_type=Path, file_okay=False))
@click.option("--format", "form", type=click.Choice(FORMATS), default="jsonl", show_default=True)
@click.option(
    "--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="A file, instead of standard output."
)
@click.option("--site", metavar="NAME")
@click.option("--since", type=SINCE, metavar="TIME", help="First seen since.")
@click.option("--until", type=UNTIL, metavar="TIME", help="A day named is included.")
@pass_settings
def export_(
    settings: Settings,
    what: str,
    folder: Path | None,
    form: str,
    output: Path | None,
    site: str | None,
    since: datetime | None,
    until: datetime | None,
) -> None:
    """Take versions, engagement, articles or captures away, one row a record; articles as schema.org NewsArticle, one
    JSON-LD object a line; the raw pages as a WARC file; all rows as tables of one SQLite file; or all of it as a static
    site in DIR, to put on any host or to open from the disk.

    A file (or DIR) appears when it is complete. docs/export.md says what each field means. In CSV, a text that a
    spreadsheet would run as a formula has an apostrophe put before it.

    \b
    backissue export versions --format jsonl
    backissue export engagement --site sahel --format csv --output engagement.csv
    backissue export versions --since 2026-03-04 --output versions.jsonl
    backissue export jsonld --output articles.jsonl
    backissue export warc --site sahel --output sahel.warc.gz
    backissue export sqlite --output press.db
    backissue export site public
    """
    _check(what, folder, form, output, is_timed=since is not None or until is not None)
    with settings.open() as archive:
        known_site(archive, site)
        _spare(archive, settings, output)
        if what == _SITE and folder is not None:
            _export_site(archive, folder, settings.now(), site)
            return
        if what == _WARC and output is not None:
            export_raw(settings, archive, output, site, since, until)
            return

        def rows(name: str) -> Iterator[Any]:
            records = _read(archive, name, site)
            if output is None or not sys.stderr.isatty():
                yield from _between(records, name, since, until)
                return
            with _watched(records, f"exporting {name}", _count(archive, name, site, settings)) as counted:
                yield from _between(counted, name, since, until)

        try:
            if what == _SQLITE and output is not None:
                write_sqlite({name: (EXPORTS[name], rows(name)) for name in _TABLES}, output)
            else:
                export(EXPORTS[what], rows(what), form, output)
        except OSError as error:
            if output is None:
                raise
            raise Mistake(f"writing {str(output)!r} failed: {error.strerror or error}") from error
    if output is not None:
        written = {_SQLITE: ", ".join(_TABLES), "jsonld": "articles"}.get(what, what)
        click.echo(f"{written} are in {output}", err=True)


def _check(what: str, folder: Path | None, form: str, output: Path | None, *, is_timed: bool) -> None:
    """Raises UsageError or Mistake where the words do not go together."""
    if what == _SITE:
        if folder is None:
            raise click.UsageError("say where the site should go: export site DIR")
        if output is not None or form != "jsonl" or is_timed:
            raise click.UsageError("a site is many pages of everything; of the options it takes only --site")
        missing = [name for name in _NEEDED_FOR_A_SITE if importlib.util.find_spec(name) is None]
        if missing:
            raise Mistake(f"export site needs {', '.join(missing)}; pip install 'backissue[web]'")
    elif folder is not None:
        raise click.UsageError(f"rows go to standard output, or to a file: --output {folder}")
    if what == "jsonld" and form not in ("jsonl", "json"):
        raise click.UsageError("JSON-LD is JSON: --format jsonl (an object a line) or json (one list)")
    if what == _SQLITE and form != "jsonl":
        raise click.UsageError("an SQLite file holds tables; it takes no --format")
    if output is None and (form == "parquet" or what in (_WARC, _SQLITE)):
        kind = {_WARC: "WARC", _SQLITE: "SQLite"}.get(what, "Parquet")
        raise click.UsageError(f"{kind} is no text; say where it should go with --output FILE")
    place = folder or output
    if place is not None and not place.absolute().parent.is_dir():
        raise Mistake(f"there is no folder {str(place.absolute().parent)!r} to write {place.name!r} into")


def _spare(archive: Archive, settings: Settings, output: Path | None) -> None:
    """Raises Mistake where the file to be written is one that the archive lives by."""
    from archive.warc import RawStore

    database = archive.database.path
    files = [settings.sites_file, *RawStore(settings.raw_folder or archive.raw_folder).files()]
    files += [database.with_name(database.name + end) for end in ("", "-wal", "-shm")] if database is not None else []
    if output is not None and output.resolve() in [file.resolve() for file in files]:
        raise Mistake(f"{str(output)!r} is the archive's own file; choose another name")


def _export_site(archive: Archive, folder: Path, now: datetime, site: str | None) -> None:
    from archive.export.site import write_site

    pages = write_site(archive, folder, now, site=site)
    total = sum(stats.articles for stats in archive.stats(now) if site in (None, stats.site))
    try:
        shown = _watched(pages, "writing articles", total) if sys.stderr.isatty() else nullcontext(pages)
        with shown as articles:
            deque(articles, maxlen=0)
    except OSError as error:
        raise Mistake(f"writing {str(folder)!r} failed: {error.strerror or error}") from error
    click.echo(f"the site of {total} article{'' if total == 1 else 's'} is in {folder / 'index.html'}", err=True)


def _read(archive: Archive, what: str, site: str | None) -> Iterator[Any]:
    readers: dict[str, Callable[..., Iterator[Any]]] = {
        "versions": archive.iter_versions,
        "engagement": archive.iter_engagement,
        "articles": archive.iter_articles,
        "captures": archive.iter_captures,
        "jsonld": lambda site: _stories(archive, site),
    }
    return readers[what](site=site)


def _stories(archive: Archive, site: str | None) -> Iterator[Story]:
    homes = {state.name: state.url for state in archive.sites()}
    for article in archive.iter_articles(site=site):
        version = archive.version(article.id, -1) if article.versions else None
        points = archive.engagement(article.id)
        yield Story(article, version, last_values(points), homes.get(article.site or ""))


def _between(records: Iterable[Any], what: str, since: datetime | None, until: datetime | None) -> Iterator[Any]:
    for record in records:
        at = _seen_at(record, what)
        if (since is None or at >= since) and (until is None or at < until):
            yield record


def _seen_at(record: Any, what: str) -> datetime:
    clocks = {"engagement": "observed_at", "articles": "first_captured_at"}
    if isinstance(record, Story):
        return record.article.first_captured_at
    seen: datetime = getattr(record, clocks.get(what, "captured_at"))
    return seen


def _count(archive: Archive, what: str, site: str | None, settings: Settings) -> int | None:
    """How many records there are to read; None where that is not counted (not every look has counters)."""
    if what == "engagement":
        return None
    found = [stats for stats in archive.stats(settings.now()) if site in (None, stats.site)]
    return sum(int(getattr(stats, {"jsonld": "articles"}.get(what, what))) for stats in found)


def _watched(records: Iterable[Record], label: str, total: int | None) -> AbstractContextManager[Iterable[Record]]:
    """A progress bar on standard error; without a total, a count."""
    return click.progressbar(
        records, length=total, label=label, show_pos=True, file=sys.stderr, update_min_steps=(total or 0) // 500 or 1
    )
