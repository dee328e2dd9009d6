"""`backissue sites`: declare sites, list them, try what is declared, pause and resume them."""

from __future__ import annotations

import re
import shutil
import tempfile
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import click

from archive.cli import Settings, pass_settings
from crawler import sites_checks
from crawler.commands.common import fetch_settings, load_declared_sites
from crawler.sites import SiteError, load_sites

if TYPE_CHECKING:
    from crawler.fetching import Fetch
    from crawler.probe import Fetched, SourceReport
    from crawler.sites import Site, Sites

AGENT = "Backissue"


@click.group("sites")
def sites() -> None:
    """The sites that this archive follows, as sites.toml declares them.

    \b
    backissue sites add https://www.example.org/
    backissue sites check
    """


@sites.command("list")
@pass_settings
def list_sites(settings: Settings) -> None:
    """Show every declared site.

    \b
    backissue sites list
    """
    declared = load_declared_sites(settings)
    width = max((len(site.name) for site in declared), default=0)
    for site in declared:
        sources = [f"{len(urls)} {kind}{'s' * (len(urls) != 1)}" for kind, urls in _sources(site) if urls] or [
            "sources discovered"
        ]
        paused = click.style("  paused", fg="yellow") if site.paused else ""
        click.echo(f"{site.name:{width}}  {site.url}  {', '.join(sources)}, {site.delay:g} s between requests{paused}")


def _sources(site: Site) -> list[tuple[str, tuple[str, ...]]]:
    return [("feed", site.feeds), ("sitemap", site.sitemaps), ("section", site.sections)]


@sites.command("add")
@click.argument("url")
@click.option("--name", help="A short name for commands and reports (default: made of the host).")
@pass_settings
def add_site(settings: Settings, url: str, name: str | None) -> None:
    """Look at a site's robots.txt, sitemaps, feeds and sections, show what is there, write its entry.

    \b
    backissue sites add https://www.example.org/
    """
    from crawler import probe
    from crawler.discovery.sources import name_for
    from crawler.sites_text import render_site_entry

    if not settings.sites_file.absolute().parent.is_dir():
        raise click.UsageError(f"there is no folder {str(settings.sites_file.absolute().parent)!r} to write into")
    declared = load_declared_sites(settings, missing_ok=True)
    try:
        home = sites_checks.home(url)
        name = sites_checks.name(name or name_for(home, declared.names))
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if name in declared:
        taken = f"a site named {name!r} is declared already in {settings.sites_file}; choose another --name"
        raise click.UsageError(taken)
    reports = _look(settings, home)
    _print_reports(reports)
    blocked = [report for report in reports if report.kind in ("robots", "home") and not report.ok]
    if blocked:
        raise click.ClickException(f"{blocked[0].url}: {blocked[0].reason}. No entry was written")
    chosen = probe.choose_sources(reports)
    text = render_site_entry(
        name, home, feeds=chosen["feeds"], sitemaps=chosen["sitemaps"], sections=chosen["sections"]
    )
    before = settings.sites_file.read_bytes() if settings.sites_file.exists() else b""
    between = b"" if not before or before.endswith(b"\n") else b"\n"
    _rewrite(settings, before + between + text.encode(), lambda sites: sites.names == (*declared.names, name))
    click.echo(f"\nWritten to {settings.sites_file} as {name!r}. Next: backissue crawl {name}")


def _look(settings: Settings, home: str) -> list[SourceReport]:
    """Fetch and judge what a site offers; robots.txt and the home page come first."""
    from crawler import fetching, probe
    from crawler.discovery.links import read_listing
    from crawler.discovery.robots import Robots

    async def look(fetch: Fetch) -> list[SourceReport]:
        robots = await fetch(urljoin(home, "/robots.txt"))
        first = probe.judge_robots(robots, AGENT)
        if not first.ok:
            return [first]
        page = _decoded(await fetch(home))
        rules = Robots.parse(robots.body) if robots.status == 200 else Robots.allow_all()
        listing = read_listing(page.text or "", page.url, home=home, found_in="home")
        reports, answered = [first, probe.judge("home", page, home, datetime.now(UTC))], set()
        for kind, url in probe.sources_to_try(home, rules, listing):
            guessed = kind in answered and url not in (*rules.sitemaps, *listing.feeds, *listing.sections)
            if not guessed:
                report = await _judge(fetch, kind, url, home)
                reports.append(report)
                answered |= {kind} if report.ok else set()
        return reports

    return fetching.run(fetch_settings(settings), look)


async def _judge(fetch: Fetch, kind: str, url: str, home: str) -> SourceReport:
    from crawler import probe

    answer = await fetch(url)
    return probe.judge(kind, _decoded(answer) if kind in ("home", "section") else answer, home, datetime.now(UTC))


def _decoded(page: Fetched) -> Fetched:
    """The page with its text, by the charset rules of the web."""
    from crawler.extraction.document import decode
    from crawler.probe import Fetched

    text = decode(page.body, page.content_type)[0] if page.body else ""
    return Fetched(page.url, page.status, page.body, text, page.content_type, page.error)


