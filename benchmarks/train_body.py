"""Train the body model, and say how well it does on sites it has not seen.

    python -m benchmarks train_body INDEX.jsonl --out crawler/extraction/data/body_model.npz
    python -m benchmarks train_body INDEX.jsonl --check [--write]  # in-sample, and five folds by site

Both take the rules with the model. `--write` puts the table into benchmarks/README.md.

Needs scikit-learn and catboost beside the project (training only; the extractor itself needs numpy alone).

Data statement. INDEX has a row a page: {"html" (gzip file beside it), "encoding", "url", "domain", "source", "body"}.
The weights in the package were trained on 1,140 public pages of 743 sites in some 24 languages, half of them news,
whose bodies were written down by people or by other tools and reviewed: the development halves of benchmarks of article
extraction (scrapinghub's, Fundus', Readability's, two Chinese ones, the web-page corpus WCXB). No page and no text of
them is in this repository; what is kept are 32,768 weights of hashed class names and first words, and trees of
thresholds. Their bias: European languages and large publishers; few pages from before 2005, few right-to-left.

A block's label is the share of its tokens that stand in the true body; its weight the share of the page's tokens.
Furniture (furniture.py) is never judged, so it is not learnt. Blocks of little weight (most are links) are thinned by
chance, the rest of them counting for those left out.

Two steps, like the model: the sum of word weights that a tree sees comes from a regression that has not seen the site.
And twice: the trees that are kept learn little from the labels and most from what larger trees, teachers that have not
seen the site, say of a block. What only one site's truth claims (one that ends in the middle of a story, say) is hardly
learnt, so the model does nearly as well on sites that it has not seen as on those that it has, with half of the leaves.
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
from crawler.extraction.body import decide, fill_gaps, join_blocks, without_teaser
from crawler.extraction.document import parse
from crawler.extraction.features import measure
from crawler.extraction.furniture import find_furniture
from crawler.extraction.posts import keep_posts
from crawler.extraction.structured import Structured, types_of
from crawler.extraction.title import find_title
from crawler.extraction.tokens import BUCKETS, block_tokens

TREES = {
    "loss_function": "CrossEntropy",
    "l2_leaf_reg": 60,
    "rsm": 0.4,
    "bootstrap_type": "Bernoulli",
    "subsample": 0.6,
    "border_count": 64,
    "thread_count": 1,
    "verbose": 0,
    "allow_writing_files": False,
}
TEACHER = {"iterations": 200, "depth": 5, "learning_rate": 0.1}
PUPIL = {"iterations": 240, "depth": 4, "learning_rate": 0.1, "random_seed": 1}
"""The trees that are kept."""
TRUST = 0.1
"""How much of what is learnt of a block is its label; the rest is the teachers' opinion."""
CAUTION = 0.3
"""Taken from the trees' sum: a sentence of another story costs more than one of the article's."""
README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- body: begin -->", "<!-- body: end -->"
STRENGTH = 0.05
"""Inverse of the regression's regularisation."""
THINNED = 0.75
"""Share of the blocks, the lightest, of which only some are learnt from."""
FOLDS = 5
INNER_FOLDS = 4
PARTINGS = ("g", "k", "m")
"""Sites are parted so often into those that teach and those that are judged; opinions are means."""
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
    is_live: bool
    """Whether the page calls itself a live blog."""


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
    measured = measure(walk, title.value if title else None)
    texts = [tokens(block.text) for block in walk.blocks]
    truth = tokens(row["body"])
    return Page(
        row["domain"] or "?",
        row["source"],
        truth,
        walk.blocks,
        measured.columns(range(len(walk.blocks))).T,
        label_blocks(texts, truth),
        np.array([len(words) for words in texts], dtype=float),
        [block_tokens(block) for block in walk.blocks],
        measured.size,
        list(find_furniture(walk.blocks, measured, doc.url)),
        "LiveBlogPosting" in types_of(data.main or {}),
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
        judged = np.ones(len(size), dtype=np.bool_)
        for number, page in enumerate(pages):
            judged[np.flatnonzero(self.page == number)[page.furniture]] = False
        body = np.bincount(self.page, weights=size * self.true)
        rest = np.bincount(self.page, weights=size * (judged & ~self.true))
        share = np.array([1.0 if page.source in NEWS_BY_HAND else 0.7 for page in pages])
        self.weight = (size + 2) / np.maximum(body + 0.3 * np.minimum(rest, 3 * body), 60)[self.page] * share[self.page]
        lists = [words for page in pages for words in page.words]
        ends = np.cumsum([0, *map(len, lists)])
        flat = np.fromiter((word for words in lists for word in words), dtype=np.int64, count=int(ends[-1]))
        self.words = csr_matrix((np.ones(len(flat), dtype=np.float32), flat, ends), shape=(len(lists), BUCKETS))
        odds = np.minimum(1, self.weight / np.quantile(self.weight[judged], THINNED))
        self.learnt = judged & (np.random.default_rng(0).random(len(odds)) < odds)
        self.weight = np.where(self.learnt, self.weight / odds, 0)

    def fold(self, salt: str, count: int) -> Any:
        """A fold for each block, the same for all pages of a site."""
        folds = [zlib.crc32(f"{salt}{page.domain}".encode()) % count for page in self.pages]
        return np.array(folds)[self.page]


def fit_words(data: Data, at: Any) -> Any:
    """The first step: weights of words."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=STRENGTH, max_iter=80, tol=2e-3)
    return model.fit(data.words[at], data.true[at], sample_weight=data.weight[at] * 5)


def word_sums(model: Any, data: Data, at: Any) -> Any:
    return data.words[at] @ model.coef_[0] + model.intercept_[0]


def fit_trees(data: Data, at: Any, sums: Any, target: Any, shape: dict[str, Any]) -> Any:
    """The second step: trees over the numbers and the sum of words (`sums`, one for each block of all pages), which
    learn the chances `target`."""
    from catboost import CatBoost

    trees = CatBoost({**TREES, **shape})
    return trees.fit(_seen(data, at, sums), target[at].astype(float), sample_weight=data.weight[at])


def chances_of(trees: Any, data: Data, at: Any, sums: Any, caution: float = 0.0) -> Any:
    return 1 / (1 + np.exp(caution - trees.predict(_seen(data, at, sums), prediction_type="RawFormulaVal")))


def _seen(data: Data, at: Any, sums: Any) -> Any:
    """What the trees see of the blocks `at`."""
    return np.hstack([data.rows[at], sums[at, None]])


def fit(data: Data, at: Any) -> tuple[Any, Any]:
    """Both steps on the blocks `at`; the second learns from sums and from opinions of sites that were not seen."""
    at = at[data.learnt[at]]
    heard = [ask_teachers(data, at, salt, number) for number, salt in enumerate(PARTINGS)]
    sums, opinion = np.mean(heard, axis=0)
    target = TRUST * data.true + (1 - TRUST) * opinion
    return fit_words(data, at), fit_trees(data, at, sums, target, PUPIL)


def ask_teachers(data: Data, at: Any, salt: str, seed: int) -> tuple[Any, Any]:
    """For the blocks `at` the sum of words and the chance, each from a model of the other sites among them."""
    inner = data.fold(salt, INNER_FOLDS)[at]
    sums, chances = np.zeros(len(data.true)), np.zeros(len(data.true))
    for part in range(INNER_FOLDS):
        rest, out = at[inner != part], at[inner == part]
        sums[out] = word_sums(fit_words(data, rest), data, out)
    for part in range(INNER_FOLDS):
        rest, out = at[inner != part], at[inner == part]
        trees = fit_trees(data, rest, sums, data.true, {**TEACHER, "random_seed": seed})
        chances[out] = chances_of(trees, data, out, sums)
    return sums, chances


def judge(model: tuple[Any, Any], data: Data, at: Any) -> Any:
    """Chances of the blocks `at`."""
    sums = np.zeros(len(data.true))
    sums[at] = word_sums(model[0], data, at)
    return chances_of(model[1], data, at, sums, CAUTION)


def check(data: Data, model: tuple[Any, Any]) -> str:
    """A table: page F1 (mean) and F1 (of mean precision and recall), of `model` and over sites held out of training."""
    folds = data.fold("f", FOLDS)
    unseen = np.zeros(len(data.true), dtype=np.float32)
    for part in range(FOLDS):
        out = np.flatnonzero(folds == part)
        unseen[out] = judge(fit(data, np.flatnonzero(folds != part)), data, out)
        print(f"fold {part + 1} of {FOLDS} done", file=sys.stderr)
    seen = score_groups(data, judge(model, data, np.arange(len(data.true))))
    lines = [
        "| pages | | in-sample page F1 | F1 | cross-validated page F1 | F1 | precision | recall |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for group, (count, *figures) in score_groups(data, unseen).items():
        _, *own = seen[group]
        told = " | ".join(f"{value:.3f}" for value in (*own[:2], *figures))
        lines.append(f"| {group} | {count} | {told} |")
    return "\n".join(lines)


def score_groups(data: Data, chances: Any) -> dict[str, tuple[float, ...]]:
    """Number of pages, page F1, F1, precision and recall by source, of news by hand, and of all pages."""
    groups: dict[str, list[tuple[float, float, float]]] = {}
    for number, page in enumerate(data.pages):
        figures = score(page, chances[data.page == number])
        for group in {"all", page.source, "news by hand" if page.source in NEWS_BY_HAND else page.source}:
            groups.setdefault(group, []).append(figures)
    result = {}
    for group, found in sorted(groups.items(), key=lambda item: (len(item[0]) > 11, item[0] == "all", item[0])):
        f1, precision, recall = np.mean(found, axis=0)
        result[group] = (len(found), f1, 2 * precision * recall / (precision + recall), precision, recall)
    return result


def score(page: Page, chances: Any) -> tuple[float, float, float]:
    """F1, precision and recall of one page, by runs of four tokens. What only scripts carry is not looked for."""
    chances = chances.astype(np.float32)
    chances[page.furniture] = 0
    keep_posts(page.blocks, chances, is_live=page.is_live)
    keep = decide(chances, page.letters)
    fill_gaps(page.blocks, keep, chances)
    kept = without_teaser(page.blocks, [int(at) for at in np.flatnonzero(keep)])
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
        bias=np.float32((bias[0] if isinstance(bias, list) else bias) - CAUTION),
    )


def put(table: str) -> None:
    """Replace the table between the marks in README.md."""
    before, begin, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    README.write_text(f"{before}{begin}\n{table}\n{end}{after}", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("index", type=Path)
    parser.add_argument("--out", type=Path, help="where to write the weights")
    parser.add_argument("--check", action="store_true", help="cross-validate by site")
    parser.add_argument("--write", action="store_true", help="put the table into benchmarks/README.md")
    args = parser.parse_args()
    if not args.index.exists():
        print(f"no pages at {args.index}: nothing was trained", file=sys.stderr)
        return 1
    rows = [json.loads(line) for line in args.index.open(encoding="utf-8")]
    data = Data([page for row in rows if row.get("body") and (page := read_page(row, args.index.parent))])
    print(f"{len(data.pages)} pages, {len(data.true)} blocks, {int(data.true.sum())} of them body text")
    model = fit(data, np.arange(len(data.true)))
    if args.out:
        write(*model, args.out)
    if args.check:
        table = check(data, model)
        print(table)
        if args.write:
            put(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
