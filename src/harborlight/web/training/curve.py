"""The curve of what stays known, as SVG. The page shows the same as a table beside it."""

from __future__ import annotations

from collections.abc import Sequence

from harborlight.places.svg import ACCENT, GRID, INK, escape
from harborlight.web.training.scores import Point

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 260, 48, 20, 16, 40


def draw(points: Sequence[Point], title: str, days: str) -> str:
    """A picture of the shares by days after passing. `days` is the word under the axis."""
    shown = [each for each in points if each.share is not None]
    if not shown:
        return ""
    most = max(each.days for each in points) or 1

    def x(day: int) -> float:
        return LEFT + day / most * (WIDTH - LEFT - RIGHT)

    def y(share: float) -> float:
        return TOP + (1 - share) * (HEIGHT - TOP - BOTTOM)

    parts = []
    for percent in range(0, 101, 25):
        at = y(percent / 100)
        parts.append(
            f'<path d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}" stroke="{GRID}"/>'
            f'<text x="{LEFT - 8}" y="{at + 4:.1f}" font-size="12" text-anchor="end" '
            f'fill="{INK}">{percent}%</text>'
        )
    for each in points:
        parts.append(
            f'<text x="{x(each.days):.1f}" y="{HEIGHT - 20}" font-size="12" text-anchor="middle" '
            f'fill="{INK}">{each.days}</text>'
        )
    line = " ".join(f"{x(each.days):.1f},{y(each.share or 0):.1f}" for each in shown)
    parts.append(f'<polyline points="{line}" fill="none" stroke="{ACCENT}" stroke-width="3"/>')
    parts += [
        f'<circle cx="{x(each.days):.1f}" cy="{y(each.share or 0):.1f}" r="5" fill="{ACCENT}"/>'
        for each in shown
    ]
    parts.append(
        f'<text x="{WIDTH / 2:.0f}" y="{HEIGHT - 4}" font-size="12" text-anchor="middle" '
        f'fill="{INK}">{escape(days)}</text>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" class="tr-chart" role="img" aria-label="{escape(title)}" '
        f'font-family="system-ui, sans-serif">{"".join(parts)}</svg>'
    )
