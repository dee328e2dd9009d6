"""Dates as machines write them in sitemaps, feeds and `datetime` attributes; and the day that a URL names.

Dates in prose are the extractor's business.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

_W3C = re.compile(
    r"(\d{4})-(\d\d?)(?:-(\d\d?)(?:[T\s]+(\d\d?):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)
_URL_DAY = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<sep>[/_.-]?)(?P<m>0[1-9]|1[0-2]|[1-9](?=[/_.-]))(?P=sep)(?P<d>0[1-9]|[12]\d|3[01]|[1-9])(?!\d)"
)


def parse_stamp(text: str | None) -> datetime | None:
    """A W3C or RFC 822 date in UTC; None for anything else. A time without a zone is taken as UTC.

    >>> parse_stamp("2026-03-05T12:30:00+02:00").isoformat(), parse_stamp("Thu, 05 Mar 2026 12:30:00 GMT").hour
    ('2026-03-05T10:30:00+00:00', 12)
    >>> parse_stamp("2026-03").day, parse_stamp("last week") is None, parse_stamp("0000-00-00") is None
    (1, True, True)
    """
    text = (text or "").strip()
    if not text or len(text) > 64:
        return None
    match = _W3C.fullmatch(text)
    try:
        stamp = _from_w3c(match) if match else parsedate_to_datetime(text)
        return stamp.astimezone(UTC) if stamp.tzinfo else stamp.replace(tzinfo=UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _from_w3c(match: re.Match[str]) -> datetime:
    year, month, day, hour, minute, second, zone = match.groups()
    if zone and zone.upper() in ("Z", "UTC", "GMT"):
        zone = "+00:00"
    clock = f"{int(hour or 0):02}:{minute or '00'}:{min(int(second or 0), 59):02}"
    return datetime.fromisoformat(f"{year}-{int(month):02}-{int(day or 1):02}T{clock}{zone or '+00:00'}")


def day_in_url(path: str) -> date | None:
    """The day that a path states, if it does.

    >>> day_in_url("/2026/03/05/rain"), day_in_url("/news/20260305-rain.html"), day_in_url("/id/20269999")
    (datetime.date(2026, 3, 5), datetime.date(2026, 3, 5), None)
    """
    for match in _URL_DAY.finditer(path):
        try:
            return date(int(match["y"]), int(match["m"]), int(match["d"]))
        except ValueError:
            continue
    return None
