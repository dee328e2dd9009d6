"""The pace follows how a site usually answers, and not its one bad moment."""

from itertools import pairwise

SETTINGS = {"ROBOTSTXT_OBEY": False, "DOWNLOAD_DELAY": 0.02}


def gaps(web):
    return [later.at - earlier.at for earlier, later in pairwise(web.log)]


def test_a_site_that_is_always_slow_gets_time_to_breathe(web, crawl):
    for number in range(6):
        web.page(f"/{number}", delay=0.2)
    crawl(*(web.url(f"/{number}") for number in range(6)), settings=SETTINGS)
    assert min(gaps(web)) >= 0.19


def test_one_late_answer_does_not_set_the_pace(web, crawl):
    for number in range(12):
        web.page(f"/{number}", status=200 if number < 3 else 404, delay=1.0 if number == 2 else 0)
    crawl(*(web.url(f"/{number}") for number in range(12)), settings=SETTINGS)
    assert sum(gaps(web)) < 5


def test_quick_refusals_do_not_speed_it_up(web, crawl):
    for number in range(3):
        web.page(f"/{number}", delay=0.3)
    for number in range(3, 7):
        web.page(f"/{number}", status=403)
    crawl(*(web.url(f"/{number}") for number in range(7)), settings=SETTINGS)
    assert min(gaps(web)[3:]) >= 0.25
