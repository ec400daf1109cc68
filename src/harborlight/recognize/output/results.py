"""A run's folder, read back: each lead whole, and without the names that only that run knows.

Ids of templates and organizations belong to one run. Here the wordings of a lead are "wording 1",
"wording 2" by how many ads follow them, and its ads are numbered: first those that its evidence
names, then the others by time. So a later run that finds the same gives the same content.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from harborlight.recognize import schema
from harborlight.recognize.errors import InputError
from harborlight.recognize.output.tables import ADS_OUT, SIGNALS_OUT
from harborlight.recognize.report.rows import Behind, lead_rows, only
from harborlight.recognize.review.evidence import TOWARD, catalogue

#: Files that are read, and the columns that each must have.
TABLES: dict[str, pa.Schema] = {
    "ads": ADS_OUT,
    "signals": SIGNALS_OUT,
    "templates": schema.TEMPLATES,
    "organizations": schema.ORGANIZATIONS,
    "links": schema.LINKS,
    "moves": schema.MOVES,
    "leads": schema.LEADS,
}
NEEDED = (*(f"{name}.parquet" for name in TABLES), "run.json")
REFUSED_KEPT = 200
AD_FIELDS = ("ad_id", "posted_at", "site", "section", "place", "title", "text", "phone", "url")

Source = Path | Mapping[str, bytes]


@dataclass(frozen=True)
class LeadFound:
    """One lead of a run. `content` is what JSON can hold; ads are named by their number in `ads`.

    `keys` are digests of what the ads say, where and when: by them a later run's lead is known to
    be the same, whatever it calls its ads.
    """

    review_order: int
    toward: int  # families
    away: int
    keys: frozenset[str]
    content: dict[str, Any]
    ads: list[dict[str, Any]]
    ties: dict[str, list[list[Any]]]  # kept and refused: [source, target, kind, weight or reason]


@dataclass(frozen=True)
class Results:
    """What a folder holds. `digest` is the same for every run that found the same."""

    digest: str
    version: str
    ads: int
    leads: list[LeadFound] = field(default_factory=list)


def read(source: Source, most_rows: int = 20_000_000) -> Results:
    """Read a run's folder, or its files as bytes by name. InputError says what is wrong."""
    told = _run_json(source)
    tables = {name: _table(source, name, columns, most_rows) for name, columns in TABLES.items()}
    sha = hashlib.sha256()
    for name, table in tables.items():
        sha.update(name.encode() + _content_digest(table))
    closed = [each["closed"] for each in told.get("displacement", [])]
    try:
        leads = _leads(tables, closed)
    except (KeyError, ValueError, TypeError, IndexError) as error:
        raise InputError(f"the files of this run do not fit together: {error!r}") from None
    return Results(sha.hexdigest(), str(told["harborlight"]), tables["ads"].num_rows, leads)


def _run_json(source: Source) -> dict[str, Any]:
    missing = [name for name in NEEDED if not _has(source, name)]
    if missing:
        where = f"{source}: " if isinstance(source, Path) else ""
        raise InputError(
            f"{where}not a folder that `harborlight recognize` wrote: {missing[0]} is missing"
        )
    try:
        told = json.loads(_bytes(source, "run.json"))
        if "harborlight" not in told:
            raise ValueError
    except (ValueError, TypeError, RecursionError):
        raise InputError("run.json is not what `harborlight recognize` wrote") from None
    found: dict[str, Any] = told
    return found


def _has(source: Source, name: str) -> bool:
    return (source / name).is_file() if isinstance(source, Path) else name in source


def _bytes(source: Source, name: str) -> bytes:
    return (source / name).read_bytes() if isinstance(source, Path) else source[name]


def _table(source: Source, name: str, columns: pa.Schema, most_rows: int) -> pa.Table:
    file = f"{name}.parquet"
    try:
        opened = pq.ParquetFile(
            str(source / file) if isinstance(source, Path) else io.BytesIO(source[file])
        )
        if opened.metadata.num_rows > most_rows:
            raise InputError(f"{file} has more than {most_rows:,} rows")
        missing = [each for each in columns.names if each not in opened.schema_arrow.names]
        if missing:
            raise InputError(f"{file} has no column {missing[0]}")
        return opened.read(columns=columns.names).select(columns.names).cast(columns)
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        told = " ".join(str(error).split())[:200]
        raise InputError(f"{file} cannot be read: {told}") from None


def _content_digest(table: pa.Table) -> bytes:
    out = io.BytesIO()
    combined = table.combine_chunks().replace_schema_metadata(None)
    with pa.ipc.new_stream(out, combined.schema) as writer:
        writer.write_table(combined)
    return hashlib.sha256(out.getbuffer()).digest()


