"""Links become addresses, and addresses belong to sites."""

import pytest

from crawler.discovery.urls import resolve, same_site

BASE = "https://www.a.example/news/index.html"


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("rain.html", "https://www.a.example/news/rain.html"),
        ("/rain", "https://www.a.example/rain"),
        ("//m.a.example/rain", "https://m.a.example/rain"),
        ("?id=7", "https://www.a.example/news/index.html?id=7"),
        (" \n/rain\t", "https://www.a.example/rain"),
        ("/heavy\n  rain", "https://www.a.example/heavy%20rain"),
        ("/ra\r\nin", "https://www.a.example/rain"),
        ("/heavy rain", "https://www.a.example/heavy%20rain"),
        ("/дождь", "https://www.a.example/%D0%B4%D0%BE%D0%B6%D0%B4%D1%8C"),
        ("/rain#comments", "https://www.a.example/rain"),
        ("/rain;jsessionid=0A1B", "https://www.a.example/rain"),
        ("HTTPS://www.a.example/rain", "https://www.a.example/rain"),
    ],
)
def test_a_link_is_made_absolute(href: str, url: str) -> None:
    assert resolve(href, BASE) == url


@pytest.mark.parametrize(
    "href",
    [None, "", "#top", "mailto:a@a.example", "javascript:void(0)", "JavaScript:x", "data:text/html,x", "file:///etc/passwd",
     "tel:123", "http://", "http://[::1", "http://a.example:x/", "http://u:p@a.example/", "x" * 3000, "ftp://a.example/"],
)  # fmt: skip
def test_what_leads_to_no_page_is_none(href: str | None) -> None:
    assert resolve(href, BASE) is None


@pytest.mark.parametrize(
    "url", ["http://a.example/", "https://m.a.example/x", "https://amp.www.a.example/x", "https://WWW.A.EXAMPLE:443/"]
)
def test_variants_and_subdomains_belong(url: str) -> None:
    assert same_site(url, BASE)


@pytest.mark.parametrize(
    "url",
    ["https://b.example/", "https://a.example.net/", "https://www.a.example:8080/", "https://nota.example/", "x", ""],
)
def test_others_do_not(url: str) -> None:
    assert not same_site(url, BASE)


def test_publishers_under_one_public_suffix_are_strangers() -> None:
    assert not same_site("https://one.co.uk/", "https://two.co.uk/")
    assert not same_site("https://one.github.io/", "https://two.github.io/")
    assert same_site("https://sport.one.co.uk/", "https://www.one.co.uk/")


def test_machines_without_a_name_are_compared_whole() -> None:
    assert same_site("http://127.0.0.1:8000/a", "http://127.0.0.1:8000/")
    assert not same_site("http://127.0.0.1:8001/a", "http://127.0.0.1:8000/")
    assert not same_site("http://127.0.1.1/a", "http://127.0.0.1/")
    assert same_site("http://localhost:8000/a", "http://localhost:8000/")
