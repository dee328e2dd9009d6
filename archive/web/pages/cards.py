"""An edit as lists show it: the headline, the kinds, the words that tell most."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from archive.diff.render import Segment, segments
from archive.queries import Edit
from archive.web.answers import compare
from archive.web.excerpts import Excerpt, excerpts, shorten


@dataclass(frozen=True, slots=True)
class Card:
    """One edit in a list."""

    edit: Edit
    title: tuple[Segment, ...]
    """The headline, with its edit; empty where neither version has one."""
    excerpts: tuple[Excerpt, ...]
    words_added: int | None
    words_removed: int | None

    @property
    def day(self) -> str:
        """The day it was seen, newest last when sorted backwards."""
        return self.edit.new.captured_at.date().isoformat()


def cards(edits: Iterable[Edit], excerpt_count: int = 2) -> list[Card]:
    """Each edit, compared and cut short."""
    return [_card(edit, excerpt_count) for edit in edits]


def _card(edit: Edit, excerpt_count: int) -> Card:
    change = compare(edit.old.content, edit.new.content)
    if change is None:
        return Card(edit, (), (), None, None)
    title = shorten(segments(change.title), 400) if change.title else ()
    shown = excerpts(change, excerpt_count)
    return Card(edit, title, shown, change.words_added, change.words_removed)
