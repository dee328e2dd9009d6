"""What a short piece of text says about counters: "Views: 184", "61 views", "Visto 314 veces", "No comments yet".

Reads text only; whose counter it is, and whether the text is prose, is decided elsewhere. The words stand in
`data/counter_labels.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from string import ascii_letters, digits
from unicodedata import normalize

from crawler.extraction.kept import remembered
from crawler.extraction.lexicon import lexicon
from crawler.extraction.numbers import MARKS, Number, find_numbers, fold_digits, plain_digits

KINDS = ("views", "likes", "dislikes", "shares", "comments")
MAX_TEXT = 160
"""Longer texts are not read."""
BREAK = "\u2502"
"""Stands between two pieces of text that come from different elements."""

_DROPPED = re.compile("[\u0307\u0640\u064b-\u0652\u200b-\u200f\u202a-\u202e\u2060\ufe0e\ufe0f\u00ad]")
_PUNCTUATION = re.compile(rf"[^\w\s#'{MARKS}]+")
_APART = "\0"
"""Stands between texts that are folded together; pages have none."""
_PUNCTUATION_APART = re.compile(rf"[^\w\s#'{MARKS}{_APART}]+")
_KEPT = set("#'" + ascii_letters + digits)
_ASCII = "".join(chr(code).lower() if chr(code) in _KEPT else " " for code in range(256)).encode("latin-1")
"""What each byte of an ASCII text becomes: bytes are translated ten times faster than strings."""
_ASCII_APART = _APART.encode() + _ASCII[1:]
_LETTERS_APART = bytes(ord(" ") if chr(code) in "#'" + digits else code for code in _ASCII_APART)
"""The same for one who looks for words only."""
_WORD = re.compile(r"[^\W\d_]+")
_STEADY = re.compile(r"[a-zà-öø-ÿа-я\u4e00-\u9fff]{4}(?:[a-zà-öø-ÿа-я\u4e00-\u9fff]|\s)?\Z")
"""Lower-case letters that folding leaves as they are."""
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_MARKS_IN_ASCII = {"’": "'", **dict.fromkeys("\xa0‘“”–—…«»„·•©►→▼", " ")}
"""What most texts outside ASCII hold, as `fold_label` reads it."""
_WIDE_MARKS = "\u3000：，？！（）；"
"""The only letters of most Chinese and Japanese texts that have another compatibility form; spaces in a label."""
_LATIN = re.compile(r"[a-z]+")
_SAME_LETTERS = dict(zip("أإآٱةىیکёı", "اااا" + "هييكеi", strict=True))
_SAME_LETTER = re.compile(f"[{''.join(_SAME_LETTERS)}]")
_CLASSIFIER = re.compile(
    r"(.+?) # (?:次|条|條|则|則|件|回|人|个|個|位|人次|개|회|명|건|times?|fois|veces|vezes|volte|mal|keer|раз|разів)"
)
_ORDINAL = re.compile(r"\d{1,3}[.)] [^\W\d_]")
"""The number of an item or heading: "6. Like ..."."""
_WORDS_PER_SEGMENT = 2
_LONGEST_START = 6
"""Words in the longest beginning of the lexicon ("there are # comments on ...")."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One counter in a text."""

    kind: str
    value: int
    exact: bool
    paired: bool = False
    """True for the two numbers that share the label "Likes": up and down, if the page shows a rating there."""


def fold_label(text: str) -> str:
    """The form in which labels are compared: case-folded, punctuation and emoji as spaces.

    >>> fold_label(" Article Categories: "), fold_label("J’AIME !")
    ('article categories', "j'aime")
    """
    if text.isascii():
        return b" ".join(text.encode().translate(_ASCII).split()).decode()
    return " ".join(_PUNCTUATION.sub(" ", _fold_letters(normalize("NFKC", text))).split())


def _fold_letters(text: str) -> str:
    """Letters and digits of a text in compatibility form as labels are compared by them."""
    folded = _DROPPED.sub("", plain_digits(text).casefold())
    return _SAME_LETTER.sub(lambda letter: _SAME_LETTERS[letter[0]], folded).replace("_", " ")


def fold_labels(texts: list[str]) -> list[str]:
    """What `fold_label` makes of each text: folded together, some times faster than one by one.

    >>> fold_labels(["Views:", "J’AIME !", "|", "Видео"])
    ['views', "j'aime", '', 'видео']
    """
    if not texts:
        return []
    rows = _without_marks(texts)
    keys = _split_folded(_translate(rows, _ASCII_APART))
    for place, key in _fold_others(rows).items():
        keys[place] = key
    return keys


