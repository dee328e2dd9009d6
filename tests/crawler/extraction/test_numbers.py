"""How counters are written, and that whatever a locale writes is read back.

The locales' own formats are those of Unicode CLDR, as Babel writes them.
"""

from __future__ import annotations

from functools import cache

import pytest
from babel import Locale, localedata
from babel.numbers import format_compact_decimal, format_decimal
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.lexicon import lexicon
from crawler.extraction.numbers import find_numbers, fold_digits, parse_count

COUNTS = st.integers(min_value=0, max_value=9_999_999)
SEPARATORS = {"en": ",", "de": ".", "fr": "\u202f", "pl": "\u00a0", "sv": " ", "de-CH": "'", "ar": "٬", "none": ""}
DIGITS = {
    "latin": "0123456789",
    "ar": "٠١٢٣٤٥٦٧٨٩",
    "fa": "۰۱۲۳۴۵۶۷۸۹",
    "hi": "०१२३४५६७८९",
    "bn": "০১২৩৪৫৬৭৮৯",
    "full": "０１２３４５６７８９",
}
LANGUAGES = sorted(lexicon("counter_labels")["views"])
UNIT_BEFORE_THE_NUMBER = {"si", "sw"}
LETTERS_LEFT_OUT = {"da": "t", "kk": "м", "mk": "м", "ms": "j", "id": "m", "is": "ma", "eo": "g", "vi": "t", "ca": "km"}
"""Units of CLDR that mean something else as often (hours, metres, a million): no answer is better."""


@cache
def locales() -> list[str]:
    """Every locale of CLDR in a language whose labels we know, as BCP 47 tags."""
    known = [name.replace("_", "-") for name in localedata.locale_identifiers()]
    return sorted(tag for tag in known if tag.split("-")[0] in LANGUAGES)


@pytest.mark.parametrize(
    ("text", "language", "value", "exact"),
    [
        ("58", "en", 58, True),
        ("1,693", "en", 1693, True),
        ("3.409", "it", 3409, True),
        ("1.432", "en", 1432, True),
        ("1.432", "de", 1432, True),
        ("10.423.242", "id", 10_423_242, True),
        ("4.3K", "en", 4300, False),
        ("10.7k", "en", 10_700, False),
        ("1k", "es", 1000, False),
        ("55.5k", "en", 55_500, False),
        ("1.234K", "en", 1234, False),
        ("201.0K", "de", 201_000, False),
        ("49,000+", "en", 49_000, False),
        ("3,4 Mio.", "de", 3_400_000, False),
        ("12 Tsd.", "de", 12_000, False),
        ("12\u00a0345", "fr", 12_345, True),
        ("12\u202f345", "fr", 12_345, True),
        ("12\u2009345", "pl", 12_345, True),
        ("12 345", "cs", 12_345, True),
        ("1'234", "de-CH", 1234, True),
        ("1’234", "de-CH", 1234, True),
        ("1,2 mil", "pt", 1200, False),
        ("1,2 mil.", "cs", 1_200_000, False),
        ("1,2 mil.", "sr-Latn", 1_200_000, False),
        ("3 mil", "es", 3000, False),
        ("2,5 mi", "pt", 2_500_000, False),
        ("25 de mii", "ro", 25_000, False),
        ("1,2 тыс.", "ru", 1200, False),
        ("5 тыс.", "ru", 5000, False),
        ("3,1 млн", "ru", 3_100_000, False),
        ("1万", "zh", 10_000, False),
        ("1.2万+", "zh", 12_000, False),
        ("10万+", "zh", 100_000, False),
        ("2.3億", "ja", 230_000_000, False),
        ("3.5億", "ja", 350_000_000, False),
        ("1.2만", "ko", 12_000, False),
        ("5 lakh", "en-IN", 500_000, False),
        ("1.5 crore", "en-IN", 15_000_000, False),
        ("2.5Cr", "en-IN", 25_000_000, False),
        ("5,00,000", "en-IN", 500_000, True),
        ("१.२ हज़ार", "hi", 1200, False),
        ("३ लाख", "hi", 300_000, False),
        ("২.৫ কোটি", "bn", 25_000_000, False),
        ("٣٬٢١٠", "ar", 3210, True),
        ("۱۲٬۴۵۶", "fa", 12_456, True),
        ("१२,३४५", "hi", 12_345, True),
        ("১২,৩৪৫", "bn", 12_345, True),
        ("１２，３４５", "ja", 12_345, True),
        ("\u200f1.2 אלף", "he", 1200, False),
        ("8,6 B", "tr", 8600, False),
        ("2.1B", "en", 2_100_000_000, False),
        ("+12", "en", 12, True),
        ("-3", "en", 3, True),
        ("(11)", "fr", 11, True),
        ("15878 ）", "zh", 15_878, True),
        ("（11）", "zh", 11, True),
    ],
)
def test_a_count_is_read_with_its_exactness(text: str, language: str, value: int, exact: bool) -> None:
    assert parse_count(text, language) == (value, exact)


@pytest.mark.parametrize(
    "text",
    [
        *("4.9", "98%", "12:42", "3 min read", "1.2", "2022-04-21", "21/04/2022", "$58", "", "1" * 40, "covid-19"),
        *("Leave a comment", "Comments are closed.", "No Comments Yet", "4,9", "4.9/5", "v1.2.3", "19:00"),
    ],
)
def test_what_is_no_count_is_none(text: str) -> None:
    assert parse_count(text) is None


def test_a_letter_with_two_meanings_is_no_count() -> None:
    assert parse_count("1,2 M", "id") is None


@given(COUNTS, st.sampled_from(sorted(SEPARATORS)), st.sampled_from(sorted(DIGITS)))
def test_an_integer_in_any_digits_and_grouping_is_read_back(value: int, locale: str, digits: str) -> None:
    written = f"{value:,}".replace(",", SEPARATORS[locale])
    written = written.translate(str.maketrans(DIGITS["latin"], DIGITS[digits]))
    assert parse_count(written, locale) == (value, True)


@given(st.data(), COUNTS, st.sampled_from(["default", "latn"]))
def test_an_integer_as_any_locale_writes_it_is_read_back(data: st.DataObject, value: int, digits: str) -> None:
    locale = data.draw(st.sampled_from(locales()))
    written = format_decimal(value, locale=locale.replace("-", "_"), numbering_system=digits)
    assert parse_count(written, locale) == (value, True)


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one not in UNIT_BEFORE_THE_NUMBER])
@pytest.mark.parametrize("form", ["short", "long"])
def test_a_rounded_count_as_a_language_writes_it_stands_for_its_number(language: str, form: str) -> None:
    left_out = LETTERS_LEFT_OUT.get(language, "-")
    for value in (1200, 3000, 12_000, 340_000, 1_200_000, 25_000_000):
        written = format_compact_decimal(value, format_type=form, locale=Locale.parse(language), fraction_digits=1)
        unit = fold_digits(written).lstrip("0123456789., ").strip(" .").casefold()
        if unit == left_out or (language, unit) == ("ne", "करोड"):  # CLDR's Nepali has it for two numbers
            continue
        found = parse_count(written, language)
        assert found is not None, written
        assert abs(found[0] - value) <= value * 0.03, written


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
