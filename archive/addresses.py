"""Which addresses are one article's: the normal form of a URL, and the key its variants share.

Pure. Knows no site by name; the parameters that say how somebody came stand in `data/addresses.toml`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable
from functools import lru_cache, wraps
from importlib import resources
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")
_DATA: dict[str, Any] = tomllib.loads(resources.files("archive").joinpath("data/addresses.toml").read_text("utf-8"))
_TRACKING_PREFIXES = tuple(_DATA["tracking"]["prefixes"])
_TRACKING = frozenset(_DATA["tracking"]["names"])
_DROPPED = frozenset(_DATA["tracking"]["names"] + _DATA["presentation"]["names"] + _DATA["session"]["names"])
_DROPPED_VALUES: dict[str, frozenset[str]] = {k: frozenset(v) for k, v in _DATA["presentation"]["values"].items()}
_SESSION_SUSPECTS = frozenset(_DATA["session"]["suspects"])
_SESSION_NAMES = "|".join(re.escape(name) for name in _DATA["session"]["names"])
_HOST_LABELS = frozenset(_DATA["key"]["host_labels"])
_PATH_LABELS = frozenset(_DATA["key"]["path_labels"])
_INDEX_PAGES = frozenset(_DATA["key"]["index_pages"])
_PAGE_NAMES = frozenset(_DATA["key"]["page_names"])

_PARTS = re.compile(r"(https?):[/\\]*([^/\\?#]*)([^?#]*)(?:\?([^#]*))?(?:#.*)?\Z", re.IGNORECASE | re.DOTALL)
_CONTROLS = "".join(map(chr, range(0x21)))
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SAFE = _UNRESERVED | frozenset(b"!$&'()*+,;=:@/[]")
_QUERY_SAFE = (_PATH_SAFE | frozenset(b"?|{}")) - frozenset(b"'")
_PLAIN = re.compile(r"[A-Za-z0-9\-._~/=]*")
_PLAIN_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})|(.)", re.DOTALL)
_PATH_SESSION = re.compile(rf";(?:{_SESSION_NAMES})=[^/;]*|/\([SAF]\([A-Za-z0-9]{{16,}}\)\)", re.IGNORECASE)
_AMP_CACHE = re.compile(r"https?://[^/?]+\.cdn\.ampproject\.org/[a-z](?:/([sS]))?/(.+)", re.DOTALL)
_AMP_VIEWER = re.compile(r"https?://(?:www\.)?google\.[a-z.]+/amp/(?:(s)/)?(.+)", re.DOTALL)
_BREAKS = re.compile(r"[\t\r\n]")
_SLASHES = re.compile(r"(?<!:)/{2,}")
_PLAIN_PATH = re.compile(r"(?:/(?!\.)[A-Za-z0-9\-._~=]+)+/?")
_DRESSED = re.compile(r"(\.[a-z]+)?\.amp(?=\.html?$|$)|\.print(?=\.html?$)")
_SURROGATES = re.compile("[\ud800-\udfff]")


def _remembered(function: Callable[[str], T]) -> Callable[[str], T]:
    """Keeps the last answers: while a batch is recorded an address is asked for several times. None are kept for
    endless addresses, which would fill the memory."""
    kept = lru_cache(8192)(function)

    @wraps(function)
    def ask(text: str, /) -> T:
        return kept(text) if len(text) <= 1000 else function(text)

    return ask


LONGEST_ADDRESS = 2000
"""Bytes of an address and of its key: longer ones are traps or data, and no index of PostgreSQL takes 2,704."""


class NotHttp(ValueError):
    """The address is no http or https URL (says nothing of whether it is reachable)."""


class _Url(NamedTuple):
    """A normalised URL's parts; `host` has the port, `query` holds (name, whole parameter)."""

    scheme: str
    host: str
    path: str
    query: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        query = "&".join(whole for _, whole in self.query)
        return f"{self.scheme}://{self.host}{self.path}{'?' if query else ''}{query}"


