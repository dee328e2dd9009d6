"""Dates of publication and of the last change, to the minute where the page gives it."""

import json
from datetime import UTC, datetime

import pytest

from crawler.extraction.date_text import parse_date
from crawler.extraction.dates import find_modified, find_published
from crawler.extraction.document import Document
from crawler.extraction.result import SiteHints
from crawler.extraction.stamps import Locale
from crawler.extraction.structured import Structured

FETCHED = datetime(2026, 3, 5, 12, tzinfo=UTC)


def published(html: str, url: str = "https://a.test/rain", **given: object) -> str | None:
    doc = Document(html, url, **given)  # type: ignore[arg-type]
    found = find_published(doc, Structured(doc))
    return found.value.isoformat() if found else None


def modified(html: str) -> str | None:
    doc = Document(html, "https://a.test/rain")
    found = find_modified(doc, Structured(doc))
    return found.value.isoformat() if found else None


def claim(**dates: str) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "headline": "Rain", **dates})}</script><h1>Rain</h1>'


@pytest.mark.parametrize(
    ("text", "language", "moment"),
    [
        ("2023-12-20T10:15:00-05:00", "en", "2023-12-20T10:15:00-05:00"),
        ("Wed Dec 20 10:15:00 EST 2023", "en", "2023-12-20T10:15:00-05:00"),
        ("Published 1:06 p.m. ET Dec. 22, 2023", "en", "2023-12-22T13:06:00-05:00"),
        ("22. Dezember 2023, 14:30 Uhr", "de", "2023-12-22T14:30:00+00:00"),
        ("22.12.2023 - 14.30 Uhr", "de", "2023-12-22T14:30:00+00:00"),
        ("1er janvier 2024 à 14h30", "fr", "2024-01-01T14:30:00+00:00"),
        ("3 de marzo de 2026, 14:05", "es", "2026-03-03T14:05:00+00:00"),
        ("22 de dezembro de 2023 às 14h30", "pt", "2023-12-22T14:30:00+00:00"),
        ("22 dicembre 2023 alle 14:30", "it", "2023-12-22T14:30:00+00:00"),
        ("15 april 2024 om 14:30 uur", "nl", "2024-04-15T14:30:00+00:00"),
        ("15. april 2024 kl. 14.30", "da", "2024-04-15T14:30:00+00:00"),
        ("den 15 april 2024 14:30", "sv", "2024-04-15T14:30:00+00:00"),
        ("15 huhtikuuta 2024 klo 14.30", "fi", "2024-04-15T14:30:00+00:00"),
        ("22 декабря 2023, 14:30 МСК", "ru", "2023-12-22T14:30:00+03:00"),
        ("22 грудня 2023, 14:30", "uk", "2023-12-22T14:30:00+00:00"),
        ("15 апр. 2024 г., 14:30", "bg", "2024-04-15T14:30:00+00:00"),
        ("22 listopada 2023", "pl", "2023-11-22T00:00:00+00:00"),
        ("22. listopada 2023.", "hr", "2023-10-22T00:00:00+00:00"),
        ("22. listopadu 2023", "cs", "2023-11-22T00:00:00+00:00"),
        ("2024. április 15., 14:30", "hu", "2024-04-15T14:30:00+00:00"),
        ("15 aprilie 2024, 14:30", "ro", "2024-04-15T14:30:00+00:00"),
        ("2024 m. balandžio 15 d. 14:30", "lt", "2024-04-15T14:30:00+00:00"),
        ("2024. gada 15. aprīlis", "lv", "2024-04-15T00:00:00+00:00"),
        ("15 Nisan 2024 14:30", "tr", "2024-04-15T14:30:00+00:00"),
        ("15 Απριλίου 2024", "el", "2024-04-15T00:00:00+00:00"),
        ("15 באפריל 2024", "he", "2024-04-15T00:00:00+00:00"),
        ("١٥ نيسان ٢٠٢٤ ٠٢:٣٠ م", "ar", "2024-04-15T14:30:00+00:00"),
        ("15 كانون الثاني 2024", "ar", "2024-01-15T00:00:00+00:00"),
        ("۲۶ فروردین ۱۴۰۳ - ۱۴:۳۰", "fa", "2024-04-14T14:30:00+00:00"),
        ("۱۴۰۳/۰۱/۲۶", "fa", "2024-04-14T00:00:00+00:00"),
        ("15 अप्रैल 2024, 02:30 PM IST", "hi", "2024-04-15T14:30:00+05:30"),
        ("১৫ এপ্রিল ২০২৪, ১৪:৩০", "bn", "2024-04-15T14:30:00+00:00"),
        ("15 เม.ย. 2567 เวลา 14.30 น.", "th", "2024-04-15T14:30:00+00:00"),
        ("๑๕ เมษายน ๒๕๖๗", "th", "2024-04-15T00:00:00+00:00"),
        ("15 tháng 4, 2024 14:30", "vi", "2024-04-15T14:30:00+00:00"),
        ("Senin, 15 April 2024 14:30 WIB", "id", "2024-04-15T14:30:00+07:00"),
        ("2024年4月15日14時30分", "ja", "2024-04-15T14:30:00+00:00"),
        ("令和6年4月15日", "ja", "2024-04-15T00:00:00+00:00"),
        ("2024. 4. 15. 오후 2:30", "ko", "2024-04-15T14:30:00+00:00"),
        ("2024年4月15日 下午2:30", "zh", "2024-04-15T14:30:00+00:00"),
        ("民國113年4月15日", "zh", "2024-04-15T00:00:00+00:00"),
        ("15 აპრილი 2024", "ka", "2024-04-15T00:00:00+00:00"),
    ],
)
def test_written_dates_in_many_languages(text: str, language: str, moment: str) -> None:
    stamp = parse_date(text, Locale(language=language))
    assert stamp is not None
    assert stamp.at.isoformat() == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("3 hours ago", "2026-03-05T09:00:00+00:00"),
        ("vor 3 Stunden", "2026-03-05T09:00:00+00:00"),
        ("il y a 20 minutes", "2026-03-05T11:40:00+00:00"),
        ("hace 2 días", "2026-03-03T12:00:00+00:00"),
        ("3 часа назад", "2026-03-05T09:00:00+00:00"),
        ("قبل 3 ساعات", "2026-03-05T09:00:00+00:00"),
        ("3小时前", "2026-03-05T09:00:00+00:00"),
        ("2시간 전", "2026-03-05T10:00:00+00:00"),
        ("сегодня в 10:30", "2026-03-05T10:30:00+00:00"),
        ("yesterday at 9:30 am", "2026-03-04T09:30:00+00:00"),
    ],
)
def test_relative_dates_need_the_time_of_fetching(text: str, moment: str) -> None:
    stamp = parse_date(text, Locale(now=FETCHED))
    assert stamp is not None
    assert stamp.at.isoformat() == moment
    assert parse_date(text) is None


