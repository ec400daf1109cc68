"""What the report shows, gathered from the tables into plain values for its template."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from harborlight.recognize.movement.closing import parse_closed
from harborlight.recognize.report.figures import Figure, of_lead
from harborlight.recognize.report.formatting import day, period, phone
from harborlight.recognize.report.rows import Behind, lead_rows, only
from harborlight.recognize.review.evidence import ALONE, TOWARD, Kind, catalogue

ADS_SHOWN, WORDINGS_SHOWN, SHOWN_OF_LIST, TEXT_SHOWN, STEPS_SHOWN = 8, 3, 12, 2_000, 12

SLOT_KINDS = ("name", "place", "phone", "price", "time", "free")


@dataclass(frozen=True)
class Evidence:
    """One finding of a lead."""

    kind: Kind
    statement: str
    ads: list[str]  # ad_ids that show it


@dataclass(frozen=True)
class Part:
    """A piece of a wording: constant words, or a slot when `kind` is given."""

    words: str
    kind: str = ""
    number: int = 0
    more: int = 0  # further examples


@dataclass(frozen=True)
class Wording:
    """One template of a lead."""

    template_id: str
    ads: int
    explained: float  # 0..1
    parts: list[Part]
    slots: list[tuple[int, str, list[str]]]  # number, kind, examples


@dataclass(frozen=True)
class Ad:
    """An ad behind a click."""

    ad_id: str
    posted: str
    site: str
    place: str
    title: str
    text: str


@dataclass(frozen=True)
class Listed:
    """The first of many values and how many there are."""

    first: list[str]
    count: int

    @property
    def more(self) -> int:
        """How many are not in `first`."""
        return self.count - len(self.first)


@dataclass(frozen=True)
class Lead:
    """One lead in full."""

    lead_id: str
    order: int
    organization_id: str
    ads: int
    period: str
    phones: Listed
    others: Listed  # e-mail addresses, handles, links
    towns: Listed
    sites: Listed
    evidence: list[Evidence]
    context: list[Evidence]
    counter: list[Evidence]
    innocent: str
    toward: int  # families
    away: int
    wordings: Listed  # of template ids
    shown_wordings: list[Wording]
    steps: list[dict[str, str]]
    steps_left: int
    after: list[str]
    ad_texts: list[Ad]


def listed(values: list[str], most: int = SHOWN_OF_LIST) -> Listed:
    """The first `most` of some values."""
    return Listed(values[:most], len(values))


def parts(pattern: str, slots: list[dict[str, Any]]) -> list[Part]:
    """A template's pattern in pieces; a number that is no slot's stays words."""
    pieces: list[Part] = []
    at = 0
    for match in re.finditer(r"\{(\d{1,4})\}", pattern):
        number = int(match[1])
        if not 1 <= number <= len(slots):
            continue
        if match.start() > at:
            pieces.append(Part(pattern[at : match.start()]))
        slot = slots[number - 1]
        examples = slot["examples"] or []
        kind = slot["kind"] if slot["kind"] in SLOT_KINDS else "free"
        words = examples[0] if examples else ""
        pieces.append(Part(words, kind, number, max(0, len(examples) - 1)))
        at = match.end()
    if at < len(pattern):
        pieces.append(Part(pattern[at:]))
    return pieces


def shown_leads(tables: Any, most: int) -> tuple[list[Lead], dict[str, list[Figure]]]:
    """The first `most` leads in full and the drawings of each. `tables` is a ReportInput."""
    leads = tables.leads.sort_by("review_order").slice(0, most).to_pylist()
    ids = [lead["organization_id"] for lead in leads]
    rows = only(tables.organizations, "organization_id", pa.array(ids, pa.string())).to_pylist()
    organizations = {row["organization_id"]: row for row in rows}
    moves: dict[str, list[dict[str, Any]]] = {name: [] for name in ids}
    keys = [("organization_id", "ascending"), ("kind", "ascending"), ("sequence", "ascending")]
    ours = only(tables.moves, "organization_id", pa.array(ids, pa.string()))
    for move in ours.sort_by(keys).to_pylist():
        moves[move["organization_id"]].append(move)
    wanted = pa.array([t for row in rows for t in row["templates"]], pa.string())
    templates = {
        row["template_id"]: row for row in only(tables.templates, "template_id", wanted).to_pylist()
    }
    found = lead_rows(tables, ids)
    closings = [closing.closed for closing in tables.displacement]
    shown, drawn = [], {}
    for lead, name in zip(leads, ids, strict=True):
        behind = found.behind[name]
        ads = _ads_of(lead, found.ads, behind.rows)
        shown.append(_lead(lead, organizations[name], behind, templates, moves[name], ads))
        drawn[lead["lead_id"]] = of_lead(behind, moves[name], closings)
    return shown, drawn


def _ads_of(lead: dict[str, Any], ads: pa.Table, rows: list[int]) -> list[Ad]:
    """A few ads of a lead: those that its evidence names most, then others."""
    mine = ads.take(pa.array(rows, pa.int64())).select(["ad_id"])["ad_id"].to_pylist()
    named: Counter[str] = Counter()
    for evidence in [*lead["evidence"], *lead["counter_evidence"]]:
        named.update(evidence["ads"])
    order = sorted(zip(mine, rows, strict=True), key=lambda one: (-named[one[0]], one[1]))
    chosen = sorted(row for _, row in order[:ADS_SHOWN])
    return [_ad(row) for row in ads.take(pa.array(chosen, pa.int64())).to_pylist()]


def _ad(row: dict[str, Any]) -> Ad:
    return Ad(
        ad_id=row["ad_id"],
        posted=day(row["posted_at"]),
        site=" / ".join(filter(None, [row["site"], row["section"]])),
        place=row["place"] or "",
        title=row["title"] or "",
        text=row["text"],
    )


def _lead(
    lead: dict[str, Any],
    organization: dict[str, Any],
    behind: Behind,
    templates: dict[str, dict[str, Any]],
    moves: list[dict[str, Any]],
    ads: list[Ad],
) -> Lead:
    kinds = catalogue().kinds

    def told(entries: list[dict[str, Any]]) -> list[Evidence]:
        return [Evidence(kinds[e["kind"]], e["statement"], e["ads"]) for e in entries]

    evidence = told(lead["evidence"])
    own = sorted(
        (templates[t] for t in organization["templates"] if t in templates),
        key=lambda row: (-row["ads"], row["template_id"]),
    )
    steps = [m for m in moves if m["kind"] == "move"]
    others = [*organization["emails"], *organization["handles"], *organization["links"]]
    return Lead(
        lead_id=lead["lead_id"],
        order=lead["review_order"],
        organization_id=lead["organization_id"],
        ads=lead["ads"],
        period=period(organization["first_posted"], organization["last_posted"]),
        phones=listed([phone(p) for p in organization["phones"]]),
        others=listed(others),
        towns=listed(sorted(behind.towns, key=lambda town: (-behind.towns[town], town))),
        sites=listed(organization["sites"]),
        evidence=[e for e in evidence if e.kind.direction != ALONE],
        context=[e for e in evidence if e.kind.direction == ALONE],
        counter=told(lead["counter_evidence"]),
        innocent=lead["innocent_reading"],
        toward=len({e.kind.family for e in evidence if e.kind.direction == TOWARD}),
        away=len({kinds[e["kind"]].family for e in lead["counter_evidence"]}),
        wordings=Listed([row["template_id"] for row in own[:WORDINGS_SHOWN]], len(own)),
        shown_wordings=[_wording(row) for row in own[:WORDINGS_SHOWN]],
        steps=[_step(m) for m in steps[:STEPS_SHOWN]],
        steps_left=max(0, len(steps) - STEPS_SHOWN),
        after=[sentence for m in moves if (sentence := _after(m))],
        ad_texts=ads,
    )


def _wording(row: dict[str, Any]) -> Wording:
    slots = row["slots"]
    return Wording(
        template_id=row["template_id"],
        ads=row["ads"],
        explained=row["explained"],
        parts=parts(row["pattern"], slots),
        slots=[
            (number, slot["kind"] if slot["kind"] in SLOT_KINDS else "free", slot["examples"] or [])
            for number, slot in enumerate(slots, 1)
        ],
    )


def _step(move: dict[str, Any]) -> dict[str, str]:
    return {
        "from": move["from_place"] or "",
        "to": move["to_place"] or "",
        "left": day(move["left_at"]),
        "arrived": day(move["arrived_at"]),
        "kilometers": "" if move["kilometers"] is None else f"{move['kilometers']:,.0f}",
        "ads": f"{move['ads']:,}",
        "round": "" if move["circuit"] is None else str(move["circuit"]),
    }


def _after(move: dict[str, Any]) -> str:
    """What became of the lead after a closed section, in a sentence; empty for moves of towns."""
    if not move["closed"]:
        return ""
    section = parse_closed(move["closed"])
    after = f"After {section.place} closed on {day(section.date)}"
    if move["kind"] == "relinked":
        where = " / ".join(filter(None, [move["to_site"], move["to_section"]]))
        return f"{after}: relinked, {move['ads']:,} ads on {where} from {day(move['arrived_at'])}."
    if move["kind"] == "not seen":
        return f"{after}: not seen again on the sites of this run."
    if move["kind"] == "unresolved":
        return f"{after}: unresolved, the sites read cannot tell."
    return ""
