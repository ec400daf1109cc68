"""A small world for tests of the last stages: ads by hand, the tables that earlier stages make."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import daft
import pyarrow as pa

from harborlight.recognize import schema
from harborlight.recognize.report.stage import ReportInput
from harborlight.recognize.review.stage import review
from harborlight.recognize.signals.stage import signals

START = datetime(2016, 10, 3, 12, tzinfo=UTC)
NUMBERS = ("phones", "emails", "handles", "links", "images", "sites", "places")


@dataclass
class World:
    """Ads with the template and organization each is given."""

    ads: list[dict[str, Any]] = field(default_factory=list)
    template: dict[str, str] = field(default_factory=dict)  # ad_id: template
    organization: dict[str, str] = field(default_factory=dict)  # ad_id: organization
    slots: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    refused: list[tuple[str, str, str]] = field(default_factory=list)  # ad_id, kind, value

    def post(
        self,
        text: str,
        organization: str | None = None,
        template: str | None = None,
        day: float = 0,
        **fields: Any,
    ) -> str:
        """Add an ad, `day` days after the start; returns its id."""
        ad_id = fields.pop("ad_id", f"a{len(self.ads):04d}")
        posted = START + timedelta(days=day)
        self.ads.append({"ad_id": ad_id, "text": text, "posted_at": posted, **fields})
        if organization:
            self.organization[ad_id] = organization
        if template:
            self.template[ad_id] = template
        return str(ad_id)

    def tables(self, moves: Iterable[dict[str, Any]] = ()) -> dict[str, pa.Table]:
        """The tables of schema.py, by the names of ReportInput; without leads."""
        rows = sorted(self.ads, key=lambda ad: ad["ad_id"])
        number = {ad["ad_id"]: n for n, ad in enumerate(rows)}
        ads = _table([{**ad, "ad": number[ad["ad_id"]]} for ad in rows], schema.ADS)
        found = signals(daft.from_arrow(ads)).to_arrow().cast(schema.SIGNALS)
        refused = {(number[ad], kind, value) for ad, kind, value in self.refused}
        names = sorted(set(self.organization.values()))
        kept: dict[str, dict[str, set[str]]] = {o: {n: set() for n in NUMBERS} for o in names}
        by_number = {number[ad]: o for ad, o in self.organization.items()}
        links = []
        for one in found.to_pylist():
            organization = by_number.get(one["ad"])
            identifier = f"{one['kind']}s" in NUMBERS and one["field"] != "url"
            if organization and identifier and one["kind"] != "place":
                no = (one["ad"], one["kind"], one["value"]) in refused
                links.append(
                    {
                        "source": f"ad:{rows[one['ad']]['ad_id']}",
                        "target": f"{one['kind']}:{one['value']}",
                        "kind": one["kind"],
                        "weight": 1.0,
                        "kept": not no,
                        "reason": "generic: a hotline" if no else None,
                        "organization_id": None if no else organization,
                    }
                )
                if not no:
                    kept[organization][f"{one['kind']}s"].add(one["value"])
        for ad in rows:
            organization = self.organization.get(ad["ad_id"])
            if organization and ad.get("site"):
                kept[organization]["sites"].add(ad["site"])
        templates = sorted(set(self.template.values()))
        of_template = {t: [a for a, x in self.template.items() if x == t] for t in templates}
        return {
            "ads": ads,
            "signals": found,
            "templates": _table(
                [
                    {
                        "template": n,
                        "template_id": t,
                        "ads": len(of_template[t]),
                        "pattern": "constant words {1} and more",
                        "slots": self.slots.get(t, [{"kind": "free", "examples": ["x"]}]),
                        "constant_words": 4,
                        "explained": 0.9,
                    }
                    for n, t in enumerate(templates)
                ],
                schema.TEMPLATES,
            ),
            "members": _table(
                [
                    {"ad": number[ad], "template": templates.index(t), "explained": 0.9}
                    for ad, t in sorted(self.template.items())
                ],
                schema.MEMBERS,
            ),
            "organizations": _table(
                [
                    {
                        "organization": n,
                        "organization_id": o,
                        "ads": sum(x == o for x in self.organization.values()),
                        "templates": sorted(
                            {self.template[a] for a, x in self.organization.items()
                             if x == o and a in self.template}
                        ),
                        **{name: sorted(values) for name, values in kept[o].items()},
                        "first_posted": START,
                        "last_posted": START,
                    }
                    for n, o in enumerate(names)
                ],
                schema.ORGANIZATIONS,
            ),
            "belongs": _table(
                [
                    {"ad": number[ad], "organization": names.index(o)}
                    for ad, o in sorted(self.organization.items())
                ],
                schema.BELONGS,
            ),
            "links": _table(links, schema.LINKS),
            "moves": _table(list(moves), schema.MOVES),
        }  # fmt: skip


def _table(rows: list[dict[str, Any]], of: pa.Schema) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=of)


STAGES = (
    *("ads", "signals", "templates", "members"),
    *("organizations", "belongs", "links", "moves"),
)


def leads(tables: dict[str, pa.Table], shuffled: int | None = None) -> pa.Table:
    """Review the tables, their rows in another order when a seed is given."""
    frames = []
    for name in STAGES:
        table = tables[name]
        if shuffled is not None:
            order = list(range(table.num_rows))
            random.Random(shuffled).shuffle(order)
            table = table.take(pa.array(order, pa.int64()))
        frames.append(daft.from_arrow(table))
    return review(*frames).to_arrow().cast(schema.LEADS)


def results(tables: dict[str, pa.Table], **more: Any) -> ReportInput:
    """What the report is given for these tables."""
    return ReportInput(
        **{name: tables[name] for name in STAGES},
        leads=leads(tables),
        rejects=more.pop("rejects", schema.REJECTS.empty_table()),
        **more,
    )


def crew(world: World, name: str, phones: list[str], towns: list[str], **fields: Any) -> None:
    """An organization: one wording, its phones, its towns, an ad a day."""
    for day, town in enumerate(towns * 2):
        phone = phones[day % len(phones)]
        world.post(
            f"We haul away sofas and stoves in any weather, call {phone}",
            organization=name,
            template=f"T-{name}",
            day=day,
            place=town,
            **fields,
        )
