"""What stands inside quotation marks, in the marks of any language."""

from __future__ import annotations

import re

#: Opening mark -> marks that close it. German and its neighbours close with what opens in English.
_CLOSERS = {
    "“": '”"',
    "„": '“”"‟',
    "«": "»",
    "»": "«»",
    "‹": "›",
    "‘": "’",
    "‚": "‘’",
    "「": "」",
    "『": "』",
    "〝": "〞〟",
    "＂": "＂",
    '"': '"”“',
    "”": "”",
    "'": "'",
}
_MARKS = re.compile("[" + "".join(_CLOSERS) + "]")
_SHORTEST = 2
#: A mark that is not closed within so many characters opened nothing (and is not looked for any further).
_LONGEST = 3000
_LONGEST_PLAIN = 600


def quoted_spans(text: str) -> list[tuple[int, int]]:
    """The (start, end) of what stands between quotation marks, the marks left out, in order.

    A quotation that is still open where the paragraph ends runs to its end (the next paragraph goes on with it).
    Words in single quotes count where the marks cannot be apostrophes.

    >>> text = 'He said “we don’t know” and „nichts“.'
    >>> [text[a:b] for a, b in quoted_spans(text)]
    ['we don’t know', 'nichts']
    >>> quoted_spans("He said: 'We don't know.'"), quoted_spans("The players' union met in the '90s")
    ([(10, 24)], [])
    """
    spans: list[tuple[int, int]] = []
    at = 0
    while match := _MARKS.search(text, at):
        start = match.end()
        end = _find_end(text, match.group(), start)
        if end is None:
            at = start
            continue
        if end - start >= _SHORTEST:
            spans.append((start, end))
        at = end + 1
    return spans


def _find_end(text: str, opener: str, start: int) -> int | None:
    """Where the quotation that starts here ends; None where the mark opens none."""
    if opener in "»”" and (start >= len(text) or text[start].isspace() or not text[start].isalnum()):
        return None
    if opener in '"“' and start < len(text) and text[start] in " ,.;" and start > 1 and not text[start - 2].isspace():
        return None
    if opener == "'" and not _opens(text, start - 1):
        return None
    for at in range(start, min(len(text), start + (_LONGEST_PLAIN if opener == "'" else _LONGEST))):
        if opener == "'" and text[at] == "'" and not _closes(text, at):
            continue
        if text[at] in _CLOSERS[opener] and not _is_apostrophe(text, at):
            return at
    return len(text) if opener in "“„«" and len(text) <= start + _LONGEST else None


def _opens(text: str, at: int) -> bool:
    """A plain ' before a word, unless it stands for what was left out ('90s)."""
    return (at == 0 or not text[at - 1].isalnum()) and text[at + 1 : at + 2].isalpha()


def _closes(text: str, at: int) -> bool:
    """A plain ' behind a word; behind an s without a mark beside it, it may be a genitive (the players' union)."""
    if text[at + 1 : at + 2].isalnum():
        return False
    return text[at - 1] != "s" or not text[at + 1 : at + 2].isspace()


def _is_apostrophe(text: str, at: int) -> bool:
    """A ’ between two letters (don’t) closes nothing."""
    return text[at] in "’'" and 0 < at < len(text) - 1 and text[at - 1].isalpha() and text[at + 1].isalpha()
