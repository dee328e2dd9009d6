"""What a section label means: IPTC Media Topics codes, a place that the section covers, a genre.

Labels stay as the page writes them; this is a reading of them, with its method and the version of the table
(`data/topics.toml`), so that it can be done again with a better table. A label that is not in the table stays
unmapped: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from crawler.extraction.kept import remembered
from crawler.extraction.labels import fold_label
from crawler.extraction.lexicon import lexicon

NAMESPACE = "http://cv.iptc.org/newscodes/mediatopic/"
"""A code behind this makes the concept's address."""

_CODE = re.compile(r"(?:medtop:|http://cv\.iptc\.org/newscodes/mediatopic/)?(\d{8})")
_AND = "and und et y e en og och ja и і та ve dan và i a și και"
_PARTS = re.compile(rf"\s*(?:[&/+,·|>、・،]|\b(?:{'|'.join(_AND.split())})\b)\s*", re.I)
_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)+")
_NEWS = re.compile(
    r"(?:^news |^nachrichten |^noticias de |^новости | news$| nachrichten$| haberleri$|新闻$|ニュース$| समाचार$)"
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one label means."""

    label: str
    topics: tuple[str, ...] = ()
    """IPTC codes, the top concept first, then the narrower one."""
    place: str | None = None
    genre: str | None = None
    method: str | None = None
    """user, exact (the concept's own name), alias, part (of a label such as "Business & Tech"), path (of
    "Sport/Football") or None: not mapped."""


@dataclass(frozen=True, slots=True)
class Meanings:
    """What an article's labels mean together."""

    topics: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    labels: tuple[Meaning, ...] = ()
    version: str = ""
    """Of the table."""

    @property
    def unmapped(self) -> tuple[str, ...]:
        """Labels that mean nothing to the table (a user may add an alias for them)."""
        return tuple(one.label for one in self.labels if one.method is None)


def map_labels(labels: Iterable[str] | None, aliases: Mapping[str, str] | None = None) -> Meanings:
    """Read an article's section labels. `aliases` are the user's: label -> code, "place:NAME" or "genre:NAME".

    >>> found = map_labels(["Africa", "Football", "Opinion", "Kulturtipps"], {"kulturtipps": "01000000"})
    >>> found.topics, found.places, found.genres, found.unmapped
    (('15000000', '20000822', '01000000'), ('Africa',), ('opinion',), ())
    """
    own = {fold_label(label): target for label, target in (aliases or {}).items()}
    meanings = tuple(_meaning(label, own) for label in labels or ())
    return Meanings(
        tuple(dict.fromkeys(code for one in meanings for code in one.topics)),
        tuple(dict.fromkeys(one.place for one in meanings if one.place)),
        tuple(dict.fromkeys(one.genre for one in meanings if one.genre)),
        meanings,
        version(),
    )


def version() -> str:
    """Of the table; stored beside what was mapped with it."""
    return str(lexicon("topics")["version"])


def name_of(code: str) -> str | None:
    """The English name of a concept in the table.

    >>> name_of("11000000")
    'politics and government'
    """
    for part in ("top", "narrow"):
        if code in lexicon("topics")[part]:
            return str(lexicon("topics")[part][code]["name"])
    return None


def read_target(target: str) -> tuple[tuple[str, ...], str | None, str | None]:
    """Topics, place and genre that an alias stands for. Raises ValueError for anything else.

    >>> read_target("place:Kivu"), read_target("medtop:20000822")
    (((), 'Kivu', None), (('15000000', '20000822'), None, None))
    """
    kind, _, rest = target.partition(":")
    if kind == "place" and rest.strip():
        return (), rest.strip(), None
    if kind == "genre" and rest.strip():
        return (), None, rest.strip()
    if match := _CODE.fullmatch(target.strip()):
        return _with_top(match[1]), None, None
    raise ValueError(f"{target!r} is no IPTC Media Topics code, place:NAME or genre:NAME")


def _with_top(code: str) -> tuple[str, ...]:
    narrow = lexicon("topics")["narrow"].get(code)
    return (str(narrow["top"]), code) if narrow else (code,)


def _meaning(label: str, own: Mapping[str, str]) -> Meaning:
    key = fold_label(label)
    if target := own.get(key):
        try:
            topics, place, genre = read_target(target)
        except ValueError:
            return Meaning(label)
        return Meaning(label, topics, place, genre, "user")
    return _table_meaning(label)


@remembered(4_096)
def _table_meaning(label: str) -> Meaning:
    if found := _look_up(label):
        return _say(label, [found], found[3])
    if "/" in label and (steps := [hit for part in label.split("/") if (hit := _look_up(part))]):
        return _say(label, steps, "path")
    hits = [_look_up(part) for part in _PARTS.split(label) if part.strip()]
    if len(hits) > 1 and all(hits):
        return _say(label, [hit for hit in hits if hit], "part")
    return Meaning(label)


_Entry = tuple[tuple[str, ...], str | None, str | None, str]


def _say(label: str, hits: list[_Entry], method: str) -> Meaning:
    topics = tuple(dict.fromkeys(code for hit in hits for code in hit[0]))
    place = next((hit[1] for hit in hits if hit[1]), None)
    return Meaning(label, topics, place, next((hit[2] for hit in hits if hit[2]), None), method)


def _look_up(label: str) -> _Entry | None:
    text = label.strip()
    if _SLUG.fullmatch(text.lower()):
        text = re.sub(r"[-_]", " ", text)
    key = fold_label(text)
    found = _table().get(key)
    if found is None and (bare := _NEWS.sub("", key).strip()) != key:
        found = _table().get(bare)
    return found


@cache
def _table() -> dict[str, _Entry]:
    data = lexicon("topics")
    table: dict[str, _Entry] = {}
    for code, concept in data["top"].items():
        table.setdefault(fold_label(concept["name"]), ((code,), None, None, "exact"))
        for labels in (value for value in concept.values() if isinstance(value, list)):
            for label in labels:
                table.setdefault(fold_label(label), ((code,), None, None, "alias"))
    for code, concept in data["narrow"].items():
        table.setdefault(fold_label(concept["name"]), ((concept["top"], code), None, None, "exact"))
        for label in concept["labels"]:
            table.setdefault(fold_label(label), ((concept["top"], code), None, None, "alias"))
    for place, labels in data["places"].items():
        for label in (place, *labels):
            table.setdefault(fold_label(label), ((), place, None, "alias"))
    for genre, labels in data["genres"].items():
        for label in (genre.replace("_", " "), *labels):
            table.setdefault(fold_label(label), ((), None, genre.replace("_", " "), "alias"))
    return table
