"""The numbers a text names, in digits or words, as what they count to."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

_DATA = tomllib.loads(resources.files("archive").joinpath("data/numbers.toml").read_text("utf-8"))
_WORDS: dict[str, dict[str, float]] = _DATA["words"]
_NUMERALS = frozenset(_DATA["characters"]["numerals"])
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+\Z")


def number_value(token: str, language: str | None = None) -> str | None:
    """What a word counts to, as a string that equals that of other spellings; None where it is no number.

    >>> number_value("1,200"), number_value("1.200"), number_value("1200"), number_value("1.5"), number_value("4th")
    ('1200', '1200', '1200', '1.5', '4th')
    >>> number_value("twelve", "en"), number_value("12"), number_value("word")
    ('12', '12', None)
    """
    if token[0].isdecimal():
        plain = unicodedata.normalize("NFKC", token).lower()
        if not plain.isascii():
            plain = "".join(str(unicodedata.decimal(c, c)) for c in plain)
        return re.sub("[.,]", "", plain) if _GROUPED.match(plain) else plain.replace(",", ".")
    if token[0] in _NUMERALS and all(c in _NUMERALS for c in token):
        return token
    value = _words_of(language).get(token.lower())
    return None if value is None else f"{value:g}" if value < 1000 else str(int(value))


def numbers_in(tokens: Iterable[str], language: str | None = None) -> list[str]:
    """The values of the numbers among words, in order.

    >>> numbers_in(["some", "two", "of", "1,200"], "en")
    ['2', '1200']
    """
    words = _words_of(language)
    return [
        value
        for token in tokens
        if (token[0].isdecimal() or token[0] in _NUMERALS or token.lower() in words)
        and (value := number_value(token, language)) is not None
    ]


def _joined(language: str) -> dict[str, float]:
    """ "fünfundzwanzig", "vijfentwintig"."""
    rule = _DATA["joined"].get(language)
    if rule is None:
        return {}
    known = _WORDS[language]
    units = {word: value for word, value in known.items() if value < 10} | {rule["one"]: 1}
    tens = {word: value for word, value in known.items() if 20 <= value < 100}
    return {f"{a}{by}{b}": x + y for a, x in units.items() for b, y in tens.items() for by in rule["by"]}


@cache
def _words_of(language: str | None) -> Mapping[str, float]:
    """The number words of a language; where it is not known, English ones and those of other scripts than Latin."""
    if language in _WORDS:
        return _WORDS[language] | _joined(language)
    found = dict(_WORDS["en"])
    for words in _WORDS.values():
        found |= {word: value for word, value in words.items() if word[0] > "\u0250"}
    return found
