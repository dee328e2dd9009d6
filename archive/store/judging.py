"""What an edit is, as it is stored with a version: kinds, stealth, and which differ said so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from archive.diff import VERSION, diff
from archive.model import Content, EditKind

_KINDS = tuple(EditKind)


def judge(old: Content | None, new: Content, reverts_to: int | None) -> dict[str, Any]:
    """The columns of a version that tell of the edit which made it, and its headline. `old` is None for the first
    version."""
    said: dict[str, Any] = {"title": new.title, "reverts_to": reverts_to}
    if old is None:
        return said | {"edit_kinds": 0, "stealth": False, "differ": None, "words_added": None, "words_removed": None}
    change = diff(old, new)
    kinds = set(change.kinds) | ({EditKind.REVERTED} if reverts_to is not None else set())
    words = {"words_added": change.words_added, "words_removed": change.words_removed}
    return said | {"edit_kinds": mask_of(kinds), "stealth": change.stealth, "differ": str(VERSION)} | words


def mask_of(kinds: Iterable[EditKind]) -> int:
    """A bit a kind, in EditKind's order.

    >>> kinds_of(mask_of([EditKind.NUMBER, EditKind.HEADLINE]))
    (<EditKind.HEADLINE: 'headline'>, <EditKind.NUMBER: 'number'>)
    """
    return sum(1 << _KINDS.index(kind) for kind in set(kinds))


def kinds_of(mask: int) -> tuple[EditKind, ...]:
    """The kinds of a mask."""
    return tuple(kind for bit, kind in enumerate(_KINDS) if mask >> bit & 1)
