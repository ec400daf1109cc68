"""The ads of organizations as arrays, which the kinds of evidence are counted on."""

from __future__ import annotations

import daft
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from daft import col

from harborlight.places.gazetteer import gazetteer
from harborlight.recognize.movement.stays import Towns, towns_of
from harborlight.recognize.runtime.tally import Floats, Ints, Posts, arrow, codes, ints, look_up

DAY = 86_400_000_000  # microseconds
#: A day with so large a share of all dated ads, and so many, is the day they were collected.
COLLECTED_SHARE, COLLECTED_ADS = 0.1, 100


def posts(
    ads: daft.DataFrame,
    signals: daft.DataFrame,
    members: daft.DataFrame,
    belongs: daft.DataFrame,
    organizations: Ints,
) -> Posts:
    """Gather the ads of organizations; organization o has the o-th of the sorted numbers."""
    of = arrow(belongs.select("ad", "organization").sort("ad"))
    ad, organization = ints(of["ad"]), look_up(organizations, ints(of["organization"]))
    about = arrow(
        ads.select("ad", "posted_at", "site", "place", "latitude", "longitude").sort("ad")
    )
    site, names = codes(about["site"])
    at = look_up(ints(about["ad"]), ad)
    all_when = ints(about["posted_at"].cast(pa.timestamp("us", "UTC")).cast(pa.int64()))
    about = about.take(pa.array(at))
    when = all_when[at]
    day = _days(when)
    written = arrow(members.select("ad", "template").sort(["ad", "template"]))
    place = look_up(ints(written["ad"]), ad)
    template = np.full(len(ad), -1, dtype=np.int64)
    template[place >= 0] = ints(written["template"])[place[place >= 0]]
    towns = _towns(about, ad, signals)
    return Posts(
        ad=ad,
        organization=organization,
        count=len(organizations),
        day=day,
        busy_day=np.where(np.isin(day, _days_of_collection(_days(all_when))), -1, day),
        when=when,
        site=site[at],
        sites=len(names),
        town=towns.code,
        towns=towns.keys,
        template=template,
    )


def _days(when: Ints) -> Ints:
    return np.where(when == -1, -1, when // DAY)


def _days_of_collection(day: Ints) -> Ints:
    days, ads = np.unique(day[day >= 0], return_counts=True)
    collected = (ads >= COLLECTED_ADS) & (ads >= COLLECTED_SHARE * ads.sum())
    return np.asarray(days[collected], dtype=np.int64)


def _towns(about: pa.Table, ad: Ints, signals: daft.DataFrame) -> Towns:
    """The town each ad was posted for, as the movement stage sees it."""
    named = arrow(signals.where(col("kind").is_in(["place"])).select("ad", "value"))
    row = look_up(ad, ints(named["ad"]))
    return towns_of(
        gazetteer(),
        about["place"],
        _degrees(about["latitude"]),
        _degrees(about["longitude"]),
        row[row >= 0],
        named["value"].filter(pa.array(row >= 0)),
    )


def _degrees(column: pa.ChunkedArray) -> Floats:
    return np.asarray(pc.fill_null(column, float("nan")).to_numpy(), dtype=np.float64)
