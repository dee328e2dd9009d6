"""An article's life besides its versions, told from its looks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from archive import Archive, Capture, Counter, Engagement, Outcome, Version
from archive.life import LifeLook, events

Page = Callable[..., Capture]
A = "https://news.test/a"


def views(number: int, *, exact: bool = True) -> Engagement:
    return Engagement(views=Counter(number, exact, str(number), "label"))


def told(*looks: LifeLook) -> list[tuple[str, datetime]]:
    return [(event.kind, event.at) for event in events(looks)]


class TestLife:
    def test_a_whole_life_reads_in_order(self, archive: Archive, page: Page, at: Any) -> None:
        retraction = "This article has been retracted because it could not be verified."

        def missing(hour: float) -> Capture:
            return Capture(A, at(hour), outcome=Outcome.GONE, reason="404", status=404, site="news")

        looks = [
            page(at(0), published_at=at(-1), engagement=Engagement(comments_open=True)),
            page(at(1), engagement=Engagement(comments_open=False)),
            page(at(2), engagement=views(900)),
            page(at(3), engagement=views(12)),
            Capture(A, at(4), outcome=Outcome.BLOCKED, reason="captcha", site="news"),
            page(at(5)),
            page(at(6), body="One.", access="preview"),
            page(at(7), access="full"),
            page(at(8), final_url="https://news.test/moved"),
            missing(9),
            missing(30),
            page(at(40), final_url="https://news.test/moved"),
            page(at(41), body=f"One.\n\nTwo.\n\n{retraction}", final_url="https://news.test/moved"),
        ]
        archive.record_many(looks)
        life = [f"version {x.number}" if isinstance(x, Version) else x.kind for x in archive.history(A)]
        assert life == [
            *("published", "version 1", "comments_closed", "counter_reset", "blocked", "unblocked"),
            *("paywalled", "unlocked", "moved", "gone", "back", "version 2", "retracted"),
        ]


class TestLooks:
    def test_one_missing_look_is_no_end(self, at: Any) -> None:
        assert told(LifeLook(at(0), Outcome.NEW), LifeLook(at(1), Outcome.GONE)) == []

    def test_gone_is_told_from_when_it_was_first_missed(self, at: Any) -> None:
        looks = [LifeLook(at(0), Outcome.NEW), LifeLook(at(1), Outcome.GONE), LifeLook(at(30), Outcome.GONE)]
        assert told(*looks, LifeLook(at(31), Outcome.ERROR)) == [("gone", at(1))]

    def test_blocked_until_the_site_answers(self, at: Any) -> None:
        looks = [LifeLook(at(n), Outcome.BLOCKED) for n in range(3)]
        assert told(*looks, LifeLook(at(3), Outcome.NOT_MODIFIED)) == [("blocked", at(0)), ("unblocked", at(3))]

    @pytest.mark.parametrize(
        ("now", "exact", "kinds"),
        [
            (99, True, ["counter_drop"]),
            (10, True, ["counter_reset"]),
            (0, True, ["counter_reset"]),
            (95, False, []),
            (100, True, []),
        ],
    )
    def test_a_counter_that_falls_by_more_than_rounding_dropped_or_began_again(
        self, now: int, exact: bool, kinds: list[str], at: Any
    ) -> None:
        looks = [
            LifeLook(at(0), Outcome.NEW, engagement=views(100)),
            LifeLook(at(1), Outcome.UNCHANGED, engagement=views(now, exact=exact)),
        ]
        assert [kind for kind, _ in told(*looks)] == kinds

    def test_the_same_redirect_again_is_no_move(self, at: Any) -> None:
        looks = [LifeLook(at(n), Outcome.UNCHANGED, url=A, final_url="https://news.test/b") for n in range(3)]
        assert told(*looks) == []
