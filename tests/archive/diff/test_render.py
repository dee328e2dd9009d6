"""A Change as text, JSON, HTML and terminal lines."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

from archive.diff import diff
from archive.diff.render import Mark, rows, summary, to_html, to_json, to_unified
from archive.diff.terminal import to_terminal
from archive.model import Content

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LONG = "The dam above the valley was built in 1962 and has been repaired twice since then."
STAYS = "Schools stay closed until further notice, the council decided in the evening."
CHANGE = diff(
    Content(
        title="12 die in flood",
        body=f"At least 12 people died, <b>officials</b> said.\n\n{STAYS}\n\n{LONG}\n\nGone & forgotten: these words.",
        categories=("World",),
        modified_at=NOON,
    ),
    Content(
        title="14 die in flood",
        body=f"{LONG}\n\nAt least 14 people died, <b>officials</b> said.\n\n{STAYS}\n\nSomething else came in instead.",
        categories=("World", "R&D"),
        modified_at=NOON,
    ),
)


def test_the_summary_names_kinds_and_the_silence() -> None:
    line = summary(CHANGE)
    assert line.startswith("headline, number, paragraph added, paragraph removed, paragraph moved, category; ")
    assert line.endswith("stood still")


def test_plain_text_shows_words_in_place_and_says_what_moved() -> None:
    assert to_unified(CHANGE).split("\n")[1:] == [
        "~ headline: [-12-]{+14+} die in flood",
        "~ categories: {+R&D+}",
        f"~ (moved up from paragraph 3) {LONG}",
        "~ At least [-12-]{+14+} people died, <b>officials</b> said.",
        "  … 1 paragraph unchanged",
        "- Gone & forgotten: these words.",
        "+ Something else came in instead.",
    ]


def test_html_is_escaped_and_marks_words_with_ins_and_del() -> None:
    html = to_html(CHANGE)
    assert '<article class="change stealth">' in html
    assert "At least <del>12</del><ins>14</ins> people died, &lt;b&gt;officials&lt;/b&gt; said." in html
    assert "<del>Gone &amp; forgotten: these words.</del>" in html
    assert '<p class="moved"><small class="note">moved up from paragraph 3</small>' in html
    assert not re.search(r"style=|<script|<b>", html)
    assert [html.count(f"<{tag}") for tag in ("p", "ins", "del")] == [
        html.count(f"</{tag}>") for tag in ("p", "ins", "del")
    ]


def test_a_note_is_marked_as_one() -> None:
    change = diff(Content(body=STAYS), Content(body=f"{STAYS}\n\nCorrection: schools are open."))
    assert '<p class="added notice correction">' in to_html(change)
    assert "# a correction note was added: Correction: schools are open." in to_unified(change)


def test_json_holds_all_of_the_change() -> None:
    plain = json.loads(json.dumps(to_json(CHANGE)))
    assert plain["kinds"][:2] == ["headline", "number"]
    assert plain["paragraphs"][0]["op"] == "moved"
    assert plain["paragraphs"][1]["edits"] == [{"old": [9, 11], "new": [9, 11]}]
    assert plain["stealth"] is True


def test_rows_pair_the_two_sides() -> None:
    row = next(row for row in rows(CHANGE) if row.op == "changed")
    assert [text for mark, text in row.old if mark is Mark.REMOVED] == ["12"]
    assert [text for mark, text in row.new if mark is Mark.ADDED] == ["14"]
    assert "".join(text for _, text in row.new) == "At least 14 people died, <b>officials</b> said."


def test_the_terminal_shows_two_columns_where_there_is_room() -> None:
    wide, narrow = to_terminal(CHANGE, 120, colour=False), to_terminal(CHANGE, 60, colour=False)
    assert "before" in wide
    assert "before" not in narrow
    assert "[-12-]{+14+} people" in narrow
    for text, width in ((wide, 120), (narrow, 60)):
        assert max(map(len, text.split("\n"))) <= width
        assert "\x1b" not in text
        assert "moved up from paragraph 3" in " ".join(text.split())


def test_the_terminal_uses_colour_instead_of_marks_where_it_may() -> None:
    text = to_terminal(CHANGE, 60, colour=True)
    assert "\x1b[" in text
    assert "[-12-]" not in text


def test_a_change_of_nothing_can_be_shown() -> None:
    empty = diff(Content(body=STAYS), Content(body=STAYS))
    assert "1 paragraph unchanged" in to_unified(empty)
    assert "1 paragraph unchanged" in to_terminal(empty, 120, colour=False)
    assert to_html(empty).count("<p") == 2
