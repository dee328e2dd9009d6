"""The kinds of a Change, each with the places that show it, and the editors' notes that came with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from archive.diff.change import KindEvidence, Notice, ParagraphEdit, ParagraphOp, Spot, TextEdit, WordEdit
from archive.diff.judge import Judge, Side, Vocabulary
from archive.diff.notices import most_related, notice_kind, sentences
from archive.diff.words import count_words, split_words
from archive.model import EditKind

#: A body of which less than this share of the shorter side stayed was rewritten.
REWRITTEN_BELOW = 0.35
#: Bodies shorter than this (in words, on both sides) are too short to speak of a rewriting.
_REWRITTEN_FROM = 25
#: What an editor may not change unseen. (A body that was rewritten lost paragraphs.)
FACTS = frozenset(
    {EditKind.NUMBER, EditKind.QUOTE, EditKind.NAME, EditKind.PARAGRAPH_REMOVED, EditKind.HEADLINE, EditKind.REWRITTEN}
)
_NOTICE_KINDS = {
    "correction": EditKind.CORRECTION,
    "update": EditKind.UPDATE_NOTE,
    "retraction": EditKind.UPDATE_NOTE,
}
_OPS = {
    ParagraphOp.ADDED: EditKind.PARAGRAPH_ADDED,
    ParagraphOp.REMOVED: EditKind.PARAGRAPH_REMOVED,
    ParagraphOp.MOVED: EditKind.PARAGRAPH_MOVED,
    ParagraphOp.MOVED_CHANGED: EditKind.PARAGRAPH_MOVED,
}
#: A note put into a paragraph has at least so many words; "Update" alone may be a heading of its own paragraph.
_NOTE_WORDS = 4
#: Nobody writes more notes at once; what holds more is no article, and linking each would take long.
_LINKED = 20


class Kinds:
    """Collects the kinds of a body's edits."""

    def __init__(self, edits: Sequence[ParagraphEdit], language: str | None = None) -> None:
        self.edits = edits
        self.language = language
        self.notices: list[Notice] = []
        self._found: dict[EditKind, list[Spot]] = defaultdict(list)
        self._old_text = Vocabulary(edit.old for edit in edits)
        self._new_text = Vocabulary(edit.new for edit in edits)

    def collect(self, *, rewritten: bool) -> dict[EditKind, list[Spot]]:
        """The kinds found; where the body was rewritten, that alone and the notes (what else could be told?)."""
        in_note = False
        for edit in self.edits:
            in_note = edit.op is ParagraphOp.ADDED and self._read_note(edit, in_note)
            if rewritten or in_note or edit.op is ParagraphOp.SAME:
                continue
            if edit.op in _OPS:
                self._found[_OPS[edit.op]].append(_whole(edit))
            if edit.op in (ParagraphOp.CHANGED, ParagraphOp.MOVED_CHANGED):
                self._read_words(edit)
        if rewritten:
            self._found[EditKind.REWRITTEN].append(Spot("body"))
        return self._found

    def link_notices(self) -> tuple[Notice, ...]:
        """The notes, each with what it seems to speak of: words that this Change touched, else a sentence."""
        linked = [replace(note, about=self._touched(note) or self._sentence(note)) for note in self.notices[:_LINKED]]
        return (*linked, *self.notices[_LINKED:])

    def _read_note(self, edit: ParagraphEdit, follows_heading: bool) -> bool:
        """Whether an added paragraph is an editors' note, or what stands under the note's heading."""
        kind = notice_kind(edit.new, self.language)
        if kind is None:
            return (
                follows_heading and self.notices[-1].spot.new_index == (edit.new_index or 0) - 1 and self._is_heading()
            )
        self._add_note(kind, edit, (0, len(edit.new)))
        return True

    def _is_heading(self) -> bool:
        return count_words(self.notices[-1].text) < _NOTE_WORDS

    def _add_note(self, kind: str, edit: ParagraphEdit, span: tuple[int, int]) -> None:
        spot = Spot("body", edit.old_index, edit.new_index, None, span)
        self.notices.append(Notice(kind, spot, edit.new[slice(*span)].strip()))
        self._found[_NOTICE_KINDS[kind]].append(spot)

    def _read_words(self, edit: ParagraphEdit) -> None:
        old, new = Side(split_words(edit.old), self.language), Side(split_words(edit.new), self.language)
        judge = Judge(old, new, self._old_text, self._new_text)
        for words in edit.edits:
            if kind := self._note_within(edit, words):
                self._add_note(kind, edit, words.new)
                continue
            spot = Spot("body", edit.old_index, edit.new_index, words.old, words.new)
            for found in judge.kinds(words):
                self._found[found].append(spot)
        if not edit.edits:  # split or merged, and nothing else: a break is punctuation
            self._found[EditKind.PUNCTUATION].append(_whole(edit))

    def _note_within(self, edit: ParagraphEdit, words: WordEdit) -> str | None:
        """The kind of the editors' note that was put into a paragraph that stayed."""
        text = edit.new[slice(*words.new)]
        is_start = not edit.new[: words.new[0]].strip()
        return notice_kind(text, self.language) if count_words(text) >= (1 if is_start else _NOTE_WORDS) else None

    def _touched(self, note: Notice) -> Spot | None:
        """An edit of this Change whose sentence, before or after, shares the note's rare words."""
        spots = [
            s for kind in (EditKind.NUMBER, EditKind.NAME, EditKind.QUOTE, EditKind.WORDING) for s in self._found[kind]
        ]
        if len(spots) == 1:
            return spots[0]
        texts = [self._around(spot) for spot in spots]
        best = most_related(note.text, texts)
        return None if best is None else spots[best]

    @cached_property
    def _by_place(self) -> dict[tuple[int | None, int | None], ParagraphEdit]:
        return {(edit.old_index, edit.new_index): edit for edit in self.edits}

    def _around(self, spot: Spot) -> str:
        edit = self._by_place[spot.old_index, spot.new_index]
        old = next((s.text for s in sentences(edit.old) if spot.old and s.end >= spot.old[0]), "")
        new = next((s.text for s in sentences(edit.new) if spot.new and s.end >= spot.new[0]), "")
        return f"{old} {new}"

    def _sentence(self, note: Notice) -> Spot | None:
        """The sentence of the article (not of the note) that the note's rare words point at."""
        found = [
            (sentence, edit)
            for edit in self.edits
            if edit.new and edit.new_index != note.spot.new_index
            for sentence in sentences(edit.new)
        ]
        best = most_related(note.text, [sentence.text for sentence, _ in found])
        if best is None:
            return None
        sentence, edit = found[best]
        return Spot("body", edit.old_index, edit.new_index, None, (sentence.start, sentence.end))


def is_rewritten(old_words: int, new_words: int, kept: int) -> bool:
    """Whether a body was mostly replaced: a body that only grew, or was only cut, was not.

    >>> is_rewritten(300, 320, 40), is_rewritten(300, 30, 30), is_rewritten(20, 800, 18)
    (True, False, False)
    """
    shorter, longer = sorted((old_words, new_words))
    return longer >= _REWRITTEN_FROM and shorter > 0 and kept / shorter < REWRITTEN_BELOW


def headline_spots(title: TextEdit | None) -> list[Spot]:
    """Where a headline changed."""
    return [Spot("title", old=edit.old, new=edit.new) for edit in title.edits] if title else []


def to_evidence(found: dict[EditKind, list[Spot]]) -> tuple[KindEvidence, ...]:
    """The kinds in the order of `EditKind`."""
    return tuple(KindEvidence(kind, tuple(found[kind])) for kind in EditKind if found.get(kind))


def _whole(edit: ParagraphEdit) -> Spot:
    old = (0, len(edit.old)) if edit.old_index is not None else None
    new = (0, len(edit.new)) if edit.new_index is not None else None
    return Spot("body", edit.old_index, edit.new_index, old, new)
