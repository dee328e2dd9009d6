"""A day with the clock time beside it, and days told by their distance from the time of fetching. Text is folded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache

from crawler.extraction.clock import find_clock
from crawler.extraction.lexicon import lexicon
from crawler.extraction.stamps import Locale, Stamp

UNSPACED_FROM = "\u0e00"
"""Scripts from here on are taken to put no space between words (Thai, Chinese, Japanese ...)."""
_WORD = re.compile(r"\w+")
CTIME = re.compile(
    r"\b(?P<mon>[a-z]{3,4})\s+(?P<d>\d{1,2})\s+(?P<t>\d{1,2}:\d{2}(?::\d{2})?)\s+(?:(?P<z>[a-z]{2,5}|[+-]\d{4})\s+)?(?P<y>\d{4})\b"
)
"""The form of C's `ctime` and of `date`: "Dec 20 10:15:00 EST 2023"."""


def with_time(text: str, day: date, spans: tuple[int, int, int, int], locale: Locale) -> Stamp:
    """The day with the clock time after it, else with the one before it."""
    before, start, end, after = spans
    inside = CTIME.fullmatch(text[start:end])
    for low, high in ((start, end) if inside else (end, min(after, end + 60)), (max(before, start - 30), start)):
        clock = find_clock(text, low, high)
        if clock:
            zone = clock.zone or locale.zone
            moment = datetime(day.year, day.month, day.day, clock.hour, clock.minute, clock.second, tzinfo=zone)
            return Stamp(moment, True, start, max(clock.end, end), clock.zone is not None)
    midnight = datetime(day.year, day.month, day.day, tzinfo=locale.zone)
    return Stamp(midnight, False, start, end)


def relative_dates(text: str, locale: Locale, now: datetime) -> Iterator[Stamp]:
    """The moment that a folded text names by its distance from the time of fetching: "3 hours ago", "yesterday, 14:30".

    >>> from datetime import UTC
    >>> now = datetime(2026, 3, 5, 12, tzinfo=UTC)
    >>> [next(relative_dates(text, Locale(), now)).at.isoformat() for text in ("3 hours ago", "gestern, 14:30 uhr")]
    ['2026-03-05T09:00:00+00:00', '2026-03-04T14:30:00+00:00']
    """
    firsts, unspaced = _signs()
    if firsts.isdisjoint(_WORD.findall(text)) and (text.isascii() or not any(word in text for word in unspaced)):
        return  # as of most texts
    for step, name in ((0, "today"), (1, "yesterday")):
        for word in lexicon("dates")["relative"][name]:
            at = _word_at(text, word)
            if at >= 0:
                day = now.astimezone(locale.zone).date() - timedelta(days=step)
                stamp = with_time(text, day, (0, at, at + len(word), len(text)), locale)
                if stamp.has_time or len(text) <= len(word) + 30:
                    yield stamp
                return
    if any(_word_at(text, word) >= 0 for word in lexicon("dates")["relative"]["ago"]):
        yield from _ago(text, now)


@cache
def _signs() -> tuple[frozenset[str], tuple[str, ...]]:
    """The first words of what tells a day by its distance; and what does so in scripts without spaces."""
    named = [word for name in ("today", "yesterday", "ago") for word in lexicon("dates")["relative"][name]]
    spaced = [_WORD.findall(word) for word in named if word[0] < UNSPACED_FROM]
    return frozenset(words[0] for words in spaced), tuple(word for word in named if word[0] >= UNSPACED_FROM)


def _ago(text: str, now: datetime) -> Iterator[Stamp]:
    for match in re.finditer(r"(\d{1,3})\s*([^\s\d,.;:()]+)", text):
        for unit, length in (("second", 1), ("minute", 60), ("hour", 3600), ("day", 86400), ("week", 604800)):
            forms = lexicon("dates")["relative"]["units"][unit]
            if match[2] in forms or any(len(f) <= 3 and f >= "\u3000" and match[2].startswith(f) for f in forms):
                at = (now - timedelta(seconds=int(match[1]) * length)).replace(second=0, microsecond=0)
                yield Stamp(at, length < 86400, match.start(), match.end(), True)
                return


def _word_at(text: str, word: str) -> int:
    """Where a word stands in a text on its own (in scripts without spaces: anywhere); -1 if nowhere."""
    at = text.find(word)
    if at < 0 or word[0] >= UNSPACED_FROM:
        return at
    match = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)
    return match.start() if match else -1