def _translate(rows: list[str], table: bytes) -> str:
    """The joined rows by a table for ASCII; what it makes of other letters is of no use."""
    return _APART.join(rows).encode("utf-8", "replace").translate(table).decode()


def _fold_others(rows: list[str]) -> dict[int, str]:
    """What `fold_label` makes of those of the rows that are not all ASCII, by their places."""
    places = [place for place, row in enumerate(rows) if not row.isascii()]
    joined = _APART.join([rows[place] for place in places])
    for mark in _WIDE_MARKS:
        joined = joined.replace(mark, " ")
    # Row by row: most are in that form already, so that nothing is done.
    joined = _APART.join([normalize("NFKC", row) for row in joined.split(_APART)])
    folded = _PUNCTUATION_APART.sub(" ", _fold_letters(joined))
    return dict(zip(places, _split_folded(folded), strict=False))


def _split_folded(folded: str) -> list[str]:
    """Texts that were folded together, with single spaces."""
    spaced = " ".join(folded.split())
    return spaced.replace(f" {_APART}", _APART).replace(f"{_APART} ", _APART).split(_APART)


def _without_marks(texts: list[str]) -> list[str]:
    """The texts with ASCII for the marks that many hold: most have no other letters, and fold much faster so."""
    joined = _APART.join(texts)
    if joined.count(_APART) >= len(texts):  # no text at all, or one that holds the mark itself
        texts = [text.replace(_APART, " ") for text in texts]
        joined = _APART.join(texts)
    if joined.isascii():
        return texts
    for mark, plain in _MARKS_IN_ASCII.items():
        joined = joined.replace(mark, plain)
    return joined.split(_APART)


@cache
def _tables() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Labels beside a number, whole texts with the number as #, beginnings of texts; each to its kind."""
    beside: dict[str, str] = {}
    whole: dict[str, str] = {}
    starts: dict[str, str] = {}
    for kind in KINDS:
        for phrases in lexicon("counter_labels")[kind].values():
            for phrase in phrases:
                key = fold_label(phrase.replace("#", " # "))
                (starts if phrase.endswith("...") else whole if "#" in phrase else beside).setdefault(key, kind)
    return beside, whole, starts


@cache
def _texts() -> dict[str, frozenset[str]]:
    """Whole texts, folded, with what they say."""
    found: dict[str, set[str]] = {}
    for role, table in _ROLES.items():
        for phrases in lexicon("counter_labels")[table].values():
            for phrase in phrases:
                found.setdefault(fold_label(phrase), set()).add(role)
    for label, kind in _tables()[0].items():
        found.setdefault(label, set()).add(kind)
    return {text: frozenset(said) for text, said in found.items()}


@remembered(16_384)
def roles(text: str) -> frozenset[str]:
    """What a text without numbers is: a counter's kind, "zero", "closed", "invitation", "categories", "tags".

    >>> sorted(roles("Comments are closed for this post.")), sorted(roles("Kategorien:"))
    (['closed'], ['categories'])
    """
    return _roles_of_label(fold_label(text))


def roles_of(texts: Iterable[str]) -> dict[str, frozenset[str]]:
    """Those of the texts that are something, with what `roles` says."""
    heads = _heads()
    # Whether some label begins as the text does is told without folding it, where folding cannot matter.
    listed = [
        text
        for text in dict.fromkeys(texts)
        if (head := text[:4].rstrip()).lower() in heads
        or not (head.replace(" ", "", 1).isalpha() if text[:5].isascii() else _STEADY.match(text[:5].lower()))
    ]
    whole, beginnings = _texts(), _beginnings_of_notices()
    found = {}
    for text, key in zip(listed, fold_labels(listed), strict=True):
        if (key in whole or key.partition(" ")[0] in beginnings) and (said := _roles_of_label(key)):
            found[text] = said
    return found


@cache
def _heads() -> frozenset[str]:
    """How they begin."""
    return frozenset(key[:4].rstrip() for key in _texts())


def _roles_of_label(key: str) -> frozenset[str]:
    table = _texts()
    if (found := table.get(key)) is not None:
        return found
    if key.partition(" ")[0] not in _beginnings_of_notices():
        return _NOTHING
    words = key.split(" ", _LONGEST_NOTICE)
    for length in range(min(len(words) - 1, _LONGEST_NOTICE), 1, -1):
        if "closed" in (found := table.get(" ".join(words[:length]), _NOTHING)):
            return found  # "Comments are closed", and for what
    return _NOTHING