def _leads(tables: dict[str, pa.Table], closed: list[str]) -> list[LeadFound]:
    """Every lead, in review order."""
    led = tables["leads"].sort_by("review_order").to_pylist()
    ids = [lead["organization_id"] for lead in led]
    if not ids:
        return []
    by_id = {
        row["organization_id"]: row
        for row in only(tables["organizations"], "organization_id", pa.array(ids)).to_pylist()
    }
    run = _numbered(tables)
    found = lead_rows(run, ids)
    templates = {row["template_id"]: row for row in tables["templates"].to_pylist()}
    moves = _by_organization(tables["moves"], ids, "kind", "sequence")
    kept = _by_organization(tables["links"].filter(tables["links"]["kept"]), ids, "source")
    ad_rows = found.ads.to_pylist()
    ad_ids = found.ads["ad_id"].to_pylist()
    refused = _refused(tables["links"], {f"ad:{ad_id}" for ad_id in ad_ids})
    template_of = dict(
        zip(
            tables["ads"]["ad_id"].to_pylist(), tables["ads"]["template_id"].to_pylist(),
            strict=True,
        )
    )  # fmt: skip
    return [
        _lead(
            lead,
            by_id[name],
            found.behind[name],
            [
                {**ad_rows[row], "template_id": template_of[ad_ids[row]]}
                for row in found.behind[name].rows
            ],
            templates,
            moves[name],
            kept[name],
            refused,
            closed,
        )
        for lead, name in zip(led, ids, strict=True)
    ]


def _numbered(tables: dict[str, pa.Table]) -> Any:
    """The tables as the report takes them: ads by number, not by id."""
    ads = tables["ads"].sort_by("ad_id")
    ads = ads.append_column("ad", pa.array(range(ads.num_rows), pa.int64()))
    ad_ids = ads["ad_id"].combine_chunks()
    signals = tables["signals"]
    number = pc.index_in(signals["ad_id"], value_set=ad_ids).cast(pa.int64())
    belongs = ads.filter(pc.is_valid(ads["organization_id"]))
    members = ads.filter(pc.is_valid(ads["template_id"]))
    return SimpleNamespace(
        ads=ads,
        signals=signals.append_column("ad", number).filter(pc.is_valid(number)),
        templates=tables["templates"],
        organizations=tables["organizations"],
        belongs=_to_numbers(belongs, "organization", tables["organizations"]),
        members=_to_numbers(members, "template", tables["templates"]),
    )


def _to_numbers(ads: pa.Table, kind: str, named: pa.Table) -> pa.Table:
    """Which ad is of which organization or template, by number."""
    ids = named[f"{kind}_id"].combine_chunks()
    at = pc.index_in(ads[f"{kind}_id"], value_set=ids)
    return pa.table({"ad": ads["ad"], kind: named[kind].combine_chunks().take(at.combine_chunks())})


def _by_organization(
    table: pa.Table, ids: list[str], *order: str
) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in ids}
    ours = only(table, "organization_id", pa.array(ids, pa.string()))
    for row in ours.sort_by([(name, "ascending") for name in order]).to_pylist():
        rows[row["organization_id"]].append(row)
    return rows


def _refused(links: pa.Table, nodes: set[str]) -> dict[str, list[dict[str, Any]]]:
    """Refused ties by each ad that they would tie."""
    table = links.filter(pc.invert(links["kept"]))
    ours = pa.array(sorted(nodes), pa.string())
    either = pc.or_(pc.is_in(table["source"], ours), pc.is_in(table["target"], ours))
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    order = [("source", "ascending"), ("target", "ascending"), ("kind", "ascending")]
    for row in table.filter(either).sort_by(order).to_pylist():
        for node in {row["source"], row["target"]} & nodes:
            found[node].append(row)
    return found


