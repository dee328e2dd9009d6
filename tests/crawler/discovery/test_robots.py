"""robots.txt: what it forbids, what its absence means."""

import pytest

from crawler.discovery.robots import MAX_BYTES, Robots, policy_for_status, product_token

AGENT = "Backissue/1.0 (+https://backissue.example/)"


def allows(text: str | bytes, path: str = "/news/rain", agent: str = AGENT) -> bool:
    return Robots.parse(text).allows(f"https://a.example{path}", agent)


def test_an_empty_file_allows_everything() -> None:
    assert allows("")


def test_the_own_group_wins_over_the_star_group() -> None:
    text = "User-agent: *\nDisallow: /\n\nUser-agent: backissue\nDisallow: /private/"
    assert allows(text)
    assert not allows(text, "/private/x")


def test_a_group_whose_name_is_only_the_beginning_of_ours_is_not_ours() -> None:
    assert not allows("User-agent: back\nAllow: /\n\nUser-agent: *\nDisallow: /")


def test_two_groups_of_one_agent_are_merged() -> None:
    text = "User-agent: backissue\nDisallow: /a/\n\nUser-agent: x\nDisallow: /\n\nUser-agent: Backissue\nDisallow: /b/"
    assert not allows(text, "/a/1")
    assert not allows(text, "/b/1")
    assert allows(text, "/c/1")


def test_the_longest_rule_wins_and_allow_wins_a_tie() -> None:
    assert allows("User-agent: *\nDisallow: /news/\nAllow: /news/rain")
    assert allows("User-agent: *\nDisallow: /news/rain\nAllow: /news/rain")


def test_wildcards_and_the_end_mark_work() -> None:
    text = "User-agent: *\nDisallow: /*.pdf$\nDisallow: /*?print="
    assert not allows(text, "/a/b.pdf")
    assert allows(text, "/a/b.pdf.html")
    assert not allows(text, "/a?print=1")


def test_a_name_with_asterisks_is_a_name_and_not_everybody() -> None:
    assert allows("User-agent: *WordPress*\nDisallow: /")
    assert not allows("User-agent: *Backissue*\nDisallow: /")
    assert not allows("User-agent: * # everybody\nDisallow: /")


def test_an_unknown_line_does_not_end_a_group() -> None:
    assert not allows("User-agent: backissue\nNoindex: /x\nUser-agent: *\nDisallow: /")


def test_a_byte_order_mark_and_old_line_ends_do_no_harm() -> None:
    assert not allows(b"\xef\xbb\xbfUser-agent: *\rDisallow: /\r")
    assert not allows("User-agent: *\nDisallow: /".encode("utf-16"))


def test_a_page_of_html_has_no_rules() -> None:
    assert allows(b"<!DOCTYPE html><html><body>\nUser-agent: *\nDisallow: /\n</body></html>")


def test_a_comment_line_before_the_rules_is_no_html() -> None:
    assert not allows("# <3 crawlers\nUser-agent: *\nDisallow: /")


def test_what_lies_behind_500_kib_is_not_read() -> None:
    padding = "# x\n" * (MAX_BYTES // 4)
    assert allows(f"{padding}User-agent: *\nDisallow: /")
    assert not allows(f"User-agent: *\nDisallow: /\n{padding}")


def test_a_rule_with_percent_escapes_forbids_under_either_reading() -> None:
    assert not allows("User-agent: *\nDisallow: /caf%C3%A9", "/caf%c3%a9/x")
    assert not allows("User-agent: *\nDisallow: /café", "/caf%C3%A9/x")
    assert not allows("User-agent: *\nDisallow: /%6Eews/")
    assert allows("User-agent: *\nDisallow: /a%2Fb", "/a/b")


def test_crawl_delay_is_read_from_the_own_group() -> None:
    robots = Robots.parse("User-agent: *\nCrawl-delay: 30\n\nUser-agent: backissue\nCrawl-delay: 2.5")
    assert robots.crawl_delay(AGENT) == 2.5
    assert robots.crawl_delay("Other/1.0") == 30
    assert Robots.parse("User-agent: *\nCrawl-delay: soon").crawl_delay(AGENT) is None


def test_sitemap_lines_are_read_wherever_they_stand_and_once() -> None:
    text = (
        "Sitemap: https://a.example/1.xml\nUser-agent: *\nDisallow:\nsitemap: /2.xml\nSitemap: https://a.example/1.xml"
    )
    assert Robots.parse(text).sitemaps == ("https://a.example/1.xml", "/2.xml")


def test_a_sitemap_line_does_not_end_a_group() -> None:
    assert not allows("User-agent: backissue\nSitemap: https://a.example/1.xml\nUser-agent: *\nDisallow: /")


def test_no_file_allows_all_and_no_answer_forbids_all() -> None:
    assert Robots.allow_all().allows("https://a.example/", AGENT)
    assert not Robots.disallow_all().allows("https://a.example/", AGENT)


@pytest.mark.parametrize(
    ("status", "policy"),
    [(200, "parse"), (204, "parse"), (301, "allow"), (401, "allow"), (403, "allow"), (404, "allow"), (410, "allow"),
     (429, "disallow"), (500, "disallow"), (503, "disallow"), (None, "disallow")],
)  # fmt: skip
def test_an_answer_means_what_rfc_9309_says(status: int | None, policy: str) -> None:
    assert policy_for_status(status) == policy


def test_a_user_agent_header_is_cut_to_its_product_token() -> None:
    assert product_token(AGENT) == "Backissue"
    assert product_token("Backissue") == "Backissue"


@pytest.mark.parametrize("body", [b"\x00\xff" * 50, b":\n:\n", b"User-agent\nDisallow", b"Disallow: /\x00", b"%%%\n*$"])
def test_rubbish_is_read_without_an_error(body: bytes) -> None:
    Robots.parse(body).allows("https://a.example/%zz?x", AGENT)
