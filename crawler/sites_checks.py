"""What a value in `sites.toml` may be. Each check returns the value as it is used, or raises ValueError with words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from ipaddress import ip_network
from typing import Any
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from archive.identity import is_web_address
from crawler.sites_file import nearest

Check = Callable[[Any], Any]

FIELDS = (
    "title", "body", "authors", "published_at", "categories",
    "views", "likes", "dislikes", "shares", "comments", "remove",
)  # fmt: skip
"""What a selector may find."""

_KINDS = {
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "a table",
}


@dataclass(frozen=True, slots=True)
class Selector:
    """A CSS selector of one field, with the last day on which the site's layout matched it."""

    css: str
    until: date | None = None
    """None = it still does."""


def _kind(value: Any) -> str:
    return _KINDS.get(type(value), "a date" if isinstance(value, date) else type(value).__name__)


def _wrong(expected: str, value: Any) -> ValueError:
    return ValueError(f"expected {expected}, found {_kind(value)}: {value!r}")


def text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _wrong("a text in quotes", value)
    if not value.isprintable():
        raise ValueError(f"expected one line without control characters, found {value!r}")
    return value.strip()


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong("true or false (without quotes)", value)
    return value


def seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _wrong("a number of seconds (without quotes)", value)
    if not 0 <= value <= 3600:
        raise ValueError(f"expected 0 to 3600 seconds, found {value!r}")
    return float(value)


def count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong("a whole number (without quotes)", value)
    if value < 1:
        raise ValueError(f"expected 1 or more, found {value!r}")
    return value


def choice(*words: str) -> Check:
    """A check for one of some words."""

    def check(value: Any) -> str:
        if value not in words:
            hint = nearest(value, words) if isinstance(value, str) else ""
            raise ValueError(f"expected {' or '.join(repr(word) for word in words)}, found {value!r}{hint}")
        return str(value)

    return check


def keep(value: Any) -> str:
    if value == "forever" or (isinstance(value, str) and re.fullmatch(r"[1-9]\d{0,4} (day|month|year)s?", value)):
        return str(value)
    raise ValueError(f'expected "forever" or a time such as "90 days" or "12 months", found {value!r}')


def name(value: Any) -> str:
    """Names stand in commands and file names."""
    if not re.fullmatch(r"[^\W_][\w.-]{0,63}", text(value)) or "://" in value:
        raise ValueError(f"expected letters, digits, dots and hyphens (at most 64), found {value!r}")
    return str(value)


def home(value: Any) -> str:
    """The address of a site: absolute, with a path."""
    parts = _split(text(value))
    if not is_web_address(text(value)) or "@" in parts.netloc:
        raise ValueError(f'{value!r} is no web address; write it whole, such as "https://www.example.org/"')
    return str(value).strip() if parts.path else f"{str(value).strip()}/"


def addresses(value: Any) -> tuple[str, ...]:
    """A list of addresses, absolute or from the site's root on (made absolute by `Site`)."""
    found = texts(value)
    for address in found:
        parts = _split(address)
        if parts.scheme not in ("http", "https") and not address.startswith("/"):
            raise ValueError(f'{address!r} is no web address; write it whole, or from the site\'s root on ("/feed/")')
    return found


def _split(value: str) -> Any:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError as error:
        raise ValueError(f"{value!r} is no web address ({error})") from None
    return parts


def absolute(address: str, base: str) -> str:
    """
    >>> absolute("/feed/", "https://a.example/home")
    'https://a.example/feed/'
    """
    return urljoin(base, address)


def texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _wrong('a list of texts, such as ["one", "two"]', value)
    return tuple(text(item) for item in value)


def networks(value: Any) -> tuple[str, ...]:
    """Addresses, networks and hosts, each with an optional port."""
    found = texts(value)
    for item in found:
        match = re.fullmatch(r"\[([^\]]+)\](?::\d{1,5})?|([^:]+):\d{1,5}|(.+)", item)
        host = next(group for group in match.groups() if group) if match else item
        try:
            ip_network(host, strict=False)
        except ValueError:
            if not re.fullmatch(r"[\w.-]*[a-zA-Z][\w.-]*", host):
                raise ValueError(f"{item!r} is no address, network or host:port") from None
    return found


def language(value: Any) -> str:
    if not re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", text(value)):
        raise ValueError(f'expected a language tag such as "en" or "pt-BR", found {value!r}')
    return re.split("[-_]", str(value))[0].lower()


def time_zone(value: Any) -> str:
    try:
        return ZoneInfo(text(value)).key
    except (ValueError, OSError, KeyError):
        raise ValueError(f'no time zone is called {value!r}; IANA names look like "Europe/Paris"') from None


def labels(value: Any) -> Mapping[str, str]:
    if not isinstance(value, dict):
        raise _wrong('a table, such as { "Aus der Region" = "Regional" }', value)
    return {text(label): text(meaning) for label, meaning in value.items()}


def selectors(value: Any) -> Mapping[str, tuple[Selector, ...]]:
    if not isinstance(value, dict):
        raise _wrong('a table, such as { title = "h1" }', value)
    for field in value:
        if field not in FIELDS:
            raise ValueError(f"unknown field {field!r}{nearest(field, FIELDS)}")
    return {field: _selectors_of(field, found) for field, found in value.items()}


def _selectors_of(field: str, value: Any) -> tuple[Selector, ...]:
    rows = value if isinstance(value, list) else [value]
    found = tuple(_selector(field, row) for row in rows)
    if len({selector.until for selector in found}) < len(found) or not found:
        raise ValueError(f"{field}: of several selectors all but one need their own `until` date")
    return found


def _selector(field: str, row: Any) -> Selector:
    row = {"css": row} if isinstance(row, str) else row
    if not isinstance(row, dict) or "css" not in row:
        raise ValueError(f'{field}: expected a selector or {{ css = "...", until = 2024-06-30 }}, found {row!r}')
    for key in row:
        if key not in ("css", "until"):
            raise ValueError(f"{field}: unknown key {key!r}{nearest(key, ('css', 'until'))}")
    until = row.get("until")
    if isinstance(until, datetime) or not (until is None or isinstance(until, date)):
        raise ValueError(f"{field}: `until` is a day without quotes, such as 2024-06-30, found {until!r}")
    return Selector(_css(field, row["css"]), until)


def _css(field: str, value: Any) -> str:
    try:
        LexborHTMLParser("<p>").css(text(value))
    except (SelectolaxError, ValueError):
        raise ValueError(f"{field}: {value!r} is no CSS selector (of elements: no ::text, no XPath)") from None
    return str(value)
