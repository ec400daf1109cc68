"""Maps are well-formed, whole, the same every time, and show what they are told."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harborlight.places.gazetteer import great_circle_km
from harborlight.places.labels import Box, Placer
from harborlight.places.maps import MapLine, MapPoint, map_svg
from harborlight.places.outlines import outlines
from harborlight.places.projection import fit

SVG = "{http://www.w3.org/2000/svg}"
TOWNS = ["Mankato, MN", "New Ulm, MN", "Rochester, MN", "Owatonna, MN", "Saint Peter, MN"]

positions = st.tuples(st.floats(-89, 89), st.floats(-180, 180))


def parsed(svg: str) -> ET.Element:
    """The drawing, after checking that it fetches nothing, runs nothing and names itself."""
    root = ET.fromstring(svg)  # noqa: S314 (our own output)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert all((root[i].text or "").strip() for i in (0, 1))
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in {
            "svg", "title", "desc", "rect", "path", "circle", "text"
        }  # fmt: skip
        assert not {name for name in element.attrib if name == "style" or name.startswith("on")}
        assert not any("href" in name for name in element.attrib)
    assert re.findall(r"https?:", svg) == ["http:"]  # the namespace
    assert "url(" not in svg
    assert not re.search(r"\bnan\b|\binf\b", svg)
    return root


def test_a_map_of_towns_and_moves() -> None:
    points = [MapPoint(town, weight=i + 1) for i, town in enumerate(TOWNS)]
    lines = [MapLine(TOWNS[0], TOWNS[2], 3, "3 times"), MapLine(TOWNS[2], TOWNS[0], 1)]
    svg = map_svg(points, lines, title="Towns of <O000001> & co")
    root = parsed(svg)
    assert root[0].text == "Towns of <O000001> & co"
    said = root[1].text or ""
    assert "Rochester, MN (3)" in said
    assert "Mankato, MN to Rochester, MN (3 times)" in said
    words = [t.text for t in root.iter(f"{SVG}text")]
    assert {"Mankato", "New Ulm", "Rochester", "Owatonna", "Saint Peter", "3 times"} <= set(words)
    radius = {
        c.findtext(f"{SVG}title", ""): float(c.get("r", "0")) for c in root.iter(f"{SVG}circle")
    }
    assert radius["Saint Peter: 5"] > radius["Rochester: 3"] > radius["Mankato: 1"]
    assert svg == map_svg(points, lines, title="Towns of <O000001> & co")


def test_counties_are_drawn_near_and_states_far() -> None:
    near = map_svg([MapPoint(town) for town in TOWNS])
    far = map_svg([MapPoint("Seattle, WA"), MapPoint("Miami, FL")])
    assert len(far) < 120_000
    assert len(near) < 30_000
    assert near.count('stroke="#dcd6c8"') == 1
    assert far.count('stroke="#dcd6c8"') == 0


def test_outside_the_united_states_there_is_a_graticule() -> None:
    root = parsed(map_svg([MapPoint("Edinburgh, GB"), MapPoint("Glasgow, GB")]))
    words = [t.text or "" for t in root.iter(f"{SVG}text")]
    assert any(re.fullmatch(r"[\d.]+° N", w) for w in words)
    assert any(re.fullmatch(r"[\d.]+° W", w) for w in words)


@settings(max_examples=25, deadline=None)
@given(st.lists(positions, min_size=1, max_size=8), st.integers(200, 1200))
def test_any_positions_make_a_map_with_all_points_on_it(
    spots: list[tuple[float, float]], width: int
) -> None:
    lines = [MapLine(spots[0], spot) for spot in spots[1:]]
    root = parsed(map_svg([MapPoint(s, "x") for s in spots], lines, width=width))
    high = float(root.get("height", "0"))
    dots = [c for c in root.iter(f"{SVG}circle") if c.find(f"{SVG}title") is not None]
    assert len(dots) == len(spots)
    for dot in dots:
        assert 0 <= float(dot.get("cx", "-1")) <= width
        assert 0 <= float(dot.get("cy", "-1")) <= high


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one place"):
        map_svg([])
    with pytest.raises(KeyError):
        map_svg([MapPoint("Atlantis, MN")])
    with pytest.raises(ValueError, match="position"):
        map_svg([MapPoint((91.0, 0.0))])
    with pytest.raises(ValueError, match="color"):
        map_svg([MapPoint(TOWNS[0], color='red" onload="x')])


@settings(max_examples=50)
@given(st.lists(st.tuples(st.floats(0, 400), st.floats(0, 300)), min_size=1, max_size=25))
def test_labels_never_overlap_or_leave_the_frame(spots: list[tuple[float, float]]) -> None:
    frame = Box(0, 0, 400, 300)
    placer = Placer(frame)
    for x, y in spots:
        placer.block(x, y, 5)
    boxes = [label.box for x, y in spots if (label := placer.place("New Ulm", x, y, 5, 12))]
    for i, box in enumerate(boxes):
        assert box.left >= 0 <= box.top
        assert box.right <= 400
        assert box.bottom <= 300
        assert not any(box.overlaps(other) for other in boxes[i + 1 :])


def test_borders_are_whole() -> None:
    borders = outlines()
    assert len([s for s in borders.states if int(s.fips) <= 56]) == 51
    assert len([c for c in borders.counties if c.fips.startswith("27")]) == 87
    minnesota = next(s for s in borders.states if s.name == "Minnesota")
    for ring in minnesota.rings:  # each line begins where the one before it ends
        ends = [borders.starts[n] if n >= 0 else borders.starts[-n] - 1 for n in ring]
        stops = [borders.starts[n + 1] - 1 if n >= 0 else borders.starts[-n - 1] for n in ring]
        for stop, start in zip(stops, ends[1:] + ends[:1], strict=True):
            assert borders.lon[stop] == pytest.approx(borders.lon[start])
            assert borders.lat[stop] == pytest.approx(borders.lat[start])
    at = [i for n in minnesota.rings[0] for i in (borders.starts[n if n >= 0 else -n - 1],)]
    assert borders.lat[at].min() > 43.3
    assert borders.lat[at].max() < 49.5


def test_distances_on_the_map_are_those_on_the_ground() -> None:
    lat, lon = np.array([44.16, 44.02, 44.31]), np.array([-94.0, -92.47, -94.46])
    view = fit(lat, lon, 720)
    x, y = view.pixels(lat, lon)
    for i, j in ((0, 1), (0, 2), (1, 2)):
        drawn = float(np.hypot(x[i] - x[j], y[i] - y[j])) / view.scale
        assert drawn == pytest.approx(great_circle_km(lat[i], lon[i], lat[j], lon[j]), rel=0.003)
