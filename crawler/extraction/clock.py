"""Clock times and time zones as they stand beside a date, in text that `date_text.fold_date` made. Knows no dates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crawler.extraction.lexicon import lexicon

_TIME = re.compile(
    r"(?<![\d.,/-])(?P<h>[012]?\d)\s?(?:(?P<colon>:|٫|：|時|时|시|點|点)\s?|(?P<letter>\s?h\s?)|(?P<dot>\.))(?P<min>[0-5]\d)(?!\d)"
    r"(?:分|분)?(?:(?:[:.]|\s?)(?P<sec>(?<=[:.])[0-5]\d)(?:[.,]\d{1,9})?)?(?:秒|초)?"
    r"|(?<![\d.,/-])(?P<h12>1[0-2]|0?[1-9])\s?(?=[ap]\.?m\b)|(?<![\d.,/:-])(?P<hh>[012]?\d)\s?(?:uhr|h|時|时|시)(?![\w\d])"
)
_OFFSET = re.compile(r"\s*(?:\(?(?:utc|gmt)\)?\s*)?(?P<sign>[+\u2212-])(?P<h>[01]?\d)(?::?(?P<m>[0-5]\d))?(?![\d/.-])")
_ZONE_WORD = re.compile(r"[\s,(]*(?P<z>[a-zа-я]{1,8})\b")
_AM = tuple(sorted(lexicon("dates")["am"], key=len, reverse=True))
_PM = tuple(sorted(lexicon("dates")["pm"], key=len, reverse=True))
_HALVES = (*_PM, *_AM)
_ZONES: dict[str, int] = lexicon("dates")["zones"]
_ZONE_NAMES: dict[str, str] = lexicon("dates")["zone_names"]


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day, where its text ends, and the zone named after it."""

    hour: int
    minute: int
    second: int
    zone: tzinfo | None
    end: int


def find_clock(text: str, low: int = 0, high: int = 400) -> Clock | None:
    """The first clock time between two places of a folded text.

    >>> find_clock("at 3:05 p.m. est")
    Clock(hour=15, minute=5, second=0, zone=datetime.timezone(datetime.timedelta(days=-1, seconds=68400)), end=7)
    >>> find_clock("14 h 30").minute, find_clock("下午2时30分").hour, find_clock("costs 3.50") is None
    (30, 14, False)
    """
    match = _TIME.search(text, low, high)
    if not match or (match["dot"] and match.start() > low + 14):
        return None
    hour = int(match["h"] or match["h12"] or match["hh"])
    stop = match.end()
    lead, tail = text[max(low, match.start() - 14) : match.start()].rstrip(), text[stop : stop + 14]
    half = _half_of_day(lead, tail)
    if half == "pm" and hour < 12:
        hour += 12
    elif half == "am" and hour == 12:
        hour = 0
    if hour > 23:
        return None
    zone = _zone_after(text, stop + (len(tail) - len(_after_half(tail))))
    return Clock(hour, int(match["min"] or 0), int(match["sec"] or 0), zone, stop)


def _half_of_day(lead: str, tail: str) -> str:
    tail = tail.lstrip()
    if not tail.startswith(_HALVES) and not lead.endswith(_HALVES):
        return ""
    for half, marks in (("pm", _PM), ("am", _AM)):
        for mark in marks:
            if tail.startswith(mark) and not tail[len(mark) : len(mark) + 1].isalpha():
                return half
            if not mark.isascii() and lead.endswith(mark) and not lead[-len(mark) - 1 : -len(mark)].isalpha():
                return half
            if mark[0] > "\u3000" and lead.endswith(mark):
                return half
    return ""


def _after_half(tail: str) -> str:
    bare = tail.lstrip()
    for mark in _HALVES if bare.startswith(_HALVES) else ():
        if bare.startswith(mark) and not bare[len(mark) : len(mark) + 1].isalpha():
            return bare[len(mark) :]
    return tail


def _zone_after(text: str, at: int) -> tzinfo | None:
    match = _OFFSET.match(text, at)
    if match:
        minutes = int(match["h"]) * 60 + int(match["m"] or 0)
        return timezone(timedelta(minutes=minutes if match["sign"] == "+" else -minutes)) if minutes <= 840 else None
    for _ in range(2):
        word = _ZONE_WORD.match(text, at)
        if not word:
            return None
        name, at = word["z"], word.end()
        if name == "z" and word.start("z") == word.start():
            return UTC
        if name in _ZONES and (offset := _OFFSET.match(text, at)) and name in ("utc", "gmt"):
            return _zone_after(text, offset.start())
        if name in _ZONES:
            return timezone(timedelta(minutes=_ZONES[name]))
        if name in _ZONE_NAMES:
            return zone_named(_ZONE_NAMES[name])
        if name not in ("uhr", "น", "hrs", "h"):
            return None
    return None


def zone_named(name: str | None) -> tzinfo | None:
    """The IANA zone of that name; None for None and for names that nobody knows.

    >>> zone_named("Europe/Nowhere") is None
    True
    """
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
