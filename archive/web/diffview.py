"""Lays a Change out for a page: numbered edits with their kinds, unchanged stretches that can be folded. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from archive.diff import Change, ParagraphEdit, ParagraphOp
from archive.diff.render import Mark, Row, Segment, rows, segments
from archive.model import EditKind

_CONTEXT = 1
"""Unchanged paragraphs shown beside an edit."""
_SHORTEST_FOLD = 2

_Place = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph (or the headline, categories, authors) before and after."""

    row: Row
    inline: tuple[Segment, ...]
    kinds: tuple[EditKind, ...] = ()
    notice: str | None = None
    """correction, update or retraction, where the paragraph is such a note."""
    place: int | None = None
    """The edit's number on the page, from 1; None for what stayed."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines that follow each other."""

    lines: tuple[Line, ...]
    is_folded: bool = False
    """Unchanged, and not next to an edit."""


@dataclass(frozen=True, slots=True)
class DiffView:
    """A Change, laid out."""

    stretches: tuple[Stretch, ...]
    edits: int


def lay_out(change: Change) -> DiffView:
    """The lines of a Change in reading order."""
    kinds = _kinds_by_place(change)
    notices = {(notice.spot.old_index, notice.spot.new_index): notice.kind for notice in change.notices}
    side = rows(change)
    heads = side[: len(side) - len(change.paragraphs)]
    lines = [_head(row, change, kinds) for row in heads]
    for row, edit in zip(side[len(heads) :], change.paragraphs, strict=True):
        place = (edit.old_index, edit.new_index)
        lines.append(Line(row, tuple(_inline(edit)), kinds.get(("body", place), ()), notices.get(place)))
    numbered, count = [], 0
    for line in lines:
        if line.row.op != ParagraphOp.SAME:
            count += 1
            line = Line(line.row, line.inline, line.kinds, line.notice, count)
        numbered.append(line)
    return DiffView(tuple(_stretches(numbered)), count)


def _kinds_by_place(change: Change) -> dict[tuple[str, _Place], tuple[EditKind, ...]]:
    found: dict[tuple[str, _Place], list[EditKind]] = defaultdict(list)
    for item in change.evidence:
        for spot in item.spots:
            here = found[spot.field, (spot.old_index, spot.new_index)]
            if item.kind not in here:
                here.append(item.kind)
    return {place: tuple(kinds) for place, kinds in found.items()}


def _head(row: Row, change: Change, kinds: dict[tuple[str, _Place], tuple[EditKind, ...]]) -> Line:
    if row.op == "title" and change.title is not None:
        inline: Iterable[Segment] = segments(change.title)
    else:
        inline = (*row.old, Segment(Mark.SAME, " "), *row.new)
    return Line(row, tuple(inline), kinds.get((row.op, (None, None)), ()))


def _inline(edit: ParagraphEdit) -> list[Segment]:
    if edit.op is ParagraphOp.ADDED:
        return [Segment(Mark.ADDED, edit.new)]
    if edit.op is ParagraphOp.REMOVED:
        return [Segment(Mark.REMOVED, edit.old)]
    return segments(edit)


def _stretches(lines: list[Line]) -> Iterable[Stretch]:
    edited = [index for index, line in enumerate(lines) if line.place is not None]
    near = {index + step for index in edited for step in range(-_CONTEXT, _CONTEXT + 1)}
    for is_near, some in groupby(enumerate(lines), key=lambda pair: pair[0] in near):
        stretch = tuple(line for _, line in some)
        yield Stretch(stretch, is_folded=not is_near and len(stretch) >= _SHORTEST_FOLD)
