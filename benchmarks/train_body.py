"""Train the body model on pages with known bodies, and say how well it does on sites it has not seen."""

from __future__ import annotations

import argparse
import gzip
import json
import pickle
import re
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np

from crawler.extraction.blocks import Walk
from crawler.extraction.document import parse
from crawler.extraction.evidence import gather_evidence
from crawler.extraction.features import FEATURES, measure
from crawler.extraction.furniture import find_furniture
from crawler.extraction.structured import Structured
from crawler.extraction.title import find_title
from crawler.extraction.tokens import block_tokens

TOKEN = re.compile(r"\w+")
UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
HAND = ("aeb", "aed", "fundus_eval", "magic", "czh")


def tokens(text):
    if UNSPACED.search(text):
        text = UNSPACED.sub(lambda m: f" {m.group()} ", text)
    return TOKEN.findall(text)


def shingles(toks, n=4):
    return Counter(tuple(toks[i : i + n]) for i in range(max(1, len(toks) - n + 1))) if toks else Counter()


def label(block_toks, truth):
    """Share of each block's tokens that stand in the truth."""
    from rapidfuzz.distance import LCSseq

    page = [t for toks in block_toks for t in toks]
    hit = np.zeros(len(page))
    for op in LCSseq.opcodes(page[:60000], truth[:30000]):
        if op.tag == "equal":
            hit[op.src_start : op.src_end] = 1
    known = {tuple(truth[i : i + 4]) for i in range(max(1, len(truth) - 3))}
    texts = Counter(tuple(t) for t in block_toks)
    out, start = [], 0
    for toks in block_toks:
        lcs = hit[start : start + len(toks)].mean() if toks else 0.0
        start += len(toks)
        share = 0.0
        if len(toks) >= 8 and texts[tuple(toks)] == 1:
            grams = [tuple(toks[i : i + 4]) for i in range(len(toks) - 3)]
            share = sum(g in known for g in grams) / len(grams)
            lcs = min(lcs, share + 0.2)
        out.append(max(lcs, share))
    return np.array(out)


def load(index: Path):
    pages = []
    for line in index.open(encoding="utf-8"):
        row = json.loads(line)
        if not row.get("body"):
            continue
        html = gzip.decompress((index.parent / row["html"]).read_bytes())
        doc = parse(html, row["url"] or "http://unknown.test/", f"text/html; charset={row['encoding']}" if row.get("encoding") else None)
        data = Structured(doc)
        title = find_title(doc, data)
        walk = Walk(doc.body)
        if not walk.blocks:
            pages.append({"id": row["id"], "source": row["source"], "domain": row["domain"], "n": 0, "truth": row["body"]})
            continue
        evidence = gather_evidence(data, title.value if title else None)
        measured = measure(walk, evidence)
        toks = [tokens(b.text) for b in walk.blocks]
        pages.append({
            "id": row["id"], "source": row["source"], "domain": row["domain"], "n": len(walk.blocks), "truth": row["body"],
            "rows": measured.rows, "texts": [b.text for b in walk.blocks], "labels": label(toks, tokens(row["body"])),
            "size": np.array([len(t) for t in toks]), "tokens": [block_tokens(b) for b in walk.blocks], "title_at": measured.title_at,
            "furniture": find_furniture(walk.blocks, measured),
            "path": [_path(b) for b in walk.blocks], "story": evidence.story,
        })
    return pages

def _path(b):
    out=[]; f=b.frame
    while f is not None and len(out)<6:
        out.append(f.tag+"."+".".join(f.words[:5])); f=f.parent
    return "<".join(out)

if __name__ == "__main__":
    started = time.time()
    pages = load(Path("/work/shared/eval/corpus/index.jsonl"))
    pickle.dump(pages, open("/tmp/pages.pkl", "wb"))
    print(len(pages), sum(p["n"] for p in pages), time.time() - started)
