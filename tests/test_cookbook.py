"""Every recipe of docs/cookbook.md (and docs/notify.md) is run, on an archive built here, and says what the page says."""

from __future__ import annotations

import re
import shlex
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from archive import Archive
from archive.cli import Settings, commands
from archive.model import Capture, Content, Counter, Engagement, Outcome, Verdict

DOCS = Path(__file__).parents[1] / "docs"
START = datetime(2026, 3, 3, 9, tzinfo=UTC)
NOW = datetime(2026, 3, 5, 18, tzinfo=UTC)
NEEDS = {"parquet": "pyarrow", "export site": "fastapi", "notify --dry": "apprise"}
QUESTIONS = (
    "What changed at a site since yesterday?",
    "Did anyone quietly change a number?",
    "What did this article say on the 3rd at noon?",
    "Which articles of a topic had over N views?",
    "Give me all of it as Parquet",
)

RAIN = Content(
    title="Rain returns to the valley",
    body="The river rose by 12 centimetres overnight, the water office said on Tuesday.\n\n"
    "Farmers in the valley had waited for rain since October.\n\n"
    "“We will sow tomorrow,” said Awa Diarra, who farms near Mopti.",
    authors=("Awa Keita",),
    categories=("Weather",),
    topics=("17000000",),
    language="en",
    published_at=START - timedelta(hours=1),
    modified_at=START - timedelta(hours=1),
    access="full",
)
BUDGET = Content(
    title="Minister promises a school for every village",
    body="The minister promised 40 schools before the end of the year.\n\n"
    "“Every child will have a desk,” the minister said on Monday.\n\n"
    "Teachers’ unions asked where the money would come from.",
    authors=("Lin Park",),
    categories=("Politics",),
    topics=("11000000",),
    language="en",
    published_at=START,
    modified_at=START,
)
GONE = Content(title="The mayor’s other house", body="It was here.\n\nThen it was gone.", language="en")
NOTE = "\n\nCorrection: An earlier version of this article misstated by how much the river rose."


def changed(content: Content, *words: tuple[str, str], **fields: Any) -> Content:
    body = content.body or ""
    for old, new in words:
        assert old in body
        body = body.replace(old, new)
    return replace(content, body=body, **fields)


def looks() -> Iterator[Capture]:
    rain = changed(RAIN, ("by 12", "by 21"))
    corrected = changed(rain, ("Mopti.", "Mopti." + NOTE), title="Rain returns at last")
    told = [(0, RAIN, 58), (2, rain, 340), (8, rain, 2_900), (32, corrected, 12_400), (52, corrected, 15_100)]
    for hours, content, views in told:
        yield look("sahel", "rain", hours, content=content, engagement=seen(views))
    fewer = changed(BUDGET, ("“Every child will have a desk,” the minister said on Monday.\n\n", ""), ("40", "14"))
    for hours, content, views in [(1, BUDGET, 800), (34, fewer, 1_900), (51, BUDGET, 2_000)]:
        yield look("meridian", "schools", hours, content=content, engagement=seen(views))
    yield look("sahel", "house", 3, content=GONE)
    for hours in (27, 40):
        yield replace(look("sahel", "house", hours), verdict=None, outcome=Outcome.GONE, status=404, reason="404")


def look(site: str, path: str, hours: float, **found: Any) -> Capture:
    return Capture(f"https://{site}.test/{path}", START + timedelta(hours=hours), site=site, status=200,
                   verdict=Verdict.ARTICLE, extractor="1", **found)  # fmt: skip


def seen(views: int) -> Engagement:
    return Engagement(views=Counter(views, True, str(views), "label"))


def recipes(page: str) -> list[tuple[str, str]]:
    """The commands of a page with what it says they print."""
    blocks = re.findall(r"```console\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)
    found = []
    for block in blocks:
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output))
    return found


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('cookbook') / 'backissue.db'}"
    with Archive.open(url) as archive:
        archive.add_site("sahel", "https://sahel.test/")
        archive.add_site("meridian", "https://meridian.test/")
        archive.record_many(sorted(looks(), key=lambda each: each.captured_at))
    return url


def run(command: str, database: str) -> Any:
    group = click.Group("backissue", commands=dict(commands))
    settings = Settings(database, Path("sites.toml"), now=lambda: NOW)
    return CliRunner().invoke(group, shlex.split(command)[1:], obj=settings)


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip("\n").splitlines()]


def says(printed: list[str], page: list[str]) -> str | None:
    """The first line of the page that was not printed where it stands; None where all were. A line that ends with …
    is a beginning, a line that is … stands for any lines."""
    place, is_free = 0, False
    for line in page:
        if line == "…":
            is_free = True
            continue
        start = line.removesuffix("…")
        fits = [
            i for i in range(place, len(printed)) if printed[i].startswith(start) if line != start or printed[i] == line
        ]
        if not fits or (not is_free and fits[0] != place):
            return line
        place, is_free = fits[0] + 1, False
    return None if is_free or place == len(printed) else f"(then) {printed[place]}"


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine lives in UTC for a while."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize(("command", "output"), [*recipes("cookbook.md"), *recipes("notify.md")])
def test_a_recipe_says_what_the_page_says(
    command: str, output: str, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for words, module in NEEDS.items():
        if words in command:
            pytest.importorskip(module)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setenv("SLACK_URL", "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#press")
    (tmp_path / "notify.toml").write_text(written_toml(), encoding="utf-8")
    result = run(command, database)
    assert result.exit_code == 0, result.output
    assert says(lines(result.output), lines(output)) is None, result.output


def written_toml() -> str:
    """The notify.toml that docs/notify.md shows."""
    [toml] = re.findall(r"```toml\n(.*?)```", (DOCS / "notify.md").read_text(encoding="utf-8"), re.DOTALL)
    return str(toml)


def test_the_five_questions_and_ten_more_are_answered_with_one_command_each() -> None:
    page = (DOCS / "cookbook.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+)$", page, re.MULTILINE)
    assert tuple(headings[:5]) == QUESTIONS
    assert len(headings) >= 15
    for section in page.split("\n## ")[1:]:
        assert section.count("\n$ backissue ") == 1, section


def test_a_page_that_says_something_else_is_noticed() -> None:
    assert says(["a", "b", "c"], ["a", "…", "c"]) is None
    assert says(["a", "b"], ["a"]) == "(then) b"
    assert says(["a", "b"], ["b"]) == "b"
    assert says(["abc"], ["ab…"]) is None
    assert says(["abc"], ["ab"]) == "ab"
