"""What kind of edit a few changed words are: a typo, a number, a name, a quotation, punctuation, or wording.

Judges one edit inside one paragraph; what happened to whole paragraphs is told in `kinds`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from archive.diff.change import Span, WordEdit
from archive.diff.names import is_name, is_particle
from archive.diff.numbers import numbers_in
from archive.diff.quotes import quoted_spans
from archive.diff.spelling import is_spelling_fix, is_swap
from archive.diff.words import Words, is_word
from archive.model import EditKind

#: A replacement of at most so many words is about the number or name in it; a longer one is a new sentence.
_SHORT = 3
_MINUS = re.compile(r"(?<![\w.,%)\]])[-\u2212\u2013](?=\d)")


class Vocabulary:
    """The words of a text: answers `word in vocabulary` without regard to case, and does nothing until asked."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = texts

    @cached_property
    def _text(self) -> str:
        return "\n".join(self._texts).lower()

    def __contains__(self, word: object) -> bool:
        if not isinstance(word, str) or word.lower() not in self._text:
            return False
        return re.search(rf"(?<!\w){re.escape(word.lower())}(?!\w)", self._text) is not None


@dataclass
class Side:
    """One side of a changed paragraph: its words, and where its quotations are."""

    words: Words
    language: str | None = None

    @cached_property
    def quotes(self) -> list[Span]:
        return quoted_spans(self.words.text)

    def range(self, span: Span) -> tuple[int, int]:
        """Which words a span of characters holds."""
        start = bisect_left(self.words.spans, (span[0], 0))
        return start, bisect_left(self.words.spans, (span[1], 0), lo=start)

    def is_quoted(self, span: Span) -> bool:
        return any(start < span[1] and span[0] < end for start, end in self.quotes)


@dataclass
class Region:
    """The words of one side that an edit concerns."""

    side: Side
    span: Span

    def __post_init__(self) -> None:
        self.tokens = range(*self.side.range(self.span))
        keys = self.side.words.keys
        self.places = [at for at in self.tokens if is_word(keys[at])]
        self.words = [keys[at] for at in self.places]
        self.numbers = numbers_in(self.words, self.side.language)

    @property
    def names(self) -> list[str]:
        keys = self.side.words.keys
        return [keys[at] for at in self.places if is_name(keys, at, self.side.language)]

    @property
    def is_quoted(self) -> bool:
        return self.side.is_quoted(self.span)


@dataclass
class Judge:
    """Judges the edits of one paragraph."""

    old: Side
    new: Side
    old_text: Vocabulary
    """The whole old body."""
    new_text: Vocabulary

    def kinds(self, edit: WordEdit) -> set[EditKind]:
        """The kinds of one edit; never empty."""
        old, new = Region(self.old, edit.old), Region(self.new, edit.new)
        if _is_punctuation(old, new):
            return {EditKind.PUNCTUATION}
        if _is_number_spelt_out(old, new):
            return {EditKind.WORDING}
        if _is_said_twice(old, new):
            return {EditKind.TYPO}
        if slip := self._slip(old, new):
            return {slip}
        return _facts(old, new) or {EditKind.WORDING}

    def _slip(self, old: Region, new: Region) -> EditKind | None:
        """TYPO (or NAME, for a name spelt otherwise) where each word is a near miss of its partner."""
        if not old.words or len(old.words) != len(new.words):
            return None
        if all(len(word) == 1 for word in old.words + new.words):
            return EditKind.TYPO if is_swap("".join(old.words), "".join(new.words)) else None
        pairs = [(a, b, at) for a, b, at in zip(old.words, new.words, new.places, strict=True) if a != b]
        if len(old.words) > _SHORT or not all(is_spelling_fix(a, b, self.new_text) for a, b, _ in pairs):
            return None
        return EditKind.NAME if any(self._is_respelt_name(*pair) for pair in pairs) else EditKind.TYPO

    def _is_respelt_name(self, old: str, new: str, at: int) -> bool:
        """A name spelt otherwise is a slip only where letters changed places or the text had it right elsewhere."""
        if old.lower() == new.lower() or is_swap(old.lower(), new.lower()):
            return False
        if not is_name(self.new.words.keys, at, self.new.language) or not (old[0].isupper() and new[0].isupper()):
            return False
        return new.lower() not in self.old_text


