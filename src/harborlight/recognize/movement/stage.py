"""Stage 7, movement: where the postings of each organization went, and what a closing changed.

"Posting movement" is the movement of postings: somebody posted for one town and then for another.
It is never the movement of a person; the people advertised may be anywhere.

Towns come from the place column, else from the coordinates (the nearest town within 30 km), else
from the text when it names exactly one town. Only dated ads of organizations make stays and moves:
see `stays` for what a stay, a move and a circuit are, `closing` for what follows a closed section.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import daft
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from daft import col

from harborlight.places.gazetteer import Gazetteer, gazetteer, great_circle_km
from harborlight.recognize.movement import stays as st
from harborlight.recognize.movement.closing import (
    KINDS,
    MISSING,
    Closed,
    Coverage,
    Destination,
    Displacement,
    Outcome,
    Postings,
    coverage,
    parse_closed,
)
from harborlight.recognize.movement.displacement import displacement
from harborlight.recognize.runtime.tally import Floats, Ints, arrow, ints
from harborlight.recognize.schema import MOVES

__all__ = [
    "STAYS",
    "Closed",
    "Coverage",
    "Displacement",
    "FollowedOrganization",
    "Movement",
    "movement",
    "parse_closed",
]

#: One row per stay: an organization's postings in one town, until it posts in another.
STAYS = pa.schema(
    [
        pa.field("organization_id", pa.string(), nullable=False),
        pa.field("sequence", pa.int64(), nullable=False),  # 0, 1, ... within the organization
        pa.field("place", pa.string(), nullable=False),  # "Mankato, MN"
        pa.field("first", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("last", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("ads", pa.int64(), nullable=False),
        pa.field("lap", pa.int64()),  # of a circuit; null when part of none
    ]
)


@dataclass(frozen=True)
class FollowedOrganization:
    """What became of one organization of a closed section."""

    organization_id: str
    closed: str  # SITE[/SECTION]@DATE
    outcome: str  # relinked, not seen, unresolved
    reason: str  # why unresolved, else ""
    destinations: tuple[Destination, ...]


@dataclass(frozen=True)
class Movement:
    """What stage 7 found."""

    moves: daft.DataFrame  # schema.MOVES
    stays: pa.Table  # STAYS
    #: By organization_id: days (UTC) with postings in several towns at the same time.
    together: dict[str, int]
    displacement: list[Displacement]  # one per closed section, in the order given
    outcomes: list[FollowedOrganization]  # by closed section, then organization
    coverage: list[Coverage]
    warnings: list[str]


def movement(
    ads: daft.DataFrame,
    signals: daft.DataFrame,
    members: daft.DataFrame,
    belongs: daft.DataFrame,
    organizations: daft.DataFrame,
    closed: Sequence[Closed | str] = (),
) -> Movement:
    """Follow the postings of organizations over towns, and over a closed section.

    The tables follow `schema`. Raises InputError for a `closed` that cannot be read.
    """
    sections = [parse_closed(c) if isinstance(c, str) else c for c in closed]
    about = _about(ads)
    number = ints(about["ad"])
    names = _names(organizations)
    ranks = {o: i for i, o in enumerate(sorted(names))}
    organization = _organization_of(belongs, number, ranks)
    ids = {rank: names[o] for o, rank in ranks.items()}
    when = ints(about["posted_at"].cast(pa.timestamp("us", "UTC")).cast(pa.int64()), MISSING)
    towns = _towns(about, number, signals)

    rows = np.flatnonzero((organization >= 0) & (towns.code >= 0) & (when != MISSING))
    stayed = st.stays(organization[rows], towns.code[rows], when[rows])
    where = gazetteer()
    parts = [_moved(stayed, towns.keys, where, ids)]

    found: list[Displacement] = []
    covered: list[Coverage] = []
    after: list[tuple[Closed, Outcome]] = []
    if sections:
        postings = _postings(about, number, when, organization, len(ids), signals, members)
        covered = coverage(postings)
        for section in sections:
            result, outcomes = displacement(postings, section)
            found.append(result)
            after += [(section, outcome) for outcome in outcomes]
        parts.append(_after(after, postings, when, towns, where, ids))
    moves = pa.concat_tables(parts).sort_by(
        [("organization_id", "ascending"), ("kind", "ascending"), ("sequence", "ascending")]
    )
    return Movement(
        daft.from_arrow(moves),
        _stays_table(stayed, towns.keys, ids),
        {ids[o]: days for o, days in sorted(stayed.together.items())},
        found,
        [
            FollowedOrganization(
                ids[o.organization], str(section), o.outcome, o.reason, o.destinations
            )
            for section, o in after
        ],
        covered,
        [warning for result in found for warning in result.warnings],
    )


def _about(ads: daft.DataFrame) -> pa.Table:
    """What is needed of every ad, by number; the text only as a hash."""
    return arrow(
        ads.select(
            "ad",
            "posted_at",
            "site",
            "section",
            "place",
            "latitude",
            "longitude",
            col("text").hash().alias("text"),
        ).sort("ad")
    )


def _names(organizations: daft.DataFrame) -> dict[int, str]:
    table = arrow(organizations.select("organization", "organization_id"))
    numbers: list[int] = table["organization"].to_pylist()
    ids: list[str] = table["organization_id"].to_pylist()
    return dict(zip(numbers, ids, strict=True))


def _organization_of(belongs: daft.DataFrame, number: Ints, ranks: dict[int, int]) -> Ints:
    """For each ad the rank of its organization, -1 for ads alone."""
    organization = np.full(len(number), -1, dtype=np.int64)
    table = arrow(belongs.select("ad", "organization"))
    rows = _rows(number, ints(table["ad"]))
    given = ints(table["organization"])
    known = np.array(sorted(ranks), dtype=np.int64)
    rank = _rows(known, given)
    good = (rows >= 0) & (rank >= 0)
    organization[rows[good]] = rank[good]
    return organization


def _rows(sorted_keys: Ints, keys: Ints) -> Ints:
    """Where each key stands among sorted ones, -1 where it does not."""
    if not len(sorted_keys):
        return np.full(len(keys), -1, dtype=np.int64)
    at = np.minimum(np.searchsorted(sorted_keys, keys), len(sorted_keys) - 1)
    return np.where(sorted_keys[at] == keys, at, -1)


def _floats(column: pa.ChunkedArray) -> Floats:
    return np.asarray(
        pc.fill_null(column.cast(pa.float64()), float("nan")).to_numpy(), dtype=np.float64
    )


def _towns(about: pa.Table, number: Ints, signals: daft.DataFrame) -> st.Towns:
    said = arrow(signals.where(col("kind").is_in(["place"])).select("ad", "value"))
    rows = _rows(number, ints(said["ad"]))
    keep = pa.array(rows >= 0)
    return st.towns_of(
        gazetteer(),
        about["place"],
        _floats(about["latitude"]),
        _floats(about["longitude"]),
        rows[rows >= 0],
        said["value"].filter(keep),
    )


def _moved(of: st.Stays, keys: list[str], where: Gazetteer, ids: dict[int, str]) -> pa.Table:
    columns = st.moves_table(of, keys, where, ids)
    return _as_moves(
        {**columns, "kind": pa.array(["move"] * len(columns["sequence"]), pa.string())}
    )


def _as_moves(columns: dict[str, pa.Array]) -> pa.Table:
    """The columns as MOVES, those not given null."""
    rows = len(columns["sequence"])
    return pa.table(
        {f.name: columns[f.name].cast(f.type) if f.name in columns else pa.nulls(rows, f.type)
         for f in MOVES},
        schema=MOVES,
    )  # fmt: skip


def _stays_table(of: st.Stays, keys: list[str], ids: dict[int, str]) -> pa.Table:
    lap = st.laps(of)
    return pa.table(
        {
            "organization_id": pa.array([ids[o] for o in of.organization.tolist()], pa.string()),
            "sequence": np.arange(len(of.town)) - np.searchsorted(of.organization, of.organization),
            "place": pa.array(keys, pa.string()).take(pa.array(of.town)),
            "first": pa.array(of.first).cast(STAYS.field("first").type),
            "last": pa.array(of.last).cast(STAYS.field("last").type),
            "ads": pa.array(of.ads, pa.int64()),
            "lap": pa.array(lap, pa.int64(), mask=lap == 0),
        },
        schema=STAYS,
    )


# --- after a closed section --------------------------------------------------------------------


def _postings(
    about: pa.Table,
    number: Ints,
    when: Ints,
    organization: Ints,
    organizations: int,
    signals: daft.DataFrame,
    members: daft.DataFrame,
) -> Postings:
    site, sites = _codes(about["site"])
    section, sections = _codes(about["section"])
    said = arrow(signals.where(col("kind").is_in(list(KINDS))).select("ad", "kind", "value"))
    follows = arrow(members.select("ad", "template"))
    kind = ints(pc.index_in(said["kind"], pa.array(KINDS, said["kind"].type)))
    value = ints(said["value"].combine_chunks().dictionary_encode().indices)
    # A template and a phone never share a number: kinds take turns.
    tie = np.concatenate([value * len(KINDS) + kind, ints(follows["template"]) * len(KINDS)])
    row = np.concatenate([_rows(number, ints(said["ad"])), _rows(number, ints(follows["ad"]))])
    tie_kind = np.concatenate([kind, np.zeros(follows.num_rows, dtype=np.int64)])
    good = row >= 0
    _, small = np.unique(tie[good], return_inverse=True)
    return Postings(
        when=when,
        site=site,
        sites=sites,
        section=section,
        sections=sections,
        organization=organization,
        organizations=organizations,
        text=about["text"].to_numpy(),
        tie_row=row[good],
        tie=small.reshape(-1).astype(np.int64),
        tie_kind=tie_kind[good],
    )


def _codes(column: pa.ChunkedArray) -> tuple[Ints, list[str]]:
    """Numbers for names in the names' order, -1 for null and blank."""
    trimmed = pc.utf8_trim_whitespace(column.combine_chunks())
    encoded = trimmed.dictionary_encode()
    names: list[str] = encoded.dictionary.to_pylist()
    ranked = sorted(name for name in names if name)
    place = {name: i for i, name in enumerate(ranked)}
    rank = np.array([place.get(name, -1) for name in names] + [-1], dtype=np.int64)
    return rank[ints(encoded.indices)], ranked


