"""A Change as text, JSON and HTML. (For the terminal see `terminal`.)

Decides nothing: what is shown as moved, added or removed is what the Change says.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from enum import StrEnum
from html import escape
from typing import Any, NamedTuple

from archive.diff.change import Change, ParagraphEdit, ParagraphOp, TextEdit


class Mark(StrEnum):
    """What a stretch of text is: in both versions, in the old one only, in the new one only."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class Segment(NamedTuple):
    """A stretch of a text with its mark."""

    mark: Mark
    text: str


class Row(NamedTuple):
    """One line of a side-by-side view: the old paragraph and the new one, either may be empty."""

    op: str
    """title, categories, authors, or a ParagraphOp."""
    note: str
    """What to say about the paragraph ("moved up from 7"); mostly empty."""
    old: tuple[Segment, ...]
    new: tuple[Segment, ...]


def segments(edit: TextEdit | ParagraphEdit) -> list[Segment]:
    """A text with its edits, in reading order: what went stands before what came.

    >>> from archive.diff import WordEdit
    >>> segments(TextEdit("12 left", "14 left", (WordEdit((0, 2), (0, 2)),)))[:2]
    [Segment(mark=<Mark.REMOVED: 'removed'>, text='12'), Segment(mark=<Mark.ADDED: 'added'>, text='14')]
    """
    found: list[Segment] = []
    at = 0
    for words in edit.edits:
        found.append(Segment(Mark.SAME, edit.new[at : words.new[0]]))
        found.append(Segment(Mark.REMOVED, edit.old[slice(*words.old)]))
        found.append(Segment(Mark.ADDED, edit.new[slice(*words.new)]))
        at = words.new[1]
    found.append(Segment(Mark.SAME, edit.new[at:]))
    return [segment for segment in found if segment.text]


def rows(change: Change) -> list[Row]:
    """The Change side by side, for a table of two columns."""
    found = []
    if change.title:
        found.append(Row("title", "headline", _old_side(change.title), _new_side(change.title)))
    for field, added, removed in _sets(change):
        found.append(Row(field, field, _names(Mark.REMOVED, removed), _names(Mark.ADDED, added)))
    found += [Row(str(edit.op), describe(edit), _old_side(edit), _new_side(edit)) for edit in change.paragraphs]
    return found


def describe(edit: ParagraphEdit) -> str:
    """What became of a paragraph, where its text alone does not show it; "" where it does.

    >>> describe(ParagraphEdit(ParagraphOp.MOVED, 6, 1, "a", "a"))
    'moved up from paragraph 7'
    """
    words = []
    if edit.op in (ParagraphOp.MOVED, ParagraphOp.MOVED_CHANGED) and edit.old_index is not None:
        way = "up" if (edit.new_index or 0) < edit.old_index else "down"
        words.append(f"moved {way} from paragraph {edit.old_index + 1}")
    if edit.new_count > 1:
        words.append(f"split into {edit.new_count} paragraphs")
    if edit.old_count > 1:
        words.append(f"{edit.old_count} paragraphs merged")
    return ", ".join(words)


def summary(change: Change) -> str:
    """One line for people: kinds, how many words came and went, and whether the page kept silent about it.

    >>> summary(Change(None, (), words_added=3, words_removed=1))
    'no kind named; 3 words added, 1 removed'
    """
    kinds = ", ".join(str(kind).replace("_", " ") for kind in change.kinds) or "no kind named"
    line = f"{kinds}; {change.words_added} word{'s' * (change.words_added != 1)} added, {change.words_removed} removed"
    return line + ("; stealth: the page's own date of modification stood still" if change.stealth else "")


def to_unified(change: Change) -> str:
    """The Change as plain text, word edits as `[-old-]{+new+}` (the marks of `git diff --word-diff`)."""
    return "\n".join(_unified_lines(change))


def _unified_lines(change: Change) -> Iterator[str]:
    yield f"# {summary(change)}"
    if change.title:
        yield f"~ headline: {_marked(change.title)}"
    for field, added, removed in _sets(change):
        yield f"~ {field}: " + " ".join([f"[-{name}-]" for name in removed] + [f"{{+{name}+}}" for name in added])
    unchanged = 0
    for edit in change.paragraphs:
        if edit.op is ParagraphOp.SAME:
            unchanged += 1
            continue
        if unchanged:
            yield _unchanged(unchanged)
            unchanged = 0
        yield _unified(edit)
    if unchanged:
        yield _unchanged(unchanged)
    for notice in change.notices:
        yield f"# a {notice.kind} note was added: {notice.text}"


