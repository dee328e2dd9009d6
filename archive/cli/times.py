"""Reads the times that people type: "yesterday", "3 days ago", "2026-03-03", "2026-03-03 noon", "tuesday 17:30".

What is typed is meant in the local zone unless it names another; what comes out is aware UTC. Knows no clock:
`now` is passed in.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

EXAMPLES = '"yesterday", "3 days ago", "2026-03-03", "2026-03-03T12:00", "tuesday noon"'

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_UNITS = {"s": 1, "second": 1, "sec": 1, "m": 60, "min": 60, "minute": 60, "h": 3600, "hour": 3600, "hr": 3600}
_UNITS |= {"d": 86_400, "day": 86_400, "w": 604_800, "week": 604_800}
_CLOCKS = {"noon": time(12), "midday": time(12), "midnight": time(0)}

_EXACT = re.compile(r"(\d{4}-\d{2}-\d{2})[t ](\d{2}:?\d{2}(?::?\d{2}(?:[.,]\d{1,6})?)?) ?(z|utc|gmt|[+-]\d{2}:?\d{2})?")
_AGO = re.compile(r"(\d{1,9}|an?|one) ?([a-z]+?)s?(?: ago)?")
_FILLERS = re.compile(r"\b(?:the|at|on|of|last|this)\b|,")
_CLOCK = re.compile(r"(\d{1,2})(?::(\d{2}))?(?::(\d{2}))? ?(am|pm)?")


@dataclass(frozen=True, slots=True)
class Period:
    """What a typed time covers: a day, a month, or (start == end) one moment. In UTC; the end is excluded."""

    start: datetime
    end: datetime


def parse_period(typed: str, now: datetime, zone: tzinfo | None = None) -> Period:
    """The period that the words mean; `zone` None is the machine's own. Raises ValueError.

    >>> noon = datetime(2026, 3, 5, 12, tzinfo=UTC)
    >>> parse_period("2026-03-03", noon, UTC).end.isoformat()
    '2026-03-04T00:00:00+00:00'
    >>> parse_period("3 days ago", noon, UTC).start.isoformat()
    '2026-03-02T12:00:00+00:00'
    >>> parse_period("tuesday 17:30", noon, UTC).start.isoformat()
    '2026-03-03T17:30:00+00:00'
    """
    words = " ".join(_FILLERS.sub(" ", typed.lower()).split())
    try:
        for read in (_exact, _ago, _calendar):
            if period := read(words, now, zone):
                return period
    except (ValueError, OverflowError, OSError):
        pass  # a 31 February, a year beyond the calendar: said as any other time that cannot be read
    raise ValueError(f"{typed!r} is no time that is understood; try {EXAMPLES}")


def as_since(period: Period) -> datetime:
    """Where "since …" begins: with the first moment of the day, month or year named."""
    return period.start


def as_until(period: Period) -> datetime:
    """Where "until …" ends: a day, month or year named is included whole."""
    return period.end


def as_at(period: Period) -> datetime:
    """The moment that "at …" means: of a day named, its last moment."""
    return max(period.start, period.end - timedelta(microseconds=1))


def _utc(day: date, clock: time, zone: tzinfo | None) -> datetime:
    """A wall-clock time as UTC; astimezone of a naive time asks the machine for its zone on that date."""
    naive = datetime.combine(day, clock)
    return (naive if zone is None else naive.replace(tzinfo=zone)).astimezone(UTC)


def _today(now: datetime, zone: tzinfo | None) -> date:
    return now.astimezone(zone).date()


def _exact(words: str, now: datetime, zone: tzinfo | None) -> Period | None:
    if words == "now":
        return Period(now, now)
    if not (match := _EXACT.fullmatch(words)):
        return None
    day, clock, offset = match.groups()
    moment = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock))
    if offset in ("z", "utc", "gmt"):
        moment = moment.replace(tzinfo=UTC)
    elif offset:
        moment = datetime.fromisoformat(moment.isoformat() + offset)
    elif zone:
        moment = moment.replace(tzinfo=zone)
    at = moment.astimezone(UTC)
    return Period(at, at)


def _ago(words: str, now: datetime, zone: tzinfo | None) -> Period | None:
    match = _AGO.fullmatch(words)
    if not match:
        return None
    count, unit = int(match[1]) if match[1].isdigit() else 1, match[2]
    if seconds := _UNITS.get(unit):
        at = now - timedelta(seconds=count * seconds)
    elif unit in ("month", "year"):
        local = now.astimezone(zone)
        at = _utc(_months_before(local.date(), count * (12 if unit == "year" else 1)), local.time(), zone)
    else:
        return None
    return Period(at, at)


def _months_before(day: date, count: int) -> date:
    """The same day so many months earlier, or that month's last.

    >>> _months_before(date(2026, 3, 31), 1)
    datetime.date(2026, 2, 28)
    """
    first = date((day.year * 12 + day.month - 1 - count) // 12, (day.month - 1 - count) % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), _next_month(first) - timedelta(days=1))


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _calendar(words: str, now: datetime, zone: tzinfo | None) -> Period | None:
    """A day, month or year, or a time of day, or a day with a time of day (the last word or two)."""
    pieces = words.split()
    for cut in range(len(pieces), -1, -1):
        days = _days(" ".join(pieces[:cut]), _today(now, zone)) if cut else None
        clock = _clock(" ".join(pieces[cut:])) if cut < len(pieces) else None
        if cut == len(pieces) and days:
            return Period(_utc(days[0], time.min, zone), _utc(days[1], time.min, zone))
        if days and clock and (days[1] - days[0]).days == 1:
            at = _utc(days[0], clock, zone)
            return Period(at, at)
        if not cut and clock:
            return _last_time(clock, now, zone)
    return None


def _last_time(clock: time, now: datetime, zone: tzinfo | None) -> Period:
    """A time of day alone ("noon") is the last one gone by."""
    today = _today(now, zone)
    at = _utc(today, clock, zone)
    if at > now:
        at = _utc(today - timedelta(days=1), clock, zone)
    return Period(at, at)


def _clock(words: str) -> time | None:
    """A time of day; a bare number is none."""
    if words in _CLOCKS:
        return _CLOCKS[words]
    match = _CLOCK.fullmatch(words)
    if not match or not (match[2] or match[4]):
        return None
    hour, half = int(match[1]), match[4]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, int(match[2] or 0), int(match[3] or 0))


def _days(words: str, today: date) -> tuple[date, date] | None:
    """First day and the day after the last. Days without a year are the last such day gone by."""
    one = timedelta(days=1)
    if words in ("today", "yesterday"):
        day = today - (one if words == "yesterday" else timedelta(0))
        return day, day + one
    if len(words) >= 3:
        for index, name in enumerate(_WEEKDAYS):
            if name.startswith(words):
                day = today - timedelta(days=(today.weekday() - index) % 7 or 7)
                return day, day + one
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", words):
        day = date.fromisoformat(words)
        return day, day + one
    if match := re.fullmatch(r"(\d{4})-(\d{2})", words):
        first = date(int(match[1]), int(match[2]), 1)
        return first, _next_month(first)
    if match := re.fullmatch(r"((?:19|20)\d{2})", words):
        return date(int(words), 1, 1), date(int(words) + 1, 1, 1)
    return _named_day(words, today)


def _named_day(words: str, today: date) -> tuple[date, date] | None:
    """A day by its name: "3 march 2026", "march 3", "3rd"."""
    forms: tuple[tuple[str, Callable[[re.Match[str]], tuple[str, str | None, str | None]]], ...] = (
        (r"(\d{1,2})(?:st|nd|rd|th)? ([a-z]{3,9})(?: (\d{4}))?", lambda found: (found[1], found[2], found[3])),
        (r"([a-z]{3,9}) (\d{1,2})(?:st|nd|rd|th)?(?: (\d{4}))?", lambda found: (found[2], found[1], found[3])),
        (r"(\d{1,2})(?:st|nd|rd|th)", lambda found: (found[1], None, None)),
    )
    for form, parts in forms:
        if match := re.fullmatch(form, words):
            day, month, year = parts(match)
            found = _last_day(int(day), month, int(year) if year else None, today)
            return (found, found + timedelta(days=1)) if found else None
    return None


def _last_day(day: int, month: str | None, year: int | None, today: date) -> date | None:
    """The day named; without a year (or month) the last one that is not to come."""
    if month is None:
        first = today if day <= today.day else today.replace(day=1) - timedelta(days=1)
        return first.replace(day=day)
    numbers = [index for index, name in enumerate(_MONTHS, 1) if name.startswith(month)]
    if not numbers:
        return None
    if year:
        return date(year, numbers[0], day)
    found = date(today.year, numbers[0], day)
    return found if found <= today else date(today.year - 1, numbers[0], day)
