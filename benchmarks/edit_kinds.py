"""How well the differ names kinds of edits: precision and recall over edits made on purpose on real texts.

    python -m benchmarks edit_kinds [--edits DIR] [--corpus DIR] [--count N] [--show KIND] [--write docs/edit-kinds.md]

Exit status 1 where a kind's F1 is below the floor, 0 otherwise (also where the texts are missing: that is said).
"""

from __future__ import annotations

import argparse
import copy
import gzip
import html
import json
import random
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

from archive.diff import DIFFER_VERSION, diff
from archive.model import Content, EditKind
from benchmarks.mutations import ALONE, MUTATIONS, Draft

FLOOR = 0.85
PER_KIND = 200
DEFINITIONS = {
    EditKind.HEADLINE: "The title differs. What differs inside it is not classed further.",
    EditKind.TYPO: "A word became another that looks like it put right: one letter more, less or other inside the "
    "word, two neighbours swapped, or a capital. Not where the old word is used elsewhere in the text, not where only "
    "the ending differs (that is grammar: wording), not for a name spelt otherwise, unless the text had it right "
    "elsewhere.",
    EditKind.PUNCTUATION: "Letters and numbers stay; marks, spaces, hyphens or breaks between paragraphs differ.",
    EditKind.WORDING: "Words differ, and none of the more telling kinds fits.",
    EditKind.NUMBER: "A number in digits or words became another, or came or went by itself. 1,200 and 1200 are "
    "one number.",
    EditKind.QUOTE: "Words between quotation marks (of any language) differ, by more than a typo or punctuation.",
    EditKind.NAME: "A proper name became another, or came or went by itself. By capitals where a script has them "
    "(in German only beside another capital or a title), by titles and honorifics elsewhere.",
    EditKind.PARAGRAPH_ADDED: "A paragraph that shares less than half its words with any that went.",
    EditKind.PARAGRAPH_REMOVED: "The same, the other way round.",
    EditKind.PARAGRAPH_MOVED: "A paragraph stands elsewhere among those that stayed; it may have changed too.",
    EditKind.CORRECTION: "An editors' note was added that says something was wrong.",
    EditKind.UPDATE_NOTE: "An editors' note was added that says something is new, changed or withdrawn.",
    EditKind.CATEGORY: "The set of categories differs (order and capitals apart), both versions stating one.",
    EditKind.AUTHOR: "The set of authors differs in the same way.",
    EditKind.REVERTED: "The content equals that of a version before the last.",
    EditKind.REWRITTEN: "Less than 35 % of the shorter body stayed. Kinds of paragraphs and words are then not named.",
}


