"""What is not as usual at a site: seen in the archive's own captures, told once, gone when it is well again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from archive import Archive
from archive.model import Capture, Content, Counter, Engagement, Outcome

FIRST = datetime(2026, 3, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def story(at: datetime, number: int, **changes: object) -> Capture:
    said = {
        "title": f"Story {number} of {at:%d %B}",
        "body": f"What happened, part {number}, on {at:%d %B}.",
        "authors": ("Awa Keita",),
        "categories": ("Africa",),
        "published_at": at - timedelta(minutes=30),
    }
    views = Counter(number, True, f"{number} views", "label")
    return Capture(
        url=f"https://paper.test/{at:%Y/%m/%d}/{number}",
        captured_at=at + timedelta(seconds=number),
        site="paper",
        content=Content(**said | changes),  # type: ignore[arg-type]
        engagement=Engagement(views=views) if "views" not in changes else None,
    )


def without(name: str, at: datetime, number: int) -> Capture:
    if name == "views":
        made = story(at, number)
        return Capture(url=made.url, captured_at=made.captured_at, site=made.site, content=made.content)
    return story(at, number, **{name: None})


@pytest.fixture
def paper(archive: Archive) -> Iterator[Archive]:
    """A site with a first crawl of 30 old pages that state little, then six days of ten stories each."""
    archive.record_many(without("authors", FIRST, number) for number in range(30))
    for day in range(1, 7):
        archive.record_many(story(FIRST + day * DAY + timedelta(hours=1), number) for number in range(10))
    return archive


class TestUnusual:
    def test_a_site_that_goes_on_as_before_is_not(self, paper: Archive) -> None:
        assert paper.unusual("paper", FIRST + 6 * DAY + timedelta(hours=3)) == {}
        assert paper.unusual("nowhere", FIRST) == {}

    @pytest.mark.parametrize(
        ("name", "words"),
        [("authors", "no authors"), ("categories", "no categories"), ("views", "no view counter")],
    )
    def test_a_field_that_a_site_always_had_and_suddenly_has_not(self, paper: Archive, name: str, words: str) -> None:
        redesign = FIRST + 7 * DAY
        paper.record_many(without(name, redesign, number) for number in range(7))
        assert paper.unusual("paper", redesign + timedelta(hours=1)) == {}, "seven may be chance"
        paper.record_many(without(name, redesign + timedelta(minutes=5), number) for number in range(7, 10))
        found = paper.unusual("paper", redesign + timedelta(hours=1))
        assert list(found) == [name]
        assert found[name].startswith(f"the last 10 new articles state {words}, which 100 % of the 60 before them")
        paper.record_many(story(redesign + timedelta(minutes=10), number) for number in range(10, 12))
        assert paper.unusual("paper", redesign + timedelta(hours=1)) == {}, "it came back"

    def test_a_field_that_only_some_articles_ever_had_is_not_missed(self, archive: Archive) -> None:
        archive.record_many([story(FIRST, 0)])
        for day in range(1, 7):
            at = FIRST + day * DAY + timedelta(hours=1)
            archive.record_many(story(at, n) if n % 3 else without("authors", at, n) for n in range(10))
        archive.record_many(without("authors", FIRST + 7 * DAY, number) for number in range(10))
        assert archive.unusual("paper", FIRST + 7 * DAY + timedelta(hours=1)) == {}

    def test_walls_where_there_were_none(self, paper: Archive) -> None:
        at = FIRST + 7 * DAY
        paper.record_many(
            Capture(
                url=f"https://paper.test/2026/03/07/{n}",
                captured_at=at + timedelta(seconds=n),
                site="paper",
                outcome=Outcome.BLOCKED,
                status=403,
            )
            for n in range(20)
        )
        found = paper.unusual("paper", at + timedelta(hours=12))
        assert found == {"blocked": "100 % of the last day's 20 looks were blocked, usually 0 %"}

    def test_silence_where_there_was_news(self, paper: Archive) -> None:
        at = FIRST + 7 * DAY
        paper.record_many(
            Capture(
                url="https://paper.test/",
                captured_at=at + timedelta(hours=n),
                site="paper",
                outcome=Outcome.NOT_ARTICLE,
            )
            for n in range(3)
        )
        assert paper.unusual("paper", at + DAY) == {"silent": "0 new articles yesterday, usually 10 a day"}


class TestMissed:
    def test_edits_between_looks_are_estimated_from_the_archives_own_looks(self, archive: Archive) -> None:
        for number in range(20):
            made = story(FIRST, number)
            archive.record_many([made])
            for look in range(1, 6):
                assert made.content is not None
                edited = replace(made.content, body=f"{made.content.body} As of look {look // (2 + number % 2)}.")
                at = made.captured_at + timedelta(hours=2 * look)
                archive.record_many([Capture(url=made.url, captured_at=at, site="paper", content=edited)])
        found = archive.missed_edits("paper", since=FIRST - DAY, until=FIRST + DAY)
        assert found is not None
        assert found.seen == 50
        assert found.between > 0
        assert found.before > 0, "half an hour passed before the first look"
        assert archive.missed_edits("nowhere", since=FIRST - DAY, until=FIRST + DAY) is None
