"""Validators go to the URL that they came from, and 304 means what it says."""

OPEN = {"ROBOTSTXT_OBEY": False}
VALIDATORS = {"etag": 'W/"v1"', "last_modified": "Sun, 01 Mar 2026 12:00:00 GMT"}


def conditional(asked, **more):
    return {"url": asked, "meta": {"conditional": VALIDATORS | more}}


def sent(entry):
    return entry.headers.get("If-None-Match"), entry.headers.get("If-Modified-Since")


def test_the_validators_are_sent_and_a_304_reaches_the_callback(web, crawl):
    web.page("/a", b"", status=304)
    crawled = crawl(conditional(web.url("/a")), settings=OPEN)
    assert (crawled.results[0]["error"], crawled.results[0]["status"]) == (None, 304)
    assert sent(web.log[0]) == ('W/"v1"', "Sun, 01 Mar 2026 12:00:00 GMT")


def test_only_what_the_server_once_wrote_is_sent(web, crawl):
    web.page("/a")
    crawl(conditional(web.url("/a"), last_modified=None), settings=OPEN)
    assert sent(web.log[0]) == ('W/"v1"', None)


def test_a_full_answer_comes_as_usual(web, crawl):
    web.page("/a", "<p>new</p>")
    assert crawl(conditional(web.url("/a")), settings=OPEN).results[0]["body"] == "<p>new</p>"


def test_a_redirect_does_not_take_them_along(web, crawl):
    web.page("/a", status=301, Location="/b")
    web.page("/b", "<p>moved</p>")
    crawled = crawl(conditional(web.url("/a")), settings=OPEN)
    assert crawled.results[0]["body"] == "<p>moved</p>"
    assert [sent(entry)[0] for entry in web.log] == ['W/"v1"', None]


def test_those_of_a_redirects_target_are_sent_there_only(web, crawl):
    web.page("/a", status=301, Location="/b")
    web.page("/b", b"", status=304)
    crawled = crawl(conditional(web.url("/a"), url=web.url("/b")), settings=OPEN)
    assert crawled.results[0]["status"] == 304
    assert [sent(entry)[0] for entry in web.log] == [None, 'W/"v1"']


def test_a_304_that_nobody_asked_for_is_an_error(web, crawl):
    web.page("/a", b"", status=304)
    web.page("/b", status=302, Location="/a")
    crawled = crawl(web.url("/a"), conditional(web.url("/b")), settings=OPEN)
    assert [r["error"] for r in crawled.results] == ["UnaskedNotModified"] * 2


def test_a_retry_keeps_them(web, crawl):
    web.page("/a", status=500)
    web.page("/a", b"", status=304)
    crawled = crawl(conditional(web.url("/a")), settings=OPEN | {"RETRY_TIMES": 1})
    assert crawled.results[0]["status"] == 304
    assert [sent(entry)[0] for entry in web.log] == ['W/"v1"', 'W/"v1"']
