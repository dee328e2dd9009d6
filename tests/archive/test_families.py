"""Copies of a text find each other; texts on one topic do not."""

from __future__ import annotations

import random
from typing import Any

from archive.families import BANDS, SAME_TEXT, bands, bands_of, runs, similarity

RNG = random.Random(3)
VOCABULARY = ["".join(RNG.choices("abcdefghijklmnop", k=RNG.randrange(3, 9))) for _ in range(400)]
TEXT = " ".join(RNG.choices(VOCABULARY, k=300))
OTHER = " ".join(RNG.choices(VOCABULARY, k=300))


def read(text: str) -> Any:
    found = runs(text)
    assert found is not None
    return found


def test_a_copy_in_other_dress_is_the_same_text() -> None:
    dressed = TEXT.upper().replace(" ", "\u00a0 ") + "\n\nUpdated 14:05"
    assert similarity(read(TEXT), read(dressed)) == 1.0
    assert bands_of(TEXT) == bands_of(dressed)


def test_a_copy_with_a_correction_and_a_cut_is_still_of_the_family() -> None:
    words = TEXT.split()
    copy = " ".join([*words[:270], "Correction: the name was wrong in an earlier version."])
    assert similarity(read(TEXT), read(copy)) > SAME_TEXT
    assert set(bands_of(TEXT)) & set(bands_of(copy))


def test_copies_that_share_seven_tenths_find_each_other_nearly_always() -> None:
    found = 0
    for seed in range(200):
        words = random.Random(seed).choices(VOCABULARY, k=200)
        found += bool(set(bands_of(" ".join(words))) & set(bands_of(" ".join(words[:141]))))
    assert found >= 194


def test_other_texts_are_not() -> None:
    assert similarity(read(TEXT), read(OTHER)) < 0.1
    assert not set(bands_of(TEXT)) & set(bands_of(OTHER))


def test_a_few_words_have_no_family() -> None:
    assert runs("Five words are too few") is None
    assert bands_of("") == bands_of(None) == ()


def test_scripts_without_spaces_have_families_too() -> None:
    one = "北京至少二十四人在地震中受伤，当地政府表示。" * 3
    assert similarity(read(one), read(one.replace("。", "！"))) == 1.0


def test_bands_are_the_same_for_ever() -> None:
    """They are kept in the database: where this fails, `BANDS_VERSION` must rise."""
    found = bands(read(" ".join(map(str, range(100)))))
    assert found[:2] == (858376037, 1950962957)
    assert len(set(found)) == BANDS
    assert all(0 <= band < 2**31 for band in found)
