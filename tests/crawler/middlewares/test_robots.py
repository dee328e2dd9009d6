"""robots.txt as RFC 9309 has it, seen from the server."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

FORBID = "User-agent: *\nDisallow: /private\nSitemap: https://news.example/sitemap.xml\n"


def ago(**time):
    return (datetime.now(UTC) - timedelta(**time)).isoformat()


def paths(web):
    return [entry.path for entry in web.log]


def test_a_page_is_fetched_where_there_is_no_robots_txt(web, crawl):
    web.page("/a", "<p>one</p>")
    crawled = crawl(web.url("/a"))
    assert [(r["error"], r["body"]) for r in crawled.results] == [(None, "<p>one</p>")]
    assert paths(web) == ["/robots.txt", "/a"]


def test_it_is_fetched_once_a_host_and_forbids_what_it_says(web, crawl):
    web.page("/robots.txt", FORBID)
    for path in ("/a", "/b", "/private/c"):
        web.page(path)
    crawled = crawl(*(web.url(path) for path in ("/a", "/private/c", "/b")))
    assert [r["error"] for r in crawled.results] == [None, "ForbiddenByRobots", None]
    assert crawled.results[1]["kinds"][1] == "IgnoreRequest"
    assert sorted(paths(web)) == ["/a", "/b", "/robots.txt"]


def test_each_host_has_its_own(web, crawl):
    web.page("/robots.txt", "User-agent: *\nDisallow: /", host="closed.test")
    web.page("/a")
    crawled = crawl(web.url("/a", host="closed.test"), web.url("/a", host="open.test"))
    assert [r["error"] for r in crawled.results] == ["ForbiddenByRobots", None]


def test_a_redirect_is_asked_for_at_the_host_it_leads_to(web, crawl):
    web.page("/a", status=302, host="one.test", Location=web.url("/private/b", host="two.test"))
    web.page("/robots.txt", FORBID, host="two.test")
    crawled = crawl(web.url("/a", host="one.test"))
    assert crawled.results[0]["error"] == "ForbiddenByRobots"
    assert web.pages_seen(host="two.test") == []


def test_our_own_group_counts_and_not_the_stars(web, crawl):
    web.page("/robots.txt", "User-agent: Backissue\nDisallow: /a\n\nUser-agent: *\nDisallow: /b\n")
    web.page("/a")
    web.page("/b")
    assert [r["error"] for r in crawl(web.url("/a"), web.url("/b")).results] == ["ForbiddenByRobots", None]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418])
def test_a_4xx_answer_allows_everything(web, crawl, status):
    web.page("/robots.txt", "User-agent: *\nDisallow: /", status=status)
    web.page("/a")
    assert crawl(web.url("/a")).results[0]["error"] is None


@pytest.mark.parametrize("status", [500, 502, 503, 504, 599, 429])
def test_a_5xx_answer_forbids_everything(web, crawl, status):
    web.page("/robots.txt", "User-agent: *\nAllow: /", status=status, Retry_After="0")
    web.page("/a")
    crawled = crawl(web.url("/a"))
    assert crawled.results[0]["error"] == "ForbiddenByRobots"
    assert str(status) in crawled.results[0]["text"]
    assert web.pages_seen() == []


def reset(send):
    send.close()


def test_no_answer_forbids_everything(web, crawl):
    web.page("/robots.txt", raw=reset)
    web.page("/a")
    assert crawl(web.url("/a")).results[0]["error"] == "ForbiddenByRobots"
    assert web.pages_seen() == []


def test_an_answer_that_does_not_come_forbids_everything(web, crawl):
    web.page("/robots.txt", delay=2)
    web.page("/a")
    crawled = crawl(web.url("/a"), settings={"BACKISSUE_ROBOTS_TIMEOUT": 0.5})
    assert crawled.results[0]["error"] == "ForbiddenByRobots"
    assert web.pages_seen() == []


def test_five_redirects_are_followed_and_six_are_none(web, crawl):
    for hops, host in ((5, "five.test"), (6, "six.test")):
        for hop in range(hops):
            here = "/robots.txt" if hop == 0 else f"/hop{hop}"
            there = f"/hop{hop + 1}"
            web.page(here, status=301, host=host, Location=there)
        web.page(f"/hop{hops}", "User-agent: *\nDisallow: /a", host=host)
        web.page("/a", host=host)
    crawled = crawl(web.url("/a", host="five.test"), web.url("/a", host="six.test"))
    assert [r["error"] for r in crawled.results] == ["ForbiddenByRobots", None]


def test_rules_within_500_kib_are_read_and_the_rest_is_not_fetched(web, crawl):
    filler = b"# filler\n" * 60_000  # 540 kB

    def endless(send):
        send.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nUser-agent: *\nDisallow: /a\n" + filler)
        for _ in range(400):
            send.write(b"# more\n" * 10_000)
        endless.finished = True

    endless.finished = False
    web.page("/robots.txt", raw=endless)
    web.page("/a")
    web.page("/b")
    assert [r["error"] for r in crawl(web.url("/a"), web.url("/b")).results] == ["ForbiddenByRobots", None]
    assert not endless.finished


def test_an_html_page_in_its_place_has_no_rules(web, crawl):
    web.page("/robots.txt", "<!doctype html><html><body>Disallow: /</body></html>")
    web.page("/a")
    assert crawl(web.url("/a")).results[0]["error"] is None


def test_an_answer_of_another_process_is_used_for_24_hours(web, crawl):
    web.page("/a")
    origin = web.url("")
    crawled = crawl(web.url("/a"), robots={origin: [ago(hours=23), 200, "User-agent: *\nDisallow: /a", 0]})
    assert crawled.results[0]["error"] == "ForbiddenByRobots"
    assert paths(web) == []
    crawled = crawl(web.url("/a"), robots={origin: [ago(hours=25), 200, "User-agent: *\nDisallow: /a", 0]})
    assert crawled.results[0]["error"] is None
    assert crawled.robots[origin] == [404, 0]


def test_what_could_not_be_had_is_asked_for_again_later_and_later(web, crawl):
    web.page("/robots.txt", status=500)
    web.page("/a")
    origin = web.url("")
    assert crawl(web.url("/a")).robots[origin] == [500, 1]
    asked = len(web.log)
    assert crawl(web.url("/a"), robots={origin: [ago(minutes=50), None, "", 1]}).robots[origin] == [None, 1]
    assert len(web.log) == asked
    assert crawl(web.url("/a"), robots={origin: [ago(minutes=60), None, "", 1]}).robots[origin] == [500, 2]
    assert len(web.log) > asked
    asked = len(web.log)
    crawl(web.url("/a"), robots={origin: [ago(minutes=60), None, "", 2]})
    assert len(web.log) == asked


def test_a_dead_host_costs_two_requests_whatever_is_due_there(web, crawl):
    web.page("/robots.txt", status=500)
    crawl(*(web.url(f"/{number}") for number in range(40)))
    assert len(web.log) == 2


def test_a_spider_can_ask_for_the_sitemaps(web, crawl):
    web.page("/robots.txt", FORBID)
    crawled = crawl(rules=[web.url("/")])
    assert crawled.rules[web.url("/")] == {
        "status": 200,
        "reachable": True,
        "sitemaps": ["https://news.example/sitemap.xml"],
    }


def test_a_crawl_delay_holds_before_the_very_next_request(web, crawl):
    web.page("/robots.txt", "User-agent: *\nCrawl-delay: 0.4\n")
    for number in range(4):
        web.page(f"/{number}")
    crawl(*(web.url(f"/{number}") for number in range(4)))
    times = [entry.at for entry in web.log]
    assert len(times) == 5
    assert min(later - earlier for earlier, later in itertools.pairwise(times)) >= 0.4


def test_an_absurd_crawl_delay_is_capped(web, crawl):
    web.page("/robots.txt", "User-agent: *\nCrawl-delay: 86400\n")
    web.page("/a")
    assert crawl(web.url("/a"), settings={"BACKISSUE_MAX_CRAWL_DELAY": 0.2}).results[0]["error"] is None
