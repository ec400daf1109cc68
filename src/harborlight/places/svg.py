"""The few pieces of SVG that the maps are written with."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

INK, ACCENT, QUIET = "#22303a", "#0b5c8a", "#7d8388"
PAPER, LAND, COUNTY, STATE, GRID = "#eef2f4", "#fcfbf8", "#dcd6c8", "#aaa294", "#d3dade"
FONT = "system-ui, 'Segoe UI', Helvetica, Arial, sans-serif"


#: What XML cannot hold even escaped: control characters, lone surrogates, two that are none.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def escape(words: str) -> str:
    """Words as they stand in XML; a character that it cannot hold becomes a replacement mark."""
    return html.escape(_NOT_XML.sub("\ufffd", words))


def path(line: Iterable[tuple[float, float]]) -> str:
    """A path in steps of a tenth of a pixel, each from the last, which is half the bytes."""
    tenths = [(round(x * 10), round(y * 10)) for x, y in line]
    (x, y), steps = tenths[0], []
    for to_x, to_y in tenths[1:]:
        if (to_x, to_y) != (x, y):
            steps.append(f"{number((to_x - x) / 10)} {number((to_y - y) / 10)}")
            x, y = to_x, to_y
    start = f"M{number(tenths[0][0] / 10)} {number(tenths[0][1] / 10)}"
    return (start + "l" + " ".join(steps).replace(" -", "-")) if steps else ""


def number(value: float) -> str:
    """A coordinate to a tenth of a pixel, as short as it can be written."""
    written = f"{value:.1f}".removesuffix(".0")
    if written.startswith(("0.", "-0.")):
        written = written.replace("0.", ".", 1)
    return "0" if written == "-0" else written


def text(
    words: str,
    x: float,
    y: float,
    size: float,
    color: str,
    anchor: str = "start",
    weight: int = 400,
    halo: bool = True,
) -> str:
    """Text, on a halo where it stands on a map; in two elements, as not all know paint-order."""
    at = f'x="{number(x)}" y="{number(y)}" font-size="{size:g}" text-anchor="{anchor}"'
    at += f' font-weight="{weight}"' if weight != 400 else ""
    said = escape(words)
    under = (
        f'<text {at} fill="none" stroke="{LAND}" stroke-opacity=".85" stroke-width="3" '
        f'stroke-linejoin="round" aria-hidden="true">{said}</text>'
    )
    return (under if halo else "") + f'<text {at} fill="{color}">{said}</text>'


def drawing(width: float, height: float, title: str, description: str, inside: str) -> str:
    """A whole drawing that says to screen readers what it is and shows."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" role="img" aria-label="{escape(title)}" '
        f'font-family="{escape(FONT)}"><title>{escape(title)}</title>'
        f"<desc>{escape(description)}</desc>{inside}</svg>"
    )
