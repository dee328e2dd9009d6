"""Memento (RFC 7089), as a client that knows only the standard would use it."""

from __future__ import annotations

import re
from datetime import timedelta
from types import ModuleType

import httpx
import pytest
from starlette.testclient import TestClient

from archive.web.memento import http_date


def test_the_timegate_leads_to_the_version_that_stood_then(
    client: TestClient, newest: dict[str, list[str]], urls: ModuleType
) -> None:
    for hours, number in ((-100, 1), (0, 1), (3.9, 1), (4, 2), (20, 3), (29, 4), (9999, 4)):
        wanted = http_date(urls.START + timedelta(hours=hours))
        answer = client.get(f"/timegate/{urls.DAM}", headers={"Accept-Datetime": wanted})
        assert answer.status_code == 302
        assert answer.headers["vary"] == "accept-datetime"
        assert answer.headers["location"] == f"http://localhost/versions/{newest[urls.DAM][number - 1]}"
        assert f'<{urls.DAM}>; rel="original"' in answer.headers["link"]


def test_without_a_time_the_timegate_leads_to_the_newest(
    client: TestClient, newest: dict[str, list[str]], urls: ModuleType
) -> None:
    assert client.head(f"/timegate/{urls.DAM}").headers["location"].endswith(newest[urls.DAM][-1])


def test_a_time_that_is_none_is_refused(client: TestClient, urls: ModuleType) -> None:
    assert client.get(f"/timegate/{urls.DAM}", headers={"Accept-Datetime": "yesterday"}).status_code == 400


def test_a_version_is_a_memento(client: TestClient, newest: dict[str, list[str]], urls: ModuleType) -> None:
    ids = newest[urls.DAM]
    answer = client.get(f"/versions/{ids[1]}")
    assert answer.headers["memento-datetime"] == "Mon, 02 Mar 2026 11:30:00 GMT"
    link = answer.headers["link"]
    for relation, version in (("first prev memento", ids[0]), ("memento", ids[1]), ("next memento", ids[2])):
        assert f'<http://localhost/versions/{version}>; rel="{relation}"; datetime=' in link
    assert f'<http://localhost/timegate/{urls.DAM}>; rel="timegate"' in link
    assert f'<http://localhost/timemap/link/{urls.DAM}>; rel="timemap"; type="application/link-format"' in link


def test_the_timemap_lists_every_version_in_order(
    client: TestClient, newest: dict[str, list[str]], urls: ModuleType
) -> None:
    answer = client.get(f"/timemap/link/{urls.DAM}")
    assert answer.headers["content-type"].startswith("application/link-format")
    mementos = re.findall(r'<http://localhost/versions/(\w+)>; rel="([a-z ]+)"; datetime="[^"]+ GMT"', answer.text)
    assert [version for version, _ in mementos] == newest[urls.DAM]
    assert mementos[0][1] == "first memento"
    assert mementos[-1][1] == "last memento"


def test_what_was_never_seen_has_no_timemap(client: TestClient) -> None:
    assert client.get("/timemap/link/https://nowhere.test/?a=1").status_code == 404
    assert client.get("/timegate/https://nowhere.test/").status_code == 404


def test_a_client_that_we_did_not_write_finds_its_way(
    served: str, newest: dict[str, list[str]], urls: ModuleType
) -> None:
    """The client of the authors of the standard, which learns from our page of an article what the original is."""
    memento_client = pytest.importorskip("memento_client", reason="NOT TESTED: memento_client is not installed")
    client = memento_client.MementoClient(f"{served}/timegate/", check_native_timegate=False)
    article = httpx.get(f"{served}/api/v1/articles/by-url", params={"url": urls.DAM}).json()
    for hours, number in ((-50, 1), (5, 2), (20, 3), (500, 4)):
        wanted = (urls.START + timedelta(hours=hours)).replace(tzinfo=None)
        found = client.get_memento_info(f"{served}/articles/{article['id']}", wanted)
        assert found["original_uri"] == urls.DAM
        mementos = found["mementos"]
        assert mementos["closest"]["uri"] == [f"{served}/versions/{newest[urls.DAM][number - 1]}"]
        assert mementos["closest"]["http_status_code"] == 200
        assert mementos["first"]["datetime"] == urls.START.replace(tzinfo=None)
        assert mementos["last"]["uri"] == [f"{served}/versions/{newest[urls.DAM][-1]}"]
