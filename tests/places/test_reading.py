"""Towns named in free text: found where they are said, left alone where they are not."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow.csv
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harborlight.places.gazetteer import gazetteer

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "rental-ads"


def found(text: str) -> list[tuple[str, str]]:
    return [(text[a:b], key) for a, b, key in gazetteer().find_in(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("New in Mankato, MN call now", [("Mankato, MN", "Mankato, MN")]),
        ("mankato this week", [("mankato", "Mankato, MN")]),
        ("MANKATO MN TONIGHT", [("MANKATO MN", "Mankato, MN")]),
        ("new ulm and St. Peter, Minnesota", [("new ulm", "New Ulm, MN"),
                                              ("St. Peter, Minnesota", "Saint Peter, MN")]),
        ("in Sleepy Eye until Friday", [("Sleepy Eye", "Sleepy Eye, MN")]),
        ("near Reading, PA", [("Reading, PA", "Reading, PA")]),
        ("I am in Mobile this week", [("Mobile", "Mobile, AL")]),
        ("las vegas or san jose", [("las vegas", "Las Vegas, NV"), ("san jose", "San Jose, CA")]),
        ("Ontario, CA 91761", [("Ontario, CA", "Ontario, CA")]),
        ("cerca de Mankato", [("Mankato", "Mankato, MN")]),
        ("Edinburgh's best", [("Edinburgh", "Edinburgh, GB")]),
    ],
)  # fmt: skip
def test_towns_are_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "great mobile reading hope and independence",
        "In Mobile Home Park",
        "Ask for Austin or Madison, Charlotte is here too",
        "open in August and in May",
        "hope you like it, no problem at home",
        "RENT IN HOPE OF SALE",
        "big lake view, white oak floors, pine river table",
        "call in the evening, price is negotiable",
        "Delaware style kitchen",
        "Rochester",  # two of like size
    ],
)
def test_words_are_not_taken_for_towns(text: str) -> None:
    assert found(text) == []


def test_a_shared_name_takes_the_state_of_the_other_towns() -> None:
    assert found("Rochester and Winona, MN") == [
        ("Rochester", "Rochester, MN"),
        ("Winona, MN", "Winona, MN"),
    ]
    assert [key for _, _, key in gazetteer().find_in("Rochester", region="NY")] == ["Rochester, NY"]


@given(
    st.text(max_size=120),
    st.sampled_from(["Mankato, MN", "New Ulm, MN", "Duluth, Minnesota", "Fargo ND"]),
    st.text(max_size=40),
)
def test_a_named_town_is_found_in_any_surroundings(before: str, town: str, after: str) -> None:
    text = f"{before}. {town}. {after}"
    spans = gazetteer().find_in(text)
    start = len(before) + 2
    assert any(a <= start and b >= start + len(town) for a, b, _ in spans) or any(
        a < start < b or a < start + len(town) < b for a, b, _ in spans
    )


@given(st.text(max_size=300))
def test_spans_are_in_order_and_inside(text: str) -> None:
    last = 0
    for start, end, key in gazetteer().find_in(text):
        assert last <= start < end <= len(text)
        assert key in gazetteer()
        last = end


@pytest.mark.skipif(not SHARED.exists(), reason=f"no real ads beside the checkout ({SHARED})")
def test_real_ads_name_their_own_city_most() -> None:
    with gzip.open(SHARED / "edinburgh.csv.gz") as file:
        texts = pyarrow.csv.read_csv(
            file, parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True)
        )["text"].to_pylist()
    named: dict[str, int] = {}
    for text in texts:
        for _, _, key in gazetteer().find_in(text or ""):
            named[key] = named.get(key, 0) + 1
    assert max(named, key=lambda key: named[key]) == "Edinburgh, GB"
    assert named["Edinburgh, GB"] > 0.85 * sum(named.values())
