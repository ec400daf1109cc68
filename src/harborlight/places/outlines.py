"""Borders of the states and counties of the United States, for maps.

From us-atlas (ISC), made of the US Census Bureau's cartographic boundary files of 2017 (public
domain). A border that two counties share is one line, held once; `tools/build_places.py` extracts
them and describes the file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Ring = list[int]  # line numbers end to end; -n - 1 is line n backwards


@dataclass(frozen=True)
class Region:
    """A state or county: FIPS code (2 or 5 digits), name, and rings of border lines."""

    fips: str
    name: str
    rings: list[Ring]


@dataclass(frozen=True)
class Outlines:
    """All border lines end to end, WGS 84 degrees: line i is [starts[i], starts[i + 1])."""

    lon: Floats
    lat: Floats
    starts: Ints
    states: list[Region]
    counties: list[Region]
    of_states: npt.NDArray[np.bool_]  # which lines bound a state


@cache
def outlines() -> Outlines:
    """The borders that Harborlight ships, read once."""
    raw = json.loads((files("harborlight.places") / "data" / "outlines.json").read_text("utf-8"))
    lengths = np.array([len(line) // 2 for line in raw["lines"]], dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    steps = np.array([n for line in raw["lines"] for n in line], dtype=np.int64).reshape(-1, 2)
    walked = np.cumsum(steps, axis=0)
    before = walked[starts[:-1]] - steps[starts[:-1]]  # each line starts anew
    walked -= np.repeat(before, lengths, axis=0)
    degrees = walked * np.array(raw["scale"]) + np.array(raw["offset"])
    states, counties = (
        [
            Region(fips, name, [r for poly in polygons for r in poly])
            for fips, name, polygons in raw[k]
        ]
        for k in ("states", "counties")
    )
    of_states = np.zeros(len(lengths), dtype=np.bool_)
    of_states[[n if n >= 0 else -n - 1 for s in states for ring in s.rings for n in ring]] = True
    return Outlines(degrees[:, 0], degrees[:, 1], starts, states, counties, of_states)
