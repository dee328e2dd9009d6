"""Who may ask, and what no answer leaves without."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from archive.cli.serve import serve
from archive.cli.session import Settings
from archive.errors import ArchiveError
from archive.queries.read_only import ReadOnlyArchive
from archive.web import WebSettings, create_app, create_routes
from archive.web.guard import SAFE_HEADERS
from archive.web.serving import decide, listen
from archive.web.settings import utc_now, weakness

TOKEN = "correct-horse-battery-staple"
WEB = Path(__file__).parents[3] / "archive" / "web"


@pytest.fixture
def locked(web_archive: ReadOnlyArchive) -> TestClient:
    """An archive that asks for a token."""
    app = create_app(web_archive, WebSettings(token=TOKEN, hosts=frozenset()))
    return TestClient(app, base_url="http://archive.example", follow_redirects=False)


def every_route(archive: ReadOnlyArchive) -> Iterator[str]:
    """A path of every route, and one of a static file."""
    for path in _paths(create_routes(archive, WebSettings())):
        yield path.replace("{number}", "1").replace("{name}", "lantern").replace("{url:path}", "https://x.test/")
    yield from ("/static/style.css", "/nothing")


def _paths(holder: Any) -> Iterator[str]:
    """The paths of an application's or a router's routes, however deep they were included."""
    for route in holder.routes:
        if hasattr(route, "original_router"):
            prefix = route.include_context.prefix
            yield from (prefix + path for path in _paths(route.original_router))
        elif hasattr(route, "methods"):
            yield route.path


def test_every_answer_has_every_safe_header(client: TestClient, web_archive: ReadOnlyArchive) -> None:
    paths = list(every_route(web_archive))
    assert len(paths) > 30
    for path in paths:
        answer = client.get(path)
        for name, value in SAFE_HEADERS.items():
            assert answer.headers[name] == value, path
        assert "access-control-allow-origin" not in answer.headers
        assert "server" not in answer.headers


def test_the_policy_allows_no_inline_script_or_style() -> None:
    policy = SAFE_HEADERS["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_no_template_has_inline_script_style_or_unescaped_text() -> None:
    for template in (WEB / "templates").glob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert "|safe" not in text, template
        assert "autoescape" not in text, template
        assert "style=" not in text, template
        assert not re.search(r"\son\w+\s*=", text), template
        assert "<script>" not in text, template


def test_every_route_asks_for_the_token(locked: TestClient, web_archive: ReadOnlyArchive) -> None:
    for path in every_route(web_archive):
        answer = locked.get(path)
        assert answer.status_code == 401, path
        assert answer.headers["www-authenticate"].startswith("Basic")


def test_the_token_opens(locked: TestClient) -> None:
    basic = base64.b64encode(f"anyone:{TOKEN}".encode()).decode()
    for value in (f"Bearer {TOKEN}", f"Basic {basic}", f"bearer {TOKEN}"):
        assert locked.get("/", headers={"Authorization": value}).status_code == 200
    for value in ("Bearer wrong", "Basic !!", "Basic " + base64.b64encode(b"no colon").decode(), TOKEN, "Bearer "):
        assert locked.get("/", headers={"Authorization": value}).status_code == 401


@pytest.mark.parametrize(
    "host", ["evil.test", "evil.test:8421", "localhost.evil.test", "127.0.0.1.evil.test", "", "a b", "[::1", "0.0.0.0"]
)
def test_another_name_for_this_machine_is_refused(host: str, client: TestClient) -> None:
    answer = client.get("/", headers={"Host": host})
    assert answer.status_code == 421
    assert "lantern" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8421", "127.0.0.1:1", "[::1]:8421", "localhost."])
def test_our_own_names_are_answered_to(host: str, client: TestClient) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
def test_nothing_but_reading_is_allowed(method: str, client: TestClient) -> None:
    assert client.request(method, "/").status_code == 405


def test_no_open_port_without_a_token() -> None:
    for host in ("0.0.0.0", "::", "192.0.2.1", "archive.example"):
        assert weakness(host, None)
        assert weakness(host, "short")
        assert weakness(host, TOKEN) is None
    for host in ("127.0.0.1", "::1", "localhost", "127.8.8.8"):
        assert weakness(host, None) is None


def test_names_are_added_to_our_own_and_only_to_them() -> None:
    settings = decide("127.0.0.1", None, ["Archive.local"], "https://news.example/x", utc_now)
    assert settings.hosts == {"localhost", "127.0.0.1", "::1", "archive.local", "news.example"}
    assert decide("0.0.0.0", TOKEN, [], None, utc_now).hosts == frozenset()
    with pytest.raises(ArchiveError):
        decide("127.0.0.1", None, [], "javascript:x", utc_now)


def test_an_unexpected_error_shows_nothing_of_us(web_archive: ReadOnlyArchive, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret path /home/editor")

    monkeypatch.setattr("archive.web.pages.sites.daily_bars", fail)
    client = TestClient(create_app(web_archive), base_url="http://localhost", raise_server_exceptions=False)
    answer = client.get("/sites/lantern")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "RuntimeError" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_question_that_takes_too_long_is_stopped(web_archive: ReadOnlyArchive) -> None:
    app = create_app(web_archive, WebSettings(time_limit=0.0))
    client = TestClient(app, base_url="http://localhost")
    began = time.monotonic()
    for path in ("/", "/articles/1", "/search?q=the", "/api/v1/articles"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "1"
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("path", ["/static/../settings.py", "/static/%2e%2e/settings.py", "/static/..%2fguard.py"])
def test_nothing_outside_the_static_folder_is_given(path: str, client: TestClient) -> None:
    assert client.get(path).status_code == 404


def test_addresses_never_lead_elsewhere(client: TestClient) -> None:
    for path in ("//evil.test/", "/%5cevil.test", "/articles/1/diff?old=//evil.test&new=%5c%5cevil.test"):
        answer = client.get(f"http://localhost{path}")
        assert not answer.headers.get("location", "/x").startswith(("//", "/\\", "http"))


def test_a_port_that_is_taken_is_said_before_anything_is_promised(sample_url: str) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        result = CliRunner().invoke(serve, ["--port", str(port)], obj=Settings(sample_url, Path("sites.toml")))
    assert result.exit_code == 2
    assert f"port {port}: another program listens there" in result.output
    assert "http" not in result.output


def test_a_server_says_where_it_is(sample_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[int] = []
    monkeypatch.setattr(
        "archive.web.serving.run", lambda archive, settings, taken: served.append(taken.getsockname()[1])
    )
    result = CliRunner().invoke(serve, ["--port", "0"], obj=Settings(sample_url, Path("sites.toml")))
    assert result.exit_code == 0
    assert f"3 sites of {sample_url} at http://127.0.0.1:{served[0]}/" in result.output
