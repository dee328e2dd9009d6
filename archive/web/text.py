"""Makes scraped text fit for a page: no control characters, links only where they are http, languages only as tags.

Escaping is the templates' (always on); nothing here makes HTML.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from markupsafe import Markup

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_RIGHT_TO_LEFT = frozenset(
    ("ar", "arc", "ckb", "dv", "fa", "glk", "he", "iw", "mzn", "pnb", "ps", "sd", "ug", "ur", "yi")
)
_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


def clean(value: object) -> object:
    """A text without what neither HTML nor XML may hold; anything else as it is."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return _CONTROLS.sub("", value)
    return value


def external(url: str | None) -> str | None:
    """An address that may be a link: http or https with a host; None otherwise.

    >>> external("https://news.test/a"), external("javascript:alert(1)"), external(" https://x"), external("//x")
    ('https://news.test/a', None, None, None)
    """
    if url is None or _CONTROLS.search(url) or any(mark.isspace() for mark in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme.lower() in ("http", "https") and parts.netloc else None


def language_tag(language: str | None) -> str | None:
    """A language that may stand in a lang attribute; None where it is no tag."""
    return language if language and _LANGUAGE.fullmatch(language) else None


def direction(language: str | None) -> str:
    """Which way a page in a language runs: rtl, or ltr.

    >>> direction("ar"), direction("fa-IR"), direction("az-Arab"), direction("en"), direction(None)
    ('rtl', 'rtl', 'rtl', 'ltr', 'ltr')
    """
    parts = (language or "").lower().split("-")
    return "rtl" if parts[0] in _RIGHT_TO_LEFT or {"arab", "hebr"} & set(parts[1:]) else "ltr"


def when(moment: datetime) -> str:
    """A moment for people, in UTC.

    >>> when(datetime(2026, 3, 3, 9, 5, tzinfo=UTC))
    '3 Mar 2026, 09:05'
    """
    at = moment.astimezone(UTC)
    return f"{at.day} {at:%b %Y, %H:%M}"


def machine(moment: datetime) -> str:
    """A moment for programs: UTC, whole seconds, with Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def day(moment: datetime) -> str:
    """A day for people, in UTC.

    >>> day(datetime(2026, 3, 3, 9, 5, tzinfo=UTC))
    'Tuesday, 3 March 2026'
    """
    at = moment.astimezone(UTC)
    return f"{at:%A}, {at.day} {at:%B %Y}"


def duration(length: timedelta) -> str:
    """A length of time in its largest unit.

    >>> duration(timedelta(hours=30)), duration(timedelta(minutes=1)), duration(timedelta(seconds=3))
    ('1.2 days', '1 minute', 'under a minute')
    """
    seconds = length.total_seconds()
    for size, unit in _UNITS:
        if seconds >= size:
            count = f"{seconds / size:.1f}".removesuffix(".0")
            return f"{count} {unit}{'' if count == '1' else 's'}"
    return "under a minute"


def words(name: object) -> str:
    """A name of ours for people: paragraph_added -> paragraph added."""
    return str(name).replace("_", " ")


def percent(share: float | None) -> str:
    """A share for people.

    >>> percent(0.256), percent(0.004), percent(None)
    ('26 %', '0.4 %', '–')
    """
    if share is None:
        return "–"
    return f"{share:.1%}".replace("%", " %") if 0 < share < 0.1 else f"{share:.0%}".replace("%", " %")


def number(value: int) -> str:
    """A number with thin spaces between thousands."""
    return f"{value:,}".replace(",", "\u202f")
