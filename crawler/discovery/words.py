"""The word lists of `data/words.toml`, read once and shared by all of discovery."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files


@cache
def word_list(group: str, name: str) -> frozenset[str]:
    """One list, in lower case.

    >>> "impressum" in word_list("path", "never"), "mehr lesen" in word_list("anchor", "never")
    (True, True)
    """
    text = _data()[group][name].lower()
    words = re.split(r"[|\n]" if group == "anchor" else r"\s+", text)
    return frozenset(word.strip() for word in words if word.strip())


@cache
def _data() -> dict[str, dict[str, str]]:
    source = files("crawler.discovery") / "data" / "words.toml"
    return tomllib.loads(source.read_text("utf-8"))
