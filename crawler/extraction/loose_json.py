"""Reads JSON as pages really write it: damaged JSON-LD and JavaScript object literals. Never raises, always bounded.

Well-formed text takes the fast way through the standard library; the reader below is only for what that refuses.
"""

from __future__ import annotations

import html
import json
import re
from typing import Any

import orjson

MAX_LENGTH = 4_000_000
"""Longer texts are not read at all."""
MAX_LOOSE_LENGTH = 600_000
"""The tolerant reader is some thirty times slower than the strict one, so it gets less."""
MAX_DEPTH = 60
MAX_TRIALS = 60
"""Inner values of a damaged text that are found to be no JSON, before none is taken for such any more."""

_OPENING = re.compile(r"(?:\s|;|//+(?=\s*<)|/\*(?=\s*<)|<!--|<!\[CDATA\[|\*/)+")
_CLOSING = re.compile(r"(?:\s|;|//+|/\*|-->|\]\]>|\*/)+\Z")
_BLANK = re.compile(r"(?:\s+|//[^\n]*|/\*.*?(?:\*/|\Z)|<!--|-->|<!\[CDATA\[|\]\]>)*", re.S)
_BEGIN_BLANK = frozenset("/<-]")
"""The first letters of what is skipped besides white space."""
_KEY_END = re.compile(r"\s*:")
_REMARK = r"(?:\s|//[^\n\"]{0,500}\n|/\*[^*]{0,500}\*/)*"
_VALUE_END = re.compile(
    rf"""{_REMARK}(?:[}}\]);]|\Z|["'][\w@ -]{{1,60}}["']\s*:\s*["'\[{{\d]|"""
    r""",[\s,]*(?:[}\]{\[\-\d]|(?:true|false|null)\b|\Z|//|/\*|["'][^"'\n]{0,200}["']\s*[:,\]}]|[\w$]+\s*:))"""
)
_UNDEFINED = re.compile(r"undefined(?<=[:\[,]undefined)(?=[,\]}])")
"""The word comes first: so it is searched for as a whole."""
_JSON_BEGINS = re.compile(r"""(?:\[\s*)*(?:"|\{\s*["}])|(?:\[\s*)+[\]\w-]""")
"""A program's `{a: 1}` and `[{a: 1}]` do not."""
_BARE = re.compile(r"[^\s,:{}\[\]\"'`]+")
_NUMBER = re.compile(r"-?\d{1,30}(?:\.\d{1,30})?(?:[eE][-+]?\d{1,3})?\Z")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\n|.)", re.S)
_SIMPLE_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "\n": "", "0": ""}
_WORDS = {"true": True, "false": False, "!0": True, "!1": False}
_DECODER = json.JSONDecoder(strict=False)


def read_json(text: str) -> list[Any]:
    """Every value that the text holds, one after the other; [] where there is nothing to read.

    >>> read_json('{"a": 1}')
    [{'a': 1}]
    >>> read_json('<!-- {"a": [1, 2,], /* note */ "b": "two\\nlines"} -->')
    [{'a': [1, 2], 'b': 'two\\nlines'}]
    >>> read_json('{"a": 1}{"b": 2};')
    [{'a': 1}, {'b': 2}]
    >>> read_json('{&quot;a&quot;: &quot;b &amp;amp; c&quot;}')
    [{'a': 'b &amp; c'}]
    >>> read_json('{"headline": "He said "no", twice", "cut": "off')
    [{'headline': 'He said "no", twice', 'cut': 'off'}]
    """
    if len(text) > MAX_LENGTH:
        return []
    try:
        return [orjson.loads(text)]
    except ValueError:
        pass  # not quite JSON: wrapped in remarks, control letters in strings, and what else the readers below take
    text = _unwrapped(text)
    if not text:
        return []
    if "&quot;" in text[:200] and '"' not in text[:200]:
        text = html.unescape(text)
    try:
        return [_read_strictly(text)]
    except RecursionError:
        return []
    except ValueError:
        return _read_several(text) or _read_loosely(text)


def _unwrapped(text: str) -> str:
    """Without the remarks and marks of CDATA in which old pages wrap their scripts."""
    if opening := _OPENING.match(text):
        text = text[opening.end() :]
    # None of what closes holds a brace: a search from the text's beginning would try every space in it.
    closing = _CLOSING.search(text, max(text.rfind("}"), 0))
    return text[: closing.start()] if closing else text


def _read_strictly(text: str) -> Any:
    """One value and nothing else; control letters may stand in strings. Raises ValueError, RecursionError."""
    try:
        return orjson.loads(text)  # twice as fast
    except ValueError:
        return json.loads(text, strict=False)


def read_literal(text: str, start: int) -> Any:
    """The value that begins at `start` of a script's text, as JSON or as a JavaScript literal; else None.

    >>> read_literal('window.__X__ = {a: \\'b\\', c: !0, d: undefined}; more()', 15)
    {'a': 'b', 'c': True, 'd': None}
    """
    if len(text) - start > MAX_LENGTH:
        return None
    try:
        return _read_beginning(text, start)
    except RecursionError:
        return None
    except ValueError:
        pass
    if text.find("undefined", start) >= 0:  # programs write their state as JSON but for that word
        try:
            return _read_beginning(_UNDEFINED.sub("null", text[start:]), 0)
        except (ValueError, RecursionError):
            pass
    return _LooseReader(text[start : start + MAX_LOOSE_LENGTH]).read()


