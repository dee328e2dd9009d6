"""Saved searches are sent once to each target, with the words that changed; what fails is sent next time."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from archive.model import Capture, Content, Counter, Engagement, Verdict
from archive.notify import EXAMPLE, load_searches
from archive.notify.message import compose, disarmed

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
ALL = 'since = "2026-03-01"'


class Webhook:
    """A local server that keeps what it is sent and answers with `status`."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.status = 200
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if hook.status == 200:
                    hook.got.append(json.loads(body))
                self.send_response(hook.status)
                self.end_headers()

            def log_message(self, *words: Any) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"json://127.0.0.1:{self.server.server_port}/secret-path"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    pytest.importorskip("apprise")
    hook = Webhook()
    yield hook
    hook.server.shutdown()
    hook.server.server_close()


@pytest.fixture
def notify(run, archive_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Runs notify with a notify.toml, on a copy of the small archive at mine.db."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(archive_file, tmp_path / "mine.db")

    def notify(toml: str | None, *options: str) -> Any:
        if toml is not None:
            Path("notify.toml").write_text(toml, encoding="utf-8")
        return run("notify", *options, database=f"sqlite:///{tmp_path / 'mine.db'}")

    return notify


def search(*filters: str, name: str = "rain", targets: str = '"console:jsonl"') -> str:
    return "\n".join(["[[search]]", f'name = "{name}"', f"targets = [{targets}]", *filters]) + "\n"


def sent(result: Any) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def numbers(result: Any) -> list[int]:
    return [row["number"] for row in sent(result)]


def test_an_edit_is_sent_once_with_the_words_that_changed(notify) -> None:
    newest, older = sent(notify(search(ALL)))
    assert (newest["number"], older["number"]) == (3, 2)
    assert older["diff"] == [
        "~ The river rose by [-12-]{+21+} centimetres overnight, the water office said on Tuesday."
    ]
    assert older["search"] == "rain"
    assert older["edit_kinds"] == ["number"]
    assert sent(notify(None)) == []


def test_the_first_run_looks_one_day_back_unless_the_search_says_more(notify) -> None:
    assert numbers(notify(search(), "--state", "a.json")) == [3]
    assert numbers(notify(search(ALL), "--state", "b.json")) == [3, 2]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (['site = "sahel"'], [3, 2]),
        (['site = "meridian"'], []),
        (['site = ["meridian", "sahel"]'], [3, 2]),
        (['kinds = ["headline"]'], [3]),
        (["stealth = true"], [2]),
        (['text = "misstated"'], [3, 2]),
        (['text = "locusts"'], []),
        (["views = 12400"], [3, 2]),
        (["views = 12401"], []),
        (["views = 1", "likes = 61"], [3, 2]),
        (["views = 1", "likes = 62"], []),
        (["comments = 0"], []),
    ],
)
def test_filters_are_those_of_changes(filters: list[str], found: list[int], notify) -> None:
    assert numbers(notify(search(ALL, *filters))) == found


def test_people_read_who_where_when_and_the_words(notify) -> None:
    result = notify('public_url = "https://archive.test/"\n' + search(ALL, "stealth = true", targets='"console:"'))
    assert result.exit_code == 0
    title, _, *lines = result.stdout.strip().splitlines()
    assert title == "rain: 1 change"
    assert lines[:3] == [
        "sahel: Rain returns to the valley",
        "https://sahel.test/rain",
        "version 1, seen until 2026-03-03 09:00 → version 2, seen from 2026-03-03 11:00 UTC",
    ]
    assert lines[-2].startswith("~ The river rose by [-12-]{+21+} centimetres")
    assert lines[-1].startswith("https://archive.test/diff/")


def test_a_webhook_is_told(notify, webhook: Webhook) -> None:
    result = notify(search(ALL, targets=f'"{webhook.url}"'))
    assert result.exit_code == 0, result.output
    [got] = webhook.got
    assert got["title"] == "rain: 2 changes"
    assert "[-12-]{+21+}" in got["message"]
    assert notify(None).exit_code == 0
    assert len(webhook.got) == 1


def test_what_fails_is_sent_next_time_and_nobody_else_is_told_twice(notify, webhook: Webhook) -> None:
    webhook.status = 503
    result = notify(search(ALL, targets=f'"console:", "{webhook.url}"'))
    assert result.exit_code == 1
    assert "rain: 2 changes" in result.stdout
    assert "503" in result.stderr
    assert "not sent" in result.stderr
    webhook.status = 200
    result = notify(None)
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    assert [got["title"] for got in webhook.got] == ["rain: 2 changes"]


def test_no_secret_is_shown_or_stored(notify, webhook: Webhook, tmp_path: Path) -> None:
    webhook.status = 500
    result = notify(search(ALL, targets=f'"console:", "{webhook.url}"'))
    assert "secret-path" not in result.output
    assert "secret-path" not in (tmp_path / "notify.state.json").read_text(encoding="utf-8")
    result = notify(search(targets='"nonsense://top-secret"'))
    assert result.exit_code == 2
    assert "top-secret" not in result.output


def test_a_dry_run_sends_and_remembers_nothing(notify, webhook: Webhook, tmp_path: Path) -> None:
    result = notify(search(ALL, targets=f'"{webhook.url}"'), "--dry-run")
    assert result.exit_code == 0, result.output
    assert "[-12-]{+21+}" in result.stdout
    assert webhook.got == []
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["mine.db", "notify.toml"]
    assert notify(None).exit_code == 0
    assert len(webhook.got) == 1


