"""Where a crawl stops following: traps that a URL gives away, and listings that never end.

The figures are Heritrix's (PathologicalPath and TooManyPathSegments decide rules), which have stood for twenty years.
"""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import parse_qsl, unquote, urlsplit

from archive.addresses import LONGEST_ADDRESS
from crawler.discovery.words import word_list

MAX_SEGMENT_REPEATS = 2
MAX_PATH_DEPTH = 20
MAX_PARAMETERS = 8
MAX_SITEMAPS = 1000
"""Read in one crawl of a site; the next one goes on with those that were not."""
MAX_FEEDS = 30
"""Of those that a home page names."""
MAX_PAGES = 50
"""Of one section in one crawl; a listing that brings nothing new ends before."""

_CALENDAR = re.compile(
    r"[/?&](?:calend|kalend|agenda|event|evento|veranstalt|termin|afisha|eseményt|etkinlik)", re.IGNORECASE
)
_YEAR = re.compile(r"(?<!\d)(?:19|20|21)\d\d(?!\d)|(?<!\d)(?:19|20|21)\d\d[01]\d(?:[0-3]\d)?(?!\d)")
_DATE_QUERY = re.compile(
    r"[?&](?:y|year|jahr|yr|annee|ano)=\d{4}&(?:m|month|mon|monat|mois|mes)=\d"
    r"|[?&](?:ym|yearmonth|month)=\d{4}-?\d\d?(?:&|$)",
    re.IGNORECASE,
)
_RANDOM = re.compile(r"(?=.*\d)(?=.*[a-z])[0-9a-z_-]{12,}|[0-9a-f]{16,}", re.IGNORECASE)
_PATH_SESSION = re.compile(r";jsessionid=|/\(s\([a-z0-9]{20,}\)\)/", re.IGNORECASE)


def trap(url: str) -> str | None:
    """Why a URL should not be followed; None for one that shows no sign of a trap.

    >>> trap("https://a.example/news/rain"), trap("https://a.example/x/x/x/x/"), trap("https://a.example/calendar/2031/05/")
    (None, 'repeated path segment', 'calendar')
    >>> trap("https://a.example/list?PHPSESSID=8f3a"), trap("https://a.example/modules.php?name=News&sid=4711")
    ('session id', None)
    """
    if len(url) > LONGEST_ADDRESS:
        return "long URL"
    try:
        parts = urlsplit(url)
    except ValueError:
        return "broken URL"
    segments = [segment for segment in parts.path.split("/") if segment]
    if len(segments) > MAX_PATH_DEPTH:
        return "deep path"
    if any(count > MAX_SEGMENT_REPEATS for count in Counter(segments).values()):
        return "repeated path segment"
    if _PATH_SESSION.search(parts.path):
        return "session id"
    if _is_calendar(url, segments):
        return "calendar"
    return _trap_in_query(parts.query)


def _is_calendar(url: str, segments: list[str]) -> bool:
    """A calendar's word with a year behind it; an article on an event has a longer name."""
    if _DATE_QUERY.search(url):
        return True
    plain = unquote(url)
    word = _CALENDAR.search(plain)
    named = bool(segments) and segments[-1].count("-") >= 3
    return word is not None and not named and bool(_YEAR.search(plain, word.end()))


def _trap_in_query(query: str) -> str | None:
    pairs = parse_qsl(query, keep_blank_values=True)
    names = [name.lower() for name, _ in pairs]
    if len(pairs) > MAX_PARAMETERS or any(count > MAX_SEGMENT_REPEATS for count in Counter(names).values()):
        return "many parameters"
    sure, doubtful = word_list("parameters", "session"), word_list("parameters", "session_if_random")
    for name, (_, value) in zip(names, pairs, strict=True):
        if name in sure or name.startswith("aspsession") or (name in doubtful and _RANDOM.fullmatch(value)):
            return "session id"
    return None


def goes_on(pages_read: int, new_on_last_page: int, max_pages: int = MAX_PAGES) -> bool:
    """True where a listing's next page is worth a fetch: the last one brought something new, and there is room.

    >>> goes_on(1, 7), goes_on(2, 0), goes_on(50, 10)
    (True, False, False)
    """
    return new_on_last_page > 0 and pages_read < max_pages
