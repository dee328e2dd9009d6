"""`backissue crawl`: look at every page that is new or due."""

from __future__ import annotations

import os
import sys

import click

from archive import ArchiveError, Unavailable
from archive.cli import Settings, pass_settings
from crawler.commands.common import load_declared_sites, require_web_address, scrapy_settings
from crawler.sites import Site, Sites
from crawler.workers import start_server


@click.command()
@click.argument("targets", nargs=-1, metavar="[SITE|URL]...")
@click.option("--dry-run", is_flag=True, help="Say what would be fetched and why, and fetch nothing.")
@click.option(
    "--at-once", type=click.IntRange(1), help="Sites crawled at the same time (default: as sites.toml says, 8)."
)
@click.option("--limit", type=click.IntRange(1), help="At most this many article pages a site.")
@click.option("-v", "--verbose", count=True, help="More of Scrapy's log (-vv: all).")
@pass_settings
def crawl(
    settings: Settings, targets: tuple[str, ...], dry_run: bool, at_once: int | None, limit: int | None, verbose: int
) -> None:
    """Look at every article page that is new or due, on all declared sites, on some, or at single URLs.

    \b
    backissue crawl                              every site that is not paused
    backissue crawl meridianpost                 one site
    backissue crawl https://example.org/a-story  one page, declared or not

    Several sites are crawled at once, each host asked one thing at a time. A site that another crawl is at is left to
    it. What a person may want to look into stands in lines of its own, on standard error; the last line sums up.

    Exit codes: 0 done, or nothing was due; 3 some pages failed or were blocked; 4 nothing could be fetched;
    75 another crawl holds these sites; 2 wrong usage or configuration; 130, 143 stopped by a signal.
    """
    urls = [target for target in targets if "://" in target]
    sites = load_declared_sites(settings, missing_ok=bool(urls))
    wanted = _wanted(sites, targets, urls)
    if not dry_run:
        start_server()
    from crawler import crawling, progress, reactor
    from crawler.runtime import Runtime

    jobs = [crawling.Job(site, pages) for site, pages in wanted]
    if dry_run:
        from crawler import dry_run as dry

        for line in dry.lines(settings.database, sites, jobs, settings.now(), limit):
            click.echo(line)
        return
    try:
        runtime = Runtime.open(settings.database, sites, raw_folder=settings.raw_folder, limit=limit)
        with progress.shown(runtime):
            chosen = scrapy_settings(settings, verbose)
            result = reactor.run(
                lambda: crawling.crawl(runtime, jobs, chosen, at_once=at_once or sites.defaults.concurrency)
            )
    except ArchiveError as error:
        # 4 where a later run may find the archive well again; 2 where only its keeper can help.
        click.echo(f"Error: {error}", err=True)
        sys.exit(4 if isinstance(error, Unavailable) else 2)
    for note in result.notes():
        click.echo(note, err=True)
    click.echo(result.summary())
    if result.cut_short:  # threads that still wait for something would hold the process up
        sys.stdout.flush()
        runtime.kill()
        os._exit(result.exit_code)
    sys.exit(result.exit_code)


def _wanted(sites: Sites, targets: tuple[str, ...], urls: list[str]) -> list[tuple[Site, tuple[str, ...]]]:
    """The sites that the command's arguments ask for, with the URLs of those of which only these are wanted. Raises
    click.UsageError."""
    by_site: dict[str, tuple[Site, list[str]]] = {}
    for url in urls:
        require_web_address(url)
        site = sites.of_url(url)
        by_site.setdefault(site.name, (site, []))[1].append(url)
    wanted = [(site, tuple(group)) for site, group in by_site.values()]
    names = [target for target in targets if "://" not in target]
    if names:
        for name in names:
            if name not in sites.names:
                known = ", ".join(sites.names) or "none is declared yet; see backissue sites add"
                raise click.UsageError(f"no site is named {name!r} (known: {known})")
            wanted.append((sites[name], ()))
    elif not urls:
        wanted += [(site, ()) for site in sites if not site.paused]
        if not wanted:
            raise click.UsageError("no site is declared that is not paused; backissue sites add URL declares one")
    return wanted
