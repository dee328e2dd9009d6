"""What holds for the Change between any two texts."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from archive.diff import Change, ParagraphEdit, ParagraphOp, TextEdit, diff
from archive.identity import canonical_line, canonical_text, digests, readable_paragraphs, same_content
from archive.model import Content, EditKind

SCRIPTS = ["北京", "影响", "ภาษา", "हिन्दी", "Москва!", "\u200b"]
WORDS = st.sampled_from(
    [
        "The",
        "the",
        "town",
        "24",
        "26",
        "two",
        "“we",
        "know”",
        "«oui»",
        "said.",
        "left,",
        "Paris",
        "Smith",
        "—",
        *SCRIPTS,
    ]
)
PARAGRAPHS = st.lists(WORDS, min_size=1, max_size=9).map(" ".join)
BODIES = st.lists(PARAGRAPHS, max_size=7).map("\n\n".join)
CONTENTS = st.builds(
    Content,
    title=st.none() | PARAGRAPHS,
    body=st.none() | BODIES,
    authors=st.none() | st.lists(st.sampled_from(["A B", "C D"])).map(tuple),
    categories=st.none() | st.lists(st.sampled_from(["World", "world", "Sport"])).map(tuple),
)


@st.composite
def edited_bodies(draw: st.DrawFn) -> tuple[str, str]:
    """A body, and the same with some paragraphs dropped, repeated, moved or edited."""
    old = draw(st.lists(PARAGRAPHS, min_size=1, max_size=7))
    kept = draw(st.lists(st.sampled_from(old), max_size=8))
    new = [draw(st.sampled_from([text, f"{text} more", text.replace(" ", "  "), text[1:] or "x"])) for text in kept]
    return "\n\n".join(old), "\n\n".join(new)


def apply(edit: TextEdit | ParagraphEdit) -> str:
    """The old text with its word edits made."""
    pieces, at = [], 0
    for words in edit.edits:
        pieces += [edit.old[at : words.old[0]], edit.new[slice(*words.new)]]
        at = words.old[1]
    return "".join([*pieces, edit.old[at:]])


def body_change(bodies: tuple[str, str]) -> Change:
    return diff(Content(body=bodies[0]), Content(body=bodies[1]))


@given(CONTENTS)
def test_the_change_from_a_content_to_itself_is_empty(content: Content) -> None:
    change = diff(content, content)
    assert change.is_empty
    assert change.kinds == ()


@given(CONTENTS, CONTENTS)
def test_a_change_is_empty_exactly_where_the_content_is_the_same(old: Content, new: Content) -> None:
    assert diff(old, new).is_empty == same_content(digests(old), digests(new)) or "" in (old.body, new.body)


@given(edited_bodies() | st.tuples(BODIES, BODIES))
def test_every_paragraph_of_either_side_is_told_once(bodies: tuple[str, str]) -> None:
    change = body_change(bodies)
    old, new = map(readable_paragraphs, bodies)
    olds = [e.old_index + k for e in change.paragraphs if e.old_index is not None for k in range(e.old_count)]
    news = [e.new_index + k for e in change.paragraphs if e.new_index is not None for k in range(e.new_count)]
    assert sorted(olds) == list(range(len(old)))
    assert news == list(range(len(new)))


@given(edited_bodies() | st.tuples(BODIES, BODIES))
def test_the_edits_made_on_the_old_body_give_the_new_one(bodies: tuple[str, str]) -> None:
    change = body_change(bodies)
    made = [e.new if e.op is ParagraphOp.ADDED else apply(e) for e in change.paragraphs if e.new_index is not None]
    rebuilt = canonical_text(" ".join(made).replace("\n", " "))
    assert rebuilt == canonical_text(" ".join(readable_paragraphs(bodies[1])))


@given(edited_bodies())
def test_the_old_body_can_be_read_off_a_change(bodies: tuple[str, str]) -> None:
    change = body_change(bodies)
    olds = sorted((e.old_index, e.old) for e in change.paragraphs if e.old_index is not None)
    assert "\n".join(text for _, text in olds) == "\n".join(readable_paragraphs(bodies[0]))


@given(edited_bodies() | st.tuples(BODIES, BODIES))
def test_spans_are_in_order_and_point_at_text_that_differs(bodies: tuple[str, str]) -> None:
    for edit in body_change(bodies).paragraphs:
        assert (edit.op in (ParagraphOp.CHANGED, ParagraphOp.MOVED_CHANGED)) or not edit.edits
        ends = (0, 0)
        for words in edit.edits:
            assert ends[0] <= words.old[0] <= words.old[1] <= len(edit.old)
            assert ends[1] <= words.new[0] <= words.new[1] <= len(edit.new)
            assert edit.old[slice(*words.old)] != edit.new[slice(*words.new)]
            ends = (words.old[1], words.new[1])


@given(edited_bodies())
def test_what_is_called_the_same_or_moved_says_the_same(bodies: tuple[str, str]) -> None:
    for edit in body_change(bodies).paragraphs:
        if edit.op in (ParagraphOp.SAME, ParagraphOp.MOVED):
            assert canonical_line(edit.old) == canonical_line(edit.new)


@given(CONTENTS, CONTENTS)
@settings(max_examples=60)
def test_every_change_has_a_kind_and_every_kind_its_evidence(old: Content, new: Content) -> None:
    change = diff(old, new)
    assert change.is_empty == (not change.kinds)
    assert all(item.spots for item in change.evidence)
    assert 0 <= change.similarity <= 1
    assert min(change.words_added, change.words_removed) >= 0


@given(edited_bodies())
def test_backwards_what_was_added_is_removed(bodies: tuple[str, str]) -> None:
    there, back = body_change(bodies), body_change(bodies[::-1])
    if EditKind.REWRITTEN not in there.kinds:
        added = sum(e.op is ParagraphOp.ADDED for e in there.paragraphs)
        removed = sum(e.op is ParagraphOp.REMOVED for e in back.paragraphs)
        assert abs(added - removed) <= len(there.paragraphs) // 2
