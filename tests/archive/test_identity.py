"""What counts as the same content: every edit, however small; never the noise around it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.identity import canonical_text, digests, paragraphs, same_content, settle, silent_fields
from archive.model import Content

ARTICLE = Content(
    title="Flood in the valley",
    body="“We don’t know,” said the mayor — again.\n\nSome 1,200 people left.",
    authors=("Ada Lovelace", "Karl Marx"),
    categories=("World", "Weather"),
)


@pytest.mark.parametrize(
    "body",
    [
        '"We don\'t know," said the mayor - again.\n\nSome 1,200 people left.',
        "&ldquo;We don&rsquo;t know,&rdquo; said the mayor &mdash; again.\n\nSome 1,200 people left.",
        "“We don’t\u00a0know,”  said the may\u00ador — again.\n\n\n\nSome 1,200\u200b people left.  ",
        "“We don’t know,” said the mayor — again.\r\n\r\nSome 1,200 people left.\r\n",
        "\ufeff“We don’t know,” said the mayor — again.\nSome １,２００ people left.",
    ],
)
def test_what_a_reader_cannot_see_is_no_edit(body: str) -> None:
    assert digests(replace(ARTICLE, body=body)) == digests(ARTICLE)


@pytest.mark.parametrize(
    "change",
    [
        {"body": ARTICLE.body.replace("1,200", "1,201")},  # type: ignore[union-attr]
        {"body": ARTICLE.body.replace("know,", "know")},  # type: ignore[union-attr]
        {"body": ARTICLE.body.replace("Some", "some")},  # type: ignore[union-attr]
        {"title": "Flood in the Valley"},
        {"authors": ("Ada Lovelace",)},
        {"categories": ("World", "Weather", "Climate")},
        {"categories": ()},
    ],
)
def test_the_smallest_edit_is_an_edit(change: dict[str, object]) -> None:
    edited = replace(ARTICLE, **change)  # type: ignore[arg-type]
    assert not same_content(digests(ARTICLE), digests(edited))
    assert digests(ARTICLE).content != digests(edited).content


def test_names_are_compared_as_sets_without_regard_to_case() -> None:
    shuffled = replace(ARTICLE, authors=("karl  marx", "Ada Lovelace", "ADA LOVELACE"), categories=("weather", "World"))
    assert digests(shuffled) == digests(ARTICLE)


def test_powers_and_fractions_are_not_flattened_into_other_numbers() -> None:
    assert canonical_text("10² and 1½") != canonical_text("102 and 11⁄2")


def test_a_joiner_counts_in_the_scripts_that_show_it_and_nowhere_else() -> None:
    assert canonical_text("می\u200cشود") != canonical_text("میشود")
    assert canonical_text("news\u200cpaper") == "newspaper"


def test_silence_never_differs_from_a_value_but_saying_none_does() -> None:
    known = digests(ARTICLE)
    assert same_content(known, digests(replace(ARTICLE, authors=None)))
    assert same_content(digests(replace(ARTICLE, authors=None)), known)
    assert not same_content(known, digests(replace(ARTICLE, authors=())))
    assert same_content(known, digests(replace(ARTICLE, title="  ")))


def test_a_byline_has_vanished_only_when_two_complete_looks_miss_it() -> None:
    look = replace(ARTICLE, authors=None, body=None)
    once = settle(ARTICLE, look)
    assert once == ARTICLE
    assert silent_fields(look) == ("body", "authors")
    twice = settle(ARTICLE, look, silent_before=silent_fields(look))
    assert (twice.authors, twice.body) == ((), ARTICLE.body)
    assert not same_content(digests(ARTICLE), digests(twice))


def test_a_look_that_states_a_field_is_taken_at_its_word() -> None:
    look = replace(ARTICLE, authors=("Grace Hopper",))
    assert settle(ARTICLE, look, silent_before=("authors",)) == look


def test_paragraphs_are_the_lines_that_say_something() -> None:
    assert paragraphs("One. \n\n \n\tTwo.\r\nThree.") == ["One.", "Two.", "Three."]
    assert paragraphs(None) == []


@given(st.text())
def test_canonical_text_is_its_own_canonical_text(text: str) -> None:
    once = canonical_text(text)
    assert canonical_text(once) == once


@given(st.text(alphabet='ab é1.,’"“-—\n&;', max_size=80), st.data())
def test_digests_are_stable_under_noise(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    if text[max(0, at - 1) : at] == "&":
        return
    noisy = (text[:at] + "\u200b" + text[at:]).replace("’", "'").replace(" ", "\u00a0 ").replace("\n", "\r\n\r\n")
    assert digests(Content(body=noisy)) == digests(Content(body=text))
