"""How fast the differ is on real edit histories, beside difflib and diff-match-patch in the same run.

    python -m benchmarks diffing [--edits ../shared/edits] [--seconds 20]

diff-match-patch is measured where it is installed (`pip install diff-match-patch`). A tool stops after --seconds.
Exit status 1 where a limit is missed: p50 1 ms, p99 40 ms, a rewrite of 10,000 words 1 s.
"""

from __future__ import annotations

import argparse
import difflib
import gzip
import json
import random
import signal
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from types import FrameType

from archive.diff import diff
from archive.model import Content

LIMITS = {"p50": 1.0, "p99": 40.0, "rewrite": 1000.0}
#: Commits that touch more files than this are bulk clean-ups, no editor's work on an article.
FILES_OF_AN_EDIT = 20
Tool = Callable[[Content, Content], object]


class TooSlow(Exception):
    """The time that a tool was given is over."""


def ours(old: Content, new: Content) -> object:
    return diff(old, new)


def difflib_words(old: Content, new: Content) -> object:
    return difflib.SequenceMatcher(None, _words(old), _words(new), autojunk=False).get_opcodes()


def difflib_words_autojunk(old: Content, new: Content) -> object:
    return difflib.SequenceMatcher(None, _words(old), _words(new)).get_opcodes()


def difflib_lines(old: Content, new: Content) -> object:
    return list(difflib.ndiff((old.body or "").split("\n"), (new.body or "").split("\n")))


def diff_match_patch() -> Tool | None:
    try:
        from diff_match_patch import diff_match_patch as engine
    except ImportError:
        return None

    def run(old: Content, new: Content) -> object:
        tool = engine()
        found = tool.diff_main(old.body or "", new.body or "")
        tool.diff_cleanupSemantic(found)
        return found

    return run


def _words(content: Content) -> list[str]:
    return (content.body or "").split()


def read_pairs(edits: Path) -> list[tuple[Content, Content]]:
    """Neighbouring versions that an editor made one by one, in a fixed random order."""
    pairs = []
    with gzip.open(edits / "chains.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            versions = json.loads(line)["versions"]
            pairs += [(_content(a), _content(b)) for a, b in pairwise(versions) if _is_single(b)]
    random.Random(1).shuffle(pairs)
    return pairs


def _is_single(version: dict[str, object]) -> bool:
    return int(str(version["files_in_commit"])) <= FILES_OF_AN_EDIT


def _content(version: dict[str, object]) -> Content:
    return Content(title=str(version["title"]), body=str(version["body"]), language="en")


def rewrite(words: int = 10_000) -> tuple[Content, Content]:
    """Two bodies of so many words in paragraphs of 100, nearly every word another, half the paragraphs akin."""
    rng = random.Random(2)
    vocabulary = ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randrange(2, 10))) for _ in range(3000)]

    def paragraph() -> list[str]:
        return rng.choices(vocabulary, weights=[1 / (at + 1) for at in range(len(vocabulary))], k=100)

    old = [paragraph() for _ in range(words // 100)]
    new = [
        paragraph() if at % 2 else [w if rng.random() < 0.6 else rng.choice(vocabulary) for w in text]
        for at, text in enumerate(old)
    ]
    before, after = ("\n\n".join(" ".join(text) + "." for text in side) for side in (old, new))
    return Content(body=before), Content(body=after)


def one_paragraph(words: int = 10_000) -> tuple[Content, Content]:
    """The same with no paragraphs at all: the worst case of a word-by-word table."""
    old, new = rewrite(words)
    return Content(body=(old.body or "").replace("\n\n", " ")), Content(body=(new.body or "").replace("\n\n", " "))


def timed(tool: Tool, old: Content, new: Content) -> float:
    """Milliseconds on the clock of the processor, so that what else runs on the machine counts little."""
    start = time.process_time()
    tool(old, new)
    return (time.process_time() - start) * 1000


def limited(tool: Tool, pairs: list[tuple[Content, Content]], seconds: float) -> list[float]:
    """The times of as many pairs as the tool gets through in the time given."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooSlow

    times: list[float] = []
    previous = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        for old, new in pairs:
            times.append(timed(tool, old, new))
    except TooSlow:
        pass
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    return times


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--edits", type=Path, default=Path("../shared/edits"))
    parser.add_argument("--seconds", type=float, default=20, help="for each tool and column")
    args = parser.parse_args()
    if not (args.edits / "chains.jsonl.gz").is_file():
        print(f"NOT MEASURED: no edit histories in {args.edits}", file=sys.stderr)
        return 0
    return int(not compare(args.edits, args.seconds))


def compare(edits: Path, seconds: float) -> bool:
    """Prints the table; whether the limits are met. A tool stops after so many seconds."""
    pairs = read_pairs(edits)
    diff(*pairs[0])  # compile the patterns, read the data files
    tools: dict[str, Tool | None] = {
        "backissue": ours,
        "difflib, words, autojunk off": difflib_words,
        "difflib, words": difflib_words_autojunk,
        "difflib, ndiff of lines": difflib_lines,
        "diff-match-patch": diff_match_patch(),
    }
    print(f"{len(pairs)} pairs of neighbouring versions; milliseconds of processor time\n")
    print("| tool | pairs done | p50 | p99 | max | 10,000-word rewrite | the same as one paragraph |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    missed = False
    for name, tool in tools.items():
        if tool is None:
            print(f"| {name} | not installed | | | | | |")
            continue
        times = sorted(limited(tool, pairs, seconds)) or [float("nan")]
        big = [limited(tool, [make()], seconds) for make in (rewrite, one_paragraph)]
        p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
        cells = [f"{done[0]:.0f}" if done else f"over {seconds:.0f} s" for done in big]
        print(f"| {name} | {len(times)} | {p50:.2f} | {p99:.1f} | {times[-1]:.0f} | {' | '.join(cells)} |")
        if tool is ours:
            slowest = max((done[0] for done in big if done), default=float("inf"))
            missed = p50 > LIMITS["p50"] or p99 > LIMITS["p99"] or slowest > LIMITS["rewrite"]
    return not missed


if __name__ == "__main__":
    sys.exit(main())
