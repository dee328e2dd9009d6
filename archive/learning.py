"""What is boilerplate on one site: paragraphs that stand in many of its articles, or that come and go by themselves.

Pure. What is found is only proposed: a rule acts once somebody has applied it (`backissue upgrade`). Better to miss
one than to take an editor's words for boilerplate: notes of correction are never learned, nor is anything short.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from archive.diff import ParagraphOp, diff
from archive.diff.notices import notice_kind
from archive.diff.words import count_words
from archive.identity import canonical_text
from archive.model import Content

#: A paragraph stands in many articles: in so many, and in such a share of them.
FEWEST_ARTICLES = 8
LEAST_SHARE = 0.2
#: It comes and goes: so often in one article, or at least there and back in so many.
TURNS_IN_ONE = 4
TURNS_IN_SOME = 2
FEWEST_TURNING = 3
_FEWEST_WORDS = 4
_MOST_AT_ONCE = 4
_BY_THEMSELVES = frozenset({ParagraphOp.SAME, ParagraphOp.ADDED, ParagraphOp.REMOVED})


@dataclass(frozen=True, slots=True)
class Rule:
    """A paragraph that is left out of the articles of a site."""

    paragraph: str
    """Canonical text: what reads so is meant."""
    reason: str
    """What it was learned from, in words."""
    site: str | None = None
    id: int | None = None
    """None while it is only proposed."""
    version: int | None = None
    """Of the site's rules: each time some are applied makes the next."""
    learned_at: datetime | None = None


def leave_out(content: Content, rules: Mapping[str, int]) -> tuple[Content, tuple[int, ...]]:
    """The content without the paragraphs that rules name (canonical text -> the rule's id), and the rules that acted.
    A body that would be left empty is left as it is.

    >>> content, acting = leave_out(Content(body="It rained.\\n\\nSign up here today!"), {"Sign up here today!": 7})
    >>> content.body, acting
    ('It rained.', (7,))
    """
    parts = _parts(content)
    acting = [rules.get(canonical_text(part)) for part in parts] if rules else []
    kept = [part for part, rule in zip(parts, acting, strict=False) if rule is None]
    if not kept or len(kept) == len(parts):
        return content, ()
    return replace(content, body="\n\n".join(kept)), tuple(sorted({rule for rule in acting if rule is not None}))


def learn(lives: Iterable[Sequence[Content]]) -> list[Rule]:
    """What is boilerplate on a site, given its articles, each as its versions, the oldest first."""
    stands_in: dict[str, set[str]] = defaultdict(set)
    turns: dict[str, list[int]] = defaultdict(list)
    articles = 0
    for life in lives:
        if not life:
            continue
        articles += 1
        for paragraph, rest in _with_rest([canonical_text(part) for part in _parts(life[-1])]):
            stands_in[paragraph].add(rest)
        for paragraph, count in _turns(life).items():
            turns[paragraph].append(count)
    found = {paragraph: _stands(len(rests), articles) for paragraph, rests in stands_in.items()}
    found |= {paragraph: found.get(paragraph) or _comes_and_goes(counts) for paragraph, counts in turns.items()}
    return [Rule(text, reason) for text, reason in sorted(found.items()) if reason and _may_be_boilerplate(text)]


def _parts(content: Content) -> list[str]:
    return [part for part in (content.body or "").split("\n\n") if part.strip()]


def _with_rest(paragraphs: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each paragraph with the longest other one, by which copies of one story are told from many stories."""
    longest = sorted(set(paragraphs), key=lambda text: (len(text), text))[-2:]
    for paragraph in set(paragraphs):
        others = [text for text in longest if text != paragraph]
        if others:
            yield paragraph, others[-1]


def _turns(life: Sequence[Content]) -> Counter[str]:
    """How often each paragraph came or went while nothing else in the article moved."""
    counts: Counter[str] = Counter()
    for old, new in pairwise(life):
        change = diff(old, new)
        sets = (change.categories_added, change.categories_removed, change.authors_added, change.authors_removed)
        moved = [edit for edit in change.paragraphs if edit.op is not ParagraphOp.SAME]
        is_alone = change.title is None and not any(sets) and all(edit.op in _BY_THEMSELVES for edit in moved)
        if is_alone and len(moved) <= _MOST_AT_ONCE:
            counts.update({canonical_text(edit.old or edit.new) for edit in moved})
    return counts


def _stands(count: int, articles: int) -> str | None:
    if count < FEWEST_ARTICLES or count < LEAST_SHARE * articles:
        return None
    return f"stands in {count} of {articles} articles"


def _comes_and_goes(counts: Sequence[int]) -> str | None:
    turning = [count for count in counts if count >= TURNS_IN_SOME]
    if len(turning) < FEWEST_TURNING and max(counts) < TURNS_IN_ONE:
        return None
    return f"came and went {sum(turning)} times in {len(turning)} article{'s' * (len(turning) != 1)}"


def _may_be_boilerplate(paragraph: str) -> bool:
    """False for editors' notes in any language, and for what is too short to be told from a subhead or an answer."""
    return count_words(paragraph) >= _FEWEST_WORDS and notice_kind(paragraph) is None
