"""Raw captures in WARC files, the archives' own format: kept, read back one by one, let go; anybody's files read.

Knows nothing of the database: what was kept is named by `FILE:OFFSET`, which a Capture keeps as its `raw_path`.
"""

from archive.model import RawCapture
from archive.warc.records import Unread, is_warc, read_warc
from archive.warc.store import DAILY, MONTHLY, RawStore

__all__ = ["DAILY", "MONTHLY", "RawCapture", "RawStore", "Unread", "is_warc", "read_warc"]
