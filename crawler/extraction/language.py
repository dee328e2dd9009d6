"""The language of the article: what the page declares, checked against the script and the common words of its text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from selectolax.lexbor import LexborNode

from crawler.extraction.blocks import INLINE
from crawler.extraction.document import Document
from crawler.extraction.lexicon import lexicon
from crawler.extraction.result import Found
from crawler.extraction.short_texts import short_texts
from crawler.extraction.structured import Structured
from crawler.extraction.text import as_text

SAMPLE = 2_000
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_TAG = re.compile(r"[a-z]{2,3}(?=[-_]|$)", re.I)
_KANA, _HANGUL, _HAN = re.compile(r"[\u3040-\u30ff]"), re.compile(r"[\uac00-\ud7af]"), re.compile(r"[\u3400-\u9fff]")
_FAR_LETTER = re.compile(r"[\u0370-\u03ff\u0530-\uffdc]")
_SYNONYMS = {
    "iw": "he",
    "in": "id",
    "ji": "yi",
    "nb": "no",
    "nn": "no",
    "cn": "zh",
    "jp": "ja",
    "kr": "ko",
    "fil": "tl",
}
PROSE = 60
"""Letters of a text beyond which it is prose, no label."""
ENOUGH_PROSE = 400
FIRST_LOOK = 500
"""Letters that are enough where they speak plainly for what the page declares."""
ENOUGH_WORDS = 40
CLEARLY = 2.0
"""How many times more common words another language must have before the page's own statement is not believed."""


def find_language(doc: Document, data: Structured) -> Found[str] | None:
    """The primary language tag in lower case; None where nothing is declared and the text does not tell.

    >>> from crawler.extraction.document import parse
    >>> text = b"<p>Der Regen und die Sonne sind in der Stadt, aber nicht auf dem Land, wie es der Wind will.</p>" * 5
    >>> page = parse(b"<html lang=en>" + text, "http://a.test/")
    >>> find_language(page, Structured(page))
    Found(value='de', source='text (declared en)')
    """
    declared = next(iter(_declared(doc, data)), None)
    sample = _sample(doc)
    seen = detect(sample, declared.value if declared else None)
    if declared and (seen is None or seen == declared.value):
        return declared
    if seen is None:
        hint = _primary(doc.hints.language)
        return Found(hint, "hints") if hint else None
    return Found(seen, f"text (declared {declared.value})" if declared else "text")


def declared_tag(doc: Document, data: Structured) -> str | None:
    """The full tag ("en-GB") that the page declares, or the site's; None without any."""
    for found in _declarations(doc, data):
        if _primary(found.value):
            return found.value.replace("_", "-")
    return doc.hints.language


def _declarations(doc: Document, data: Structured) -> list[Found[str]]:
    root = doc.root.attributes
    found = [Found(root.get(key) or "", "html lang") for key in ("lang", "xml:lang")]
    found += [Found(as_text(claim.value), claim.source) for claim in data.claims("inLanguage")]
    found += data.meta_values("og:locale", "content-language", "language", "dc.language", "dcterms.language")
    if doc.body.attributes.get("lang"):
        found.append(Found(doc.body.attributes["lang"] or "", "body lang"))
    return found


def _declared(doc: Document, data: Structured) -> list[Found[str]]:
    return [Found(tag, found.source) for found in _declarations(doc, data) if (tag := _primary(found.value))]


def _primary(tag: str | None) -> str | None:
    """The primary subtag, old and wrong spellings put right.

    >>> _primary("en-GB"), _primary("nb_NO"), _primary("English"), _primary("x-default")
    ('en', 'no', None, None)
    """
    match = _TAG.match((tag or "").strip())
    if not match:
        return None
    primary = match[0].lower()
    return _SYNONYMS.get(primary, primary)


def _sample(doc: Document) -> str:
    """The first texts of the page's paragraphs; of all it shows where there are few."""
    texts = short_texts(doc).long
    told = _gather(text for node, text in texts if len(text) > PROSE and _is_in_paragraph(node))
    return told if len(told) >= ENOUGH_PROSE else _gather(text.strip() for node, text in texts if _is_shown(node))