@cache
def _beginnings_of_notices() -> frozenset[str]:
    """First words of the texts that say "closed"."""
    return frozenset(text.partition(" ")[0] for text, said in _texts().items() if "closed" in said)


_NOTHING: frozenset[str] = frozenset()
_LONGEST_NOTICE = 10
_ROLES = {
    "zero": "comments_zero",
    "closed": "comments_closed",
    "invitation": "comments_open",
    "categories": "categories_label",
    "tags": "tags_label",
}


def kind_of_label(text: str) -> str | None:
    """The kind of counter that a label names ("Views:" -> "views"); None for any other text."""
    return _tables()[0].get(fold_label(text)) if 0 < len(text) <= MAX_TEXT else None


def read_counters(text: str, language: str | None = None) -> tuple[Reading, ...]:
    """The counters that a short text states, in order; none where it states none or is ambiguous.

    Pieces from different elements are joined by `BREAK`; so "Likes: 0 0" reads as two numbers, not as one.

    >>> read_counters("Visto 314 veces")
    (Reading(kind='views', value=314, exact=True, paired=False),)
    >>> [(r.kind, r.value) for r in read_counters("3304 views | 13 mins | 0 comments")]
    [('views', 3304), ('comments', 0)]
    """
    return read_named_counters(text, language) if names_a_counter(text) else ()


@remembered(16_384)
def read_named_counters(text: str, language: str | None = None) -> tuple[Reading, ...]:
    """The same of a text that `names_a_counter`."""
    if len(text) > MAX_TEXT:
        return _read_start(text, language)
    folded = fold_digits(text.replace("#", " "))
    numbers = [] if _ORDINAL.match(folded) else list(find_numbers(folded, language))
    if not numbers or not any(letter.isalpha() for letter in folded):
        return ()
    if len(numbers) == 1 and (kind := _kind_of_template(_template(folded, numbers))):
        return (Reading(kind, numbers[0].value, numbers[0].exact),)
    if len(numbers) > 1 and (kind := _starting_kind(fold_label(_template(folded, numbers[:1])))):
        return (Reading(kind, numbers[0].value, numbers[0].exact),)
    return tuple(_read_sequence(folded, language))


@remembered(16_384)
def names_a_counter(text: str) -> bool:
    """Whether a text holds the telling word of some label; without it, no other look is worth while.

    >>> names_a_counter("61 views"), names_a_counter("12 March 2026")
    (True, False)
    """
    if text.isascii():
        return not _label_words().isdisjoint(text.encode().translate(_LETTERS_APART).decode().split())
    return _label_names_a_counter(fold_label(text))


def _label_names_a_counter(folded: str) -> bool:
    known = _label_words()
    if not known.isdisjoint(_WORD.findall(folded)):
        return True
    if folded.isascii() or not _UNSPACED.search(folded):
        return False
    # Words run together ("1万阅读"), also one in Latin letters with what stands before it ("1万likes").
    return _unspaced_words().search(folded) is not None or not known.isdisjoint(_LATIN.findall(folded))


def naming_counters(texts: Iterable[str]) -> set[str]:
    """Those of the texts for which `names_a_counter` is true, some times faster than one by one."""
    listed = list(dict.fromkeys(texts))
    known = _label_words()
    rows = _without_marks(listed)
    others = _fold_others(rows)
    named = set()
    for place, (text, words) in enumerate(zip(listed, _translate(rows, _LETTERS_APART).split(_APART), strict=False)):
        if _label_names_a_counter(others[place]) if place in others else not known.isdisjoint(words.split()):
            named.add(text)
    return named


@cache
def _label_words() -> frozenset[str]:
    common = {word for listed in lexicon("languages")["words"].values() for word in listed}
    found = (_WORD.findall(label) for table in _tables() for label in table)
    # Of each label the word that says most: "have" stands in many texts.
    return frozenset(max(said, key=lambda word: (word not in common, len(word))) for said in found if said)


@cache
def _unspaced_words() -> re.Pattern[str]:
    return re.compile("|".join(sorted(filter(_UNSPACED.search, _label_words()))))


def _read_start(text: str, language: str | None) -> tuple[Reading, ...]:
    """A long text is read only where it begins as a heading over comments does ("11 comments on TITLE")."""
    folded = fold_digits(text[:MAX_TEXT].replace("#", " "))
    first = next(find_numbers(folded, language), None)
    if first is None or first.start > 40 or len(text) > 2 * MAX_TEXT:
        return ()
    kind = _starting_kind(fold_label(_template(folded, [first])))
    return (Reading(kind, first.value, first.exact),) if kind else ()


