"""The sites that one archive follows, as `sites.toml` declares them.

A site is data: a name, an address, how to discover, how politely, perhaps a few selectors. `load_sites` reads and
checks the file; `sites_file` knows TOML and line numbers, `sites_checks` what a value may be, `sites_text` writes
entries and the reference.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from crawler import sites_checks as check
from crawler.discovery.urls import same_site
from crawler.sites_checks import Check, Selector
from crawler.sites_file import SiteError, Table, nearest, read_tables

if TYPE_CHECKING:
    from crawler.extraction.result import SiteHints

__all__ = ["Defaults", "Selector", "Site", "SiteError", "Sites", "load_sites"]

PROJECT_URL = "https://github.com/backissue/backissue"


@dataclass(frozen=True, slots=True)
class Key:
    """What a key of the file is: how its value is checked, what it means, a value that shows it (in TOML)."""

    check: Check
    doc: str
    example: str


def _key(default: Any, check: Check, doc: str, example: str) -> Any:
    metadata = {"key": Key(check, " ".join(doc.split()), example)}
    return (
        field(default_factory=default, metadata=metadata)
        if default is dict
        else field(default=default, metadata=metadata)
    )


def keys_of(kind: type[Defaults] | type[Site]) -> dict[str, Key]:
    """The keys that a table may have, in the order of the reference."""
    return {row.name: row.metadata["key"] for row in fields(kind) if "key" in row.metadata}


@dataclass(frozen=True, slots=True)
class Defaults:
    """The `[defaults]` table: what holds for every site that does not say otherwise, and for the crawl as a whole."""

    contact: str | None = _key(
        None,
        check.text,
        "Where a site's owner can reach you: a mail address or a page. It goes into the user agent; please set it.",
        '"archive@example.org"',
    )
    user_agent: str | None = _key(
        None,
        check.text,
        "The whole User-Agent header, in place of the one made of `contact`. robots.txt is obeyed as "
        "`Backissue` all the same.",
        '"Backissue/1.0 (+https://example.org/bot; archive@example.org)"',
    )
    delay: float = _key(
        1.0,
        check.seconds,
        "Seconds between two requests to one host. A Crawl-delay in robots.txt that is longer wins.",
        "1.0",
    )
    max_requests_per_hour: int | None = _key(
        None, check.count, "At most so many requests an hour, all sites together; revisits are spaced to fit.", "3000"
    )
    concurrency: int = _key(
        8, check.count, "How many sites are crawled at the same time (each host is asked one thing at a time).", "8"
    )
    language: str | None = _key(
        None, check.language, "Language (BCP 47) of pages that declare none and are too short to tell.", '"en"'
    )
    time_zone: str | None = _key(
        None,
        check.time_zone,
        "IANA time zone of dates that a page writes without one. Without it they are taken as UTC.",
        '"Europe/Paris"',
    )
    conditional: str = _key(
        "auto",
        check.choice("auto", "on", "off"),
        "Conditional requests (ETag, Last-Modified): `on`, `off`, or `auto`: used, but where pages show counters a "
        "full look is taken now and then, because a 304 answer would hide their movement.",
        '"auto"',
    )
    raw: str = _key(
        "versions",
        check.choice("versions", "all", "off"),
        "Which raw answers are kept in WARC files: of new `versions`, `all`, or `off`.",
        '"versions"',
    )
    keep_raw: str = _key(
        "forever",
        check.keep,
        'How long raw answers are kept: `forever`, or days or months ("90 days", "12 months").',
        '"12 months"',
    )
    respect_noarchive: bool = _key(
        True,
        check.flag,
        "Keep no raw answer of pages that ask for it (noarchive in X-Robots-Tag or meta robots, or a TDM reservation).",
        "true",
    )
    allow_addresses: tuple[str, ...] = _key(
        (),
        check.networks,
        "Private or loopback addresses that may be fetched all the same, for an intranet, a proxy or a test: an "
        "address, a network, or host:port. Everything private is refused otherwise.",
        '["127.0.0.1:8080", "10.1.0.0/16"]',
    )


@dataclass(frozen=True, slots=True)
class Site:
    """One `[[site]]` table, with what it does not say filled in from the defaults."""

    name: str = _key(
        "", check.name, "A short unique name, as commands take it and the archive stores it. Required.", '"example"'
    )
    url: str = _key("", check.home, "The home page. Required.", '"https://www.example.org/"')
    feeds: tuple[str, ...] = _key(
        (), check.addresses, "Feeds (RSS, Atom, JSON Feed). Discovered when absent.", '["/feed/"]'
    )
    sitemaps: tuple[str, ...] = _key(
        (),
        check.addresses,
        "Sitemaps or sitemap indexes. Taken from robots.txt and the usual places when absent.",
        '["/sitemap-news.xml"]',
    )
    sections: tuple[str, ...] = _key(
        (),
        check.addresses,
        "Section pages to read for links. Taken from the home page's menu when absent.",
        '["/politics/", "/world/"]',
    )
    delay: float = _key(1.0, check.seconds, "As in `[defaults]`, for this site.", "2.5")
    max_requests_per_hour: int | None = _key(None, check.count, "At most so many requests an hour to this site.", "600")
    user_agent: str = _key(
        "", check.text, "As in `[defaults]`, for this site.", '"Backissue/1.0 (+https://example.org/bot)"'
    )
    language: str | None = _key(None, check.language, "As in `[defaults]`, for this site.", '"fr"')
    time_zone: str | None = _key(None, check.time_zone, "As in `[defaults]`, for this site.", '"Africa/Bamako"')
    paused: bool = _key(
        False, check.flag, "Not crawled until it is set to false; what is archived stays readable.", "false"
    )
    conditional: str = _key("auto", check.choice("auto", "on", "off"), "As in `[defaults]`, for this site.", '"off"')
    render: bool = _key(
        False,
        check.flag,
        "Let a browser run each page's scripts, for sites that are empty without them. Needs the `browser` extra and a "
        "Chromium, and costs far more requests; docs/javascript.md says what it does.",
        "false",
    )
    raw: str = _key("versions", check.choice("versions", "all", "off"), "As in `[defaults]`, for this site.", '"all"')
    respect_noarchive: bool = _key(True, check.flag, "As in `[defaults]`, for this site.", "true")
    categories: Mapping[str, str] = _key(
        dict,
        check.labels,
        "The site's own category labels and what to read them as, where a label means nothing elsewhere.",
        '{ "Aus der Region" = "Regional" }',
    )
    selectors: Mapping[str, tuple[Selector, ...]] = _key(
        dict,
        check.selectors,
        "CSS selectors by field (title, body, authors, published_at, categories, views, likes, dislikes, shares, "
        "comments, and "
        "`remove` for what does not belong to the body). A selector wins over everything else; "
        "where it finds nothing the field is unknown (a counter never 0), and the crawl counts and says it. "
        "Where a layout changed, a list of tables gives each selector the last day on which it was right.",
        '{ title = "h1.headline", body = [{ css = "div.text", until = 2024-06-30 }, { css = "article" }] }',
    )
    allow_addresses: tuple[str, ...] = ()
    """From the defaults: not a key of a site."""
    declared: bool = True
    """False for a site made up on the way, for a URL of none that is declared."""

    def hints_at(self, day: date) -> SiteHints:
        """What the extractor should know about the site's pages of that day."""
        from crawler.extraction.result import SiteHints  # late: the extractor takes long to load

        return SiteHints(self.language, self.time_zone, dict(self._selectors_at(day)), dict(self.categories or {}))

    def _selectors_at(self, day: date) -> Iterator[tuple[str, str]]:
        for name, selectors in (self.selectors or {}).items():
            valid = [selector for selector in selectors if selector.until is None or day <= selector.until]
            if valid:
                yield name, min(valid, key=lambda selector: selector.until or date.max).css


