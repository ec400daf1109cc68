"""The drawings of the report: maps, timelines, contacts, and what followed a closing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from harborlight.places.maps import MapLine, MapPoint, map_svg
from harborlight.recognize.movement.closing import Displacement, parse_closed
from harborlight.recognize.report.charts import (
    DayPosts,
    GraphNode,
    GraphTie,
    contacts_svg,
    outcomes_svg,
    timeline_svg,
    weekly_svg,
)
from harborlight.recognize.report.formatting import day, phone
from harborlight.recognize.report.rows import Behind
from harborlight.recognize.report.visible import visible

WIDE, HALF = 900, 460
TOWNS_ON_MAP, ARROWS_ON_MAP, NODES, LABEL = 30, 14, 26, 34
CONTACT = 17  # characters of a contact that half the width has room for


@dataclass(frozen=True)
class Figure:
    """A drawing with its title and what it shows; `shape` is "half" or "whole" of the width."""

    title: str
    svg: Markup
    caption: str
    shape: str


@dataclass(frozen=True)
class Closing:
    """What is shown of one closed section."""

    title: str
    figures: list[Figure]
    caption: str
    rows: list[tuple[str, str]]
    panel: list[tuple[str, str, str, str]]
    warnings: list[str]


def of_lead(
    behind: Behind, moves: Sequence[dict[str, Any]], closings: Sequence[str]
) -> list[Figure]:
    """The drawings of a lead that its data allows."""
    drawn = [timeline(behind, closings), towns(behind, moves), contacts(behind)]
    return [figure for figure in drawn if figure is not None]


def timeline(behind: Behind, closings: Sequence[str]) -> Figure | None:
    """A row a town, a dot a day with postings; None without a dated posting."""
    if not behind.days:
        return None
    posts = [DayPosts(when, town, ads) for (when, town), ads in sorted(behind.days.items())]
    marks: list[tuple[date, str]] = []
    for closed in map(parse_closed, closings):
        marks.append((closed.date, visible(closed.place)[:LABEL]))
    svg = timeline_svg(posts, marks, width=WIDE)
    return Figure(
        "Postings by town and day",
        Markup(svg),  # noqa: S704 - the charts escape what they are given
        "Each dot is a day with postings for a town; a larger one has more ads."
        + (" The line marks the closing." if marks else ""),
        "whole",
    )


def towns(behind: Behind, moves: Sequence[dict[str, Any]]) -> Figure | None:
    """The towns on a map, with arrows along the postings; None without a town."""
    if not behind.towns:
        return None
    named = sorted(behind.towns.items(), key=lambda item: (-item[1], item[0]))[:TOWNS_ON_MAP]
    shown = {town for town, _ in named}
    steps: Counter[tuple[str, str]] = Counter()
    for move in moves:
        if move["kind"] == "move" and {move["from_place"], move["to_place"]} <= shown:
            steps[move["from_place"], move["to_place"]] += 1
    arrows = sorted(steps.items(), key=lambda item: (-item[1], item[0]))[:ARROWS_ON_MAP]
    svg = map_svg(
        [MapPoint(town, weight=float(ads)) for town, ads in named],
        [MapLine(a, b, weight=float(times)) for (a, b), times in arrows],
        width=HALF,
        title="Towns the ads were posted for",
    )
    caption = "Larger dots have more ads."
    if arrows:
        caption += (
            " Arrows follow the postings from town to town, thicker the more often. "
            "They show the movement of postings, never of a person."
        )
    left = len(behind.towns) - len(named)
    if left:
        caption += f" {left} towns with fewer ads are not drawn."
    return Figure("Towns", Markup(svg), caption, "half")  # noqa: S704


def contacts(behind: Behind) -> Figure | None:
    """Which wording names which contact; None without a contact."""
    if not behind.contacts:
        return None
    nodes = [
        GraphNode(f"template:{name}", "template", name, ads)
        for name, ads in sorted(behind.wordings.items())
    ]
    for (kind, value), ads in sorted(behind.contacts.items()):
        label = phone(value) if kind == "phone" else _short(value)
        nodes.append(GraphNode(f"{kind}:{value}", kind, label, ads))
    ties = [
        GraphTie(f"template:{name}", f"{kind}:{value}", ads)
        for (name, kind, value), ads in sorted(behind.ties.items())
    ]
    svg = contacts_svg(nodes, ties, most=NODES, width=HALF)
    return Figure(
        "Wordings and contacts",
        Markup(svg),  # noqa: S704
        "A line joins a wording and a contact that stand in the same ads; the numbers count ads.",
        "half",
    )


def _short(value: str) -> str:
    shown = visible(value)
    return shown if len(shown) <= CONTACT + 1 else f"{shown[:CONTACT]}…"


# --- after a closing -----------------------------------------------------------------------------


def of_closing(found: Displacement) -> Closing:
    """What is shown of a closed section: three outcomes, the weeks around it, how sure it is."""
    closed = parse_closed(found.closed)
    outcomes = [
        ("Relinked", found.relinked),
        ("Not seen", found.not_seen),
        ("Unresolved", found.unresolved),
    ]
    figures = [
        Figure(
            "What became of the organizations",
            Markup(outcomes_svg(outcomes, width=WIDE)),  # noqa: S704
            "Organizations with ads in the closed section in the weeks before it closed.",
            "whole",
        )
    ]
    if found.weekly:
        weekly = [(week, visible(site)[:LABEL], ads) for week, site, ads in found.weekly]
        svg = weekly_svg(weekly, visible(closed.place)[:LABEL], closed.date, width=WIDE)
        figures.append(
            Figure(
                "Their ads by week and site",
                Markup(svg),  # noqa: S704
                "Ads a week of the organizations of the closed section, by the site they stand on.",
                "whole",
            )
        )
    return Closing(
        title=f"{closed.place}, closed on {day(closed.date)}",
        figures=figures,
        caption="How sure this is",
        rows=_sureness(found),
        panel=[(site, first, last, f"{ads:,}") for site, first, last, ads in found.coverage],
        warnings=list(found.warnings),
    )


def _sureness(found: Displacement) -> list[tuple[str, str]]:
    return [
        (
            "Relinked",
            f"{found.relinked:,} organizations: {found.moved:,} in a new place, "
            f"{found.already_there:,} only where they had posted before",
        ),
        ("Not seen", f"{found.not_seen:,} organizations. Not seen does not mean stopped."),
        ("Unresolved", f"{found.unresolved:,} organizations"),
        *((f"Unresolved: {reason}", f"{number:,}") for reason, number in found.reasons),
        (
            "Single ads of the section",
            f"{found.lone_not_seen:,} not seen, {found.lone_unresolved:,} unresolved; nothing "
            "ties them to another ad, so they cannot be relinked",
        ),
        (
            "False-link rate",
            _share(found.false_link_rate, "of the relinked would be relinked by chance")
            + ", if their later ads were another poster's of like volume",
        ),
        (
            "Without a closing",
            _share(
                found.comparison_moved,
                "of the organizations active only elsewhere appeared in a new place, too",
            ),
        ),
        (
            "Repeated ads elsewhere",
            _share(found.spam_share, "word for word an earlier one after the closing")
            + "; "
            + _share(found.spam_share_before, "before"),
        ),
    ]


def _share(share: float | None, of_what: str) -> str:
    return f"{share:.1%} {of_what}" if share is not None else f"cannot be said ({of_what})"
