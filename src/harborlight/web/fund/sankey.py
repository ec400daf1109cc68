"""The chart of all money, from orders to services, as SVG: bands as wide as the amounts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from harborlight.places.svg import INK, escape
from harborlight.web.fund import chart
from harborlight.web.fund.beancount import amount

WIDTH, HEIGHT, BAR, GAP, LEFT = 960, 420, 14, 22, 250
COLORS = ("#2378c3", "#c05600", "#4d8055", "#8168b3", "#b51d09", "#00687d", "#6c6350", "#a23737")


def draw(flows: Sequence[tuple[str, str, int]], name: Callable[[str], str], title: str) -> str:
    """An SVG picture. The page shows the same as a table, so that nobody needs the picture."""
    if not flows:
        return ""
    columns: list[list[str]] = [[], [], []]
    for start, end, _cents in flows:
        for node, place in ((start, 1 if start == chart.SAFE_HARBOR else 0),
                            (end, 2 if end == chart.SERVICES else 1)):  # fmt: skip
            if node not in columns[place]:
                columns[place].append(node)
    size = {
        node: max(
            sum(c for start, _e, c in flows if start == node),
            sum(c for _s, end, c in flows if end == node),
        )
        for column in columns
        for node in column
    }
    most = max(sum(size[node] for node in column) for column in columns)
    longest = max(len(column) for column in columns)
    scale = (HEIGHT - GAP * (longest + 1)) / most
    at: dict[str, tuple[float, float]] = {}
    xs = (LEFT, WIDTH / 2 + 20, WIDTH - 230)
    for x, column in zip(xs, columns, strict=True):
        y = float(GAP)
        for node in column:
            at[node] = (x, y)
            y += size[node] * scale + GAP
    used_out, used_in = dict.fromkeys(size, 0.0), dict.fromkeys(size, 0.0)
    order = list(size)
    bands, bars = [], []
    for start, end, cents in flows:
        high = max(cents * scale, 0.5)
        (x0, y0), (x1, y1) = at[start], at[end]
        x0, y0, y1 = x0 + BAR, y0 + used_out[start], y1 + used_in[end]
        used_out[start] += cents * scale
        used_in[end] += cents * scale
        mid = (x0 + x1) / 2
        color = COLORS[order.index(start) % len(COLORS)]
        bands.append(
            f'<path d="M{x0:.1f} {y0:.1f}C{mid:.1f} {y0:.1f} {mid:.1f} {y1:.1f} {x1:.1f} {y1:.1f}'
            f"V{y1 + high:.1f}C{mid:.1f} {y1 + high:.1f} {mid:.1f} {y0 + high:.1f} {x0:.1f} "
            f'{y0 + high:.1f}Z" fill="{color}" fill-opacity=".4"/>'
        )
    for node, (x, y) in at.items():
        high = max(size[node] * scale, 1)
        first = x == LEFT
        anchor, tx = ("end", x - 6) if first else ("start", x + BAR + 6)
        bars.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{BAR}" height="{high:.1f}" fill="{INK}"/>'
        )
        bars.append(
            f'<text x="{tx:.1f}" y="{y + high / 2 - 1:.1f}" font-size="12" text-anchor="{anchor}" '
            f'fill="{INK}">{escape(name(node))}<tspan x="{tx:.1f}" dy="14">${amount(size[node])}'
            "</tspan></text>"
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" role="img" aria-label="{escape(title)}" '
        f'font-family="system-ui, sans-serif">{"".join(bands)}{"".join(bars)}</svg>'
    )
