"""What can be worked out about captures before a transaction is open: keys, digests, packed records, order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from archive import storage
from archive.addresses import LONGEST_ADDRESS, without_tracking
from archive.errors import InvalidRecord
from archive.families import bands_of
from archive.identity import Digests, NotHttp, digests, host_key, is_web_address, story_id, url_key
from archive.model import COUNTERS, Capture, Content, Counter, Engagement, Outcome, Verdict

DECIDED_HERE = frozenset({None, Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED})
SEEN = frozenset({Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED, Outcome.NOT_MODIFIED})
"""Outcomes that say: the article was there."""
LARGEST = 2**63 - 1
"""Number that a database can have."""
_NAMES = {kind: tuple(field.name for field in fields(kind)) for kind in (Capture, Content, Engagement, Counter)}
_NO_TEXT = re.compile("[\0\ud800-\udfff]")


@dataclass(slots=True)
class Prepared:
    """A capture with all that depends on it alone."""

    place: int
    """Where it stood in what the caller gave."""
    capture: Capture
    key: str
    others: dict[str, str]
    """Other addresses of the same article: key -> URL, the canonical one first."""
    home: str
    """The URL by which a new article of this capture is known."""
    data: bytes | None = None
    digest: str | None = None
    """Over `data`."""
    _digests: Digests | None = None
    _bands: tuple[int, ...] | None = None

    @property
    def digests(self) -> Digests | None:
        """Of the content; made when first asked for, since most looks find the very words of the look before."""
        if self._digests is None and self.content is not None:
            self._digests = digests(self.content)
        return self._digests

    @property
    def bands(self) -> tuple[int, ...]:
        """By which copies of the text are found."""
        if self._bands is None:
            self._bands = bands_of(self.content.body) if self.content is not None else ()
        return self._bands

    @property
    def is_new(self) -> bool:
        """Whether its text was not stored yet when it was prepared."""
        return self._bands is not None

    @property
    def at(self) -> datetime:
        return self.capture.captured_at

    @property
    def content(self) -> Content | None:
        """What the page says; None where nothing was read."""
        return self.capture.content if self.data is not None else None

    @property
    def is_seen(self) -> bool:
        """Whether the article was there."""
        return self.data is not None or self.capture.outcome in SEEN

    @property
    def order(self) -> tuple[datetime, str, str]:
        """Order of capture, the same however the captures arrived."""
        return self.at, self.digest or "", self.capture.outcome or ""


def prepare(captures: Iterable[Capture]) -> list[Prepared]:
    """The captures in order of capture. Raises `InvalidRecord` for one that cannot be recorded."""
    return sorted((_prepare(place, capture) for place, capture in enumerate(captures)), key=lambda one: one.order)


def key_of(url: str) -> str:
    """`identity.url_key`, or the address itself where it is no web address (`urn:` of an imported text)."""
    try:
        return url_key(url)
    except NotHttp:
        return url


def host_of(url: str) -> str:
    """The host with its port, in lower case; the scheme where there is no host."""
    parts = urlsplit(url)
    return (parts.netloc.rpartition("@")[2] or parts.scheme).lower()


def story_of(url: str) -> str | None:
    """Host and story number, which stay when a site rewrites the headline in its address; None without a number.

    >>> story_of("https://www.news.test/world/river-rises-48213377")
    'news.test#48213377'
    """
    try:
        number = story_id(url)
        return f"{host_key(url)}#{number}" if number is not None else None
    except NotHttp:
        return None


def home_of(url: str) -> str:
    """The home page of the site that a URL is on."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/" if parts.netloc else url


def utc(moment: datetime, what: str) -> datetime:
    """The moment in UTC; raises `InvalidRecord` for one without a time zone."""
    if moment.tzinfo is None:
        raise InvalidRecord(f"{what} has a time without a zone ({moment.isoformat()}); give an aware datetime")
    return moment.astimezone(UTC)


def storable(value: Any) -> Any:
    """A record with U+FFFD where it has what no database takes for text: NUL, half a surrogate pair.

    >>> storable(Content(title="a\\0b", authors=("Ann",))).title == "a\ufffdb"
    True
    """
    if value is None or isinstance(value, bool | int | datetime):
        return value
    if isinstance(value, str):
        return value if _is_text(value) else _NO_TEXT.sub("\ufffd", value)
    if isinstance(value, tuple):
        said = tuple(map(storable, value))
        return value if said == value else said
    if isinstance(value, dict):
        return {name: storable(each) for name, each in value.items()}
    changed = {}
    for name in _NAMES.get(type(value), ()):
        old = getattr(value, name)
        if (new := storable(old)) is not old and new != old:
            changed[name] = new
    return replace(value, **changed) if changed else value


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in value


def _prepare(place: int, given: Capture) -> Prepared:
    capture: Capture = storable(given)
    _check(capture)
    others, home = _addresses(capture)
    prepared = Prepared(place, capture, key_of(capture.url), others, home)
    if capture.content is not None and capture.outcome in DECIDED_HERE:
        _gate(capture)
        prepared.data = storage.pack(capture.content)
        prepared.digest = storage.digest(prepared.data)
    return prepared


def _check(capture: Capture) -> None:
    """Raises `InvalidRecord` for what cannot be written down."""
    utc(capture.captured_at, f"the capture of {capture.url!r}")
    for name in ("published_at", "modified_at"):
        if (moment := getattr(capture.content, name, None)) is not None:
            utc(moment, f"{name} of the capture of {capture.url!r}")
    if capture.outcome is None and capture.content is None:
        raise InvalidRecord(f"the capture of {capture.url!r} has neither an outcome nor content; give one of them")
    if not _is_address(capture.url):
        raise InvalidRecord(f"{capture.url[:200]!r} is no address of a page, or too long for one")
    for name in COUNTERS:
        counter = getattr(capture.engagement, name, None)
        if counter is not None and abs(counter.value) > LARGEST:
            raise InvalidRecord(f"{name} of {capture.url!r} is {counter.value}; no counter of a page is so large")


def _gate(capture: Capture) -> None:
    """Nothing but an article becomes a version."""
    if capture.verdict not in (None, Verdict.ARTICLE):
        raise InvalidRecord(
            f"the capture of {capture.url!r} has content though its verdict is {capture.verdict.value!r};"
            " give it an outcome of its own (blocked, not_article, ...)"
        )


def _addresses(capture: Capture) -> tuple[dict[str, str], str]:
    claimed = capture.content.canonical_url if capture.content is not None else None
    named = [url for url in (claimed, capture.final_url, *capture.other_urls) if url is not None and _is_address(url)]
    others = {key_of(url): url for url in reversed(named)}
    home = next((url for url in (claimed, capture.final_url) if url in named), None) or capture.url
    home = home if home == claimed else without_tracking(home)
    return {key: others[key] for key in dict.fromkeys(map(key_of, named))}, home


def _is_address(url: str) -> bool:
    return is_web_address(url) or (url.startswith("urn:") and 4 < len(url.encode()) <= LONGEST_ADDRESS)
