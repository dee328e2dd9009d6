"""`backissue schedule`: the crontab line or the systemd units for a wanted freshness, and what it will cost."""

from __future__ import annotations

import os
import shutil
import sys
from datetime import timedelta
from pathlib import Path

import click

from archive import Archive, NotFound
from archive.cli import Command, Settings, pass_settings
from crawler import schedule as lines
from crawler.budget import QUIET_SOURCE_AGAIN, Allowance, Traffic
from crawler.commands.common import load_declared_sites
from crawler.sites import Site
from crawler.traffic import site_allowances, traffic_of


class Interval(click.ParamType[timedelta]):
    """15m, 1h, 1d: what cron can keep."""

    name = "interval"

    def convert(self, value: str | timedelta, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Raises click.BadParameter with the intervals there are."""
        if isinstance(value, timedelta):
            return value
        try:
            return lines.parse_interval(value)
        except ValueError as error:
            raise click.BadParameter(str(error), ctx, param) from error


@click.command(cls=Command)
@click.option("--every", type=Interval(), default="1h", show_default=True, help="How often a crawl runs: 15m, 1h, 1d.")
@click.option("--cron", "form", flag_value="cron", default=True, help="A crontab line (the default).")
@click.option("--systemd", "form", flag_value="systemd", help="A systemd service and timer.")
@pass_settings
def schedule(settings: Settings, every: timedelta, form: str) -> None:
    """Print what makes this machine crawl so often, and what it will cost each site.

    \b
    backissue schedule --every 15m                (crontab -l; backissue schedule) | crontab -
    backissue schedule --every 1h --systemd

    The cost is reckoned from what the archive has seen: new articles on a usual day, the looks that the revisit rule
    takes at each when a crawl runs so often, feeds and sitemaps. max_requests_per_hour in sites.toml bounds it.
    """
    sites = [site for site in load_declared_sites(settings) if not site.paused]
    for line in _cost(settings, sites, every):
        click.echo(f"# {line}".rstrip())
    make = lines.cron_lines if form == "cron" else lines.systemd_units
    click.echo(make(_place(settings), every), nl=False)


def _place(settings: Settings) -> lines.Place:
    environment = {
        "BACKISSUE_DATABASE": _absolute(settings.database),
        "BACKISSUE_SITES": str(settings.sites_file.absolute()),
    }
    if settings.raw_folder is not None:
        environment["BACKISSUE_RAW"] = str(settings.raw_folder.absolute())
    command = shutil.which("backissue") or str(Path(sys.executable).with_name("backissue"))
    return lines.Place(str(Path.cwd()), command, environment, os.environ.get("USER", "backissue"))


def _absolute(database: str) -> str:
    """An SQLite file's whole path: a timer may start elsewhere."""
    kind, _, name = database.partition(":///")
    return f"{kind}:///{Path(name).absolute()}" if kind.startswith("sqlite") else database


def _cost(settings: Settings, sites: list[Site], every: timedelta) -> list[str]:
    """What it will come to, a line a site; and what will not work as it stands."""
    traffic, allowed = _seen(settings, sites)
    rows = [
        f"A crawl every {lines.words(every)}: a new article is archived within {lines.amount(every)} of being listed"
    ]
    if every < QUIET_SOURCE_AGAIN:
        rows[0] += f" ({lines.amount(QUIET_SOURCE_AGAIN + every)} where its feed brought nothing new the time before)"
    known = [site.name for site in sites if traffic[site.name].articles_per_day is not None]
    if known:
        total = sum(_spent(traffic[name], allowed.get(name, Allowance()), every) for name in known)
        rows.append(f"Requests per hour: {total:,.0f}, at {len(known)} of {len(sites)} sites that the archive knows:")
    return rows + [_row(site, traffic[site.name], allowed.get(site.name, Allowance()), every) for site in sites]


def _seen(settings: Settings, sites: list[Site]) -> tuple[dict[str, Traffic], dict[str, Allowance]]:
    """Each site's traffic and allowance, as an archive that is there tells them; it is not made for this."""
    now = settings.now()
    try:
        with Archive.open(settings.database, create=False) as archive:
            traffic = {site.name: traffic_of(archive, site.name, now) for site in sites}
            return traffic, site_allowances(archive, load_declared_sites(settings), now)
    except NotFound:
        return {site.name: Traffic() for site in sites}, {}


def _spent(traffic: Traffic, allowance: Allowance, every: timedelta) -> float:
    """What is wanted, or what is allowed where that is less."""
    wanted = traffic.per_hour(allowance.scale, every)
    return wanted if allowance.per_hour is None else min(wanted, allowance.per_hour)


def _row(site: Site, traffic: Traffic, allowance: Allowance, every: timedelta) -> str:
    if traffic.articles_per_day is None:
        return f"  {site.name}: never crawled yet; run this again after the first days"
    wanted = _spent(traffic, allowance, every)
    text = (
        f"  {site.name}: {wanted:,.0f} requests per hour "
        f"({traffic.articles_per_day:,.0f} new articles a day, {traffic.sources} sources)"
    )
    if allowance.per_hour is not None:
        text += f", {allowance.per_hour} allowed"
        if traffic.sources_per_hour(every) >= allowance.per_hour:
            text += "; its sources alone take that: raise max_requests_per_hour, or name fewer in sites.toml"
    if wanted * site.delay > 3600:
        text += f"; more than a delay of {site.delay:g} s leaves time for: the crawl will lag behind"
    return text