def normalise_url(url: str) -> str:
    """The one spelling of an http(s) URL that asks for the same page; idempotent; raises `NotHttp` only.

    >>> normalise_url("HTTPS://Www.Example.COM:443/a//b/../c%7E?utm_source=x&b=2&a=1#top")
    'https://www.example.com/a/c~?a=1&b=2'
    >>> normalise_url("http://bücher.example/é;jsessionid=1F2E")
    'http://xn--bcher-kva.example/%C3%A9'
    """
    return str(_normalise(url))


def without_tracking(url: str) -> str:
    """The URL without what says how somebody came; else letter by letter as it is given.

    >>> without_tracking("https://a.example/rain?id=7&utm_source=rss#top"), without_tracking("https://a.example/?A=%7e")
    ('https://a.example/rain?id=7#top', 'https://a.example/?A=%7e')
    """
    before, mark, rest = url.partition("?")
    query, hash_mark, fragment = rest.partition("#")
    pieces = query.split("&")
    kept = [each for each in pieces if not _is_tracking(each.partition("=")[0].lower())]
    if "#" in before or len(kept) == len(pieces):
        return url
    return before + (mark + "&".join(kept) if kept else "") + hash_mark + fragment


@_remembered
def url_key(url: str) -> str:
    """What all addresses of one article share; not itself an address.

    >>> url_key("http://m.example.com/2026/03/flood/amp/?utm_medium=social")
    'example.com/2026/03/flood'
    >>> url_key("https://www.example.com/2026/03/flood/index.html?page=1")
    'example.com/2026/03/flood'
    """
    parts = _normalise(url)
    path = _path_key(parts.path)
    query = [whole for name, whole in parts.query if not _is_page(name, whole, path)]
    return _host_key(parts.host) + path + ("?" + "&".join(query) if query else "")


def is_later_part(url: str, first: str) -> bool:
    """Whether a URL is that of a further page of the article whose first page the other one is.

    >>> is_later_part("https://a.example/rain?page=2", "https://a.example/rain")
    True
    >>> is_later_part("https://a.example/rain?page=1", "https://a.example/rain")
    False
    """
    return url_key(url) == url_key(first) and _part(_normalise(url)) > 1 >= _part(_normalise(first))


def _part(url: _Url) -> int:
    numbers = [whole.partition("=")[2] for name, whole in url.query if _is_page(name, whole, _path_key(url.path))]
    numbers += re.findall(r"/page/(\d{1,4})/?$", url.path, re.IGNORECASE)
    return int(numbers[0]) if numbers else 1


def is_web_address(url: str | None) -> bool:
    """Whether a URL can be asked for, and be told from others, in an archive.

    >>> is_web_address("https://a.example/"), is_web_address("http://[::"), is_web_address("dns:a.example")
    (True, False, False)
    """
    try:
        parts = urlsplit(url or "")
        is_asked = parts.port != 0 and parts.scheme in _DEFAULT_PORTS and bool(parts.hostname)
        return is_asked and max(len((url or "").encode()), len(url_key(url or ""))) <= LONGEST_ADDRESS
    except ValueError:
        return False


def host_key(url: str) -> str:
    """The host of a URL without `www.`, `m.` and the like: what the addresses of one site share.

    >>> host_key("https://en.m.example.org/a")
    'en.example.org'
    """
    return _host_key(_normalise(url).host)


@_remembered
def story_id(url: str) -> str | None:
    """The number (5 digits or more, no date) by which the site itself names the article, or None.

    >>> story_id("https://example.com/world/new-headline-48213377")
    '48213377'
    >>> story_id("https://example.com/2026/03/14/flood") is None
    True
    """
    path = _path_key(_normalise(url).path)
    numbers = [n for n in re.findall(r"(?<![0-9A-Za-z])[a-z]{0,2}(\d{5,})(?![0-9A-Za-z])", path) if not _is_date(n)]
    return numbers[-1] if numbers else None


