"""What changed between two Contents: aligned paragraphs, word edits, sets, kinds.

Pure. Compares what `identity` compares, so that equal content has an empty Change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from archive.diff.align import Pair, align
from archive.diff.change import Change, ParagraphEdit, ParagraphOp, Spot, TextEdit
from archive.diff.kinds import FACTS, Kinds, headline_spots, is_rewritten, to_evidence
from archive.diff.words import Words, count_words, edit_words, is_word, split_words
from archive.identity import canonical_text, digests, fold, readable_paragraphs, same_content
from archive.model import Content, EditKind

#: Rises when the same two Contents would get another Change; stored with the kinds, so that they can be redone.
DIFFER_VERSION = 2


def diff(old: Content, new: Content, *, earlier: Sequence[Content] = ()) -> Change:
    """The Change from one Content to the next.

    `earlier`: the contents of the versions before `old`; where one of them equals `new`, the edit is a revert.
    A field that either side does not state (None) counts as unchanged.

    >>> change = diff(Content(title="T", body="12 people left."), Content(title="T", body="14 people left."))
    >>> [str(kind) for kind in change.kinds]
    ['number']
    """
    title = _diff_title(old.title, new.title)
    edits, lengths = _diff_bodies(old.body, new.body)
    collector = Kinds(edits, new.language or old.language)
    found = collector.collect(rewritten=is_rewritten(lengths.old, lengths.new, lengths.kept))
    found[EditKind.HEADLINE] = headline_spots(title)
    categories = _diff_sets(old.categories, new.categories)
    authors = _diff_sets(old.authors, new.authors)
    found[EditKind.CATEGORY] = [Spot("categories")] if any(categories) else []
    found[EditKind.AUTHOR] = [Spot("authors")] if any(authors) else []
    found[EditKind.REVERTED] = [Spot("body")] if _is_revert(old, new, earlier) else []
    evidence = to_evidence(found)
    notices = collector.link_notices()
    return Change(
        title=title,
        paragraphs=tuple(edits),
        categories_added=categories[0],
        categories_removed=categories[1],
        authors_added=authors[0],
        authors_removed=authors[1],
        evidence=evidence,
        notices=notices,
        stealth=_stood_still(old, new) and not notices and any(item.kind in FACTS for item in evidence),
        words_added=lengths.added,
        words_removed=lengths.removed,
        similarity=lengths.similarity,
    )


def _diff_title(old: str | None, new: str | None) -> TextEdit | None:
    before, after = (" ".join(readable) for readable in (readable_paragraphs(old), readable_paragraphs(new)))
    if not before or not after or canonical_text(before) == canonical_text(after):
        return None
    return TextEdit(before, after, edit_words(split_words(before), split_words(after)))


def _diff_sets(old: Sequence[str] | None, new: Sequence[str] | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(added, removed) names, each as its own side writes it."""
    if old is None or new is None:
        return (), ()
    before, after = ({fold(name): name for name in side if fold(name)} for side in (old, new))
    added = tuple(name for key, name in after.items() if key not in before)
    return added, tuple(name for key, name in before.items() if key not in after)


@dataclass(slots=True)
class _Lengths:
    """Two bodies in words, and how many of them came and went."""

    old: int
    new: int
    added: int = 0
    removed: int = 0

    @property
    def kept(self) -> int:
        return max(0, min(self.old - self.removed, self.new - self.added))

    @property
    def similarity(self) -> float:
        return 2 * self.kept / (self.old + self.new) if self.old + self.new else 1.0


def _diff_bodies(old: str | None, new: str | None) -> tuple[list[ParagraphEdit], _Lengths]:
    """The paragraphs' edits; none where a body that one side does not state is compared."""
    if old is None or new is None:
        old = new = old or new
    before, after = readable_paragraphs(old), readable_paragraphs(new)
    lengths = _Lengths(sum(map(count_words, before)), sum(map(count_words, after)))
    pairs = _in_reading_order(align(before, after), len(before), len(after))
    return [_edit_paragraph(pair, before, after, lengths) for pair in pairs], lengths


def _in_reading_order(pairs: list[Pair], old_count: int, new_count: int) -> list[Pair]:
    """Pairs, added and removed paragraphs (pairs with an empty side) in the order of the new body.

    What was removed stands where it stood: behind what stayed before it, before what was added in its place.
    """
    if len(pairs) == old_count == new_count:
        return sorted(pairs, key=lambda pair: pair.new)
    in_old = set(chain.from_iterable(range(pair.old, pair.old_end) for pair in pairs))
    in_new = set(chain.from_iterable(range(pair.new, pair.new_end) for pair in pairs))
    removed = [Pair(at, at + 1, 0, 0, equal=False) for at in range(old_count) if at not in in_old]
    added = [Pair(0, 0, at, at + 1, equal=False) for at in range(new_count) if at not in in_new]
    ordered: list[Pair] = []
    for unit in sorted([*pairs, *added], key=lambda pair: pair.new, reverse=True):
        if unit.old < unit.old_end and not unit.moved:
            while removed and removed[-1].old > unit.old:
                ordered.append(removed.pop())
        ordered.append(unit)
    ordered += reversed(removed)
    return ordered[::-1]


def _edit_paragraph(pair: Pair, before: Sequence[str], after: Sequence[str], lengths: _Lengths) -> ParagraphEdit:
    """One paragraph's edit; what it adds and removes is counted into `lengths`."""
    if pair.equal:
        op = ParagraphOp.MOVED if pair.moved else ParagraphOp.SAME
        return ParagraphEdit(op, pair.old, pair.new, before[pair.old], after[pair.new])
    old, new = "\n".join(before[pair.old : pair.old_end]), "\n".join(after[pair.new : pair.new_end])
    if pair.old == pair.old_end:
        lengths.added += count_words(new)
        return ParagraphEdit(ParagraphOp.ADDED, None, pair.new, new=new)
    if pair.new == pair.new_end:
        lengths.removed += count_words(old)
        return ParagraphEdit(ParagraphOp.REMOVED, pair.old, None, old=old)
    old_words, new_words = split_words(old), split_words(new)
    edits = edit_words(old_words, new_words)
    lengths.removed += _words_within(old_words, [edit.old for edit in edits])
    lengths.added += _words_within(new_words, [edit.new for edit in edits])
    op = ParagraphOp.MOVED_CHANGED if pair.moved else ParagraphOp.CHANGED
    counts = (pair.old_end - pair.old, pair.new_end - pair.new)
    return ParagraphEdit(op, pair.old, pair.new, old, new, edits, *counts)


def _words_within(words: Words, spans: Sequence[tuple[int, int]]) -> int:
    """How many words begin inside the spans (both in order)."""
    count = at = 0
    for start, end in spans:
        while at < len(words.spans) and words.spans[at][0] < start:
            at += 1
        while at < len(words.spans) and words.spans[at][0] < end:
            count += is_word(words.keys[at])
            at += 1
    return count


def _is_revert(old: Content, new: Content, earlier: Sequence[Content]) -> bool:
    if not earlier:
        return False
    target = digests(new)
    return not same_content(digests(old), target) and any(same_content(digests(one), target) for one in earlier)


def _stood_still(old: Content, new: Content) -> bool:
    """Whether the page says itself when it was modified, and says the same as before."""
    return old.modified_at is not None and old.modified_at == new.modified_at
