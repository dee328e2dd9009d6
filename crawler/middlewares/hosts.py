"""What is remembered about hosts beyond a process: the answer for robots.txt, and until when a host wants peace.

The archive's hosts table is the real store; `MemoryHosts` serves a lone spider and the tests. Which one a crawler
uses is the setting BACKISSUE_HOST_STORE (a class or its path; made by `from_crawler` where it has one).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from weakref import WeakKeyDictionary

from scrapy.utils.misc import build_from_crawler, load_object

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


@dataclass(frozen=True, slots=True)
class RobotsAnswer:
    """What a host last answered for /robots.txt."""

    fetched_at: datetime
    status: int | None
    """None where no answer came (name unknown, refused, timed out, redirected for ever)."""
    body: bytes = b""
    """Of a 2xx answer, its first 500 KiB; of any other, nothing."""
    failures: int = 0
    """How many times in a row it could not be had (5xx, 429, no answer); 0 after any usable answer."""


class HostStore(Protocol):
    """Called in a thread (never in two at once for one host), so that it may use a database."""

    def get_robots(self, origin: str) -> RobotsAnswer | None:
        """`origin` is scheme, host and port: "https://news.example:443"."""

    def put_robots(self, origin: str, answer: RobotsAnswer) -> None: ...

    def get_back_off(self, host: str) -> datetime | None:
        """The moment before which no request may go to `host`; None where there is none."""

    def put_back_off(self, host: str, until: datetime, said: float) -> None:
        """`said`: how many seconds the host itself asked for (Retry-After); the rest of the wait is our own caution."""


class MemoryHosts:
    """A store that ends with its process."""

    def __init__(self) -> None:
        self.robots: dict[str, RobotsAnswer] = {}
        self.back_offs: dict[str, datetime] = {}

    def get_robots(self, origin: str) -> RobotsAnswer | None:
        return self.robots.get(origin)

    def put_robots(self, origin: str, answer: RobotsAnswer) -> None:
        self.robots[origin] = answer

    def get_back_off(self, host: str) -> datetime | None:
        return self.back_offs.get(host)

    def put_back_off(self, host: str, until: datetime, said: float) -> None:
        self.back_offs[host] = until


_STORES: WeakKeyDictionary[Crawler, HostStore] = WeakKeyDictionary()


def host_store(crawler: Crawler) -> HostStore:
    """The crawler's one store, made at the first call."""
    store = _STORES.get(crawler)
    if store is None:
        store = build_from_crawler(load_object(crawler.settings["BACKISSUE_HOST_STORE"]), crawler)
        _STORES[crawler] = store
    return store
