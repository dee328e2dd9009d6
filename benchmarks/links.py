"""How well links are told apart on real pages: `python -m benchmarks links [CORPUS] [--pages N] [--show N] [--seed N]`.

CORPUS (default ../shared/eval/corpus) holds article pages with their addresses. Labels are weak, made without
the classifier: a link whose address is built like the page's own (same host, same pattern of numbers and names) and
whose text is longer than three words is an article; a link of a menu or footer with one or two words is none.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from crawler.discovery.anchors import Anchor, read_anchors
from crawler.discovery.limits import trap
from crawler.discovery.links import address_key, read_listing
from crawler.discovery.signs import BASE, excluded, text_points, text_units, url_points, url_shape
from crawler.discovery.urls import same_site

CORPUS = Path(__file__).parents[2] / "shared" / "eval" / "corpus"
NEWS = ("aeb", "aed", "fundus", "fundus_eval", "magic", "czh")
"""Sources of the corpus whose pages are news articles."""


def main() -> None:
    options = _options()
    rows = _rows(options.corpus)
    own = Counter(_own_address(row["url"]) for row in rows)
    print(f"own addresses of {len(rows)} articles, as a link with a headline: {dict(own)}")
    random.Random(options.seed).shuffle(rows)
    counts: Counter[str] = Counter()
    by_host: dict[str, Counter[str]] = defaultdict(Counter)
    shown: dict[str, list[str]] = {"missed": [], "wrong": []}
    seconds = 0.0
    for row in rows[: options.pages]:
        tree = LexborHTMLParser(_html(options.corpus, row))
        start = time.process_time()
        listing = read_listing(tree, row["url"])
        seconds += time.process_time() - start
        found = {address_key(candidate.url) for candidate in listing.articles}
        doubtful = {address_key(candidate.url) for candidate in listing.doubtful}
        for key, label, anchor in _labelled(tree, row["url"]):
            answer = "likely" if key in found else "doubtful" if key in doubtful else "dropped"
            counts[f"{label} {answer}"] += 1
            by_host[urlsplit(row["url"]).hostname or ""][f"{label} {answer}"] += 1
            if (label, answer) in (("article", "dropped"), ("article", "doubtful"), ("none", "likely")):
                shown["missed" if label == "article" else "wrong"].append(f"{answer} {anchor.url} | {anchor.text[:60]}")
    _report(counts, by_host, seconds, min(options.pages, len(rows)), shown, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="?", type=Path, default=CORPUS)
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--show", type=int, default=0, help="print so many of the mistakes")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _rows(corpus: Path) -> list[dict[str, Any]]:
    index = corpus / "index.jsonl"
    if not index.is_file():
        sys.exit(f"{index} is missing: nothing was measured")
    rows = [json.loads(line) for line in index.read_text("utf-8").splitlines()]
    return [row for row in rows if row["source"] in NEWS and (row["url"] or "").startswith("http")]


def _html(corpus: Path, row: dict[str, Any]) -> str:
    return gzip.decompress((corpus / row["html"]).read_bytes()).decode(row["encoding"] or "utf-8", "replace")


def _own_address(url: str) -> str:
    if excluded(url) or trap(url):
        return "excluded"
    return "article" if BASE + url_points(url) + text_points("a headline of seven words or more") >= 0 else "unlikely"


def _labelled(tree: LexborHTMLParser, url: str) -> list[tuple[str, str, Anchor]]:
    """(address, "article" or "none", a link to it) of the links that the rules above label."""
    shape, host, own = url_shape(url), urlsplit(url).hostname, address_key(url)
    telling = any(mark in shape for mark in ("9", "S"))
    longest: dict[str, Anchor] = {}
    for anchor in read_anchors(tree, url):
        if same_site(anchor.url, url) and (key := address_key(anchor.url)) != own:
            longest[key] = max(longest.get(key, anchor), anchor, key=lambda one: text_units(one.text))
    labelled = []
    for key, anchor in longest.items():
        alike = telling and url_shape(anchor.url) == shape and urlsplit(anchor.url).hostname == host
        if alike and text_units(anchor.text) > 3:
            labelled.append((key, "article", anchor))
        elif not alike and anchor.place.region in ("menu", "foot") and 0 < text_units(anchor.text) <= 2:
            labelled.append((key, "none", anchor))
    return labelled


def _report(
    counts: Counter[str],
    by_host: dict[str, Counter[str]],
    seconds: float,
    pages: int,
    shown: dict[str, list[str]],
    options: argparse.Namespace,
) -> None:
    for label in ("article", "none"):
        shares = [_share(found, label, "likely") for found in by_host.values() if _total(found, label)]
        parts = [f"{answer} {_share(counts, label, answer):.3f}" for answer in ("likely", "doubtful", "dropped")]
        print(f"{_total(counts, label)} links labelled {label!r}: {', '.join(parts)}", end="")
        print(f"; likely, mean of {len(shares)} hosts: {sum(shares) / max(len(shares), 1):.3f}")
    print(f"{pages} pages, {1000 * seconds / max(pages, 1):.1f} ms CPU a page")
    for name, lines in shown.items():
        for line in random.Random(options.seed).sample(lines, min(options.show, len(lines))):
            print(name, line)


def _total(counts: Counter[str], label: str) -> int:
    return sum(count for name, count in counts.items() if name.startswith(label))


def _share(counts: Counter[str], label: str, answer: str) -> float:
    return counts[f"{label} {answer}"] / max(_total(counts, label), 1)


if __name__ == "__main__":
    main()
