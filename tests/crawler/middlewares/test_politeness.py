"""Never more requests, nor earlier ones, than a host allows: shown by the server's own log."""

import itertools
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

OPEN = {"ROBOTSTXT_OBEY": False}


def starts(web, host=None):
    return [entry.at for entry in web.pages_seen(host=host)]


def gaps(times):
    return [later - earlier for earlier, later in itertools.pairwise(times)]


@pytest.mark.parametrize("delay", [0, 0.01])
def test_a_host_never_has_more_than_one_request_in_flight(web, crawl, delay):
    for number in range(12):
        web.page(f"/{number}", delay=0.03)
    hosts = ("one.test", "two.test")
    crawled = crawl(
        *(web.url(f"/{number}", host=host) for number in range(12) for host in hosts),
        settings=OPEN | {"DOWNLOAD_DELAY": delay, "AUTOTHROTTLE_ENABLED": False},
    )
    assert len(crawled.results) == 24
    assert set(web.most_in_flight.values()) == {1}
    two_at_once = [
        entry for entry in web.log if any(0 < entry.at - o.at < 0.02 for o in web.log if o.host != entry.host)
    ]
    assert two_at_once, "different hosts do not wait for each other"


@pytest.mark.parametrize("delay", [0, 0.01])
def test_nor_more_than_configured(web, crawl, delay):
    for number in range(20):
        web.page(f"/{number}", delay=0.05)
    settings = {"CONCURRENT_REQUESTS_PER_DOMAIN": 3, "DOWNLOAD_DELAY": delay, "AUTOTHROTTLE_ENABLED": False}
    crawl(*(web.url(f"/{number}") for number in range(20)), settings=OPEN | settings)
    assert set(web.most_in_flight.values()) == {3}


def test_a_redirect_waits_for_its_new_hosts_turn(web, crawl):
    for number in range(6):
        web.page(f"/{number}", status=302, host="from.test", Location=web.url(f"/t{number}", host="to.test"))
        web.page(f"/t{number}", host="to.test", delay=0.05)
        web.page(f"/d{number}", host="to.test", delay=0.05)
    direct = [web.url(f"/d{number}", host="to.test") for number in range(6)]
    crawled = crawl(*(web.url(f"/{number}", host="from.test") for number in range(6)), *direct, settings=OPEN)
    assert len([r for r in crawled.results if not r["error"]]) == 12
    assert web.most_in_flight[f"to.test:{web.port}"] == 1


def test_the_delay_of_a_site_is_never_less_than_stated(web, crawl):
    for number in range(5):
        web.page(f"/{number}")
    crawl(*({"url": web.url(f"/{n}"), "meta": {"delay": 0.2}} for n in range(5)), settings=OPEN)
    assert min(gaps(starts(web))[1:]) >= 0.17  # from start to start; the first one makes the connection too


def test_fast_answers_do_not_wear_a_crawl_delay_down(web, crawl):
    web.page("/robots.txt", "User-agent: *\nCrawl-delay: 0.15\n")
    for number in range(6):
        web.page(f"/{number}", status=200 if number % 2 else 404)
    crawl(*(web.url(f"/{number}") for number in range(6)))
    assert min(gaps(starts(web))) >= 0.15


@pytest.mark.parametrize("status", [429, 503])
def test_a_retry_after_holds_retries_and_what_was_queued(web, crawl, status):
    web.page("/0", status=status, Retry_After="1")
    web.page("/0", "<p>now</p>")
    for number in range(1, 5):
        web.page(f"/{number}")
    crawled = crawl(*(web.url(f"/{number}") for number in range(5)), settings=OPEN | {"RETRY_TIMES": 2})
    assert [r["error"] for r in crawled.results] == [None] * 5
    assert crawled.results[0]["body"] == "<p>now</p>"
    assert crawled.results[0]["retries"] == 1
    asked = web.seen("/0")[0].at
    assert [entry.path for entry in web.log if asked < entry.at < asked + 1] == []
    assert len(web.log) == 6


def test_a_retry_after_given_as_a_date_is_reckoned_by_the_servers_own_clock(web, crawl):
    there = datetime(2021, 3, 1, tzinfo=UTC)
    headers = {
        "Date": format_datetime(there, usegmt=True),
        "Retry_After": format_datetime(there + timedelta(seconds=1), usegmt=True),
    }
    web.page("/0", status=503, raw=None, **headers)
    web.page("/0")
    crawl(web.url("/0"), settings=OPEN | {"RETRY_TIMES": 1})
    assert 1.0 <= gaps(starts(web))[0] < 5


def test_one_hosts_peace_does_not_stop_another(web, crawl):
    web.page("/a", status=503, host="busy.test", Retry_After="1")
    web.page("/a", host="busy.test")
    for number in range(5):
        web.page(f"/{number}", host="free.test")
    free = [web.url(f"/{number}", host="free.test") for number in range(5)]
    crawl(web.url("/a", host="busy.test"), *free, settings=OPEN | {"RETRY_TIMES": 1})
    assert max(starts(web, "free.test")) < max(starts(web, "busy.test"))


def test_a_long_retry_after_ends_the_hosts_crawl_at_once(web, crawl):
    web.page("/0", status=503, Retry_After="3600")
    for number in range(1, 6):
        web.page(f"/{number}")
    crawled = crawl(*(web.url(f"/{number}") for number in range(6)), settings=OPEN | {"RETRY_TIMES": 2})
    answered = crawled.results[0]
    assert (answered["status"], answered["retries"]) == (503, 0)
    assert answered["retry_after_at"]
    refused = [r for r in crawled.results if r["error"] == "HostBackingOff"]
    assert web.log[-1].path == "/0", "nothing was sent after it"
    assert len(web.log) + len(refused) == 6
    until = datetime.fromisoformat(refused[0]["until"])
    assert timedelta(minutes=59) < until - datetime.now(UTC) <= timedelta(hours=1)
    assert list(crawled.back_offs) == ["127.0.0.1"]


