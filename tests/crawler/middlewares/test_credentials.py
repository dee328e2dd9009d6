"""Cookies, credentials and the page we came from stay with the site that they belong to (Scrapy's advisories)."""

OPEN = {"ROBOTSTXT_OBEY": False}
SECRET = {"Authorization": "Basic c2VjcmV0", "Cookie": "session=secret"}


def leaks(entry):
    return {name for name in ("Authorization", "Cookie", "Proxy-Authorization") if name in entry.headers}


def test_a_redirect_to_another_host_or_port_drops_them(web, crawl):
    for status in (301, 302, 303, 307, 308):
        web.page(f"/{status}", status=status, host="mine.test", Location=web.url("/theirs", host="theirs.test"))
    web.page("/theirs", host="theirs.test")
    requests = [{"url": web.url(f"/{s}", host="mine.test"), "headers": SECRET} for s in (301, 302, 303, 307, 308)]
    crawl(*requests, settings=OPEN)
    theirs = web.seen(host="theirs.test")
    assert len(theirs) == 5
    assert set().union(*(leaks(entry) for entry in theirs)) == set()
    assert all("Authorization" in entry.headers for entry in web.seen(host="mine.test"))


def test_so_does_a_meta_refresh(web, crawl):
    target = web.url("/theirs", host="theirs.test")
    web.page("/a", f'<meta http-equiv="refresh" content="0; url={target}">', host="mine.test")
    web.page("/theirs", host="theirs.test")
    crawl({"url": web.url("/a", host="mine.test"), "headers": SECRET}, settings=OPEN)
    assert leaks(web.seen(host="theirs.test")[0]) == set()


def test_a_subdomain_is_another_site(web, crawl):
    web.page("/a", status=302, host="mine.test", Location=web.url("/b", host="www.mine.test"))
    crawl({"url": web.url("/a", host="mine.test"), "headers": SECRET}, settings=OPEN)
    assert leaks(web.seen(host="www.mine.test")[0]) == set()


def test_a_cookie_that_a_site_sets_is_not_even_sent_back_to_it(web, crawl):
    web.page("/a", status=302, Location="/b", Set_Cookie="id=1; Domain=.test; Path=/")
    web.page("/b", Set_Cookie="id=2")
    crawl(web.url("/a", host="a.test"), web.url("/b", host="b.test"), web.url("/b", host="a.test"), settings=OPEN)
    assert len(web.log) == 4
    assert all(leaks(entry) == set() for entry in web.log)


def test_with_cookies_switched_on_they_still_stay_at_home(web, crawl):
    web.page("/a", status=302, host="a.test", Location="/b", Set_Cookie="id=1; Domain=.test; Path=/")
    web.page("/b", status=302, host="a.test", Location=web.url("/c", host="b.test"), Set_Cookie="id=2")
    web.page("/c", host="b.test")
    crawl(web.url("/a", host="a.test"), settings=OPEN | {"COOKIES_ENABLED": True})
    assert leaks(web.seen("/c")[0]) == set()


def test_a_proxys_password_does_not_reach_the_site(web, crawl):
    web.page("/a", status=302, Location="http://other.example/b")
    web.page("/b")
    requests = {"url": "http://news.example/a", "meta": {"proxy": web.url("").replace("//", "//user:pass@")}}
    crawl(requests, allow=[], settings=OPEN)
    assert [entry.line.split()[1] for entry in web.log] == ["http://news.example/a", "http://other.example/b"]
    direct = {"url": web.url("/b"), "headers": {"Proxy-Authorization": "Basic c2VjcmV0"}}
    crawl(direct, settings=OPEN)
    assert leaks(web.log[-1]) == set()


def test_the_referring_page_is_not_told_to_another_site(web, crawl):
    web.page("/a", status=302, host="mine.test", Location=web.url("/b", host="theirs.test"))
    requests = {"url": web.url("/a", host="mine.test"), "headers": {"Referer": web.url("/home", host="mine.test")}}
    crawl(requests, settings=OPEN)
    assert "Referer" not in web.seen("/b")[0].headers


def test_no_language_is_asked_for(web, crawl):
    web.page("/a")
    crawl(web.url("/a"), settings=OPEN)
    assert "Accept-Language" not in web.log[0].headers
    assert web.log[0].headers["User-Agent"].startswith("Backissue/")
