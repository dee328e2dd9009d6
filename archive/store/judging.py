"""What an edit is, as it is stored with a version: kinds, stealth, and which differ said so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from archive.diff import VERSION, diff
from archive.model import Content, EditKind

_KINDS = tuple(EditKind)


def judge(old: Content | None, new: Content, reverts_to: int | None) -> dict[str, Any]:
    """The columns of a version that tell of the edit which made it. `old` is None for the first version."""
    if old is None:
        return {"edit_kinds": 0, "stealth": False, "differ": None, "reverts_to": reverts_to}
    change = diff(old, new)
    kinds = set(change.kinds) | ({EditKind.REVERTED} if reverts_to is not None else set())
    return {"edit_kinds": mask_of(kinds), "stealth": change.stealth, "differ": str(VERSION), "reverts_to": reverts_to}


def mask_of(kinds: Iterable[EditKind]) -> int:
    """A bit a kind, in EditKind's order.

    >>> kinds_of(mask_of([EditKind.NUMBER, EditKind.HEADLINE]))
    (<EditKind.HEADLINE: 'headline'>, <EditKind.NUMBER: 'number'>)
    """
    return sum(1 << _KINDS.index(kind) for kind in set(kinds))


def kinds_of(mask: int) -> tuple[EditKind, ...]:
    """The kinds of a mask."""
    return tuple(kind for bit, kind in enumerate(_KINDS) if mask >> bit & 1)
