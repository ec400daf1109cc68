"""The ground of a map: land and borders in view, or a graticule where none are held."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from harborlight.places.outlines import outlines
from harborlight.places.projection import View
from harborlight.places.svg import COUNTY, GRID, LAND, QUIET, STATE, path, text

Floats = npt.NDArray[np.float64]

#: Ground across, in kilometers, up to which counties are drawn.
_COUNTIES_UP_TO = 1_100.0


def ground(view: View) -> tuple[str, bool]:
    """Land, counties and states in view; a graticule where there is no land to draw."""
    borders = outlines()
    x, y = view.pixels(borders.lat, borders.lon)
    first, after = borders.starts[:-1], borders.starts[1:]
    left, right = np.minimum.reduceat(x, first), np.maximum.reduceat(x, first)
    high, low = np.minimum.reduceat(y, first), np.maximum.reduceat(y, first)
    # A line whose ends fall on both sides of the far meridian would cross the whole drawing.
    whole = right - left < 3_000 * view.scale
    specks = np.hypot(right - left, low - high) < 1.5
    visible = ~specks & (right > 0) & (left < view.width) & (low > 0) & (high < view.height) & whole

    def line(n: int) -> list[tuple[float, float]]:
        a, b = int(first[n]), int(after[n])
        return _simplified(list(zip(x[a:b].tolist(), y[a:b].tolist(), strict=True)))

    land = []
    for state in borders.states:
        for ring in state.rings:
            numbers = np.array([n if n >= 0 else -n - 1 for n in ring])
            if (
                left[numbers].min() < view.width
                and right[numbers].max() > 0
                and high[numbers].min() < view.height
                and low[numbers].max() > 0
                and whole[numbers].all()
            ):
                border: list[tuple[float, float]] = []
                for n in ring:
                    border += line(n) if n >= 0 else line(-n - 1)[::-1]
                clipped = _clipped(border, -4, -4, view.width + 4, view.height + 4)
                if len(clipped) > 2 and _large(clipped):
                    land.append(path(clipped) + "Z")
    if not land:
        return _graticule(view), False
    parts = [f'<path d="{"".join(land)}" fill="{LAND}" fill-rule="evenodd"/>']
    counties = view.width / view.scale <= _COUNTIES_UP_TO
    for of_states, color, thick in ((False, COUNTY, 0.7), (True, STATE, 1.1)):
        if not of_states and not counties:
            continue
        numbers = np.flatnonzero(visible & (borders.of_states == of_states))
        drawn = "".join(
            path(run) for n in numbers.tolist() for run in _within(line(n), view.width, view.height)
        )
        parts.append(
            f'<path d="{drawn}" fill="none" stroke="{color}" stroke-width="{thick}" '
            'stroke-linejoin="round"/>'
        )
    return "".join(parts), True


def _simplified(line: list[tuple[float, float]], off: float = 0.5) -> list[tuple[float, float]]:
    """Douglas and Peucker's simplification: no point strays more than `off` pixels."""
    keep = [True] + [False] * (len(line) - 2) + [True] if len(line) > 2 else [True] * len(line)
    stack = [(0, len(line) - 1)] if len(line) > 2 else []
    while stack:
        a, b = stack.pop()
        (ax, ay), (bx, by) = line[a], line[b]
        dx, dy = bx - ax, by - ay
        length = math.hypot(dx, dy)
        worst, at = off, 0
        for i in range(a + 1, b):
            px, py = line[i][0] - ax, line[i][1] - ay
            far = abs(dx * py - dy * px) / length if length else math.hypot(px, py)
            if far > worst:
                worst, at = far, i
        if at:
            keep[at] = True
            stack += [(a, at), (at, b)]
    return [point for point, kept in zip(line, keep, strict=True) if kept]


def _large(ring: list[tuple[float, float]], least: float = 1.5) -> bool:
    """Whether a ring is more than a speck, in pixels across."""
    xs, ys = [p[0] for p in ring], [p[1] for p in ring]
    return max(xs) - min(xs) > least and max(ys) - min(ys) > least


def _within(
    line: list[tuple[float, float]], width: float, height: float
) -> list[list[tuple[float, float]]]:
    """The runs of a line whose pieces touch the drawing."""
    runs: list[list[tuple[float, float]]] = []
    open_run = False
    for a, b in pairwise(line):
        touches = (
            max(a[0], b[0]) >= 0
            and min(a[0], b[0]) <= width
            and max(a[1], b[1]) >= 0
            and min(a[1], b[1]) <= height
        )
        if touches and open_run:
            runs[-1].append(b)
        elif touches:
            runs.append([a, b])
        open_run = touches
    return runs


def _clipped(
    ring: list[tuple[float, float]], left: float, top: float, right: float, bottom: float
) -> list[tuple[float, float]]:
    """Sutherland and Hodgman's clipping of a polygon to a rectangle."""
    for axis, limit, sign in ((0, left, 1), (0, right, -1), (1, top, 1), (1, bottom, -1)):
        result: list[tuple[float, float]] = []
        for i, here in enumerate(ring):
            before = ring[i - 1]
            a, b = sign * (before[axis] - limit), sign * (here[axis] - limit)
            if (a >= 0) != (b >= 0):
                t = a / (a - b)
                result.append(
                    (before[0] + t * (here[0] - before[0]), before[1] + t * (here[1] - before[1]))
                )
            if b >= 0:
                result.append(here)
        ring = result
    return ring


def _graticule(view: View) -> str:
    """Lines of latitude and longitude with their degrees."""
    across = view.width / view.scale / 111.2
    step = next((s for s in (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20) if across / s <= 7), 30.0)
    middle = view.projection
    reach_lat = view.height / view.scale / 111.2
    reach_lon = min(across / max(math.cos(math.radians(middle.lat0)), 0.05), 180.0)
    lats = _steps(middle.lat0, reach_lat, step)
    lats = lats[np.abs(lats) < 90]
    step_lon = step if reach_lon / step <= 12 else step * 2
    lons = _steps(middle.lon0, reach_lon, step_lon)
    places = len(f"{step:g}".partition(".")[2])
    paths, words = [], []
    along_lon = np.linspace(lons[0], lons[-1], 40)
    for lat in lats.tolist():
        x, y = view.pixels(np.full(40, lat), along_lon)
        paths.append(path(zip(x.tolist(), y.tolist(), strict=True)))
        at = float(np.interp(0, x, y))
        if 16 < at < view.height - 24:
            name = f"{abs(lat):.{places}f}° {'N' if lat >= 0 else 'S'}"
            words.append(text(name, 6, at - 3, 9.5, QUIET))
    along_lat = np.linspace(lats[0], lats[-1], 40)
    for lon in lons.tolist():
        x, y = view.pixels(along_lat, np.full(40, lon))
        paths.append(path(zip(x.tolist(), y.tolist(), strict=True)))
        at = float(np.interp(0, y[::-1], x[::-1]))
        if 30 < at < view.width - 40:
            degrees = (lon + 180) % 360 - 180
            name = f"{abs(degrees):.{places}f}° {'E' if degrees >= 0 else 'W'}"
            words.append(text(name, at + 3, 12, 9.5, QUIET))
    return (
        f'<svg width="{view.width:g}" height="{view.height:g}" overflow="hidden">'
        f'<path d="{"".join(paths)}" fill="none" stroke="{GRID}"/>{"".join(words)}</svg>'
    )


def _steps(middle: float, reach: float, step: float) -> Floats:
    low, high = math.floor((middle - reach) / step), math.ceil((middle + reach) / step)
    return np.array([n * step for n in range(low, high + 1)], dtype=np.float64)
