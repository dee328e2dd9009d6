"""Whether two addresses show one article: a page that led to another, names another as its own, or goes on elsewhere.

Compares what was just read with what the archive knows of the addresses. Reads the archive (and plans where an old
address led), so it is called beside the loop; fetches nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from archive import Archive, NotFound
from archive.identity import fold, host_key, is_believable_canonical, is_same_story, url_key
from archive.model import Candidate, Content
from crawler import reading
from crawler.discovery.urls import same_site
from crawler.extraction import Extraction
from crawler.sites import Site

MORE_PARAGRAPHS = 1.25
"""A text with so many times the paragraphs that are there had further parts."""


class Variants:
    """What one crawl of a site knows of the addresses of its articles."""

    def __init__(self, archive: Archive, site: Site, now: Callable[[], datetime], *, by_hand: bool) -> None:
        """`by_hand`: somebody named the very addresses, and may well name one by a short link."""
        self._archive, self._site, self._now, self._by_hand = archive, site, now, by_hand
        self._led_to: dict[str, str] = {}
        """Page of another host -> the first address of this crawl that led there (keys of both)."""

    def known(self, url: str) -> Content | None:
        """The newest version at an address; None where no article is known there."""
        try:
            return self._archive.version(url, self._archive.article(url).versions).content
        except NotFound:
            return None

    def leads_elsewhere(self, asked: str, landed: str, extraction: Extraction) -> bool:
        """Whether an article's address led to a page that is neither it nor a look-alike of its address: a consent page
        on another host, the story that a site shows in place of an old one. Such a page is found by its own address."""
        if extraction.article is None or is_believable_canonical(asked, landed):
            return False
        known = self.known(asked)
        if known is None:  # never seen: a second address that leads to one page of another host has met a wall there
            is_own = url_key(landed).startswith(host_key(self._site.url) + "/")
            if self._by_hand or is_own or not reading.is_on_another_host(asked, landed):
                return False
            first = self._led_to.setdefault(url_key(landed), url_key(asked))
            return first != url_key(asked) or self.known(landed) is not None
        if is_one(extraction.article, known) or self._are_one(asked, landed):
            return False
        if same_site(landed, self._site.url):
            self._archive.plan(self._site.name, [Candidate(url=landed, found_in="link")], self._now())
        return True

    def names_wrongly(self, url: str, extraction: Extraction, canonical: str) -> bool:
        """Whether an earlier look found that the page is its own article, so that the address which it names need be
        asked for only when that is due."""
        if self.known(url) is None or not self._archive.rests(canonical, self._now()):
            return False
        return not is_one(extraction.article, self.known(canonical))

    def goes_on(self, url: str, parts: Sequence[Extraction]) -> bool:
        """Whether the article, as the archive knows it, has clearly more paragraphs than these parts: the next one was
        there once. Else the link to it is wrong, as on galleries of one page, and the parts are the whole article."""
        known = self.known(url)
        here = sum(len((part.article.body or "").split("\n\n")) for part in parts if part.article)
        return known is not None and len((known.body or "").split("\n\n")) > here * MORE_PARAGRAPHS

    def _are_one(self, url: str, other: str) -> bool:
        try:
            return self._archive.article(url).id == self._archive.article(other).id
        except NotFound:
            return False


def is_one(variant: Content | None, main: Content | None) -> bool:
    """Whether a page and the one that it names as its own show one story; a later part has only the headline of it."""
    if variant is None or main is None:
        return False
    return fold(variant.title or "") == fold(main.title or "") or is_same_story(variant, main)
