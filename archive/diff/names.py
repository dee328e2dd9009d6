"""Which words of a text look like parts of names: by capitals where a script has them, by titles where not."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from importlib import resources

from archive.diff.words import is_word

_DATA = tomllib.loads(resources.files("archive").joinpath("data/names.toml").read_text("utf-8"))
_CAPITAL_NOUNS = frozenset(_DATA["capital_nouns"])
_TITLES = frozenset(_DATA["titles"])
_HONORIFICS: tuple[str, ...] = tuple(_DATA["honorifics"])
_PARTICLES = frozenset(_DATA["particles"])
_SENTENCE_ENDS = frozenset({".", "!", "?", "...", ":", '"', "'", "-", "(", "«", "»", "¡", "¿", ";", "•", "*"})


def is_name(tokens: Sequence[str], at: int, language: str | None = None) -> bool:
    """Whether the word at a place looks like part of a name there.

    A capital counts unless it begins a sentence; in German, where every noun has one, only beside another
    capital or behind a title. In scripts without capitals a word counts behind a title ("President" in Arabic)
    or in front of an honorific (Japanese "san").

    >>> words = "Police in Paris said Mr Smith left".split()
    >>> [word for at, word in enumerate(words) if is_name(words, at)]
    ['Paris', 'Mr', 'Smith']
    """
    token = tokens[at]
    first = token[0]
    if not first.isalpha() or (len(token) == 1 and first.isascii()):
        return False
    if not _is_cased(first):
        return _stands_by_title(tokens, at)
    if not first.isupper():
        return False
    begins = at == 0 or tokens[at - 1] in _SENTENCE_ENDS
    if language in _CAPITAL_NOUNS:
        return _has_capital_beside(tokens, at) or _behind_title(tokens, at)
    return not begins or _is_written_so_inside(token) or _has_capital_after(tokens, at)


def is_particle(token: str) -> bool:
    """Whether a small word may stand inside a name ("van", "of")."""
    return token.lower() in _PARTICLES


def _is_cased(letter: str) -> bool:
    return letter.lower() != letter.upper()


def _is_written_so_inside(token: str) -> bool:
    """USA, McDonald, iPhone: a capital behind the first letter."""
    return any(c.isupper() for c in token[1:])


def _has_capital_after(tokens: Sequence[str], at: int) -> bool:
    """At the start of a sentence: "Emmanuel Macron said", but neither "In Paris" nor "The UN"."""
    return len(tokens[at]) > 3 and at + 1 < len(tokens) and tokens[at + 1][0].isupper() and len(tokens[at + 1]) > 1


def _has_capital_beside(tokens: Sequence[str], at: int) -> bool:
    sides = [to for to in (at - 1, at + 1) if 0 <= to < len(tokens)]
    starts = {0} | {to + 1 for to in sides if tokens[to] in _SENTENCE_ENDS}
    return any(tokens[to][0].isupper() and to not in starts and is_word(tokens[to]) for to in sides)


def _behind_title(tokens: Sequence[str], at: int) -> bool:
    return at > 0 and tokens[at - 1].lower() in _TITLES


def _stands_by_title(tokens: Sequence[str], at: int) -> bool:
    """Behind a title, one word between at most; or, in runs of single characters, shortly before an honorific."""
    before = tokens[max(0, at - 2) : at]
    if any(word in _TITLES for word in before):
        return True
    if len(tokens[at]) == 1:
        behind = "".join(tokens[at + 1 : at + 6])
        return any(0 <= behind.find(honorific) <= 3 for honorific in _HONORIFICS)
    within, behind = tokens[at][1:], tokens[at + 1] if at + 1 < len(tokens) else ""
    return any(0 <= within.find(h) <= 3 or behind.startswith(h) for h in _HONORIFICS)
