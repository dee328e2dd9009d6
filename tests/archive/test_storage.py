"""The codec: what goes in comes out, patches are small, damage is told."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import storage
from archive.errors import Damaged
from archive.model import Content

names = st.none() | st.lists(st.text(max_size=9), max_size=3).map(tuple)
moments = st.none() | st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
contents = st.builds(
    Content,
    title=st.none() | st.text(),
    body=st.none() | st.text(alphabet=st.characters()),
    authors=names,
    categories=names,
    tags=names,
    published_at=moments,
    modified_at=moments,
    access=st.none() | st.just("full"),
)


def text_of(seed: int, words: int = 400) -> bytes:
    chance = random.Random(seed)
    vocabulary = [f"word{n}" for n in range(3000)]
    return " ".join(chance.choices(vocabulary, k=words)).encode()


@settings(max_examples=100, deadline=None)
@given(contents)
def test_a_content_comes_back_as_it_was(content: Content) -> None:
    assert storage.unpack(storage.pack(content)) == content


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=3000), st.none() | st.binary(max_size=3000), st.booleans())
def test_any_bytes_come_back_with_any_keyframe_and_dictionary(
    data: bytes, keyframe: bytes | None, with_dictionary: bool
) -> None:
    dictionary = DICTIONARY if with_dictionary else None
    stored = storage.encode(data, keyframe=keyframe, dictionary=dictionary)
    assert storage.decode(stored, keyframe=keyframe, dictionary=dictionary) == data


def test_a_small_edit_is_a_small_patch() -> None:
    keyframe = text_of(1)
    stored = storage.encode(keyframe.replace(b"word7 ", b"other "), keyframe=keyframe)
    assert stored.is_patch
    assert len(stored.data) < 100 < len(storage.encode(keyframe).data)


def test_a_rewritten_text_is_a_keyframe_of_its_own() -> None:
    assert not storage.encode(text_of(2), keyframe=text_of(1)).is_patch


def test_a_dictionary_makes_texts_smaller() -> None:
    assert len(storage.encode(text_of(99, 60), dictionary=DICTIONARY).data) < len(storage.encode(text_of(99, 60)).data)


def test_too_few_samples_make_no_dictionary() -> None:
    assert storage.train([b"one", b"two"]) is None


def test_no_flipped_bit_passes_for_the_text() -> None:
    stored = storage.encode(text_of(3, 40))
    for place in range(len(stored.data)):
        for bit in range(8):
            spoilt = bytearray(stored.data)
            spoilt[place] ^= 1 << bit
            with pytest.raises(Damaged):
                storage.decode(storage.Stored(bytes(spoilt), False))


@pytest.mark.parametrize("data", [b"", b"[]", b'"x"', b"{", b"\xff", b'{"title":1,"published_at":3}'])
def test_what_is_no_record_is_damaged(data: bytes) -> None:
    with pytest.raises(Damaged):
        storage.unpack(data)


DICTIONARY = storage.train([text_of(seed, 150) for seed in range(100)]) or b""
