"""The dates that a reader sees at the headline, best first. Which of them means what, `dates` decides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from crawler.extraction.date_text import find_dates, fold_date, parse_date
from crawler.extraction.document import Document
from crawler.extraction.lexicon import lexicon
from crawler.extraction.marks import BIT
from crawler.extraction.stamps import Locale, Stamp
from crawler.extraction.structured import Structured
from crawler.extraction.surroundings import Line, foreignness, marks_around, marks_of, near_headline
from crawler.extraction.text import fold_space

_ELEMENTS = (
    "time, [class*=date i], [class*=time i], [class*=publi i], [id*=date i], [class*=posted i], [class*=fecha i], "
    "[class*=datum i]"
)
MAX_ELEMENTS = 60
_DIGITS = b"0123456789"
_OTHER_DIGITS = re.compile("[\u0660-\u1fff\u2c00-\U0010ffff]")
"""Where the digits of other scripts stand, and the letters that say "year" in East Asia."""
_MAY_HOLD_DATE = re.compile(r"(?<!\d)\d{4}(?!\d)|\d\s?[./-]\s?\d{1,2}\s?[./-]\s?\d|[-.'’]\s?\d\d(?!\d)|[年년]")
MAX_LINE = 300
_NAME_MARKS = re.compile(r"[-_]+")
_UPDATED = tuple(lexicon("dates")["updated"])
_PUBLISHED = tuple(lexicon("dates")["published"])


@dataclass(frozen=True, slots=True)
class ShownDate:
    """A date in the visible page with how far it may be believed to be the article's."""

    stamp: Stamp
    updated: bool
    """True where the words before it say so."""
    score: float
    source: str


def shown_dates(doc: Document, data: Structured, locale: Locale) -> list[ShownDate]:
    """Believable dates of the visible page, best first; the first one is the article's if any is."""
    if "dates" not in data.notes:
        found = list(_in_lines(near_headline(doc, data), locale))
        if not any(date.score > 2 and not date.updated for date in found):
            found += _in_elements(doc, locale, marks_of(data))
        data.notes["dates"] = sorted((date for date in found if date.score > 0), key=lambda date: -date.score)
    dates: list[ShownDate] = data.notes["dates"]
    return dates


def _in_lines(lines: list[Line], locale: Locale) -> Iterator[ShownDate]:
    for line in lines:
        if not 5 <= len(line.text) <= MAX_LINE or not (locale.now or _may_hold_date(line.text)):
            continue
        times = {node.mem_id: node for node in line.nodes[:12] if node.tag == "time"}
        if times:
            yield from _time_elements(line, list(times.values()), locale)
            continue
        folded, at = fold_date(line.text), 0
        for stamp in find_dates(line.text, locale):
            if _believable(stamp, locale):
                rest = len(folded) - (stamp.end - stamp.start)
                score = _nearness(line) + (0.3 if stamp.has_time else 0.0)
                score -= 3.0 if rest > 220 else 1.5 if rest > 110 else 0.0
                yield _labelled(stamp, folded[at : stamp.start], score, "text by the headline")
            at = stamp.end


def _may_hold_date(text: str) -> bool:
    """Whether it is worth while to look for a date in a line; a look for any digit first: most hold none."""
    encoded = text.encode("utf-8", "replace")
    if len(encoded.translate(None, _DIGITS)) == len(encoded) and not _OTHER_DIGITS.search(text):
        return False
    return _MAY_HOLD_DATE.search(text) is not None


def _time_elements(line: Line, times: list[LexborNode], locale: Locale) -> Iterator[ShownDate]:
    for order, node in enumerate(times):
        found = _read_element(node, locale)
        if found and _believable(found[0], locale):
            before = line.text.partition(fold_space(found[1]))[0] if order == 0 else ""
            score = _nearness(line) + 0.5 + (0.3 if found[0].has_time else 0.0)
            yield _labelled(found[0], f"{fold_date(before)} {_lead(node, found[1])}", score, "time element")


def _nearness(line: Line) -> float:
    score = 3.0 - abs(line.distance) * 0.05 if line.distance > 0 else 1.8 - abs(line.distance) * 0.15
    return score + (1.0 if line.marks & BIT["byline"] else 0.0) - foreignness(line.marks)


def _labelled(stamp: Stamp, lead: str, score: float, source: str) -> ShownDate:
    updated, published = _last_of(lead, _UPDATED), _last_of(lead, _PUBLISHED)
    return ShownDate(stamp, updated > published, score + (1.0 if published > updated else 0.0), source)


def _last_of(lead: str, labels: tuple[str, ...]) -> int:
    """Where the last label in a lead ends that stands in its last words; -1 if none does.

    >>> _last_of("by ann | last updated: ", ("updated", "last updated")) > 0
    True
    """
    lead = lead[-60:]
    if not any(map(str.isalpha, lead)):
        return -1
    best = -1
    for label in [label for label in labels if label in lead]:
        at = lead.rfind(label)
        if label[0] < "\u0e00" and (
            (at and lead[at - 1].isalpha()) or lead[at + len(label) : at + len(label) + 1].isalpha()
        ):
            continue
        best = max(best, at + len(label))
    return best


def _in_elements(doc: Document, locale: Locale, known: dict[int, int]) -> Iterator[ShownDate]:
    """Time elements and elements whose class speaks of dates, wherever they stand on the page."""
    last = 0
    for order, node in enumerate(doc.body.css(_ELEMENTS)[:MAX_ELEMENTS]):
        if node.mem_id == last:
            continue
        last = node.mem_id
        found = _read_element(node, locale)
        if not found or not _believable(found[0], locale):
            continue
        stamp, text = found
        score = 1.6 - order * 0.02 + (0.4 if node.tag == "time" else 0.0) + (0.3 if stamp.has_time else 0.0)
        score -= foreignness(marks_around(node, known)) + (1.5 if _in_link(node) else 0.0)
        yield _labelled(stamp, _lead(node, text), score, f"{node.tag} element")


def _lead(node: LexborNode, text: str) -> str:
    """The words that say what an element's date means: its class and itemprop, then its own first words."""
    attributes = node.attributes
    names = f"{attributes.get('class') or ''} {attributes.get('itemprop') or ''}".lower()
    return _NAME_MARKS.sub(" ", names).replace("modified", " modified ") + " " + fold_date(text)[:30]


def _read_element(node: LexborNode, locale: Locale) -> tuple[Stamp, str] | None:
    attributes = node.attributes
    text = node.text(deep=True)
    if len(text) > 200:
        return None
    shown = parse_date(text, locale)
    for key in ("datetime", "content", "data-datetime", "data-time", "title"):
        if value := attributes.get(key):
            stamp = parse_date(value, locale)
            if stamp and (stamp.has_time or not shown or not shown.has_time):
                return stamp, text
    return (shown, text) if shown else None


def _in_link(node: LexborNode) -> bool:
    parent = node.parent
    for _ in range(4):
        if parent is None:
            return False
        if parent.tag == "a":
            return True
        parent = parent.parent
    return False


def _believable(stamp: Stamp, locale: Locale) -> bool:
    if not 1900 <= stamp.at.year <= 2100:
        return False
    return locale.now is None or (stamp.at - locale.now).total_seconds() < 172_800
