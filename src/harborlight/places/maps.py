"""Maps as SVG, drawn here: no tiles, no script, nothing fetched, the same bytes every time.

The view is fitted to what is shown. In the United States the borders of states and counties are
drawn; elsewhere a graticule stands in for them. Colors hold in gray and for color-blind readers:
what differs in kind differs in lightness too.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from harborlight.places.gazetteer import Gazetteer, Town, gazetteer
from harborlight.places.ground import ground
from harborlight.places.labels import Box, Placer, text_width
from harborlight.places.projection import View, fit
from harborlight.places.svg import (
    ACCENT,
    INK,
    PAPER,
    QUIET,
    STATE,
    drawing,
    escape,
    number,
    path,
    text,
)

Floats = npt.NDArray[np.float64]

_COLOR = re.compile(r"#[0-9a-fA-F]{3,8}|[a-zA-Z]{3,20}")

At = str | tuple[float, float]


@dataclass(frozen=True)
class MapPoint:
    """A dot: `at` is a key of the gazetteer or (latitude, longitude) in degrees."""

    at: At
    label: str = ""  # "" writes the town's name
    weight: float = 1.0  # the dot's area goes with it
    color: str = ACCENT


@dataclass(frozen=True)
class MapLine:
    """An arrow from one place to another; `weight` goes into its thickness."""

    start: At
    end: At
    weight: float = 1.0
    label: str = ""
    color: str = INK


def map_svg(
    points: Sequence[MapPoint],
    lines: Sequence[MapLine] = (),
    width: int = 720,
    title: str = "Map of towns",
    description: str | None = None,
    landmarks: int = 5,
) -> str:
    """Draw points and arrows on a map that fits them.

    `title` and `description` are read by screen readers; without a description one is made of the
    points and arrows. `landmarks` is how many larger towns nearby are named for orientation.
    KeyError for a place the gazetteer does not know, ValueError for no place at all, a position
    that is none, or a color that is none.
    """
    towns = gazetteer()
    for color in [p.color for p in points] + [line.color for line in lines]:
        if not _COLOR.fullmatch(color):
            raise ValueError(f"not a color: {color!r}")
    spots = [_position(p.at, towns) for p in points]
    ends = [(_position(n.start, towns), _position(n.end, towns)) for n in lines]
    shown = np.array(spots + [spot for pair in ends for spot in pair], dtype=np.float64)
    if not len(shown):
        raise ValueError("a map needs at least one place")
    view = fit(shown[:, 0], shown[:, 1], width)
    if description is None:
        description = _in_words(points, lines)

    land, any_land = ground(view)
    radius = _radii(points, width)
    placer = Placer(Box(4, 4, view.width - 4, view.height - 20))
    xy = _project(view, spots)
    for (x, y), r in zip(xy, radius, strict=True):
        placer.block(x, y, r)
    arrows = _arrows(view, lines, ends, dict(zip(spots, radius, strict=True)), placer)
    dots, names = _dots(points, xy, radius, placer)
    beside = _landmarks(view, points, landmarks, placer) if any_land else ""
    inside = (
        f'<rect width="{width}" height="{view.height:g}" fill="{PAPER}"/>'
        f"{land}{beside}{arrows}{dots}{names}{_scale_bar(view)}{_credit(view, any_land)}"
        f'<rect x=".5" y=".5" width="{width - 1}" height="{view.height - 1:g}" fill="none" '
        f'stroke="{STATE}"/>'
    )
    return drawing(width, view.height, title, description, inside)


def _position(at: At, towns: Gazetteer) -> tuple[float, float]:
    lat, lon = towns.locate(at) if isinstance(at, str) else at
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        raise ValueError(f"not a position in degrees: {at}")
    return float(lat), float(lon)


def _name(at: At, label: str) -> str:
    if label or not isinstance(at, str):
        return label
    return at.rsplit(",", 1)[0]


def _in_words(points: Sequence[MapPoint], lines: Sequence[MapLine]) -> str:
    def where(at: At) -> str:
        return at if isinstance(at, str) else f"{at[0]:.2f}, {at[1]:.2f}"

    said = [f"Towns: {'; '.join(f'{where(p.at)} ({p.weight:g})' for p in points)}."]
    if lines:
        moves = (
            f"{where(n.start)} to {where(n.end)} ({n.label or f'{n.weight:g}'})" for n in lines
        )
        said.append(f"Arrows: {'; '.join(moves)}.")
    return " ".join(said)


def _project(view: View, spots: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    if not spots:
        return []
    at = np.array(spots)
    x, y = view.pixels(at[:, 0], at[:, 1])
    return list(zip(x.tolist(), y.tolist(), strict=True))


# --- dots, arrows, names -------------------------------------------------------------------------


def _radii(points: Sequence[MapPoint], width: float) -> list[float]:
    most = max((p.weight for p in points), default=1.0) or 1.0
    largest = 9.0 + width / 180
    return [max(3.5, largest * math.sqrt(max(p.weight, 0) / most)) for p in points]


def _dots(
    points: Sequence[MapPoint],
    xy: Sequence[tuple[float, float]],
    radius: Sequence[float],
    placer: Placer,
) -> tuple[str, str]:
    """The dots, largest first so that no small one is hidden, and their names."""
    order = sorted(
        range(len(points)), key=lambda i: (-radius[i], _name(points[i].at, points[i].label), i)
    )
    dots, names = [], []
    for i in order:
        (x, y), r, point = xy[i], radius[i], points[i]
        name = _name(point.at, point.label)
        told = name or f"{x:.0f}, {y:.0f}"
        dots.append(
            f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(r)}" fill="{point.color}" '
            f'stroke="#fff" stroke-width="1.4">'
            f"<title>{escape(told)}: {point.weight:g}</title></circle>"
        )
        if not name:
            continue
        label = placer.place(name, x, y, r, 13)
        if label is None:
            continue
        if label.far:
            names.append(
                f'<path d="{path([(x, y), (label.x, label.baseline - 4)])}" '
                f'stroke="{QUIET}" stroke-width=".8"/>'
            )
        names.append(text(name, label.x, label.baseline, 13, INK, label.anchor, weight=600))
    return "".join(dots), "".join(names)


def _arrows(
    view: View,
    lines: Sequence[MapLine],
    ends: Sequence[tuple[tuple[float, float], tuple[float, float]]],
    radius: dict[tuple[float, float], float],
    placer: Placer,
) -> str:
    """Bent arrows, so that there and back are two; none for a line of no length."""
    most = max((n.weight for n in lines), default=1.0) or 1.0
    drawn, labels = [], []
    for line, (start, end) in sorted(
        zip(lines, ends, strict=True), key=lambda pair: (-pair[0].weight, pair[1], pair[0].label)
    ):
        (ax, ay), (bx, by) = _project(view, [start, end])
        length = math.hypot(bx - ax, by - ay)
        if length < 4:
            continue
        ux, uy = (bx - ax) / length, (by - ay) / length
        bend = 0.16 * length
        cx, cy = (ax + bx) / 2 + uy * bend, (ay + by) / 2 - ux * bend
        thick = 1.2 + 3.2 * math.sqrt(max(line.weight, 0) / most)
        head = 5.0 + 2.2 * thick
        sx, sy = cx - ax, cy - ay
        s = math.hypot(sx, sy)
        leave = min(radius.get(start, 0.0), length / 3)
        ax, ay = ax + sx / s * leave, ay + sy / s * leave
        # Come in along the curve's own tangent and stop at the rim of the dot.
        tx, ty = bx - cx, by - cy
        t = math.hypot(tx, ty)
        tx, ty = tx / t, ty / t
        gap = min(radius.get(end, 0.0) + 2, length / 3)
        px, py = bx - tx * gap, by - ty * gap
        head = min(head, length / 2)
        qx, qy = px - tx * head, py - ty * head
        half = head * 0.42
        arrowhead = [(px, py), (qx - ty * half, qy + tx * half), (qx + ty * half, qy - tx * half)]
        drawn.append(
            f'<path d="M{number(ax)} {number(ay)}Q{number(cx)} {number(cy)} '
            f'{number(qx)} {number(qy)}" fill="none" '
            f'stroke="{line.color}" stroke-width="{number(thick)}" stroke-opacity=".6"/>'
            f'<path d="{path(arrowhead)}Z" fill="{line.color}"/>'
        )
        placer.block((px + qx) / 2, (py + qy) / 2, head / 2)  # names keep off head and curve
        for i in range(1, 16):
            t, u = i / 16, 1 - i / 16
            x, y = (
                u * u * ax + 2 * u * t * cx + t * t * qx,
                u * u * ay + 2 * u * t * cy + t * t * qy,
            )
            placer.block(x, y, thick / 2 + 1)
        if line.label:
            labels.append((line.label, (ax + 2 * cx + qx) / 4, (ay + 2 * cy + qy) / 4, thick))
    words = []
    for said, x, y, thick in labels:
        label = placer.place(said, x, y, thick + 5, 10.5, far=False)
        if label is not None:
            words.append(text(said, label.x, label.baseline, 10.5, INK, label.anchor))
    return "".join(drawn) + "".join(words)


@cache
def _american() -> tuple[list[Town], Floats, Floats]:
    """The towns of the United States, the most populous first, and their positions."""
    towns = [town for town in gazetteer().largest_first() if town.american]
    return towns, np.array([t.lat for t in towns]), np.array([t.lon for t in towns])


def _landmarks(view: View, points: Sequence[MapPoint], most: int, placer: Placer) -> str:
    """Larger towns in view that are not points, small and gray, for orientation."""
    ours = {p.at for p in points if isinstance(p.at, str)}
    american, lat, lon = _american()
    xs, ys = view.pixels(lat, lon)
    inside = (xs > 8) & (xs < view.width - 8) & (ys > 8) & (ys < view.height - 24)
    parts: list[str] = []
    for i in np.flatnonzero(inside).tolist():
        town, x, y = american[i], float(xs[i]), float(ys[i])
        if len(parts) >= most:
            break
        if town.key in ours:
            continue
        dot = Box(x - 26, y - 12, x + 26, y + 12)
        if any(dot.overlaps(box) for box in placer.taken):
            continue
        label = placer.place(town.name, x, y, 1.5, 10.5, far=False)
        if label is not None:
            placer.block(x, y, 3)
            parts.append(
                f'<circle cx="{number(x)}" cy="{number(y)}" r="1.8" fill="{QUIET}"/>'
                + text(town.name, label.x, label.baseline, 10.5, QUIET, label.anchor)
            )
    return "".join(parts)


def _scale_bar(view: View) -> str:
    most = 0.22 * view.width / view.scale
    km = max(
        (s * 10**e for e in range(-1, 5) for s in (1, 2, 5) if s * 10**e <= most), default=most
    )
    long = km * view.scale
    x, y = 12.0, view.height - 12.0
    words = f"{km:g} km ({km / 1.609344:.3g} mi)"
    return (
        f'<path d="{path([(x, y - 4), (x, y), (x + long, y), (x + long, y - 4)])}" fill="none" '
        f'stroke="{INK}" stroke-width="1.2"/>' + text(words, x + long + 6, y, 10.5, INK)
    )


def _credit(view: View, any_land: bool) -> str:
    words = "Towns: GeoNames, CC BY 4.0" + (". Borders: US Census Bureau" if any_land else "")
    if text_width(words, 9) > 0.55 * view.width:
        words = "GeoNames, CC BY 4.0"
    return text(words, view.width - 10, view.height - 12, 9, QUIET, "end")
