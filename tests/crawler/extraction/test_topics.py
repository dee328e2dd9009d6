"""Section labels read as IPTC topics, places and genres."""

from __future__ import annotations

import re

import pytest

from crawler.extraction.labels import fold_label
from crawler.extraction.lexicon import lexicon
from crawler.extraction.topics import map_labels, name_of, read_target, version


@pytest.mark.parametrize(
    ("label", "topics", "method"),
    [
        ("Politics", ("11000000",), "alias"),
        ("Wirtschaft", ("04000000",), "alias"),
        ("Política", ("11000000",), "alias"),
        ("ПОЛИТИКА", ("11000000",), "alias"),
        ("الرياضة", ("15000000",), "alias"),
        ("科技", ("13000000",), "alias"),
        ("economy, business and finance", ("04000000",), "exact"),
        ("Football", ("15000000", "20000822"), "alias"),
        ("business-news", ("04000000",), "alias"),
        ("Deportes/formula-1", ("15000000", "20000822"), "path"),
        ("Health & Education", ("07000000", "05000000"), "part"),
        ("Gardening with Ann", (), None),
    ],
)
def test_a_label_has_its_topic_and_the_method(label: str, topics: tuple[str, ...], method: str | None) -> None:
    meaning = map_labels([label]).labels[0]
    assert (meaning.topics, meaning.method) == (topics, method)


def test_regions_are_places_and_kinds_of_text_are_genres() -> None:
    found = map_labels(["Africa", "Opinión", "Live", "Monde"])
    assert (found.topics, found.places, found.genres) == ((), ("Africa", "World"), ("opinion", "live"))


def test_a_users_alias_wins_and_the_rest_is_named() -> None:
    found = map_labels(
        ["Sport", "Le Mag", "Kivu", "Xyz"], {"sport": "14000000", "le mag": "genre:magazine", "KIVU": "place:Kivu"}
    )
    assert (found.topics, found.genres, found.places, found.unmapped) == (
        ("14000000",),
        ("magazine",),
        ("Kivu",),
        ("Xyz",),
    )
    assert {one.method for one in found.labels} == {"user", None}


def test_no_labels_mean_nothing() -> None:
    assert map_labels(None).topics == ()
    assert map_labels([]).version == version()


def test_a_bad_alias_target_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="Sport"):
        read_target("Sport")


def test_the_table_is_sound() -> None:
    data = lexicon("topics")
    assert len(data["top"]) == 17
    assert all(re.fullmatch(r"\d{8}", code) and name_of(code) for code in (*data["top"], *data["narrow"]))
    assert all(concept["top"] in data["top"] for concept in data["narrow"].values())
    assert all(len([key for key in concept if key != "name"]) >= 12 for concept in data["top"].values())


def test_one_label_has_one_meaning() -> None:
    data = lexicon("topics")
    seen: dict[str, str] = {}
    groups = [
        (code, label)
        for code, concept in data["top"].items()
        for labels in concept.values()
        if isinstance(labels, list)
        for label in labels
    ]
    groups += [(code, label) for code, concept in data["narrow"].items() for label in concept["labels"]]
    groups += [
        (name, label) for part in ("places", "genres") for name, labels in data[part].items() for label in labels
    ]
    for meaning, label in groups:
        assert seen.setdefault(fold_label(label), meaning) == meaning, label
