"""Dates as people write them, in some sixty languages, read out of a short text. Knows no page.

Guesses nothing: a date needs day, month and year (or, with the time of fetching at hand, a word like "yesterday").
The order of "03/04/2024" is a matter of the reader's country and is passed in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import cache

from crawler.extraction.calendars import from_solar_hijri, gregorian_year
from crawler.extraction.lexicon import lexicon
from crawler.extraction.relative_dates import CTIME, relative_dates, with_time
from crawler.extraction.stamps import PLAIN, Locale, Stamp

MAX_TEXT = 400
FIRST_YEAR = 1800


_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u0307]")
_DIGIT = re.compile(r"\d")
_FOREIGN_DIGIT = re.compile(r"[^\D0-9]")
# Each begins with a digit, and looks at what stands before it only then: so a text is searched for digits alone.
_ISO = re.compile(r"(?P<y>\d(?<![\d.,]\d)\d{3})\s?(?P<s>[-/.])\s?(?P<m>\d{1,2})\s?(?P=s)\s?(?P<d>\d{1,2})(?!\d)")
_COMPACT = re.compile(
    r"(?P<y>[12](?<!\d[12])[09](?<=19|20)\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)"
    r"(?=t\d|\Z|(?:[0-2]\d[0-5]\d(?:[0-5]\d)?)?z?\Z)"
)
_CJK = re.compile(
    r"(?:(?P<era>令和|平成|昭和|大正|民國|民国)\s*)?(?<!\d)(?P<y>\d{1,4}|元)\s*(?:年|년)\s*(?P<m>\d{1,2})\s*(?:月|월)\s*(?P<d>\d{1,2})\s*(?:日|일|号|號)?"
)
_NUMERIC = re.compile(
    r"(?P<a>\d(?<![\d.,:/-]\d)\d?)\s?(?P<s>[./-])\s?(?P<b>\d{1,2})\s?(?P=s)\s?(?P<c>\d{4}|\d{2})(?![\d:]|[./-]\d)"
)
_VIETNAMESE = re.compile(r"\b(?:tháng|thg)\s*0?(\d{1,2})\b")
_MONTH_SIGN = 0xE000
"""Private letters that stand for numbered months ("tháng 4") while a text is read."""
_TOKEN = re.compile(r"\d+|[^\s\d!-&(-,/:-@\[-`{-~،、。·•–—|«»\"“”]+")
_LATIN = re.compile("[a-z]+")
_FILLERS = frozenset(lexicon("dates")["fillers"])
_YEAR_FIRST = frozenset(lexicon("dates")["year_first_languages"])


def parse_date(text: str, locale: Locale = PLAIN) -> Stamp | None:
    """The first date of a text, or None.

    >>> parse_date("Wed, 20 Dec 2023 10:15 EST").at.isoformat()
    '2023-12-20T10:15:00-05:00'
    >>> parse_date("٣ مارس ٢٠٢٦ ١٤:٠٥").at.isoformat()
    '2026-03-03T14:05:00+00:00'
    >>> parse_date("15 เม.ย. 2567 เวลา 09.30 น.").at.isoformat()
    '2024-04-15T09:30:00+00:00'
    >>> parse_date("۲۶ فروردین ۱۴۰۳").at.date().isoformat()
    '2024-04-14'
    >>> parse_date("2026年3月5日 下午2:07").at.isoformat()
    '2026-03-05T14:07:00+00:00'
    >>> parse_date("03/04/2024").at.month, parse_date("03/04/2024", Locale(month_first=True)).at.month
    (4, 3)
    """
    return next(find_dates(text, locale), None)


def find_dates(text: str, locale: Locale = PLAIN) -> Iterator[Stamp]:
    """Every date of a text in order, each with the clock time that stands next to it."""
    text = fold_date(text)
    if not _DIGIT.search(text):
        if locale.now:
            yield from relative_dates(text, locale, locale.now)
        return
    days = _days(text, locale)
    for number, (start, end, day) in enumerate(days):
        before = days[number - 1][1] if number else 0
        after = days[number + 1][0] if number + 1 < len(days) else len(text)
        yield with_time(text, day, (before, start, end, after), locale)
    if not days and locale.now:
        yield from relative_dates(text, locale, locale.now)


def fold_date(text: str) -> str:
    """Compatibility form, lower case, ASCII digits, no direction marks: what the patterns expect.

    >>> fold_date("١٥ Aralık\\u200f ２０２４")
    '15 aralık 2024'
    """
    text = text[:MAX_TEXT]
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", text).casefold()
    text = _FOREIGN_DIGIT.sub(lambda m: str(unicodedata.digit(m[0])), text)
    return _UNSEEN.sub("", text)


def _days(text: str, locale: Locale) -> list[tuple[int, int, date]]:
    """Days with their spans, in order, none overlapping another."""
    found = [*_iso_days(text), *_cjk_days(text), *_word_days(text, locale), *_numeric_days(text, locale)]
    found.sort(key=lambda span: (span[0], -span[1]))
    kept: list[tuple[int, int, date]] = []
    for span in found:
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def make_day(year: int, month: int, day: int) -> date | None:
    """A date, or None where there is no such day or it lies before newspapers.

    >>> make_day(2024, 2, 30), make_day(1, 1, 1)
    (None, None)
    """
    try:
        return date(year, month, day) if year >= FIRST_YEAR else None
    except ValueError:
        return None


def _iso_days(text: str) -> Iterator[tuple[int, int, date]]:
    for match in (*_ISO.finditer(text), *_COMPACT.finditer(text)):
        year, month, number = int(match["y"]), int(match["m"]), int(match["d"])
        day = from_solar_hijri(year, month, number) if year < 1500 else make_day(gregorian_year(year), month, number)
        if day:
            yield match.start(), match.end(), day


def _cjk_days(text: str) -> Iterator[tuple[int, int, date]]:
    for match in _CJK.finditer(text) if "年" in text or "년" in text else ():
        written = 1 if match["y"] == "元" else int(match["y"])
        if written < 1000 and not match["era"]:
            written += 2000 if written > 11 and len(match["y"]) == 2 else 0
            if len(match["y"]) == 3:
                written += 1911
        day = make_day(gregorian_year(written, match["era"] or ""), int(match["m"]), int(match["d"]))
        if day:
            yield match.start(), match.end(), day


def _numeric_days(text: str, locale: Locale) -> Iterator[tuple[int, int, date]]:
    for match in _NUMERIC.finditer(text):
        a, b, c = int(match["a"]), int(match["b"]), int(match["c"])
        short = len(match["c"]) == 2
        if short and locale.language in _YEAR_FIRST:
            day = make_day(2000 + a, b, c)
        else:
            year = gregorian_year(c + 2000 if c < 70 else c + 1900) if short else gregorian_year(c)
            first = locale.month_first and match["s"] != "."
            day = make_day(year, a, b) if first else make_day(year, b, a)
            day = day or (make_day(year, b, a) if first else make_day(year, a, b))
        if day:
            yield match.start(), match.end(), day


@cache
def _month_names(language: str | None) -> dict[str, int]:
    """Names of months to numbers: of all languages, those of the given one and of English going before."""
    names: dict[str, list[list[str]]] = lexicon("months")["names"]
    if language and language != "en":
        return _month_names(None) | (_months_of(names[language]) if language in names else {})
    found: dict[str, int] = {}
    for code in (*sorted(set(names) - {"en"}), "en"):
        found |= _months_of(names[code])
    return found


def _months_of(names: list[list[str]]) -> dict[str, int]:
    return {" ".join(form.split()): number for number, forms in enumerate(names, 1) for form in forms}


@cache
def month_words() -> frozenset[str]:
    """Every name of a month in any language."""
    return frozenset(_month_names(None))


@cache
def _first_words() -> frozenset[str]:
    """The words with which the names of months begin, in all languages and calendars."""
    return frozenset(name.partition(" ")[0] for name in (*month_words(), *_solar_months()))


@cache
def _solar_months() -> dict[str, int]:
    return {form: n for n, forms in enumerate(lexicon("months")["solar_hijri"]["names"], 1) for form in forms}


def _word_days(text: str, locale: Locale) -> Iterator[tuple[int, int, date]]:
    beginnings = _first_words()
    if text.isascii() and beginnings.isdisjoint(_LATIN.findall(text)):
        return  # as most texts with a number
    for match in CTIME.finditer(text) if ":" in text else ():
        month = _month_names("en").get(match["mon"])
        day = make_day(int(match["y"]), month, int(match["d"])) if month else None
        if day:
            yield match.start(), match.end(), day
    if "thg" in text or "tháng" in text:
        text = _VIETNAMESE.sub(lambda m: chr(_MONTH_SIGN + min(int(m[1]), 13)).ljust(len(m[0])), text)
    tokens = [(m[0].strip(".'’-־"), m.start(), m.end()) for m in _TOKEN.finditer(text)]
    for index, (word, _, _) in enumerate(tokens):
        if not word or word[0].isdigit() or (word.isascii() and word.isalpha() and word not in beginnings):
            continue
        month, width, solar = _month_at(tokens, index, locale.language)
        if month:
            yield from _around(text, tokens, (index, index + width - 1), month, solar, locale.language)


def _month_at(tokens: list[tuple[str, int, int]], index: int, language: str | None) -> tuple[int, int, bool]:
    """Number of the month whose name begins at a token (0 = none), how many tokens it takes, whether it is Iran's."""
    word = tokens[index][0]
    if 0 < ord(word[0]) - _MONTH_SIGN <= 12:
        return ord(word[0]) - _MONTH_SIGN, 1, False
    names = _month_names(language)
    for form in (word, word.rsplit("'", 1)[-1].rsplit("’", 1)[-1], word.removeprefix("ב"), word.split("-")[0]):
        if form in names:
            return names[form], 1, False
        if form in _solar_months():
            return _solar_months()[form], 1, True
    if index + 1 < len(tokens):
        pair = f"{word} {tokens[index + 1][0]}"
        if pair in names:
            return names[pair], 2, False
    return 0, 0, False


