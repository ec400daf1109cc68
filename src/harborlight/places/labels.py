"""Where to write names on a drawing so that none covers another."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

#: Widths in ems of common sans-serif letters, near enough to keep labels apart.
_NARROW, _WIDE = frozenset("fijlrtI.,:;'|!()[] -"), frozenset("mwMW@%")


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels, y down."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(frozen=True)
class Label:
    """A placed label: its anchor point and how the text runs from it."""

    x: float
    baseline: float
    anchor: str  # SVG text-anchor: start, middle, end
    far: bool  # it stands off its dot and wants a thin line to it
    box: Box


@dataclass
class Placer:
    """Places labels one by one, the most important first, inside `frame`."""

    frame: Box
    taken: list[Box] = field(default_factory=list)

    def block(self, x: float, y: float, radius: float) -> None:
        """Keep labels off a dot."""
        self.taken.append(Box(x - radius, y - radius, x + radius, y + radius))

    def place(
        self, text: str, x: float, y: float, radius: float, size: float, far: bool = True
    ) -> Label | None:
        """Find room for `text` of `size` pixels by the dot at (x, y); None if there is none."""
        wide = text_width(text, size)
        for ring in (0, 1, 2, 3) if far else (0,):
            off = radius + 4 + ring * size * 1.15
            for dx, dy in _AROUND if ring == 0 else _AROUND_FAR:
                label = _label(x + dx * off, y + dy * off, dx, wide, size, ring > 0)
                inside = (
                    label.box.left >= self.frame.left
                    and label.box.right <= self.frame.right
                    and label.box.top >= self.frame.top
                    and label.box.bottom <= self.frame.bottom
                )
                if inside and not any(label.box.overlaps(box) for box in self.taken):
                    self.taken.append(label.box)
                    return label
        return None


def text_width(text: str, size: float) -> float:
    """About how many pixels `text` takes in a sans-serif of `size` pixels."""
    return size * sum(_em(c) for c in text)


def _em(c: str) -> float:
    if c in _NARROW:
        return 0.32
    if c in _WIDE:
        return 0.86
    if ord(c) > 0x2E80:  # full-width scripts
        return 1.0
    return 0.68 if c.isupper() else 0.56


def _label(x: float, y: float, dx: float, wide: float, size: float, far: bool) -> Label:
    anchor = "start" if dx > 0.3 else "end" if dx < -0.3 else "middle"
    left = x if anchor == "start" else x - wide if anchor == "end" else x - wide / 2
    box = Box(left - 2, y - size * 0.62, left + wide + 2, y + size * 0.62)
    return Label(x, y + size * 0.35, anchor, far, box)


_D = math.sqrt(0.5)
#: Right, left, above, below, then the corners.
_AROUND = [(1, 0), (-1, 0), (0, -1.25), (0, 1.25), (_D, -_D), (_D, _D), (-_D, -_D), (-_D, _D)]
_AROUND_FAR = [
    (math.cos(math.radians(a)), math.sin(math.radians(a)))
    for a in (-30, 30, -150, 150, -90, 90, 0, 180)
]
