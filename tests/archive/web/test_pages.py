"""Every page answers, says what it should, and works without JavaScript."""

from __future__ import annotations

import re
from types import ModuleType

import pytest
from starlette.testclient import TestClient

from archive.queries.read_only import ReadOnlyArchive

PAGES = (
    "/",
    "/?all=true",
    "/?kind=number&kind=quote",
    "/?stealth=true&site=lantern",
    "/sites",
    "/sites/lantern",
    "/articles",
    "/articles?site=&category=Nature&topic=&views=&kind=&since=2026-03-01",
    "/search",
    "/search?q=water",
    "/as-of",
    "/as-of?at=2026-03-03+noon&site=meridian",
    "/categories",
    "/categories?site=lantern",
    "/api",
)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_answers(path: str, client: TestClient) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.text.count("<h1") == 1
    assert 'id="main"' in answer.text


def test_the_front_page_leaves_out_what_only_rewords(client: TestClient, urls: ModuleType) -> None:
    assert "Free meals in all primary schools" not in client.get("/").text
    assert "Free meals in all primary schools" in client.get("/?all=true").text


def test_the_front_page_shows_the_words_that_changed(client: TestClient) -> None:
    text = client.get("/?kind=number").text
    assert "<del>3,000</del><ins>2,300</ins> of its members" in text
    assert "unannounced" in text


def test_the_front_page_can_be_walked_to_its_end(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.web.pages.front._ON_A_PAGE", 2)
    path, seen = "/?all=true", []
    while path:
        text = client.get(path).text
        seen += re.findall(r'<a href="(/diff/[^"]+)"', text)
        found = re.search(r'rel="next" href="([^"]+)"', text)
        path = found[1].replace("&amp;", "&") if found else ""
    assert len(seen) == len(set(seen)) == 9


def test_an_article_shows_its_text_its_life_and_its_chart(
    client: TestClient, web_archive: ReadOnlyArchive, urls: ModuleType
) -> None:
    text = client.get(f"/articles/{web_archive.article(urls.DAM).id}").text
    assert "About 140 people from Lower Orrin" in text
    assert text.count("what changed") == 3
    assert "<svg" in text
    assert 'class="edit-mark"' in text
    assert 'rel="noopener noreferrer nofollow"' in text


def test_an_article_that_is_gone_says_so(client: TestClient, web_archive: ReadOnlyArchive, urls: ModuleType) -> None:
    assert "the page is gone since" in client.get(f"/articles/{web_archive.article(urls.LOST).id}").text


def test_languages_and_directions_are_marked(
    client: TestClient, newest: dict[str, list[str]], urls: ModuleType
) -> None:
    assert 'dir="auto" lang="ar"' in client.get(f"/versions/{newest[urls.ARABIC][0]}").text
    assert 'dir="auto" lang="zh"' in client.get("/diff/{}/{}".format(*newest[urls.CHINESE])).text


@pytest.mark.parametrize("view", ["side", "inline"])
def test_a_diff_names_its_edits_and_leads_to_the_older_one(
    view: str, client: TestClient, newest: dict[str, list[str]], urls: ModuleType
) -> None:
    _, second, third, _ = newest[urls.DAM]
    text = client.get(f"/diff/{second}/{third}?view={view}").text
    assert "<ins>We expect</ins>" in text
    assert "<del>There is</del>" in text
    assert "paragraph removed" in text
    assert f"/diff/{newest[urls.DAM][0]}/{second}" in text
    assert 'id="edit-5"' in text


def test_two_versions_far_apart_can_be_compared(
    client: TestClient, web_archive: ReadOnlyArchive, newest: dict[str, list[str]], urls: ModuleType
) -> None:
    number, (first, *_, last) = web_archive.article(urls.DAM).id, newest[urls.DAM]
    answer = client.get(f"/articles/{number}/diff?old={first}&new={last}&view=side")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/diff/{first}/{last}"
    assert client.get(answer.headers["location"]).status_code == 200


def test_versions_of_two_articles_are_not_compared(
    client: TestClient, newest: dict[str, list[str]], urls: ModuleType
) -> None:
    assert client.get(f"/diff/{newest[urls.DAM][0]}/{newest[urls.STRIKE][0]}").status_code == 400


def test_texts_too_long_are_not_compared_while_somebody_waits(
    client: TestClient, newest: dict[str, list[str]], urls: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.web.answers.LONGEST_COMPARED", 100)
    answer = client.get("/diff/{}/{}".format(*newest[urls.STRIKE]))
    assert answer.status_code == 200
    assert "backissue diff" in answer.text


def test_search_tells_when_words_went(client: TestClient) -> None:
    text = client.get("/search?q=hairline+harmless&only=removed").text
    assert "found <del>hairline</del> cracks" in text
    assert "calls <del>harmless</del>." in text
    assert "1 place" in text


def test_the_site_as_of_a_date_shows_what_stood_then(client: TestClient) -> None:
    then = client.get("/as-of?at=2026-03-02T12:00Z&site=lantern").text
    assert "Dam gates opened after a night of rain" in then
    assert "as water keeps rising" not in then
    assert "Nothing was seen by then" in client.get("/as-of?at=2020").text


def test_a_page_that_was_gone_by_then_is_left_out(client: TestClient) -> None:
    assert "harbour contract" in client.get("/as-of?at=2026-03-02T20:00Z").text
    assert "harbour contract" not in client.get("/as-of?at=2026-03-05").text


def test_a_site_shows_how_it_edits(client: TestClient) -> None:
    text = client.get("/sites/lantern").text
    assert "67 %" in text
    assert "median time to the first edit" in text
    assert "4 hours" in text


def test_versions_of_two_articles_are_no_edit(client: TestClient, newest: dict[str, list[str]]) -> None:
    ids = list(newest.values())
    path = f"/diff/{ids[0][-1]}/{ids[1][-1]}"
    for asked in (path, f"/api/v1{path}", f"/oembed?url=http://localhost{path}"):
        assert client.get(asked).status_code == 400


def test_a_shared_diff_describes_itself(client: TestClient, newest: dict[str, list[str]], urls: ModuleType) -> None:
    path = "/diff/{}/{}".format(*newest[urls.STRIKE])
    text = client.get(path).text
    assert '<meta property="og:title" content="Strike halts all trains">' in text
    assert "number; 1 word added, 1 removed" in text
    card = client.get("/oembed", params={"url": f"http://localhost{path}"}).json()
    assert card["type"] == "rich"
    assert "<del>3,000</del>" in card["html"]
    assert client.get("/oembed", params={"url": "http://localhost/elsewhere"}).status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing", 404),
        ("/articles/999", 404),
        ("/articles/99999999999999999999", 400),
        ("/articles/x", 400),
        ("/versions/nothing", 404),
        ("/sites/nobody", 404),
        ("/as-of?at=soon", 400),
        ("/?before=x", 400),
        ("/search?q=%22-%22", 400),
        ("/?kind=gossip", 400),
    ],
)
def test_a_question_without_an_answer_gets_a_page_that_says_so(path: str, status: int, client: TestClient) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert "<h1" in answer.text
    assert "Traceback" not in answer.text


