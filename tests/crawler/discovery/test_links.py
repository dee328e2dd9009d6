"""What the links of pages lead to, on sites of many builds, none of them known to the classifier."""

from datetime import UTC, datetime

import pytest

from crawler.discovery.links import Listing, read_listing

HOME = "https://www.a.example/"
HEADLINES = (
    "Council votes for tram line across the river",
    "Storm leaves thousands of homes without power",
    "Teachers accept pay offer after night of talks",
    "Harbour to be dredged for the first time in years",
    "Museum finds lost drawings behind a false wall",
)
MENU = ("Politics", "Business", "Culture")


def page(teasers: str, menu: str = "", extra: str = "", head: str = "") -> str:
    return (
        f"<html><head>{head}</head><body><nav><a href='/'>Home</a>{menu}</nav><main>{teasers}</main>{extra}"
        "<footer><a href='/about-us/'>About us</a><a href='/privacy-policy/'>Privacy policy</a></footer></body></html>"
    )


def teasers(paths: list[str], headlines: tuple[str, ...] = HEADLINES) -> str:
    rows = (
        f"<div class=teaser><h3><a href='{p}'>{h}</a></h3><p>Words.</p></div>"
        for p, h in zip(paths, headlines, strict=False)
    )
    return "".join(rows)


def menu(paths: list[str], names: tuple[str, ...] = MENU) -> str:
    return "".join(f"<li><a href='{path}'>{name}</a></li>" for path, name in zip(paths, names, strict=True))


def articles(found: Listing) -> list[str]:
    return [candidate.url.removeprefix(HOME.rstrip("/")) for candidate in found.articles]


def slug(headline: str) -> str:
    return headline.lower().replace(" ", "-")


STYLES = {
    "date and slug": ([f"/2026/03/0{n + 1}/{slug(h)}/" for n, h in enumerate(HEADLINES)], "/category/{}/"),
    "section, slug and number": ([f"/politics/{slug(h)}-{481210 + n}.html" for n, h in enumerate(HEADLINES)], "/{}/"),
    "php with two parameters": ([f"/artikel.php?id={123 + n}&r=politik" for n in range(5)], "/rubrik.php?r={}"),
    "number only": ([f"/news/{7001234 + n}" for n in range(5)], "/news/{}"),
    "number at the root": ([f"/{7001234 + n}/" for n in range(5)], "/{}/"),
    "asp": ([f"/ShowNews.aspx?newsid={901 + n}" for n in range(5)], "/List.aspx?cat={}"),
    "hash": ([f"/a/{n}b2f0c9d8e7a6f5b4c3d2e1f0a9b8c7d" for n in range(5)], "/s/{}"),
    "underscored": ([f"/{slug(h).replace('-', '_')}.shtml" for h in HEADLINES], "/{}.shtml"),
    "query at the root": ([f"/?p={1200 + n}" for n in range(5)], "/?cat={}"),
    "short slug below news": (
        ["/news/tram", "/news/storm", "/news/teachers-pay", "/news/harbour", "/news/museum"],
        "/{}",
    ),
    "number and .htm in folders": ([f"/20260305/n48{n}120.htm" for n in range(5)], "/channel/{}.htm"),
}


@pytest.mark.parametrize("style", STYLES)
def test_articles_and_sections_are_told_apart(style: str) -> None:
    paths, pattern = STYLES[style]
    sections = [pattern.format(name.lower()) for name in MENU]
    found = read_listing(page(teasers(paths), menu(sections)), HOME)
    assert articles(found) == paths
    assert [url.removeprefix(HOME.rstrip("/")) for url in found.sections] == sections


LANGUAGES = {
    "Cyrillic": ("дождь-залил-улицы-города", "Дождь залил улицы старого города"),
    "Arabic": ("أمطار-غزيرة-تغرق-شوارع-المدينة", "أمطار غزيرة تغرق شوارع المدينة القديمة"),
    "Chinese": ("大雨淹没老城区多条街道", "大雨淹没老城区多条街道 居民连夜转移"),
    "Greek": ("βροχή-στην-πόλη", "Η βροχή πλημμύρισε τους δρόμους της πόλης"),
}


