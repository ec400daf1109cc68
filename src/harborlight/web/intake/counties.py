"""The counties that the form offers."""

from __future__ import annotations

from functools import cache

from harborlight.places.gazetteer import gazetteer
from harborlight.places.outlines import outlines


@cache
def counties(state: str) -> tuple[str, ...]:
    """The names of a state's counties in order; `state` is two letters."""
    towns = gazetteer()
    borders = outlines()
    fips = {each.fips for each in borders.states if towns.region(each.name.lower()) == state}
    return tuple(sorted({each.name for each in borders.counties if each.fips[:2] in fips}))