def test_a_test_message_reaches_each_target(notify, webhook: Webhook, tmp_path: Path) -> None:
    assert notify(search(targets=f'"{webhook.url}"'), "--test").exit_code == 0
    assert webhook.got[0]["title"] == "Backissue: a test"
    webhook.status = 500
    assert notify(None, "--test").exit_code == 1
    assert not (tmp_path / "notify.state.json").exists()


def test_an_edit_recorded_late_is_still_sent(notify, tmp_path: Path) -> None:
    """A capture older than what was already sent comes in afterwards."""
    assert numbers(notify(search(ALL))) == [3, 2]
    with Archive.open(f"sqlite:///{tmp_path / 'mine.db'}") as archive:
        body = "No train left the capital on Wednesday.\n\nThe unions want less pay."
        late = Capture("https://meridian.test/strike", NOW - timedelta(days=1), verdict=Verdict.ARTICLE, site="meridian",
                       content=Content(title="=Strike halts the trains", body=body))  # fmt: skip
        archive.record_many([late])
    assert [row["site"] for row in sent(notify(None))] == ["meridian"]
    assert sent(notify(None)) == []


def test_an_edit_is_sent_when_its_article_is_read_enough(notify, tmp_path: Path) -> None:
    assert sent(notify(search(ALL, "views = 20000"))) == []
    with Archive.open(f"sqlite:///{tmp_path / 'mine.db'}") as archive:
        newest = archive.version("https://sahel.test/rain", -1)
        seen = Engagement(views=Counter(31_000, True, "31,000 views", "label"))
        look = Capture(newest.url, NOW - timedelta(hours=1), verdict=Verdict.ARTICLE, site="sahel",
                       content=newest.content, engagement=seen)  # fmt: skip
        archive.record_many([look])
    assert numbers(notify(None)) == [3, 2]


def test_many_edits_are_sent_some_at_a_time(
    notify, webhook: Webhook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.notify.sending.EDITS_A_MESSAGE", 1)
    assert notify(search(ALL, targets=f'"{webhook.url}"')).exit_code == 0
    assert [got["title"] for got in webhook.got] == ["rain: 1 change", "rain: 1 change"]
    remembered = json.loads((tmp_path / "notify.state.json").read_text(encoding="utf-8"))
    [place] = remembered["searches"]["rain"].values()
    assert len(place["sent"]) == 2


def test_without_apprise_the_extra_is_named_and_the_console_works(notify, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "apprise", None)
    result = notify(search(ALL, targets='"console:", "mailto://me:word@mail.test"'))
    assert result.exit_code == 2
    assert "backissue[notify]" in result.output
    assert result.stdout == ""
    assert numbers(notify(search(ALL))) == [3, 2]


@pytest.mark.parametrize(
    ("toml", "why"),
    [
        ("[[search]]\n", "it has no name"),
        ("[search]\n", "double brackets"),
        ("search = 3\n", "double brackets"),
        ("[[serach]]\n", "serach means nothing"),
        ("[[search]", "notify.toml"),
        ('[[search]]\nname = "a"\n', "no targets"),
        (search("colour = 1"), "colour is no filter"),
        (search('kinds = ["nmber"]'), "the kinds are"),
        (search('views = "many"'), "whole number"),
        (search("shares = -1"), "shares is -1"),
        (search("stealth = 1"), "true or false"),
        (search('since = "someday"'), "no time"),
        (search("site = 3"), "site should be"),
        (search() + search(), "two searches"),
        (search(targets='"${NOWHERE}"'), "NOWHERE, which is not set"),
        (search(targets='"console:xml"'), "console:jsonl"),
        ('public_url = "ftp://a"\n', "public_url"),
    ],
)
def test_a_mistake_is_said_with_its_place(toml: str, why: str, notify) -> None:
    result = notify(toml)
    assert result.exit_code == 2, result.output
    assert why in result.output
    assert "Traceback" not in result.output


def test_without_a_file_the_way_to_one_is_shown(notify) -> None:
    result = notify(None)
    assert result.exit_code == 2
    assert "--example" in result.output


def test_the_example_is_a_file_that_works(notify) -> None:
    assert sent(notify(EXAMPLE.replace("console:", "console:jsonl", 1), "--dry-run", "--quiet")) is not None


def test_a_target_may_come_from_the_environment(tmp_path: Path) -> None:
    (tmp_path / "n.toml").write_text(search(targets='"${HOOK}"'), encoding="utf-8")
    [found] = load_searches(tmp_path / "n.toml", {"HOOK": "json://a"}, NOW).searches
    assert found.targets == ("json://a",)


@pytest.mark.parametrize("damage", ["", "{}", "[]", '{"form": 1, "searches": {"a": {"b": {}}}}', '{"form": 9}'])
def test_a_damaged_memory_is_left_alone(damage: str, notify, tmp_path: Path) -> None:
    (tmp_path / "notify.state.json").write_text(damage, encoding="utf-8")
    result = notify(search(ALL))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert (tmp_path / "notify.state.json").read_text(encoding="utf-8") == damage


def test_two_at_once_do_not_send_twice(notify, tmp_path: Path) -> None:
    from filelock import FileLock

    with FileLock(tmp_path / ".notify.state.json.lock"):
        result = notify(search(ALL))
    assert result.exit_code == 75
    assert result.stdout == ""


def test_what_was_scraped_calls_nobody_and_steers_nothing(archive_file: Path) -> None:
    with Archive.open(f"sqlite:///{archive_file}") as archive:
        [edit, *_] = archive.changes(limit=1)
    assert "\x1b" not in compose("a\x1b[2Jb", [edit]).title
    assert "@everyone" not in disarmed("@everyone <!here> <@U1>")
    assert "<!" not in disarmed("@everyone <!here> <@U1>")
