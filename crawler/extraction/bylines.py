"""The bylines that a reader sees: near the headline first, else in elements that call themselves an author's.

Says who is named and how plainly ("By …" is plainer than a class name); whom to believe, `authors` decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from selectolax.lexbor import LexborNode

from crawler.extraction.document import Document
from crawler.extraction.lexicon import lexicon, words
from crawler.extraction.marks import BIT
from crawler.extraction.marks import read_names as read_marks
from crawler.extraction.names import (
    is_handle,
    is_person,
    match_by,
    match_other_credit,
    may_announce,
    read_names,
    read_organisation,
    without_by,
)
from crawler.extraction.structured import Structured
from crawler.extraction.surroundings import Line, foreignness, marks_around, marks_of, names_of, near_headline
from crawler.extraction.text import fold_space, skeleton

MAX_LINE = 220
MAX_MARKED = 120
MAX_ORGANISATION = 90
MAX_ANNOUNCEMENT = 40
LAST_ROW = 16
FIRST_ROW = -5
MAX_ELEMENTS = 30
_SEGMENT = re.compile(r"\s+[|•·–—/-]+\s+|[|•·]|\s{2,}")
_DATE_LIKE = re.compile(r"\d{4}|\d{1,2}[:./]\d{2}")
_CLASS_WORDS = words("bylines", "class_words")
_ONE_AUTHOR = _CLASS_WORDS | {"username"}
_BY_ALONE = frozenset(word for word in lexicon("bylines")["by"] if word not in words("bylines", "weak_by"))
_LARGE = frozenset(("body", "article", "main", "header", "section"))
_OTHER = "other"
_JOINING = "|".join(map(re.escape, lexicon("bylines")["joiners"]))
_TIE_END = re.compile(rf"(?:[,;&，、]|\s(?:{_JOINING}))\s*$", re.I)
_TIE_BEGIN = re.compile(rf"\s*(?:[,;&，、]|(?:{_JOINING})(?:\s|$))", re.I)
_ELEMENTS = "[rel~=author], [itemprop~=author], [class*=aut i], [class*=byline i], [class*=writer i]"
"""One selector for three of the words below: each takes as long as a walk through the tree."""
_AUTHOR_WORDS = re.compile("author|autor|auteur|byline|writer", re.I)


@dataclass(slots=True)
class Shown:
    """What the visible page says about the authors in words."""

    plain: tuple[str, ...] = ()
    """People after "By" in a row at the headline."""
    alone: str = ""
    """After "By" in a row: an agency, a team, or one word, which may be a name."""
    others: set[str] = field(default_factory=set)
    """People named for something else: photographs, editing, translation."""
    rows: list[Line] = field(default_factory=list)
    """The rows near the headline that name nobody for something else."""


def read_bylines(doc: Document, data: Structured) -> Shown:
    """The bylines around the headline."""
    shown = Shown()
    previous = ""
    for line in near_headline(doc, data):
        before, previous = previous, line.text
        if not FIRST_ROW <= line.distance <= LAST_ROW or len(line.text) > MAX_LINE:
            continue
        announced = _announcement(before)
        if announced == _OTHER or match_other_credit(line.text):
            shown.others.update(read_names(_after_credit(line.text)))
            continue
        shown.rows.append(line)
        if not shown.plain and (announced or may_announce(line.text)):
            _read_plain(line, announced, shown)
    return shown


def read_marked(rows: list[Line]) -> tuple[str, ...]:
    """People in elements whose class or rel says author, or alone in a row with the date."""
    people: tuple[str, ...] = ()
    last = 0
    known: dict[int, bool | None] = {}
    for line in rows:
        if len(line.text) <= MAX_MARKED and (not people or line.distance - last <= 2):
            names = _read_marked(line, known)
            if names:
                people, last = tuple(dict.fromkeys(people + names)), line.distance
    return people


def stands_near(doc: Document, data: Structured, names: set[str]) -> bool:
    """Whether one of the names (as skeletons) stands in a row near the headline."""
    near = skeleton(" ".join(line.text for line in near_headline(doc, data) if len(line.text) <= MAX_LINE))
    return any(name in near for name in names)


def _is_elsewhere(line: Line) -> bool:
    return foreignness(line.marks) >= 2 or bool(line.marks & BIT["bio"])


def _after_credit(text: str) -> str:
    match = match_other_credit(text)
    return text[match.end() :] if match else text


def _announcement(text: str) -> str:
    """The word, where a row is nothing but "By" or "Photography by": the names stand in the next row.

    >>> _announcement("By"), _announcement("Written by:"), _announcement("Contributions from"), _announcement("Rain")
    ('By', 'Written by', 'other', '')
    """
    if len(text) > MAX_ANNOUNCEMENT:
        return ""
    bare = text.strip(" :：—–-")
    if bare.lower() in _BY_ALONE:
        return bare
    credit = match_other_credit(bare)
    return _OTHER if credit and credit.end() == len(bare) else ""


def _read_plain(line: Line, announced: str, shown: Shown) -> None:
    """People after "By" in a row, in the piece of text that begins with it and in those that a joiner ties to it."""
    parts = [part for part in (fold_space(part) for part in line.parts) if part]
    for place, part in enumerate([announced, *parts] if announced else parts):
        segments = _SEGMENT.split(part)
        for number, segment in enumerate(segments):
            match = match_by(f"{segment.strip()} ¦")
            if not match:
                continue
            follow = parts[place + (not announced) :] if number == len(segments) - 1 else []
            text = _tied(segment, follow)
            sure = bool(match["by"]) or any(mark in match[0] for mark in ":：/／") or " " in match[0]
            if _is_elsewhere(line):
                return
            names = read_names(text)
            if names and sure and (len(names) > 1 or " " in names[0] or not names[0].isascii()):
                shown.plain = _listed(line, names)
                return
            by = (match["by"] or "").lower()
            if not shown.alone and sure and by in _BY_ALONE and len(line.text) <= MAX_ORGANISATION:
                shown.alone = read_organisation(text) or next(filter(is_handle, _texts_of_authors(line)), "")


def _listed(line: Line, names: tuple[str, ...]) -> tuple[str, ...]:
    """All whom a row lists after "By" in elements of their own, one for each author: an agency among people too."""
    texts = _texts_of_authors(line)
    listed = tuple(name for text in texts if (name := text if is_person(text) else read_organisation(text)))
    return listed if len(texts) > 1 and set(names) <= set(listed) else names


def _texts_of_authors(line: Line) -> list[str]:
    """The texts of a row's elements that are named alike, as an author's; [] where two are named otherwise."""
    nodes = [node for node in line.nodes[:12] if not _ONE_AUTHOR.isdisjoint(read_marks(names_of(node))[1])]
    if len({(node.tag, names_of(node)) for node in nodes}) > 1:
        return []
    return list(dict.fromkeys(fold_space(node.text(deep=True)[:MAX_MARKED]) for node in nodes))


def _tied(first: str, following: list[str]) -> str:
    """A byline's text over several elements: what comes next belongs to it only where "and" or a comma ties it.

    >>> _tied("By", ["Ann Smith", "and", "Bob Lee", "Politics"]), _tied("By Ann Smith", ["Post"])
    ('By Ann Smith and Bob Lee', 'By Ann Smith')
    """
    text = first
    for part in following[:12]:
        bare = text.strip(" :：—–-").lower()
        if bare in _BY_ALONE or _TIE_END.search(text) or _TIE_BEGIN.match(part):
            text = f"{text} {part}"
        else:
            break
    return text


def _read_marked(line: Line, known: dict[int, bool | None]) -> tuple[str, ...]:
    """People in the row's author elements; or the row's only words where a date stands beside them.

    `known` keeps for one page which elements are an author's: rows share those around them.
    """
    found: list[str] = []
    for node in line.nodes[:12]:
        if _is_author_element(node, known):
            found += read_names(node.text(deep=True)[:300])
    if found or not _DATE_LIKE.search(line.text):
        return () if found and _is_elsewhere(line) else tuple(dict.fromkeys(found))
    pieces = [without_by(piece.strip(" ,:")) for piece in _SEGMENT.split(line.text)]
    people = tuple(piece for piece in pieces if " " in piece and is_person(piece) and not _is_label(piece))[:1]
    return () if people and _is_elsewhere(line) else people


def _is_label(piece: str) -> bool:
    """Two words in capitals' company that are a section or a button, not a name: told by a link's brevity only."""
    return piece.isupper() or any(len(word) > 14 for word in piece.split())


def _is_author_element(node: LexborNode | None, known: dict[int, bool | None]) -> bool:
    for _ in range(3):
        if node is None:
            break
        key = node.mem_id
        if key not in known:
            known[key] = _says_author(node)
        if (said := known[key]) is not None:
            return said
        node = node.parent
    return False


def _says_author(element: LexborNode) -> bool | None:
    """Whether an element's names say that it holds an author's name; None where those around it may say so."""
    if element.tag in _LARGE:
        return False
    return None if _CLASS_WORDS.isdisjoint(read_marks(names_of(element))[1]) else True


def read_author_elements(doc: Document, data: Structured) -> tuple[str, ...]:
    """People in the page's first author elements, wherever they stand outside comments, lists and biographies."""
    found: list[str] = []
    known = marks_of(data)
    for node in islice(_author_elements(doc), MAX_ELEMENTS):
        if node.tag in ("meta", "link", "img", "script"):
            continue
        text = fold_space(node.text(deep=True)[:400])
        if not 2 < len(text) <= MAX_LINE or foreignness(marks_around(node, known)) >= 1.5:
            continue
        names = read_names(text)
        if names and all(" " in name or not name.isascii() for name in names):
            return names
        if names and not found:
            found = list(names)
    return tuple(found)


