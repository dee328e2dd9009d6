"""A record out of a plain text: the text of a scraped article page, with its furniture at the end.

The page's structure is gone; lines are left. From the end upwards, lines that the lexicon knows (labels, numbers,
notices about comments, the values under a label) are furniture; the first line that reads like a sentence ends it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from archive.model import COUNTERS, Content, Counter, Engagement
from crawler.extraction.labels import BREAK, MAX_TEXT, Reading, kind_of_label, read_counters, roles
from crawler.extraction.lexicon import words
from crawler.extraction.numbers import find_numbers, fold_digits
from crawler.extraction.topics import map_labels

MAX_FURNITURE = 60
_SEPARATORS = re.compile(r"\s*[,;|·•、，]\s*")
_SENTENCE_END = re.compile(r"[.!?。！？…।؟][\"'”’»)]*$")
_NUMBERS_ONLY = re.compile(r"[\d\s.,'’٬٫+()kKmM万萬億亿\u00a0\u202f\u2009-]+")
_MAX_LABEL_WORDS = 6


@dataclass(slots=True)
class _Furniture:
    """What the lines at the end say."""

    readings: list[tuple[Reading, str]] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    comments_open: bool | None = None
    no_comments: str | None = None


def read_text(text: str) -> tuple[Content, Engagement]:
    """Title, body, categories, tags and counters of a text. Never raises.

    >>> content, engagement = read_text("Rain again\\n\\nIt rained all day.\\n\\nViews:\\n58\\nCategory: Weather\\n")
    >>> content.title, content.body, content.categories, engagement.views.value
    ('Rain again', 'It rained all day.', ('Weather',), 58)
    """
    lines = [line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff").split("\n")]
    end = _furniture_start(lines)
    furniture = _read_furniture([line for line in lines[end:] if line])
    blocks = _blocks(lines[:end])
    title = blocks[0] if blocks and (len(blocks) > 1 or not _SENTENCE_END.search(blocks[0])) else None
    body = blocks[1:] if title else blocks
    meanings = map_labels(furniture.categories)
    content = Content(
        title=title,
        body="\n\n".join(body) or None,
        categories=tuple(furniture.categories) or None,
        tags=tuple(furniture.tags) or None,
        topics=meanings.topics if furniture.categories else None,
        coverage_place=meanings.places or None,
        genre=meanings.genres or None,
    )
    return content, _engagement(furniture)


def _blocks(lines: list[str]) -> list[str]:
    """Paragraphs: separated by blank lines; where there are none, every line is one."""
    text = "\n".join(lines).strip()
    if "\n\n" not in text:
        return [" ".join(line.split()) for line in text.split("\n") if line]
    title = text.partition("\n")[0]  # a title may stand on the paragraphs without a blank line
    blocks = re.split(r"\n{2,}", text)
    if blocks[0].startswith(title + "\n") and not _SENTENCE_END.search(title):
        blocks[:1] = [title, blocks[0][len(title) + 1 :]]
    return [" ".join(block.split()) for block in blocks if block.strip()]


def _furniture_start(lines: list[str]) -> int:
    """The index of the first line of the furniture at the end; the number of lines where there is none."""
    start = len(lines)
    for index in range(len(lines) - 1, max(0, len(lines) - MAX_FURNITURE), -1):
        line = lines[index]
        if not line:
            continue
        before = next((one for one in reversed(lines[:index]) if one), "")
        if not (_is_furniture(line) or _is_value(line, before)):
            break
        start = index
    # What the cut begins with must be furniture by itself, never only a value.
    while start < len(lines) and not _is_furniture(lines[start]):
        start += 1
    return start


def _is_furniture(line: str) -> bool:
    """Whether the line says by itself that it is a label, a counter or a notice."""
    if not line or len(line) > MAX_TEXT:
        return False
    if roles(line) or read_counters(line):
        return True
    label, colon, value = _split_label(line)
    return bool(
        colon and value and _kinds(label) & {"categories", "tags", *COUNTERS} and not _SENTENCE_END.search(value)
    )


def _is_value(line: str, before: str) -> bool:
    """Whether the line can be the value of the label before it: numbers after a counter, short names after a list."""
    kinds = _kinds(before.rstrip(":： "))
    if _NUMBERS_ONLY.fullmatch(fold_digits(line)):
        return bool(kinds & set(COUNTERS)) or (before.endswith((":", "：")) and len(before) < 40)
    if kinds & {"categories", "tags"}:
        return (
            len(line) <= MAX_TEXT
            and not _SENTENCE_END.search(line)
            and all(len(name.split()) <= _MAX_LABEL_WORDS for name in _SEPARATORS.split(line))
        )
    return False


def _split_label(line: str) -> tuple[str, str, str]:
    match = re.match(r"(.{2,40}?)\s*([:：])\s*(.*)", line)
    return (match[1], match[2], match[3]) if match else (line, "", "")


def _kinds(label: str) -> frozenset[str]:
    return roles(label) if 1 < len(label) <= MAX_TEXT else frozenset()


def _read_furniture(lines: list[str]) -> _Furniture:
    found = _Furniture()
    index = 0
    while index < len(lines):
        index += _read_line(found, lines[index], lines[index + 1] if index + 1 < len(lines) else "")
    return found


def _read_line(found: _Furniture, line: str, after: str) -> int:
    """Read one line with the one after it; how many were used."""
    known = _kinds(line)
    if "closed" in known:
        found.comments_open = False
    elif "zero" in known:
        found.no_comments = line
    elif "invitation" in known and found.comments_open is None:
        found.comments_open = True
    if readings := read_counters(line):
        found.readings += [(one, line) for one in readings]
        return 1
    label, colon, value = _split_label(line)
    kinds = _kinds(label)
    if value and colon:
        return _take(found, label, kinds, value, 1)
    if after and _is_value(after, line) and not (known & {"closed", "zero"}):
        return _take(found, label, kinds, after, 2)
    return 1


def _take(found: _Furniture, label: str, kinds: frozenset[str], value: str, used: int) -> int:
    """Give a label its value."""
    if kind := kind_of_label(label):
        folded = fold_digits(value)
        numbers = list(find_numbers(folded))
        if kind == "likes" and re.search(r"\d [\d]", folded):
            numbers = [number for piece in folded.split(" ") for number in find_numbers(piece)]
            if len(list(find_numbers(folded))) == 1:
                return used  # "12 345": one number or two, nobody can tell
        text = f"{label}:{BREAK}" + BREAK.join(
            folded if len(numbers) == 1 else folded[one.start : one.end] for one in numbers
        )
        if kind == "likes" and len(numbers) == 2:
            text = f"{label}:{BREAK}{BREAK.join(folded.split(' '))}"
        found.readings += [(one, f"{label}: {value}") for one in read_counters(text)]
    elif "categories" in kinds:
        found.categories += _names(value)
    elif "tags" in kinds:
        found.tags += _names(value)
    return used


def _names(value: str) -> list[str]:
    noise = words("categories", "noise")
    names = [name.strip(" #.") for name in _SEPARATORS.split(value)]
    return [name for name in names if name and name.casefold() not in noise]


def _engagement(found: _Furniture) -> Engagement:
    counters: dict[str, Counter] = {}
    clashes: set[str] = set()
    for reading, raw in found.readings:
        counter = Counter(reading.value, reading.exact, raw, "label")
        if reading.kind in counters and counters[reading.kind].value != counter.value:
            clashes.add(reading.kind)
        counters.setdefault(reading.kind, counter)
    if found.no_comments and "comments" not in counters:
        counters["comments"] = Counter(0, True, found.no_comments, "label")
    kept = {kind: counter for kind, counter in counters.items() if kind not in clashes}
    return Engagement(
        kept.get("views"),
        kept.get("likes"),
        kept.get("dislikes"),
        kept.get("shares"),
        kept.get("comments"),
        found.comments_open,
    )
