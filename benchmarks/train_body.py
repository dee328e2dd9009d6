"""Train the body model, and say how well it does on sites it has not seen.

    python benchmarks/train_body.py INDEX.jsonl --check          # five folds by site: page F1 and F1, with the rules
    python benchmarks/train_body.py INDEX.jsonl --out crawler/extraction/data/body_model.npz

Needs scikit-learn and catboost beside the project (training only; the extractor itself needs numpy alone).

Data statement. INDEX has a row a page: {"html" (gzip file beside it), "encoding", "url", "domain", "source", "body"}.
The weights in the package were trained on 1,140 public pages of 743 sites in some 24 languages, half of them news,
whose bodies were written down by people or by other tools and reviewed: the development halves of benchmarks of article
extraction (scrapinghub's, Fundus', Readability's, two Chinese ones, the web-page corpus WCXB). No page and no text of
them is in this repository; what is kept are 32,768 weights of hashed class names and first words, and trees of
thresholds. Their bias: European languages and large publishers; few pages from before 2005, few right-to-left.

A block's label is the share of its tokens that stand in the true body; its weight the share of the page's tokens.
Two steps, like the model: the sum of word weights that a tree sees comes from a regression that has not seen the page.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import tempfile
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from crawler.extraction.blocks import Block, Walk
from crawler.extraction.body import decide, join_blocks, without_teaser
from crawler.extraction.document import parse
from crawler.extraction.evidence import gather_evidence
from crawler.extraction.features import measure
from crawler.extraction.furniture import find_furniture
from crawler.extraction.structured import Structured
from crawler.extraction.title import find_title
from crawler.extraction.tokens import BUCKETS, block_tokens

TREES = {
    "iterations": 250,
    "depth": 6,
    "learning_rate": 0.08,
    "l2_leaf_reg": 20,
    "rsm": 0.5,
    "bootstrap_type": "Bernoulli",
    "subsample": 0.7,
    "random_seed": 1,
}
STRENGTH = 0.05
"""Inverse of the regression's regularisation."""
FOLDS = 5
INNER_FOLDS = 3
NEWS_BY_HAND = ("aeb", "aed", "fundus_eval", "magic", "czh")
"""Sources whose pages are news with bodies written by people; they count in full, the others 0.7."""
_TOKEN = re.compile(r"\w+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


@dataclass(slots=True)
class Page:
    """One page, measured."""

    domain: str
    source: str
    truth: list[str]
    blocks: list[Block]
    rows: Any
    labels: Any
    size: Any
    words: list[list[int]]
    letters: Any
    furniture: list[int]


def tokens(text: str) -> list[str]:
    """Words; letters of scripts without spaces stand alone."""
    return _TOKEN.findall(_UNSPACED.sub(lambda letter: f" {letter.group()} ", text))


def shingles(words: list[str]) -> Counter[tuple[str, ...]]:
    """Runs of four words; a shorter text is one run."""
    return Counter(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3))) if words else Counter()


def label_blocks(blocks: list[list[str]], truth: list[str]) -> Any:
    """The share of each block's tokens in the truth: in order, or as runs of four where the text stands once."""
    from rapidfuzz.distance import LCSseq

    page = [word for words in blocks for word in words]
    hit = np.zeros(len(page))
    for step in LCSseq.opcodes(page[:60_000], truth[:30_000]):
        if step.tag == "equal":
            hit[step.src_start : step.src_end] = 1
    known, often = shingles(truth), Counter(map(tuple, blocks))
    labels, at = [], 0
    for words in blocks:
        in_order = hit[at : at + len(words)].mean() if words else 0.0
        at += len(words)
        in_runs = 0.0
        if len(words) >= 8 and often[tuple(words)] == 1:
            runs = shingles(words)
            in_runs = sum(runs[run] for run in runs if run in known) / sum(runs.values())
            in_order = min(in_order, in_runs + 0.2)
        labels.append(max(in_order, in_runs))
    return np.array(labels)


def read_page(row: dict[str, Any], folder: Path) -> Page | None:
    """Measure one page; None where it has no text at all."""
    html = gzip.decompress((folder / row["html"]).read_bytes())
    kind = f"text/html; charset={row['encoding']}" if row.get("encoding") else None
    doc = parse(html, row["url"] or "http://unknown.test/", kind)
    data = Structured(doc)
    walk = Walk(doc.body)
    if not walk.blocks:
        return None
    title = find_title(doc, data)
    measured = measure(walk, gather_evidence(data, title.value if title else None))
    texts = [tokens(block.text) for block in walk.blocks]
    truth = tokens(row["body"])
    return Page(
        row["domain"] or "?",
        row["source"],
        truth,
        walk.blocks,
        measured.rows,
        label_blocks(texts, truth),
        np.array([len(words) for words in texts], dtype=float),
        [block_tokens(block) for block in walk.blocks],
        measured.size,
        list(find_furniture(walk.blocks, measured)),
    )


class Data:
    """All pages as matrices."""

    def __init__(self, pages: list[Page]) -> None:
        from scipy.sparse import csr_matrix

        self.pages = pages
        self.page = np.repeat(np.arange(len(pages)), [len(page.blocks) for page in pages])
        self.rows = np.vstack([page.rows for page in pages])
        self.true = np.concatenate([page.labels for page in pages]) > 0.5
        size = np.concatenate([page.size for page in pages])
        body = np.bincount(self.page, weights=size * self.true)
        rest = np.bincount(self.page, weights=size) - body
        share = np.array([1.0 if page.source in NEWS_BY_HAND else 0.7 for page in pages])
        self.weight = (size + 2) / np.maximum(body + 0.3 * np.minimum(rest, 3 * body), 60)[self.page] * share[self.page]
        lists = [words for page in pages for words in page.words]
        ends = np.cumsum([0, *map(len, lists)])
        flat = np.fromiter((word for words in lists for word in words), dtype=np.int64, count=int(ends[-1]))
        self.words = csr_matrix((np.ones(len(flat), dtype=np.float32), flat, ends), shape=(len(lists), BUCKETS))

    def fold(self, salt: str, count: int) -> Any:
        """A fold for each block, the same for all pages of a site."""
        folds = [zlib.crc32(f"{salt}{page.domain}".encode()) % count for page in self.pages]
        return np.array(folds)[self.page]


