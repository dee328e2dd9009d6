"""Is one word the other with a slip of the pen put right? Judged by letters alone: there is no dictionary here."""

from __future__ import annotations

from collections.abc import Container

from rapidfuzz.distance import OSA


def is_spelling_fix(old: str, new: str, known: Container[str] = ()) -> bool:
    """Whether `old` looks like a misspelling of `new`; both single words.

    `known`: words (in small letters) that stand elsewhere in the two texts. A word that is used there is no
    misspelling. An ending that changed ("official" -> "officials") is grammar, hence wording.

    >>> is_spelling_fix("goverment", "government"), is_spelling_fix("teh", "the"), is_spelling_fix("Iran", "Iraq")
    (True, True, False)
    >>> is_spelling_fix("billed", "killed"), is_spelling_fix("increase", "decrease"), is_spelling_fix("said", "says")
    (False, False, False)
    """
    a, b = old.lower(), new.lower()
    if a == b:
        return old != new
    if any(c.isdigit() for c in a + b) or a in known:
        return False
    if is_swap(a, b):
        return True
    shorter = min(len(a), len(b))
    distance = OSA.distance(a, b, score_cutoff=2)
    if shorter < 4 or distance > 2 or a[0] != b[0] or _is_ending(a, b):
        return False
    return distance == 1 or shorter >= 8


def is_swap(one: str, other: str) -> bool:
    """Whether two neighbouring letters changed places, and nothing else.

    >>> is_swap("recieve", "receive"), is_swap("ab", "ac")
    (True, False)
    """
    if len(one) != len(other) or one == other:
        return False
    at = next(i for i in range(len(one)) if one[i] != other[i])
    return one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]


def _is_ending(one: str, other: str) -> bool:
    """Whether the words differ at their end: "report", "reports", "reported"."""
    return one[-1] != other[-1] or one.startswith(other) or other.startswith(one)
