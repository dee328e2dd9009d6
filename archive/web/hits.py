"""Finds the words that were searched for in a paragraph, to mark them for the reader. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from archive.diff.render import Mark, Segment
from archive.queries.search import Term
from archive.store.search import spaced
from archive.web.excerpts import shorten

_LONGEST = 420


def hits(said: str, terms: Sequence[Term], *, mark: Mark = Mark.ADDED) -> tuple[Segment, ...]:
    """The text cut to the words around what was found, which carries `mark`; case and accents do not count.

    >>> from archive.queries.search import parse_words
    >>> [segment.text for segment in hits("A night in Zürich.", parse_words("zurich")) if segment.mark == "added"]
    ['Zürich']
    """
    folded, places = _fold(said)
    wanted = [pattern for term in terms if not term.is_excluded for pattern in (_pattern(term),)]
    found = re.finditer("|".join(wanted), folded) if wanted else ()
    parts: list[Segment] = []
    at = 0
    for match in found:
        start, end = places[match.start()], places[match.end() - 1] + 1
        parts += [Segment(Mark.SAME, said[at:start]), Segment(mark, said[start:end])]
        at = end
    parts.append(Segment(Mark.SAME, said[at:]))
    if len(parts) == 1:
        return (Segment(Mark.SAME, said if len(said) <= _LONGEST else said[:_LONGEST].rstrip() + " …"),)
    return shorten([part for part in parts if part.text], _LONGEST)


def _pattern(term: Term) -> str:
    """Words next to each other, whatever punctuation is between; whole words, except in scripts that do not space."""
    words = [_fold(word)[0] for word in term.words]
    ends = "" if term.is_prefix or spaced(words[-1]) != words[-1] else r"(?![^\W_])"
    starts = "" if spaced(words[0]) != words[0] else r"(?<![^\W_])"
    return starts + r"[\W_]*".join(map(re.escape, words)) + ends


def _fold(said: str) -> tuple[str, list[int]]:
    """The text without case and accents, and for each of its letters the place it came from."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(said):
        for plain in unicodedata.normalize("NFKD", letter.casefold()):
            if not unicodedata.combining(plain):
                letters.append(plain)
                places.append(place)
    return "".join(letters), places
