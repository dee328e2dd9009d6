"""The address guard: 60 and more spellings of forbidden addresses, by every way in; canaries see nothing."""

from pathlib import Path

import pytest

from crawler.middlewares.addresses import AddressRules

SPELLINGS = Path(__file__).parents[1].joinpath("forbidden_addresses.txt").read_text(encoding="utf-8").split()


def spelled(canary, scheme="http"):
    return [f"{scheme}://{host}:{canary.port}/secret" for host in SPELLINGS]


def test_there_are_more_than_sixty_spellings():
    assert len(set(SPELLINGS)) > 60


def test_the_canaries_do_sing(crawl, canary):
    before = len(canary.hits)
    urls = [f"http://127.0.0.1:{canary.port}/", f"http://127.1:{canary.port}/", f"http://127.0.0.2:{canary.port}/"]
    crawl(*urls, allow=["127.0.0.0/8"], settings={"ROBOTSTXT_OBEY": False})
    assert len(canary.hits) >= before + 3


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_spelling_of_a_forbidden_address_is_connected_as_a_seed(crawl, canary, scheme):
    before = len(canary.hits)
    crawled = crawl(*spelled(canary, scheme), settings={"ROBOTSTXT_OBEY": False})
    assert len(canary.hits) == before
    assert [r["url"] for r in crawled.results if not r["error"]] == []
    assert sum(r["error"] == "ForbiddenAddress" for r in crawled.results) >= 55


def test_nor_is_its_robots_txt(crawl, canary):
    before = len(canary.hits)
    crawled = crawl(*spelled(canary))
    assert len(canary.hits) == before
    assert all(r["error"] for r in crawled.results)
    assert sum("allow_addresses" in r["text"] for r in crawled.results) >= 55, "the reason is told"


@pytest.mark.parametrize("way", ["redirect", "meta_refresh", "robots_redirect"])
def test_nor_by_a_detour(crawl, web, canary, way):
    before = len(canary.hits)
    urls, names = [], {}
    for number, target in enumerate(spelled(canary)):
        host = f"h{number}.test"
        ascii_target = target.encode().decode("latin-1")
        if way == "redirect":
            web.page("/", host=host, status=302, Location=ascii_target)
        elif way == "meta_refresh":
            web.page("/", f'<meta charset=utf-8><meta http-equiv="refresh" content="0; url={target}">', host=host)
        else:
            web.page("/robots.txt", host=host, status=301, Location=ascii_target)
        urls.append(web.url("/", host=host))
        names[host] = [["127.0.0.1"]]
    crawled = crawl(*urls, names=names)
    assert len(canary.hits) == before
    assert len(web.log) >= len(urls), "every detour was taken"
    followed = [r for r in crawled.results if not r["error"] and r["final_url"] != r["url"]]
    assert followed == []


def test_a_redirect_to_another_scheme_is_not_followed(crawl, web):
    schemes = [
        "file:///etc/passwd",
        "data:text/html,hi",
        "ftp://127.0.0.1/x",
        "s3://bucket/key",
        "gopher://x.test/",
        "javascript:1",
    ]
    for number, target in enumerate(schemes):
        web.page(f"/{number}", status=302, Location=target)
        web.page(f"/m{number}", f'<meta http-equiv="refresh" content="0; url={target}">')
    urls = [web.url(f"/{prefix}{number}") for number in range(len(schemes)) for prefix in ("", "m")]
    crawled = crawl(*urls)
    assert {r["final_url"].split("/")[2] for r in crawled.results} == {f"127.0.0.1:{web.port}"}
    assert "root:" not in str(crawled.results)


def test_other_schemes_have_no_handler(crawl):
    schemes = ["file:///etc/passwd", "data:text/html,hi", "ftp://127.0.0.1/x", "s3://bucket/key"]
    assert {r["error"] for r in crawl(*schemes).results} == {"NotSupported"}


def test_the_address_checked_is_the_address_connected(crawl, web, canary):
    """A name that is public at first and private afterwards, and one that is both at once."""
    before = len(canary.hits)
    public = "203.0.113.9"  # allowed for this test, and nobody answers there
    names = {
        "rebind.test": [["127.0.0.1"], ["127.0.0.2"], ["10.0.0.1"]],
        "mixed.test": [["127.0.0.2", "::1", "169.254.169.254"]],
    }
    urls = [f"http://{name}:{canary.port}/{n}" for name in names for n in range(2 * len(names[name]) - 1)]
    crawled = crawl(*urls, names=names, allow=[public], settings={"ROBOTSTXT_OBEY": False})
    assert len(canary.hits) == before
    assert {r["error"] for r in crawled.results} == {"ForbiddenAddress"}
    assert {r["address"] for r in crawled.results} <= {"127.0.0.1", "127.0.0.2", "::1", "10.0.0.1", "169.254.169.254"}


