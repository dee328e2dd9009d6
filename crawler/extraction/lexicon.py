"""The word lists in `data/`, read once: what is a matter of language or of a vocabulary is data, not code."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def lexicon(name: str) -> dict[str, Any]:
    """The tables of `data/<name>.toml`.

    >>> "NewsArticle" in lexicon("structured")["article_types"]
    True
    """
    return tomllib.loads((files("crawler.extraction") / "data" / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def words(name: str, key: str) -> frozenset[str]:
    """A list of that file as a set."""
    return frozenset(lexicon(name)[key])
