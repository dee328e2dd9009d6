"""How counters are written, and that whatever a locale writes is read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.numbers import find_numbers, fold_digits, parse_count

COUNTS = st.integers(min_value=0, max_value=999_999_999_999)
SEPARATORS = {"en": ",", "de": ".", "fr": "\u202f", "pl": "\u00a0", "sv": " ", "de-CH": "'", "ar": "٬", "none": ""}
DIGITS = {
    "latin": "0123456789",
    "ar": "٠١٢٣٤٥٦٧٨٩",
    "fa": "۰۱۲۳۴۵۶۷۸۹",
    "hi": "०१२३४५६७८९",
    "bn": "০১২৩৪৫৬৭৮৯",
    "full": "０１２３４５６７８９",
}


@pytest.mark.parametrize(
    ("text", "language", "value", "exact"),
    [
        ("1,693", "en", 1693, True),
        ("1.432", "en", 1432, True),
        ("10.423.242", "id", 10_423_242, True),
        ("10.7k", "en", 10_700, False),
        ("1.234K", "en", 1234, False),
        ("49,000+", "en", 49_000, False),
        ("3,4 Mio.", "de", 3_400_000, False),
        ("1,2 mil", "pt", 1200, False),
        ("1,2 mil.", "cs", 1_200_000, False),
        ("10万+", "zh", 100_000, False),
        ("1.5 crore", "en-IN", 15_000_000, False),
        ("5,00,000", "en-IN", 500_000, True),
        ("8,6 B", "tr", 8600, False),
        ("2.1B", "en", 2_100_000_000, False),
        ("+12", "en", 12, True),
        ("(11)", "fr", 11, True),
    ],
)
def test_a_count_is_read_with_its_exactness(text: str, language: str, value: int, exact: bool) -> None:
    assert parse_count(text, language) == (value, exact)


@pytest.mark.parametrize(
    "text", ["4.9", "98%", "12:42", "3 min read", "1.2", "2022-04-21", "21/04/2022", "$58", "", "1" * 40, "covid-19"]
)
def test_what_is_no_count_is_none(text: str) -> None:
    assert parse_count(text) is None


@given(COUNTS, st.sampled_from(sorted(SEPARATORS)), st.sampled_from(sorted(DIGITS)))
def test_an_integer_in_any_locale_is_read_back(value: int, locale: str, digits: str) -> None:
    written = f"{value:,}".replace(",", SEPARATORS[locale])
    written = written.translate(str.maketrans(DIGITS["latin"], DIGITS[digits]))
    assert parse_count(written, locale) == (value, True)


@given(st.integers(min_value=1, max_value=999), st.integers(min_value=1, max_value=9))
def test_a_rounded_count_stands_for_its_round_number(whole: int, tenth: int) -> None:
    written = {
        "en": f"{whole}.{tenth}K",
        "de": f"{whole},{tenth} Tsd.",
        "es": f"{whole},{tenth} mil",
        "ru": f"{whole},{tenth} тыс.",
    }
    assert {parse_count(text, language) for language, text in written.items()} == {(whole * 1000 + tenth * 100, False)}


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    folded = fold_digits(text)
    assert all(0 <= number.start < number.end <= len(folded) for number in find_numbers(folded, "en"))
