"""The report's charts: well-formed, whole, named for screen readers, and true to their numbers."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harborlight.recognize.report.charts import (
    DayPosts,
    GraphNode,
    GraphTie,
    contacts_svg,
    outcomes_svg,
    timeline_svg,
    weekly_svg,
)

SVG = "{http://www.w3.org/2000/svg}"
CLOSED = date(2017, 1, 9)
names = st.text(min_size=1, max_size=40)  # any text: names come from files


def parsed(svg: str) -> ET.Element:
    root = ET.fromstring(svg)  # noqa: S314 (our own output)
    assert root.get("role") == "img"
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert all((root[i].text or "").strip() for i in (0, 1))
    for element in root.iter():
        assert not {name for name in element.attrib if name.startswith(("on", "style"))}
        assert element.tag.removeprefix(SVG) in {
            "svg", "title", "desc", "rect", "path", "circle", "text"
        }  # fmt: skip
    assert "url(" not in re.sub(r">[^<]*<", "><", svg)
    assert not re.search(r'"[^"]*\b(nan|inf)\b[^"]*"', re.sub(r'aria-label="[^"]*"', "", svg))
    return root


def words(root: ET.Element) -> list[str]:
    return [t.text or "" for t in root.iter(f"{SVG}text")]


def told(root: ET.Element, tag: str) -> list[str]:
    return [e.findtext(f"{SVG}title") or "" for e in root.iter(f"{SVG}{tag}") if len(e)]


def test_a_timeline_has_a_dot_for_each_town_and_day() -> None:
    posts = [
        DayPosts(date(2016, 12, 1), "Mankato, MN", 2),
        DayPosts(date(2016, 12, 1), "Mankato, MN", 1),
        DayPosts(date(2017, 1, 15), "New Ulm, MN", 8),
    ]
    root = parsed(timeline_svg(posts, [(CLOSED, "board.example/services")]))
    assert sorted(told(root, "circle")) == [
        "Mankato, MN, 2016-12-01: 3 ads",
        "New Ulm, MN, 2017-01-15: 8 ads",
    ]
    assert "board.example/services closed 2017-01-09" in words(root)
    assert words(root).index("Mankato, MN") < words(root).index("New Ulm, MN")
    assert timeline_svg(posts[::-1], [(CLOSED, "board.example/services")]) == timeline_svg(
        posts, [(CLOSED, "board.example/services")]
    )


def test_a_timeline_of_many_towns_says_how_many_are_together() -> None:
    posts = [DayPosts(CLOSED, f"Town {i:02d}", 1 + i) for i in range(30)]
    root = parsed(timeline_svg(posts))
    assert "17 other towns" in words(root)
    assert sum(int(t.rsplit(" ", 2)[1]) for t in told(root, "circle")) == sum(p.ads for p in posts)


posts = st.builds(
    DayPosts, st.dates(date(1990, 1, 1), date(2030, 1, 1)), names, st.integers(1, 10_000)
)


@settings(max_examples=40, deadline=None)
@given(st.lists(posts, min_size=1, max_size=40), st.dates(date(1990, 1, 1), date(2030, 1, 1)))
def test_any_postings_make_a_timeline(posted: list[DayPosts], closed: date) -> None:
    root = parsed(timeline_svg(posted, [(closed, "<&>")]))
    wide = float(root.get("width", "0"))
    for dot in root.iter(f"{SVG}circle"):
        assert 0 < float(dot.get("cx", "0")) < wide


WEEKLY = [(-2, "board/services", 40), (-1, "board/services", 38), (-2, "list", 5), (0, "list", 30)]


def test_weekly_bars_are_as_tall_as_their_numbers() -> None:
    root = parsed(weekly_svg(WEEKLY, "board/services", CLOSED))
    tall = {
        r.findtext(f"{SVG}title", ""): float(r.get("height", "0"))
        for r in root.iter(f"{SVG}rect")
        if len(r)
    }
    assert set(tall) == {
        "board/services, week of 2016-12-26: 40 ads",
        "board/services, week of 2017-01-02: 38 ads",
        "list, week of 2016-12-26: 5 ads",
        "list, week of 2017-01-09: 30 ads",
    }
    assert tall["board/services, week of 2016-12-26: 40 ads"] == pytest.approx(
        8 * tall["list, week of 2016-12-26: 5 ads"], abs=0.5
    )
    assert "closed 2017-01-09" in words(root)
    assert "list: 5 before, 30 after" in (root[1].text or "")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-60, 60), names, st.integers(0, 10**6)), min_size=1, max_size=60)
)
def test_any_weeks_make_a_chart_that_loses_no_ad(weekly: list[tuple[int, str, int]]) -> None:
    root = parsed(weekly_svg(weekly, "closed", CLOSED))
    shown = sum(int(t.rsplit(" ", 2)[1].replace(",", "")) for t in told(root, "rect"))
    assert shown == sum(ads for _, _, ads in weekly)
    assert weekly_svg(sorted(weekly), "closed", CLOSED) == weekly_svg(weekly, "closed", CLOSED)


def test_outcomes_are_written_with_their_share() -> None:
    root = parsed(outcomes_svg([("relinked", 3), ("not seen", 1), ("unresolved", 0)]))
    assert words(root) == ["relinked", "3 (75%)", "not seen", "1 (25%)", "unresolved", "0 (0%)"]
    parsed(outcomes_svg([("relinked", 0)]))
    parsed(outcomes_svg([]))


def test_contacts_say_what_is_left_out() -> None:
    nodes = [GraphNode(f"t{i}", "template", f"T{i:06d}", 100 - i) for i in range(30)]
    nodes += [GraphNode(f"p{i}", "phone", f"+150755501{i:02d}", 50 - i) for i in range(40)]
    ties = [GraphTie(f"t{i}", f"p{(i * 7) % 40}", i + 1) for i in range(30)]
    root = parsed(contacts_svg(nodes, ties))
    assert "30 with fewer ads are left out." in words(root)
    assert len([w for w in words(root) if re.match(r"T\d|\+\d", w)]) == 40
    assert contacts_svg(nodes[::-1], ties[::-1]) == contacts_svg(nodes, ties)
    ends = [path for path in root.iter(f"{SVG}path") if path.find(f"{SVG}title") is not None]
    drawn = {n.key for n in nodes if any(w.startswith(n.label) for w in words(root))}
    assert len(ends) == len([t for t in ties if {t.template, t.contact} <= drawn])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["template", "phone", "email", "image", "other"]), names),
        min_size=1,
        max_size=60,
    )
)
def test_any_nodes_make_a_chart_of_contacts(made: list[tuple[str, str]]) -> None:
    nodes = [GraphNode(str(i), kind, label, i % 7 + 1) for i, (kind, label) in enumerate(made)]
    templates = [n.key for n in nodes if n.kind == "template"]
    ties = [GraphTie(t, n.key, 2) for t in templates for n in nodes if n.kind != "template"]
    root = parsed(contacts_svg(nodes, ties))
    if len(nodes) > 40:
        assert any("left out" in w for w in words(root))


def test_empty_charts_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        timeline_svg([])
    with pytest.raises(ValueError, match="at least one"):
        weekly_svg([], "x", CLOSED)
    with pytest.raises(ValueError, match="at least one"):
        contacts_svg([], [])


def test_a_week_starts_on_the_closing_day() -> None:
    root = parsed(weekly_svg([(3, "list", 1)], "x", CLOSED))
    assert told(root, "rect") == [f"list, week of {CLOSED + timedelta(weeks=3)}: 1 ad"]
