"""Stage 8, review: the organizations a human should look at, and what speaks for and against each.

A lead is at least two ads and at least two independent families of evidence that they are
organized. It always carries what speaks against it and the innocent reading. The order is the
order of review, nothing else: it is no measure of anybody.
"""

from __future__ import annotations

from typing import NamedTuple

import daft
import numpy as np
import pyarrow as pa

from harborlight.recognize import schema
from harborlight.recognize.review import findings
from harborlight.recognize.review.evidence import ALONE, AWAY, TOWARD, Kind, catalogue
from harborlight.recognize.review.innocent_reading import innocent_reading
from harborlight.recognize.review.posts import posts as gather
from harborlight.recognize.runtime import tally
from harborlight.recognize.runtime.tally import Finding, Ints, Posts

#: How leads are put in order, for whoever asks.
ORDER = (
    "First come the leads with more independent families of evidence after taking off the "
    "families of counter-evidence; then those with more families of evidence, then more towns, "
    "then more ads, then the lower organization number."
)
FAMILIES = 2  # that a lead needs


def review(
    ads: daft.DataFrame,
    signals: daft.DataFrame,
    templates: daft.DataFrame,
    members: daft.DataFrame,
    organizations: daft.DataFrame,
    belongs: daft.DataFrame,
    links: daft.DataFrame,
    moves: daft.DataFrame,
) -> daft.DataFrame:
    """Leads in review order, from the tables of the earlier stages (see ``schema``)."""
    named = tally.arrow(
        organizations.select(
            "organization", "organization_id", "ads", "phones", "emails", "handles"
        ).sort("organization")
    )
    ids: list[str] = named["organization_id"].to_pylist()
    number = tally.ints(named["organization"])
    posts = gather(ads, signals, members, belongs, number)
    if not len(ids) or not len(posts.ad):
        return daft.from_arrow(schema.LEADS.empty_table())
    found = findings.measure(ads, signals, templates, named, links, moves, posts)
    toward, away = _families(found, TOWARD), _families(found, AWAY)
    size = tally.ints(named["ads"])
    is_lead = (toward >= FAMILIES) & (size >= 2)
    towns, _ = tally.per_organization(posts, posts.town)
    leads = np.flatnonzero(is_lead)
    leads = leads[
        np.lexsort((leads, -size[leads], -towns[leads], -toward[leads], (away - toward)[leads]))
    ]
    ad_ids = _ad_ids(ads, posts, found, leads)
    known = catalogue()
    shown = [
        _Shown(kind, f.amount.tolist(), f.start.tolist(), [ad_ids.get(r) for r in f.rows.tolist()])
        for kind in [*known.of(TOWARD), *known.of(ALONE), *known.of(AWAY)]
        for f in [found[kind.key]]
    ]
    rows = [
        _lead(place, o, ids[o], ads_of, shown)
        for place, (o, ads_of) in enumerate(
            zip(leads.tolist(), size[leads].tolist(), strict=True), 1
        )
    ]
    return daft.from_arrow(pa.Table.from_pylist(rows, schema=schema.LEADS))


def _families(found: dict[str, Finding], direction: str) -> Ints:
    """How many families of one direction each organization shows."""
    shown: dict[str, Ints] = {}
    for kind in catalogue().of(direction):
        here = (found[kind.key].amount > 0).astype(np.int64)
        shown[kind.family] = np.maximum(shown.get(kind.family, here), here)
    return np.asarray(np.sum(list(shown.values()), axis=0), dtype=np.int64)


def _ad_ids(
    ads: daft.DataFrame, posts: Posts, found: dict[str, Finding], leads: Ints
) -> dict[int, str]:
    """The ad_id of every row that some lead's evidence names."""
    rows = [
        f.rows[np.repeat(np.isin(np.arange(posts.count), leads), np.diff(f.start))]
        for f in found.values()
    ]
    needed = np.unique(np.concatenate(rows))
    wanted = daft.from_arrow(pa.table({"ad": posts.ad[needed], "row": needed}))
    table = ads.select("ad", "ad_id").join(wanted, on="ad").select("row", "ad_id").to_arrow()
    return dict(zip(table["row"].to_pylist(), table["ad_id"].to_pylist(), strict=True))


class _Shown(NamedTuple):
    """A kind with what was found of it, as lists; the ad_ids of leads only."""

    kind: Kind
    amount: list[float]
    start: list[int]
    ads: list[str | None]


def _lead(
    place: int, organization: int, organization_id: str, size: int, shown: list[_Shown]
) -> dict[str, object]:
    evidence: list[dict[str, object]] = []
    counter: list[dict[str, object]] = []
    kinds: list[Kind] = []
    for kind, amounts, start, ads in shown:
        amount = amounts[organization]
        if amount <= 0:
            continue
        kinds.append(kind)
        entry: dict[str, object] = {
            "kind": kind.key,
            "statement": kind.state(amount),
            "amount": round(amount, 3),
            "ads": ads[start[organization] : start[organization + 1]],
        }
        (counter if kind.direction == AWAY else evidence).append(entry)
    return {
        "lead_id": f"L{place:04d}",
        "review_order": place,
        "organization_id": organization_id,
        "ads": size,
        "evidence": evidence,
        "counter_evidence": counter,
        "innocent_reading": innocent_reading(tuple(kinds)),
    }
