"""Microdata items (`itemscope`, `itemprop`) in the shape of JSON-LD nodes.

Follows the HTML standard's property values, but for `a itemprop=author` takes the text: pages mean the name.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from selectolax.lexbor import LexborNode

from crawler.extraction.text import fold_space

MAX_ELEMENTS = 3_000
MAX_ANCESTORS = 200
_ADDRESS_PROPERTIES = frozenset({"url", "image", "mainentityofpage", "sameas", "thumbnailurl", "logo", "contenturl"})
_LONG_PROPERTIES = frozenset({"articlebody", "reviewbody", "text", "maincontentofpage"})
"""Not read here: the body extractor reads the elements themselves."""


def read_items(elements: Iterable[LexborNode]) -> list[dict[str, Any]]:
    """The items of `[itemscope], [itemprop]` elements given in page order; every item is listed, nested ones too.

    Properties outside any item are gathered in one last item without a type.

    >>> from selectolax.lexbor import LexborHTMLParser
    >>> page = LexborHTMLParser('<div itemscope itemtype="http://schema.org/Article"><h1 itemprop=headline>Rain</h1>'
    ...     '<p itemprop=author itemscope itemtype="http://schema.org/Person"><b itemprop=name>Ann</b></p></div>')
    >>> read_items(page.css("[itemscope], [itemprop]"))[0]
    {'@type': ['Article'], 'headline': 'Rain', 'author': {'@type': ['Person'], 'name': 'Ann'}}
    """
    items: list[dict[str, Any]] = []
    by_element: dict[int, dict[str, Any]] = {}
    loose: dict[str, Any] = {}
    last = 0
    for element in islice(elements, MAX_ELEMENTS):
        if element.mem_id == last:  # lexbor lists an element once for every selector that it matches
            continue
        last = element.mem_id
        attributes = element.attributes
        item = _new_item(attributes) if "itemscope" in attributes else None
        names = (attributes.get("itemprop") or "").split()
        if names:
            owner = _owner(element, by_element)
            _add(loose if owner is None else owner, names, _value(element, names) if item is None else item)
        if item is not None:
            by_element[element.mem_id] = item
            items.append(item)
    return [*items, loose] if loose else items


def _new_item(attributes: dict[str, str | None]) -> dict[str, Any]:
    types = [name.rstrip("/").rsplit("/", 1)[-1] for name in (attributes.get("itemtype") or "").split()]
    item: dict[str, Any] = {"@type": types}
    if attributes.get("itemid"):
        item["@id"] = attributes["itemid"]
    return item


def _owner(element: LexborNode, by_element: dict[int, dict[str, Any]]) -> dict[str, Any] | None:
    if not by_element:
        return None
    parent = element.parent
    for _ in range(MAX_ANCESTORS):
        if parent is None:
            return None
        item = by_element.get(parent.mem_id)
        if item is not None:
            return item
        parent = parent.parent
    return None


def _add(item: dict[str, Any], names: list[str], value: Any) -> None:
    for name in names:
        if value in ("", None):
            continue
        if name not in item:
            item[name] = value
        elif isinstance(item[name], list):
            item[name].append(value)
        else:
            item[name] = [item[name], value]


def _value(element: LexborNode, names: list[str]) -> str:
    attributes = element.attributes
    lowered = {name.lower() for name in names}
    if attributes.get("content") is not None:
        return fold_space(attributes["content"] or "")
    if element.tag in ("time", "data", "meter") and (stamp := attributes.get("datetime") or attributes.get("value")):
        return fold_space(stamp)
    if lowered & _ADDRESS_PROPERTIES or element.tag in ("img", "link", "source", "iframe", "video", "audio"):
        address = attributes.get("href") or attributes.get("src") or attributes.get("data-src")
        if address:
            return address.strip()
    return "" if lowered & _LONG_PROPERTIES else fold_space(element.text(deep=True))