def fit_words(data: Data, at: Any) -> Any:
    """The first step: weights of words."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=STRENGTH, max_iter=60)
    return model.fit(data.words[at], data.true[at], sample_weight=data.weight[at] * 5)


def word_sums(model: Any, data: Data, at: Any) -> Any:
    return data.words[at] @ model.coef_[0] + model.intercept_[0]


def fit(data: Data, at: Any) -> tuple[Any, Any]:
    """Both steps on the blocks `at`; the second sees sums of the first from pages it did not see."""
    from catboost import CatBoostClassifier

    sums = np.zeros(len(data.true))
    inner = data.fold("g", INNER_FOLDS)
    for part in range(INNER_FOLDS):
        here, others = at[inner[at] == part], at[inner[at] != part]
        sums[here] = word_sums(fit_words(data, others), data, here)
    trees = CatBoostClassifier(**TREES, verbose=0, allow_writing_files=False)
    trees.fit(np.hstack([data.rows[at], sums[at, None]]), data.true[at], sample_weight=data.weight[at])
    return fit_words(data, at), trees


def check(data: Data) -> None:
    """Print page F1 (mean) and F1 (of mean precision and recall) over sites held out of training."""
    folds = data.fold("f", FOLDS)
    chances = np.zeros(len(data.true), dtype=np.float32)
    for part in range(FOLDS):
        words, trees = fit(data, np.flatnonzero(folds != part))
        out = np.flatnonzero(folds == part)
        every = np.hstack([data.rows[out], word_sums(words, data, out)[:, None]])
        chances[out] = trees.predict_proba(every)[:, 1]
        print(f"fold {part + 1} of {FOLDS} done", file=sys.stderr)
    groups: dict[str, list[tuple[float, float, float]]] = {}
    for number, page in enumerate(data.pages):
        figures = score(page, chances[data.page == number])
        for group in {"all", page.source, "news by hand" if page.source in NEWS_BY_HAND else page.source}:
            groups.setdefault(group, []).append(figures)
    for group, figures_of in sorted(groups.items()):
        f1, precision, recall = np.mean(figures_of, axis=0)
        both = 2 * precision * recall / (precision + recall)
        print(
            f"{group:14} {len(figures_of):5} pages  page F1 {f1:.4f}  F1 {both:.4f}  P {precision:.3f}  R {recall:.3f}"
        )


def score(page: Page, chances: Any) -> tuple[float, float, float]:
    """F1, precision and recall of one page, by runs of four tokens."""
    chances = chances.copy()
    chances[page.furniture] = 0
    kept = without_teaser(page.blocks, [int(at) for at in np.flatnonzero(decide(chances, page.letters))])
    found, truth = shingles(tokens(join_blocks(page.blocks, kept))), shingles(page.truth)
    hits = sum((found & truth).values())
    precision, recall = hits / max(sum(found.values()), 1), hits / max(sum(truth.values()), 1)
    return (2 * precision * recall / (precision + recall) if hits else 0.0), precision, recall


def write(words: Any, trees: Any, out: Path) -> None:
    """The weights as small arrays (crawler/extraction/model.py reads them)."""
    with tempfile.TemporaryDirectory() as folder:
        trees.save_model(f"{folder}/trees.json", format="json")
        told = json.loads(Path(f"{folder}/trees.json").read_text())
    depth = max(len(tree["splits"]) for tree in told["oblivious_trees"])
    count = len(told["oblivious_trees"])
    features, borders = np.zeros((count, depth), np.int16), np.full((count, depth), np.inf, np.float32)
    leaves = np.zeros((count, 1 << depth), np.float32)
    factor, bias = told["scale_and_bias"]
    for number, tree in enumerate(told["oblivious_trees"]):
        for place, split in enumerate(tree["splits"]):
            features[number, place], borders[number, place] = split["float_feature_index"], split["border"]
        leaves[number, : len(tree["leaf_values"])] = np.array(tree["leaf_values"]) * factor
    weights = words.coef_[0]
    unit = np.abs(weights).max() / 127
    np.savez_compressed(
        out,
        words=np.round(weights / unit).astype(np.int8),
        word_scale=np.float32(unit),
        word_bias=np.float32(words.intercept_[0]),
        features=features,
        borders=borders,
        leaves=leaves,
        bias=np.float32(bias[0] if isinstance(bias, list) else bias),
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("index", type=Path)
    parser.add_argument("--out", type=Path, help="where to write the weights")
    parser.add_argument("--check", action="store_true", help="cross-validate by site")
    args = parser.parse_args()
    if not args.index.exists():
        print(f"no pages at {args.index}: nothing was trained", file=sys.stderr)
        return 1
    rows = [json.loads(line) for line in args.index.open(encoding="utf-8")]
    pages = [page for row in rows if row.get("body") and (page := read_page(row, args.index.parent))]
    data = Data(pages)
    print(f"{len(pages)} pages, {len(data.true)} blocks, {int(data.true.sum())} of them body text")
    if args.check:
        check(data)
    if args.out:
        write(*fit(data, np.arange(len(data.true))), args.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
