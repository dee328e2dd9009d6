"""A text file of a scraped page becomes a record; its furniture does not stay in the body."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.text_record import read_text

BODY = [
    "The ferry sails again from Monday, the port said.",
    "Some 12,000 people had signed a petition.",
    "It had 58 views of the sea.",
]


def written(*furniture: str) -> str:
    return "\n\n".join(["Ferry returns after repairs", *BODY]) + "\n\n" + "\n".join(furniture)


def test_likes_dislikes_views_categories_and_state_come_from_the_end() -> None:
    content, found = read_text(
        written("Likes:", "0 0", "Views:", "58", "Article Categories:", "Africa", "", "Comments are closed.")
    )
    assert (content.title, content.body) == ("Ferry returns after repairs", "\n\n".join(BODY))
    assert (content.categories, content.coverage_place) == (("Africa",), ("Africa",))
    assert [counter.value if counter else None for counter in (found.likes, found.dislikes, found.views)] == [0, 0, 58]
    assert (found.comments, found.comments_open) == (None, False)


@pytest.mark.parametrize(
    ("furniture", "views", "comments", "categories", "is_open"),
    [
        (
            ("Просмотров: 1 234", "Рубрика: Погода, Общество", "Комментарии закрыты"),
            1234,
            None,
            ("Погода", "Общество"),
            False,
        ),
        (("Visto 314 veces", "3 comentarios", "Publicado en", "Política"), 314, 3, ("Política",), None),
        (("阅读(1.2万)", "分类：天气", "暂无评论"), 12_000, 0, ("天气",), None),
        (("Aufrufe", "1.432", "Kategorie:", "Kultur", "Schreibe einen Kommentar"), 1432, None, ("Kultur",), True),
    ],
)
def test_other_languages_use_the_same_words(
    furniture: tuple[str, ...], views: int, comments: int | None, categories: tuple[str, ...], is_open: bool | None
) -> None:
    content, found = read_text(written(*furniture))
    assert content.body == "\n\n".join(BODY)
    assert found.views is not None
    assert (found.views.value, found.comments.value if found.comments else None) == (views, comments)
    assert (content.categories, found.comments_open) == (categories, is_open)


def test_one_number_or_two_nobody_can_tell() -> None:
    assert read_text(written("Likes:", "12 345", "Views:", "58"))[1].likes is None


def test_a_text_without_furniture_says_nothing_about_counters() -> None:
    content, found = read_text(written())
    assert (content.body, content.categories, content.topics) == ("\n\n".join(BODY), None, None)
    assert (found.views, found.comments, found.comments_open) == (None, None, None)


def test_an_empty_text_is_an_empty_record() -> None:
    assert read_text("")[0].body is None


@given(st.text(max_size=400))
def test_no_text_breaks_it(text: str) -> None:
    read_text(text)