def _after(
    outcomes: Sequence[tuple[Closed, Outcome]],
    of: Postings,
    when: Ints,
    towns: st.Towns,
    where: Gazetteer,
    ids: dict[int, str],
) -> pa.Table:
    """The rows of MOVES for what followed closed sections."""
    rows: list[dict[str, object]] = []
    numbers: dict[tuple[int, str], int] = {}
    for closed, outcome in outcomes:
        left = outcome.left_row
        site, section = of.name_of(left)
        from_place = _town(towns, left)
        for destination in outcome.destinations or (None,):
            key = (outcome.organization, outcome.outcome)
            numbers[key] = numbers.get(key, -1) + 1
            row: dict[str, object] = {
                "organization_id": ids[outcome.organization],
                "sequence": numbers[key],
                "kind": outcome.outcome,
                "from_place": from_place,
                "from_site": site,
                "from_section": section,
                "left_at": int(when[left]),
                "ads": 0,
                "closed": str(closed),
            }
            if destination is not None:
                to_place = _town(towns, destination.row)
                row |= {
                    "to_place": to_place,
                    "to_site": destination.site,
                    "to_section": destination.section,
                    "arrived_at": int(when[destination.row]),
                    "ads": destination.ads,
                    "kilometers": _kilometers(where, from_place, to_place),
                }
            rows.append(row)
    columns = {f.name: pa.array([row.get(f.name) for row in rows], _raw(f.type)) for f in MOVES}
    return _as_moves(columns)


def _raw(kind: pa.DataType) -> pa.DataType:
    return pa.int64() if pa.types.is_timestamp(kind) else kind


def _town(towns: st.Towns, row: int) -> str | None:
    code = int(towns.code[row])
    return towns.keys[code] if code >= 0 else None


def _kilometers(where: Gazetteer, a: str | None, b: str | None) -> float | None:
    if a is None or b is None:
        return None
    return round(float(great_circle_km(*where.locate(a), *where.locate(b))), 3)
