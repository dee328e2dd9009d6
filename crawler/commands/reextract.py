"""`backissue reextract`: today's extractor reads the kept raw pages anew."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime

import click

from archive.cli import SINCE, TIME_HELP, Command, Settings, known_site, pass_settings
from archive.warc import RawStore
from crawler.commands.common import load_declared_sites


@click.command(cls=Command, epilog=TIME_HELP)
@click.option("--site", metavar="NAME", help="Only this site's pages.")
@click.option("--since", type=SINCE, metavar="TIME", help="Only pages captured since.")
@pass_settings
def reextract(settings: Settings, site: str | None, since: datetime | None) -> None:
    """After an upgrade: read the raw pages that were kept with the new extractor, and take over what it reads. No
    version is added, and each article's history tells of it.

    Can be stopped and run again: it goes on with what is left. docs/raw.md says more.

    \b
    backissue reextract
    backissue reextract --site meridianpost --since 2026-03-01
    """
    from crawler.rereading import Rereader
    from crawler.workers import Workers

    sites = load_declared_sites(settings, missing_ok=True)
    with settings.open() as archive:
        known_site(archive, site)
        store, workers = RawStore(settings.raw_folder or archive.raw_folder), Workers()
        rereader = Rereader(archive, store, sites, workers, settings.now)
        try:
            asyncio.run(rereader.run(site=site, since=since, on_batch=lambda: _show(rereader)))
        finally:
            workers.close()
    counts = rereader.counts
    left = [f"{counts[why]:,} {why}" for why in ("no article", "unreadable") if counts[why]]
    words = f"{counts['read']:,} captures read anew by extractor {rereader.extractor}, no version added"
    click.echo(words + (f"; left as they were: {', '.join(left)}" if left else ""))


def _show(rereader: object) -> None:
    """A count on standard error for someone who watches."""
    if sys.stderr.isatty():
        click.echo(f"\r{sum(rereader.counts.values()):,} captures", err=True, nl=False)  # type: ignore[attr-defined]
