"""What class names, ids and icons say a number counts. A name is a witness, never a proof: themes reuse names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from selectolax.lexbor import LexborNode

from crawler.extraction.counters.zones import class_and_id, name_words
from crawler.extraction.kept import remembered
from crawler.extraction.lexicon import lexicon, words

_ICON_TAGS = ("i", "svg", "use", "img", "span", "em", "b", "amp-img")


@dataclass(slots=True)
class Names:
    """Kinds of counter that names speak of."""

    own: set[str] = field(default_factory=set)
    signatures: set[str] = field(default_factory=set)
    """Kinds told by a whole class name that only one theme or plugin uses."""
    network: bool = False
    placeholder: bool = False

    total: bool = False

    def add(self, other: Names) -> None:
        """Take in what the names of an element further out say; what a nearer one said of the kind stands."""
        if not self.own:
            self.own |= other.own
        self.signatures |= other.signatures
        self.network = self.network or other.network


@cache
def _class_words() -> dict[str, str]:
    return {word: kind for kind, names in lexicon("counter_places")["class_words"].items() for word in names}


@cache
def _signatures() -> dict[str, str]:
    return {name: kind for kind, names in lexicon("counter_places")["signatures"].items() for name in names}


@cache
def _icon_words() -> dict[str, str]:
    return {word: kind for kind, names in lexicon("counter_places")["icons"].items() for word in names}


@remembered(16_384)
def read_names(names: str) -> Names:
    """What an element's class names and id say.

    >>> sorted(read_names("td-nr-views-12").own), sorted(read_names("penci-comment-count").signatures)
    (['views'], ['comments'])
    """
    parts = name_words(names)
    known = _class_words()
    kinds = {known[part] for part in parts if part in known}
    kinds |= {known[pair] for pair in map("".join, pairwise(parts)) if pair in known}
    if "dislikes" in kinds:
        kinds.discard("likes")
    if len(kinds) > 1:
        kinds.discard("shares")  # themes keep all counters in a "share" box
    tokens = names.lower().split()
    signatures = {_signatures()[token] for token in tokens if token in _signatures()}
    return Names(
        kinds | signatures,
        signatures,
        network=not _network_words().isdisjoint(parts),
        placeholder=not _placeholder_words().isdisjoint(tokens) or "no count" in " ".join(parts),
        total=any(part.startswith(("total", "overall")) for part in parts),
    )


@cache
def _network_words() -> frozenset[str]:
    return words("counter_places", "network_words") | words("counter_places", "follow_words")


@cache
def _placeholder_words() -> frozenset[str]:
    return frozenset(lexicon("counter_places")["placeholder"]["words"])


def names_of(element: LexborNode) -> Names:
    """What an element's class names and id say."""
    return names_among(element.attributes)


def names_among(attributes: Mapping[str, str | None]) -> Names:
    """What the class names and id among an element's attributes say."""
    return read_names(class_and_id(attributes))


def kinds_of_icons(element: LexborNode) -> set[str]:
    """The kinds that icons inside a small element show (an eye, a heart, a thumb, a speech bubble)."""
    found: set[str] = set()
    for icon in element.css("i, svg, use, img, [class*=icon]"):
        attributes = icon.attributes
        names = " ".join(filter(None, (attributes.get("class"), attributes.get("href"), attributes.get("xlink:href"))))
        for part in name_words(names):
            if kind := _icon_words().get(part):
                found.add(kind)
    return found
