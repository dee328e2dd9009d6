"""Which network addresses a crawler may talk to: public ones, and those that the owner allows by name. Pure.

A page can point anywhere: at this machine, at the intranet around it, at a cloud's metadata service. The
resolved address is judged, at the moment of connecting (see `handler`), never the text of a URL: there are dozens
of spellings for 127.0.0.1, and a name may resolve to it. Only behind a proxy, where nothing is resolved here, the text
of the host is all there is; there every literal address and every name of a private kind is refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import unquote, urlsplit

from scrapy.exceptions import IgnoreRequest

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# IANA's special-purpose registries (RFC 6890 and its updates), without the entries that are globally reachable.
_SPECIAL: tuple[tuple[Network, str], ...] = tuple(
    (ip_network(network), what)
    for network, what in (
        ("0.0.0.0/8", "unspecified"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "cloud metadata"),  # Azure's wire server answers on a public address
        ("169.254.0.0/16", "link-local or cloud metadata"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignment"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved or broadcast"),
        ("2001::/32", "Teredo, embeds an IPv4 address"),
        ("2001::/23", "protocol assignment"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4, embeds an IPv4 address"),
        ("3fff::/20", "documentation"),
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("::ffff:0:0/96", "IPv4-mapped"),
        ("::ffff:0:0:0/96", "IPv4-translated"),
        ("::/96", "IPv4-compatible"),
        ("64:ff9b::/96", "NAT64, embeds an IPv4 address"),
        ("64:ff9b:1::/48", "NAT64, embeds an IPv4 address"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")

# Names that no public web site can have (RFC 6761, 6762, 8375; ".internal" is ICANN's private-use top level).
_PRIVATE_SUFFIXES = (".localhost", ".local", ".localdomain", ".internal", ".intranet", ".lan", ".home.arpa", ".corp")
_IGNORED_IN_HOSTS = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_HOST = re.compile(r"[\w.-]+|[0-9a-f:.]+")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.IGNORECASE)


class ForbiddenAddress(IgnoreRequest):
    """The request would have gone to an address that is not public. Nothing was sent; trying again is no use."""

    def __init__(self, url: str, address: str, reason: str) -> None:
        super().__init__(f"refused to fetch {url!r}: {address} is {reason} (see allow_addresses)")
        self.url = url
        self.address = address
        """What would have been connected; behind a proxy, the host as written."""
        self.reason = reason


def why_forbidden(address: Address) -> str | None:
    """What is special about an address; None for a public one.

    >>> why_forbidden(ip_address("100.100.100.200")), why_forbidden(ip_address("93.184.216.34"))
    ('carrier-grade NAT', None)
    >>> why_forbidden(ip_address("::ffff:93.184.216.34")), why_forbidden(ip_address("2a00:1450::1"))
    ('IPv4-mapped', None)
    """
    for network, what in _SPECIAL:
        if address in network:
            return what
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return "not global unicast"
    return None


@dataclass(frozen=True, slots=True)
class _Allowed:
    """One entry of the allow-list: a network or a name, and the only port it is for (None = every port)."""

    network: Network | None
    name: str | None
    port: int | None

    @classmethod
    def parse(cls, text: str) -> _Allowed:
        host, port = text.strip(), None
        if match := re.fullmatch(r"\[(.+)\](?::(\d+))?|([^:]+):(\d+)", host):
            host, port = match[1] or match[3], match[2] or match[4]
        number = None if port is None else int(port)
        try:
            return cls(ip_network(host, strict=False), None, number)
        except ValueError:
            name = plain_host(host)
            if not re.fullmatch(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?", name) or ends_in_a_number(name):
                raise ValueError(f"allow_addresses: {text!r} is no address, network or host[:port]") from None
            return cls(None, name, number)


class AddressRules:
    """What `allow_addresses` adds to the public addresses."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        """`allowed`: addresses ("10.0.0.7"), networks ("10.0.0.0/8", "fd00::/8") and host names, each with an
        optional port ("127.0.0.1:8000", "[::1]:8000", "wiki.example:8080"). Raises ValueError."""
        self._allowed = tuple(_Allowed.parse(text) for text in allowed)

    def why_refused(self, address: str, port: int, host: str = "") -> str | None:
        """Why a connection to a resolved address is refused, or None. `host` is the name it was resolved from.

        >>> rules = AddressRules(["10.0.0.0/8", "127.0.0.1:8000"])
        >>> rules.why_refused("10.1.2.3", 443), rules.why_refused("127.0.0.1", 8000)
        (None, None)
        >>> rules.why_refused("127.0.0.1", 22), rules.why_refused("fe80::1%eth0", 80), rules.why_refused("x", 80)
        ('loopback', 'link-local', 'not an address')
        """
        try:
            resolved = ip_address(address)
        except ValueError:
            return "not an address"
        if isinstance(resolved, IPv6Address) and resolved.scope_id:
            resolved = IPv6Address(resolved.packed)
        reason = why_forbidden(resolved)
        return None if reason is None or self._allows(resolved, plain_host(host), port) else reason

    def why_refused_by_proxy(self, url: str) -> str | None:
        """Why a URL is not handed to a proxy, or None. Nothing is resolved: names are the proxy's to judge.

        >>> rules = AddressRules(["wiki.intranet"])
        >>> rules.why_refused_by_proxy("http://news.example/1"), rules.why_refused_by_proxy("http://wiki.intranet/")
        (None, None)
        >>> rules.why_refused_by_proxy("http://2130706433/"), rules.why_refused_by_proxy("http://printer.local/")
        ('a literal address', 'a private name')
        """
        try:
            parts = urlsplit(url)
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            return "not a plain host"
        host = plain_host(parts.hostname or "")
        if "@" in parts.netloc or not _HOST.fullmatch(host):  # proxies differ in how they read these
            return "not a plain host"
        if ":" in host or ends_in_a_number(host):
            return None if self._allows(_as_address(host), "", port) else "a literal address"
        if "." not in host or host.endswith(_PRIVATE_SUFFIXES):
            return None if self._allows(None, host, port) else "a private name"
        return None

    def _allows(self, address: Address | None, host: str, port: int) -> bool:
        return any(
            (entry.port is None or entry.port == port)
            and (
                address in entry.network if entry.network is not None and address else bool(host) and entry.name == host
            )
            for entry in self._allowed
        )


def plain_host(host: str) -> str:
    """A host name as resolvers read it: compatibility forms mapped, escapes undone, no trailing dot, no zone.

    >>> plain_host("１２７。⓪.0.%31."), plain_host("[fe80::1%25eth0]"), plain_host("WWW.Example.ORG.")
    ('127.0.0.1', 'fe80::1', 'www.example.org')
    """
    text = unicodedata.normalize("NFKC", unquote(host)).replace("\u3002", ".")
    text = _IGNORED_IN_HOSTS.sub("", text).strip().strip("[]").rstrip(".").lower()
    return text.partition("%")[0]


def ends_in_a_number(host: str) -> bool:
    """True for a host that a browser reads as an IPv4 address, well formed or not (WHATWG URL, 3.5).

    >>> [ends_in_a_number(host) for host in ("0x7f.1", "127.0.0.1", "2130706433", "a.example", "route66.example")]
    [True, True, True, False, False]
    """
    return _NUMBER.fullmatch(host.rpartition(".")[2]) is not None


def _as_address(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
