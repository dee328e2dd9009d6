"""How text is stored: zstd against a trained dictionary, later texts as patches of a keyframe.

Pure: bytes in, bytes out. Knows no database; what is a keyframe of what is the caller's to remember. A read
takes two decodes at most, whatever the number of versions.
"""

from __future__ import annotations

import json
import sys
from binascii import crc_hqx
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from archive.errors import Damaged
from archive.model import Content

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

KEYFRAME_LEVEL = 7
"""Nine takes a quarter longer, or more, to save a hundredth at most."""
FIRST_LEVEL = 3
"""Without a dictionary: a quarter of the time, 3-7 % larger, until the first one is learnt and all are stored anew."""
PATCH_LEVEL = 12
SLOW_LEVEL = 19
"""For texts stored anew at leisure: 6 % smaller, three times as long."""
_MAGIC = b"\x28\xb5\x2f\xfd"
"""Every zstd frame begins so; not kept. Two bytes of a checksum stand at the end instead: zstd's own says nothing of
bits that its decoder ignores, and a spoilt byte is told at the first read."""
DICTIONARY_SIZE = 112_640
"""zstd's own default; below some hundred samples a smaller one comes out."""
_MOMENTS = frozenset({"published_at", "modified_at"})
_FIELDS = tuple(field.name for field in fields(Content))


@dataclass(frozen=True, slots=True)
class Stored:
    """A record as it is kept."""

    data: bytes
    is_patch: bool
    """True: `decode` needs the keyframe's plain bytes; False: the dictionary it was made with, if any."""


def pack(content: Content) -> bytes:
    """A Content as bytes: JSON, a key a field that is not None, in the order of the class. Equal in, equal out.

    >>> pack(Content(title="Flood", authors=()))
    b'{"title":"Flood","authors":[]}'
    """
    record: dict[str, Any] = {}
    for name in _FIELDS:
        value = getattr(content, name)
        if value is not None:
            record[name] = value.isoformat() if name in _MOMENTS else value
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def unpack(data: bytes) -> Content:
    """The Content that `pack` was given. Raises `Damaged` where the bytes are no such record."""
    try:
        record = dict(json.loads(data.decode("utf-8", "surrogatepass")).items())
        values = {name: _restore(name, record[name]) for name in _FIELDS if name in record}
    except (ValueError, TypeError, AttributeError) as error:
        raise Damaged(f"a stored text is no record of an article: {error}; run `backissue verify`") from error
    return Content(**values)


def _restore(name: str, value: Any) -> Any:
    if name in _MOMENTS:
        return datetime.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value


def digest(data: bytes) -> str:
    """32 hex digits over a packed record: tells any two records apart, dates and images too."""
    return blake2b(data, digest_size=16).hexdigest()


def encode(
    data: bytes, *, keyframe: bytes | None = None, dictionary: bytes | None = None, slow: bool = False
) -> Stored:
    """The smaller way to keep a record: a patch of the keyframe, unless that is over half of a full one."""
    patch = _sealed(_patch(data, keyframe)) if keyframe is not None else None
    if patch is not None and len(patch) < 120:
        return Stored(patch, True)
    level = SLOW_LEVEL if slow else KEYFRAME_LEVEL if dictionary else FIRST_LEVEL
    full = _sealed(_full(data, dictionary, level))
    if patch is not None and len(patch) * 2 <= len(full):
        return Stored(patch, True)
    return Stored(full, False)


def decode(stored: Stored, *, keyframe: bytes | None = None, dictionary: bytes | None = None) -> bytes:
    """What was encoded. Raises `Damaged` where zstd cannot read it."""
    try:
        learnt = _loaded(dictionary) if dictionary else None
        decoder = zstd.ZstdDecompressor(zstd_dict=_prefix(keyframe or b"") if stored.is_patch else learnt)
        return decoder.decompress(_MAGIC + _checked(stored.data))
    except (zstd.ZstdError, EOFError, MemoryError) as error:
        raise Damaged(f"a stored text cannot be decompressed: {error}; run `backissue verify`") from error


def train(samples: Sequence[bytes], size: int = DICTIONARY_SIZE) -> bytes | None:
    """A dictionary made of packed records; None where there are too few of them to learn from."""
    total = sum(map(len, samples))
    if len(samples) < 20 or total < 20_000:
        return None
    try:
        return zstd.train_dict(samples, min(size, total // 10)).dict_content
    except zstd.ZstdError:
        return None


def dictionary_id(data: bytes) -> int:
    """The number zstd writes into every frame made with this dictionary."""
    return _loaded(data).dict_id


def _sealed(frame: bytes) -> bytes:
    bare = frame.removeprefix(_MAGIC)
    return bare + crc_hqx(bare, 0).to_bytes(2)


def _checked(data: bytes) -> bytes:
    bare, seal = data[:-2], data[-2:]
    if crc_hqx(bare, 0).to_bytes(2) != seal:
        raise Damaged("a stored text is not what was stored: its checksum differs; run `backissue verify`")
    return bare


def _full(data: bytes, dictionary: bytes | None, level: int) -> bytes:
    options: dict[int, int] = {zstd.CompressionParameter.compression_level: level, **_LEAN}
    digested = _loaded(dictionary).as_digested_dict if dictionary else None
    return zstd.compress(data, options=options, zstd_dict=digested)


def _patch(data: bytes, keyframe: bytes) -> bytes:
    options: dict[int, int] = {zstd.CompressionParameter.compression_level: PATCH_LEVEL, **_LEAN}
    return zstd.compress(data, options=options, zstd_dict=_prefix(keyframe))


#: A few bytes a record are worth saving: no dictionary number (a column has it); our digest does the checksum's work.
_LEAN: dict[int, int] = {zstd.CompressionParameter.dict_id_flag: 0, zstd.CompressionParameter.checksum_flag: 0}


def _prefix(keyframe: bytes) -> Any:
    return zstd.ZstdDict(keyframe, is_raw=True).as_prefix if len(keyframe) >= 8 else None


@lru_cache(maxsize=8)
def _loaded(dictionary: bytes) -> zstd.ZstdDict:
    return zstd.ZstdDict(dictionary)
