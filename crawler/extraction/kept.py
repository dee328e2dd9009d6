"""What is worked out once for a page and asked for by several modules: kept while the page is read, and no longer.

What the page before held would else lie in memory that the next one could have had: it is faster where it was used just
now.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import _lru_cache_wrapper, lru_cache
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_all: list[_lru_cache_wrapper[Any]] = []


def kept(make: Callable[P, T]) -> Callable[P, T]:
    """Asks a function of a document once, and gives what it made to whoever asks again before `forget`.

    >>> asked = []
    >>> once = kept(asked.append)
    >>> once("page"), once("page"), forget(), once("page"), asked
    (None, None, None, None, ['page', 'page'])
    """
    cached = lru_cache(maxsize=1)(make)
    _all.append(cached)
    return cached  # type: ignore[return-value]


def forget() -> None:
    """Lets go of everything that is kept; called when a page is done."""
    for cached in _all:
        cached.cache_clear()