def _lead(
    lead: dict[str, Any],
    organization: dict[str, Any],
    behind: Behind,
    ads: list[dict[str, Any]],
    templates: dict[str, dict[str, Any]],
    moves: list[dict[str, Any]],
    kept: list[dict[str, Any]],
    refused: dict[str, list[dict[str, Any]]],
    closed: list[str],
) -> LeadFound:
    kinds = catalogue().kinds
    own = sorted(
        (templates[name] for name in organization["templates"] if name in templates),
        key=lambda row: (-row["ads"], row["pattern"], row["template_id"]),
    )
    wording = {row["template_id"]: str(n) for n, row in enumerate(own, 1)}
    ordered = _ordered(lead, ads)
    number = {ad["ad_id"]: n for n, ad in enumerate(ordered, 1)}

    def told(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            {
                "kind": entry["kind"],
                "statement": entry["statement"],
                "amount": entry["amount"],
                "ads": [number[ad_id] for ad_id in entry["ads"] or [] if ad_id in number],
            }
            for entry in entries
        ]

    def node(name: str) -> str:
        kind, _, value = name.partition(":")
        if kind == "template":
            return f"template:{wording.get(value, '?')}"
        return f"ad:{number[value]}" if kind == "ad" and value in number else name

    evidence, counter = told(lead["evidence"]), told(lead["counter_evidence"])
    content = {
        **{
            name: sorted(organization[name])
            for name in ("phones", "emails", "handles", "links", "images", "sites")
        },
        "ads": len(ordered),
        "first": _time(organization["first_posted"]),
        "last": _time(organization["last_posted"]),
        "towns": [[town, n] for town, n in _most(behind.towns)],
        "evidence": evidence,
        "counter": counter,
        "innocent": lead["innocent_reading"],
        "wordings": [
            {
                "name": wording[row["template_id"]],
                "ads": row["ads"],
                "explained": round(row["explained"], 3),
                "pattern": row["pattern"],
                "slots": row["slots"],
            }
            for row in own
        ],
        "days": [[day.isoformat(), town, n] for (day, town), n in sorted(behind.days.items())],
        "wording_ads": sorted([wording.get(name, "?"), n] for name, n in behind.wordings.items()),
        "contacts": sorted([kind, value, n] for (kind, value), n in behind.contacts.items()),
        "ties": sorted([wording.get(t, "?"), k, v, n] for (t, k, v), n in behind.ties.items()),
        "moves": [_move(move) for move in moves],
        "closed": closed,
    }
    mine = [row for ad in ordered for row in refused.get(f"ad:{ad['ad_id']}", [])][:REFUSED_KEPT]
    return LeadFound(
        review_order=lead["review_order"],
        toward=len({kinds[e["kind"]].family for e in evidence if _points(e, TOWARD)}),
        away=len({kinds[e["kind"]].family for e in counter}),
        keys=frozenset(_key(ad) for ad in ordered),
        content=content,
        ads=[
            {
                **{
                    name: _time(ad[name]) if name == "posted_at" else ad[name] for name in AD_FIELDS
                },
                "wording": wording.get(ad["template_id"]),
            }
            for ad in ordered
        ],
        ties={
            "kept": sorted(
                [node(t["source"]), node(t["target"]), t["kind"], round(t["weight"], 4)]
                for t in kept
            ),
            "refused": sorted(
                [node(t["source"]), node(t["target"]), t["kind"], t["reason"] or ""] for t in mine
            ),
        },
    )


def _points(entry: dict[str, Any], direction: str) -> bool:
    return catalogue().kinds[entry["kind"]].direction == direction


def _ordered(lead: dict[str, Any], ads: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The ads that evidence names, most named first, then the others by time."""
    named: Counter[str] = Counter()
    for entry in [*lead["evidence"], *lead["counter_evidence"]]:
        named.update(entry["ads"] or [])
    return sorted(
        ads,
        key=lambda ad: (-named[ad["ad_id"]], _time(ad["posted_at"]) or "9", ad["ad_id"]),
    )


def _most(counted: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def _key(ad: dict[str, Any]) -> str:
    said = [_time(ad["posted_at"]), ad["site"], ad["title"], ad["text"]]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _move(move: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _time(value) if isinstance(value, datetime) else value
        for name, value in move.items()
        if name != "organization_id"
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def behind(content: dict[str, Any]) -> Behind:
    """What the drawings of a lead are made from, of its content."""
    return Behind(
        rows=[],
        days=Counter({(date.fromisoformat(d), town): n for d, town, n in content["days"]}),
        towns=Counter(dict(content["towns"])),
        wordings=Counter({f"wording {name}": n for name, n in content["wording_ads"]}),
        contacts=Counter({(kind, value): n for kind, value, n in content["contacts"]}),
        ties=Counter({(f"wording {w}", k, v): n for w, k, v, n in content["ties"]}),
    )


def ties(found: dict[str, list[list[Any]]]) -> pa.Table:
    """The kept ties of a lead as rows of LINKS, for `why.path`."""
    rows = [
        {"source": s, "target": t, "kind": k, "weight": w, "kept": True}
        for s, t, k, w in found["kept"]
    ]
    return pa.Table.from_pylist(rows, schema=schema.LINKS)
