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
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

EARTH_KM = 6371.0088  # mean radius

#: A name without a state means its most populous town when that has this many times the people of
#: the next; a town outside the United States counts a quarter of its people (US first).
DOMINANT, ABROAD = 4.0, 0.25

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
#: Aliases that are safe only where a place is expected, not in free text.
_ONLY_IN_COLUMNS = frozenset({"d c", "dc", "indy"})

_ABBREVIATED = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount", "pt": "point"}
#: State abbreviations that are also words, kept to capitals in free text.
_WORDLIKE = frozenset("al co de hi id in la ma me mo ms oh ok or pa".split())
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
_AROUND = frozenset("area city downtown greater metro near of region the town".split())

#: Words before a name in free text that say that it is a place.
_BEFORE = frozenset(
    "around at cerca de desde en from in leaving near outside serving to visiting".split()
)
#: A town named in free text without state or preposition counts from this many people.
_KNOWN_WORD, _KNOWN_PHRASE, _KNOWN_ORDINARY, _KNOWN_ABROAD = 10_000, 5_000, 50_000, 200_000

_WORD = re.compile(r"[^\W_]+")
_GAP = re.compile(r"[ .’'\-]{1,3}")  # between the words of one name
_STATE_GAP = re.compile(r"[ ,.(\t]{1,3}")


@dataclass(frozen=True)
class Town:
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
    bare = unicodedata.normalize("NFKD", text.lower())
    words = _WORD.findall("".join(c for c in bare if not unicodedata.combining(c)))
    return [_ABBREVIATED.get(w, w) for w in words]


