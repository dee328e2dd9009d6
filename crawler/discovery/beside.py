"""The date that a listing shows beside a teaser, where it is that teaser's own and can be read in one way only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime

from selectolax.lexbor import LexborNode

from crawler.discovery.anchors import Anchor
from crawler.extraction.date_text import find_dates
from crawler.extraction.stamps import Locale

REACH = 4
"""How many levels above the link its block may end."""
MAX_BLOCK = 600
"""Characters; a longer block is more than a teaser."""

_EITHER_WAY = re.compile(r"\b(?:0?[1-9]|1[0-2])/(?:0?[1-9]|1[0-2])/\d{2,4}\b")
"""3/4/2026 is in March or in April, depending on the country."""


def dates_beside(groups: Mapping[str, Sequence[Anchor]], language: str | None = None) -> dict[str, datetime]:
    """Address -> the date in the block around its links, as far as that block holds no other of the addresses."""
    owners: dict[int, set[str]] = {}
    for address, anchors in groups.items():
        for anchor in anchors:
            for block in _blocks(anchor.node):
                owners.setdefault(block.mem_id, set()).add(address)
    found = {}
    for address, anchors in groups.items():
        stamp = next((anchor.stamp for anchor in anchors if anchor.stamp), None)
        stamp = stamp or _date_in_words(anchors, owners, Locale(language=language))
        if stamp is not None:
            found[address] = stamp
    return found


def _blocks(node: LexborNode) -> Iterator[LexborNode]:
    parent = node.parent
    for _ in range(REACH):
        if parent is None or parent.tag in ("body", "html"):
            return
        yield parent
        parent = parent.parent


def _date_in_words(anchors: Sequence[Anchor], owners: Mapping[int, set[str]], locale: Locale) -> datetime | None:
    """The one date of the smallest block that has any; blocks are read once however many links they hold."""
    seen: set[int] = set()
    for anchor in anchors:
        for block in _blocks(anchor.node):
            if len(owners[block.mem_id]) > 1 or block.mem_id in seen:
                break
            seen.add(block.mem_id)
            text = " ".join(block.text(deep=True, separator=" ").split()).replace(anchor.text, " ")
            if len(text) > MAX_BLOCK:
                break
            days = _days(text, locale)
            if days:
                return min(days.values()).astimezone(UTC) if len(days) == 1 else None
    return None


def _days(text: str, locale: Locale) -> dict[date, datetime]:
    if not any(char.isdigit() for char in text) or _EITHER_WAY.search(text):
        return {}
    return {stamp.at.date(): stamp.at for stamp in find_dates(text, locale)}
