"""The sample archive with a month of quiet news around it, for pictures: a site is known by more than three articles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType

from archive import Archive
from archive.model import Capture, Content, Outcome, Verdict

_NEWS = (
    ("Night buses return to the hill districts", "City", "Buses will run hourly until four in the morning."),
    ("Museum finds a second sketch under a harbour painting", "Culture", "The sketch shows the old customs house."),
    ("Ferry to the islands stops for repairs", "Transport", "A replacement sails twice a day until Friday."),
    ("School choir wins in the capital", "Culture", "Forty-one pupils travelled by train."),
    ("Farmers count the frost’s cost", "Economy", "One orchard in five lost its blossom."),
    ("Old cinema to become a library branch", "City", "The council bought the building for 1.4 million."),
    ("Hospital opens a ward for long infections", "Health", "It has 24 beds and a waiting list already."),
    ("Fishing quota falls by a tenth", "Economy", "Boats under twelve metres are exempt."),
    ("Two bridges closed at the weekend", "Transport", "Lorries are led around by the valley road."),
    ("Observatory counts 300 meteors in an hour", "Nature", "Clouds came at two and ended the show."),
    ("Bakers warn of dearer bread", "Economy", "Flour costs a fifth more than in autumn."),
    ("A street is named after the first woman pilot", "City", "Her granddaughter unveiled the sign."),
    ("Storks are back a week early", "Nature", "The nest on the mill was taken on Sunday."),
    ("Court frees the printer of the leaked plans", "Politics", "The prosecution may still appeal."),
    ("Swimming pool saves a third of its heat", "City", "A cover is drawn over the water at night."),
    ("Vineyard owners quarrel over a wind farm", "Economy", "A meeting on Tuesday ended without a vote."),
    ("Tram drivers learn to steer in fog", "Transport", "The exercise closed line 2 for an hour."),
    ("A lost opera is sung again", "Culture", "The score lay in a convent for a century."),
    ("Town hall clock runs backwards for a day", "City", "A mechanic had put one wheel in upside down."),
    ("Nurses ask for quieter nights", "Health", "Trolleys are to get rubber wheels in May."),
    ("Seals rest on the north pier", "Nature", "Visitors are asked to keep thirty metres away."),
    ("Parliament sends back the water law", "Politics", "Six votes were missing."),
    ("Cheese makers win a name of their own", "Economy", "Only milk of the three valleys may be used."),
    ("Second tunnel will take a year longer", "Transport", "The rock is softer than the maps said."),
    ("Young chess players draw with the masters", "Culture", "The longest game took seven hours."),
    ("Roof of the market hall is safe again", "City", "Engineers replaced forty beams."),
    ("Fewer swifts under the eaves", "Nature", "Counters found 212 nests, half of last year’s."),
    ("Minister visits the flooded villages", "Politics", "She promised help before the summer."),
    ("Clinic tests a cough with a telephone", "Health", "Three hundred patients take part."),
    ("Harbour pilots get a new boat", "Transport", "It was built in the town’s own yard."),
    ("Poets read on the last ferry", "Culture", "The boat was full, and came late."),
    ("Salt works opens its gates", "Economy", "Guided tours are planned for Sundays."),
)


def captures(end: datetime) -> Iterator[Capture]:
    """The looks of four weeks up to `end`: articles, some of them edited, and a few pages that were not to be had."""
    start = end - timedelta(days=28)
    for number in range(len(_NEWS)):
        title, section, words = _NEWS[number]
        site = ("lantern", "meridian", "lantern")[number % 3]
        at = start + timedelta(hours=20 * number + (number * number) % 7)
        url = f"https://{site}.test/{section.lower()}/{number}"
        more = {"language": "en", "categories": (section,), "published_at": at - timedelta(minutes=20)}
        first = Content(title, f"{words}\n\nMore is to follow in the evening edition.", **more)
        yield Capture(url, at, verdict=Verdict.ARTICLE, site=site, status=200, content=first, extractor="1")
        if number % 4 == 1:
            second = Content(title, f"{words}\n\nMore will follow in the evening edition.", **more)
            yield Capture(
                url, at + timedelta(hours=5), verdict=Verdict.ARTICLE, site=site, content=second, extractor="1"
            )
        if number % 9 == 4:
            yield Capture(f"{url}/print", at, Outcome.BLOCKED, reason="a consent wall", site=site)
        if number % 11 == 6:
            yield Capture(f"{url}/live", at, Outcome.ERROR, reason="no answer in 30 s", site=site)


def make(path: Path, sample: ModuleType) -> str:
    """Writes both to a file; the archive's URL."""
    url: str = sample.make(path)
    with Archive.open(url) as archive:
        archive.record_many(captures(sample.START))
    return url
