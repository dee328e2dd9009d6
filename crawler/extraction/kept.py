"""What is worked out once and asked for again: of a page, kept while it is read and no longer; of words, beyond it.

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
_of_words: list[tuple[_lru_cache_wrapper[Any], int]] = []


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


def remembered(most: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Asks a function of words once, and gives what it said to whoever asks again, on later pages too.

    Where more than `most` answers are held when a page is done, all are let go. To let go only what was not asked for
    longest means to note the order of all that is asked: that took one per cent of an extraction.

    >>> asked = []
    >>> once = remembered(2)(asked.append)
    >>> for word in "aab":
    ...     once(word)
    >>> forget(), once("a"), once("c"), forget(), once("a"), asked
    (None, None, None, None, None, ['a', 'b', 'c', 'a'])
    """

    def remember(make: Callable[P, T]) -> Callable[P, T]:
        cached = lru_cache(maxsize=None)(make)
        _of_words.append((cached, most))
        return cached  # type: ignore[return-value]

    return remember


def forget() -> None:
    """Lets go of everything that is kept; called when a page is done."""
    for cached in _all:
        cached.cache_clear()
    for cached, most in _of_words:
        if cached.cache_info().currsize > most:
            cached.cache_clear()
