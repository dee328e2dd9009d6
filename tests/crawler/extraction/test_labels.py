"""Labels of counters, of categories and of comment notices, read one by one and many together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.labels import fold_label, fold_labels, names_a_counter, naming_counters, roles, roles_of
from crawler.extraction.lexicon import lexicon

PHRASES = sorted(
    phrase.removesuffix("...").replace("#", "12")
    for table in lexicon("counter_labels").values()
    for phrases in table.values()
    for phrase in phrases
)
DRESSES = ("{}", "{}:", "({})", "» {} …", "♥ {}", "\xa0{}\u200b", "{} |", "_{}_", "“{}”")


@pytest.mark.parametrize("dress", DRESSES)
def test_phrases_of_the_lexicon_are_read_together_as_they_are_one_by_one(dress: str) -> None:
    texts = [dress.format(written) for phrase in PHRASES for written in (phrase, phrase.title(), phrase.upper())]
    assert fold_labels(texts) == [fold_label(text) for text in texts]
    assert roles_of(texts) == {text: said for text in texts if (said := roles(text))}
    assert naming_counters(texts) == {text for text in texts if names_a_counter(text)}


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(PHRASES), max_size=8))
def test_any_texts_are_read_together_as_they_are_one_by_one(texts: list[str]) -> None:
    assert fold_labels(texts) == [fold_label(text) for text in texts]
    assert roles_of(texts) == {text: said for text in texts if (said := roles(text))}
    assert naming_counters(texts) == {text for text in texts if names_a_counter(text)}