def _is_punctuation(old: Region, new: Region) -> bool:
    """Letters and numbers stay. A capital is part of it where a mark beside it changed (". Some" -> ", some")."""
    if Counter(old.numbers) != Counter(new.numbers):
        return False
    if _has_minus(old.side, old.span) != _has_minus(new.side, new.span):
        return False
    before, after = _letters(old.words), _letters(new.words)
    if before == after:
        return True
    if old.numbers and len(old.numbers) == len(old.words) == len(new.words):
        return not _is_number_spelt_out(old, new)
    has_marks = len(old.tokens) > len(old.words) or len(new.tokens) > len(new.words)
    return has_marks and before.lower() == after.lower()


def _has_minus(side: Side, span: Span) -> bool:
    """Whether a lone sign before digits stands at an edit: -5 is another number than 5."""
    text = side.words.text
    return _MINUS.search(text, max(0, span[0] - 1), min(len(text), span[1] + 1)) is not None


def _is_said_twice(old: Region, new: Region) -> bool:
    """ "the the": one of two equal words beside each other came or went."""
    fuller, emptier = (old, new) if old.words else (new, old)
    if emptier.words or len(fuller.words) != 1 or not fuller.words[0].isalpha():
        return False
    keys, at = fuller.side.words.keys, fuller.places[0]
    return any(0 <= to < len(keys) and keys[to].lower() == keys[at].lower() for to in (at - 1, at + 1))


def _is_number_spelt_out(old: Region, new: Region) -> bool:
    """12 became "twelve"."""
    if not old.numbers or not len(old.numbers) == len(old.words) == len(new.words) or old.numbers != new.numbers:
        return False
    return old.words[0][0].isdigit() != new.words[0][0].isdigit()


def _facts(old: Region, new: Region) -> set[EditKind]:
    """Which of number, name and quote an edit is about."""
    kinds = set()
    in_digits = _differ_in_digits(old.words, new.words)
    if _has_minus(old.side, old.span) != _has_minus(new.side, new.span):
        kinds.add(EditKind.NUMBER)
    differ = Counter(old.numbers) != Counter(new.numbers)
    if in_digits or (differ and _is_about(old.numbers, new.numbers, old.words, new.words)):
        kinds.add(EditKind.NUMBER)
    old_names, new_names = old.names, new.names
    lost, gained = _without(old_names, new_names), _without(new_names, old_names)
    is_about = _is_about_names(lost, gained) and _is_about(lost, gained, _plain(old.words), _plain(new.words))
    if is_about and not in_digits:
        kinds.add(EditKind.NAME)
    if old.is_quoted or new.is_quoted:
        kinds.add(EditKind.QUOTE)
    return kinds


def _letters(words: Sequence[str]) -> str:
    return "".join(c for word in words for c in word if c.isalnum() or c > "\u02ff")


def _differ_in_digits(old: Sequence[str], new: Sequence[str]) -> bool:
    """ "A320" and "A321": a number inside a word."""
    if len(old) != 1 or len(new) != 1 or old[0].isalpha() or new[0].isalpha():
        return False
    bare = [re.sub(r"\d+", "#", word) for word in (old[0], new[0])]
    return bare[0] == bare[1]


def _is_about(lost: Sequence[str], gained: Sequence[str], old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether an edit is about these numbers (or names): replaced by others, or they are nearly all of it."""
    if lost and gained:
        return True
    if old and new:
        return len(old) <= _SHORT and len(new) <= _SHORT
    return len(lost) + len(gained) >= len(old) + len(new)


def _without(one: Sequence[str], other: Sequence[str]) -> list[str]:
    gone = {name.lower() for name in other}
    return [name for name in one if name.lower() not in gone]


def _is_about_names(lost: Sequence[str], gained: Sequence[str]) -> bool:
    """Without capitals only a replacement is evidence enough: titles stand beside other words too."""
    has_capitals = any(c.isupper() for word in (*lost, *gained) for c in word)
    return bool(lost or gained) if has_capitals else bool(lost and gained)


def _plain(words: Sequence[str]) -> list[str]:
    return [word for word in words if not is_particle(word)]
