"""Puts what a benchmark printed into the documents: each part stands between marks of its own."""

from __future__ import annotations

import re
from pathlib import Path

README = Path(__file__).with_name("README.md")


def put(part: str, text: str, document: Path = README) -> None:
    """Replaces the part named so (`<!-- crawl: begin -->` … `<!-- crawl: end -->`) by this text.

    Raises ValueError where the document has no such part: nothing that was measured is lost without a word.
    """
    begin, end = f"<!-- {part}: begin -->", f"<!-- {part}: end -->"
    old = document.read_text(encoding="utf-8")
    new, count = re.subn(f"{begin}.*?{end}", lambda _: f"{begin}\n{text}\n{end}", old, flags=re.DOTALL)
    if count != 1:
        raise ValueError(f"{document} has {count} parts between {begin} and {end}; it needs one to write into")
    document.write_text(new, encoding="utf-8")
