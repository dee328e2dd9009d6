"""Laws of the archive: whatever comes, in whatever order, these hold."""

from __future__ import annotations

import random
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from archive import Archive, Capture, Content, Counter, Engagement, Outcome, Verdict

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
URLS = ("https://news.test/a", "https://m.news.test/a?utm_source=x")
#: Shrinking would take minutes, an archive an example; the examples are small as they are.
_PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
_LAW = settings(max_examples=25, deadline=None, phases=_PHASES, suppress_health_check=list(HealthCheck))

contents = st.builds(
    Content,
    title=st.sampled_from(["A title", "Another title", None]),
    body=st.sampled_from(["One 1.\n\nTwo.", "One 2.\n\nTwo.", "“One” 1.", '"One" 1.']),
    authors=st.sampled_from([None, (), ("Ann",), ("Bob", "Ann"), ("ann", "BOB")]),
    categories=st.sampled_from([None, ("World",)]),
    access=st.sampled_from([None, "full", "preview"]),
    modified_at=st.sampled_from([None, NOON]),
)
counters = st.none() | st.builds(
    Engagement,
    views=st.none() | st.builds(Counter, st.integers(0, 3), st.just(True), st.just("x"), st.just("label")),
    comments_open=st.none() | st.booleans(),
)
article_looks = st.builds(
    Capture,
    url=st.sampled_from(URLS),
    captured_at=st.integers(0, 20).map(lambda hours: NOON + timedelta(hours=hours)),
    content=contents,
    engagement=counters,
    verdict=st.just(Verdict.ARTICLE),
    site=st.just("news"),
    extractor=st.just("1"),
)
other_looks = st.builds(
    Capture,
    url=st.just(URLS[0]),
    captured_at=st.integers(0, 20).map(lambda hours: NOON + timedelta(hours=hours)),
    outcome=st.sampled_from([Outcome.NOT_MODIFIED, Outcome.BLOCKED, Outcome.GONE, Outcome.ERROR]),
    site=st.just("news"),
)


