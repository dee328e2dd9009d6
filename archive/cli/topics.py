"""The names of the top IPTC Media Topics, so that people need not know codes.

Labels © IPTC, CC BY 4.0 (http://cv.iptc.org/newscodes/mediatopic/), shortened.
"""

from __future__ import annotations

from collections.abc import Iterable

NAMES = {
    "01000000": "arts, culture, entertainment and media",
    "02000000": "crime, law and justice",
    "03000000": "disaster, accident and emergency",
    "04000000": "economy, business and finance",
    "05000000": "education",
    "06000000": "environment",
    "07000000": "health",
    "08000000": "human interest",
    "09000000": "labour",
    "10000000": "lifestyle and leisure",
    "11000000": "politics and government",
    "12000000": "religion",
    "13000000": "science and technology",
    "14000000": "society",
    "15000000": "sport",
    "16000000": "conflict, war and peace",
    "17000000": "weather",
}


def topic_code(name: str) -> str:
    """The code that a code, a name or one word of a name means. Raises ValueError.

    >>> topic_code("sport"), topic_code("Business"), topic_code("11000000")
    ('15000000', '04000000', '11000000')
    """
    if len(name) == 8 and name.isdecimal():
        return name
    wanted = " ".join(name.lower().split())
    found = [code for code, label in NAMES.items() if wanted == label or wanted in label.replace(",", "").split()]
    if len(found) != 1:
        raise ValueError(f"{name!r} is no topic; give an IPTC code or one of: {'; '.join(NAMES.values())}")
    return found[0]


def topic_names(codes: Iterable[str] | None) -> tuple[str, ...]:
    """The names of codes, for people; a code without a name here stays itself."""
    return tuple(NAMES.get(code, code) for code in codes or ())