@pytest.mark.parametrize("script", LANGUAGES)
def test_slugs_in_other_scripts_are_articles_escaped_or_not(script: str) -> None:
    name, headline = LANGUAGES[script]
    paths = [f"/{name}-{n}" for n in range(5)]
    found = read_listing(page(teasers(paths, tuple(f"{headline} {n}" for n in range(5)))), HOME)
    assert len(found.articles) == 5
    assert all(candidate.url.isascii() for candidate in found.articles)


def test_a_plain_list_of_tables_without_classes_is_read() -> None:
    rows = "".join(
        f"<tr><td><font size=2>0{n}.03.2026</font></td><td><a href='artikel.php?id={n}41&r=politik'>{h}</a></td></tr>"
        for n, h in enumerate(HEADLINES, 1)
    )
    found = read_listing(
        f"<table><tr><td><a href='index.php?r=sport'>Sport</a></td></tr></table><table>{rows}</table>", HOME
    )
    assert len(found.articles) == 5
    assert found.sections == (f"{HOME}index.php?r=sport",)


def test_the_headline_becomes_the_title_and_the_date_beside_it_the_date() -> None:
    html = page(
        "<div><a href='/news/rain-falls-4711'><img src=x alt='A cloud'></a>"
        "<time datetime='2026-03-05T10:00:00Z'>now</time>"
        "<h2><a href='/news/rain-falls-4711'>Rain falls on the town</a></h2>"
        "<a href='/news/rain-falls-4711#comments'>12 comments</a><a href='/news/rain-falls-4711'>Read more</a></div>"
    )
    (candidate,) = read_listing(html, HOME, found_in="home").articles
    assert candidate.title == "Rain falls on the town"
    assert candidate.published_at == datetime(2026, 3, 5, 10, tzinfo=UTC)
    assert candidate.found_in == "home"


BESIDE = {
    "<span>5. März 2026, 11:00 Uhr</span>": datetime(2026, 3, 5, 11, tzinfo=UTC),
    "<small>2026-03-05</small>": datetime(2026, 3, 5, tzinfo=UTC),
    "<p>Am 5.3.2026 fiel Regen, am 6.3.2026 auch.</p>": None,
    "<span>3/4/2026</span>": None,
    "<span>vor 3 Stunden</span>": None,
    "": None,
}


@pytest.mark.parametrize("beside", BESIDE)
def test_a_date_in_words_beside_a_teaser_is_read_where_it_can_be_read_in_one_way(beside: str) -> None:
    rows = [f"<div><h3><a href='/news/regen-{n}4711'>{h}</a></h3>{beside}</div>" for n, h in enumerate(HEADLINES)]
    found = read_listing(f"<html lang=de><body>{''.join(rows)}</body></html>", HOME).articles
    assert [candidate.published_at for candidate in found] == [BESIDE[beside]] * 5


def test_a_date_that_may_be_anothers_is_not_taken() -> None:
    links = "".join(f"<p><a href='/news/regen-{n}4711'>{h}</a></p>" for n, h in enumerate(HEADLINES))
    assert read_listing(f"<div>{links}<p>5. März 2026</p></div>", HOME).articles[0].published_at is None


def test_the_frames_of_a_frameset_are_read_as_sections() -> None:
    html = "<frameset cols='20%,80%'><frame src='menu.htm'><frame src='/inhalt.htm'><frame src='http://b.example/'></frameset>"
    assert read_listing(html, HOME).sections == (f"{HOME}menu.htm", f"{HOME}inhalt.htm")


def test_words_within_a_paragraph_are_no_title() -> None:
    link = "<a href='/2026/03/05/tram-plan-has-been-dropped/'>has not been adopted</a>"
    html = page(
        f"<p>The minister said on Monday that the plan, which {link} by the council so far, would be put to the vote "
        "again before the summer.</p>"
    )
    assert [link.candidate.title for link in read_listing(html, HOME).links] == [None]


def test_the_words_of_a_link_around_a_whole_teaser_are_its_heading() -> None:
    html = page(
        "<a href='/news/rain-falls-4711'><style>.x{color:red}</style><svg><title>play</title></svg>"
        "<h3>Rain falls on the town</h3>"
        "<p>Streets were under water in the morning, and trains stood still for hours.</p></a>"
    )
    assert read_listing(html, HOME).articles[0].title == "Rain falls on the town"


