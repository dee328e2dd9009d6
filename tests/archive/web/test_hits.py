"""The words that were searched for are marked where the index found them."""

from __future__ import annotations

import pytest

from archive.queries.search import parse_words
from archive.web.hits import hits


@pytest.mark.parametrize(
    ("said", "asked", "marked"),
    [
        ("Rain over the valley, rainy days.", "rain", ["Rain"]),
        ("Rain over the valley, rainy days.", "rain*", ["Rain", "rain"]),
        ("The “prime – minister” said no.", '"prime minister" -yes', ["prime – minister"]),
        ("Nobody said yes.", "no -yes", []),
        ("水库水位一夜之间上涨", "水位", ["水位"]),
        ("Straße nach Ségou", "strasse segou", ["Straße", "Ségou"]),
        ("a.b*c [d]", "b c", ["b", "c"]),
    ],
)
def test_what_is_marked(said: str, asked: str, marked: list[str]) -> None:
    parts = hits(said, parse_words(asked))
    assert [text for mark, text in parts if mark == "added"] == marked
    assert "".join(text for _, text in parts) == said


def test_a_long_paragraph_is_cut_to_the_words_around() -> None:
    said = "word " * 500 + "needle" + " word" * 500
    parts = hits(said, parse_words("needle"))
    assert 100 < len("".join(text for _, text in parts)) < 200
    assert len("".join(text for _, text in hits(said, parse_words("absent")))) < 430