@sites.command("check")
@click.argument("names", nargs=-1, metavar="[SITE]...")
@pass_settings
def check_sites(settings: Settings, names: tuple[str, ...]) -> None:
    """Fetch every declared source of all sites (or some) and say what each is worth; exit code 1 where one is bad.

    \b
    backissue sites check
    backissue sites check example
    """
    declared = load_declared_sites(settings)
    for name in names:
        if name not in declared:
            raise click.UsageError(f"no site is named {name!r} (known: {', '.join(declared.names)})")
    chosen = [site for site in declared if not names or site.name in names]
    bad = 0
    for site, reports in _check(settings, chosen):
        click.secho(site.name, bold=True)
        _print_reports(reports)
        bad += sum(not report.ok for report in reports)
    if bad:
        raise click.ClickException(f"{bad} source{'s' * (bad != 1)} no good; the reasons stand above")


def _check(settings: Settings, chosen: list[Site]) -> list[tuple[Site, list[SourceReport]]]:
    from crawler import fetching, probe

    async def check(fetch: Fetch) -> list[tuple[Site, list[SourceReport]]]:
        found = []
        for site in chosen:
            reports = [probe.judge_robots(await fetch(urljoin(site.url, "/robots.txt")), AGENT)]
            if reports[0].ok:
                rows = [("home", site.url), *((kind, url) for kind, urls in _sources(site) for url in urls)]
                reports += [await _judge(fetch, kind, url, site.url) for kind, url in rows]
            found.append((site, reports))
        return found

    return fetching.run(fetch_settings(settings), check)


def _print_reports(reports: Iterable[SourceReport]) -> None:
    for report in reports:
        mark = click.style("good", fg="green") if report.ok else click.style("bad ", fg="red")
        entries = f"{report.entries} entries" if report.entries else ""
        newest = f"newest {report.newest:%Y-%m-%d}" if report.newest else ""
        words = ", ".join(filter(None, [entries, newest, report.reason]))
        click.echo(f"  {mark} {report.kind:8} {report.url}  {words}")


@sites.command("pause")
@click.argument("name", metavar="SITE")
@pass_settings
def pause_site(settings: Settings, name: str) -> None:
    """Leave a site out of crawls until it is resumed; what is archived stays readable.

    \b
    backissue sites pause example
    """
    _set_paused(settings, name, True)


@sites.command("resume")
@click.argument("name", metavar="SITE")
@pass_settings
def resume_site(settings: Settings, name: str) -> None:
    """Crawl a paused site again.

    \b
    backissue sites resume example
    """
    _set_paused(settings, name, False)


def _set_paused(settings: Settings, name: str, paused: bool) -> None:
    """Change the one line of the site's table, or add it; the rest of the file stays as it was written."""
    declared = load_declared_sites(settings)
    if name not in declared:
        raise click.UsageError(f"no site is named {name!r} (known: {', '.join(declared.names)})")
    wanted = tuple(replace(site, paused=paused) if site.name == name else site for site in declared)
    before = settings.sites_file.read_bytes()
    mark = BOM_UTF8 if before.startswith(BOM_UTF8) else b""
    lines = before.removeprefix(mark).decode().splitlines(keepends=True)
    lines = with_paused(lines, declared.names.index(name), paused)
    _rewrite(settings, mark + "".join(lines).encode(), lambda sites: sites.sites == wanted)
    click.echo(f"{name} is {'paused' if paused else 'crawled again'}")


def _rewrite(settings: Settings, text: bytes, is_meant: Callable[[Sites], bool]) -> None:
    """Puts a sites file in the place of the old one, whole and only if it says what is meant. Raises UsageError."""
    file = settings.sites_file.resolve()
    with tempfile.TemporaryDirectory(prefix=f".{file.name}.", dir=file.parent) as folder:
        part = Path(folder) / file.name
        part.write_bytes(text)
        try:
            is_good = is_meant(load_sites(part))
        except SiteError:
            is_good = False
        if not is_good:
            raise click.UsageError(
                f"{settings.sites_file} is written in a way that this command cannot edit; do it there"
            )
        if file.exists():
            shutil.copymode(file, part)
        part.replace(file)


def with_paused(lines: list[str], index: int, paused: bool) -> list[str]:
    """The file's lines with `paused` set in the index-th [[site]] table.

    >>> with_paused(['[[site]]\\n', 'name = "a"\\n', '[[site]]\\n', 'name = "b"\\n'], 0, True)
    ['[[site]]\\n', 'paused = true\\n', 'name = "a"\\n', '[[site]]\\n', 'name = "b"\\n']
    """
    starts = [number for number, line in enumerate(lines) if re.match(r"\s*\[\[\s*site\s*\]\]", line)]
    if index >= len(starts):
        return lines
    start = starts[index]
    newline = "\r\n" if lines[start].endswith("\r\n") else "\n"
    end = next((n for n in range(start + 1, len(lines)) if re.match(r"\s*\[", lines[n])), len(lines))
    said = str(paused).lower()
    for number in range(start + 1, end):
        if found := re.match(r"(\s*paused\s*=\s*)(?:true|false)\b", lines[number]):
            return [*lines[:number], found[1] + said + lines[number][found.end() :], *lines[number + 1 :]]
    return [*lines[: start + 1], f"paused = {said}{newline}", *lines[start + 1 :]]
