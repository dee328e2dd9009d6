"""A small archive worth looking at: three sites, four scripts, edits of many kinds, counters, a page that goes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from archive import Archive
from archive.model import Capture, Content, Counter, Engagement, Outcome, Verdict

NOW = datetime(2026, 3, 6, 12, tzinfo=UTC)
START = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)

DAM = "https://lantern.test/nature/dam"
BUDGET = "https://lantern.test/politics/budget"
STRIKE = "https://meridian.test/strike"
SCHOOL = "https://meridian.test/school-meals"
LOST = "https://meridian.test/minister"
ARABIC = "https://wadi.test/akhbar/1"
CHINESE = "https://wadi.test/xinwen/2"
CALM = "https://lantern.test/city/market"


def text(*paragraphs: str) -> str:
    """Paragraphs as a body."""
    return "\n\n".join(paragraphs)


_DAM = (
    "Water levels behind the Orrin dam rose by 12 centimetres overnight, the river authority said on Monday.",
    "Engineers opened two of the five gates shortly before dawn and asked people in the lower villages to keep away "
    "from the banks.",
    "“There is no danger to the town,” said Ines Marchetti, who runs the control room. “We have seen far more water "
    "than this.”",
    "The dam was finished in 1968 and last repaired nine years ago. A survey in the autumn found hairline cracks in "
    "its western wall, which the authority calls harmless.",
    "Schools in Lower Orrin stayed open. Buses on the valley road ran with delays of up to forty minutes.",
    "Rain is expected to ease on Wednesday.",
)
_DAM_2 = (
    _DAM[0].replace("12 centimetres", "21 centimetres"),
    _DAM[1].replace("two of the five gates", "three of the five gates"),
    *_DAM[2:],
)
_DAM_3 = (
    _DAM_2[0],
    _DAM_2[1],
    "“We expect no danger to the town,” said Ines Marchetti, who runs the control room.",
    _DAM[3].replace(", which the authority calls harmless", ""),
    "About 140 people from Lower Orrin spent the night in the sports hall.",
    _DAM[5],
)
_DAM_4 = (
    *_DAM_3,
    "Correction: An earlier version of this article gave the rise of the water as 12 centimetres. It was 21.",
)
_BUDGET = (
    "The council will vote on Thursday on a budget that closes two libraries and raises parking fees.",
    "Deputy mayor Hal Weston said the plan saves 4.2 million a year.",
    "The opposition wants the libraries kept and the new car park dropped.",
)
_STRIKE = (
    "No train left the capital on Wednesday as signal workers walked out over pay.",
    "The union says 3,000 of its members took part. The railway speaks of 1,900.",
    "Talks resume on Friday.",
)
_SCHOOL = (
    "Free school meals will be offered in all primary schools from September, the ministry said.",
    "The programme costs 86 million a year and reaches 410,000 children.",
)
_ARABIC = (
    "ارتفع منسوب النهر خلال الليل بمقدار 12 سنتيمترا، وفق ما أعلنته هيئة المياه يوم الاثنين.",
    "وقالت الهيئة إن البوابات فتحت قبل الفجر، وطلبت من سكان القرى الابتعاد عن الضفاف.",
)
_CHINESE = (
    "水务局周一表示，水库水位一夜之间上涨了12厘米。",
    "工程人员在黎明前打开了五座闸门中的两座，并要求下游村民远离河岸。",
)


def _article(title: str, *paragraphs: str, hours: float = 0, **more: Any) -> Content:
    published = START + timedelta(hours=hours) - timedelta(minutes=40)
    said: dict[str, Any] = {"language": "en", "published_at": published, "modified_at": published, "access": "full"}
    return Content(title=title, body=text(*paragraphs), **(said | more))


def _look(url: str, hours: float, site: str, content: Content | None = None, **found: Any) -> Capture:
    found = {"verdict": Verdict.ARTICLE if content else None, "status": 200, **found}
    return Capture(
        url=url, captured_at=START + timedelta(hours=hours), site=site, extractor="1", content=content, **found
    )


def _seen(views: int, comments: int, shares: int) -> Engagement:
    counters = {"views": views, "comments": comments, "shares": shares}
    return Engagement(**{name: Counter(value, True, str(value), "label") for name, value in counters.items()})


def captures() -> list[Capture]:
    """The looks that make the archive."""
    dam = {"authors": ("Ruth Adeyemi",), "categories": ("Nature",), "topics": ("06000000",)}
    titles = ("Dam gates opened after a night of rain", "Dam gates opened as water keeps rising")
    lantern, meridian, wadi = "lantern", "meridian", "wadi"
    states = [
        _article(titles[0], *_DAM, **dam),
        _article(titles[0], *_DAM_2, **dam),
        _article(titles[1], *_DAM_3, **dam),
        _article(titles[1], *_DAM_4, **dam | {"modified_at": START + timedelta(hours=29)}),
    ]
    looks = []
    for step, (hours, state) in enumerate(
        [(0, 0), (1, 0), (2, 0), (4, 1), (7, 1), (11, 1), (16, 2), (22, 2), (29, 3), (40, 3), (60, 3), (88, 3)]
    ):
        seen = _seen(180 + 900 * step + 70 * step**2, 2 * step + step**2 // 3, 5 * step)
        looks.append(_look(DAM, hours, lantern, states[state], engagement=seen))
    budget = {"authors": ("Noor Haddad", "Tom Field"), "categories": ("Politics",), "topics": ("11000000",), "hours": 3}
    arabic = {"language": "ar", "categories": ("أخبار",), "authors": ("ليلى حداد",), "hours": 5}
    chinese = {"language": "zh", "categories": ("新闻",), "authors": ("陈美玲",), "hours": 6}
    strike = {"authors": ("Lin Park",), "categories": ("Economy", "Labour"), "topics": ("09000000",), "hours": 50}
    looks += [
        _look(BUDGET, 3, lantern, _article("Council to vote on library cuts", *_BUDGET, **budget)),
        _look(BUDGET, 9, lantern, _article("Council set to close two libraries", *_BUDGET, **budget)),
        _look(BUDGET, 52, lantern, _article("Council to vote on library cuts", *_BUDGET, **budget)),
        _look(CALM, 20, lantern, _article("Saturday market moves to the old harbour", "Stalls open at seven.", hours=20)),
        _look(STRIKE, 50, meridian, _article("Strike halts all trains", *_STRIKE, **strike)),
        _look(
            STRIKE,
            56,
            meridian,
            _article("Strike halts all trains", _STRIKE[0], _STRIKE[1].replace("3,000", "2,300"), _STRIKE[2], **strike),
        ),
        _look(SCHOOL, 30, meridian, _article("Free meals in all primary schools", *_SCHOOL, hours=30)),
        _look(SCHOOL, 75, meridian, _article("Free meals in all primary schools", _SCHOOL[0].replace("all", "most"), _SCHOOL[1], hours=30)),
        _look(LOST, 8, meridian, _article("Minister’s firm won harbour contract", "The firm belongs to his brother.", hours=8)),
        _look(LOST, 33, meridian, outcome=Outcome.GONE, status=404, reason="status 404"),
        _look(LOST, 47, meridian, outcome=Outcome.GONE, status=404, reason="status 404"),
        _look(ARABIC, 5, wadi, _article("فتح بوابات السد بعد ليلة ممطرة", *_ARABIC, **arabic)),
        _look(ARABIC, 10, wadi, _article("فتح بوابات السد بعد ليلة ممطرة", _ARABIC[0].replace("12", "21"), _ARABIC[1], **arabic)),
        _look(CHINESE, 6, wadi, _article("一夜大雨后大坝开闸", *_CHINESE, **chinese)),
        _look(CHINESE, 12, wadi, _article("一夜大雨后大坝开闸", _CHINESE[0].replace("12", "21"), _CHINESE[1], **chinese)),
        _look("https://meridian.test/walled", 60, meridian, outcome=Outcome.BLOCKED, verdict=Verdict.CONSENT, reason="a consent wall"),
    ]  # fmt: skip
    return looks


def make(path: Path) -> str:
    """Writes the archive to a file; its URL."""
    url = f"sqlite:///{path}"
    with Archive.open(url) as archive:
        for name in ("lantern", "meridian", "wadi"):
            archive.add_site(name, f"https://{name}.test/")
        archive.record_many(captures())
    return url
