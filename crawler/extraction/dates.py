"""When the article was published and last changed, to the minute where the page says so.

Machine-readable statements about the main article come first, then the date a reader sees at the headline, the
embedded state, the address. Dates of comments and of other stories are kept out by where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from crawler.extraction.clock import zone_named
from crawler.extraction.date_text import make_day, parse_date
from crawler.extraction.document import Document
from crawler.extraction.language import declared_tag
from crawler.extraction.lexicon import lexicon
from crawler.extraction.result import Found
from crawler.extraction.shown_dates import ShownDate, shown_dates
from crawler.extraction.stamps import Locale, Stamp
from crawler.extraction.structured import Structured
from crawler.extraction.text import as_text

_META: dict[str, list[str]] = lexicon("dates")["meta"]
_URL_DAY = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d{2})(?P<s>[/_.-])(?P<m>0?[1-9]|1[0-2])(?P=s)(?P<d>0?[1-9]|[12]\d|3[01])(?!\d)"
    r"|(?<!\d)(?P<y2>20[0-4]\d)(?P<m2>0[1-9]|1[0-2])(?P<d2>0[1-9]|[12]\d|3[01])(?!\d)"
)
_URL_NAMED = re.compile(r"/((?:19|20)\d{2})/([a-z]{3})/(\d{1,2})(?=/)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EARLIEST = datetime(1800, 1, 1, tzinfo=UTC)
_EPOCH_START = datetime(1969, 12, 31, tzinfo=UTC)
_EPOCH_END = datetime(1970, 1, 3, tzinfo=UTC)
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)
_SURE = 2.5
"""Score of a shown date that goes before a weak claim."""
_SAME = timedelta(minutes=2)


def find_published(doc: Document, data: Structured) -> Found[datetime] | None:
    """The moment of publication, aware, in the zone that the page writes it in; midnight where it names a day only.

    >>> from crawler.extraction.document import parse
    >>> page = parse(b'<h1>Rain</h1><p>By Ann | March 3, 2026 14:05 | Updated March 4, 2026 09:00</p>', "http://a.test/")
    >>> find_published(page, Structured(page)).value.isoformat()
    '2026-03-03T14:05:00+00:00'
    """
    locale = page_locale(doc, data)
    claimed = _first(_claimed(data, "published", ("datePublished",)), locale)
    if _selected(doc, "published_at", locale):
        return _plain(_selected(doc, "published_at", locale))
    if claimed and claimed.value.has_time and (not claimed.value.has_zone or claimed.value.at.utcoffset()):
        return _plain(claimed)  # nothing that the page shows could add to it
    shown = shown_dates(doc, data, locale)
    if claimed:
        return _plain(_in_page_zone(claimed, shown))
    seen = next((date for date in shown if not date.updated), None)
    weak = _first(_weak_claims(data), locale)
    of_state = None if seen and seen.stamp.has_time else _from_state(data, "state_published", locale)
    if of_state and of_state.value.has_time:
        return _plain(of_state)  # the article's own record, to the minute, goes before a day that the page shows
    if seen and (seen.score >= _SURE or not weak):
        return Found(seen.stamp.at, seen.source)
    return _plain(weak or of_state) or _from_url(doc.url, locale)


def find_modified(doc: Document, data: Structured) -> Found[datetime] | None:
    """The moment of the last change that the page admits to; None where it says none.

    >>> from crawler.extraction.document import parse
    >>> page = parse(b'<h1>Rain</h1><p>March 3, 2026 14:05 | Updated March 4, 2026 09:00</p>', "http://a.test/")
    >>> find_modified(page, Structured(page)).value.isoformat()
    '2026-03-04T09:00:00+00:00'
    """
    locale = page_locale(doc, data)
    claimed = _first(_claimed(data, "modified", ("dateModified",)), locale)
    if claimed and claimed.value.has_time:
        return _plain(claimed)
    seen = next((date for date in shown_dates(doc, data, locale) if date.updated), None)
    of_state = None if claimed or (seen and seen.stamp.has_time) else _from_state(data, "state_modified", locale)
    if of_state and of_state.value.has_time:
        return _plain(of_state)
    if seen and (not claimed or seen.stamp.at.date() == claimed.value.at.date()):
        return Found(seen.stamp.at, seen.source)
    return _plain(claimed or of_state)


def page_locale(doc: Document, data: Structured) -> Locale:
    """Zone, language and date order of the page: from the site's hints, its own stamps, its declared region, its host.

    >>> from crawler.extraction.document import parse
    >>> page = parse(b'<html lang="en-US">', "http://a.test/")
    >>> page_locale(page, Structured(page)).month_first
    True
    """
    if "locale" not in data.notes:
        data.notes["locale"] = _read_locale(doc, data)
    locale: Locale = data.notes["locale"]
    return locale


def _read_locale(doc: Document, data: Structured) -> Locale:
    tag = (declared_tag(doc, data) or "").lower().replace("_", "-")
    language, _, region = tag.partition("-")
    zone = zone_named(doc.hints.time_zone) or _zone_of_stamps(data) or UTC
    return Locale(zone, language or None, _month_first(language, region, doc.url), doc.fetched_at)


def _month_first(language: str, region: str, url: str) -> bool:
    """Whether "03/04" is the fourth of March: where the page declares such a region; else English on no country's host.

    >>> _month_first("en", "", "https://a.test/"), _month_first("en", "", "https://a.co.uk/")
    (True, False)
    """
    if region:
        return region[-2:] in lexicon("dates")["month_first_regions"]
    try:
        parts = urlsplit(url)
        ending = (parts.hostname or "").rsplit(".", 1)[-1]
    except ValueError:
        return False
    local = len(ending) == 2 and ending not in lexicon("dates")["month_first_regions"]
    if local or re.search(r"/(?:en-(?!us)[a-z]{2}|uk|au|in)(?:/|$)", parts.path.lower()):
        return False
    return language in ("en", "")


def _zone_of_stamps(data: Structured) -> Any:
    """The offset of the first machine-readable stamp that carries one other than zero."""
    for found in _claimed(data, "modified", ("dateModified", "datePublished", "dateCreated")):
        stamp = read_stamp(found.value, Locale())
        if stamp and stamp.has_zone and stamp.at.utcoffset():
            return stamp.at.tzinfo
    return None


def read_stamp(value: Any, locale: Locale) -> Stamp | None:
    """A machine-readable moment: ISO 8601, RFC 822, seconds or milliseconds since 1970, else any written date.

    >>> read_stamp("2023-12-20T10:15:00-05:00", Locale()).at.isoformat()
    '2023-12-20T10:15:00-05:00'
    >>> read_stamp(1703067300, Locale()).at.isoformat()
    '2023-12-20T10:15:00+00:00'
    >>> read_stamp("0001-01-01T00:00:00Z", Locale()) is None
    True
    """
    text = as_text(value)
    if text.isdigit() and len(text) in (10, 13):
        seconds = int(text[:10])
        return Stamp(datetime.fromtimestamp(seconds, UTC), True, has_zone=True) if seconds > 10**8 else None
    try:
        moment = datetime.fromisoformat(text.strip())
        has_time = len(text.strip()) > 10
        zoned = moment.tzinfo is not None
        stamp = Stamp(moment if zoned else moment.replace(tzinfo=locale.zone), has_time, has_zone=zoned)
    except ValueError:
        stamp = parse_date(text, locale) or Stamp(_EARLIEST, False)
    return stamp if _believable(stamp.at, locale) else None


def _believable(moment: datetime, locale: Locale) -> bool:
    """Not a placeholder of a database (year 1, 1970), not after the page was fetched."""
    try:
        at = moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return False
    if at <= _EARLIEST or _EPOCH_START <= at < _EPOCH_END:
        return False
    return at < (locale.now + timedelta(days=2) if locale.now else _LATEST)


def _claimed(data: Structured, kind: str, keys: tuple[str, ...]) -> Iterator[Found[Any]]:
    yield from data.claims(*keys)
    yield from data.meta_values(*_META[kind])
    yield from (
        Found(item[key], f"microdata {key}")
        for item in data.microdata[-1:]
        if not item.get("@type")
        for key in keys
        if key in item
    )


def _weak_claims(data: Structured) -> Iterator[Found[Any]]:
    """Statements that are not quite about publication, or not quite about this article."""
    yield from data.meta_values(*_META["weak"])
    yield from data.claims("dateCreated", "uploadDate")
    for node in data.nodes:
        if node.get("datePublished") and data.is_page_node(node):
            yield Found(node["datePublished"], "json-ld WebPage datePublished")


def _first(claims: Iterable[Found[Any]], locale: Locale) -> Found[Stamp] | None:
    for claim in islice(claims, 40):
        value = claim.value[0] if isinstance(claim.value, list) else claim.value
        stamp = read_stamp(value, locale)
        if stamp:
            return Found(stamp, claim.source)
    return None


def _plain(found: Found[Stamp] | None) -> Found[datetime] | None:
    return Found(found.value.at, found.source) if found else None


def _selected(doc: Document, field: str, locale: Locale) -> Found[Stamp] | None:
    for node in doc.select(field):
        for text in (node.attributes.get("datetime"), node.attributes.get("content"), node.text(deep=True)):
            stamp = read_stamp(text, locale) if text else None
            if stamp:
                return Found(stamp, "selector")
    return None


def _in_page_zone(claimed: Found[Stamp], shown: list[ShownDate]) -> Found[Stamp]:
    """A claim with what the page shows added: the minute where it names a day, the local zone where it names UTC."""
    stamp = claimed.value
    for date in shown:
        seen = date.stamp
        if not seen.has_time:
            continue
        if not stamp.has_time and seen.at.date() == stamp.at.date() and not date.updated:
            return Found(seen, f"{claimed.source} + {date.source}")
        zone = shown_zone(stamp.at, seen) if stamp.has_time and stamp.has_zone else None
        if zone:
            return Found(Stamp(stamp.at.astimezone(zone), True, has_zone=True), claimed.source)
    return claimed


def shown_zone(moment: datetime, seen: Stamp) -> tzinfo | None:
    """The zone in which a clock time on the page is the given moment; None where it can be no such thing.

    >>> seen = parse_date("December 22, 2023 10:00 PM")
    >>> str(shown_zone(datetime(2023, 12, 23, 3, 0, 46, tzinfo=UTC), seen))
    'UTC-05:00'
    """
    if seen.has_zone:
        return seen.at.tzinfo if seen.at.utcoffset() and abs(seen.at - moment) <= _SAME else None
    ahead = seen.at.replace(tzinfo=UTC) - moment.astimezone(UTC).replace(second=0, microsecond=0)
    quarters = round(ahead / timedelta(minutes=15))
    if not quarters or abs(quarters) > 56 or abs(ahead - quarters * timedelta(minutes=15)) > timedelta(minutes=1):
        return None
    return timezone(quarters * timedelta(minutes=15))


def _from_state(data: Structured, keys: str, locale: Locale) -> Found[Stamp] | None:
    story = {key.lower(): value for key, value in (data.story or {}).items()}
    wanted = lexicon("dates")["meta"][keys]
    return _first((Found(story[key], f"state {key}") for key in wanted if story.get(key)), locale)


def _from_url(url: str, locale: Locale) -> Found[datetime] | None:
    """The day in an address, the last evidence.

    >>> _from_url("https://a.test/2024/02/17/rain", Locale()).value.isoformat()
    '2024-02-17T00:00:00+00:00'
    """
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    match, named = _URL_DAY.search(path), _URL_NAMED.search(path.lower())
    parts = (
        [int(part) for part in match.group(*(("y", "m", "d") if match["y"] else ("y2", "m2", "d2")))] if match else []
    )
    day = make_day(*parts) if parts else None
    if not day and named and named[2] in _MONTHS:
        day = make_day(int(named[1]), _MONTHS.index(named[2]) + 1, int(named[3]))
    if not day:
        return None
    moment = datetime(day.year, day.month, day.day, tzinfo=locale.zone)
    return Found(moment, "url") if _believable(moment, locale) else None
