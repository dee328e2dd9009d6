"""Editors' notes: is a paragraph (or sentence) one, of which kind, and what does it speak of?

The words of each language stand in `data/notices.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise
from typing import NamedTuple

from archive.diff.words import is_word, split_words
from archive.identity import canonical_text

#: How far from its start a note may say that it is one; what stands later speaks of something else.
_REACH = 400
_SENTENCE = re.compile(r"[^.!?。！？؟।]+(?:[.!?。！？؟।]+[\"'”’»」)]*|$)")
#: "Correction:", "Correction, 2 March", "Update (14:05)", "Korrektur vom 2. März", "Mise à jour à 18 h :"
_AFTER_LABEL = (
    r"(?:\s*[:：\-.,،、)\]|(\[]|\s+\d|\s*$|\s+(?:on|vom|du|del|van|от|at|le|el)\s|\s[^.:;!?]{0,30}\d[^.:;!?]{0,12}:)"
)
_KINDS = ("retraction", "correction", "update")


def notice_kind(text: str, language: str | None = None) -> str | None:
    """correction, update or retraction where a paragraph is an editors' note; None where it is not.

    Tried in the language given and in English; in all where none is given.

    >>> notice_kind("Correction, 2 March: An earlier version of this article misstated the toll.")
    'correction'
    >>> notice_kind("Update: this story now has the minister's answer.")
    'update'
    >>> notice_kind("Correction officers found a weapon.") is None
    True
    """
    return _kind_of(_head(text), language)


def is_retraction(text: str, language: str | None = None) -> bool:
    """The same for retractions alone, in a part of the time.

    >>> is_retraction("This article has been retracted by its editors.", "en")
    True
    """
    return _patterns(language)[0][1].search(_head(text)) is not None


@lru_cache(maxsize=8192)
def _kind_of(head: str, language: str | None) -> str | None:
    """Remembered: versions and copies share most of their paragraphs."""
    return next((kind for kind, pattern in _patterns(language) if pattern.search(head)), None)


def _head(text: str) -> str:
    return canonical_text(text[: 2 * _REACH])[:_REACH].casefold().lstrip(" *_[(-•>#|")


class Sentence(NamedTuple):
    """A sentence and where it stands in its paragraph."""

    text: str
    start: int
    end: int


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a paragraph, cut at their end marks (a cheap cut: "Mr." ends one too).

    >>> [s.text for s in sentences("He left. She stayed!")]
    ['He left.', 'She stayed!']
    """
    for match in _SENTENCE.finditer(text):
        stripped = match.group().strip()
        if stripped:
            start = match.start() + len(match.group()) - len(match.group().lstrip())
            yield Sentence(stripped, start, start + len(stripped))


def most_related(note: str, candidates: Sequence[str]) -> int | None:
    """Which of the candidates a note speaks of: the one that shares its rarest words; None where none stands out.

    >>> most_related("The toll given by Mayor Diaz was wrong.", ["It rained.", "Diaz gave a toll of 24.", "The end."])
    1
    """
    bags = [_content_words(candidate) for candidate in candidates]
    spread = Counter(word for bag in bags for word in bag)
    note_words = _content_words(note)
    scores = [sum(1 / spread[word] for word in bag & note_words) for bag in bags]
    best = max(scores, default=0.0)
    return scores.index(best) if best >= 1 and scores.count(best) == 1 else None


def _content_words(text: str) -> set[str]:
    """Numbers, and words of four letters or more; pairs of characters where words cannot be told apart."""
    keys = [key.lower() for key in split_words(text).keys if is_word(key)]
    wide = {a + b for a, b in pairwise(keys) if a > "\u0e00" and b > "\u0e00" and len(a) == 1}
    return wide | {key for key in keys if len(key) > 3 or key[0].isdecimal()}


@cache
def _patterns(language: str | None) -> list[tuple[str, re.Pattern[str]]]:
    data = tomllib.loads(resources.files("archive").joinpath("data/notices.toml").read_text("utf-8"))
    tables = [data[language], data["en"]] if language in data else list(data.values())
    found = []
    for kind in _KINDS:
        labels = list(_lists(tables, f"{kind}_label"))
        phrases = list(_lists(tables, f"{kind}_phrase"))
        parts = [rf"(?:{phrase})" for phrase in phrases]
        if labels:
            parts.append(rf"\A(?:{'|'.join(labels)}){_AFTER_LABEL}")
        found.append((kind, re.compile("|".join(parts))))
    return found


def _lists(tables: Iterable[dict[str, list[str]]], name: str) -> Iterator[str]:
    for table in tables:
        yield from table.get(name, ())
