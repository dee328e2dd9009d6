"""Picks the words of an edit that a reader would want to see first. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.diff import Change, ParagraphEdit, ParagraphOp
from archive.diff.render import Mark, Segment, segments
from archive.model import EditKind

#: The kinds that make an edit worth reading, the most telling first.
WORTH_READING = (
    EditKind.CORRECTION,
    EditKind.NUMBER,
    EditKind.QUOTE,
    EditKind.NAME,
    EditKind.REVERTED,
    EditKind.PARAGRAPH_REMOVED,
    EditKind.HEADLINE,
    EditKind.UPDATE_NOTE,
    EditKind.REWRITTEN,
)
_AROUND = 70
_LONGEST = 320


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A paragraph's edit, cut to what matters."""

    segments: tuple[Segment, ...]


def excerpts(change: Change, count: int = 2) -> tuple[Excerpt, ...]:
    """The paragraphs that show the most telling kinds, at most `count` of them."""
    chosen: list[ParagraphEdit] = []
    for paragraph in _telling(change):
        if paragraph not in chosen:
            chosen.append(paragraph)
        if len(chosen) == count:
            break
    return tuple(Excerpt(shorten(_segments(paragraph))) for paragraph in chosen)


def _telling(change: Change) -> Iterator[ParagraphEdit]:
    edited = [edit for edit in change.paragraphs if edit.op not in (ParagraphOp.SAME, ParagraphOp.MOVED)]
    evidence = {item.kind: item.spots for item in change.evidence}
    for kind in WORTH_READING:
        places = {(spot.old_index, spot.new_index) for spot in evidence.get(kind, ()) if spot.field == "body"}
        yield from (edit for edit in edited if (edit.old_index, edit.new_index) in places)
    yield from edited


def _segments(edit: ParagraphEdit) -> list[Segment]:
    if edit.op is ParagraphOp.ADDED:
        return [Segment(Mark.ADDED, edit.new)]
    if edit.op is ParagraphOp.REMOVED:
        return [Segment(Mark.REMOVED, edit.old)]
    return segments(edit)


def shorten(parts: Sequence[Segment], longest: int = _LONGEST) -> tuple[Segment, ...]:
    """The segments with what stayed cut to the words around the edits, and an end.

    >>> shorten([Segment(Mark.SAME, "word " * 40), Segment(Mark.ADDED, "new")])[0].text[:7]
    '… word '
    """
    found: list[Segment] = []
    room = longest
    for index, (mark, said) in enumerate(parts):
        if mark is Mark.SAME:
            said = _cut(said, keep_start=index > 0, keep_end=index < len(parts) - 1)
        if len(said) > room:
            found.append(Segment(mark, said[:room].rstrip() + " …"))
            break
        found.append(Segment(mark, said))
        room -= len(said)
    return tuple(found)


def _cut(said: str, *, keep_start: bool, keep_end: bool) -> str:
    """The beginning and the end of a text that stayed, as far as an edit stands there."""
    if len(said) <= _AROUND * (keep_start + keep_end):
        return said
    start = said[:_AROUND].rsplit(" ", 1)[0] if keep_start else ""
    end = said[-_AROUND:].split(" ", 1)[-1] if keep_end else ""
    return f"{start} … {end}".strip() if start and end else f"{start} …" if start else f"… {end}" if end else ""
