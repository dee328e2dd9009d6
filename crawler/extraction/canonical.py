"""The address that the page claims for itself, where the claim can be believed.

A claim that names the home page, another article or a foreign host is left out: two stories must never become one.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urljoin, urlsplit

from crawler.extraction.document import Document
from crawler.extraction.result import Found
from crawler.extraction.structured import Structured

_SIBLING = re.compile(r"^(?:www\d?|m|mobile|mobil|amp|touch|wap|edition|beta|new|old|web|us|uk|en|de)\.")
_INDEX = re.compile(r"/(?:index|default|home)\.(?:html?|php|aspx?|jsp)$|/$")
_VARIANT = re.compile(r"(?:^|[./_-])(?:amp|m|mobile|print|page|p|seite|pagina)(?:[./_-]?\d{0,3})(?=$|[./_?-])", re.I)
_NUMBER = re.compile(r"\d{5,}")
_WORD = re.compile(r"[^\W\d_]{3,}")
_MARKER_SUFFIXES = frozenset(["co", "com", "org", "net", "gov", "ac", "edu", "gob", "or", "ne", "go", "gen"])
PLAIN_ADDRESS = re.compile(r"https?://[a-zA-Z0-9.-]+/[\w./%-]*(?:\?[\w./%=&+-]+)?", re.ASCII)
"""Most addresses are complete and hold nothing that has to be resolved or left out: these stand as they are."""
MAX_LENGTH = 2_000


def find_canonical(doc: Document, data: Structured) -> Found[str] | None:
    """The believed claim, absolute; None where there is none (`refused_canonical` says why).

    >>> from crawler.extraction.document import parse
    >>> page = parse(b'<link rel=canonical href="/2024/rain">', "https://m.a.test/2024/rain?utm_source=x")
    >>> find_canonical(page, Structured(page)).value
    'https://m.a.test/2024/rain'
    """
    for found in _claims(data):
        address = absolute(doc.url, found.value)
        if address and not why_not(doc.url, address):
            return Found(address, found.source)
    return None


def refused_canonical(doc: Document, data: Structured) -> str | None:
    """Why the page's claim was not believed, in words; None where it was, or where there is no claim.

    >>> from crawler.extraction.document import parse
    >>> page = parse(b'<link rel=canonical href="/">', "https://a.test/2024/rain")
    >>> refused_canonical(page, Structured(page))
    'link canonical: names the home page'
    """
    for found in _claims(data):
        address = absolute(doc.url, found.value)
        reason = why_not(doc.url, address) if address else "is no web address"
        if not reason:
            return None
        return f"{found.source}: {reason}"
    return None


def _claims(data: Structured) -> list[Found[str]]:
    found = [Found(href, "link canonical") for href in data.links.get("canonical", ())]
    found += data.meta_values("og:url", "twitter:url", "parsely-link")
    return [claim for claim in found if 0 < len(claim.value) <= MAX_LENGTH]


def join_address(base: str, address: str) -> str:
    """What `urljoin` makes of the two, which is slow. Raises ValueError for what it cannot take apart."""
    return address if PLAIN_ADDRESS.fullmatch(address) else urljoin(base, address)


def absolute(base: str, address: str) -> str | None:
    """The address resolved against the page's own, without fragment; None where it is no http address.

    >>> absolute("https://a.test/x/y", "../rain#top"), absolute("https://a.test/", "javascript:void(0)")
    ('https://a.test/rain', None)
    """
    if PLAIN_ADDRESS.fullmatch(address):
        return address
    try:
        parts = urlsplit(urljoin(base, address.strip()))
        if parts.scheme not in ("http", "https") or not parts.hostname or " " in parts.netloc:
            return None
        return parts._replace(fragment="").geturl()
    except ValueError:
        return None


def why_not(url: str, claim: str) -> str | None:
    """Why a page fetched from `url` is not believed to be `claim`; None where it may be.

    >>> why_not("https://a.test/2024/rain-falls-123456", "https://www.a.test/rain-falls-123456")
    >>> why_not("https://a.test/2024/rain-falls-123456", "https://a.test/2024/sun-shines-654321")
    'names another article'
    >>> why_not("https://a.test/rain", "https://b.test/rain")
    'names another host'
    """
    if claim == url:  # as most pages say
        return None
    try:
        own, other = urlsplit(url), urlsplit(claim)
        own_host, other_host = bare_host(own.hostname or ""), bare_host(other.hostname or "")
    except ValueError:
        return "is no web address"
    if not own_host:
        return None
    if own_host != other_host and registered(own_host) != registered(other_host):
        return "names another host"
    if _is_home(other) and not _is_home(own):
        return "names the home page"
    return None if _same_story(own, other) else "names another article"


def host_of(url: str) -> str:
    """The host of an address without `www.`; "" where it names none, or cannot be taken apart.

    >>> host_of("https://www.A.test:8000/1"), host_of("/1"), host_of("http://[::1")
    ('a.test', '', '')
    """
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def bare_host(host: str) -> str:
    """The host without the labels by which sites tell their variants apart.

    >>> bare_host("amp.www.a.test"), bare_host("m.a.test")
    ('a.test', 'a.test')
    """
    host = host.lower().rstrip(".")
    while _SIBLING.match(host) and host.count(".") >= 2:
        host = host.split(".", 1)[1]
    return host


def registered(host: str) -> str:
    """The part of a host that one owner registers, by rule of thumb.

    >>> registered("news.a.co.test"), registered("blogs.a.test")
    ('a.co.test', 'a.test')
    """
    labels = host.split(".")
    size = 3 if len(labels) >= 3 and labels[-2] in _MARKER_SUFFIXES else 2
    return ".".join(labels[-size:])


def _is_home(parts: SplitResult) -> bool:
    return _INDEX.sub("", parts.path) == "" and not re.search(r"\d{3,}|=", parts.query)


def _same_story(own: SplitResult, other: SplitResult) -> bool:
    """Two addresses of one host that may be one story: same path but for variants, same number, or common words."""
    paths = [_VARIANT.sub("", _INDEX.sub("", parts.path)).strip("/").lower() for parts in (own, other)]
    if paths[0] == paths[1]:
        return _same_query(own, other)
    numbers = [set(_NUMBER.findall(f"{parts.path}?{parts.query}")) for parts in (own, other)]
    if numbers[0] and numbers[1]:
        return bool(numbers[0] & numbers[1])
    last = [set(_WORD.findall(path.rsplit("/", 1)[-1])) or set(_WORD.findall(path)) for path in paths]
    if not last[0] or not last[1]:
        return bool(numbers[0]) != bool(numbers[1]) or paths[0] in paths[1] or paths[1] in paths[0]
    common = len(last[0] & last[1]) / min(len(last[0]), len(last[1]))
    return common >= 0.5 or bool(numbers[0]) != bool(numbers[1])


def _same_query(own: SplitResult, other: SplitResult) -> bool:
    """With equal paths, a number in both queries must be the same one ("?id=12345")."""
    numbers = [set(re.findall(r"\d{2,}", parts.query)) for parts in (own, other)]
    return not (numbers[0] and numbers[1]) or bool(numbers[0] & numbers[1])
