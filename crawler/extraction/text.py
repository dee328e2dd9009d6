"""The smallest rules about strings that several fields share: what counts as white space, how titles are compared."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from typing import Any

SENTENCE_ENDS = '.!?…。！？؟۔।"”»'
"""Letters that a sentence may end with, in any script."""
_UNSEEN = re.compile("[\u200b\ufeff\ud800-\udfff\x00-\x08\x0e-\x1f\x7f]")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
_COMMON_MARKS = "\xa0’‘“”–—…«»„·•"
"""What most texts hold of marks outside ASCII."""
_OTHER_MARKS = re.compile(r"[^\x00-\x7f\w]+")
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum())


def fold_space(text: str) -> str:
    """One space for every run of white space; control letters, zero-width spaces and half pairs left out.

    >>> fold_space(" Rain\\u200b \\n falls\\xa0")
    'Rain falls'
    """
    if text.isprintable():  # no white space but U+0020: most texts of that kind need no folding, which costs more
        return text if "  " not in text and text.strip(" ") == text else " ".join(text.split())
    folded = " ".join(text.split())
    return folded if folded.isprintable() else " ".join(_UNSEEN.sub("", text).split())


def plain(text: str) -> str:
    """Text out of a value that holds HTML: tags dropped, entities resolved (twice escaped ones too).

    >>> plain("It&amp;#039;s <i>Rain</i> &lt; Sun")
    "It's Rain < Sun"
    """
    if "<" in text:
        text = _TAG.sub("", text)
    if "&" in text:
        text = html.unescape(html.unescape(text))
    return fold_space(text)


def as_text(value: Any) -> str:
    """The string that a JSON value stands for: its own, its `@value` or `name`, the first of a list; else "".

    >>> as_text({"@value": "Rain"}), as_text(["Rain", "Sun"]), as_text(None), as_text(5)
    ('Rain', 'Rain', '', '5')
    """
    for _ in range(4):
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, dict):
            value = next((value[key] for key in ("@value", "name", "rendered", "text", "@id") if value.get(key)), None)
        else:
            break
    if isinstance(value, str):
        if not value.isascii():
            value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return fold_space(value)
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e16 else ""


@lru_cache(maxsize=256)
def skeleton(text: str) -> str:
    """Letters and digits only, folded: equal for two headlines that differ in quotes, dashes, case or spaces.

    >>> skeleton("“Rain” – again!") == skeleton('"rain" - Again')
    True
    """
    if not text.isascii():
        for mark in _COMMON_MARKS:
            text = text.replace(mark, " ")
    if text.isascii():
        return text.encode().lower().translate(None, _NO_LETTERS).decode()
    folded = unicodedata.normalize("NFKC", text).casefold().encode("utf-8", "surrogatepass")
    bare = folded.translate(None, _NO_LETTERS).decode("utf-8", "surrogatepass")  # bytes: ten times faster than strings
    return bare if bare.isalnum() else _OTHER_MARKS.sub("", bare)