class Gazetteer:
    """Towns by name and by position. Build it once: use :func:`gazetteer`."""

    def __init__(self, towns: Iterable[Town], regions: dict[str, str]) -> None:
        """Hold `towns`; `regions` maps a region as written ("minnesota", "mn") to its code."""
        self._towns = {town.key: town for town in towns}
        self._regions = regions
        named: dict[tuple[str, ...], list[Town]] = {}
        for town in self._towns.values():
            named.setdefault(tuple(plain_words(town.name)), []).append(town)
        for alias, key in ALIASES.items():
            if key in self._towns:
                named[tuple(alias.split())] = [self._towns[key]]
        self._named = named
        self._longest: dict[str, int] = {}  # words of the longest name that begins with this word
        for words in named:
            if words and " ".join(words) not in _ONLY_IN_COLUMNS:
                for first in {words[0], *(k for k, v in _ABBREVIATED.items() if v == words[0])}:
                    self._longest[first] = max(self._longest.get(first, 0), len(words))

    def __len__(self) -> int:
        return len(self._towns)

    def __contains__(self, key: str) -> bool:
        return key in self._towns

    def town(self, key: str) -> Town:
        """The town of a key. KeyError when there is none."""
        return self._towns[key]

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
                key = self._choose(towns, region) if towns else None
                if key is not None:
                    return key
        return None

    def _choose(self, towns: Sequence[Town], region: str | None) -> str | None:
        if region is not None:
            return next((t.key for t in towns if t.region == region), None)
        if len(towns) == 1:
            return towns[0].key
        ranked = sorted((-_weight(t), t.key) for t in towns)
        return ranked[0][1] if ranked[0][0] <= DOMINANT * ranked[1][0] else None

    # --- free text -------------------------------------------------------------------------------

    def find_in(self, text: str) -> list[tuple[int, int, str]]:
        """Towns named in free text: (start, end, key), character offsets, in order, no overlaps.

        Careful rather than complete. A name that is also a word or a person's (Mobile, Hope,
        Madison) needs a capital and a state after it or "in", "near", "from" before it; a small
        town needs one of the two; and a name that several towns share needs its state.
        """
        lowered = text.lower()
        longest = self._longest
        words = _WORD.findall(lowered)
        hits = [i for i, w in enumerate(words) if w in longest]
        if not hits:
            return []
        # Most hits are first words of longer names ("new", "big"): drop those before going on.
        named = self._named
        likely = [
            i
            for i in hits
            if any(
                tuple([_ABBREVIATED.get(w, w) for w in words[i : i + n]]) in named
                for n in range(longest[words[i]], 0, -1)
            )
        ]
        if not likely:
            return []
        spans = [m.span() for m in _WORD.finditer(text)]
        if len(spans) != len(words):  # a rare letter changed its length in lower case
            words = [text[a:b].lower() for a, b in spans]
            likely = [i for i, w in enumerate(words) if w in longest]
        found: list[tuple[int, int, str]] = []
        last = -1
        for i in likely:
            if i <= last:
                continue
            hit = self._read_at(text, words, spans, i)
            if hit is not None:
                key, end_word = hit
                found.append((spans[i][0], spans[end_word][1], key))
                last = end_word
        return found

    def _read_at(
        self, text: str, words: list[str], spans: list[tuple[int, int]], i: int
    ) -> tuple[str, int] | None:
        """The town whose name begins at word i, and the last word of it and its state."""
        for n in range(min(self._longest[words[i]], len(words) - i), 0, -1):
            name = tuple([_ABBREVIATED.get(w, w) for w in words[i : i + n]])
            towns = self._named.get(name)
            if towns is None or " ".join(name) in _ONLY_IN_COLUMNS:
                continue
            end = i + n - 1
            if any(not _GAP.fullmatch(text, spans[k][1], spans[k + 1][0]) for k in range(i, end)):
                continue
            region, last = self._region_after(text, words, spans, end)
            if region is not None:
                key = self._choose(towns, region)
                if key is not None and (
                    not self._towns[key].ordinary or _capitals(text, spans, i, end)
                ):
                    return key, last
            key = self._choose(towns, None)
            if key is not None and self._stands_alone(text, words, spans, i, end, key):
                return key, end
        return None

    def _region_after(
        self, text: str, words: list[str], spans: list[tuple[int, int]], end: int
    ) -> tuple[str | None, int]:
        for n in (1, 2, 3):
            k = end + n
            if k >= len(words):
                break
            if not _STATE_GAP.fullmatch(text, spans[end][1], spans[end + 1][0]):
                break
            written = " ".join(words[end + 1 : k + 1])
            region = self._regions.get(written)
            if region is None or len(text) < spans[k][1]:
                continue
            if n == 1 and len(written) == 2:
                as_written = text[spans[k][0] : spans[k][1]]
                if written in _WORDLIKE and not as_written.isupper():
                    continue
            return region, k
        return None, end

    def _stands_alone(
        self,
        text: str,
        words: list[str],
        spans: list[tuple[int, int]],
        i: int,
        end: int,
        key: str,
    ) -> bool:
        """Whether a name without a state is said clearly enough to be this town."""
        town = self._towns[key]
        capitals = _capitals(text, spans, i, end)
        shouted = text[spans[i][0] : spans[end][1]].isupper()
        after_preposition = i > 0 and words[i - 1] in _BEFORE
        if town.ordinary:
            if not capitals or shouted or _title_goes_on(text, spans, end):
                return False
            if not town.american:
                return False
            return after_preposition or (end > i and town.population >= _KNOWN_ORDINARY)
        if not town.american and town.population < _KNOWN_ABROAD:
            return False
        if after_preposition or not town.american:
            return town.american or capitals
        known = _KNOWN_PHRASE if end > i else _KNOWN_WORD
        return town.population >= known

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


def _capitals(text: str, spans: list[tuple[int, int]], i: int, end: int) -> bool:
    return all(text[spans[k][0]].isupper() for k in range(i, end + 1))


def _title_goes_on(text: str, spans: list[tuple[int, int]], end: int) -> bool:
    """Whether a capitalized word follows directly: "in Mobile Home Park" names no town."""
    if end + 1 >= len(spans):
        return False
    start = spans[end + 1][0]
    return text[spans[end][1] : start] == " " and text[start].isupper()
