"""Towns: from a name to a key, from a key to a position, and places named in free text.

A key is "Mankato, MN": the town's name and its state, or for the rest of the world its country code
("Edinburgh, GB"), written out where the code is also a state's ("London, Canada"). The towns are
those of GeoNames (CC BY 4.0): of the United States all of about 500 people or more, of the world
all of 30,000 or more. `tools/build_places.py` extracts them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from harborlight.places.reading import Cut, Reader

Floats = npt.NDArray[np.float64]

EARTH_KM = 6371.0088  # mean radius

#: A name without a state means its most populous town when that has this many times the people of
#: the next; a town outside the United States counts a quarter of its people (US first).
DOMINANT, ABROAD = 4.0, 0.25

#: People from which the name of a state or country, alone, means the town ("New York").
KNOWN_AS_STATE = 500_000

#: Names in use that are not the towns' own.
ALIASES = {
    "d c": "Washington, DC",
    "dc": "Washington, DC",
    "indy": "Indianapolis, IN",
    "mpls": "Minneapolis, MN",
    "new york city": "New York, NY",
    "nola": "New Orleans, LA",
    "ny city": "New York, NY",
    "nyc": "New York, NY",
    "philly": "Philadelphia, PA",
    "san fran": "San Francisco, CA",
    "vegas": "Las Vegas, NV",
    "washington d c": "Washington, DC",
    "washington dc": "Washington, DC",
}

ABBREVIATED = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount", "pt": "point"}
_STATES_OTHERWISE = {
    "calif": "CA", "colo": "CO", "conn": "CT", "fla": "FL", "ill": "IL", "mass": "MA",
    "mich": "MI", "minn": "MN", "miss": "MS", "penn": "PA", "tenn": "TN", "tex": "TX",
    "wash": "WA", "wis": "WI", "wisc": "WI",
}  # fmt: skip
_COUNTRIES_OTHERWISE = {
    "england": "GB", "great britain": "GB", "scotland": "GB", "uk": "GB", "wales": "GB",
    "northern ireland": "GB", "republic of ireland": "IE", "eire": "IE", "the netherlands": "NL",
}  # fmt: skip
_AMERICA = frozenset({"us", "usa", "united states", "united states of america", "america"})
#: Words around a town in a place column that do not change which town it is.
_AROUND = frozenset(
    {"area", "city", "downtown", "greater", "in", "metro", "near", "of", "region", "the", "town"}
)

_WORD = re.compile(r"[^\W_]+")


class Town(NamedTuple):
    """A town: its key, name, state or country, position (WGS 84 degrees) and people."""

    key: str
    name: str
    region: str
    lat: float
    lon: float
    population: int
    ordinary: bool  # the name is also ordinary words or a person's
    american: bool


def plain_words(text: str) -> list[str]:
    """The words of a name as they are compared: lower case, no accents, St. and Ft. in full."""
    text = text.lower()
    if not text.isascii():
        bare = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in bare if not unicodedata.combining(c))
    return [ABBREVIATED.get(w, w) for w in _WORD.findall(text)]


class Gazetteer:
    """Towns by name and by position. Build it once: use :func:`gazetteer`."""

    def __init__(self, towns: Iterable[Town], regions: dict[str, str]) -> None:
        """Hold `towns`; `regions` maps a region as written ("minnesota", "mn") to its code."""
        self._towns = {town.key: town for town in towns}
        self._regions = regions
        self._named: dict[tuple[str, ...], list[Town]] = {}
        for town in self._towns.values():
            self._named.setdefault(tuple(plain_words(town.name)), []).append(town)
        for alias, key in ALIASES.items():
            if key in self._towns:
                self._named[tuple(alias.split())] = [self._towns[key]]

    def __len__(self) -> int:
        return len(self._towns)

    def __contains__(self, key: str) -> bool:
        return key in self._towns

    def town(self, key: str) -> Town:
        """The town of a key. KeyError when there is none."""
        return self._towns[key]

    def largest_first(self) -> Sequence[Town]:
        """All towns, the most populous first."""
        return self._by_population

    @cached_property
    def _by_population(self) -> list[Town]:
        return sorted(self._towns.values(), key=lambda town: (-town.population, town.key))

    def locate(self, key: str) -> tuple[float, float]:
        """Latitude and longitude of a key, degrees. KeyError when there is no such town."""
        town = self._towns[key]
        return town.lat, town.lon

    def distance_km(self, a: str, b: str) -> float:
        """Great-circle kilometers between two keys."""
        return float(great_circle_km(*self.locate(a), *self.locate(b)))

    # --- names -----------------------------------------------------------------------------------

    def resolve(self, text: str) -> str | None:
        """The key of a place column, or None when it names no town or one of several.

        "Mankato", "mankato minnesota", "Saint Peter, MN 56082, USA", "NYC", "Greater Boston area";
        of several towns ("Minneapolis / St. Paul") the first. A name without a state is the most
        populous of its towns when that is clearly dominant.
        """
        for part in re.split(r"\s*[/;|&+]\s*|\s+-\s+|\s+and\s+", text.strip(), flags=re.IGNORECASE):
            found = self._resolve_one(part)
            if found is not None:
                return found
        return None

    def _resolve_one(self, text: str) -> str | None:
        words = [w for w in plain_words(text) if not (w.isdigit() and len(w) in (4, 5))]
        for _ in range(2):  # the state may be followed by the country
            for n in (4, 3, 2, 1):
                if n < len(words) and " ".join(words[-n:]) in _AMERICA:
                    words = words[:-n]
        for name in (words, _strip_around(words)):
            for n in (0, 1, 2, 3):  # words of the region
                if n >= len(name):
                    break
                region = self._regions.get(" ".join(name[len(name) - n :])) if n else None
                if n and region is None:
                    continue
                towns = self._named.get(tuple(name[: len(name) - n]))
                key = self.choose(towns, region) if towns else None
                if key is None or (
                    n == 0
                    and " ".join(name) in self._regions  # "Delaware" is the state
                    and self._towns[key].population < KNOWN_AS_STATE
                ):
                    continue
                return key
        return None

    def towns_named(self, words: tuple[str, ...]) -> Sequence[Town]:
        """All towns of a name given as :func:`plain_words`, none if there is none."""
        return self._named.get(words, ())

    def names(self) -> Iterable[tuple[tuple[str, ...], Sequence[Town]]]:
        """Every name as :func:`plain_words`, and its towns."""
        return self._named.items()

    def region(self, written: str) -> str | None:
        """The state or country code of "mn", "minnesota", "scotland"; lower-case words."""
        return self._regions.get(written)

    def region_words(self) -> frozenset[str]:
        """The first words of every region as it may be written."""
        return frozenset(name.split()[0] for name in self._regions)

    def choose(self, towns: Sequence[Town], region: str | None = None) -> str | None:
        """Which of several towns of one name is meant: that of the region, or the dominant one."""
        if region is not None:
            return next((t.key for t in towns if t.region == region), None)
        if len(towns) < 2:
            return towns[0].key if towns else None
        ranked = sorted((-_weight(t), t.key) for t in towns)
        return ranked[0][1] if ranked[0][0] <= DOMINANT * ranked[1][0] else None

    def find_in(
        self,
        text: str,
        region: str | None = None,
        words: Cut | None = None,
    ) -> list[tuple[int, int, str]]:
        """Towns named in free text; see :meth:`harborlight.places.reading.Reader.find_in`."""
        return self._reader.find_in(text, region, words)

    def part(self, word: str) -> int:
        """See :meth:`harborlight.places.reading.Reader.part`."""
        return self._reader.part(word)

    def pair(self, first: str, second: str) -> bool:
        """See :meth:`harborlight.places.reading.Reader.pair`."""
        return self._reader.pair(first, second)

    @cached_property
    def _reader(self) -> Reader:
        from harborlight.places.reading import Reader  # it imports this module

        return Reader(self)

    # --- positions -------------------------------------------------------------------------------

    def nearest(self, lat: float, lon: float, within_km: float = 30.0) -> str | None:
        """The town a position belongs to, None when none is within `within_km`.

        Nearest to the town's edge, not its center, the town taken as a disc of 4,000 people to the
        square kilometer and at most 8 km across the radius: a street of Baltimore is Baltimore's
        and not that of the neighborhood listed beside it.
        """
        return self.nearest_many(np.array([lat]), np.array([lon]), within_km)[0]

    def nearest_many(self, lat: Floats, lon: Floats, within_km: float = 30.0) -> list[str | None]:
        """:meth:`nearest` for arrays of degrees; NaN and impossible positions give None."""
        lat, lon = np.asarray(lat, dtype=np.float64), np.asarray(lon, dtype=np.float64)
        good = np.isfinite(lat) & np.isfinite(lon) & (np.abs(lat) <= 90) & (np.abs(lon) <= 180)
        answer: list[str | None] = [None] * len(lat)
        rows = np.flatnonzero(good)
        if not len(rows):
            return answer
        keys, radius, all_tree, large, large_tree = self._trees
        points = _unit(lat[rows], lon[rows])
        all_chord, near = all_tree.query(points, k=min(24, len(keys)))
        large_chord, near_large = large_tree.query(points, k=min(4, len(large)))
        chord = np.column_stack([all_chord, large_chord])
        index = np.column_stack([near, large[near_large]])
        km = 2 * EARTH_KM * np.arcsin(np.minimum(chord / 2, 1))
        edge = np.where(km <= within_km, km - radius[index], np.inf)
        best = np.argmin(edge, axis=1)
        for row, b, i in zip(rows.tolist(), best.tolist(), range(len(rows)), strict=True):
            if np.isfinite(edge[i, b]):
                answer[row] = keys[int(index[i, b])]
        return answer

    @cached_property
    def _trees(self) -> tuple[list[str], Floats, Any, npt.NDArray[np.int64], Any]:
        from scipy.spatial import cKDTree  # a fifth of a second, and only positions need it

        towns = sorted(self._towns.values(), key=lambda t: t.key)
        points = _unit(np.array([t.lat for t in towns]), np.array([t.lon for t in towns]))
        people = np.array([float(t.population) for t in towns])
        large = np.flatnonzero(people >= min(100_000, people.max()))
        radius = np.minimum(np.sqrt(people / (np.pi * 4_000)), 8.0)
        return [t.key for t in towns], radius, cKDTree(points), large, cKDTree(points[large])


@cache
def gazetteer() -> Gazetteer:
    """The towns that Harborlight ships, read once."""
    data = files("harborlight.places") / "data"
    regions: dict[str, str] = {}
    states: set[str] = set()
    rows = [line.split("\t") for line in (data / "regions.tsv").read_text("utf-8").splitlines()]
    for code, name, kind in sorted(rows, key=lambda row: row[2]):  # countries, then states
        regions[" ".join(plain_words(name))] = code
        regions[" ".join(plain_words(code))] = code
        if kind == "state":
            states.add(code)
    regions.update(_COUNTRIES_OTHERWISE)
    regions.update(_STATES_OTHERWISE)
    towns = []
    for line in (data / "towns.tsv").read_text("utf-8").splitlines():
        name, region, lat, lon, people, ordinary = line.split("\t")
        towns.append(
            Town(
                key=f"{name}, {region}",
                name=name,
                region=region,
                lat=float(lat),
                lon=float(lon),
                population=int(people),
                ordinary=ordinary == "w",
                american=region in states,
            )
        )
    return Gazetteer(towns, regions)


def great_circle_km(lat_a: Any, lon_a: Any, lat_b: Any, lon_b: Any) -> Any:
    """Kilometers between positions in degrees, by haversine; scalars or arrays."""
    a, b = np.radians(lat_a), np.radians(lat_b)
    half = (b - a) / 2, (np.radians(lon_b) - np.radians(lon_a)) / 2
    h = np.sin(half[0]) ** 2 + np.cos(a) * np.cos(b) * np.sin(half[1]) ** 2
    return 2 * EARTH_KM * np.arcsin(np.minimum(np.sqrt(h), 1.0))


def _unit(lat: Floats, lon: Floats) -> Floats:
    a, b = np.radians(lat), np.radians(lon)
    return np.column_stack([np.cos(a) * np.cos(b), np.cos(a) * np.sin(b), np.sin(a)])


def _weight(town: Town) -> float:
    return town.population * (1.0 if town.american else ABROAD)


def _strip_around(words: list[str]) -> list[str]:
    first, last = 0, len(words)
    while first < last and words[first] in _AROUND:
        first += 1
    while last > first and words[last - 1] in _AROUND:
        last -= 1
    return words[first:last]
