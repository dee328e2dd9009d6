"""Which URLs are worth following at all, and which belong to one site.

Knows nothing of what a page behind a URL may be; `classify` judges that.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urljoin, urlsplit

from w3lib.url import safe_url_string

from archive.addresses import LONGEST_ADDRESS

_PORT_OF_SCHEME = {"http": 80, "https": 443}
_LINE_BREAK = re.compile(r"[\t\r\n]+")
_CONTROL = re.compile(r"[\x00-\x20\x7f]+")
_HAS_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_PLAIN = re.compile(r"[!-~]+")
_ABSOLUTE = re.compile(r"https?://[A-Za-z0-9.-]+(?:/[!-~]*)?")
_PATH_SESSION = re.compile(r";(?:jsessionid|sid|phpsessid)=[^/?]*", re.IGNORECASE)
_AUTHORITY = re.compile(r"(https?)://([^/?#]*)", re.IGNORECASE)


def resolve(href: str | None, base: str) -> str | None:
    """The absolute http(s) URL that a link leads to, without fragment and session; None where no page is meant.

    >>> resolve("../b?x=1#top", "https://a.example/news/today/")
    'https://a.example/news/b?x=1'
    >>> resolve("javascript:void(0)", "https://a.example/") is None
    True
    >>> resolve("http://user:secret@a.example/", "https://a.example/") is None
    True
    """
    href = _CONTROL.sub(" ", _LINE_BREAK.sub("", href or "")).strip()
    if not href or href.startswith("#") or len(href) > LONGEST_ADDRESS:
        return None
    if _ABSOLUTE.fullmatch(href) and ";" not in href:  # nearly all of a sitemap's; saves most of the time
        return href.partition("#")[0]
    if _HAS_SCHEME.match(href) and not href.lower().startswith(("http:", "https:")):
        return None
    try:
        url = _PATH_SESSION.sub("", urljoin(base, href.replace(" ", "%20")).partition("#")[0])
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORT_OF_SCHEME or not parts.hostname or "@" in parts.netloc or port == 0:
        return None
    encoded = _encoded(url)
    return encoded if encoded is not None and len(encoded) <= LONGEST_ADDRESS else None


def _encoded(url: str) -> str | None:
    """The URL in ASCII, as it goes over the wire (a path in UTF-8, a host in punycode)."""
    if _PLAIN.fullmatch(url):
        return url
    try:
        return str(safe_url_string(url))
    except (ValueError, UnicodeError):
        return None


def same_site(url: str, home: str) -> bool:
    """True where both URLs are of one publication: the same registrable domain (and port).

    `www.`, `m.`, `amp.` and other subdomains belong; another publisher's or a CDN's domain does not.

    >>> same_site("https://m.paper.co.uk/a", "https://www.paper.co.uk/"), same_site("https://b.co.uk/", "https://a.co.uk/")
    (True, False)
    >>> same_site("http://127.0.0.1:81/", "http://127.0.0.1:80/"), same_site("https://a.example/", "http://a.example/")
    (False, True)
    """
    mine, theirs = _site_key(url), _site_key(home)
    return mine is not None and mine == theirs


def _site_key(url: str) -> tuple[str, int | None] | None:
    match = _AUTHORITY.match(url)
    return _authority_key(match[1].lower(), match[2]) if match else None


@lru_cache(maxsize=4096)
def _authority_key(scheme: str, authority: str) -> tuple[str, int | None] | None:
    try:
        parts = urlsplit(f"{scheme}://{authority}")
        port = parts.port
    except ValueError:
        return None
    if not parts.hostname:
        return None
    return registrable_domain(parts.hostname), None if port in (80, 443) else port


@lru_cache(maxsize=4096)
def registrable_domain(host: str) -> str:
    """The part of a host name that one can register; an address or a single label is its own.

    By the Public Suffix List as it is packed with tldextract (nothing is fetched).

    >>> registrable_domain("amp.news.example.com.au"), registrable_domain("127.0.0.1"), registrable_domain("a.b.test")
    ('example.com.au', '127.0.0.1', 'b.test')
    """
    host = host.lower().rstrip(".")
    try:
        ip_address(host.strip("[]"))
        return host
    except ValueError:
        pass
    found = _suffix_list()(host)
    if found.suffix and found.domain:
        return f"{found.domain}.{found.suffix}"
    return ".".join(host.split(".")[-2:])


@lru_cache(maxsize=1)
def _suffix_list():  # type: ignore[no-untyped-def]  # tldextract is imported late: it takes longer than all else here
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
