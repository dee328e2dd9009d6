"""`stats` and `categories`: how much is there, and under which labels?"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import click

from archive import room
from archive.cli.listing import format_option, limit_option, row_limit, show_rows
from archive.cli.screen import Column
from archive.cli.session import Command, Settings, known_site, pass_settings
from archive.cli.topics import topic_names
from archive.export import Field
from archive.missed import Missed

if TYPE_CHECKING:
    from archive.queries import CategoryCount, DayHealth, SiteStats

_DAYS = 30


@click.command(cls=Command)
@click.argument("site", required=False)
@format_option
@pass_settings
def stats(settings: Settings, site: str | None, form: str, pager: bool) -> None:
    """How much the archive has of each site, and how long the disk will do; of one SITE, how its last thirty days
    went, what is not as usual there, and how many edits were probably missed.

    \b
    backissue stats
    backissue stats sahel --format csv

    Warnings and estimates stand below the table; the other formats have its rows only.
    """
    now, below = settings.now(), list[str]()
    with settings.open() as archive:
        if known_site(archive, site) is None:
            show_rows(SITE_FIELDS, _SITES, archive.stats(now), form, pager=pager, empty="the archive is empty")
            below = [room.words(room.measure(archive, settings.raw_folder, now))]
        else:
            since = now - timedelta(days=_DAYS)
            days = archive.health(str(site), since=since, until=now)
            nothing = f"{site} was not looked at in the last {_DAYS} days"
            show_rows(DAY_FIELDS, _HEALTH, days, form, pager=pager, empty=nothing)
            below = [f"warning: {words}" for words in archive.unusual(str(site), now).values()]
            below += [
                f"left alone since {page.quarantined_at:%Y-%m-%d}: {page.url} ({page.reason}); "
                "`backissue crawl` with this address tries it again"
                for page in archive.quarantined(str(site))
            ]
            below += missed_in_words(archive.missed_edits(str(site), since=since, until=now))
    if form == "table":
        for line in below:
            click.echo(line)


def missed_in_words(missed: Missed | None) -> list[str]:
    """A line, where there is an estimate.

    >>> missed_in_words(Missed(seen=60, between=12.2, before=7.9))
    ['edits seen: 60; probably missed: 25 % of all (about 12 between two looks, 8 before the first one)']
    """
    if missed is None:
        return []
    return [
        f"edits seen: {missed.seen}; probably missed: {missed.share * 100:.0f} % of all "
        f"(about {missed.between:.0f} between two looks, {missed.before:.0f} before the first one)"
    ]


@click.command(cls=Command)
@click.option("--site", metavar="NAME")
@limit_option
@format_option
@pass_settings
def categories(settings: Settings, site: str | None, limit: int | None, form: str, pager: bool) -> None:
    """The section labels that pages carry, the topic each comes to, and how often: those without a topic first.

    \b
    backissue categories
    backissue categories --site sahel --format jsonl
    """
    with settings.open() as archive:
        found = archive.category_topics(site=known_site(archive, site))
    count = row_limit(limit, form)
    show_rows(LABEL_FIELDS, _LABELS, found, form, limit=count, pager=pager, empty="no page carries a label")


SITE_FIELDS: tuple[Field[SiteStats], ...] = (
    Field("site", "text", "its name; none for articles of no site", lambda s: s.site),
    Field("articles", "integer", "articles", lambda s: s.articles),
    Field("versions", "integer", "versions of them", lambda s: s.versions),
    Field("captures", "integer", "looks at these articles, whatever they found", lambda s: s.captures),
    Field("edited", "integer", "articles with more than one version", lambda s: s.edited),
    Field("gone", "integer", "articles whose page has gone", lambda s: s.gone),
    Field("first_captured_at", "time", "the first look", lambda s: s.first_captured_at),
    Field("last_captured_at", "time", "the last look", lambda s: s.last_captured_at),
    Field("waiting", "integer", "addresses never looked at yet", lambda s: s.waiting),
    Field("due", "integer", "addresses whose look is due", lambda s: s.due),
    Field("quarantined", "integer", "pages left alone", lambda s: s.quarantined),
    Field("looks_last_day", "integer", "looks in the last 24 hours, whatever they found", lambda s: s.looks_last_day),
    Field("failed_last_day", "integer", "of these: blocked, truncated, errors", lambda s: s.failed_last_day),
)

_SITES: tuple[Column[SiteStats], ...] = (
    Column("site", lambda site: site.site or "(none)", style="cyan"),
    Column("articles", lambda site: site.articles, right=True),
    Column("versions", lambda site: site.versions, right=True),
    Column("looks", lambda site: site.captures, right=True),
    Column("edited", lambda site: f"{site.edited / site.articles:.0%}" if site.articles else "", right=True),
    Column("gone", lambda site: site.gone, right=True),
    Column("waiting", lambda site: site.waiting, right=True),
    Column("due", lambda site: site.due, right=True),
    Column("last day", lambda site: site.looks_last_day, right=True),
    Column("failed", lambda site: site.failed_last_day, right=True),
    Column("last look", lambda site: site.last_captured_at, style="dim"),
)

DAY_FIELDS: tuple[Field[DayHealth], ...] = (
    Field("day", "time", "its midnight, UTC", lambda d: d.day),
    Field("looks", "integer", "looks", lambda d: d.looks),
    Field("new", "integer", "that found a new article", lambda d: d.new),
    Field("changed", "integer", "that found an edit", lambda d: d.changed),
    Field("blocked", "integer", "that met a wall", lambda d: d.blocked),
    Field("failed", "integer", "that failed, or found no article", lambda d: d.failed),
    Field(
        "missing",
        "list",
        "fields that new articles did not state, with their share",
        lambda d: [f"{name} {share:.0%}" for name, share in d.missing.items() if share],
    ),
)

_HEALTH: tuple[Column[DayHealth], ...] = (
    Column("day (UTC)", lambda day: day.day.date().isoformat()),
    *(Column(field.name, field.value, right=field.kind == "integer") for field in DAY_FIELDS[1:]),
)

LABEL_FIELDS: tuple[Field[CategoryCount], ...] = (
    Field("label", "text", "as pages write it", lambda c: c.label),
    Field("articles", "integer", "whose newest version carries it", lambda c: c.articles),
    Field("topics", "list", "IPTC Media Topics codes; empty where it is not mapped", lambda c: c.topics),
)

_LABELS: tuple[Column[CategoryCount], ...] = (
    Column("label", lambda count: count.label),
    Column("articles", lambda count: count.articles, right=True),
    Column("topic", lambda count: topic_names(count.topics) or "(none)", style="cyan", whole=False),
)
