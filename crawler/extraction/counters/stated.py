"""Counters that the page states for machines: JSON-LD, microdata, meta, embedded state. Of the main article only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from crawler.extraction.counters.evidence import FAIR, STRONG, WEAK, Evidence
from crawler.extraction.counters.scope import Scope
from crawler.extraction.lexicon import lexicon, words
from crawler.extraction.numbers import parse_count
from crawler.extraction.structured import Structured
from crawler.extraction.text import as_text

_NO_LETTERS = re.compile(r"[^a-z]+")
_LEGACY = re.compile(r"\s*([A-Za-z]+)\s*[:=]\s*(\d[\d.,]*)\s*")


def read_stated(data: Structured) -> Iterator[Evidence]:
    """Evidence from JSON-LD and microdata."""
    for found in data.claims("interactionStatistic", "interactionCount", "commentCount"):
        source, name = found.source.split(" ", 1)
        if name == "commentCount":
            yield from _evidence("comments", found.value, source, STRONG)
        else:
            yield from _read_interactions(found.value, source)
    if data.main is None or "@type" not in data.main:
        yield from _read_loose(data)


def _read_loose(data: Structured) -> Iterator[Evidence]:
    """Properties that stand in no item, or in an article item that is not the main one only by lack of a headline."""
    for item in data.microdata:
        if not item.get("@type"):
            for key in ("interactionCount", "commentCount"):
                if key in item:
                    if key == "commentCount":
                        yield from _evidence("comments", item[key], "microdata", FAIR)
                    else:
                        yield from _read_interactions(item[key], "microdata")


def _read_interactions(value: Any, source: str) -> Iterator[Evidence]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            yield from _read_counter(one, source)
        elif isinstance(one, str) and (match := _LEGACY.fullmatch(one)):
            kind = lexicon("counter_places")["legacy_interactions"].get(match[1].lower())
            if kind:
                yield from _evidence(kind, match[2], source, STRONG)


def _read_counter(counter: dict[str, Any], source: str) -> Iterator[Evidence]:
    if counter.get("interactionService"):
        return  # one network's share, not the article's total
    action = counter.get("interactionType")
    if isinstance(action, list):
        action = action[0] if action else None
    if isinstance(action, dict):
        action = action.get("@type") or action.get("@id")
        action = action[0] if isinstance(action, list) and action else action
    name = as_text(action).rstrip("/").rsplit("/", 1)[-1].rsplit(":", 1)[-1].lower()
    kind = lexicon("counter_places")["actions"].get(name)
    if kind:
        yield from _evidence(kind, counter.get("userInteractionCount", counter.get("interactionCount")), source, STRONG)


def _evidence(kind: str, value: Any, source: str, strength: int) -> Iterator[Evidence]:
    if isinstance(value, list):
        value = value[0] if value else None
    raw = as_text(value)
    if isinstance(value, bool) or not raw:
        return
    number = (int(value), True) if isinstance(value, float) and value.is_integer() else parse_count(raw)
    if number is not None:
        yield Evidence(kind, number[0], number[1], raw, source, strength)


def read_state(data: Structured, scope: Scope) -> Iterator[Evidence]:
    """Counters in the embedded state's record of the story, or in an object of counters right inside it.

    For pages that show no counter before a script has run: elsewhere a state also holds what no reader sees. A record
    that names another address is another story: a page of teasers may have the first one's headline for its title.
    """
    story = data.story or {}
    found = list(_counters_of(story))
    if found and _is_of_page(story, scope):
        yield from found


def _counters_of(story: dict[str, Any]) -> Iterator[Evidence]:
    keys: dict[str, str] = lexicon("counter_places")["state_keys"]
    plain: dict[str, str] = lexicon("counter_places")["state_plain_keys"]
    holders = words("counter_places", "state_holders")
    for name, value in story.items():
        if kind := keys.get(_flat(name)):
            yield from _state_evidence(kind, value, FAIR)
        elif isinstance(value, dict) and _flat(name) in holders:
            for inner, number in value.items():
                if kind := keys.get(_flat(inner)) or plain.get(_flat(inner)):
                    yield from _state_evidence(kind, number, FAIR)


def _state_evidence(kind: str, value: Any, strength: int) -> Iterator[Evidence]:
    if isinstance(value, dict):
        value = next((value[key] for key in ("total", "count", "value", "totalCount") if key in value), None)
    if isinstance(value, int | str) and not isinstance(value, bool):
        for one in _evidence(kind, value, "state", strength):
            # A state's zero may be the value before the counter's own request; it is the page's word all the same.
            yield one if one.value else Evidence(kind, 0, True, one.raw, "state", WEAK)


def _is_of_page(story: dict[str, Any], scope: Scope) -> bool:
    """Whether one of the addresses that the record gives is the page's; True where it gives none."""
    keys = lexicon("counter_places")["state_addresses"]
    named = [value for name, value in story.items() if _flat(name) in keys and isinstance(value, str) and "/" in value]
    return not named or any(scope.is_own_address(value) for value in named)


def _flat(name: str) -> str:
    return _NO_LETTERS.sub("", name.lower())
