"""How counters are written: "1,693", "12 345", "1,2 mil", "3.4万", "٣٬٢١٠" to an integer, and whether it is exact.

Knows numbers only, no labels. A count is an integer, so one separator before exactly three digits groups
thousands whatever the language, and a decimal without a unit ("4.9", a rating) is no count at all.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from crawler.extraction.kept import remembered

MAX_DIGITS = 15
"""Longer runs of digits are identifiers, not counts."""

MAX_UNIT = 15
"""Letters in the longest unit (Greek billions)."""

_DIGITS = {
    code: str(unicodedata.digit(chr(code))) for code in range(128, 0x10000) if unicodedata.category(chr(code)) == "Nd"
}
_PUNCTUATION = {ord("٬"): ",", ord("٫"): ".", ord("’"): "'", ord("ʼ"): "'", ord("＇"): "'", ord("−"): "-"}
_DIRECTIONS = dict.fromkeys([0x061C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A)])
_FOLD: dict[str, str] = {chr(code): to or "" for code, to in {**_DIGITS, **_PUNCTUATION, **_DIRECTIONS}.items()}
_FOLDED = re.compile(f"[{''.join(map(re.escape, _FOLD))}]")
"""Few texts hold any: looking for them is ten times faster than `str.translate`."""

MARKS = (
    "\u0300-\u0306\u0308-\u036f\u0591-\u05c7\u0670\u0900-\u0903\u093a-\u094f\u0951-\u0963\u0980-\u09cd"
    "\u0a00-\u0dff\u0e30-\u0e4e\u0eb0-\u0ecd\u1000-\u109f\u1780-\u17dd"
)
"""Signs that are parts of words without being letters: vowels of Indic scripts, Thai, Hebrew points."""
_LETTER = rf"(?:[^\W\d_]|[{MARKS}\u0970])"
_GROUPED = r"\d{1,3}(?:,\d{3})+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?: \d{3})+|\d{1,3}(?:'\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}"
# Neither a clock (12:42), a date (12/3, 2022-04-21, 21.04.2022), a decimal (4.9) nor a piece of a word (covid-19).
_NUMBER = re.compile(
    rf"(?<![\w.,/'#$€£%-])(?<!\d:)(?P<sign>[+-])?(?P<number>{_GROUPED}|\d+)(?P<fraction>[.,]\d+)?"
    rf"(?:(?P<unit>(?:(?: de)? ?{_LETTER}{{1,{MAX_UNIT}}}\.?)?)(?P<plus> ?\+)?)"
)
_TAIL = re.compile(r"[.,:/'-]?\d|[%°€$£]|[./-][^\W\d_]")
_IN_WORD = re.compile(_LETTER)
_NOT_DIGIT = re.compile(r"\D")
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Scripts that put no space between a unit and the next word: Thai, Chinese, Japanese, Korean."""
_DECORATION = " \t()[]{}~≈:·•|."


@dataclass(frozen=True, slots=True)
class Number:
    """A number inside a text: its value, whether it is exact, and where it stands (in the folded text)."""

    value: int
    exact: bool
    start: int
    end: int


def fold_digits(text: str) -> str:
    """The text in compatibility form (NFKC) with ASCII digits, plain separators and single spaces.

    >>> fold_digits("１２\\u202f３４５ ・ ٣٬٢١٠")
    '12 345 ・ 3,210'
    """
    if not text.isascii():
        text = plain_digits(unicodedata.normalize("NFKC", text))
    return " ".join(text.split())


def plain_digits(text: str) -> str:
    """A text in compatibility form with ASCII digits and plain separators; white space stays.

    >>> plain_digits("٣٬٢١٠")
    '3,210'
    """
    return _FOLDED.sub(lambda found: _FOLD[found[0]], text)


@remembered(16_384)
def parse_count(text: str, language: str | None = None) -> tuple[int, bool] | None:
    """The one number that the text consists of, and whether it is exact; None where it is no count.

    Brackets and a sign are decoration. `language` (a BCP 47 tag) decides what a unit means ("8,6 B" is 8,600 in
    Turkish); units that mean the same everywhere need none.

    >>> parse_count("3.409"), parse_count("1,2 mil", "pt"), parse_count("(11)")
    ((3409, True), (1200, False), (11, True))
    >>> parse_count("4.9"), parse_count("12:42"), parse_count("3 min read")
    (None, None, None)
    """
    if text.isascii() and text.isdigit():
        return (int(text), True) if len(text) <= MAX_DIGITS else None
    folded = fold_digits(text)
    if len(folded) > 40:
        return None
    found = list(find_numbers(folded, language))
    if len(found) != 1 or folded[: found[0].start].strip(_DECORATION) or folded[found[0].end :].strip(_DECORATION):
        return None
    return found[0].value, found[0].exact


def find_numbers(folded: str, language: str | None = None) -> Iterator[Number]:
    """The counts in a text that went through `fold_digits`, in order; dates, clocks and decimals are none."""
    units = _units(language)
    for match in _NUMBER.finditer(folded):
        number = _read(folded, match, units)
        if number is not None:
            yield number


def _read(folded: str, match: re.Match[str], units: dict[str, int]) -> Number | None:
    digits = _NOT_DIGIT.sub("", match["number"])
    if len(digits) > MAX_DIGITS:
        return None
    factor, end = _unit(match, units)
    if factor is None:
        if match["fraction"] or _TAIL.match(folded, match.end("number")):
            return None
        plus = match["plus"] if not match["unit"] else re.match(r" ?\+", folded[match.end("number") :])
        end = match.end("number")
        if plus:
            end = match.end() if not match["unit"] else end + len(plus[0])
        return Number(int(digits), not plus, match.start(), end)
    if factor == 0:
        return None
    whole, fraction = match["number"], match["fraction"]
    if fraction is None and (single := re.fullmatch(r"(\d{1,3})([.,]\d{3})", whole)):
        whole, fraction = single[1], single[2]
    value = int(_NOT_DIGIT.sub("", whole)) * factor
    if fraction:
        value += int(fraction[1:]) * factor // 10 ** (len(fraction) - 1)
    return Number(value, False, match.start(), end)


def _unit(match: re.Match[str], units: dict[str, int]) -> tuple[int | None, int]:
    """The factor of the unit behind the number and the position after it; (None, ...) where no unit follows."""
    word = match["unit"]
    if not word:
        return None, match.end()
    factor = units.get(word.strip(" .").casefold())
    end = match.end()
    if factor is None and _UNSPACED.match(word.strip()):
        for length in range(len(word.strip()), 0, -1):  # "1万阅读": the unit and the label touch
            if (factor := units.get(word.strip()[:length])) is not None:
                end = match.start("unit") + word.index(word.strip()) + length
                break
    elif factor is not None and _IN_WORD.match(match.string, end):
        return None, end
    return factor, end


@lru_cache(maxsize=512)
def _units(language: str | None) -> dict[str, int]:
    tables = _tables()
    tag = (language or "").replace("_", "-").lower()
    return tables["any"] | tables.get(tag.partition("-")[0], {}) | tables.get(tag, {})


@cache
def _tables() -> dict[str, dict[str, int]]:
    data = (files("crawler.extraction") / "data" / "numbers.toml").read_text(encoding="utf-8")
    return tomllib.loads(data)
