"""The headline: never the site's name, letter for letter as a reader sees it."""

import json

import pytest

from crawler.extraction.document import Document
from crawler.extraction.result import SiteHints
from crawler.extraction.structured import Structured
from crawler.extraction.title import find_title


def title(html: str, url: str = "https://www.townpost.test/2024/rain", hints: SiteHints | None = None) -> str | None:
    doc = Document(html, url, hints=hints)
    found = find_title(doc, Structured(doc))
    return found.value if found else None


def test_the_h1_wins_over_a_claim_that_differs_a_little() -> None:
    html = '<meta property="og:title" content="Rain falls on the town"><h1>Rain falls on our town</h1>'
    assert title(html) == "Rain falls on our town"


def test_the_characters_of_the_h1_are_kept() -> None:
    html = '<meta property="og:title" content="\'Rain\' - again"><h1>‘Rain’ – again</h1>'
    assert title(html) == "‘Rain’ – again"


def test_a_logo_h1_is_not_the_headline() -> None:
    html = '<title>Rain falls - Town Post</title><h1><a href="/">Town Post</a></h1><h2>Rain falls</h2>'
    assert title(html) == "Rain falls"


def test_a_logo_h1_of_other_words_is_known_by_its_link_home() -> None:
    html = '<title>My diary - Rain falls today</title><h1><a href="https://d.test/">My diary</a></h1>'
    assert title(html, "https://d.test/1") != "My diary"


@pytest.mark.parametrize("mark", [" - ", " | ", " – ", " » ", " :: ", "_"])
def test_the_site_name_is_cut_off_a_title_element(mark: str) -> None:
    assert title(f"<title>Rain falls today{mark}Town Post</title>") == "Rain falls today"


def test_the_site_name_before_the_headline_is_cut_off_too() -> None:
    assert title("<title>Town Post: Rain falls today</title>") == "Rain falls today"


def test_a_headline_that_begins_with_the_site_name_keeps_it() -> None:
    assert title(
        "<title>Townpost's ten best books of the year, ranked</title><h1>Townpost's ten best books of the year, ranked</h1>"
    ) == ("Townpost's ten best books of the year, ranked")


def test_an_old_table_page_shows_its_headline_in_a_font_element() -> None:
    html = (
        "<title>Abendbote: Regen in der Stadt</title><table><tr><td><font size=6>Abendbote</font>"
        "<font size=5><b>Regen in der Stadt</b></font><br>Es regnet.</td></tr></table>"
    )
    assert title(html, "http://abendbote.test/1.html") == "Regen in der Stadt"


def test_a_kicker_by_class_is_kept_apart() -> None:
    html = (
        '<h1><span class="kicker">Weather</span> Rain falls on town</h1><title>Rain falls on town | Town Post</title>'
    )
    assert title(html) == "Rain falls on town"


def test_a_kicker_that_the_publisher_counts_in_stays() -> None:
    node = json.dumps({"@type": "NewsArticle", "headline": "Weather: Rain falls on town"})
    html = f'<h1><span class="kicker">Weather</span>: Rain falls on town</h1><script type="application/ld+json">{node}</script>'
    assert title(html) == "Weather : Rain falls on town" or title(html) == "Weather: Rain falls on town"


def test_ruby_glosses_are_no_part_of_the_headline() -> None:
    html = "<title>子どもの法律ができる</title><h1><ruby>子<rt>こ</rt></ruby>どもの<ruby>法律<rt>ほうりつ</rt></ruby>ができる</h1>"
    assert title(html) == "子どもの法律ができる"


@pytest.mark.parametrize(
    "headline",
    [
        "武汉的声音：有英勇的你",
        "أمطار غزيرة على المدينة اليوم",
        "גשם כבד ירד על העיר",
        "मैनपुरी में बारिश से जनजीवन प्रभावित",
    ],
)
def test_headlines_in_other_scripts(headline: str) -> None:
    assert title(f"<title>{headline} - Town Post</title><h1> {headline} </h1>") == headline


def test_claims_serve_where_nothing_is_shown() -> None:
    html = '<meta property="og:title" content="It&amp;#039;s raining | Town Post"><p>Text</p>'
    assert title(html) == "It's raining"


def test_a_selector_wins() -> None:
    html = "<h1>Wrong but large headline</h1><p class=x>Rain</p>"
    assert title(html, hints=SiteHints(selectors={"title": ".x"})) == "Rain"


@pytest.mark.parametrize(
    "html", ["", "<title></title>", "<h1></h1>", "<h1>Menu</h1>", "<title>Town Post</title>", "\x00\ud800"]
)
def test_a_page_without_a_headline_gives_none(html: str) -> None:
    assert title(html) is None