def test_metrics_are_prometheus_text(client: TestClient) -> None:
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'backissue_versions{site="lantern"} 8.0' in answer.text
    for line in answer.text.splitlines():
        assert line.startswith("# ") or re.fullmatch(r'[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")?\})? [\d.e+]+', line)


def test_a_search_is_read_a_page_at_a_time(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = re.findall(r'<h2[^>]*><a href="([^"]+)"', client.get("/search?q=the").text)
    monkeypatch.setattr("archive.web.pages.search._ON_A_PAGE", 1)
    path, seen, pages = "/search?q=the", [], 0
    while path:
        text = client.get(path).text
        seen += re.findall(r'<h2[^>]*><a href="([^"]+)"', text)
        found = re.search(r'rel="next" href="([^"]+)"', text)
        path = found[1].replace("&amp;", "&") if found else ""
        pages += 1
    assert seen == whole
    assert pages > 3


def test_the_form_of_articles_asks_for_every_filter_and_keeps_what_was_asked(client: TestClient) -> None:
    described = client.get("/api/v1/openapi.json").json()["paths"]["/api/v1/articles"]["get"]["parameters"]
    filters = {each["name"] for each in described} - {"before", "limit"}
    asked = {name: "2026-03-01" for name in filters if name.endswith(("since", "until"))} | {
        "text": "water",
        "views": "9",
    }
    text = client.get("/articles", params=asked).text
    form = text.partition('<form class="filters"')[2].partition("</form>")[0]
    assert set(re.findall(r'name="(\w+)"', form)) == filters
    for name, value in asked.items():
        assert f'name="{name}" value="{value}"' in form
