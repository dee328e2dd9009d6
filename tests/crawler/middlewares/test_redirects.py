"""Redirects that lead back to where they came from."""

OPEN = {"ROBOTSTXT_OBEY": False}


def cookies(web):
    return [(entry.path, entry.headers.get("Cookie")) for entry in web.log]


def test_a_site_that_wants_its_cookie_back_shows_its_page(web, crawl):
    web.page("/story", status=302, host="a.test", Location="/welcome?to=/story")
    web.page("/welcome?to=/story", status=302, host="a.test", Location="/story", Set_Cookie="seen=1; Path=/")
    web.page("/story", "<p>the story</p>", host="a.test")
    crawl(web.url("/story", host="a.test"), settings=OPEN)
    assert cookies(web) == [("/story", None), ("/welcome?to=/story", None), ("/story", "seen=1")]


def test_so_does_one_that_redirects_to_the_same_address(web, crawl):
    web.page("/story", status=302, Location="/story", Set_Cookie="seen=1")
    web.page("/story", "<p>the story</p>")
    crawl(web.url("/story"), settings=OPEN)
    assert cookies(web) == [("/story", None), ("/story", "seen=1")]


def test_a_circle_without_a_cookie_is_followed_once(web, crawl):
    web.page("/story", status=302, Location="/other")
    web.page("/other", status=302, Location="/story")
    crawl(web.url("/story"), settings=OPEN)
    assert cookies(web) == [("/story", None), ("/other", None)]


def test_a_circle_that_takes_no_notice_of_its_cookie_is_left(web, crawl):
    web.page("/story", status=302, Location="/story", Set_Cookie="seen=1")
    crawl(web.url("/story"), settings=OPEN)
    assert cookies(web) == [("/story", None), ("/story", "seen=1")]


def test_a_cookie_is_given_to_no_other_host_and_not_to_the_next_page(web, crawl):
    back = web.url("/story", host="a.test")
    web.page("/story", status=302, host="a.test", Location=web.url("/login", host="b.test"), Set_Cookie="mine=1")
    web.page("/login", status=302, host="b.test", Location=back, Set_Cookie="theirs=1; Domain=a.test; Path=/")
    web.page("/story", status=302, host="a.test", Location=web.url("/end", host="b.test"))
    web.page("/end", host="b.test")
    web.page("/next", host="a.test")
    crawl(back, web.url("/next", host="a.test"), settings=OPEN)
    given = {(entry.host.partition(":")[0], entry.path): entry.headers.get("Cookie") for entry in web.log}
    assert given == {
        ("a.test", "/story"): "mine=1",
        ("b.test", "/login"): None,
        ("b.test", "/end"): None,
        ("a.test", "/next"): None,
    }