def _unified(edit: ParagraphEdit) -> str:
    if edit.op is ParagraphOp.ADDED:
        return f"+ {edit.new}"
    if edit.op is ParagraphOp.REMOVED:
        return f"- {edit.old}"
    note = describe(edit)
    return f"~ {f'({note}) ' if note else ''}{_marked(edit)}"


def _marked(edit: TextEdit | ParagraphEdit) -> str:
    frames = {Mark.SAME: "{}", Mark.REMOVED: "[-{}-]", Mark.ADDED: "{{+{}+}}"}
    return "".join(frames[mark].format(text) for mark, text in segments(edit)).replace("\n", " ¶ ")


def _unchanged(count: int) -> str:
    return f"  … {count} paragraph{'s' if count > 1 else ''} unchanged"


def to_json(change: Change) -> dict[str, Any]:
    """The Change as plain data for `json.dumps`: the fields of its dataclasses, kinds in front."""
    plain: dict[str, Any] = dataclasses.asdict(change)
    return {"kinds": [str(kind) for kind in change.kinds], **plain}


def to_html(change: Change) -> str:
    """The Change as a piece of HTML: semantic elements and classes, no style of its own, everything escaped."""
    parts = [f'<article class="change{" stealth" if change.stealth else ""}">']
    parts.append(f'<p class="summary">{escape(summary(change))}</p>')
    if change.title:
        parts.append(f"<h2>{_html(change.title)}</h2>")
    for field, added, removed in _sets(change):
        names = [f"<del>{escape(name)}</del>" for name in removed] + [f"<ins>{escape(name)}</ins>" for name in added]
        parts.append(f'<p class="{field}">{" ".join(names)}</p>')
    noted = {notice.spot.new_index: notice.kind for notice in change.notices}
    parts += [_html_paragraph(edit, noted.get(edit.new_index)) for edit in change.paragraphs]
    return "\n".join([*parts, "</article>"])


def _html_paragraph(edit: ParagraphEdit, notice: str | None) -> str:
    classes = f"{edit.op} notice {notice}" if notice and edit.new_index is not None else str(edit.op)
    note = describe(edit)
    label = f'<small class="note">{escape(note)}</small> ' if note else ""
    return f'<p class="{classes}">{label}{_html(edit)}</p>'


def _html(edit: TextEdit | ParagraphEdit) -> str:
    if isinstance(edit, ParagraphEdit) and edit.op is ParagraphOp.ADDED:
        return f"<ins>{_html_text(edit.new)}</ins>"
    if isinstance(edit, ParagraphEdit) and edit.op is ParagraphOp.REMOVED:
        return f"<del>{_html_text(edit.old)}</del>"
    frames = {Mark.SAME: "{}", Mark.REMOVED: "<del>{}</del>", Mark.ADDED: "<ins>{}</ins>"}
    return "".join(frames[mark].format(_html_text(text)) for mark, text in segments(edit))


def _html_text(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _old_side(edit: TextEdit | ParagraphEdit) -> tuple[Segment, ...]:
    if isinstance(edit, ParagraphEdit) and edit.op is ParagraphOp.REMOVED:
        return (Segment(Mark.REMOVED, edit.old),)
    return _side(edit.old, [words.old for words in edit.edits], Mark.REMOVED)


def _new_side(edit: TextEdit | ParagraphEdit) -> tuple[Segment, ...]:
    if isinstance(edit, ParagraphEdit) and edit.op is ParagraphOp.ADDED:
        return (Segment(Mark.ADDED, edit.new),)
    return _side(edit.new, [words.new for words in edit.edits], Mark.ADDED)


def _side(text: str, spans: Sequence[tuple[int, int]], mark: Mark) -> tuple[Segment, ...]:
    found, at = [], 0
    for start, end in spans:
        found += [Segment(Mark.SAME, text[at:start]), Segment(mark, text[start:end])]
        at = end
    found.append(Segment(Mark.SAME, text[at:]))
    return tuple(segment for segment in found if segment.text)


def _sets(change: Change) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """(field, added, removed) of the sets that changed."""
    for field in ("categories", "authors"):
        added, removed = getattr(change, f"{field}_added"), getattr(change, f"{field}_removed")
        if added or removed:
            yield field, added, removed


def _names(mark: Mark, names: Sequence[str]) -> tuple[Segment, ...]:
    return (Segment(mark, ", ".join(names)),) if names else ()