FORBIDDEN = (
    "/login?next=/news/rain-falls-on-town-4711",
    "/tag/heavy-rain-on-old-town/",
    "/author/jane-van-der-berg-1234/",
    "/autor/juana-perez",
    "/search?q=rain+falls+on+town",
    "/suche.php?wort=regen",
    "/calendar/2026/03/05/",
    "/archiv.php?sid=3f2a9c1b77e0d456&seite=3",
    "/news/rain-falls?PHPSESSID=abc123",
    "/news/rain-falls-on-town.pdf",
    "/images/2026/03/05/rain-falls-on-town.jpg",
    "/wp-login.php?action=register",
    "/newsletter-signup/feed/",
    "/a/b/a/b/a/b/rain-falls-on-town",
    "mailto:desk@a.example",
    "javascript:open('/news/rain-falls-on-town-4711')",
    "file:///etc/passwd",
    "https://b.example/2026/03/05/rain-falls-on-town/",
    "https://login.a.example/2026/03/05/rain-falls-on-town/",
    "http://127.0.0.1/2026/03/05/rain-falls-on-town/",
    "/метки/дождь-в-старом-городе",
)


@pytest.mark.parametrize("href", FORBIDDEN)
def test_some_links_are_never_returned(href: str) -> None:
    headline = "Rain falls on the old town for three days"
    html = page(
        teasers(STYLES["date and slug"][0]) + f'<div class=teaser><h3><a href="{href}">{headline}</a></h3></div>'
    )
    found = read_listing(html, HOME)
    assert len(found.links) == 5
    assert not found.sections


def test_a_hidden_nofollow_link_is_a_trap() -> None:
    hidden = "rel=nofollow style='display:none'"
    trap = f"<a {hidden} href='/2026/03/05/rain-falls-on-the-old-town/'>Rain falls on town today</a>"
    assert not read_listing(page(trap), HOME).links


def test_month_archives_are_no_articles() -> None:
    html = page(
        "", extra="<ul>" + "".join(f"<li><a href='/2026/0{n}/'>March 2026</a></li>" for n in range(1, 6)) + "</ul>"
    )
    assert not read_listing(html, HOME).articles


def test_the_page_itself_and_its_variants_are_not_returned() -> None:
    html = page(teasers(["/news/rain-falls-4711?utm_source=x"]))
    assert not read_listing(html, f"{HOME}news/rain-falls-4711/").articles


def test_an_address_comes_once_however_it_is_tracked() -> None:
    html = page(
        teasers(
            ["/news/rain-falls-4711?utm_source=x", "/news/rain-falls-4711/", "https://m.a.example/news/rain-falls-4711"]
        )
    )
    assert len(read_listing(html, HOME).articles) == 1


def test_doubtful_links_come_apart_from_likely_ones() -> None:
    html = page(teasers(STYLES["date and slug"][0]), extra="<p><a href='/stories/tram-line'>The tram line</a></p>")
    found = read_listing(html, HOME)
    assert len(found.articles) == 5
    assert all(link.likelihood < 0.5 for link in found.links if "stories" in link.candidate.url)


def test_feeds_are_read_from_the_head_but_not_those_of_comments() -> None:
    head = (
        "<link rel=alternate type='application/rss+xml' href='/feed/'>"
        "<link rel=alternate type=application/atom+xml href=/atom.xml>"
        "<link rel=alternate type='application/rss+xml' title='Comments' href='/comments/feed/'>"
        "<link rel=alternate hreflang=de href='/de/'>"
        "<link rel='alternate' type='application/feed+json' href='/feed.json'>"
    )
    assert read_listing(page("", head=head), HOME).feeds == (f"{HOME}feed/", f"{HOME}atom.xml", f"{HOME}feed.json")


def test_a_base_element_is_heeded() -> None:
    html = page(teasers(["rain-falls-on-the-town-4711.html"]), head="<base href='/news/'>")
    assert articles(read_listing(html, HOME)) == ["/news/rain-falls-on-the-town-4711.html"]


@pytest.mark.parametrize(
    "html", ["", "<a", "<a href>", "<a href=''>x</a>", "\x00", "<div>" * 5000 + "<a href='/x'>x</a>"]
)
def test_rubbish_is_read_without_an_error(html: str) -> None:
    read_listing(html, HOME)


def test_a_page_that_is_built_to_exhaust_the_parser_lists_nothing() -> None:
    assert read_listing("<div>" * 200_000 + teasers(STYLES["date and slug"][0]), HOME) == Listing()
