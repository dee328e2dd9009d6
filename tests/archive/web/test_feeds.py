"""Feeds are Atom: well-formed, stable ids, absolute links."""

from __future__ import annotations

from types import ModuleType
from xml.etree.ElementTree import Element, fromstring

from starlette.testclient import TestClient

from archive.queries.read_only import ReadOnlyArchive

ATOM = "{http://www.w3.org/2005/Atom}"


def read(client: TestClient, path: str) -> Element:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    for entry in feed.iter(f"{ATOM}entry"):
        assert entry.findtext(f"{ATOM}id", "").startswith("urn:backissue:")
        link = entry.find(f"{ATOM}link")
        assert link is not None
        assert link.get("href", "").startswith("http://localhost/")
        assert entry.findtext(f"{ATOM}updated", "").endswith("Z")
    return feed


def test_edits_of_everything_a_site_a_kind_and_an_article(
    client: TestClient, web_archive: ReadOnlyArchive, urls: ModuleType
) -> None:
    number = web_archive.article(urls.DAM).id
    for path, count in (
        ("/changes.atom", 9),
        ("/changes.atom?site=wadi", 2),
        ("/changes.atom?kind=headline", 3),
        (f"/articles/{number}/changes.atom", 3),
    ):
        assert len(read(client, path).findall(f"{ATOM}entry")) == count


def test_an_entry_has_the_edit_in_words_and_as_a_text(client: TestClient) -> None:
    entry = read(client, "/changes.atom?site=wadi").find(f"{ATOM}entry")
    assert entry is not None
    assert "1 word added" in entry.findtext(f"{ATOM}summary", "")
    assert "<del>12</del><ins>21</ins>" in entry.findtext(f"{ATOM}content", "")


def test_a_search_can_be_followed(client: TestClient) -> None:
    feed = read(client, "/search.atom?q=harmless&only=removed")
    assert [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")] == [
        "Removed: Dam gates opened as water keeps rising"
    ]
