"""How fast the extractor is, and how good, beside its peers: one process, the same pages, taken in turn.

    python -m benchmarks extraction INDEX.jsonl [--pages 150] [--peers trafilatura,trafilatura_fast,...] [--write]

INDEX has a row a page: {"html" (gzip file beside it), "encoding", "url", "body"}. CPU time, pages read beforehand, ten
pages given to every tool in turn before the next ten: so a busy machine slows all alike, and each tool is at work as it
would be alone. (After every single page the next tool finds the processor's memory full of the other's things: the
quicker a tool, the more of its time goes into that.) Peers that are not installed are left out and named. `--write`
puts the table into benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import json
import platform
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.report import put
from crawler.extraction import VERSION, extract
from crawler.extraction.document import decode, parse

_TOKEN = re.compile(r"\w+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")

IN_A_ROW = 10
Tool = Callable[[bytes, str, str | None], str | None]


def ours(page: bytes, url: str, kind: str | None) -> str | None:
    article = extract(page, url, content_type=kind).article
    return article.body if article else None


def parse_only(page: bytes, url: str, kind: str | None) -> str | None:
    parse(page, url, kind)
    return None


def peers() -> dict[str, tuple[str, Tool]]:
    """Name -> (distribution, tool) of the peers that are installed."""
    found: dict[str, tuple[str, Tool]] = {}
    for name, (distribution, make) in _MAKERS.items():
        try:
            version(distribution)
            found[name] = (distribution, make())
        except (PackageNotFoundError, ImportError) as error:
            print(f"left out: {name} ({error})", file=sys.stderr)
    return found


def _trafilatura(fast: bool) -> Tool:
    import trafilatura

    def run(page: bytes, url: str, kind: str | None) -> str | None:
        found = trafilatura.bare_extraction(decode(page, kind)[0], url=url, fast=fast, with_metadata=True)
        return found.text if found else None

    return run


def _newspaper() -> Tool:
    import newspaper

    def run(page: bytes, url: str, kind: str | None) -> str | None:
        article = newspaper.Article(url, fetch_images=False)
        article.download(input_html=decode(page, kind)[0])
        article.parse()
        return str(article.text)

    return run


def _readability() -> Tool:
    import readability
    from lxml.html import fromstring

    def run(page: bytes, url: str, kind: str | None) -> str | None:
        found = readability.Document(decode(page, kind)[0]).summary(html_partial=True)
        return str(fromstring(found).text_content())

    return run


def _resiliparse() -> Tool:
    from resiliparse.extract.html2text import extract_plain_text

    def run(page: bytes, url: str, kind: str | None) -> str | None:
        return str(extract_plain_text(decode(page, kind)[0], main_content=True, alt_texts=False))

    return run


_MAKERS: dict[str, tuple[str, Callable[[], Tool]]] = {
    "trafilatura": ("trafilatura", lambda: _trafilatura(False)),
    "trafilatura fast": ("trafilatura", lambda: _trafilatura(True)),
    "newspaper4k": ("newspaper4k", _newspaper),
    "readability-lxml": ("readability-lxml", _readability),
    "resiliparse": ("resiliparse", _resiliparse),
}


def measure(
    rows: list[dict[str, Any]], folder: Path, tools: dict[str, Tool]
) -> dict[str, tuple[list[float], list[float]]]:
    """For each tool CPU milliseconds and page F1, a page each."""
    results: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in tools}
    for at in range(0, len(rows), IN_A_ROW):
        some = rows[at : at + IN_A_ROW]
        pages = [_load(row, folder) for row in some]
        for name, tool in tools.items():
            answers = [_timed(tool, page, name) for page in pages]
            results[name][0].extend(spent for spent, _ in answers)
            results[name][1].extend(page_f1(text, row["body"]) for (_, text), row in zip(answers, some, strict=True))
    return results


def _load(row: dict[str, Any], folder: Path) -> tuple[bytes, str, str | None]:
    kind = f"text/html; charset={row['encoding']}" if row.get("encoding") else None
    return gzip.decompress((folder / row["html"]).read_bytes()), row["url"] or "http://unknown.test/", kind


def _timed(tool: Tool, page: tuple[bytes, str, str | None], name: str) -> tuple[float, str]:
    """CPU milliseconds, and the text; "" where the tool found none or failed."""
    started = time.process_time()
    try:
        text = tool(*page)
    except Exception as error:  # a peer that fails has no text
        print(f"{name} failed on {page[1]}: {error!r}", file=sys.stderr)
        text = None
    return (time.process_time() - started) * 1000, text or ""


def page_f1(found: str, truth: str) -> float:
    """F1 of runs of four tokens; letters of scripts without spaces are tokens.

    >>> page_f1("Rain falls on the town", "Rain falls on the town")
    1.0
    """
    one, other = _shingles(found), _shingles(truth)
    hits = sum((one & other).values())
    return 2 * hits / (sum(one.values()) + sum(other.values())) if hits else 0.0


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _TOKEN.findall(_UNSPACED.sub(lambda letter: f" {letter.group()} ", text))
    return Counter(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3))) if words else Counter()


def table(results: dict[str, tuple[list[float], list[float]]], versions: dict[str, str]) -> str:
    """The results as Markdown, with how many times as long each tool takes as ours."""
    own = statistics.fmean(results["backissue, all fields"][0])
    lines = [
        "| tool | version | CPU ms a page (mean) | median | pages/s | times ours | page F1 |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, (spent, quality) in sorted(results.items(), key=lambda item: statistics.fmean(item[1][0])):
        mean = statistics.fmean(spent)
        f1 = f"{statistics.fmean(quality):.3f}" if any(quality) else "-"
        lines.append(
            f"| {name} | {versions[name]} | {mean:.1f} | {statistics.median(spent):.1f} "
            f"| {1000 / mean:.0f} | {mean / own:.1f} | {f1} |"
        )
    pages = len(next(iter(results.values()))[0])
    lines += [
        "",
        f"{pages} pages, {IN_A_ROW} in a row, one process, Python {platform.python_version()}, {platform.machine()}.",
    ]
    lines += ["The page F1 of backissue is in-sample where the pages are those its model was trained on."]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("index", type=Path)
    parser.add_argument("--pages", type=int, default=150)
    parser.add_argument("--peers", help="only these, separated by commas")
    parser.add_argument("--write", action="store_true", help="put the table into benchmarks/README.md")
    args = parser.parse_args()
    if not args.index.exists():
        print(f"no pages at {args.index}: nothing was measured", file=sys.stderr)
        return 1
    rows = [row for line in args.index.open(encoding="utf-8") if (row := json.loads(line)).get("body")]
    rows = rows[:: max(1, len(rows) // args.pages)][: args.pages]
    chosen = {name: pair for name, pair in peers().items() if not args.peers or name in args.peers.split(",")}
    tools: dict[str, Tool] = {"lexbor parse alone": parse_only, "backissue, all fields": ours}
    tools |= {name: tool for name, (_, tool) in chosen.items()}
    versions = {name: version(distribution) for name, (distribution, _) in chosen.items()}
    versions |= {
        "lexbor parse alone": f"selectolax {version('selectolax')}",
        "backissue, all fields": f"extractor {VERSION}",
    }
    measure(rows[:10], args.index.parent, tools)  # warm up caches and imports
    gc.collect()
    gc.freeze()  # or each tool would pay for walks over what all the others have loaded
    # trafilatura keeps what it worked out of a page: its second way would find half of its work done. So that one is
    # timed in a second round, in the same company.
    first = {name: tool for name, tool in tools.items() if name != "trafilatura"}
    results = measure(rows, args.index.parent, first)
    if "trafilatura" in tools:
        from trafilatura.meta import reset_caches

        reset_caches()
        second = {name: tool for name, tool in tools.items() if name != "trafilatura fast"}
        results["trafilatura"] = measure(rows, args.index.parent, second)["trafilatura"]
    text = table(results, versions)
    print(text)
    if args.write:
        put("extraction", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
