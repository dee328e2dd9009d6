"""A small archive as two sites and a few days make it, and a way to run commands on it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from archive import Archive
from archive.cli import Settings, commands
from archive.model import Capture, Content, Counter, Engagement, Outcome, Verdict

START = datetime(2026, 3, 3, 9, tzinfo=UTC)
NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
RAIN, STRIKE, LOST = (f"https://{path}" for path in ("sahel.test/rain", "meridian.test/strike", "sahel.test/lost"))

FIRST = "The river rose by 12 centimetres overnight, the water office said on Tuesday."
SECOND = "Farmers in the valley had waited for rain since October."
THIRD = "“We will sow tomorrow,” said Awa Diarra, who farms near Mopti."
NOTE = "Correction: An earlier version of this article misstated by how much the river rose."


def _text(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


def _rain(**changes: Any) -> Content:
    said: dict[str, Any] = {
        "title": "Rain returns to the valley",
        "body": _text(FIRST, SECOND, THIRD),
        "authors": ("Awa Keita",),
        "categories": ("Africa",),
        "topics": ("17000000",),
        "language": "en",
        "published_at": START - timedelta(hours=1),
        "modified_at": START - timedelta(hours=1),
        "access": "full",
    }
    return Content(**said | changes)


def _seen(views: int, likes: int) -> Engagement:
    return Engagement(
        views=Counter(views, True, f"{views} views", "label"),
        likes=Counter(likes, True, f"{likes} likes", "label"),
        comments_open=True,
    )


def _look(url: str, hours: float, site: str, **found: Any) -> Capture:
    return Capture(url=url, captured_at=START + timedelta(hours=hours), site=site, status=200, extractor="1", **found)


def captures() -> list[Capture]:
    """An article with three versions and four looks, one with one version, one that goes."""
    article = {"verdict": Verdict.ARTICLE}
    more = {"body": _text(FIRST.replace("12", "21"), SECOND, THIRD)}
    corrected = {"body": _text(FIRST.replace("12", "21"), SECOND, THIRD, NOTE), "title": "Rain returns at last"}
    strike = Content(
        title="=Strike halts the trains",
        body=_text("No train left the capital on Wednesday.", "The unions want =cmd more pay \x1b[31mnow\x1b[0m."),
        authors=("Lin Park",),
        categories=("Economy", "Labour"),
        topics=("04000000",),
        language="en",
    )
    lost = Content(title="A story that will not stay", body=_text("It was here.", "Then it was gone."), language="en")
    return [
        _look(RAIN, 0, "sahel", content=_rain(), engagement=_seen(58, 0), **article),
        _look(RAIN, 2, "sahel", content=_rain(**more), engagement=_seen(340, 4), **article),
        _look(RAIN, 3, "sahel", content=_rain(**more), engagement=_seen(700, 9), **article),
        _look(RAIN, 27, "sahel", content=_rain(**corrected), engagement=_seen(12_400, 61), **article),
        _look(STRIKE, 5, "meridian", content=strike, **article),
        _look(STRIKE, 30, "meridian", outcome=Outcome.BLOCKED, verdict=Verdict.CONSENT, reason="a consent wall"),
        _look(LOST, 1, "sahel", content=lost, **article),
        _look(LOST, 26, "sahel", outcome=Outcome.GONE, reason="404"),
        _look(LOST, 40, "sahel", outcome=Outcome.GONE, reason="404"),
    ]


@pytest.fixture(scope="session")
def archive_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive's SQLite file; tests that change it copy it first."""
    path = tmp_path_factory.mktemp("archive") / "backissue.db"
    with Archive.open(f"sqlite:///{path}") as archive:
        archive.add_site("sahel", "https://sahel.test/")
        archive.add_site("meridian", "https://meridian.test/")
        archive.record_many(captures())
    return path


Run = Callable[..., Result]


@pytest.fixture
def utc() -> Iterator[None]:
    """The process's local time is UTC, whatever the machine's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def run(archive_file: Path, utc: None, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on the small archive (or on `database`), at noon on 5 March, in UTC."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("FORCE_COLOR", raising=False)

    def run(*words: str, database: str | None = None) -> Result:
        settings = Settings(database or f"sqlite:///{archive_file}", Path("sites.toml"), now=lambda: NOW)
        group = click.Group("backissue", commands=dict(commands))
        result = CliRunner().invoke(group, words, obj=settings)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture
def rows(run: Run) -> Callable[..., list[dict[str, Any]]]:
    """The rows a command gives as JSON Lines."""

    def rows(*words: str) -> list[dict[str, Any]]:
        result = run(*words, "--format", "jsonl")
        assert result.exit_code == 0, result.output
        return [json.loads(line) for line in result.stdout.splitlines()]

    return rows
