"""robots.txt as RFC 9309 reads it: who may fetch what, how fast, and where the sitemaps are.

Protego parses and matches. A thin layer puts right where it is laxer than the RFC or Google's parser:
the product token of a User-agent line ends at the first character that cannot be part of it, an unknown line
between two User-agent lines does not end the group, and a rule with percent escapes forbids under either
reading. Fetching, redirects and caching are not known here.
"""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import quote

from protego import Protego

MAX_BYTES = 500 * 1024
"""What comes after is not read (RFC 9309, 2.5: at least 500 KiB must be)."""

_LINE = re.compile(rb"\r\n|\r|\n")
_AGENT_LINE = re.compile(r"\s*(user[ -]?agent)\s*[:\s]\s*(.*)", re.IGNORECASE)
_RULE_LINE = re.compile(
    r"\s*(?:user[ -]?agent|allow|dis+al+a?o?w|diasllow|crawl[ -]delay|request[ -]rate|visit[ -]time|host"
    r"|sitemaps?|site-map)\s*[:\s]",
    re.IGNORECASE,
)
_PATH_RULE = re.compile(r"(\s*(?:allow|dis+al+a?o?w|diasllow)\s*[:\s]\s*)(.*)", re.IGNORECASE)
_TOKEN = re.compile(r"\*(?=\s|$)|\**([A-Za-z_-]+)")
_GROUP = re.compile(r"^User-agent: (.+)$", re.MULTILINE)
_NOBODY = "0"
"""A name that no product token is part of."""
_MARKUP = re.compile(r"\s*<(?:!doctype|html|head|body|\?xml)", re.IGNORECASE)

Policy = Literal["parse", "allow", "disallow"]


def policy_for_status(status: int | None) -> Policy:
    """What an answer for robots.txt means (RFC 9309, 2.3.1); None stands for "no answer at all".

    A redirect that was not followed to its end (more than five hops) counts as "unavailable": allowed.

    >>> [policy_for_status(status) for status in (200, 301, 404, 403, 429, 503, None)]
    ['parse', 'allow', 'allow', 'allow', 'disallow', 'disallow', 'disallow']
    """
    if status is None or status >= 500 or status == 429 or status < 200:
        return "disallow"
    return "parse" if status < 300 else "allow"


class Robots:
    """The rules of one host."""

    __slots__ = ("_encoded_paths", "_groups", "_literal", "_rules", "_text", "sitemaps")

    sitemaps: tuple[str, ...]
    """The Sitemap lines, as written and without repeats (they may be relative or lead elsewhere)."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._groups = frozenset(agent.lower() for agent in _GROUP.findall(text))
        self._rules = Protego.parse(text)
        self._literal: Protego | None = None
        self._encoded_paths = "%" in text or not text.isascii()
        self.sitemaps = tuple(dict.fromkeys(self._rules.sitemaps))

    @classmethod
    def parse(cls, body: bytes | str) -> Robots:
        """Never raises: what is no rule is skipped, and a page of HTML has no rules."""
        raw = body.encode("utf-8", "replace") if isinstance(body, str) else body
        lines = (_tidy(line) for line in _lines(raw))
        return cls("\n".join(line for line in lines if line is not None))

    @classmethod
    def allow_all(cls) -> Robots:
        """For a host that has no robots.txt (4xx)."""
        return cls("")

    @classmethod
    def disallow_all(cls) -> Robots:
        """For a host whose robots.txt cannot be had (5xx, unreachable)."""
        return cls("User-agent: *\nDisallow: /")

    def allows(self, url: str, agent: str) -> bool:
        """True where `agent` (a product token, or a whole User-Agent header) may fetch `url`."""
        try:
            return self._allows(url, self._group(agent))
        except ValueError:  # an address that cannot be split, "http://[": nobody can fetch it
            return False

    def _allows(self, url: str, token: str) -> bool:
        if not self._rules.can_fetch(url, token):
            return False
        if not self._encoded_paths and url.isascii() and "%" not in url:
            return True
        if self._literal is None:
            self._literal = Protego.parse("\n".join(_literal_rule(line) for line in self._text.split("\n")))
        return self._literal.can_fetch(url.replace("%", "%25"), token)

    def crawl_delay(self, agent: str) -> float | None:
        """Seconds between two requests, of the group that is `agent`'s; None where it states none."""
        return self._rules.crawl_delay(self._group(agent))

    def _group(self, agent: str) -> str:
        """The name of the agent's own group, or one that falls to `*` (Protego takes any prefix for a match)."""
        token = product_token(agent)
        return token if token.lower() in self._groups else _NOBODY


def product_token(agent: str) -> str:
    """The name that robots.txt groups are compared with.

    >>> product_token("Backissue/1.0 (+https://example.org/bot)"), product_token("Backissue (+mailto:a@b.example)")
    ('Backissue', 'Backissue')
    """
    return re.split(r"[/(]", agent, maxsplit=1)[0].strip()


def _lines(raw: bytes) -> list[str]:
    raw = raw[:MAX_BYTES].removeprefix(b"\xef\xbb\xbf")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raw = raw.decode("utf-16", "replace").encode()
    lines = [line.decode("utf-8", "replace") for line in _LINE.split(raw)]
    return [] if any(_MARKUP.match(line) for line in lines[:5]) else lines


def _tidy(line: str) -> str | None:
    """A line as Protego should see it; None for one that says nothing."""
    line = line.partition("#")[0]
    if not _RULE_LINE.match(line):
        return None
    agent = _AGENT_LINE.match(line)
    if agent is None:
        return line
    token = _TOKEN.match(agent[2])
    return f"User-agent: {(token[1] or token[0]) if token else ''}"


def _literal_rule(line: str) -> str:
    """A rule whose escapes stand for themselves (Google's reading), where the RFC decodes them."""
    rule = _PATH_RULE.match(line)
    return rule[1] + quote(rule[2], safe="/%*$?=&").replace("%", "%25") if rule else line
