"""Tells edits in words that any mail, chat or terminal can show. Pure.

What was scraped stays data: control characters are dropped, and marks by which a chat calls people are disarmed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from archive.cli.screen import one_line, safe
from archive.diff import Change, ParagraphEdit, ParagraphOp
from archive.diff.render import Mark, Segment, describe, segments, summary

if TYPE_CHECKING:
    from archive.queries import Edit

_FRAMES = {Mark.SAME: "{}", Mark.REMOVED: "[-{}-]", Mark.ADDED: "{{+{}+}}"}
_AROUND = 60
_LONGEST = 500
_MOST_LINES = 12
_CALLS = re.compile(r"@(?=everyone|here|channel|all|\w)|<(?=[!@#])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Message:
    """What one target is told at once."""

    title: str
    body: str
    search: str = ""
    edits: tuple[Edit, ...] = ()


def compose(search: str, edits: Sequence[Edit], public_url: str | None = None) -> Message:
    """One message about some edits."""
    count = f"{len(edits)} change{'' if len(edits) == 1 else 's'}"
    body = "\n\n".join(in_words(edit, public_url) for edit in edits)
    return Message(f"{one_line(search)}: {count}", body, search, tuple(edits))


def in_words(edit: Edit, public_url: str | None = None) -> str:
    """Who, where, when, and what became what: words as `[-old-]{+new+}`, a new paragraph after "+ "."""
    old, new, change = edit.old, edit.new, edit.change
    lines = [
        f"{one_line(new.site) or 'no site'}: {one_line(new.content.title) or '(no headline)'}",
        one_line(new.url),
        f"version {old.number}, seen until {_when(old.last_seen_at)}"
        f" → version {new.number}, seen from {_when(new.captured_at)} UTC",
        summary(change),
        *diff_lines(change),
    ]
    if public_url:
        lines.append(f"{public_url}/diff/{old.id}/{new.id}")
    return "\n".join(lines)


def diff_lines(change: Change) -> list[str]:
    """The edits, a line each, what stayed cut to the words around them."""
    told = list(_edits(change))
    if len(told) > _MOST_LINES:
        told[_MOST_LINES:] = [f"… and {len(told) - _MOST_LINES} more paragraphs"]
    return [_short(safe(line.replace("\n", " ¶ "))) for line in told]


def disarmed(text: str) -> str:
    """The text with a word joiner in whatever would call people in a chat.

    >>> disarmed("ask @everyone or <!channel>") == "ask @\\u2060everyone or <\\u2060!channel>"
    True
    """
    return _CALLS.sub(lambda found: found[0] + "\u2060", text)


def _edits(change: Change) -> Iterator[str]:
    if change.title:
        yield f"headline: {_marked(segments(change.title))}"
    for field in ("categories", "authors"):
        names = [(Mark.REMOVED, name) for name in getattr(change, f"{field}_removed")]
        names += [(Mark.ADDED, name) for name in getattr(change, f"{field}_added")]
        if names:
            yield f"{field}: " + " ".join(_FRAMES[mark].format(name) for mark, name in names)
    for edit in change.paragraphs:
        if edit.op is not ParagraphOp.SAME:
            yield _paragraph(edit)


def _paragraph(edit: ParagraphEdit) -> str:
    if edit.op is ParagraphOp.ADDED:
        return f"+ {edit.new}"
    if edit.op is ParagraphOp.REMOVED:
        return f"- {edit.old}"
    note = describe(edit)
    return f"~ {f'({note}) ' if note else ''}{_marked(segments(edit))}"


def _marked(parts: Sequence[Segment]) -> str:
    last = len(parts) - 1
    return "".join(
        _FRAMES[mark].format(_near(text, after=place > 0, before=place < last) if mark is Mark.SAME else text)
        for place, (mark, text) in enumerate(parts)
    )


def _near(text: str, *, after: bool, before: bool) -> str:
    """What stayed, as far as it stands next to an edit.

    >>> _near("one two " * 20, after=True, before=False)[-8:]
    'two one…'
    """
    if len(text) <= 2 * _AROUND:
        return text
    head = text[:_AROUND].rsplit(" ", 1)[0] if after else ""
    tail = text[-_AROUND:].split(" ", 1)[-1] if before else ""
    return f"{head}…{tail}" if head or tail else _short(text)


def _short(line: str) -> str:
    return line if len(line) <= _LONGEST else line[:_LONGEST].rsplit(" ", 1)[0] + " …"


def _when(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
