"""What became of each paragraph, of the title and of the sets."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from archive.diff import ParagraphOp, diff, find_flips
from archive.model import Content, EditKind

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FLOOD = "The river burst its banks on Monday and flooded the lower town, officials said."
DAM = "The dam above the valley was built in 1962 and has been repaired twice since then."
SCHOOL = "Schools stay closed until further notice, the council decided in the evening."
HELP = "The government promised help for all who lost their homes in the water."
ARTICLE = Content(
    title="Flood in the valley",
    body="\n\n".join([FLOOD, DAM, SCHOOL, HELP]),
    authors=("Ada Lovelace",),
    categories=("World",),
    language="en",
    modified_at=NOON,
)


def ops(*paragraphs: str) -> list[tuple[str, int | None, int | None]]:
    change = diff(ARTICLE, replace(ARTICLE, body="\n\n".join(paragraphs)))
    return [(str(edit.op), edit.old_index, edit.new_index) for edit in change.paragraphs if edit.op != ParagraphOp.SAME]


def test_equal_content_has_an_empty_change() -> None:
    change = diff(ARTICLE, replace(ARTICLE, summary="other", image_url="x"))
    assert change.is_empty
    assert (change.kinds, change.words_added, change.words_removed, change.similarity) == ((), 0, 0, 1.0)


def test_noise_has_an_empty_change() -> None:
    noisy = (ARTICLE.body or "").replace("The", "The\u200b").replace(" ", "\u00a0 ") + "\n\nUpdated 14:05"
    assert diff(ARTICLE, replace(ARTICLE, body=noisy)).is_empty


def test_a_paragraph_is_added_where_it_stands() -> None:
    assert ops(FLOOD, "Nobody was hurt, which surprised everyone.", DAM, SCHOOL, HELP) == [("added", None, 1)]


def test_a_removed_paragraph_is_told_where_it_stood() -> None:
    change = diff(ARTICLE, replace(ARTICLE, body="\n\n".join([FLOOD, SCHOOL, HELP])))
    assert [str(edit.op) for edit in change.paragraphs] == ["same", "removed", "same", "same"]


def test_what_was_replaced_stands_before_what_came_for_it() -> None:
    other = "Nobody could say why sirens kept silent all through that night."
    assert ops(FLOOD, other, SCHOOL, HELP) == [("removed", 1, None), ("added", None, 1)]


def test_a_moved_paragraph_is_one_move_and_the_lighter_one_moves() -> None:
    assert ops(HELP, FLOOD, DAM, SCHOOL) == [("moved", 3, 0)]
    short = diff(Content(body=f"Short one.\n\n{DAM}"), Content(body=f"{DAM}\n\nShort one."))
    assert [(str(e.op), e.new) for e in short.paragraphs if e.op == "moved"] == [("moved", "Short one.")]


def test_a_paragraph_may_move_and_change() -> None:
    assert ops(HELP.replace("promised", "offered"), FLOOD, DAM, SCHOOL) == [("moved_changed", 3, 0)]


def test_a_split_paragraph_stands_for_both_halves() -> None:
    first, second = DAM.split(" and has ")
    change = diff(ARTICLE, replace(ARTICLE, body="\n\n".join([FLOOD, f"{first}.", f"It has {second}", SCHOOL, HELP])))
    edit = next(e for e in change.paragraphs if e.op != ParagraphOp.SAME)
    assert (edit.op, edit.old_index, edit.new_index, edit.new_count) == (ParagraphOp.CHANGED, 1, 1, 2)
    assert EditKind.PARAGRAPH_ADDED not in change.kinds


def test_merged_paragraphs_are_one_change_of_punctuation() -> None:
    change = diff(ARTICLE, replace(ARTICLE, body="\n\n".join([FLOOD, f"{DAM} {SCHOOL}", HELP])))
    edit = next(e for e in change.paragraphs if e.op != ParagraphOp.SAME)
    assert (edit.old_count, edit.edits, change.kinds) == (2, (), (EditKind.PUNCTUATION,))


def test_repeated_paragraphs_are_matched_in_order() -> None:
    change = diff(Content(body="a\n\nb\n\na"), Content(body="a\n\na"))
    assert [(str(e.op), e.old_index) for e in change.paragraphs] == [("same", 0), ("removed", 1), ("same", 2)]


def test_a_field_that_one_side_does_not_state_is_unchanged() -> None:
    assert diff(ARTICLE, Content()).is_empty
    assert diff(Content(), ARTICLE).is_empty


def test_sets_tell_what_came_and_what_went() -> None:
    change = diff(ARTICLE, replace(ARTICLE, authors=("Grace Hopper",), categories=("WORLD", "Weather")))
    assert (change.authors_added, change.authors_removed) == (("Grace Hopper",), ("Ada Lovelace",))
    assert (change.categories_added, change.categories_removed) == (("Weather",), ())
    assert change.kinds == (EditKind.CATEGORY, EditKind.AUTHOR)


def test_a_body_mostly_replaced_is_rewritten_and_nothing_finer() -> None:
    other = "\n\n".join(f"Entirely different words number {at} stand here instead of those before." for at in range(9))
    change = diff(ARTICLE, replace(ARTICLE, body=other))
    assert change.kinds == (EditKind.REWRITTEN,)
    assert change.similarity < 0.2


def test_a_body_that_only_grew_is_not_rewritten() -> None:
    grown = "\n\n".join([ARTICLE.body or "", *(f"New facts number {at} are told at length here." for at in range(40))])
    assert diff(ARTICLE, replace(ARTICLE, body=grown)).kinds == (EditKind.PARAGRAPH_ADDED,)


def test_a_return_to_an_earlier_text_is_a_revert() -> None:
    edited = replace(ARTICLE, title="Flood in the valley kills two")
    assert EditKind.REVERTED in diff(edited, ARTICLE, earlier=[ARTICLE]).kinds
    assert EditKind.REVERTED not in diff(ARTICLE, edited, earlier=[]).kinds


@pytest.mark.parametrize(
    ("changes", "stealth"),
    [
        ({"title": "Flood in the town"}, True),
        ({"body": "\n\n".join([FLOOD, SCHOOL, HELP])}, True),
        ({"body": (ARTICLE.body or "").replace("1962", "1926")}, True),
        ({"body": (ARTICLE.body or "").replace("evening", "morning")}, False),
        ({"title": "Flood in the town", "modified_at": NOON.replace(hour=13)}, False),
        ({"title": "Flood in the town", "modified_at": None}, False),
        ({"title": "Flood in the town", "body": f"{ARTICLE.body}\n\nCorrection: the place was wrong."}, False),
    ],
)
def test_an_edit_of_a_fact_is_stealthy_while_the_date_stands_still_and_no_note_tells(
    changes: dict[str, object], stealth: bool
) -> None:
    assert diff(ARTICLE, replace(ARTICLE, **changes)).stealth is stealth  # type: ignore[arg-type]


def test_a_headline_that_flips_is_told_from_one_that_is_rewritten_or_put_back() -> None:
    flips = find_flips(["A", "B", "A", None, "B", "C", "A"])
    assert flips is not None
    assert (flips.texts, flips.changes, flips.returns) == (("A", "B", "C"), 5, 3)
    assert find_flips(["A", "B", "A"]) is None
    assert find_flips(["A", "B", "C", "D", "E", "A", "B"]) is None
