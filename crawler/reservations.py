"""What a page asks of those who would keep or mine it: robots directives and the TDM reservation. Pure.

Sources: Google's robots meta tag and X-Robots-Tag specification; W3C TDM Reservation Protocol (headers and meta tag;
its site-wide file is not read).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

AGENT = "backissue"
#: Directives that have a value after a colon; any other name before a colon is a crawler's.
_WITH_VALUE = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})


def reservations(
    headers: Iterable[tuple[str, str]], robots: Iterable[str] = (), tdm_reservation: str | None = None
) -> dict[str, str]:
    """What is asked, for a capture's provenance: "robots" (directives) and "tdm_reservation" ("1", "0").

    `headers` are the answer's; `robots` and `tdm_reservation` what the page's meta tags say.

    >>> reservations([("X-Robots-Tag", "noarchive, otherbot: none"), ("TDM-Reservation", "1")], ["noindex"])
    {'robots': 'noarchive, noindex', 'tdm_reservation': '1'}
    """
    said, reserved = list[str](), tdm_reservation
    for name, value in headers:
        if name.lower() == "x-robots-tag":
            said += robots_tag(value)
        elif name.lower() == "tdm-reservation":
            reserved = value.strip()
    found = {"robots": ", ".join(dict.fromkeys([*said, *robots]))}
    if reserved is not None:
        found["tdm_reservation"] = reserved
    return {name: value for name, value in found.items() if value}


def robots_tag(value: str) -> list[str]:
    """The directives of one X-Robots-Tag that are meant for all crawlers or for ours.

    >>> robots_tag("googlebot: noarchive"), robots_tag("BackIssue: noarchive, nosnippet"), robots_tag("max-snippet: 5")
    ([], ['noarchive', 'nosnippet'], ['max-snippet: 5'])
    """
    found, is_ours = [], True
    for part in value.lower().split(","):
        named = re.match(r"\s*([\w-]+)\s*:\s*(.*)", part)
        if named and named[1] not in _WITH_VALUE:
            is_ours, part = named[1] == AGENT, named[2]
        if is_ours and part.strip():
            found.append(part.strip())
    return found


def forbids_copies(asked: dict[str, str]) -> bool:
    """Whether what a page asks (as `reservations` has it) means that no copy of the page itself should be kept.

    >>> forbids_copies({"robots": "noindex"}), forbids_copies({"tdm_reservation": "1"})
    (False, True)
    """
    return "noarchive" in asked.get("robots", "").split(", ") or asked.get("tdm_reservation") == "1"
