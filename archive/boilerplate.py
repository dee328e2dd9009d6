"""Lines inside an article that move without an edit: "Updated 14:05", "3 hours ago", "12 comments", "Advertisement".

Pure, and general: what rotates on one site only is learned elsewhere, never here. The words stand in
`data/boilerplate.toml`.
"""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from typing import Any

_DATA: dict[str, Any] = tomllib.loads(resources.files("archive").joinpath("data/boilerplate.toml").read_text("utf-8"))
_LABELS = frozenset(_DATA["labels"])
_AGO = frozenset(_DATA["ago"])
_KNOWN = _LABELS | _AGO | frozenset(_DATA["fillers"])
_LINES = frozenset(_DATA["lines"])
_PATTERN = re.compile("|".join(_DATA["patterns"]))
_LONGEST = 90
_NUMBER = re.compile(r"\d[\d.:/\-,]*(?:st|nd|rd|th|h|hrs?|min|k|m|am|pm|[hm]\d\d|er)?\Z")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\s|•·,;()–—]+")


def is_boilerplate(line: str) -> bool:
    """Whether a line (white space folded) only tells when it was updated, how often shared, or "Advertisement".

    >>> is_boilerplate("Updated: 14:05 GMT, 3 March 2026"), is_boilerplate("2 hours ago"), is_boilerplate("5 min read")
    (True, True, True)
    >>> is_boilerplate("Update 14:05: two more people died"), is_boilerplate("3 March 2026"), is_boilerplate("2026")
    (False, False, False)
    """
    if len(line) > _LONGEST:
        return False
    folded = line.casefold().strip(" .:-*[]")
    if folded in _LINES:
        return True
    return _DIGIT.search(folded) is not None and (
        _PATTERN.fullmatch(folded) is not None or _speaks_of_time_alone(folded)
    )


def _speaks_of_time_alone(line: str) -> bool:
    words = [word.strip(".:-") for word in _WORD.findall(line)]
    plain = [word for word in words if word and not _NUMBER.match(word)]
    if not plain or not all(word in _KNOWN for word in plain):
        return False
    return not _LABELS.isdisjoint(plain) or (len(plain) > 1 and not _AGO.isdisjoint(plain))