def test_an_absurd_retry_after_is_capped_at_a_day(web, crawl):
    web.page("/0", status=429, Retry_After="31536000")
    crawled = crawl(web.url("/0"), settings=OPEN)
    until = datetime.fromisoformat(crawled.back_offs["127.0.0.1"])
    assert until - datetime.now(UTC) <= timedelta(hours=24)


def test_a_later_process_respects_it(web, crawl):
    web.page("/a")
    soon, later = ((datetime.now(UTC) + timedelta(seconds=s)).isoformat() for s in (1, 3600))
    began = datetime.now(UTC)
    crawled = crawl(web.url("/a"), web.url("/b"), back_offs={"127.0.0.1": later})
    assert {r["error"] for r in crawled.results} == {"HostBackingOff"}
    assert crawled.robots == {}, "nothing was learnt about its robots.txt"
    assert web.log == []
    crawl(web.url("/a"), back_offs={"127.0.0.1": soon}, settings=OPEN)
    assert len(web.log) == 1
    assert (datetime.now(UTC) - began).total_seconds() >= 0.9


def test_a_429_without_a_retry_after_is_taken_for_half_a_minute(web, crawl):
    web.page("/0", status=429)
    web.page("/1")
    crawled = crawl(web.url("/0"), settings=OPEN | {"BACKISSUE_MAX_WAIT": 20, "RETRY_TIMES": 2})
    assert [(r["error"], r["status"], r["retries"]) for r in crawled.results] == [("HttpError", 429, 0)]
    until = datetime.fromisoformat(crawled.back_offs["127.0.0.1"])
    assert timedelta(seconds=20) < until - datetime.now(UTC) <= timedelta(seconds=30)
    assert len(web.log) == 1


def test_repeated_429s_slow_a_host_down(web, crawl):
    for number in range(8):
        if number < 3:
            web.page(f"/{number}", status=429, Retry_After="0")
        web.page(f"/{number}")
    settings = OPEN | {"DOWNLOAD_DELAY": 0.05, "RETRY_TIMES": 1, "AUTOTHROTTLE_ENABLED": False}
    crawl(*(web.url(f"/{number}") for number in range(8)), settings=settings)
    assert max(gaps(starts(web))) >= 0.35, "0.05 doubled three times"


def test_a_server_that_is_not_there_is_given_up(web, crawl, canary):
    urls = [f"http://127.0.0.1:1/{number}" for number in range(20)]
    crawled = crawl(*urls, allow=["127.0.0.1:1"], settings=OPEN)
    errors = [r["error"] for r in crawled.results]
    assert errors.count("DownloadConnectionRefusedError") <= 6
    assert errors.count("HostBackingOff") >= 14
    assert crawled.back_offs == {}, "the next process may try again"


def test_a_server_that_refuses_everything_is_given_up(web, crawl):
    """However soon it says to come again."""
    for number in range(20):
        web.page(f"/{number}", status=503, Retry_After="0")
    crawled = crawl(*(web.url(f"/{number}") for number in range(20)), settings=OPEN | {"RETRY_TIMES": 2})
    assert len(web.log) == 10
    assert [r["error"] for r in crawled.results].count("HostBackingOff") >= 16
    until = datetime.fromisoformat(crawled.back_offs["127.0.0.1"])
    assert timedelta(minutes=14) < until - datetime.now(UTC) <= timedelta(minutes=15)


def test_a_server_that_refuses_now_and_then_is_asked_on(web, crawl):
    for number in range(40):
        web.page(f"/{number}", status=503 if number % 2 else 200, Retry_After="0")
    crawled = crawl(*(web.url(f"/{number}") for number in range(40)), settings=OPEN | {"RETRY_ENABLED": False})
    assert (len(web.log), crawled.back_offs) == (40, {})


def test_a_crawl_that_is_stopped_does_not_wait_for_a_hosts_turn(web, crawl):
    web.page("/robots.txt", "User-agent: *\nCrawl-delay: 20\n")
    for number in range(10):
        web.page(f"/{number}")
    began = time.monotonic()
    crawled = crawl(*(web.url(f"/{number}") for number in range(10)), stop_after=0.5)
    assert time.monotonic() - began < 8
    assert {r["error"] for r in crawled.results} <= {"CrawlStopped"}
    assert [entry.path for entry in web.log] == ["/robots.txt"]


def test_a_stopped_crawl_learns_nothing_about_robots_txt(web, crawl):
    soon = (datetime.now(UTC) + timedelta(seconds=5)).isoformat()
    crawled = crawl(web.url("/a"), back_offs={"127.0.0.1": soon}, stop_after=0.3)
    assert crawled.robots == {}
    assert web.log == []


def test_a_request_is_not_repeated_behind_our_back(web, crawl):
    """Twisted sends a GET again at once when a connection that was kept open closes without an answer."""
    web.page("/a")
    web.page("/b", raw=lambda send: None)
    crawled = crawl(web.url("/a"), web.url("/b"), settings=OPEN | {"DOWNLOAD_DELAY": 0.3})
    assert [r["error"] for r in crawled.results] == [None, "DownloadFailedError"]
    assert len(web.seen("/b")) == 1
