"""The state that script-built pages carry for their own programs: `__NEXT_DATA__`, Nuxt, Apollo, `window.__X__ = {…}`.

Reads data only, runs nothing; bounded in size and depth.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Any

from crawler.extraction.lexicon import words
from crawler.extraction.loose_json import read_json, read_literal
from crawler.extraction.text import as_text, skeleton

MAX_TOTAL = 3_000_000
MAX_VALUES = 24
MAX_DEPTH = 14
MAX_DICTS = 20_000
MAX_ITEMS = 2_000
"""Of one list."""
# Where a value may begin is looked for first: a search for the names before it would try every word of a script.
_ASSIGNED = re.compile(r"""=\s*(?:JSON\.parse\(\s*)?(?=[{\["'])""")
_TARGET = re.compile(
    r"""(?:\b(?:window|self|globalThis)\s*(?:\.\s*|\[\s*["'])|\b(?:var|let|const)\s+|\b(?=[A-Z]\w*\.\w))"""
    r"""[A-Za-z_$][\w$.]{2,60}(?:["']\s*\])?\s*\Z"""
)
_PUSHED = re.compile(r"\.push\(\s*(?=\{)")
_QUEUE = re.compile(r"\b(?:dataLayer|digitalData|utag_data)\Z")
_MAY_HOLD = re.compile("[{[&]")
"""An object or a list has its bracket, or stands there with its marks as entities."""
_MAX_TARGET = 100
_MIN_LENGTH = 80
_HEADLINE_KEYS = words("structured", "headline_keys")
_HOLDERS = frozenset((dict, list))
_STORY_KEYS = words("structured", "story_keys")


def read_states(scripts: Iterable[tuple[str, str, str]], probes: Collection[str] = ()) -> list[Any]:
    """The parsed values of scripts given as (id, type, text), in page order.

    With `probes`, a value that a script assigns after the last of these words is left out: it holds none of them.

    >>> read_states([("__NEXT_DATA__", "application/json", '{"props": {"story": {"headline": "Rain"}}}')])
    [{'props': {'story': {'headline': 'Rain'}}}]
    """
    values: list[Any] = []
    total = 0
    for name, kind, text in scripts:
        if len(values) >= MAX_VALUES or len(text) < 20:
            continue
        total += len(text)
        if total > MAX_TOTAL:
            break
        if kind.endswith("json") or name in ("__NEXT_DATA__", "__NUXT_DATA__"):
            values.extend(value for value in read_json(text) if isinstance(value, dict | list))
        elif len(text) >= _MIN_LENGTH:
            values.extend(_assigned(text, max(map(text.rfind, probes), default=len(text))))
    return values


def _assigned(text: str, end: int) -> Iterator[Any]:
    """Values of `window.__X__ = {…}`, `var x = {…}`, `X.y = JSON.parse("…")` and `dataLayer.push({…})`.

    Only those that begin before `end`.
    """
    text = text.rstrip("; \t\r\n")
    for value_start, target in ((_ASSIGNED, _TARGET), (_PUSHED, _QUEUE)):
        starts = (
            match.end()
            for match in value_start.finditer(text, 0, max(end, 0))
            if target.search(text[max(0, match.start() - _MAX_TARGET) : match.start()])
        )
        for at in islice(starts, 12):
            value = read_literal(text, at)
            if isinstance(value, str):
                value = next(iter(read_json(value)), None) if _MAY_HOLD.search(value) else None
            if isinstance(value, dict | list) and value:
                yield value


def find_story(states: list[Any], titles: Iterable[str]) -> dict[str, Any] | None:
    """The state's record of the article whose headline is one of `titles`: the one that says most about it.

    >>> find_story([{"more": [{"title": "Sun"}], "story": {"title": "Rain", "byline": ["Ann"]}}], ["Rain"])
    {'title': 'Rain', 'byline': ['Ann']}
    """
    wanted = {skeleton(title) for title in titles} - {""}
    shortest = min(map(len, wanted), default=0)
    best, best_score = None, 0
    for record in walk_dicts(states):
        if _HEADLINE_KEYS.isdisjoint(record) or not _is_titled(record, wanted, shortest):
            continue
        score = sum(1 for key, value in record.items() if value and key.lower() in _STORY_KEYS)
        if score > best_score:
            best, best_score = record, score
    return best


def _is_titled(record: dict[str, Any], wanted: Collection[str], shortest: int) -> bool:
    """Whether one of the record's titles is among the wanted skeletons, the shortest of which has so many letters."""
    for key in _HEADLINE_KEYS & record.keys():
        value = record[key]
        claim = value if isinstance(value, str) else as_text(value)
        if len(claim) >= shortest and skeleton(claim[:400]) in wanted:
            return True
    return False


def walk_dicts(value: Any) -> list[dict[str, Any]]:
    """Every object inside the value, outer ones first, bounded in depth and number."""
    found: list[dict[str, Any]] = []
    level = [value]
    for _ in range(MAX_DEPTH):
        found += [one for one in level if type(one) is dict]
        if not level or len(found) >= MAX_DICTS:
            break
        level = [
            value
            for one in level
            for value in (one.values() if type(one) is dict else one[:MAX_ITEMS])
            if type(value) in _HOLDERS
        ]
    return found[:MAX_DICTS]