def _read_beginning(text: str, start: int) -> Any:
    """The JSON value that begins there, whatever follows it. Raises ValueError, RecursionError."""
    if not _JSON_BEGINS.match(text, start):
        raise ValueError(f"no JSON: {text[start : start + 20]!r}")
    if text.endswith(("}", "]")):  # most states end their script: orjson, twice as fast, reads whole texts only
        rest = text[start:]
        try:
            return orjson.loads(rest)
        except orjson.JSONDecodeError as error:
            if error.msg.startswith("unexpected content after"):
                return orjson.loads(rest[: error.pos])
    return _DECODER.raw_decode(text, start)[0]


def _read_several(text: str) -> list[Any]:
    """Values written one after the other, with nothing or a comma or a semicolon between them; [] if not so."""
    values: list[Any] = []
    at = 0
    while at < len(text) and len(values) < 200:
        try:
            value, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            return []
        values.append(value)
        while at < len(text) and (text[at].isspace() or text[at] in ",;"):
            at += 1
    return values


def _read_loosely(text: str) -> list[Any]:
    values: list[Any] = []
    reader = _LooseReader(text[:MAX_LOOSE_LENGTH])
    while (start := reader.seek()) and len(values) < 200:
        value = reader.read()
        if value:
            values.append(value)
        if reader.at <= start - 1:
            break
    return values


class _LooseReader:
    """A recursive-descent reader that takes what stands there: a missing comma or bracket is imagined."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self._broken_at = 0
        """Where what was tried last ceases to be JSON."""
        self._trials = MAX_TRIALS

    def seek(self) -> int:
        """Go to the next object or array; its position + 1, or 0 at the end."""
        while self.at < len(self.text):
            self._skip_blank()
            if self.text[self.at : self.at + 1] in ("{", "["):
                return self.at + 1
            self.at += 1
        return 0

    def read(self, depth: int = 0) -> Any:
        """The value at the present place, whatever it is; None where there is none."""
        self._skip_blank()
        mark = self.text[self.at : self.at + 1]
        if depth > MAX_DEPTH or not mark:
            self.at = len(self.text)
            return None
        if mark in "{[":
            found = self._read_well_formed() if depth else None
            return found if found is not None else self._read_object(depth) if mark == "{" else self._read_array(depth)
        if mark in "\"'`":
            return self._read_string(_VALUE_END)
        return self._read_bare()

    def _read_well_formed(self) -> Any:
        """The object or array where it is JSON, as most of what a program's literal holds is; else None.

        Some thirty times faster. None is tried that begins before the place where another one broke, and not many
        more where such have broken: to say where, the decoder counts all lines before.
        """
        if self.at < self._broken_at or not self._trials or not _JSON_BEGINS.match(self.text, self.at):
            return None
        try:
            value, self.at = _DECODER.raw_decode(self.text, self.at)
        except json.JSONDecodeError as error:
            self._broken_at = error.pos
            self._trials -= 1
            return None
        except (ValueError, RecursionError):  # a number of thousands of digits; a thousand levels
            self._trials = 0
            return None
        return value

    def _read_object(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        self.at += 1
        while self._enter("}"):
            mark = self.text[self.at]
            key = self._read_string(_KEY_END) if mark in "\"'`" else self._read_bare()
            self._skip_blank()
            if self.text[self.at : self.at + 1] == ":":
                self.at += 1
                value = self.read(depth + 1)
                if key is not None:
                    found[str(key)] = value
        return found

    def _read_array(self, depth: int) -> list[Any]:
        found: list[Any] = []
        self.at += 1
        while self._enter("]"):
            found.append(self.read(depth + 1))
        return found

    def _enter(self, closing: str) -> bool:
        """Go to the next member; False at the closing bracket (a wrong one closes too) and at the end."""
        before = self.at
        self._skip_blank()
        while self.text[self.at : self.at + 1] in (",", ";", ":"):
            self.at += 1
            self._skip_blank()
        mark = self.text[self.at : self.at + 1]
        if mark in ("}", "]"):
            self.at += 1
            return mark != closing and self._stray(closing)
        return bool(mark) and self.at >= before

    def _stray(self, closing: str) -> bool:
        """A bracket of the wrong kind closes this value as well and is left for the one around it."""
        self.at -= 0 if closing == "}" else 1
        return False

    def _read_string(self, end: re.Pattern[str]) -> str:
        """A string; a quote inside it that nobody escaped is told by what follows it."""
        quote, start = self.text[self.at], self.at + 1
        at = start
        while True:
            at = self.text.find(quote, at)
            if at < 0:
                at = len(self.text)
                break
            if not _is_escaped(self.text, at, start) and (quote == "`" or end.match(self.text, at + 1)):
                break
            at += 1
        self.at = at + 1
        return _ESCAPE.sub(_unescape, self.text[start:at])

    def _read_bare(self) -> Any:
        match = _BARE.match(self.text, self.at)
        if not match:
            self.at += 1
            return None
        self.at = match.end()
        word = match[0]
        if _NUMBER.match(word):
            return float(word) if any(c in word for c in ".eE") else int(word)
        return _WORDS.get(word, None if word in ("null", "undefined", "NaN", "void") else word)

    def _skip_blank(self) -> None:
        mark = self.text[self.at : self.at + 1]
        if mark.isspace() or mark in _BEGIN_BLANK:
            match = _BLANK.match(self.text, self.at)
            if match:
                self.at = match.end()


def _is_escaped(text: str, at: int, start: int) -> bool:
    count = 0
    while at - 1 - count >= start and text[at - 1 - count] == "\\":
        count += 1
    return count % 2 == 1


def _unescape(match: re.Match[str]) -> str:
    code = match[1]
    if len(code) > 1:
        return chr(int(code[1:], 16))
    return _SIMPLE_ESCAPES.get(code, code)
