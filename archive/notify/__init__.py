"""Tells people what changed: saved searches (`notify.toml`) over edits, each edit once to each target.

What was sent is remembered beside `notify.toml`, not in the archive: it belongs to the one who sends, not to what is
remembered of the press. Two people can watch one archive, a reader's right to the database is enough, and a copied or
restored archive neither repeats nor swallows a message.
"""

from archive.notify.memory import Memory, MemoryDamaged
from archive.notify.searches import EXAMPLE, BadSearches, SavedSearch, load_searches
from archive.notify.sending import Delivery, deliver
from archive.notify.targets import AppriseMissing, Target, open_target

__all__ = [
    "EXAMPLE",
    "AppriseMissing",
    "BadSearches",
    "Delivery",
    "Memory",
    "MemoryDamaged",
    "SavedSearch",
    "Target",
    "deliver",
    "load_searches",
    "open_target",
]
