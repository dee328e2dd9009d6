"""The address guard in a whole crawl: whatever a site lists, links or claims, canaries at forbidden addresses see nothing.

`middlewares/test_addresses.py` has the ways below: seeds, redirects, meta refreshes, robots.txt, changing DNS answers.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from archive import Archive

LocalSite = Any
Project = Any

SPELLINGS = Path(__file__).with_name("forbidden_addresses.txt").read_text(encoding="utf-8").split()
HTML, XML, TEXT = "text/html; charset=utf-8", "application/xml; charset=utf-8", "text/plain; charset=utf-8"
PARAGRAPHS = (
    "<p>The ferry to the island runs again from Monday, the harbour office said after {0} days of repairs.</p>"
    "<p>Its ramp had been torn off in storm {0}, which also sank two trawlers at the northern quay.</p>"
    "<p>Tickets bought for the lost days stay valid until June, and {0} islanders travel free for a week.</p>"
)


def article(number: int, head: str = "", tail: str = "") -> tuple[int, str, str]:
    """An article page with something of its own in its head or below its text."""
    title = f"Ferry {number} runs again after storm repairs"
    return (
        200,
        HTML,
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}'
        f'<meta property="og:type" content="article"></head><body><main><article><h1>{title}</h1>'
        f"{PARAGRAPHS.format(number)}</article>{tail}</main></body></html>",
    )


def hostile(site: LocalSite, targets: list[str]) -> set[str]:
    """Makes the site name the targets wherever a site can name an address; the paths of its articles."""
    pages, home = site.pages, site.url.rstrip("/")
    claims = {f"/news/canonical-{n}-of-a-ferry-that-runs-again": t for n, t in enumerate(targets)}
    parts = {f"/news/paginated-{n}-story-of-a-ferry-that-runs": t for n, t in enumerate(targets)}
    for number, (path, target) in enumerate(claims.items()):
        quoted = escape(target, {'"': "&quot;"})
        pages[path] = article(
            number,
            f'<link rel="canonical" href="{quoted}"><link rel="amphtml" href="{quoted}">'
            f'<meta property="og:url" content="{quoted}"><link rel="alternate" hreflang="fr" href="{quoted}">',
        )
    for number, (path, target) in enumerate(parts.items()):
        quoted = escape(target, {'"': "&quot;"})
        pages[path] = article(
            1000 + number,
            f'<link rel="next" href="{quoted}">',
            f'<nav class="pagination"><a class="next" rel="next" href="{quoted}">Next page</a> <a href="{quoted}">2</a></nav>',
        )
    listed = [*targets, *(f"{home}{path}" for path in (*claims, *parts))]
    entries = "".join(f"<url><loc>{escape(each)}</loc></url>" for each in listed)
    children = "".join(f"<sitemap><loc>{escape(each)}</loc></sitemap>" for each in [*targets, f"{home}/all.xml"])
    items = "".join(
        f"<item><title>Story {n}</title><link>{escape(t)}</link><guid>{escape(t)}</guid>"
        f'<enclosure url="{escape(t)}"/><comments>{escape(t)}</comments></item>'
        for n, t in enumerate(targets)
    )
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    links = "".join(
        f'<li><h3><a href="{escape(t)}">A story of some length, number {n}</a></h3></li>' for n, t in enumerate(targets)
    )
    feeds = "".join(f'<link rel="alternate" type="application/rss+xml" href="{escape(t)}">' for t in targets)
    more = f'<a rel="next" href="{escape(targets[0])}">older</a>'
    sitemaps = "".join(f"Sitemap: {each}\n" for each in [*targets, f"{home}/index.xml"])
    pages |= {
        "/robots.txt": (200, TEXT, f"User-agent: *\nAllow: /\n{sitemaps}"),
        "/index.xml": (200, XML, f"<sitemapindex {space}>{children}</sitemapindex>"),
        "/all.xml": (200, XML, f"<urlset {space}>{entries}</urlset>"),
        "/feed/": (200, "application/rss+xml", f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>"),
        "/": (
            200,
            HTML,
            f"<html lang=en><head>{feeds}<base href='{home}/'></head><nav>{links}</nav><ul>{links}</ul>{more}",
        ),
    }
    return {*claims, *parts}


def test_no_way_through_a_site_leads_to_a_forbidden_address(
    local_site: LocalSite, project: Callable[..., Project], canary: Any
) -> None:
    assert len(set(SPELLINGS)) > 60
    targets = [f"http://{host}:{canary.port}/news/the-ferry-runs-again-after-storm" for host in SPELLINGS]
    paths = hostile(local_site, targets)
    paper = project(paper=local_site)
    sites = paper.folder / "sites.toml"
    sites.write_text(sites.read_text().replace("delay = 0.01", "delay = 0"))
    before = len(canary.hits)
    done = paper.run("crawl")
    assert len(canary.hits) == before
    assert done.returncode in (0, 3), done.stderr
    assert all(local_site.requests[path] for path in paths), "every page that names one was read"
    assert local_site.requests["/all.xml"]
    assert local_site.requests["/feed/"]
    with Archive.open(paper.database) as archive:
        assert not any(f":{canary.port}/" in article.url for article in archive.iter_articles())


def test_a_site_that_makes_sitemaps_up_as_they_are_asked_for_does_not_hold_a_crawl(
    local_site: LocalSite, project: Callable[..., Project]
) -> None:
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    plain, asked = local_site.answer, []

    def answer(path: str) -> Any:
        if not path.startswith("/maps/"):
            return plain(path)
        asked.append(path)
        children = "".join(f"<sitemap><loc>{local_site.url}{path[1:]}{n}</loc></sitemap>" for n in range(3))
        return 200, XML, f"<sitemapindex {space}>{children}</sitemapindex>"

    local_site.answer = answer
    local_site.pages["/robots.txt"] = (200, TEXT, f"Sitemap: {local_site.url}maps/0\n")
    paper = project(paper=local_site)
    done = paper.run("crawl")
    assert done.returncode == 0, done.stderr
    assert len(asked) == 1 + 3 + 9
