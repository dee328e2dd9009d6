"""`backissue demo`: a small news site of our own, crawled three times while it changes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from click.testing import CliRunner

from archive.cli import Settings
from archive.cli import commands as reading_commands
from crawler.workers import start_server

STEP = timedelta(hours=6)
SITE_NAME = "harbour-lantern"
TRAM = "council-votes-for-tram-line-across-the-river"
MINISTER = "minister-denies-owning-shares-in-port-company"
SCHOOLS = "inspectors-name-three-schools-with-unsafe-roofs"


@click.command()
@click.option(
    "--keep", type=click.Path(file_okay=False, path_type=Path), help="Keep the archive and sites.toml in this folder."
)
def demo(keep: Path | None) -> None:
    """See it work: crawl a small news site on this machine, let it change, crawl again, read the differences.

    Needs no network and leaves nothing behind (unless --keep says where).

    \b
    backissue demo
    backissue demo --keep demo-archive
    """
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        _play(keep)
        click.echo(f"The archive is kept: cd {keep}, then backissue articles, or backissue serve")
        return
    with tempfile.TemporaryDirectory(prefix="backissue-demo-") as folder:
        _play(Path(folder))
        click.echo("That was all made up. Now your own: backissue sites add https://…, then backissue crawl")


def _play(folder: Path) -> None:
    start_server()
    from crawler import reactor
    from crawler.commands.common import load_declared_sites, scrapy_settings
    from crawler.crawling import Job, crawl
    from crawler.demo.site import NAME, DemoSite
    from crawler.runtime import Runtime

    started_at = datetime.now(UTC).replace(microsecond=0) - 2 * STEP
    settings = Settings(database=f"sqlite:///{folder / 'backissue.db'}", sites_file=folder / "sites.toml")
    with DemoSite(started_at, STEP) as site:
        settings.sites_file.write_text(
            f'[defaults]\ndelay = 0.02\nallow_addresses = ["{site.address}"]\n\n'
            f'[[site]]\nname = "{SITE_NAME}"\nurl = "{site.url}"\n'
        )
        sites = load_declared_sites(settings)
        chosen = scrapy_settings(settings)
        click.echo(f"{NAME} runs at {site.url}, with five articles. Three crawls, six hours apart:\n")

        async def crawl_three_times() -> None:
            for moment in range(3):
                site.moment = moment
                offset = moment * STEP - 2 * STEP
                runtime = Runtime.open(settings.database, sites, now=_clock(offset))
                try:
                    result = await crawl(runtime, [Job(sites[SITE_NAME])], chosen)
                finally:
                    await runtime.close()
                at = (datetime.now(UTC) + offset).astimezone()
                click.echo(f"  {at:%d %b %H:%M}  {result.summary()}")

        reactor.run(crawl_three_times)
        _tell(settings, site.url)


def _clock(offset: timedelta) -> Callable[[], datetime]:
    """Our clock, moved: the demonstration's crawls are to lie six hours apart."""
    return lambda: datetime.now(UTC) + offset


def _tell(settings: Settings, home: str) -> None:
    """The reading commands that a newcomer would try next, each with what it prints."""
    tram, schools = f"{home}city/{TRAM}", f"{home}education/{SCHOOLS}"
    for comment, arguments in (
        ("What changed on the site, newest first:", ["changes"]),
        ("Quiet edits: a fact or quotation changed, and the page does not say so:", ["changes", "--stealth"]),
        ("One article's two versions side by side:", ["diff", tram, "--side"]),
        ("Its life:", ["history", tram]),
        ("Its counters, which never make a version:", ["engagement", tram]),
        ("The quiet edit:", ["diff", schools]),
        ("The article that was taken down is still here:", ["history", f"{home}politics/{MINISTER}"]),
    ):
        click.secho(f"\n{comment}", bold=True)
        click.secho(f"$ backissue {' '.join(arguments)}", dim=True)
        result = CliRunner().invoke(reading_commands[arguments[0]], arguments[1:], obj=settings, color=True)
        click.echo(result.output.rstrip())
        if result.exit_code:
            failed = f"the demonstration failed at: backissue {' '.join(arguments)}"
            raise click.ClickException(failed) from result.exception