def is_believable_canonical(page_url: str, canonical: str) -> bool:
    """False where a page's canonical link names another host, the home page, a section or another article.

    >>> is_believable_canonical("https://m.example.com/a/flood-in-town?x=1", "https://www.example.com/a/flood-in-town")
    True
    >>> is_believable_canonical("https://example.com/a/flood-in-town", "https://example.com/")
    False
    """
    try:
        page, claim = _normalise(page_url), _normalise(canonical)
    except NotHttp:
        return False
    if url_key(str(page)) == url_key(str(claim)):
        return True
    if not _same_site(_host_key(page.host), _host_key(claim.host)):
        return False
    here, there = _path_key(page.path), _path_key(claim.path)
    if not there and not claim.query:
        return False
    if here.startswith(there + "/"):
        return False
    return not _names_another_article(str(page), str(claim), here, there)


@_remembered
def _normalise(url: str) -> _Url:
    text = url if url.isascii() else _SURROGATES.sub("\ufffd", url)
    text = text.strip(_CONTROLS)
    match = _PARTS.match(text if text.isprintable() else _BREAKS.sub("", text))
    if match is None:
        raise NotHttp(f"not an http or https address: {url!r}")
    scheme, authority, path, query = match.groups(default="")
    scheme = scheme.lower()
    path = _normalise_path(path)
    return _unwrap_amp(_Url(scheme, _normalise_host(authority, scheme), path, _normalise_query(query)))


def _unwrap_amp(parts: _Url) -> _Url:
    """The article itself where the address is one in an AMP cache or viewer."""
    if "google." not in parts.host and not parts.host.endswith("ampproject.org"):
        return parts
    text = str(parts)
    match = _AMP_CACHE.match(text) or _AMP_VIEWER.match(text)
    if match is None or "." not in match[2].split("/")[0]:
        return parts
    return _normalise(f"{'https' if match[1] else 'http'}://{match[2]}")


def _normalise_host(authority: str, scheme: str) -> str:
    if _PLAIN_HOST.fullmatch(authority):
        return authority
    host = authority.rpartition("@")[2]
    match = re.fullmatch(r"(\[[^\]]*\]|[^:]*)(?::(.*))?", host, re.DOTALL)
    name, port = match.groups(default="") if match else (host, "")
    name = _unescape_host(name)
    labels = [_punycode(label) for label in re.split("[.\u3002\uff0e\uff61]", name)]
    name = ".".join(labels).strip(".") or "localhost"
    port = port.lstrip("0") if port.isdecimal() and port.isascii() else _encode(port, _UNRESERVED)
    return name if not port or port == _DEFAULT_PORTS[scheme] else f"{name}:{port}"


def _unescape_host(name: str) -> str:
    """A host's percent-escapes undone, in one case, without what can stand in no host."""
    raw = re.sub(rb"%([0-9A-Fa-f]{2})", lambda m: bytes([int(m[1], 16)]), name.encode("utf-8"))
    text = raw.decode("utf-8", "replace")
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())
    return "".join(c for c in text if c in "-_.[]:" or c.isalnum() or (not c.isascii() and c.isprintable()))