def test_of_several_addresses_only_the_admitted_one_is_connected(crawl, web, canary):
    before = len(canary.hits)
    web.page("/a", "<p>here</p>")
    names = {"both.test": [["127.0.0.2", "127.0.0.1", "::1"]]}
    crawled = crawl(web.url("/a", host="both.test"), names=names)
    assert crawled.results[0]["body"] == "<p>here</p>"
    assert len(canary.hits) == before


def test_the_allow_list_opens_one_port_only(crawl, web, canary):
    web.page("/a")
    crawled = crawl(web.url("/a"), f"http://127.0.0.1:{canary.port}/", settings={"ROBOTSTXT_OBEY": False})
    assert [r["error"] for r in crawled.results] == [None, "ForbiddenAddress"]


def test_a_name_can_be_allowed_wherever_it_leads(crawl, web):
    web.page("/a")
    names = {"wiki.test": [["127.0.0.1"]], "other.test": [["127.0.0.1"]]}
    urls = [web.url("/a", host=host) for host in names]
    crawled = crawl(*urls, names=names, allow=["wiki.test"])
    assert [r["error"] for r in crawled.results] == [None, "ForbiddenAddress"]


@pytest.mark.parametrize("entry", ["10.0.0.0/33", "", "http://x.test/", "127.0.0.1:http", "1.2.3", "a b"])
def test_a_bad_entry_of_the_allow_list_is_refused_with_its_text(entry):
    with pytest.raises(ValueError, match="allow_addresses"):
        AddressRules([entry])


@pytest.fixture
def through_proxy(crawl, web):
    """Crawls through the test's web server as an HTTP proxy, with nothing allowed."""

    def run(*urls, allow=(), **scenario):
        requests = [{"url": url, "meta": {"proxy": web.url("")}} for url in urls]
        return crawl(*requests, allow=list(allow), settings={"ROBOTSTXT_OBEY": False}, **scenario)

    return run


def test_behind_a_proxy_its_own_endpoint_is_exempt_and_names_are_not_resolved(through_proxy, web):
    web.page("/a", "<p>by proxy</p>")
    crawled = through_proxy("http://news.example/a")
    assert crawled.results[0]["body"] == "<p>by proxy</p>"
    assert web.log[0].line == "GET http://news.example/a HTTP/1.1"


def test_behind_a_proxy_literal_and_private_targets_are_refused(through_proxy, web):
    hosts = [
        *SPELLINGS,
        "8.8.8.8",
        "[2606:4700::1111]",
        "printer.local",
        "metadata.google.internal",
        "intranet",
        "a.localhost",
    ]
    crawled = through_proxy(*(f"http://{host}/" for host in hosts), *(f"https://{host}/" for host in hosts))
    assert [r["url"] for r in crawled.results if not r["error"]] == []
    assert web.log == []


def test_behind_a_proxy_the_proxy_itself_is_no_target(through_proxy, crawl, web):
    web.page("/a")
    assert through_proxy(web.url("/a")).results[0]["error"] == "ForbiddenAddress"
    assert crawl(web.url("/a"), allow=[]).results[0]["error"] == "ForbiddenAddress"
    assert web.log == []


def test_behind_a_proxy_the_allow_list_opens_names_and_addresses(through_proxy, web):
    web.page("/a")
    crawled = through_proxy("http://10.0.0.7/a", "http://10.0.0.8/a", "http://wiki/a", allow=["10.0.0.7", "wiki:80"])
    assert [r["error"] for r in crawled.results] == [None, "ForbiddenAddress", None]


def test_behind_a_proxy_https_goes_through_a_tunnel_to_names_only(through_proxy, web):
    crawled = through_proxy("https://news.example/a", "https://127.0.0.1/a", "https://[::1]/a")
    assert [r["error"] for r in crawled.results] == ["TunnelError", "ForbiddenAddress", "ForbiddenAddress"]
    assert [entry.line for entry in web.log] == ["CONNECT news.example:443 HTTP/1.1"]