@pytest.mark.parametrize(
    "text", ["Aug 15", "Sept 2023", "version 10.2.2023.1", "1,234 views 15:30", "31.02.2024", "0000-00-00", ""]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_date(text) is None


def test_the_claim_of_the_main_article_comes_first() -> None:
    html = claim(datePublished="2026-03-01T10:00:00+01:00") + "<time datetime='2020-01-01'>2020</time>"
    assert published(html) == "2026-03-01T10:00:00+01:00"


def test_a_day_is_made_a_minute_by_what_the_page_shows() -> None:
    assert published(claim(datePublished="2026-03-03") + "<p>March 3, 2026 14:05</p>") == "2026-03-03T14:05:00+00:00"


def test_a_claim_in_utc_is_told_in_the_zone_that_the_page_shows() -> None:
    html = claim(datePublished="2023-12-23T03:00:46Z") + "<p>December 22, 2023 10:00 PM</p>"
    assert published(html) == "2023-12-22T22:00:46-05:00"


def test_a_time_without_zone_is_in_the_zone_of_the_site() -> None:
    html = claim(datePublished="2026-03-03T14:05:00")
    assert published(html, hints=SiteHints(time_zone="Europe/Berlin")) == "2026-03-03T14:05:00+01:00"
    assert published(html) == "2026-03-03T14:05:00+00:00"
    assert published(html, hints=SiteHints(time_zone="Nowhere/Land")) == "2026-03-03T14:05:00+00:00"


def test_published_and_updated_in_one_row_are_told_apart() -> None:
    html = "<h1>Rain</h1><p class=byline>By Ann Smith | Updated March 4, 2026 09:00 | Published March 3, 2026 14:05</p>"
    assert published(html) == "2026-03-03T14:05:00+00:00"
    assert modified(html) == "2026-03-04T09:00:00+00:00"


def test_time_elements_are_told_apart_by_their_class() -> None:
    html = '<h1>Rain</h1><div><time class="updated" datetime="2026-03-04">4</time><time class="published" datetime="2026-03-03">3</time></div>'
    assert published(html) == "2026-03-03T00:00:00+00:00"


@pytest.mark.parametrize("place", ["comments", "related-posts", "newsletter", "site-footer"])
def test_dates_of_other_things_are_not_taken(place: str) -> None:
    html = f'<h1>Rain</h1><p>It rains.</p><div class="{place}"><time datetime="2020-01-01T10:00:00Z">1 May 2020</time></div>'
    assert published(html) is None


def test_the_date_at_the_headline_beats_the_date_of_the_file() -> None:
    html = '<meta name="date" content="2026-03-05"><h1>Rain</h1><p class="date">Published 3 March 2026</p>'
    assert published(html) == "2026-03-03T00:00:00+00:00"


def test_the_address_is_the_last_evidence() -> None:
    assert published("<h1>Rain</h1>", "https://a.test/2024/02/17/rain") == "2024-02-17T00:00:00+00:00"
    assert published("<h1>Rain</h1>", "https://a.test/2024/02/rain-123456") is None


@pytest.mark.parametrize(
    "value", ["0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "null", "2026-03-09T00:00:00Z"]
)
def test_placeholders_and_dates_after_the_fetch_are_not_believed(value: str) -> None:
    assert published(claim(datePublished=value), fetched_at=FETCHED) is None


def test_month_and_day_in_the_order_of_the_region() -> None:
    line = "<h1>Rain</h1><p class=date>03/04/2024</p>"
    assert published(f'<html lang="en-US">{line}') == "2024-03-04T00:00:00+00:00"
    assert published(f'<html lang="en-GB">{line}') == "2024-04-03T00:00:00+00:00"
    assert published(f'<html lang="de">{line}') == "2024-04-03T00:00:00+00:00"


def test_the_articles_own_record_in_the_state_goes_before_a_day_that_its_text_names() -> None:
    story = {
        "headline": "Rain falls on town",
        "publishedAt": "2026-03-03T14:05:00Z",
        "updatedAt": "2026-03-04T09:00:00Z",
        "body": [],
    }
    html = (
        "<h1>Rain falls on town</h1><p>Feb. 23, 2015</p><p>Updated: Oct. 3, 2022</p><p>It fell all night.</p>"
        f'<script id="__NEXT_DATA__" type="application/json">{json.dumps({"story": story})}</script>'
    )
    assert (published(html), modified(html)) == ("2026-03-03T14:05:00+00:00", "2026-03-04T09:00:00+00:00")


def test_dates_in_embedded_state() -> None:
    state = {"story": {"headline": "Rain falls on town", "publishedAt": "2026-03-03T14:05:00Z", "body": []}}
    html = f'<h1>Rain falls on town</h1><script id="__NEXT_DATA__" type="application/json">{json.dumps(state)}</script>'
    assert published(html) == "2026-03-03T14:05:00+00:00"
