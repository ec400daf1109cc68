"""The rows behind the leads that the report shows in full: their ads, towns, wordings, contacts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harborlight.places.gazetteer import gazetteer
from harborlight.recognize.movement.stays import towns_of
from harborlight.recognize.runtime.tally import ints, look_up

CONTACTS = ("phone", "email", "handle", "link")


@dataclass(frozen=True)
class Behind:
    """What stands behind one lead."""

    rows: list[int]  # of the ads in `LeadRows.ads`, in order
    days: Counter[tuple[date, str]]  # ads by day (UTC) and town
    towns: Counter[str]
    wordings: Counter[str]  # ads by template_id
    contacts: Counter[tuple[str, str]]  # ads by kind and value, its own contacts only
    ties: Counter[tuple[str, str, str]]  # ads by template_id, kind and value


@dataclass(frozen=True)
class LeadRows:
    """The ads of the leads shown in full, and what stands behind each, by organization_id."""

    ads: pa.Table
    behind: dict[str, Behind]


def only(table: pa.Table, column: str, values: pa.Array) -> pa.Table:
    """The rows of a table whose column is one of some values."""
    return table.filter(pc.is_in(table[column], values.cast(table[column].type)))


def lead_rows(tables: Any, organization_ids: list[str]) -> LeadRows:
    """Gather the rows of some organizations. `tables` is a ReportInput."""
    named = only(
        tables.organizations, "organization_id", pa.array(organization_ids, pa.string())
    ).sort_by("organization")
    numbers, ids = ints(named["organization"]), named["organization_id"].to_pylist()
    belongs = only(tables.belongs, "organization", pa.array(numbers)).sort_by("ad")
    ads = only(tables.ads, "ad", belongs["ad"].combine_chunks()).sort_by("ad")
    ad = ints(ads["ad"])
    of = look_up(numbers, ints(belongs["organization"]))
    signals = only(tables.signals, "ad", pa.array(ad))
    signal_row = look_up(ad, ints(signals["ad"]))
    towns = _towns(ads, signals, signal_row)
    wordings = _wordings(tables, ads, ad)
    days: list[date | None] = pc.cast(ads["posted_at"], pa.date32()).to_pylist()
    behind = {
        name: Behind([], Counter(), Counter(), Counter(), Counter(), Counter()) for name in ids
    }
    of_row = [behind[ids[o]] for o in of.tolist()]
    for row, (mine, town, day, wording) in enumerate(
        zip(of_row, towns, days, wordings, strict=True)
    ):
        mine.rows.append(row)
        if town is not None:
            mine.towns[town] += 1
            if day is not None:
                mine.days[day, town] += 1
        if wording is not None:
            mine.wordings[wording] += 1
    contacts = signals.filter(
        pc.and_(
            pc.is_in(signals["kind"], pa.array(CONTACTS, signals["kind"].type)),
            pc.not_equal(signals["field"], "url"),
        )
    )
    own = [
        {(kind, value) for kind in CONTACTS for value in row[f"{kind}s"]}
        for row in named.select([f"{kind}s" for kind in CONTACTS]).to_pylist()
    ]
    owner = of.tolist()
    rows = look_up(ad, ints(contacts["ad"])).tolist()
    each = zip(rows, contacts["kind"].to_pylist(), contacts["value"].to_pylist(), strict=True)
    for row, kind, value in sorted(set(each)):  # an ad names a contact once
        if (kind, value) not in own[owner[row]]:
            continue  # everybody's, as a hotline
        of_row[row].contacts[kind, value] += 1
        wording = wordings[row]
        if wording is not None:
            of_row[row].ties[wording, kind, value] += 1
    return LeadRows(ads, behind)


def _towns(ads: pa.Table, signals: pa.Table, row: Any) -> list[str | None]:
    """The town each ad was posted for, as the movement stage sees it."""
    place = pc.equal(signals["kind"], "place")
    degrees = [
        np.asarray(pc.fill_null(ads[name], float("nan")).to_numpy(), dtype=np.float64)
        for name in ("latitude", "longitude")
    ]
    towns = towns_of(
        gazetteer(),
        ads["place"],
        degrees[0],
        degrees[1],
        row[np.asarray(place.to_numpy(), dtype=bool)],
        signals["value"].filter(place),
    )
    return [towns.keys[code] if code >= 0 else None for code in towns.code.tolist()]


def _wordings(tables: Any, ads: pa.Table, ad: Any) -> list[str | None]:
    """The template_id of each ad."""
    members = only(tables.members, "ad", pa.array(ad))
    numbers = pa.array(np.unique(ints(members["template"])))
    templates = only(tables.templates, "template", numbers).sort_by("template")
    ids = templates["template_id"].to_pylist()
    known = ints(templates["template"])
    chosen: list[str | None] = [None] * ads.num_rows
    at = look_up(known, ints(members["template"])).tolist()
    for row, template in zip(look_up(ad, ints(members["ad"])).tolist(), at, strict=True):
        if template >= 0:
            chosen[row] = ids[template]
    return chosen
