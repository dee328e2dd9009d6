"""What lies between two Versions, as frozen dataclasses: every span is (start, end) in characters.

Spans in a paragraph count in that `ParagraphEdit`'s own `old` or `new` text, spans in the title in the `TextEdit`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from archive.model import EditKind

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class WordEdit:
    """Some words in place of others; either side may be empty (start == end)."""

    old: Span
    new: Span


@dataclass(frozen=True, slots=True)
class TextEdit:
    """A text before and after, and the words that differ. Put in order, the edits turn `old` into `new`."""

    old: str
    new: str
    edits: tuple[WordEdit, ...] = ()


class ParagraphOp(StrEnum):
    """What became of a paragraph."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    MOVED_CHANGED = "moved_changed"


@dataclass(frozen=True, slots=True)
class ParagraphEdit:
    """One paragraph's fate. Indexes count the paragraphs of a body from 0; None where it does not exist."""

    op: ParagraphOp
    old_index: int | None
    new_index: int | None
    old: str = ""
    """The old text, white space folded and what cannot be seen left out; "" where it was added."""
    new: str = ""
    edits: tuple[WordEdit, ...] = ()
    old_count: int = 1
    """How many old paragraphs it stands for: 2 or more where they were merged (a newline between them in `old`)."""
    new_count: int = 1
    """How many new paragraphs: 2 or more where one was split (a newline between them in `new`)."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place where evidence stands."""

    field: str
    """title, body, categories or authors."""
    old_index: int | None = None
    """The paragraph before (body only)."""
    new_index: int | None = None
    old: Span | None = None
    """The characters before; None where nothing stood there or the whole field is meant."""
    new: Span | None = None


@dataclass(frozen=True, slots=True)
class KindEvidence:
    """A kind of edit with the places that show it."""

    kind: EditKind
    spots: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """An editors' note that was added: what it is, where it stands, and what it seems to speak of."""

    kind: str
    """correction, update or retraction."""
    spot: Spot
    text: str
    about: Spot | None = None
    """The sentence or words it corrects, where that can be told."""


@dataclass(frozen=True, slots=True)
class Change:
    """What an editor did between two Contents, as a reader would tell it."""

    title: TextEdit | None
    """None where the title stayed, or where one side does not say."""
    paragraphs: tuple[ParagraphEdit, ...]
    """In reading order: the new body's paragraphs, the removed ones where they stood."""
    categories_added: tuple[str, ...] = ()
    categories_removed: tuple[str, ...] = ()
    authors_added: tuple[str, ...] = ()
    authors_removed: tuple[str, ...] = ()
    evidence: tuple[KindEvidence, ...] = ()
    notices: tuple[Notice, ...] = ()
    stealth: bool = False
    """True where a number, quote, name or the headline changed, or a paragraph went, while the page's own
    `modified_at` stood still and no notice was added. Never where a page states no `modified_at`."""
    words_added: int = 0
    """Of the body; where words cannot be told apart by spaces, characters."""
    words_removed: int = 0
    similarity: float = 1.0
    """Share of the two bodies' words that stayed, from 0 to 1; a moved paragraph stays."""

    @property
    def kinds(self) -> tuple[EditKind, ...]:
        """The kinds of the edit, in the order in which `EditKind` names them."""
        return tuple(item.kind for item in self.evidence)

    @property
    def is_empty(self) -> bool:
        """Nothing differs that a reader could see."""
        fields = (self.categories_added, self.categories_removed, self.authors_added, self.authors_removed)
        return self.title is None and not any(fields) and all(p.op is ParagraphOp.SAME for p in self.paragraphs)
