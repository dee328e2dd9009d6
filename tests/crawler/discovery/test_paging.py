"""The next page of a listing, however it is announced."""

import pytest

from crawler.discovery.links import read_listing

URL = "https://www.a.example/news/"


def next_page(html: str, url: str = URL) -> str | None:
    return read_listing(html, url).next_page


def test_rel_next_in_the_head_wins() -> None:
    assert next_page("<link rel=next href='/news/page/2/'><a href='/news/?x'>Next</a>") == f"{URL}page/2/"


def test_rel_next_on_a_link_is_followed() -> None:
    assert next_page("<a rel='next nofollow' href='?page=2'>»</a>") == f"{URL}?page=2"


NEXT = """
Next|Next »|Older posts|← Older posts|Nächste Seite|Weiter >|Ältere Beiträge|Suivant
Página siguiente|Próxima|Successiva|Volgende|Nästa|Neste|Næste|Seuraava|Następna|Další|Ďalšia
Következő|Următoarea|Следваща|Следующая|Наступна|Επόμενη|Sonraki|التالي|بعدی|הבא|अगला|Berikutnya
Trang sau|ถัดไป|下一页|下一頁|次へ|다음
"""


@pytest.mark.parametrize("words", NEXT.strip().replace("\n", "|").split("|"))
def test_the_word_for_next_is_known_in_many_languages(words: str) -> None:
    assert next_page(f"<div><a href='/news/?seite=2'>{words}</a></div>") == f"{URL}?seite=2"


def test_a_label_will_do_where_the_link_shows_an_arrow() -> None:
    assert next_page("<a aria-label='Next page' href='/news/2'>›</a>") == f"{URL}2"


@pytest.mark.parametrize(
    ("url", "href"),
    [
        (URL, "/news/?page=2"),
        (f"{URL}?page=2", "/news/?page=3"),
        (f"{URL}page/2/", "/news/page/3/"),
        ("https://www.a.example/list.php?r=politik", "/list.php?r=politik&seite=2"),
    ],
)
def test_without_words_the_number_after_this_pages_is_next(url: str, href: str) -> None:
    numbers = f"<a href='{href}'>x</a><a href='/other/?page=2'>2</a><a href='/news/?page=9'>9</a>"
    assert next_page(numbers, url) == f"https://www.a.example{href}"


@pytest.mark.parametrize(
    "html",
    [
        "<a rel=next href='/news/'>Next</a>",
        "<a rel=next href='https://b.example/2'>Next</a>",
        "<a rel=next href='javascript:more()'>Next</a>",
        "<a href='/calendar/2031/06/'>Next</a>",
        "<a href='/news/?page=2'>Page two of something</a>" * 0,
        "<a href='/news/rain-falls'>Next to nothing was left</a>",
    ],
)
def test_what_is_no_next_page_is_none(html: str) -> None:
    assert next_page(html) is None


def test_the_way_back_is_not_the_way_on() -> None:
    assert next_page("<a href='/news/?page=1'>Next</a>", f"{URL}?page=2") is None