def read_articles(edits: Path, corpus: Path) -> dict[str, list[tuple[str, list[str]]]]:
    """(title, paragraphs) by language, from the edit histories (English) and the corpus of news pages."""
    found: dict[str, list[tuple[str, list[str]]]] = defaultdict(list)
    with gzip.open(edits / "chains.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            newest = json.loads(line)["versions"][-1]
            found["en"].append((newest["title"], html.unescape(newest["body"]).split("\n")))
    if (corpus / "index.jsonl").is_file():
        with (corpus / "index.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                if row["lang"] not in (None, "en", "la") and row["title"] and row["body"]:  # la: "Lorem ipsum"
                    found[row["lang"]].append((row["title"], [p for p in row["body"].split("\n") if p.strip()]))
    return {
        lang: [(title, body) for title, body in rows if len(body) >= 4 and len(" ".join(body)) > 400]
        for lang, rows in found.items()
    }


def make_pairs(
    kind: EditKind, articles: dict[str, list[tuple[str, list[str]]]], count: int, rng: random.Random
) -> list[tuple[str, Content, Content, frozenset[EditKind]]]:
    """(language, before, after, true kinds): one edit each, every third with a second edit of another kind."""
    languages = [lang for lang, rows in articles.items() if len(rows) > 1]
    names = re.findall(r"(?<=[a-z,] [A-Z])[a-z]+ ([A-Z][a-z]{2,})", " ".join(p for _, b in articles["en"] for p in b))
    pairs = []
    for attempt in range(count * 12):
        if len(pairs) == count:
            break
        language = "en" if attempt % 2 else rng.choice(languages)
        title, body = rng.choice(articles[language])
        others = [b for t, b in rng.sample(articles[language], 2) if t != title]
        if not others:
            continue
        draft = Draft(title, list(body), language, others, names)
        edited = copy.deepcopy(draft)
        truth = {kind}
        second = rng.choice([k for k in MUTATIONS if k not in ALONE | {kind}])
        if kind not in ALONE and attempt % 3 == 0:
            truth.add(second)
        # Words first: an edit inside a paragraph that was added would be no edit that anybody could see.
        if not all(MUTATIONS[one](edited, rng) for one in MUTATIONS if one in truth):
            continue
        before, after = draft.content(), edited.content()
        pairs.append((language, *((after, before) if kind is EditKind.TYPO else (before, after)), frozenset(truth)))
    return pairs


def measure(
    articles: dict[str, list[tuple[str, list[str]]]], count: int, show: str | None
) -> dict[EditKind, Counter[str]]:
    rng = random.Random(1)
    tally: dict[EditKind, Counter[str]] = {kind: Counter() for kind in EditKind}
    for kind in MUTATIONS:
        for language, before, after, truth in make_pairs(kind, articles, count, rng):
            change = diff(before, after)
            named = set(change.kinds)
            tally[kind]["languages", language] += 1
            for one in truth | named:
                outcome = "right" if one in truth & named else "missed" if one in truth else "invented"
                tally[one][outcome] += 1
                if outcome != "right" and show in (one, "all"):
                    print(outcome, one, "of", sorted(truth), "as", sorted(named), language)
                    for edit in change.paragraphs:
                        for e in edit.edits:
                            print(
                                "   ",
                                repr(edit.old[max(0, e.old[0] - 25) : e.old[1] + 15]),
                                "->",
                                repr(edit.new[e.new[0] : e.new[1]]),
                            )
                        if edit.op in ("added", "removed"):
                            print("   ", edit.op, repr((edit.old or edit.new)[:90]))
    _measure_reverts(articles, tally[EditKind.REVERTED], rng)
    return tally


def _measure_reverts(articles: dict[str, list[tuple[str, list[str]]]], tally: Counter[str], rng: random.Random) -> None:
    """A-B-A is a revert, A-B-C is none."""
    for title, body in rng.sample(articles["en"], min(100, len(articles["en"]))):
        a = Content(title=title, body="\n\n".join(body))
        b, c = (Content(title=f"{title} {more}", body=a.body) for more in ("(1)", "(2)"))
        tally["right" if EditKind.REVERTED in diff(b, a, earlier=[a]).kinds else "missed"] += 1
        tally["invented"] += EditKind.REVERTED in diff(b, c, earlier=[a]).kinds
        tally["languages", "en"] += 1


def scores(counts: Counter[str]) -> tuple[float, float, float]:
    """(precision, recall, F1)."""
    right, missed, invented = counts["right"], counts["missed"], counts["invented"]
    precision, recall = right / max(1, right + invented), right / max(1, right + missed)
    return precision, recall, 2 * right / max(1, 2 * right + missed + invented)


def page(tally: dict[EditKind, Counter[str]]) -> str:
    """docs/edit-kinds.md."""
    lines = [
        "# Kinds of edits",
        "",
        "<!-- written by benchmarks/edit_kinds.py; do not edit -->",
        "",
        "Every change has any number of kinds, each with the places that show it (`backissue diff`). What they mean:",
        "",
        "| kind | what it is |",
        "|---|---|",
    ]
    lines += [f"| `{kind}` | {DEFINITIONS[kind]} |" for kind in EditKind]
    lines += [
        "",
        "**Stealth**: a `number`, `quote`, `name` or `headline` changed, or a paragraph was removed (or the body "
        "rewritten), while the page's own date of modification stood still and no note was added. Pages that state no "
        "such date are never called stealthy.",
        "",
        "## How often they are right",
        "",
        f"Differ version {DIFFER_VERSION}. Edits of each kind were made on purpose on real texts: public edit "
        "histories of United States government blogs, and news pages in other languages. Every third "
        "pair holds two edits of different kinds. The generators are in `benchmarks/mutations.py`.",
        "",
        "| kind | edits | languages | precision | recall | F1 |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    every = []
    for kind in EditKind:
        precision, recall, f1 = scores(tally[kind])
        languages = sum(isinstance(key, tuple) for key in tally[kind])
        edits = tally[kind]["right"] + tally[kind]["missed"]
        every.append(f1)
        lines.append(f"| `{kind}` | {edits} | {languages} | {precision:.3f} | {recall:.3f} | {f1:.3f} |")
    lines += [
        f"| mean | | | | | {sum(every) / len(every):.3f} |",
        "",
        "Run `python -m benchmarks edit_kinds --write docs/edit-kinds.md` to measure again.",
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--edits", type=Path, default=Path("../shared/edits"))
    parser.add_argument("--corpus", type=Path, default=Path("../shared/eval/corpus"))
    parser.add_argument("--count", type=int, default=PER_KIND, help="edits of each kind")
    parser.add_argument("--show", help="print the mistakes of a kind, or of all")
    parser.add_argument("--write", type=Path, help="the page to write")
    args = parser.parse_args()
    if not (args.edits / "chains.jsonl.gz").is_file():
        print(f"NOT MEASURED: no edit histories in {args.edits}", file=sys.stderr)
        return 0
    tally = measure(read_articles(args.edits, args.corpus), args.count, args.show)
    text = page(tally)
    if args.write:
        args.write.write_text(text, encoding="utf-8")
    print("\n".join(line for line in text.splitlines() if re.match(r"\| (`|mean|kind)", line) and line.count("|") > 4))
    return int(any(scores(counts)[2] < FLOOR for counts in tally.values()))


if __name__ == "__main__":
    sys.exit(main())