def _around(
    text: str, tokens: list[tuple[str, int, int]], span: tuple[int, int], month: int, solar: bool, language: str | None
) -> Iterator[tuple[int, int, date]]:
    """The date that the numbers around a month's name make, in the orders that languages use."""
    first, last = span
    before = _numbers(tokens, first, -1)
    after = _numbers(tokens, last, +1)
    for picks in ((("b", 0), ("a", 0)), (("a", 0), ("a", 1)), (("a", 0), ("b", 0)), (("b", 0), ("b", 1))):
        spots = [(before if side == "b" else after)[place : place + 1] for side, place in picks]
        if not all(spots):
            continue
        (day_text, day_at), (year_text, year_at) = spots[0][0], spots[1][0]
        year = _year(text, tokens[year_at], language)
        apostrophe = text[tokens[year_at][1] - 1] in "'’"
        if len(day_text) > 2 or year is None or (len(year_text) == 2 and picks[1] != ("a", 0) and not apostrophe):
            continue
        day = from_solar_hijri(year, month, int(day_text)) if solar else make_day(year, month, int(day_text))
        if day:
            ends = (day_at, year_at, first, last)
            yield tokens[min(ends)][1], tokens[max(ends)][2], day
            return


def _numbers(tokens: list[tuple[str, int, int]], index: int, step: int) -> list[tuple[str, int]]:
    """The next two numbers on one side of a token, small words between them skipped."""
    found: list[tuple[str, int]] = []
    skipped = 0
    while len(found) < 2:
        index += step
        if not 0 <= index < len(tokens):
            break
        word = tokens[index][0]
        if word[:1].isdigit():
            found.append((word, index))
            skipped = 0
        elif (word not in _FILLERS and word) or skipped > 2:
            break
        else:
            skipped += 1
    return found


def _year(text: str, token: tuple[str, int, int], language: str | None) -> int | None:
    """A written year; two digits only where they look like one ("20-Dec-23", "Dec 20 '23", Thai "15 เม.ย. 67")."""
    written, start, end = token
    if len(written) == 4:
        return gregorian_year(int(written))
    if (
        len(written) == 2
        and text[end : end + 1] not in (":", ".")
        and text[start - 1 : start] in ("-", "'", ",", " ", "/", ".")
    ):
        if language == "th":
            return 1957 + int(written)
        return 2000 + int(written) if int(written) < 70 else 1900 + int(written)
    return None
