"""The whole way, as users go it: a real server, the real command, the real archive."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from archive import Archive, Outcome

ROOT = Path(__file__).resolve().parent.parent.parent
FERRY = "/news/ferry-runs-again-after-storm-repairs"
BERTH = "/news/council-to-dredge-berth-before-spring-tide"

LocalSite = Any
Project = Any
TEXT = (
    "The ferry to the island runs again from Monday, the harbour office said after eleven days of repairs.\n\n"
    "Its ramp had been torn off in the storm of 12 February, which also sank two trawlers at the northern quay.\n\n"
    "Tickets bought for the lost days stay valid until June, and islanders travel free for a week."
)
OTHER = (
    "The council wants berth nine to be dredged before the spring tide, a paper seen by this newspaper says.\n\n"
    "Fishermen from the northern quay, who have waited since the storm, called the plan overdue and too small.\n\n"
    "The work is to cost 40,000 and to take three weeks; a survey will follow in the autumn."
)


def linked(page: str, rel: str, href: str) -> str:
    """The page with such a link in its head."""
    return page.replace("</head>", f'<link rel="{rel}" href="{href}"></head>')


def outcomes(project: Project) -> dict[str, list[str]]:
    with Archive.open(project.database, create=False) as archive:
        found: dict[str, list[str]] = {}
        for capture in sorted(archive.captures(limit=1000), key=lambda capture: capture.captured_at):
            found.setdefault("/" + capture.url.split("/", 3)[3], []).append(str(capture.outcome))
        return found


def test_a_crawl_finds_articles_and_a_second_one_finds_nothing_due(
    local_site: LocalSite, project: Callable[..., Project]
) -> None:
    local_site.articles = {FERRY: TEXT, BERTH: OTHER}
    paper = project(paper=local_site)
    first = paper.run("crawl")
    assert (first.returncode, first.stdout) == (0, "1 site: 2 pages, 2 new\n"), first.stderr
    second = paper.run("crawl")
    assert (second.returncode, second.stdout) == (0, "1 site: 0 pages\n"), second.stderr


def test_a_changed_article_is_a_second_version_and_a_moved_counter_is_none(
    local_site: LocalSite, project: Callable[..., Project]
) -> None:
    local_site.articles = {FERRY: TEXT}
    paper = project(paper=local_site)
    url = local_site.url.rstrip("/") + FERRY
    for text in (TEXT, TEXT, TEXT.replace("eleven days", "twelve days")):
        local_site.articles[FERRY] = text
        assert paper.run("crawl", url).returncode == 0
    assert outcomes(paper) == {FERRY: ["new", "unchanged", "changed"]}
    with Archive.open(paper.database) as archive:
        assert [version.number for version in archive.versions(url)] == [1, 2]
        assert "twelve days" in (archive.version(url, 2).content.body or "")
        assert "Views" not in (archive.version(url, 1).content.body or "")
        assert [point.views for point in archive.engagement(url)] == [1, 2, 3]


def test_what_is_no_article_is_a_capture_with_its_reason_and_never_a_version(
    local_site: LocalSite, project: Callable[..., Project]
) -> None:
    html = "text/html; charset=utf-8"
    wall = (
        "<html lang=en><title>Before you continue</title><h1>Before you continue to Local Paper</h1><p>We and our 61 "
        "partners store and access information on your device, such as cookies. You can accept or reject all.</p>"
        "<form action=/consent><button>Accept all</button><button>Reject all</button></form>"
    )
    local_site.articles = {FERRY: TEXT}
    paper = project(paper=local_site)
    url = local_site.url.rstrip("/") + FERRY
    assert paper.run("crawl", url).returncode == 0
    for page, code, outcome in (
        ((200, html, wall), 4, "blocked"),
        ((403, html, "<h1>Forbidden</h1>"), 4, "blocked"),
        ((404, html, "<h1>Not found</h1>"), 0, "gone"),
        ((500, html, "<h1>Oops</h1>"), 4, "error"),
    ):
        local_site.pages[FERRY] = page
        assert paper.run("crawl", url).returncode == code, page
        assert outcomes(paper)[FERRY][-1] == outcome
    with Archive.open(paper.database) as archive:
        assert len(archive.versions(url)) == 1
        walls = [capture for capture in archive.captures(url) if capture.outcome is Outcome.BLOCKED]
        assert all(capture.reason for capture in walls)


@pytest.mark.parametrize("folder", ["/story", "/private"])
def test_a_page_that_names_an_address_without_an_article_is_the_article_itself(
    local_site: LocalSite, project: Callable[..., Project], folder: str
) -> None:
    local_site.articles = {FERRY: TEXT}
    wrong = FERRY.replace("/news", folder)
    page = linked(local_site.answer(FERRY)[2], "canonical", wrong)
    local_site.pages[FERRY] = (200, "text/html; charset=utf-8", page)
    paper = project(paper=local_site)
    here, there = local_site.url.rstrip("/") + FERRY, local_site.url.rstrip("/") + wrong
    for _ in range(2):
        paper.run("crawl", "paper", here)
    with Archive.open(paper.database, create=False) as archive:
        (article,) = archive.articles()
        assert (article.url, article.versions) == (here, 1)
    # Nobody asks there again before its time; should an article ever stand there, it is the same one.
    assert local_site.requests[wrong] == (folder == "/story")
    local_site.articles[wrong] = TEXT
    paper.run("crawl", "paper", here, there)
    with Archive.open(paper.database, create=False) as archive:
        (article,) = archive.articles()
        assert article.versions == 1
        assert folder == "/private" or archive.article(there).id == article.id


def test_a_next_part_that_is_not_there_ends_the_article_unless_it_was_there_once(
    local_site: LocalSite, project: Callable[..., Project]
) -> None:
    html = "text/html; charset=utf-8"
    second = FERRY + "?page=2"
    local_site.articles = {FERRY: TEXT}
    first_page = linked(local_site.answer(FERRY)[2], "next", second)
    local_site.pages[FERRY] = (200, html, first_page)
    paper = project(paper=local_site)
    here = local_site.url.rstrip("/") + FERRY
    for _ in range(2):
        paper.run("crawl", "paper", here)
    assert outcomes(paper)[FERRY] == ["new", "unchanged"]
    local_site.pages[second] = (200, html, local_site.answer(FERRY)[2].replace(TEXT.split("\n\n")[0], OTHER))
    paper.run("crawl", "paper", here)
    del local_site.pages[second]
    paper.run("crawl", "paper", here)
    assert outcomes(paper)[FERRY] == ["new", "unchanged", "changed", "truncated"]


@pytest.mark.parametrize("wrong_answer", ["nothing", "forbidden", "front page", "another story"])
def test_a_page_that_names_another_page_than_its_own_is_kept_under_its_own_address(
    local_site: LocalSite, project: Callable[..., Project], wrong_answer: str
) -> None:
    wrong = FERRY.replace("/news", "/story")
    local_site.articles = {FERRY: TEXT, BERTH: OTHER}
    page = linked(local_site.answer(FERRY)[2], "canonical", wrong)
    local_site.pages[FERRY] = (200, "text/html; charset=utf-8", page)
    if wrong_answer == "nothing":
        local_site.pages[wrong] = (200, "text/html", "")
    elif wrong_answer == "forbidden":
        local_site.pages[wrong] = (403, "text/html", "<title>Forbidden</title>")
    else:
        local_site.moved[wrong] = "/" if wrong_answer == "front page" else BERTH
    paper = project(paper=local_site)
    for _ in range(2):
        paper.run("crawl", "paper", local_site.url.rstrip("/") + FERRY)
    with Archive.open(paper.database, create=False) as archive:
        assert {article.url: article.versions for article in archive.articles()} == {
            local_site.url.rstrip("/") + FERRY: 1,
            local_site.url.rstrip("/") + BERTH: 1,
        }


def test_an_article_that_leads_to_the_front_page_is_no_more(
    local_site: LocalSite, project: Callable[..., Project]
) -> None:
    local_site.articles = {FERRY: TEXT, BERTH: OTHER}
    paper = project(paper=local_site)
    ferry = local_site.url.rstrip("/") + FERRY
    paper.run("crawl")
    local_site.moved[FERRY] = "/"
    # Whatever the front page looks like, it is no version of the article.
    local_site.pages["/"] = local_site.answer(BERTH)
    paper.run("crawl", "paper", ferry)
    assert outcomes(paper)[FERRY] == ["new", "gone"]
    del local_site.moved[FERRY]
    paper.run("crawl", "paper", ferry)
    assert outcomes(paper)[FERRY] == ["new", "gone", "unchanged"]


def test_an_article_that_leads_to_another_story_has_no_version_of_that(
    local_site: LocalSite, serving: Any, project: Callable[..., Project]
) -> None:
    with serving() as elsewhere:
        wall = "/before-you-go-on"
        elsewhere.articles = {wall: OTHER}
        local_site.articles = {FERRY: TEXT, BERTH: OTHER}
        paper = project(paper=local_site, elsewhere=elsewhere)
        ferry, berth = (local_site.url.rstrip("/") + path for path in (FERRY, BERTH))
        paper.run("crawl", "paper", ferry)
        for target in (BERTH, elsewhere.url.rstrip("/") + wall):
            local_site.moved[FERRY] = target
            paper.run("crawl", "paper", ferry)
        del local_site.moved[FERRY]
        paper.run("crawl", "paper", ferry)
        paper.run("crawl", "paper")
        assert outcomes(paper) == {FERRY: ["new", "not_article", "not_article", "unchanged"], BERTH: ["new"]}
        with Archive.open(paper.database, create=False) as archive:
            assert {article.url: article.versions for article in archive.articles()} == {ferry: 1, berth: 1}


def test_articles_behind_a_wall_on_another_host_are_looked_at_again(
    local_site: LocalSite, serving: Any, project: Callable[..., Project]
) -> None:
    with serving() as elsewhere:
        wall = "/before-you-go-on"
        elsewhere.articles = {wall: "A wall that nobody could tell from an article has three paragraphs.\n\n" + OTHER}
        local_site.articles = {f"{FERRY}-{number}": TEXT.replace("eleven", f"{number}") for number in range(3)}
        local_site.moved = dict.fromkeys(local_site.articles, elsewhere.url.rstrip("/") + wall)
        paper = project(paper=local_site, elsewhere=elsewhere)
        paper.run("crawl", "paper")
    found = outcomes(paper)
    assert sorted(each[0] for each in found.values()) == ["new", "not_article", "not_article"]
    with Archive.open(paper.database, create=False) as archive:
        due = archive.due("paper", datetime.now(UTC) + timedelta(days=1, minutes=1))
    assert {urlsplit(each.url).path for each in due} == {path for path in found if found[path] == ["not_article"]}


def test_a_short_link_given_by_hand_is_the_article_that_it_leads_to(
    local_site: LocalSite, serving: Any, project: Callable[..., Project]
) -> None:
    with serving() as shortener:
        local_site.articles = {FERRY: TEXT}
        ferry = local_site.url.rstrip("/") + FERRY
        shortener.moved["/x1"] = ferry
        paper = project(paper=local_site, shortener=shortener)
        paper.run("crawl", ferry)
        paper.run("crawl", f"{shortener.url}x1")
    assert outcomes(paper) == {FERRY: ["new"], "/x1": ["unchanged"]}


def test_an_article_that_leads_to_its_new_address_goes_on_there(
    local_site: LocalSite, project: Callable[..., Project]
) -> None:
    new = "/news/island-has-its-ferry-back-at-last"
    local_site.articles = {FERRY: TEXT}
    paper = project(paper=local_site)
    ferry = local_site.url.rstrip("/") + FERRY
    paper.run("crawl", "paper", ferry)
    local_site.articles = {new: TEXT}
    local_site.moved[FERRY] = new
    paper.run("crawl", "paper", ferry)
    assert outcomes(paper) == {FERRY: ["new", "changed"]}


def test_an_article_is_known_by_its_address_without_how_somebody_came(
    local_site: LocalSite, project: Callable[..., Project]
) -> None:
    asked = FERRY + "?utm_source=rss"
    local_site.articles = {asked: TEXT}
    paper = project(paper=local_site)
    paper.run("crawl", "paper", local_site.url.rstrip("/") + asked)
    with Archive.open(paper.database, create=False) as archive:
        assert [article.url for article in archive.articles()] == [local_site.url.rstrip("/") + FERRY]


def test_a_sitemap_that_robots_txt_names_by_its_path_is_read(
    local_site: LocalSite, project: Callable[..., Project]
) -> None:
    local_site.articles = {FERRY: TEXT}
    local_site.pages["/list-of-stories.xml"] = local_site.answer("/sitemap.xml")
    local_site.pages["/robots.txt"] = (200, "text/plain", "User-agent: *\nDisallow:\nSitemap: /list-of-stories.xml\n")
    local_site.pages["/sitemap.xml"] = local_site.pages["/"] = (404, "text/html", "")
    paper = project(paper=local_site)
    paper.run("crawl")
    assert outcomes(paper) == {FERRY: ["new"]}


@pytest.mark.parametrize(("status", "found"), [(301, {FERRY: ["new"]}), (302, {})])
def test_a_site_that_has_moved_for_good_is_crawled_where_it_is_now(
    local_site: LocalSite, serving: Any, project: Callable[..., Project], status: int, found: dict[str, list[str]]
) -> None:
    with serving() as now:
        now.articles = {FERRY: TEXT}
        now.pages["/robots.txt"] = now.pages["/sitemap.xml"] = (404, "text/plain", "")
        local_site.moved = {"/": now.url}
        local_site.redirect_status = status
        done = project(old=local_site, new=now).run("crawl", "old")
        paper = project(old=local_site, new=now)
        assert outcomes(paper) == found
        assert done.returncode == (0 if found else 4)
        words = "has moved for good, declare its new url" if found else "leads to another site for now"
        assert f"{words}: {now.url}" in done.stdout + done.stderr


def test_an_article_that_a_listing_links_by_its_second_part_is_read_from_its_first(
    local_site: LocalSite, project: Callable[..., Project]
) -> None:
    html = "text/html; charset=utf-8"
    second = FERRY + "?page=2"
    local_site.articles = {FERRY: TEXT}
    page = linked(local_site.answer(FERRY)[2], "canonical", FERRY)
    local_site.pages[FERRY] = (200, html, linked(page, "next", second))
    for paragraph, other in zip(TEXT.split("\n\n"), OTHER.split("\n\n"), strict=True):
        page = page.replace(paragraph, other)
    local_site.pages[second] = (200, html, page)
    paper = project(paper=local_site)
    for _ in range(2):
        paper.run("crawl", "paper", local_site.url.rstrip("/") + second)
    with Archive.open(paper.database, create=False) as archive:
        (article,) = archive.articles()
        assert (article.url, article.versions) == (local_site.url.rstrip("/") + FERRY, 1)
        assert archive.version(article.id, 1).content.body == f"{TEXT}\n\n{OTHER}"


def test_robots_txt_is_obeyed_for_a_url_given_by_hand(local_site: LocalSite, project: Callable[..., Project]) -> None:
    paper = project(paper=local_site)
    done = paper.run("crawl", f"{local_site.url}private/diary-of-the-editor-in-chief")
    assert done.returncode == 4
    assert local_site.requests["/private/diary-of-the-editor-in-chief"] == 0
    assert outcomes(paper) == {"/private/diary-of-the-editor-in-chief": ["blocked"]}


def test_a_site_whose_address_is_not_allowed_is_never_asked(
    local_site: LocalSite, project: Callable[..., Project]
) -> None:
    local_site.articles = {FERRY: TEXT}
    paper = project(paper=local_site)
    sites = paper.folder / "sites.toml"
    sites.write_text(sites.read_text().replace("allow_addresses", "# allow_addresses"))
    assert paper.run("crawl").returncode == 4
    assert not local_site.requests


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[site]]\nname = 'a'\n", "without url"),
        ("[[site]]\nname = 'a'\nurl = 'https://a.example/'\ndelai = 1\n", "sites.toml:4"),
        ("[[site]]\nname = 'a'\nurl = 'https://a.example/'\nselectors = { title = 'h1[' }\n", "sites.toml:4"),
        ("[[site]\n", "sites.toml:1"),
    ],
)
def test_a_mistake_in_the_sites_file_is_one_clear_line(
    local_site: LocalSite, project: Callable[..., Project], text: str, said: str
) -> None:
    paper = project(paper=local_site)
    (paper.folder / "sites.toml").write_text(text)
    done = paper.run("crawl")
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 4  # click's two usage lines and ours


def test_scrapy_users_get_what_they_expect(local_site: LocalSite, project: Callable[..., Project]) -> None:
    local_site.articles = {FERRY: TEXT}
    paper = project(paper=local_site)
    out = paper.folder / "out.jsonl"

    def scrapy(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "scrapy", *arguments]
        return subprocess.run(command, cwd=ROOT, env=paper.environment, capture_output=True, text=True, check=False)

    assert scrapy("list").stdout.split() == ["article", "news"]
    done = scrapy("crawl", "news", "-a", "site=paper", "-O", str(out))
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert [(row["title"], row["outcome"], row["views"]) for row in rows] == [
        ("Ferry runs again after storm repairs", "new", 1)
    ]
    assert outcomes(paper) == {FERRY: ["new"]}


def test_two_crawls_of_one_site_do_not_run_at_once(local_site: LocalSite, project: Callable[..., Project]) -> None:
    local_site.articles = {f"/news/story-number-{number}-about-the-harbour": TEXT for number in range(30)}
    local_site.latency = 0.1
    paper = project(paper=local_site)
    first = paper.start("crawl")
    while not local_site.requests:
        assert first.poll() is None
    second = paper.run("crawl")
    assert second.returncode == 75, second.stderr
    first.communicate(timeout=60)
    assert first.returncode == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_lets_what_is_in_flight_finish_and_the_next_run_goes_on(
    local_site: LocalSite, project: Callable[..., Project], number: int, code: int
) -> None:
    local_site.articles = {f"/news/story-number-{each}-about-the-harbour": TEXT for each in range(40)}
    local_site.latency = 0.05
    paper = project(paper=local_site)
    crawl = paper.start("crawl")
    while sum(path in local_site.articles for path in local_site.requests) < 5:
        assert crawl.poll() is None
        local_site.asked.wait(0.2)
        local_site.asked.clear()
    crawl.send_signal(number)
    out, err = crawl.communicate(timeout=30)
    assert crawl.returncode == code, err
    assert out.startswith("1 site: ")
    answered = {path for path in local_site.requests if path in local_site.articles}
    assert set(outcomes(paper)) == answered
    assert 0 < len(answered) < 40
    assert paper.run("crawl").returncode == 0
    assert set(outcomes(paper)) == set(local_site.articles)