def _gather(texts: Iterator[str]) -> str:
    parts, length = [], 0
    for text in texts:
        parts.append(text)
        length += len(text)
        if length > SAMPLE:
            break
    return " ".join(parts)[:SAMPLE]


def _is_in_paragraph(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None and parent.tag in INLINE:
        parent = parent.parent
    return parent is not None and parent.tag == "p"


def _is_shown(node: LexborNode) -> bool:
    return node.parent is not None and node.parent.tag not in ("script", "style", "noscript")


def detect(text: str, expected: str | None = None) -> str | None:
    """The language of a text by its script and its most common words; None where it does not tell.

    `expected` is kept unless another language speaks clearly louder.

    >>> detect("これは日本の新聞です。" * 9), detect("今天的天气很好，大家都出去了。" * 9), detect("Это не так. " * 14)
    ('ja', 'zh', 'ru')
    >>> detect("OK 123")
    """
    # A far letter takes two bytes or more: a text with few other letters than ASCII need not be looked through.
    if len(text.encode("utf-8", "replace")) > 1.2 * len(text) and len(_FAR_LETTER.findall(text)) > 0.2 * len(text):
        script = _by_script(text, Counter(_WORD.findall(text.lower())))
        if script:
            return expected if expected in script else script[0]
    if expected in _known() and _speaks_plainly(text[:FIRST_LOOK], expected):
        return expected
    words = _WORD.findall(text.lower())
    total = len(words)
    if total < ENOUGH_WORDS:
        return expected
    shares = _shares(Counter(filter(_languages_of_words().__contains__, words)), total)
    best = max(shares, key=lambda language: shares[language], default=None)
    if best is None or shares[best] < (0.25 if expected and expected not in _known() else 0.08):
        return expected
    return expected if expected and shares[best] < CLEARLY * shares.get(expected, 0.0) else best


def _speaks_plainly(text: str, language: str | None) -> bool:
    """Whether so many of a text's common words are the language's that none can speak clearly louder."""
    words = _WORD.findall(text.lower())
    common = list(filter(_languages_of_words().__contains__, words))
    own = sum(map(_words_of(language).__contains__, common))
    return len(words) >= ENOUGH_WORDS and len(common) < CLEARLY * own


@cache
def _words_of(language: str | None) -> frozenset[str]:
    return frozenset(lexicon("languages")["words"].get(language, ()))


def _shares(counts: Counter[str], total: int) -> dict[str, float]:
    """For each language, what share of the words are its common ones; `counts` are of common words only."""
    shares: dict[str, float] = {}
    known = _languages_of_words()
    for word, count in counts.items():
        for language in known[word]:
            shares[language] = shares.get(language, 0.0) + count / total
    return shares


def _by_script(text: str, counts: Counter[str]) -> tuple[str, ...]:
    """The languages of a script that few share, the likeliest first; () for Latin, Cyrillic and the like."""
    letters = sum(map(str.isalpha, text))
    kana, han = len(_KANA.findall(text)), len(_HAN.findall(text))
    if kana + han > 0.3 * letters:
        return ("ja",) if kana > 0.1 * (kana + han) else ("zh", "yue", "wuu", "ja")
    if len(_HANGUL.findall(text)) > 0.3 * letters:
        return ("ko",)
    for pattern, languages in _scripts():
        if len(pattern.findall(text)) > 0.3 * letters:
            common = lexicon("languages")["words"]
            return tuple(sorted(languages, key=lambda tag: -sum(counts[word] for word in common.get(tag, ()))))
    return ()


@cache
def _scripts() -> list[tuple[re.Pattern[str], tuple[str, ...]]]:
    return [
        (re.compile("[{}-{}]".format(*entry["range"])), tuple(entry["languages"]))
        for entry in lexicon("languages")["scripts"]
    ]


@cache
def _known() -> frozenset[str]:
    return frozenset(lexicon("languages")["words"])


@cache
def _languages_of_words() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for language, common in lexicon("languages")["words"].items():
        for word in common:
            found.setdefault(word, []).append(language)
    return found
