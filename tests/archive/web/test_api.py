"""The API gives what the readers give, a page at a time, and says no with a reason."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest
from starlette.testclient import TestClient

from archive.queries.read_only import ReadOnlyArchive
from archive.web.reference import api_page

DOCS = Path(__file__).parents[3] / "docs"


def test_articles_are_listed_and_narrowed(client: TestClient, urls: ModuleType) -> None:
    everything = client.get("/api/v1/articles").json()
    assert len(everything["items"]) == 8
    assert everything["next"] is None
    by_topic = client.get("/api/v1/articles?topic=environment&views=10000").json()
    assert [article["url"] for article in by_topic["items"]] == [urls.DAM]
    for counted, found in (("comments=1&shares=1&views=10000", [urls.DAM]), ("dislikes=0", [])):
        by_counters = client.get(f"/api/v1/articles?{counted}").json()
        assert [article["url"] for article in by_counters["items"]] == found
    by_kind = client.get("/api/v1/articles?kind=correction&text=sports+hall").json()
    assert [article["url"] for article in by_kind["items"]] == [urls.DAM]
    assert client.get("/api/v1/articles?gone=true").json()["items"][0]["url"] == urls.LOST


def test_pages_follow_each_other_without_gap_or_repeat(client: TestClient) -> None:
    for path in ("/api/v1/articles?limit=3", "/api/v1/changes?limit=2", "/api/v1/as-of?limit=3"):
        seen: list[str] = []
        before = ""
        while True:
            answer = client.get(f"{path}{before}").json()
            seen += [str(item.get("id") or item["new"]["id"]) for item in answer["items"]]
            if answer["next"] is None:
                break
            before = f"&before={answer['next']}"
        assert len(seen) == len(set(seen))
        assert len(seen) == {"articles": 8, "changes": 9, "as-of": 7}[path.split("/")[3].split("?")[0]]


def test_an_article_is_found_by_id_and_by_address(
    client: TestClient, web_archive: ReadOnlyArchive, urls: ModuleType
) -> None:
    found = client.get("/api/v1/articles/by-url", params={"url": urls.DAM.replace("https", "http")}).json()
    assert found == client.get(f"/api/v1/articles/{found['id']}").json()
    assert found["first_captured_at"] == "2026-03-02T07:30:00Z"


def test_all_of_an_article_can_be_had(client: TestClient, web_archive: ReadOnlyArchive, urls: ModuleType) -> None:
    number = web_archive.article(urls.DAM).id
    versions = client.get(f"/api/v1/articles/{number}/versions").json()
    assert [version["number"] for version in versions] == [1, 2, 3, 4]
    assert versions[3]["edit_kinds"] == ["correction"]
    assert client.get(f"/api/v1/articles/{number}/engagement").json()[0]["views"] == 180
    assert client.get(f"/api/v1/articles/{number}/events").json()[0]["kind"] == "published"
    then = client.get(f"/api/v1/articles/{number}/as-of?at=2026-03-02T12:00").json()
    assert then["number"] == 2
    assert client.get(f"/api/v1/articles/{number}/as-of?at=2020").json() is None
    whole = client.get(f"/api/v1/versions/{versions[0]['id']}").json()
    assert whole["content"]["body"].startswith("Water levels")


def test_a_diff_comes_as_data(client: TestClient, newest: dict[str, list[str]], urls: ModuleType) -> None:
    answer = client.get("/api/v1/diff/{}/{}".format(*newest[urls.STRIKE])).json()
    assert answer["change"]["kinds"] == ["number"]
    assert answer["change"]["stealth"] is True
    assert answer["summary"].startswith("number; 1 word added")


def test_changes_are_filtered(client: TestClient) -> None:
    answer = client.get("/api/v1/changes?kind=headline&site=lantern&since=2026-03-03").json()
    assert [item["new"]["reverts_to"] for item in answer["items"]] == [1]
    assert len(client.get("/api/v1/changes?stealth=false").json()["items"]) == 2


def test_search_tells_what_happened_to_words(client: TestClient) -> None:
    answer = client.get("/api/v1/search", params={"q": '"12 centimetres"'}).json()
    assert answer["next"] is None
    assert {item["what"] for item in answer["items"]} == {"published", "added", "removed"}


def test_sites_and_categories(client: TestClient) -> None:
    assert [site["site"] for site in client.get("/api/v1/sites").json()] == ["lantern", "meridian", "wadi"]
    assert client.get("/api/v1/sites/lantern/habits").json()["edits"] == 5
    assert client.get("/api/v1/sites/meridian/health").json()
    assert {"label": "Nature", "articles": 1, "topics": ["06000000"]} in client.get("/api/v1/categories").json()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/nothing", 404),
        ("/api/v1/articles/999", 404),
        ("/api/v1/articles?limit=1000000000", 400),
        ("/api/v1/articles?since=soon", 400),
        ("/api/v1/articles?topic=gossip", 400),
        ("/api/v1/changes?before=1-", 400),
        ("/api/v1/search", 400),
        ("/api/v1/search?q=" + "a+" * 17, 400),
        ("/api/v1/search?q=-only", 400),
        ("/api/v1/sites/nobody/habits", 404),
        ("/api/v1/articles?author=" + "a" * 257, 414),
    ],
)
def test_no_comes_with_a_reason(path: str, status: int, client: TestClient) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert "Traceback" not in answer.text
    if status != 414:
        assert answer.json()["detail"]


def test_what_did_not_change_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/api/v1/articles")
    again = client.get("/api/v1/articles", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert client.get("/api/v1/articles?limit=2").headers["etag"] != first.headers["etag"]


def test_head_says_what_get_would_say(client: TestClient) -> None:
    get, head = client.get("/api/v1/sites"), client.head("/api/v1/sites")
    assert head.content == b""
    assert (head.status_code, head.headers["etag"]) == (get.status_code, get.headers["etag"])


def test_the_page_made_of_the_api_is_up_to_date() -> None:
    behind = "docs/api.md is behind; run python -m archive.web.reference"
    assert (DOCS / "api.md").read_text(encoding="utf-8") == api_page(), behind
