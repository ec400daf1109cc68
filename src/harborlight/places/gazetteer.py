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
from itertools import pairwise
from typing import Any, NamedTuple

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

_ABBREVIATED = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount", "pt": "point"}
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

#: State abbreviations and regions that are also words, kept to capitals in free text.
_WORDLIKE = frozenset(
    {"al", "co", "de", "hi", "id", "ill", "in", "la", "ma", "mass", "me", "miss", "mo", "ms",
     "oh", "ok", "or", "pa", "wash", "am", "as", "at", "be", "do", "is", "it", "my", "no", "so",
     "to", "us"}
)  # fmt: skip
#: Words before a name in free text that say that it is a place.
_BEFORE = frozenset(
    {"around", "cerca", "desde", "en", "from", "in", "leaving", "near", "outside", "serving",
     "visiting"}
)  # fmt: skip
#: Names that in free text need their state whatever is before them: "in August", "near Airport".
_NEVER_ALONE = frozenset(
    {"airport", "april", "august", "centre", "dc", "d c", "home", "indy", "july", "june", "march",
     "may", "september", "university", "the meadows"}
)  # fmt: skip
#: People from which a town named without its state is heeded: after "in" or "near"; a single word;
#: several words; several ordinary words; abroad; and by the name of a state or country.
_PLACED, _KNOWN_WORD, _KNOWN_PHRASE, _KNOWN_ORDINARY = 2_500, 10_000, 5_000, 50_000
_KNOWN_ABROAD, _KNOWN_AS_STATE = 200_000, 500_000

_WORD = re.compile(r"[^\W_]+")
_BREAKS = {i: " " for i in range(128) if not chr(i).isalnum()}  # the same for ASCII, quicker
_GAP = re.compile(r"[ .’'\-]{1,3}")  # between the words of one name
_STATE_BREAKS = {i: " " for i in range(128) if not chr(i).isalnum()}  # the same for ASCII, quicker
_GAP = re.compile(r"[ ,.(\t]{1,3}")


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
    return [_ABBREVIATED.get(w, w) for w in _WORD.findall(text)]


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

    @cached_property
    def _openings(self) -> _Openings:
        return _Openings(self._named)

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
                if key is None or (
                    n == 0
                    and " ".join(name) in self._regions  # "Delaware" is the state
                    and self._towns[key].population < _KNOWN_AS_STATE
                ):
                    continue
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

    def find_in(self, text: str, region: str | None = None) -> list[tuple[int, int, str]]:
        """Towns named in free text: (start, end, key), character offsets, in order, no overlaps.

        Careful rather than complete. A name that is also a word or a person's (Mobile, Hope,
        Madison) needs a capital and a state after it or "in", "near", "from" before it; a small
        town needs one of the two. A name that several towns share needs its state, or takes that
        of the other towns of the text when they have one between them, or `region`.
        """
        written = text.translate(_BREAKS).split() if text.isascii() else _WORD.findall(text)
        words = " ".join(written).lower().split()
        starts = self._openings.starts(words, written)
        if not starts:
            return []
        spans = [m.span() for m in _WORD.finditer(text)]
        reading = _Reading(text, written, words, spans)
        found, regions, shared = self._read(reading, starts, region)
        if shared and region is None and len(regions) == 1:
            found, _, _ = self._read(reading, starts, regions.pop())
        return found

    def _read(
        self, reading: _Reading, starts: list[int], region: str | None
    ) -> tuple[list[tuple[int, int, str]], set[str], bool]:
        """Towns, the regions written with them, whether a name of several towns was passed over."""
        found: list[tuple[int, int, str]] = []
        regions: set[str] = set()
        shared = False
        last = -1
        for i in starts:
            if i <= last:
                continue
            for n in range(self._openings.longest[reading.words[i]], 0, -1):
                towns = self._named.get(reading.name(i, n))
                if towns is None or not reading.joined(i, n):
                    continue
                end = i + n - 1
                key, last_word = self._choose_in_text(reading, towns, i, end, region)
                if key is not None:
                    found.append((reading.spans[i][0], reading.spans[last_word][1], key))
                    if last_word > end:
                        regions.add(self._towns[key].region)
                    last = last_word
                    break
                shared = shared or self._choose(towns, None) is None
        return found, regions, shared

    def _choose_in_text(
        self, reading: _Reading, towns: Sequence[Town], i: int, end: int, region: str | None
    ) -> tuple[str | None, int]:
        """The town that words i to end name, if they name one, and the last word to do so."""
        for said, last in self._regions_after(reading, end):
            key = self._choose(towns, said)
            if key is not None and (not self._towns[key].ordinary or reading.capitals(i, end)):
                return key, last
        name = reading.name(i, end - i + 1)
        key = self._choose(towns, None)
        if key is None and region is not None:
            key = self._choose(towns, region)
        if key is not None and self._stands_alone(reading, name, i, end, self._towns[key]):
            return key, end
        return None, end

    def _regions_after(self, reading: _Reading, end: int) -> list[tuple[str, int]]:
        """States or countries written directly after word `end`, with their last word."""
        if end + 1 >= len(reading.words) or not _STATE_GAP.fullmatch(reading.gap(end)):
            return []
        said = []
        for n in (3, 2, 1):
            name = " ".join(reading.words[end + 1 : end + 1 + n])
            region = self._regions.get(name)
            if region is None or end + n >= len(reading.words) or not reading.joined(end + 1, n):
                continue
            if name in _WORDLIKE and not reading.written[end + 1].isupper():
                continue
            said.append((region, end + n))
        return said

    def _stands_alone(
        self, reading: _Reading, name: tuple[str, ...], i: int, end: int, town: Town
    ) -> bool:
        """Whether a name without a state is said clearly enough to be this town."""
        joined = " ".join(name)
        if joined in _NEVER_ALONE:
            return False
        if joined in self._regions and town.population < _KNOWN_AS_STATE:
            return False
        capitals = reading.capitals(i, end)
        placed = (
            i > 0
            and reading.words[i - 1] in _BEFORE
            and town.population >= _PLACED
            and not reading.possessive(end)
        )
        if not town.american:
            return capitals and not town.ordinary and town.population >= _KNOWN_ABROAD
        if town.ordinary:
            if not capitals or reading.shouted(i, end) or reading.title_goes_on(end):
                return False
            return placed or (end > i and town.population >= _KNOWN_ORDINARY)
        return placed or town.population >= (_KNOWN_PHRASE if end > i else _KNOWN_WORD)

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


