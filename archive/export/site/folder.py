"""A folder that appears when it is complete, and takes the place of the one that an earlier export made.

Made anew each time: a page of what was purged from the archive does not survive in it.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from archive.errors import ArchiveError
from archive.export.rows import iso

MARKER = "backissue-site.json"


class NotOurs(ArchiveError):
    """The folder holds files that no export made; they are left alone."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{str(folder)!r} holds files that no `export site` made (it has no {MARKER}); "
            "name a folder that is new, empty or an earlier export's"
        )


@contextmanager
def replaced(folder: Path, now: datetime) -> Iterator[Path]:
    """A new folder beside the wanted one, which takes its place when all went well, and goes when not.

    Raises NotOurs before anything is written, OSError where files cannot be.
    """
    folder = folder.absolute().resolve()
    if folder.exists() and not folder.is_dir():
        raise NotOurs(folder)
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARKER).is_file():
        raise NotOurs(folder)
    part = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent))
    try:
        part.chmod(0o755)
        yield part
        (part / MARKER).write_text(json.dumps({"made_by": "backissue", "made_at": iso(now)}) + "\n", encoding="utf-8")
        _swap(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _swap(part: Path, folder: Path) -> None:
    if not folder.exists():
        part.rename(folder)
        return
    old = part.with_suffix(".old")
    folder.rename(old)
    part.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