def _author_elements(doc: Document) -> Iterator[LexborNode]:
    last = 0
    for node in doc.body.css(_ELEMENTS):
        if node.mem_id != last:  # lexbor lists an element once for every selector that it matches
            attributes = node.attributes
            if any(_AUTHOR_WORDS.search(attributes.get(name) or "") for name in ("class", "rel", "itemprop")):
                yield node
        last = node.mem_id


_HAN = r"[\u4e00-\u9fff·]"
_HAN_NAMES = rf"({_HAN}{{2,4}}(?:[\s、]+{_HAN}{{2,3}}(?=[\s、）)\]]|$))*)"
_CHINESE = (
    re.compile(rf"(?:作者|执笔人?|撰文|撰稿)\s*[：:／/]\s*{_HAN_NAMES}(?!{_HAN})"),
    re.compile(rf"记者\s*{_HAN_NAMES}(?=\s*[/／]\s*文|\s*(?:摄影)?报道)"),
    re.compile(rf"[（(][^（）()]{{0,12}}记者\s*{_HAN_NAMES}\s*[）)]"),
    re.compile(rf"记者\s+{_HAN_NAMES}(?=[\s）)\]]|$)"),
)


def read_chinese_byline(text: str) -> tuple[str, ...]:
    """The authors where a Chinese page names them in its running text: after 作者, 记者 or before 文.

    >>> read_chinese_byline("（总台记者 张倩）"), read_chinese_byline("记者马俊峰/文"), read_chinese_byline("记者获悉")
    (('张倩',), ('马俊峰',), ())
    """
    for pattern in _CHINESE:
        match = pattern.search(text)
        if match:
            return tuple(dict.fromkeys(re.split(r"[\s、]+", match[1].strip())))
    return ()
