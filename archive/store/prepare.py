"""What can be worked out about captures before a transaction is open: keys, digests, packed records, order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from archive import storage
from archive.errors import InvalidRecord
from archive.families import bands_of
from archive.identity import Digests, NotHttp, digests, host_key, story_id, url_key
from archive.model import Capture, Content, Outcome, Verdict

DECIDED_HERE = frozenset({None, Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED})
SEEN = frozenset({Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED, Outcome.NOT_MODIFIED})
"""Outcomes that say: the article was there."""


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


def _prepare(place: int, capture: Capture) -> Prepared:
    utc(capture.captured_at, f"the capture of {capture.url!r}")
    if capture.outcome is None and capture.content is None:
        raise InvalidRecord(f"the capture of {capture.url!r} has neither an outcome nor content; give one of them")
    others, home = _addresses(capture)
    prepared = Prepared(place, capture, key_of(capture.url), others, home)
    if capture.content is not None and capture.outcome in DECIDED_HERE:
        _gate(capture)
        prepared.data = storage.pack(capture.content)
        prepared.digest = storage.digest(prepared.data)
    return prepared


def _gate(capture: Capture) -> None:
    """Nothing but an article becomes a version."""
    if capture.verdict not in (None, Verdict.ARTICLE):
        raise InvalidRecord(
            f"the capture of {capture.url!r} has content though its verdict is {capture.verdict.value!r};"
            " give it an outcome of its own (blocked, not_article, ...)"
        )


def _addresses(capture: Capture) -> tuple[dict[str, str], str]:
    claimed = capture.content.canonical_url if capture.content is not None else None
    named = [url for url in (claimed, capture.final_url, *capture.other_urls) if url]
    others = {key_of(url): url for url in reversed(named)}
    return {key: others[key] for key in dict.fromkeys(map(key_of, named))}, claimed or capture.final_url or capture.url
