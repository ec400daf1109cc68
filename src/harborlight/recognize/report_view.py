"""What the report shows, gathered from the tables into plain values for its template."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc

from harborlight.recognize.evidence import ALONE, Kind, catalogue
from harborlight.recognize.schema import FIELDS

ADS_SHOWN, WORDINGS_SHOWN, SHOWN_OF_LIST, TEXT_SHOWN, STEPS_SHOWN = 8, 3, 12, 2_000, 12

MONTHS = "January February March April May June July August September October November December"

SLOT_KINDS = {
    "name": "a name",
    "place": "a place",
    "phone": "a phone",
    "price": "a price",
    "time": "a time",
    "free": "any words",
}


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
    wordings: Listed  # of template ids
    shown_wordings: list[Wording]
    steps: list[dict[str, str]]
    steps_left: int
    after: list[str]
    ad_texts: list[Ad]


def listed(values: list[str], most: int = SHOWN_OF_LIST) -> Listed:
    """The first `most` of some values."""
    return Listed(values[:most], len(values))


def day(moment: datetime | None) -> str:
    """A date as people write it: 9 January 2017."""
    return f"{moment.day} {MONTHS.split()[moment.month - 1]} {moment.year}" if moment else "no date"


def period(first: datetime | None, last: datetime | None) -> str:
    """From a date to a date."""
    if first is None or last is None:
        return "no dates"
    return day(first) if first.date() == last.date() else f"{day(first)} to {day(last)}"


def phone(value: str) -> str:
    """E.164 in groups, as it is read aloud."""
    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return value
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def digest(ads: pa.Table) -> str:
    """SHA-256 of the accepted ads, whatever files and order they came in."""
    sha = hashlib.sha256()
    for name in FIELDS:
        column = ads[name]
        sha.update(name.encode())
        sha.update(np.packbits(np.asarray(column.is_valid().to_numpy(), dtype=bool)).tobytes())
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            for chunk in pc.fill_null(column, "").chunks:
                sha.update(pc.binary_length(chunk).to_numpy().astype("<i8").tobytes())
            for chunk in pc.fill_null(column, "").chunks:
                _update_with_text(sha, chunk.cast(pa.large_string()))
        elif pa.types.is_timestamp(column.type):
            whole = pc.fill_null(column.cast(pa.int64()), 0).to_numpy()
            sha.update(whole.astype("<i8").tobytes())
        else:
            sha.update(pc.fill_null(column, 0.0).to_numpy().astype("<f8").tobytes())
    return sha.hexdigest()


def _update_with_text(sha: Any, strings: pa.Array) -> None:
    _, offsets, data = strings.buffers()
    if data is None or not len(strings):
        return
    at = np.frombuffer(offsets, dtype=np.int64)[strings.offset : strings.offset + len(strings) + 1]
    sha.update(memoryview(data)[int(at[0]) : int(at[-1])])


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


def shown_leads(tables: Any, most: int) -> list[Lead]:
    """The first `most` leads in full. `tables` is a ReportInput."""
    leads = tables.leads.sort_by("review_order").slice(0, most).to_pylist()
    ids = pa.array([lead["organization_id"] for lead in leads], pa.string())
    rows = _only(tables.organizations, "organization_id", ids).to_pylist()
    organizations = {row["organization_id"]: row for row in rows}
    moves: dict[str, list[dict[str, Any]]] = {}
    ours = _only(tables.moves, "organization_id", ids)
    keys = [("organization_id", "ascending"), ("kind", "ascending"), ("sequence", "ascending")]
    for move in ours.sort_by(keys).to_pylist():
        moves.setdefault(move["organization_id"], []).append(move)
    wanted = [t for row in rows for t in row["templates"]]
    templates = {
        row["template_id"]: row
        for row in _only(tables.templates, "template_id", pa.array(wanted, pa.string())).to_pylist()
    }
    shown_ads = _ads_of(tables, leads, organizations)
    return [
        _lead(
            lead,
            organizations[lead["organization_id"]],
            templates,
            moves.get(lead["organization_id"], []),
            shown_ads[lead["lead_id"]],
        )
        for lead in leads
    ]


def _only(table: pa.Table, column: str, values: pa.Array) -> pa.Table:
    return table.filter(pc.is_in(table[column], values.cast(table[column].type)))


def _ads_of(
    tables: Any, leads: list[dict[str, Any]], organizations: dict[str, Any]
) -> dict[str, list[Ad]]:
    """A few ads of each lead: those that its evidence names, then others."""
    numbers = {o: row["organization"] for o, row in organizations.items()}
    belongs = _only(tables.belongs, "organization", pa.array(sorted(numbers.values()), pa.int64()))
    ads = _only(tables.ads, "ad", belongs["ad"].combine_chunks())
    ad = ads["ad"].to_numpy()
    of: dict[int, list[int]] = {}
    at = np.searchsorted(ad, belongs["ad"].to_numpy())
    for organization, row in zip(belongs["organization"].to_pylist(), at.tolist(), strict=True):
        of.setdefault(organization, []).append(row)
    names: list[str] = ads["ad_id"].to_pylist()
    chosen: dict[str, list[Ad]] = {}
    for lead in leads:
        rows = sorted(of[numbers[lead["organization_id"]]])
        by_id = {names[row]: row for row in rows}
        named: Counter[str] = Counter()
        for evidence in [*lead["evidence"], *lead["counter_evidence"]]:
            named.update(evidence["ads"])
        first = sorted((a for a in named if a in by_id), key=lambda a: (-named[a], a))
        order = [by_id[a] for a in first] + [row for row in rows if names[row] not in named]
        order = sorted(order[:ADS_SHOWN])
        chosen[lead["lead_id"]] = [_ad(row) for row in ads.take(pa.array(order)).to_pylist()]
    return chosen


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
        towns=listed(organization["places"]),
        sites=listed(organization["sites"]),
        evidence=[e for e in evidence if e.kind.direction != ALONE],
        context=[e for e in evidence if e.kind.direction == ALONE],
        counter=told(lead["counter_evidence"]),
        innocent=lead["innocent_reading"],
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
    if move["kind"] == "relinked":
        where = " / ".join(filter(None, [move["to_site"], move["to_section"]]))
        return (
            f"After {move['closed']} closed: relinked, {move['ads']:,} ads on {where} "
            f"from {day(move['arrived_at'])}."
        )
    if move["kind"] == "not seen":
        return f"After {move['closed']} closed: not seen again on the sites of this run."
    if move["kind"] == "unresolved":
        return f"After {move['closed']} closed: unresolved, the sites read cannot tell."
    return ""
