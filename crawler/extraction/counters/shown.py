"""Counters that the page shows: a number with a label beside it, or a bare number with two witnesses in the mark-up.

Starts at each short text with a number and climbs while the element around it stays small. Never reads prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborNode

from crawler.extraction.counters.evidence import FAIR, STRONG, Evidence
from crawler.extraction.counters.lines import is_prose
from crawler.extraction.counters.names import Names, kinds_of_icons, names_among, names_of
from crawler.extraction.counters.scope import Scope, Standing
from crawler.extraction.counters.surroundings import (
    awaits_script,
    counts_totals,
    is_rating,
    kind_before,
    leads_to_network,
)
from crawler.extraction.labels import (
    BREAK,
    MAX_TEXT,
    Reading,
    kind_of_label,
    names_a_counter,
    naming_counters,
    read_counters,
    read_named_counters,
)
from crawler.extraction.numbers import parse_count
from crawler.extraction.short_texts import ShortTexts
from crawler.extraction.text import fold_space

MAX_LEVELS = 5
MAX_AROUND = 120
"""Letters in an element that still counts as "a number and what is beside it"."""
_LABEL_ATTRIBUTES = frozenset(
    ("title", "aria-label", "data-label", "data-title", "data-tooltip", "data-original-title", "alt", "data-text")
)
_MAX_RAW_AROUND = 600
"""The same with the white space of the mark-up."""
_LONGEST_NUMBER = 32
_LIKE_A_COUNT = re.compile(
    r"""
    [^\w$€£¥©#[]* \d                    # a price, a year, a place in a list or a note's number begins otherwise
    [^a-zA-Z:/-]* (?:[a-zA-Z:/-]\D*)?   # no letter or such a mark stands between the digits, as in dates and scores
    (?<![$€£¥\]]) (?<!\d\.) \Z         # nor ends a count as a price or a list's number does ("13,4 тыс." is one)
    """,
    re.VERBOSE,
)
_BUTTON_LEVELS = 7
_SOCIAL = ("shares", "likes")
"""Kinds that networks count too."""
_DIGITS = re.compile(r"\d")
_TO_COMMENTS = re.compile(r"#.*(?:comment|respond|disqus|komment|coment)", re.I)
_TO_COMMENTS_OF = re.compile(r"comment|komment|coment|koment|discuss|reaction|respon|yorum", re.I)
_SIGNS = re.compile(r"[^\w\s.,:/'’%°()+-]+")


@dataclass(slots=True)
class _Bare:
    """A number without a label, on its way up: what the elements around it have said so far."""

    value: int
    exact: bool
    raw: str
    names: Names
    labels: set[str] = field(default_factory=set)
    """From attributes, terms before it, or a link to the comments."""
    terms: set[str] = field(default_factory=set)
    small: list[LexborNode] = field(default_factory=list)
    """Elements around it that hold no other number: those of several parts may hold an icon."""


class ShownCounters:
    """Reads one page's shown counters."""

    def __init__(self, scope: Scope, language: str | None) -> None:
        self.scope = scope
        self.language = language
        self._read: dict[int, tuple[Reading, ...]] = {}
        self._around: dict[int, str] = {}

    def read(self, texts: ShortTexts) -> Iterator[Evidence]:
        """All evidence, in page order."""
        naming = naming_counters(text[:MAX_TEXT] for _, text in texts.numbers)  # of longer texts the beginning is read
        for node, text in texts.numbers:
            is_naming = text[:MAX_TEXT] in naming
            if (number := None if is_naming else self._bare_number(text)) is None and not is_naming:
                continue
            parent = node.parent
            if parent is None or parent.tag in ("script", "style"):
                continue
            if is_naming and (readings := read_named_counters(text, self.language)):
                yield from self._labelled(node, parent, text, readings)
            elif number is not None and parent.tag != "time":
                yield from self._climb(node, parent, _Bare(*number, text, Names()))

    def _bare_number(self, text: str) -> tuple[int, bool] | None:
        """The number of a text that holds nothing else but signs ("(11)", "♥ 12")."""
        if len(text) > _LONGEST_NUMBER or not _LIKE_A_COUNT.match(text):
            return None
        if number := parse_count(text, self.language):
            return number
        return parse_count(_SIGNS.sub(" ", text), self.language) if _SIGNS.search(text) else None

    def _labelled(
        self, node: LexborNode, element: LexborNode, text: str, readings: Sequence[Reading]
    ) -> Iterator[Evidence]:
        if is_prose(node, text):
            return
        standing = self.scope.judge(element)
        if standing is None:
            return
        if self._is_of_totals(element):
            return
        for reading in readings:
            if reading.paired and not is_rating(element):
                continue
            if reading.kind in _SOCIAL and self._is_network(element):
                continue
            if self._labels_a_section(element, reading.kind):
                continue
            raw = fold_space(text.replace(BREAK, " "))
            suspect = reading.value == 0 and awaits_script(element)
            yield Evidence(
                reading.kind,
                reading.value,
                reading.exact,
                raw,
                "label",
                STRONG,
                suspect=suspect,
                **standing.as_fields(),
            )

    def _climb(self, node: LexborNode, parent: LexborNode, bare: _Bare) -> Iterator[Evidence]:
        """From a bare number outwards, as long as there is little around it, to the first label that fits."""
        levels = self._levels_around(parent)
        # What the outermost text does not hold, no text inside it does: mostly there is no label to look for.
        is_named = bool(levels) and names_a_counter(levels[-1][1].replace(BREAK, " "))
        digits = len(_DIGITS.findall(bare.raw))
        for element, around in levels:
            if around == bare.raw or len(_DIGITS.findall(around)) == digits:
                self._take_names(bare, element)
            if not is_named:
                continue
            if element.mem_id not in self._read:
                self._read[element.mem_id] = readings = read_counters(around, self.language)
                fitting = [reading for reading in readings if self._fits(reading, bare)]
                for one in self._labelled(element, element, around, fitting) if readings else ():
                    yield replace(one, suspect=True) if one.value == 0 and awaits_script(parent) else one
            if any(self._fits(one, bare) and one.value == bare.value for one in self._read[element.mem_id]):
                return
        if bare.names.own or bare.labels:
            yield from self._unlabelled(node, parent, bare)

    def _levels_around(self, element: LexborNode | None) -> list[tuple[LexborNode, str]]:
        """The small elements around a number with their texts, the innermost first."""
        levels: list[tuple[LexborNode, str]] = []
        while element is not None and len(levels) < MAX_LEVELS and element.tag not in ("body", "html"):
            if not (around := self._text_around(element)):
                break
            levels.append((element, around))
            element = element.parent
        return levels

    def _text_around(self, element: LexborNode) -> str:
        """The element's text, its pieces apart; "" where there is more than stands beside a number."""
        key = element.mem_id
        if (text := self._around.get(key)) is None:
            raw = element.text(deep=True, separator=BREAK)
            text = fold_space(raw) if len(raw) <= _MAX_RAW_AROUND else ""
            text = self._around[key] = text if len(text) <= MAX_AROUND else ""
        return text

    def _labels_a_section(self, element: LexborNode, kind: str) -> bool:
        """Whether the label is a link to somewhere else: a section called "Views" or "Comment" above a date."""
        for link in element.css("a[href]"):
            href = link.attributes.get("href") or ""
            if href.startswith("javascript:") or self.scope.is_own_link(href) or _TO_COMMENTS_OF.search(href):
                continue
            if kind_of_label(link.text(deep=True)) == kind:
                return True
        return False

    def _is_of_totals(self, element: LexborNode) -> bool:
        """Whether the row around the number also counts posts or followers: it is about a person or the site."""
        current: LexborNode | None = element
        for _ in range(MAX_LEVELS):
            if current is None or not (around := self._text_around(current)):
                return False
            if counts_totals(around):
                return True
            current = current.parent
        return False

    def _is_network(self, element: LexborNode) -> bool:
        """Whether the number stands inside one network's button, not in a total."""
        current: LexborNode | None = element
        for _ in range(_BUTTON_LEVELS):
            if current is None or current.tag in ("body", "html", "article", "main"):
                return False
            names = names_of(current)
            if names.total or not self._text_around(current):
                return False
            if names.network or leads_to_network(current):
                return True
            current = current.parent
        return False

    @staticmethod
    def _fits(reading: Reading, bare: _Bare) -> bool:
        """A number whose own element names one counter is not given to the label of another beside it."""
        said = bare.labels or bare.names.own
        return not said or bare.value != reading.value or reading.paired or reading.kind in said

    def _take_names(self, bare: _Bare, element: LexborNode) -> None:
        bare.small.append(element)
        if kind := kind_before(element):
            bare.labels.add(kind)
            bare.terms.add(kind)
        if not (attributes := element.attributes):
            return
        bare.names.add(names_among(attributes))
        if not _LABEL_ATTRIBUTES.isdisjoint(attributes):
            values = [value for name, value in attributes.items() if name in _LABEL_ATTRIBUTES and value]
            bare.labels.update(kind for value in values if (kind := kind_of_label(value)))
        href = attributes.get("href") or ""
        if "#" in href and _TO_COMMENTS.search(href) and self.scope.is_own_link(href):
            bare.labels.add("comments")

    def _unlabelled(self, node: LexborNode, parent: LexborNode, bare: _Bare) -> Iterator[Evidence]:
        kinds = bare.names.own | bare.labels
        standing = self.scope.judge(parent)
        if standing is None:
            return
        if bare.raw == "+1" or self._is_of_totals(parent):
            return  # "+1" is what a button says when it is pressed
        icons = set().union(*map(kinds_of_icons, filter(_holds_several, bare.small)))
        for kind in sorted(kinds):
            if not self._is_witnessed(kind, bare, standing, icons) or (kind in _SOCIAL and self._is_network(parent)):
                continue
            if is_prose(node, bare.raw):
                return
            known = kind in bare.names.signatures or kind in bare.terms
            suspect = bare.value == 0 and (not (standing.bound or known) or kind == "shares" or awaits_script(parent))
            source, strength = ("label", STRONG) if kind in bare.terms else ("class", FAIR)
            source = "attribute" if source == "class" and kind in bare.labels else source
            place = standing.as_fields()
            yield Evidence(kind, bare.value, bare.exact, bare.raw, source, strength, suspect=suspect, **place)

    @staticmethod
    def _is_witnessed(kind: str, bare: _Bare, standing: Standing, icons: set[str]) -> bool:
        """Whether two witnesses say that a number without a label is of the kind, and none says another."""
        named = kind in bare.names.own
        signed, labelled = kind in bare.names.signatures, kind in bare.labels
        if (bare.labels or bare.names.own) - {kind} and not (labelled or signed):
            return False
        return named + 2 * signed + 2 * labelled + (kind in icons) + (standing.bound and named) >= 2


def _holds_several(element: LexborNode) -> bool:
    """Whether an element holds more than one piece of text or element."""
    return (child := element.first_child) is not None and child.next is not None