@dataclass(frozen=True)
class _Reading:
    """A text cut into words: as written, in lower case, and where each stands."""

    text: str
    written: list[str]
    words: list[str]
    spans: list[tuple[int, int]]

    def name(self, i: int, n: int) -> tuple[str, ...]:
        words = self.words[i : i + n]
        if not self.text.isascii():
            return tuple(plain_words(" ".join(words)))
        return tuple([_ABBREVIATED.get(w, w) for w in words])

    def gap(self, i: int) -> str:
        """What stands between word i and the next."""
        return self.text[self.spans[i][1] : self.spans[i + 1][0]]

    def joined(self, i: int, n: int) -> bool:
        """Whether words i to i + n - 1 exist and nothing but what a name may hold parts them."""
        return i + n <= len(self.words) and all(
            _GAP.fullmatch(self.gap(k)) for k in range(i, i + n - 1)
        )

    def capitals(self, i: int, end: int) -> bool:
        return all(w[0].isupper() for w in self.written[i : end + 1])

    def shouted(self, i: int, end: int) -> bool:
        return all(w.isupper() for w in self.written[i : end + 1])

    def possessive(self, end: int) -> bool:
        return self.text[self.spans[end][1] :][:2].lower() in ("'s", "’s")

    def title_goes_on(self, end: int) -> bool:
        """Whether a capitalized word follows directly: "in Mobile Home Park" names no town."""
        return (
            end + 1 < len(self.words)
            and self.gap(end) == " "
            and self.written[end + 1][0].isupper()
        )


class _Openings:
    """How names of towns begin, as sets, so that most texts are put aside in microseconds."""

    def __init__(self, named: dict[tuple[str, ...], list[Town]]) -> None:
        self.longest: dict[str, int] = {}  # words of the longest name that begins with this word
        self._singles: set[str] = set()
        self._capital_singles: set[str] = set()
        self._pairs: set[tuple[str, str]] = set()
        self._capital_pairs: set[tuple[str, str]] = set()
        written: dict[str, list[str]] = {}  # how each word of a name may be written
        for short, full in _ABBREVIATED.items():
            written.setdefault(full, [full]).append(short)
        for words, towns in named.items():
            ordinary = towns[0].ordinary
            forms = {(tuple(words[:2]))}
            accented = tuple(_WORD.findall(towns[0].name.lower()))
            if len(accented) == len(words):
                forms.add(accented[:2])
            for form in forms:
                for first in written.get(form[0], form[:1]):
                    self.longest[first] = max(self.longest.get(first, 0), len(words))
                    if len(words) == 1 and ordinary:
                        self._capital_singles |= {first.capitalize(), first.upper()}
                    elif len(words) == 1:
                        self._singles.add(first)
                    else:
                        for second in written.get(form[1], [form[1]]):
                            if ordinary:
                                pair = (first.capitalize(), second.capitalize())
                                self._capital_pairs |= {pair, (first.upper(), second.upper())}
                            else:
                                self._pairs.add((first, second))

    def starts(self, words: list[str], written: list[str]) -> list[int]:
        """Where a name may begin; sets do the work, since most texts name no town."""
        singles, capital_singles = self._singles, self._capital_singles
        starts = []
        if not (singles.isdisjoint(words) and capital_singles.isdisjoint(written)):
            starts = [
                i
                for i, (word, as_written) in enumerate(zip(words, written, strict=True))
                if word in singles or as_written in capital_singles
            ]
        if not self._pairs.isdisjoint(pairwise(words)):
            starts += [i for i, pair in enumerate(pairwise(words)) if pair in self._pairs]
        if not self._capital_pairs.isdisjoint(pairwise(written)):
            starts += [i for i, p in enumerate(pairwise(written)) if p in self._capital_pairs]
        return sorted(set(starts))
