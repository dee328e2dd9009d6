"""Names of people out of the text of a byline: prefixes, roles, agencies and handles cut away, lists taken apart.

Knows no page. Keeps the letters of a name as they are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from crawler.extraction.date_text import month_words
from crawler.extraction.lexicon import lexicon, words
from crawler.extraction.text import plain, skeleton

MAX_NAMES = 12
MAX_NAME = 60


def _alternation(items: Iterable[str]) -> str:
    return "|".join(re.escape(item) for item in sorted(set(items), key=len, reverse=True))


_LATIN_BY = [word for word in lexicon("bylines")["by"] if word[0] < "\u0e00"]
_OTHER_BY = [word for word in lexicon("bylines")["by"] if word[0] >= "\u0e00"]
_WEAK_BY = words("bylines", "weak_by")
_BY = re.compile(
    rf"(?P<by>{_alternation(_LATIN_BY)})(?:\s*[:：—–]\s*|\s+(?=\S))|(?P<by2>{_alternation(_OTHER_BY)})\s*[:：/／丨|]?\s*",
    re.I,
)
_CREDIT = re.compile(rf"(?:{_alternation(lexicon('bylines')['other_credits'])})(?!\w)\s*[:：]?", re.I)


def _first_words(items: Iterable[str]) -> frozenset[str]:
    """What a text must begin with: the first word, of scripts without spaces the first letter."""
    return frozenset(item[0] if item[0] >= "\u0e00" else re.split(r"[\s:.]", item)[0] for item in items)


_BY_BEGINNINGS = _first_words(lexicon("bylines")["by"])
_BY_LETTERS = frozenset(word for word in _BY_BEGINNINGS if word >= "\u0e00")
_CREDIT_BEGINNINGS = _first_words(lexicon("bylines")["other_credits"])
MAX_BEGINNING = 20
_BEGINNING = re.compile(rf"[^\s:：.]{{1,{MAX_BEGINNING}}}")
_PIECE = re.compile(r"[^\s:：.|•·]+")
_BY_IN_BYTES = frozenset(word.encode() for word in _BY_BEGINNINGS)
_PIECES_APART = bytes(ord(" ") if chr(code) in ":.|" else code for code in range(256))
"""The same pieces of an ASCII text, with `split`: bytes are translated ten times faster than strings."""


def _begins(text: str, beginnings: frozenset[str]) -> bool:
    """Whether it is worth while to try the long pattern."""
    word = text[:MAX_BEGINNING].partition(" ")[0]
    if not word.isalpha():
        match = _BEGINNING.match(text)
        if match is None:
            return False
        word = match[0]
    return word.lower() in beginnings or word[0] in beginnings


def match_by(text: str) -> re.Match[str] | None:
    """The match of a word that announces an author at the beginning of a text (groups by, by2), else None.

    >>> bool(match_by("By Ann")), bool(match_by("记者 李明")), match_by("Ann by the sea")
    (True, True, None)
    """
    return _BY.match(text) if _begins(text, _BY_BEGINNINGS) else None


def may_announce(row: str) -> bool:
    """Whether anywhere in a row something begins as a word that announces an author does.

    >>> may_announce("3 May | By Ann"), may_announce("Rain falls")
    (True, False)
    """
    if row.isascii():
        return not _BY_IN_BYTES.isdisjoint(row.encode().lower().translate(_PIECES_APART).split())
    return not (_BY_BEGINNINGS.isdisjoint(_PIECE.findall(row.lower())) and _BY_LETTERS.isdisjoint(row))


def match_other_credit(text: str) -> re.Match[str] | None:
    """The same for words that announce a photographer, a translator, an editor.

    >>> bool(match_other_credit("Photos: Ann")), match_other_credit("By Ann")
    (True, None)
    """
    return _CREDIT.match(text) if _begins(text, _CREDIT_BEGINNINGS) else None


_JOINERS = re.compile(
    rf"\s*[;/|•·、]\s*|\s*&\s*|\s+(?:{_alternation(lexicon('bylines')['joiners'])})\s+|\s*[,，،]\s*(?:(?:and|und|et|y|e)\s+)?",
    re.I,
)
_JOINING_WORDS = frozenset(joiner.split()[0] for joiner in lexicon("bylines")["joiners"])
_CUTTING = (
    "published|posted|updated|modified|last updated|for the|special to|in|on|at|le|am|vom|aktualisiert"
    "|veröffentlicht|publié|publicado|actualizado|pubblicato|опубликовано"
)
_CUTTING_WORDS = frozenset(phrase.split()[0] for phrase in _CUTTING.split("|"))
_CUT = re.compile(
    r"(?:\s*(?:[|•·]\s|\s[-–—]+\s|\(|\[|<|@|https?://|\bwww\.|\S+@\S+|\d{1,4}[:./-]\d)"
    # "Le Monde", "Le Thi Hoa" and "IN-Redaktion" begin with such a word, "ORF.at" ends with one.
    rf"|(?:^(?!le\b|\w+-)|\s+)(?:{_CUTTING})\b).*",
    re.I | re.S,
)
_ROLES = frozenset(lexicon("bylines")["roles"])
_DEGREES = frozenset(["md", "ms", "ma", "ba"])
"""Degrees that are also names: an office only when they stand alone."""
_ORGANISATIONS = words("bylines", "organisation_words")
_LATIN_ROLES = _alternation(role for role in _ROLES - _DEGREES if role[0] < "\u0e00")
_OTHER_ROLES = _alternation(role for role in _ROLES if role[0] >= "\u0e00")
_OFFICES = _ROLES - _DEGREES
_PERSONS_OFFICES = _OFFICES - _ORGANISATIONS
"""Those that stand before a name; "Redaktion" and the like before one belong to it."""
_ROLE_ENDS = frozenset(role.split()[-1] for role in _OFFICES)
_ROLE_TAIL = re.compile(rf"\s+(?:{_LATIN_ROLES})\W*$", re.I)
_ROLE_FORMS = re.compile(rf"^(?:{_OTHER_ROLES})\s*|\s*(?:{_OTHER_ROLES})$")
_BY_WORDS = words("bylines", "by")
_DOMAIN = re.compile(r"\.(?:com|org|net|info|tv|[a-z]{2})$", re.I)
_NEVER_IN_NAMES = frozenset("0123456789@#<>{}=/\\?!%…,()[]:⋆⋅")
_NOBODY = frozenset(skeleton(name) for name in lexicon("bylines")["nobody"])
_PARTICLES = words("bylines", "particles")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_HANDLE = re.compile(r"[a-z][a-z0-9._-]{2,15}")
_EDGES = ' .,:;-–—*"“”„'
_LETTER = re.compile(r"[^\W\d_]")


def read_names(text: str) -> tuple[str, ...]:
    """The people that a byline names, in its order.

    >>> read_names("By ANN SMITH and Bob de la Cruz, Staff Writer")
    ('ANN SMITH', 'Bob de la Cruz')
    >>> read_names("Von Ann Maier, dpa | 3. März 2026")
    ('Ann Maier',)
    >>> read_names("记者 伊琳 李清芬"), read_names("홍길동 기자"), read_names("@ann"), read_names("Staff")
    (('伊琳', '李清芬'), ('홍길동',), (), ())
    """
    found = [name for name in _pieces(text) if is_person(name)]
    return tuple(dict.fromkeys(found))[:MAX_NAMES]


def read_organisation(text: str) -> str:
    """The one body (an agency, a team with a name) that a byline names, "" where it names none or nobody.

    >>> read_organisation("By The Associated Press"), read_organisation("By Staff"), read_organisation("By rain.tv")
    ('The Associated Press', '', 'rain.tv')
    """
    pieces = [piece for piece in _pieces(text) if not _is_nobody(piece) and 2 <= len(piece) <= MAX_NAME]
    if not pieces or pieces[0].startswith(("http", "/")) or not _LETTER.search(pieces[0]):
        return ""
    if (pieces[0][0].islower() and not _DOMAIN.search(pieces[0])) or _is_day(pieces[0]):
        return ""
    return pieces[0] if len(pieces[0].split()) <= 6 else ""


def _is_day(piece: str) -> bool:
    """ "April 28", "3. März": what a program takes for an author where it splits a line in the wrong place."""
    words = piece.lower().replace(".", " ").split()
    return any(word in month_words() for word in words) and any(word.isdigit() for word in words)


def _pieces(text: str) -> list[str]:
    """The parts of a list of names, cleaned; a lone word after a comma is a place or a paper, not a name."""
    text = plain(text[:600])
    match = match_by(text)
    chinese = bool(match and match["by2"])
    text = without_by(text)
    pieces: list[str] = []
    for mark, part in _split(text):
        piece = _clean(part)
        if mark in (",", "，") and pieces and " " in pieces[0] and piece.isascii() and " " not in piece:
            continue
        if chinese and _UNSPACED.search(piece) and " " in piece and all(len(word) <= 4 for word in piece.split()):
            pieces += piece.split()
        elif piece:
            pieces.append(piece)
    return pieces


def _split(text: str) -> Iterator[tuple[str, str]]:
    """The parts of a list, each with the mark or word before it ("" before the first)."""
    mark, start = "", 0
    for joiner in () if _is_of_words(text, _JOINING_WORDS) else _JOINERS.finditer(text):
        yield mark, text[start : joiner.start()]
        mark, start = joiner[0].strip(), joiner.end()
    yield mark, text[start:]


def _is_of_words(text: str, others: frozenset[str]) -> bool:
    """Whether a text is letters and spaces alone, as most names are, with none of the other words in it.

    Patterns that begin with optional space try every letter of a text: this is some ten times faster.
    """
    return text.replace(" ", "").isalpha() and others.isdisjoint(text.lower().split())


@lru_cache(maxsize=256)
def _clean(part: str) -> str:
    """A piece without handle, address, date, role and the office that follows a name.

    >>> _clean("Ann Smith @ann"), _clean("Ann Smith Staff Writer"), _clean("Ann O'Neil The Associated Press")
    ('Ann Smith', 'Ann Smith', "Ann O'Neil")
    >>> _clean("Ann Smith March 3, 2026"), _clean("Ann Smith For Postonline"), _clean("Post Staff")
    ('Ann Smith', 'Ann Smith', 'Post Staff')
    """
    part = without_by(_cut(part).strip(_EDGES))
    bare = _without_role(part).strip(_EDGES)
    part = bare if " " in bare or not bare.isascii() else part
    if part.lower().endswith(("editorial board", " team")):  # what stands before is no person's name
        return part
    tokens = _after_office(part.split())
    part = " ".join(tokens)
    for place in range(2, len(tokens)):
        word = tokens[place].lower().strip(".,:")
        dated = word in month_words() and place + 1 < len(tokens) and tokens[place + 1][0].isdigit()
        ends = word == "for" or (word == "the" and tokens[place][0] == "T")
        if dated or ends or word in _ORGANISATIONS or word in _OFFICES:
            name = " ".join(tokens[:place]).strip(_EDGES)
            return name if is_person(name) and tokens[0].lower() != "the" else part
    return part


def _after_office(tokens: list[str]) -> list[str]:
    """The words without an office that stands before a name; all of them where none does.

    >>> _after_office("Political Editor Ann Smith".split()), _after_office("Ann Smith Editor Rain Post".split())
    (['Ann', 'Smith'], ['Ann', 'Smith', 'Editor', 'Rain', 'Post'])
    """
    for place, word in enumerate(tokens[:-2]):
        if word.lower() in _PERSONS_OFFICES and is_person(" ".join(tokens[place + 1 :])):
            before = tokens[:place]
            return tokens if len(before) > 1 and is_person(" ".join(before)) else tokens[place + 1 :]
    return tokens


def _cut(part: str) -> str:
    """What stands before a mark, an address, a date and the words that begin a remark."""
    return part if _is_of_words(part, _CUTTING_WORDS) else _CUT.sub("", part)


def _without_role(part: str) -> str:
    if not part[-1:].isalpha() or part.rpartition(" ")[2].lower() in _ROLE_ENDS:
        part = _ROLE_TAIL.sub("", part)
    return part if part.isascii() else _ROLE_FORMS.sub("", part)


def without_by(text: str) -> str:
    """The text without the word that announces an author.

    >>> without_by("Written by: Ann Smith"), without_by("De Gaulle"), without_by("Byron Lee"), without_by("作者：李明")
    ('Ann Smith', 'De Gaulle', 'Byron Lee', '李明')
    """
    for _ in range(2):
        match = match_by(text)
        if not match:
            break
        word = (match["by"] or match["by2"]).lower()
        sure = any(mark in match[0] for mark in ":：/／")
        if word in _WEAK_BY and not sure and (match[0][0].isupper() or len(text.split()) < 3):
            break
        text = text[match.end() :].lstrip(" :—–-")
    return text


@lru_cache(maxsize=256)  # pages name their authors in several places
def is_person(name: str) -> bool:
    """Whether a piece of a byline looks like a person's name: capitals or another script, no digits, no office.

    >>> [is_person(name) for name in ("Ann Smith", "Ann", "ann", "Globe Staff", "News 24", "李明", "Associated Press")]
    [True, True, False, False, False, True, False]
    """
    if not 2 <= len(name) <= MAX_NAME or not _NEVER_IN_NAMES.isdisjoint(name):
        return False
    if not name.isascii() and any(map(str.isdigit, name)):
        return False
    bare, parts = skeleton(name), name.split()
    if _is_nobody(name) or len(parts) > 6 or _DOMAIN.search(name):
        return False
    lowered = [part.lower().strip(".,:'’") for part in parts]
    if not (_ORGANISATIONS.isdisjoint(lowered) and _OFFICES.isdisjoint(lowered)) or bare in _DEGREES:
        return False
    if _UNSPACED.search(name):
        return len(bare) <= 12 and not any(word in name for word in _ORGANISATIONS if _UNSPACED.search(word))
    if not _has_cases(name):
        return 1 <= len(parts) <= 5
    return all(
        part[0].isupper() or part.lower() in _PARTICLES or _inner_capital(part) for part in parts if part
    ) and any(part[0].isupper() for part in parts)


def is_handle(text: str) -> bool:
    """Whether a text is a user's name in a program, and none that programs come with.

    >>> [is_handle(text) for text in ("annsmith", "ann_smith2", "admin", "wp_admin", "rain falls", "Ann")]
    [True, True, False, False, False, False]
    """
    if not _HANDLE.fullmatch(text) or "admin" in text:
        return False
    return not any(map(_is_nobody, re.findall("[a-z]+", text)))


def _is_nobody(name: str) -> bool:
    bare = skeleton(name)
    return not bare or bare in _NOBODY or name.lower().strip(_EDGES) in _BY_WORDS


def _has_cases(name: str) -> bool:
    return any(char.isupper() or char.islower() for char in name)


def _inner_capital(part: str) -> bool:
    """ "d'Arc", "al-Amin", "(Ann)": a capital behind a mark."""
    return (any(char.isupper() for char in part) and not part[0].isalpha()) or bool(
        re.match(r"[a-z]{1,3}['’-][A-ZÀ-Þ]", part)
    )