@cache
def blank() -> bytes:
    """The file of an empty archive: making one anew for every example would take longer than the example."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        Archive.open(f"sqlite:///{path}").close()
        return path.read_bytes()


@contextmanager
def empty() -> Iterator[Archive]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        path.write_bytes(blank())
        with Archive.open(f"sqlite:///{path}") as archive:
            yield archive


def story(archive: Archive) -> dict[str, Any]:
    """All that an archive tells, but its own numbers and ids."""
    articles = archive.articles()
    return {
        "articles": [replace(a, id=0, url="", other_urls=()) for a in articles],
        "versions": [replace(v, id="", article_id=0, url="") for a in articles for v in archive.versions(a.id)],
        "captures": sorted(
            repr(replace(c, id=0, article_id=bool(c.article_id), version_id=bool(c.version_id)))
            for c in archive.iter_captures(texts=True)
        ),
        "engagement": sorted(repr(replace(p, url="")) for a in articles for p in archive.engagement(a.id)),
        "events": [repr(replace(e, capture_id=0)) for a in articles for e in archive.events(a.id)],
    }


def distinct(captures: list[Capture]) -> list[Capture]:
    """One capture a moment: what came first of two answers at one instant cannot be known."""
    return list({capture.captured_at: capture for capture in captures}.values())


@_LAW
@given(st.lists(article_looks, min_size=1, max_size=6), st.lists(other_looks, max_size=3), st.data())
def test_any_order_of_arrival_gives_the_same_history(
    looks: list[Capture], others: list[Capture], data: st.DataObject
) -> None:
    captures = sorted(distinct([*others, *looks]), key=lambda capture: capture.captured_at)
    rest = data.draw(st.permutations(captures))
    sizes = data.draw(st.lists(st.integers(1, 3), min_size=len(captures), max_size=len(captures)))
    with empty() as in_order, empty() as mixed:
        for capture in captures:
            in_order.record_many([capture])
        while rest:
            size = sizes.pop()
            mixed.record_many(rest[:size])
            rest = rest[size:]
        assert story(mixed) == story(in_order)


@_LAW
@given(st.lists(article_looks | other_looks, min_size=1, max_size=8))
def test_numbers_have_no_gaps_and_no_capture_disappears(captures: list[Capture]) -> None:
    captures = distinct(captures)
    with empty() as archive:
        ids = [archive.record_many([capture])[0].id for capture in captures]
        assert {c.id for c in archive.captures(limit=None)} == set(ids)
        for article in archive.articles():
            versions = archive.versions(article.id)
            assert (
                [v.number for v in versions]
                == list(range(1, len(versions) + 1))
                == list(range(1, article.versions + 1))
            )
            assert all(v.captured_at <= v.last_seen_at for v in versions)
            assert all(a.last_seen_at < b.captured_at for a, b in pairwise(versions))


@_LAW
@given(st.lists(article_looks, min_size=1, max_size=6))
def test_the_same_captures_again_change_nothing(captures: list[Capture]) -> None:
    captures = distinct(captures)
    with empty() as archive:
        archive.record_many(captures)
        before = story(archive)
        archive.record_many(captures[::-1])
        assert story(archive) == before


@_LAW
@given(contents, st.integers(1, 5))
def test_the_same_content_again_adds_no_version(content: Content, times: int) -> None:
    with empty() as archive:
        for hour in range(times + 1):
            archive.record_many(
                [Capture(URLS[0], NOON + timedelta(hours=hour), content=content, verdict=Verdict.ARTICLE, site="news")]
            )
        assert len(archive.versions(URLS[0])) == 1


@_LAW
@given(st.lists(article_looks, min_size=2, max_size=6), st.data())
def test_a_version_id_once_given_is_found_for_ever(captures: list[Capture], data: st.DataObject) -> None:
    with empty() as archive:
        given_ids: set[str] = set()
        for capture in data.draw(st.permutations(distinct(captures))):
            archive.record_many([capture])
            given_ids |= {v.id for v in archive.versions(URLS[0])}
        for token in given_ids:
            assert archive.version_by_id(token).url


pytestmark = pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")


def looks_by_chance(seed: int) -> list[Capture]:
    """Some thirty looks at two articles under their addresses, one a moment, out of order."""
    chance = random.Random(seed)
    bodies = ["One 1.\n\nTwo.", "One 2.\n\nTwo.", "“One” 1.", "Three.", "x" * 5_000]
    urls = (*URLS, "https://news.test/b")
    looks = [
        Capture(
            url=chance.choice(urls),
            captured_at=NOON + timedelta(minutes=minute),
            content=Content(title="A title", body=chance.choice(bodies), authors=chance.choice([None, ("Ann",)])),
            verdict=Verdict.ARTICLE,
            site="news",
            extractor="1",
        )
        for minute in range(24)
    ]
    gone = [
        Capture(url=chance.choice(urls), captured_at=NOON + timedelta(hours=hour), outcome=Outcome.GONE, site="news")
        for hour in range(1, 6)
    ]
    return chance.sample([*looks, *gone], len(looks) + len(gone))


@pytest.mark.parametrize("seed", range(2))
def test_three_writers_at_once_give_the_history_of_one_in_order(database_url: str, seed: int) -> None:
    captures = looks_by_chance(seed)
    begin = threading.Barrier(3)

    def write(share: list[Capture]) -> int:
        with Archive.open(database_url) as own:
            begin.wait()
            return sum(len(own.record_many(share[at : at + 3])) for at in range(0, len(share), 3))

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(write, [captures[place::3] for place in range(3)])) == len(captures)
    with Archive.open(database_url) as archive, empty() as in_order:
        for capture in sorted(captures, key=lambda capture: capture.captured_at):
            in_order.record_many([capture])
        assert story(archive) == story(in_order)
        assert list(archive.verify()) == []
