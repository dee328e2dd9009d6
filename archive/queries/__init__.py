"""The one reader: every question the command line, the pages and the exports ask, answered in model objects."""

from archive.queries.articles import ArticleQueries
from archive.queries.as_of import AsOfQueries
from archive.queries.captures import CaptureQueries
from archive.queries.categories import CategoryCount, CategoryQueries
from archive.queries.changes import ChangeQueries, Edit, EditHead
from archive.queries.crawling import CrawlQueries
from archive.queries.damage import Damage, DamageQueries
from archive.queries.families import FamilyMember, FamilyQueries
from archive.queries.habits import HabitQueries, Habits
from archive.queries.history import HistoryQueries, Interval
from archive.queries.passages import Followed, Passage, PassageQueries
from archive.queries.raws import RawQueries
from archive.queries.search import SearchQueries
from archive.queries.stats import DayHealth, LabelCount, SiteStats, StatsQueries, Storage
from archive.queries.versions import VersionQueries
from archive.queries.watching import WatchQueries


class Queries(
    PassageQueries,
    ArticleQueries,
    AsOfQueries,
    VersionQueries,
    HistoryQueries,
    FamilyQueries,
    ChangeQueries,
    HabitQueries,
    CaptureQueries,
    RawQueries,
    SearchQueries,
    CategoryQueries,
    StatsQueries,
    WatchQueries,
    CrawlQueries,
    DamageQueries,
):
    """All readers of an archive."""


__all__ = [
    "CategoryCount",
    "Damage",
    "DayHealth",
    "Edit",
    "EditHead",
    "FamilyMember",
    "Followed",
    "Habits",
    "Interval",
    "LabelCount",
    "Passage",
    "Queries",
    "SiteStats",
    "Storage",
]
