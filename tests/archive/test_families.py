"""Copies of a text find each other; texts on one topic do not."""

from __future__ import annotations

import random

from archive.families import SAME_TEXT, bands, signature, similarity

RNG = random.Random(3)
VOCABULARY = ["".join(RNG.choices("abcdefghijklmnop", k=RNG.randrange(3, 9))) for _ in range(400)]
TEXT = " ".join(RNG.choices(VOCABULARY, k=300))
OTHER = " ".join(RNG.choices(VOCABULARY, k=300))


def signed(text: str) -> bytes:
    found = signature(text)
    assert found is not None
    return found


def test_a_copy_in_other_dress_is_the_same_text() -> None:
    dressed = TEXT.upper().replace(" ", "\u00a0 ") + "\n\nUpdated 14:05"
    assert similarity(signed(TEXT), signed(dressed)) == 1.0


def test_a_copy_with_a_correction_and_a_cut_is_still_of_the_family() -> None:
    words = TEXT.split()
    copy = " ".join([*words[:270], "Correction: the name was wrong in an earlier version."])
    assert similarity(signed(TEXT), signed(copy)) > SAME_TEXT
    assert set(bands(signed(TEXT))) & set(bands(signed(copy)))


def test_other_texts_are_not() -> None:
    assert similarity(signed(TEXT), signed(OTHER)) < 0.1
    assert not set(bands(signed(TEXT))) & set(bands(signed(OTHER)))


def test_a_few_words_have_no_family() -> None:
    assert signature("Five words are too few") is None
    assert signature("") is None


def test_scripts_without_spaces_have_signatures_too() -> None:
    assert (
        similarity(
            signed("北京至少二十四人在地震中受伤，当地政府表示。" * 3),
            signed("北京至少二十四人在地震中受伤，当地政府表示！" * 3),
        )
        == 1.0
    )


def test_a_signature_is_the_same_for_ever() -> None:
    assert signed(" ".join(map(str, range(100))))[:8].hex() == "033cbcec011076a0"
    assert len(signed(TEXT)) == 512
    assert len(bands(signed(TEXT))) == 32
    assert all(0 <= band < 2**63 for band in bands(signed(TEXT)))
