"""Towns of ads, the stays of organizations in them, the moves between and rounds that repeat.

"Posting movement" is where ads were posted for and in what order, never where a person was.
Everything works on arrays over all organizations at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from harborlight.places.gazetteer import Gazetteer, great_circle_km
from harborlight.recognize.runtime.tally import Floats, Ints, ints

Bools = npt.NDArray[np.bool_]

DAY = 86_400_000_000  # microseconds
#: Coordinates say which town when one is this near.
NEAREST_KM = 30.0
#: A round of towns counts when chance would show one like it in at most this share of
#: organizations with the same number of stays in the same towns.
CHANCE = 0.05
LONGEST_ROUND = 12


@dataclass(frozen=True)
class Towns:
    """A code for the town of every ad (-1: not known) and the keys by code, sorted."""

    code: Ints
    keys: list[str]


def towns_of(
    gazetteer: Gazetteer,
    place: pa.ChunkedArray,
    latitude: Floats,
    longitude: Floats,
    signal_row: Ints,
    signal_place: pa.ChunkedArray,
) -> Towns:
    """The town of each ad: its place column, else its coordinates, else the one town it names.

    `signal_row` and `signal_place` are the place signals: the row of the ad and the key.
    """
    encoded = place.combine_chunks().dictionary_encode()
    resolved = [gazetteer.resolve(p) if p else None for p in encoded.dictionary.to_pylist()]
    index = ints(encoded.indices)
    pool: dict[str, int] = {}
    by_place = np.array([_code(pool, key) for key in [*resolved, None]], dtype=np.int64)
    code = by_place[index]

    rows = np.flatnonzero((code < 0) & np.isfinite(latitude) & np.isfinite(longitude))
    if len(rows):
        # A hundredth of a degree is about a kilometer: enough, and far fewer to look up.
        spots, back = np.unique(
            np.round(np.column_stack([latitude[rows], longitude[rows]]).astype(np.float64), 2),
            axis=0,
            return_inverse=True,
        )
        at = np.asarray(spots, dtype=np.float64)
        nearest = gazetteer.nearest_many(at[:, 0], at[:, 1], NEAREST_KM)
        found = np.array([_code(pool, key) for key in nearest], dtype=np.int64)
        code[rows] = found[back.reshape(-1)]

    if len(signal_row):
        named = signal_place.combine_chunks().dictionary_encode()
        known = [key if key in gazetteer else None for key in named.dictionary.to_pylist()]
        value = np.array([_code(pool, key) for key in [*known, None]], dtype=np.int64)
        value = value[ints(named.indices)]
        least, most = np.full(len(code), np.iinfo(np.int64).max), np.full(len(code), -1)
        good = value >= 0
        np.minimum.at(least, signal_row[good], value[good])
        np.maximum.at(most, signal_row[good], value[good])
        code = np.where((code < 0) & (most >= 0) & (least == most), most, code)

    keys = sorted(pool)
    rank = np.full(len(pool) + 1, -1, dtype=np.int64)
    for i, key in enumerate(keys):
        rank[pool[key]] = i
    return Towns(rank[code], keys)


def _code(pool: dict[str, int], key: str | None) -> int:
    return -1 if key is None else pool.setdefault(key, len(pool))


@dataclass(frozen=True)
class Stays:
    """Runs of postings in one town, by organization and time; and days in several towns at once.

    An organization posts "at the same time" in several towns when on one day (UTC) its postings
    there overlap: Mankato, New Ulm, Mankato again, or all at one hour, or dates without hours. Such
    a day is no stay and no move; it is counted in `together`. Postings in one town and later that
    day in another only are two stays.
    """

    organization: Ints
    town: Ints
    first: Ints  # microseconds since 1970 UTC
    last: Ints
    ads: Ints
    together: dict[int, int]  # organization: days in several towns at the same time


def stays(organization: Ints, town: Ints, when: Ints) -> Stays:
    """The stays behind postings: of each its organization, town and time, none of them missing."""
    day = when // DAY
    order = np.lexsort((when, town, day, organization))
    o, t, w, d = organization[order], town[order], when[order], day[order]
    new = _changes(o, d, t)
    starts = np.flatnonzero(new)
    ends = np.append(starts, len(o))[1:] - 1
    o, t, d, first, last = o[starts], t[starts], d[starts], w[starts], w[ends]
    ads = ends - starts + 1

    # Within a day of an organization, towns whose postings overlap in time stand together.
    order = np.lexsort((t, last, first, d, o))
    o, t, d, first, last, ads = (a[order] for a in (o, t, d, first, last, ads))
    new_day = _changes(o, d)
    number = np.cumsum(new_day) - 1
    reach = np.maximum.accumulate(number * (2 * DAY) + (last - d * DAY))
    apart = np.ones(len(o), dtype=bool)
    apart[1:] = number[1:] * (2 * DAY) + (first - d * DAY)[1:] > reach[:-1]
    cluster = np.cumsum(apart | new_day) - 1
    size = np.bincount(cluster) if len(cluster) else np.zeros(0, dtype=np.int64)
    alone = size[cluster] == 1

    several = np.unique(number[~alone])
    at, counts = np.unique(o[new_day][several], return_counts=True)
    together = dict(zip(at.tolist(), counts.tolist(), strict=True))

    o, t, first, last, ads = (a[alone] for a in (o, t, first, last, ads))
    starts = np.flatnonzero(_changes(o, t))
    ends = np.append(starts, len(o))[1:] - 1
    total = np.add.reduceat(ads, starts) if len(starts) else ads
    return Stays(o[starts], t[starts], first[starts], last[ends], total, together)


def _changes(*columns: Ints) -> Bools:
    """Where a row differs from the row before; the first does."""
    new = np.zeros(len(columns[0]), dtype=bool)
    new[:1] = True
    for column in columns:
        new[1:] |= column[1:] != column[:-1]
    return new


def move_starts(of: Stays) -> Ints:
    """The stays that a move starts from: those followed by another of the same organization."""
    return np.flatnonzero(of.organization[:-1] == of.organization[1:])


def laps(of: Stays) -> Ints:
    """For each stay the number of the lap it is part of, from 1 in each organization; 0 for none.

    A circuit is the same ordered round of two or more towns gone at least twice in a row. With few
    towns some order always repeats (two towns can only alternate), so a round counts only when
    chance would hardly show it: see CHANCE. Laps of all rounds are numbered on in time.
    """
    count = len(of.town)
    numbers = np.zeros(count, dtype=np.int64)
    if not count:
        return numbers
    begins = np.flatnonzero(_changes(of.organization))
    sizes = np.diff(np.append(begins, count))
    group = np.repeat(np.arange(len(begins)), sizes)
    again = _repeat_chance(of, group, sizes)

    found: list[tuple[int, float, int, int, int]] = []  # organization, chance, round, start, stays
    for period in range(2, LONGEST_ROUND + 1):
        if count <= period:
            break
        same = (of.town[:-period] == of.town[period:]) & (group[:-period] == group[period:])
        edges = np.flatnonzero(np.diff(np.concatenate([[False], same, [False]]).astype(np.int8)))
        start, run = edges[::2], edges[1::2] - edges[::2]
        start, run = start[run >= period], run[run >= period]
        tries = sizes[group[start]] - (run + period) + 1
        chance = again[group[start]] ** run * tries
        for s, r, c in zip(start.tolist(), run.tolist(), chance.tolist(), strict=True):
            if c <= CHANCE:
                found.append((int(group[s]), c, period, s, r + period))
    taken = np.zeros(count, dtype=bool)
    rounds = []
    for _, _, period, start_at, long in sorted(found):
        whole = long // period * period
        if not taken[start_at : start_at + whole].any():
            taken[start_at : start_at + whole] = True
            rounds.append((start_at, period, whole))
    done: dict[int, int] = {}
    for start_at, period, whole in sorted(rounds):
        organization = int(group[start_at])
        for lap in range(whole // period):
            done[organization] = done.get(organization, 0) + 1
            begin = start_at + lap * period
            numbers[begin : begin + period] = done[organization]
    return numbers


def _repeat_chance(of: Stays, group: Ints, sizes: Ints) -> Floats:
    """How likely each organization's next stay is in one given town, if order meant nothing.

    From how its stays are shared out over towns; 1 / (towns - 1) when evenly, since no stay follows
    one in the same town.
    """
    order = np.lexsort((of.town, group))
    new = _changes(group[order], of.town[order])
    starts = np.flatnonzero(new)
    visits = np.diff(np.append(starts, len(order)))
    at = group[order][starts]
    twice = np.bincount(at, weights=(visits / sizes[at]) ** 2, minlength=len(sizes))
    return np.minimum(twice / np.maximum(1 - twice, 1e-12), 1.0)


def moves_table(
    of: Stays, keys: list[str], gazetteer: Gazetteer, names: dict[int, str]
) -> dict[str, pa.Array]:
    """The columns of MOVES for every move; `names` are the ids of organizations by number."""
    start = move_starts(of)
    lap = laps(of)
    lat = np.array([gazetteer.locate(key)[0] for key in keys])
    lon = np.array([gazetteer.locate(key)[1] for key in keys])
    a, b = of.town[start], of.town[start + 1]
    km = great_circle_km(lat[a], lon[a], lat[b], lon[b]) if len(a) else np.zeros(0)
    number = np.arange(len(start)) - _first_of_group(of.organization[start])
    in_lap = (lap[start] > 0) & (lap[start + 1] > 0)
    places = pa.array(keys, pa.string())
    return {
        "organization_id": pa.array([names[o] for o in of.organization[start].tolist()]),
        "sequence": pa.array(number),
        "from_place": places.take(pa.array(a)),
        "to_place": places.take(pa.array(b)),
        "left_at": pa.array(of.last[start]),
        "arrived_at": pa.array(of.first[start + 1]),
        "kilometers": pa.array(np.round(km, 3)),
        "ads": pa.array(of.ads[start + 1]),
        "circuit": pa.array(lap[start], mask=~in_lap),
    }


def _first_of_group(group: Ints) -> Ints:
    """For each row of a sorted column the place of the first row with its value."""
    return np.searchsorted(group, group)


def in_words(places: list[str], first: list[str], last: list[str], together: int = 0) -> str:
    """The posting movement of one organization in one sentence; dates as they are to be read."""
    if not places:
        said = "No posting with both a date and a town stands alone."
    elif len(places) == 1:
        said = f"One town: {places[0]} ({_dates(first[0], last[0])}); no posting movement."
    else:
        stops = [f"{p} ({_dates(a, b)})" for p, a, b in zip(places, first, last, strict=True)]
        said = f"Posting movement: {', then '.join(stops)}."
    if together:
        days = "one day" if together == 1 else f"{together} days"
        said += f" On {days} it posted for several towns at the same time, which is no movement."
    return said


def _dates(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"


def whole_days(microseconds: pa.Array) -> list[str | None]:
    """YYYY-MM-DD (UTC) of microseconds since 1970."""
    stamps = microseconds.cast(pa.timestamp("us", "UTC"))
    result: list[str | None] = pc.strftime(stamps, format="%Y-%m-%d").to_pylist()
    return result