@dataclass(frozen=True, slots=True)
class Sites:
    """All declared sites, in the file's order."""

    defaults: Defaults = field(default_factory=Defaults)
    sites: tuple[Site, ...] = ()
    path: Path | None = None

    def __iter__(self) -> Iterator[Site]:
        return iter(self.sites)

    def __len__(self) -> int:
        return len(self.sites)

    def __getitem__(self, name: str) -> Site:
        """The site of that name; raises SiteError with the nearest name."""
        for site in self.sites:
            if site.name == name:
                return site
        raise SiteError(f"no site is named {name!r}{nearest(name, self.names)}", path=self.path)

    def __contains__(self, name: object) -> bool:
        return any(site.name == name for site in self.sites)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(site.name for site in self.sites)

    def of_url(self, url: str) -> Site:
        """The declared site that a URL belongs to; else one made of the defaults and named after the host."""
        parts = urlsplit(url)
        own = [site for site in self.sites if same_site(url, site.url)]
        if own:
            # Of several on one domain the one with that host, then the one whose address the URL begins with.
            return max(own, key=lambda site: (urlsplit(site.url).netloc == parts.netloc, _alike(site.url, url)))
        values = {
            "name": parts.netloc.removeprefix("www."),
            "url": f"{parts.scheme}://{parts.netloc}/",
            "declared": False,
        }
        return _site(values, self.defaults)