def _punycode(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")


def _normalise_path(path: str) -> str:
    if _PLAIN_PATH.fullmatch(path):
        return path
    path = _encode(path.replace("\\", "/"), _PATH_SAFE)
    path = _remove_dots(_PATH_SESSION.sub("", path))
    return _SLASHES.sub("/", path)


def _remove_dots(path: str) -> str:
    """RFC 3986, 5.2.4."""
    kept: list[str] = []
    segments = path.removeprefix("/").split("/")
    for segment in segments:
        if segment == "..":
            kept = kept[:-1]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _normalise_query(query: str) -> tuple[tuple[str, str], ...]:
    if not query:
        return ()
    kept = []
    for piece in query.split("&"):
        whole = _encode(piece, _QUERY_SAFE)
        name, _, value = whole.partition("=")
        if whole and not _is_dropped(name.lower(), value):
            kept.append((name.lower(), whole))
    return tuple(sorted(kept, key=lambda item: item[1].partition("=")[0]))


def _is_dropped(name: str, value: str) -> bool:
    if name in _DROPPED or _is_tracking(name):
        return True
    if name in _DROPPED_VALUES:
        return value.lower() in _DROPPED_VALUES[name]
    return name in _SESSION_SUSPECTS and re.fullmatch(r"(?=.*\d)[0-9A-Za-z-]{16,}", value) is not None


def _is_tracking(name: str) -> bool:
    return name in _TRACKING or name.startswith(_TRACKING_PREFIXES)


def _encode(text: str, safe: frozenset[int]) -> str:
    """One spelling of percent-encoding: UTF-8, capitals, nothing escaped that need not be."""

    def spell(match: re.Match[bytes]) -> str:
        escaped, plain = match.groups()
        byte = int(escaped, 16) if escaped else plain[0]
        keep = byte in (_UNRESERVED if escaped else safe)
        return chr(byte) if keep else f"%{byte:02X}"

    if _PLAIN.fullmatch(text):
        return text
    return "".join(map(spell, _ESCAPE.finditer(text.encode("utf-8"))))


@lru_cache(4096)
def _host_key(host: str) -> str:
    labels = host.split(".")
    kept = [label for at, label in enumerate(labels) if label not in _HOST_LABELS or at >= len(labels) - 2]
    return ".".join(kept)


def _path_key(path: str) -> str:
    """The path without what dresses an article: AMP, print, index pages, a last slash."""
    segments = [segment for segment in path.split("/") if segment]
    if ".amp" in path or ".print" in path:
        segments = [_DRESSED.sub(r"\1", segment) for segment in segments]
    while segments and (segments[-1].lower() in _INDEX_PAGES or segments[-1].lower() in _PATH_LABELS):
        segments.pop()
    if len(segments) > 1 and segments[0].lower() in _PATH_LABELS:
        segments.pop(0)
    if len(segments) > 2 and segments[-2].lower() == "page" and segments[-1].isdecimal():
        segments = segments[:-2]
    return "".join("/" + segment for segment in segments)


def _is_page(name: str, whole: str, path: str) -> bool:
    """A part of a multi-page article: never where the path is a script, whose `page` may choose the article."""
    value = whole.partition("=")[2]
    is_number = value.isascii() and value.isdecimal() and len(value) <= 2
    return name in _PAGE_NAMES and is_number and bool(path) and re.search(r"\.(?:php|aspx?|jsp|cgi|pl)$", path) is None


def _is_date(number: str) -> bool:
    return (
        re.fullmatch(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:(?:0[1-9]|[12]\d|3[01])(?:\d{4}|\d{6})?)?", number) is not None
    )


def _same_site(one: str, other: str) -> bool:
    """One host is the other's or they share a registrable domain (a second level of 1-3 letters is a suffix)."""
    a, b = one.split("."), other.split(".")
    if len(a) < 2 or len(b) < 2:
        return one == other
    needed = 3 if len(a[-1]) == 2 and len(a[-2]) <= 3 and len(a) > 2 else 2
    return a[-needed:] == b[-needed:]


def _names_another_article(page: str, claim: str, here: str, there: str) -> bool:
    mine, theirs = story_id(page), story_id(claim)
    if mine and theirs:
        return mine != theirs
    dates = [re.findall(r"/((?:19|20)\d\d)[/-]?(\d\d?)(?:[/-]?(\d\d?))?(?=/|$)", path) for path in (here, there)]
    if all(dates) and dates[0] != dates[1]:
        return True
    slugs = [{w for w in re.split(r"[-_.]", path.rpartition("/")[2].lower()) if len(w) > 2} for path in (here, there)]
    shorter = min(map(len, slugs))
    return shorter >= 3 and 2 * len(slugs[0] & slugs[1]) < shorter
