"""Traps that an address gives away, and listings that never end."""

import pytest

from crawler.discovery.limits import goes_on, trap

HOME = "https://a.example"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/" + "x" * 2000, "long URL"),
        ("/a" * 3, "repeated path segment"),
        ("/" + "/".join(map(str, range(21))), "deep path"),
        ("/calendar/2026/03/", "calendar"),
        ("/calendar/2026/03/05/", "calendar"),
        ("/veranstaltungskalender/2031-05", "calendar"),
        ("/events/?month=2031-05", "calendar"),
        ("/agenda.php?date=2031-05-01", "calendar"),
        ("/x.php?year=2031&month=5", "calendar"),
        ("/archiv.php?sid=3f2a9c1b77e0d456&seite=2", "session id"),
        ("/list;jsessionid=ABC123", "session id"),
        ("/list?PHPSESSID=1", "session id"),
        ("/list?" + "&".join(f"f{n}=1" for n in range(9)), "many parameters"),
        ("/list?f=1&f=2&f=3", "many parameters"),
    ],
)
def test_a_trap_is_seen(path: str, reason: str) -> None:
    assert trap(HOME + path) == reason


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/2026/03/05/rain-falls/",
        "/news/news/rain",
        "/modules.php?name=News&file=article&sid=4711",
        "/events/2026/the-town-opens-its-new-hall",
        "/prevention/diet-trends-2025/",
        "/story.php?id=2026",
        "/a?x=1&y=2",
    ],
)
def test_an_ordinary_address_is_no_trap(path: str) -> None:
    assert trap(HOME + path) is None


def test_a_listing_ends_when_a_page_brings_nothing_new_or_enough_were_read() -> None:
    assert goes_on(pages_read=1, new_on_last_page=10)
    assert not goes_on(pages_read=1, new_on_last_page=0)
    assert not goes_on(pages_read=5, new_on_last_page=10, max_pages=5)
