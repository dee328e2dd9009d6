"""Boilerplate of a site: found with care, applied only when told, logged, and never an edit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from archive import Archive, Capture, Content, Event, NotFound
from archive.learning import learn, leave_out

Page = Callable[..., Capture]
PROMO = "Sign up for our morning letter and never miss a story."
NOTE = "Correction: An earlier version of this article misstated the number of people hurt."


def story(number: int, *more: str) -> str:
    """A text of its own, and more paragraphs under it."""
    own = [f"In town number {number} the bridge number {n} was closed on day {n * number}." for n in range(3)]
    return "\n\n".join([*own, *more])


def said(*bodies: str) -> list[Content]:
    return [Content(title="T", body=body) for body in bodies]


def found(lives: list[list[Content]]) -> list[str]:
    return [rule.paragraph for rule in learn(lives)]


class TestLearning:
    def test_a_paragraph_that_stands_in_many_articles_is_found(self) -> None:
        (rule,) = learn([said(story(n, PROMO) if n < 10 else story(n)) for n in range(12)])
        assert (rule.paragraph, rule.reason, rule.id) == (PROMO, "stands in 10 of 12 articles", None)

    @pytest.mark.parametrize(("having", "articles"), [(7, 7), (9, 100)])
    def test_few_articles_or_a_small_share_teach_nothing(self, having: int, articles: int) -> None:
        assert found([said(story(n, PROMO) if n < having else story(n)) for n in range(articles)]) == []

    @pytest.mark.parametrize(
        "kept",
        [
            NOTE,
            "Berichtigung: In einer früheren Fassung dieses Artikels stand eine falsche Zahl.",
            "This article has been retracted because it could not be verified.",
            "Update: this story now has the minister's answer.",
            "What we know",
            "He said no.",
        ],
    )
    def test_notes_and_short_lines_are_never_found(self, kept: str) -> None:
        assert found([said(story(n, kept)) for n in range(30)]) == []
        assert found([said(*[story(n, *[kept] * (turn % 2)) for turn in range(6)]) for n in range(5)]) == []

    def test_one_story_under_many_addresses_teaches_nothing(self) -> None:
        assert found([said(story(1)) for _ in range(30)]) == []

    def test_what_comes_and_goes_by_itself_is_found(self) -> None:
        lives = [said(story(n), story(n, PROMO), story(n)) for n in range(3)]
        assert [rule.reason for rule in learn(lives)] == ["came and went 6 times in 3 articles"]
        assert found([said(*[story(1, *[PROMO] * (turn % 2)) for turn in range(5)])]) == [PROMO]

    def test_what_takes_turns_with_another_is_found(self) -> None:
        other = "Read also: how the ferry learned to swim in winter."
        assert found([said(*[story(1, (PROMO, other)[turn % 2]) for turn in range(5)])]) == [other, PROMO]

    def test_an_edit_put_back_or_fought_over_is_none(self) -> None:
        assert found([said(story(1), story(1, PROMO), story(1))]) == []
        numbers = ["In all 12 people were hurt in the storm.", "In all 14 people were hurt in the storm."]
        assert found([said(*[story(1, numbers[turn % 2]) for turn in range(9)])]) == []

    def test_what_comes_with_another_edit_is_none(self) -> None:
        lives = [said(story(n), story(n + 50, PROMO), story(n), story(n + 50, PROMO)) for n in range(5)]
        assert found(lives) == []

    def test_a_body_is_never_left_empty(self) -> None:
        assert leave_out(Content(body=PROMO), {PROMO: 1}) == (Content(body=PROMO), ())
        assert leave_out(Content(body=None), {PROMO: 1}) == (Content(body=None), ())


@pytest.fixture
def filled(archive: Archive, page: Page, at: Any) -> Archive:
    """Ten articles, the promotion under each; the first was captured without it too."""
    archive.record_many([page(at(n), url=f"https://news.test/{n}", body=story(n, PROMO)) for n in range(10)])
    archive.record_many([page(at(20), url="https://news.test/0", body=story(0), provenance={"body": "main"})])
    archive.record_many([page(at(21), url="https://news.test/0", body=story(0, "Now with a new ending, too."))])
    archive.record_many([page(at(5), url="https://other.test/1", site="other", body=story(77, PROMO))])
    return archive


def first(archive: Archive) -> list[str | None]:
    return [version.content.body for version in archive.versions("https://news.test/0")]


class TestApplying:
    def test_finding_changes_nothing(self, filled: Archive) -> None:
        before = list(filled.iter_versions())
        assert [rule.paragraph for rule in filled.propose_boilerplate("news")] == [PROMO]
        assert list(filled.iter_versions()) == before
        assert filled.boilerplate() == filled.propose_boilerplate("other") == []

    def test_applied_it_adds_no_version_and_every_history_tells_of_it(self, filled: Archive, at: Any) -> None:
        ids = [version.id for version in filled.versions("https://news.test/0")]
        assert filled.apply_boilerplate("news", filled.propose_boilerplate("news"), at(50)) == 10
        assert all(PROMO not in (v.content.body or "") for v in filled.iter_versions(site="news"))
        assert first(filled) == [story(0), story(0, "Now with a new ending, too.")]
        assert {filled.version_by_id(i).number for i in ids} == {1, 2}
        look = filled.captures("https://news.test/3")[0]
        detail = f"boilerplate rule 1 left out of captures {look.id}; no version was added"
        assert filled.events("https://news.test/3") == [Event(at(50), "rebaselined", detail)]
        assert look.provenance == {"boilerplate": "left out by rule 1"}
        assert [v.content.body for v in filled.versions("https://other.test/1")] == [story(77, PROMO)]
        assert list(filled.verify()) == []

    def test_new_looks_are_read_without_it_and_say_so(self, filled: Archive, page: Page, at: Any) -> None:
        filled.apply_boilerplate("news", filled.propose_boilerplate("news"), at(50))
        (look,) = filled.record_many([page(at(60), url="https://news.test/3", body=story(3, PROMO))])
        assert (look.outcome, look.provenance) == ("unchanged", {"boilerplate": "left out by rule 1"})
        unnamed = page(at(61), url="https://news.test/3", body=f"{PROMO}\n\n{story(3)}", site=None)
        assert filled.record_many([unnamed])[0].outcome == "unchanged"
        elsewhere = page(at(62), url="https://other.test/2", site="other", body=story(5, PROMO))
        assert filled.record_many([elsewhere])[0].content == elsewhere.content

    def test_a_newer_extractor_does_not_bring_it_back(self, filled: Archive, page: Page, at: Any) -> None:
        filled.apply_boilerplate("news", filled.propose_boilerplate("news"), at(50))
        look = filled.captures("https://news.test/3")[0]
        filled.rebaseline([(look.id or 0, Content(title="A title", body=story(3, PROMO)))], "2", at(70))
        assert [v.content.body for v in filled.versions("https://news.test/3")] == [story(3)]

    def test_rules_have_versions_and_are_kept(self, filled: Archive, page: Page, at: Any) -> None:
        filled.apply_boilerplate("news", filled.propose_boilerplate("news"), at(50))
        assert filled.propose_boilerplate("news") == []
        more = "All our stories on bridges stand on the page of bridges."
        looks = [page(at(60 + n), url=f"https://news.test/{n}", body=story(n, more, PROMO)) for n in range(10)]
        filled.record_many(looks)
        filled.apply_boilerplate("news", filled.propose_boilerplate("news"), at(90))
        assert [(r.id, r.version, r.paragraph, r.learned_at) for r in filled.boilerplate("news")] == [
            (1, 1, PROMO, at(50)),
            (2, 2, more, at(90)),
        ]
        assert len(filled.versions("https://news.test/3")) == 1

    def test_applying_again_changes_nothing(self, filled: Archive, at: Any) -> None:
        filled.apply_boilerplate("news", filled.propose_boilerplate("news"), at(50))
        before = list(filled.iter_versions())
        assert filled.apply_boilerplate("news", [], at(51)) == 0
        assert list(filled.iter_versions()) == before
        assert len(filled.events("https://news.test/3")) == 1

    def test_an_unknown_site_is_said(self, filled: Archive, at: Any) -> None:
        with pytest.raises(NotFound, match="nowhere"):
            filled.apply_boilerplate("nowhere", [], at(50))
