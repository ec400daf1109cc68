"""Towns by name and by position, against places whose position is known from elsewhere."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harborlight.places.gazetteer import gazetteer, great_circle_km

SOME_KEYS = [t.key for t in gazetteer().largest_first()[:: max(1, len(gazetteer()) // 400)]]
keys = st.sampled_from(SOME_KEYS)
latitudes = st.floats(-90, 90, allow_nan=False)
longitudes = st.floats(-180, 180, allow_nan=False)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Mankato", "Mankato, MN"),
        ("Mankato, MN", "Mankato, MN"),
        ("  mankato   minnesota ", "Mankato, MN"),
        ("MANKATO MN 56001", "Mankato, MN"),
        ("New Ulm, Minn.", "New Ulm, MN"),
        ("St. Paul", "Saint Paul, MN"),
        ("st paul, mn, usa", "Saint Paul, MN"),
        ("St. Louis", "St. Louis, MO"),
        ("Ft. Worth", "Fort Worth, TX"),
        ("NYC", "New York, NY"),
        ("New York", "New York, NY"),
        ("Washington DC", "Washington, DC"),
        ("Kansas City, MO", "Kansas City, MO"),
        ("Kansas City, Kansas", "Kansas City, KS"),
        ("Minneapolis / St. Paul", "Minneapolis, MN"),
        ("Greater Boston area", "Boston, MA"),
        ("Winston Salem", "Winston-Salem, NC"),
        ("Coeur d’Alene, Idaho", "Coeur d'Alene, ID"),
        ("Rochester, MN", "Rochester, MN"),
        ("Rochester, New York", "Rochester, NY"),
        ("Edinburgh", "Edinburgh, GB"),
        ("Edinburgh, Scotland", "Edinburgh, GB"),
        ("Dublin", "Dublin, IE"),
        ("Dublin, Ohio", "Dublin, OH"),
        ("London, Canada", "London, Canada"),
        ("zurich", "Zürich, CH"),
    ],
)
def test_a_place_column_is_resolved(written: str, key: str) -> None:
    assert gazetteer().resolve(written) == key


@pytest.mark.parametrize(
    "written",
    [
        "",
        "   ",
        "Rochester",
        "Albany",
        "Springfield",
        "Delaware",
        "Texas",
        "nowhere at all",
        "1234",
    ],
)
def test_what_names_no_town_or_one_of_several_is_left_open(written: str) -> None:
    assert gazetteer().resolve(written) is None


@pytest.mark.parametrize(
    ("key", "lat", "lon"),
    [
        ("New Ulm, MN", 44.3125, -94.4605),
        ("Mankato, MN", 44.1636, -93.9994),
        ("Rochester, MN", 44.0121, -92.4802),
        ("Duluth, MN", 46.7867, -92.1005),
        ("Edinburgh, GB", 55.9533, -3.1883),
    ],
)
def test_towns_are_where_they_are(key: str, lat: float, lon: float) -> None:
    assert great_circle_km(*gazetteer().locate(key), lat, lon) < 5
    assert gazetteer().nearest(lat, lon) == key


def test_distances_by_the_map() -> None:
    towns = gazetteer()
    assert towns.distance_km("Minneapolis, MN", "Chicago, IL") == pytest.approx(571, abs=15)
    assert towns.distance_km("New York, NY", "Los Angeles, CA") == pytest.approx(3940, abs=40)


def test_minnesota_is_there_to_its_small_towns() -> None:
    towns = [t for t in gazetteer().largest_first() if t.region == "MN"]
    assert len(towns) > 450
    assert {"Sleepy Eye, MN", "Saint Peter, MN", "Madelia, MN"} <= {t.key for t in towns}


@given(keys, keys)
def test_distance_is_a_metric(a: str, b: str) -> None:
    towns = gazetteer()
    there = towns.distance_km(a, b)
    assert there == pytest.approx(towns.distance_km(b, a), abs=1e-9)
    assert 0 <= there <= math.pi * 6371.01
    assert (there < 1e-6) == (towns.locate(a) == towns.locate(b))


@given(keys)
def test_a_key_resolves_to_itself(key: str) -> None:
    assert gazetteer().resolve(key) == key


@settings(max_examples=60)
@given(latitudes, longitudes)
def test_nearest_is_within_reach(lat: float, lon: float) -> None:
    key = gazetteer().nearest(lat, lon, within_km=30)
    if key is not None:
        assert great_circle_km(*gazetteer().locate(key), lat, lon) <= 30.001
    else:
        towns = gazetteer().largest_first()
        at = np.array([(t.lat, t.lon) for t in towns])
        assert great_circle_km(at[:, 0], at[:, 1], lat, lon).min() > 29.999


def test_a_street_of_a_city_is_the_citys() -> None:
    towns = gazetteer()
    assert towns.nearest(39.2904, -76.6122) == "Baltimore, MD"  # neighborhoods are listed beside it
    assert towns.nearest(55.9758, -3.1701) == "Edinburgh, GB"  # Leith
    assert towns.nearest(40.7282, -74.0776) == "Jersey City, NJ"  # not New York
    assert towns.nearest(0.0, -30.0) is None
    impossible = towns.nearest_many(np.array([np.nan, 91.0]), np.array([0.0, 0.0]))
    assert impossible == [None, None]


@given(st.text(max_size=80))
def test_any_text_can_be_resolved(text: str) -> None:
    key = gazetteer().resolve(text)
    assert key is None or key in gazetteer()