def _template(folded: str, numbers: list[Number]) -> str:
    parts, at = [], 0
    for number in numbers:
        parts += [folded[at : number.start], " # "]
        at = number.end
    return "".join([*parts, folded[at:]])


@remembered(8_192)
def _kind_of_template(template: str) -> str | None:
    beside, whole, _ = _tables()
    key = fold_label(template)
    if kind := whole.get(key):
        return kind
    if key.startswith("# ") and (kind := beside.get(key[2:])):
        return kind
    if key.endswith(" #") and (kind := beside.get(key[:-2])):
        return kind
    if (match := _CLASSIFIER.fullmatch(key)) and (kind := beside.get(match[1])):
        return kind
    return _starting_kind(key)


def _starting_kind(key: str) -> str | None:
    starts = _tables()[2]
    words = key.split(" ", _LONGEST_START)
    for length in range(min(len(words), _LONGEST_START), 1, -1):
        if kind := starts.get(" ".join(words[:length])):
            return kind
    return None


@dataclass(slots=True)
class _Token:
    """A piece of a row of counters: a label (its kind, None for an unknown word) or a bare number."""

    kind: str | None = None
    number: Number | None = None
    colon: bool = False


def _read_sequence(folded: str, language: str | None) -> list[Reading]:
    """A row of labels and numbers, in whichever order the row keeps from its first piece to its last."""
    found: list[Reading] = []
    tokens: list[_Token] = []
    for piece in re.split(rf"[{BREAK}|·•;/]+", folded):
        numbers = list(find_numbers(piece, language))
        if not numbers:
            if key := fold_label(piece):
                if len(key.split()) > _WORDS_PER_SEGMENT + 2:
                    return []
                tokens.append(_Token(_tables()[0].get(key), colon=piece.rstrip().endswith((":", "："))))
        elif kind := (_kind_of_template(_template(piece, numbers)) if len(numbers) == 1 else None):
            found.append(Reading(kind, numbers[0].value, numbers[0].exact))
        elif len(numbers) == 1 and not fold_label(piece[: numbers[0].start] + piece[numbers[0].end :]):
            tokens.append(_Token(number=numbers[0]))
        else:
            split = _split_piece(piece, numbers)
            if split is None:
                return found if BREAK in folded else []
            tokens += split
    return found + _pair(tokens)


def _split_piece(piece: str, numbers: list[Number]) -> list[_Token] | None:
    """Labels and numbers inside one piece of text; None where the words between them read like prose."""
    tokens, at = [], 0
    for number in [*numbers, None]:
        words = piece[at : number.start if number else len(piece)]
        key = fold_label(words)
        kind = _tables()[0].get(key)
        if kind is None and len(key.split()) > _WORDS_PER_SEGMENT:
            return None
        if key:
            tokens.append(_Token(kind, colon=words.rstrip().endswith((":", "："))))
        if number:
            tokens.append(_Token(number=number))
            at = number.end
    return tokens


def _pair(tokens: list[_Token]) -> list[Reading]:
    if not any(token.kind for token in tokens) or not any(token.number for token in tokens):
        return []
    colons = any(token.colon and token.kind for token in tokens)
    label_first = colons or (tokens[0].number is None and tokens[-1].number is not None)
    if not label_first and (tokens[0].number is None or tokens[-1].number is not None):
        return []  # begins and ends alike: either reading could be right
    return _pair_forward(tokens) if label_first else _pair_forward(tokens[::-1])[::-1]


def _pair_forward(tokens: list[_Token]) -> list[Reading]:
    """Give each label the numbers up to the next label."""
    found: list[Reading] = []
    label: _Token | None = None
    held: list[Number] = []
    for token in [*tokens, _Token()]:
        if token.number is not None:
            held.append(token.number)
            continue
        if label is not None and label.kind:
            found += _assign(label.kind, held)
        label, held = token, []
    return found


def _assign(kind: str, numbers: list[Number]) -> list[Reading]:
    if len(numbers) == 1:
        return [Reading(kind, numbers[0].value, numbers[0].exact)]
    if len(numbers) == 2 and kind == "likes":
        up, down = numbers
        return [Reading("likes", up.value, up.exact, True), Reading("dislikes", down.value, down.exact, True)]
    return []