def _alike(home: str, url: str) -> int:
    return len(home) if url.startswith(home) else 0


def load_sites(path: str | Path, *, missing_ok: bool = False) -> Sites:
    """Read and check the file; with `missing_ok` a missing one declares nothing.

    Raises SiteError, whose text is one line: file, line, what was found, what to do.
    """
    path = Path(path)
    if missing_ok and not path.exists():
        return Sites(path=path)
    defaults_table, site_tables = read_tables(path)
    defaults = Defaults(**_read_keys(defaults_table, Defaults))
    sites: dict[str, Site] = {}
    for table in site_tables:
        values = _read_keys(table, Site)
        if missing := [key for key in ("name", "url") if key not in values]:
            raise table.error(
                "", f"a [[site]] without {missing[0]}; add a line {missing[0]} = {keys_of(Site)[missing[0]].example}"
            )
        site = _site(values, defaults)
        if site.name in sites:
            raise table.error("name", f"a second site is named {site.name!r}; give each [[site]] its own name")
        sites[site.name] = site
    return Sites(defaults, tuple(sites.values()), path)


def _read_keys(table: Table, kind: type[Defaults] | type[Site]) -> dict[str, Any]:
    """The checked values of a table; a wrong one raises SiteError with its line."""
    keys = keys_of(kind)
    table.refuse_unknown(keys)
    values = {}
    for name, value in table.values.items():
        try:
            values[name] = keys[name].check(value)
        except ValueError as error:
            raise table.error(name, f"{name} in {table.title}: {error}") from None
    return values


def _site(values: dict[str, Any], defaults: Defaults) -> Site:
    """A site with what it does not say taken from the defaults."""
    shared = keys_of(Site).keys() & keys_of(Defaults).keys() - {"max_requests_per_hour", "user_agent"}
    inherited = {name: getattr(defaults, name) for name in shared}
    agent = defaults.user_agent or f"Backissue/{version('backissue')} (+{defaults.contact or PROJECT_URL})"
    for name in ("feeds", "sitemaps", "sections"):
        values[name] = tuple(check.absolute(address, values["url"]) for address in values.get(name, ()))
    return Site(**{"user_agent": agent, "allow_addresses": defaults.allow_addresses} | inherited | values)


if __name__ == "__main__":
    from crawler.sites_text import reference

    sys.stdout.write(reference())
