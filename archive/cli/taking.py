"""`export`: takes the archive away as data."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.cli.session import SINCE, TIME_HELP, UNTIL, Command, Mistake, Settings, known_site, pass_settings
from archive.export import EXPORTS, FORMATS, export

if TYPE_CHECKING:
    from archive import Archive


@click.command("export", cls=Command, epilog=TIME_HELP)
@click.argument("what", type=click.Choice((*EXPORTS, "warc")))
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
    form: str,
    output: Path | None,
    site: str | None,
    since: datetime | None,
    until: datetime | None,
) -> None:
    """Take versions, engagement, articles or captures away, one row a record; or the raw pages, as a WARC file.

    A file appears when it is complete. docs/export.md says what each field means. In CSV, a text that a spreadsheet
    would run as a formula has an apostrophe put before it.

    \b
    backissue export versions --format jsonl
    backissue export engagement --site sahel --format csv --output engagement.csv
    backissue export versions --since 2026-03-04 --output versions.jsonl
    backissue export warc --site sahel --output sahel.warc.gz
    """
    if output is None and (form == "parquet" or what == "warc"):
        kind = "WARC" if what == "warc" else "Parquet"
        raise click.UsageError(f"{kind} is no text; say where it should go with --output FILE")
    if output is not None and not output.absolute().parent.is_dir():
        raise Mistake(f"there is no folder {str(output.absolute().parent)!r} to write {output.name!r} into")
    with settings.open() as archive:
        known_site(archive, site)
        if what == "warc" and output is not None:
            _export_warc(settings, archive, output, site, since, until)
            return
        records = _records(archive, what, site, since, until)
        with _progress(records, what, shown=output is not None) as counted:
            try:
                export(EXPORTS[what], counted, form, output)
            except OSError as error:
                if output is None:
                    raise
                raise Mistake(f"writing {str(output)!r} failed: {error.strerror or error}") from error
    if output is not None:
        click.echo(f"{what} are in {output}", err=True)


def _export_warc(
    settings: Settings, archive: Archive, output: Path, site: str | None, since: datetime | None, until: datetime | None
) -> None:
    from archive.export.warc import export_warc
    from archive.warc import RawStore

    captures = archive.iter_raw_captures(site=site, since=since, until=until)
    store = RawStore(settings.raw_folder or archive.raw_folder)
    try:
        with _progress(captures, "raw pages", shown=True) as counted:
            taken = export_warc(counted, store, output)
    except OSError as error:
        raise Mistake(f"writing {str(output)!r} failed: {error.strerror or error}") from error
    lost = f"; {taken.lost:,} could not be read" if taken.lost else ""
    click.echo(f"{taken.captures:,} raw pages are in {output}{lost}", err=True)


def _records(
    archive: Archive, what: str, site: str | None, since: datetime | None, until: datetime | None
) -> Iterator[Any]:
    readers: dict[str, tuple[Callable[..., Iterator[Any]], str]] = {
        "versions": (archive.iter_versions, "captured_at"),
        "engagement": (archive.iter_engagement, "observed_at"),
        "articles": (archive.iter_articles, "first_captured_at"),
        "captures": (archive.iter_captures, "captured_at"),
    }
    read, clock = readers[what]
    for record in read(site=site):
        at = getattr(record, clock)
        if (since is None or at >= since) and (until is None or at < until):
            yield record


def _progress(records: Iterable[Any], what: str, *, shown: bool) -> Any:
    """A count on standard error while a file is written by someone who watches."""
    if not shown or not sys.stderr.isatty():
        return nullcontext(records)
    return click.progressbar(records, label=f"exporting {what}", show_pos=True, file=sys.stderr)
