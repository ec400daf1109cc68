"""Stage 9, the page: ``report.html``, one self-contained file an analyst opens offline and prints.

The page needs no script and asks for nothing beyond itself. What people wrote is shown as text and
never as markup; their phones and addresses are never links, so that no click reaches anybody.
Same results in, same bytes out: no times of the run, no file names.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
import pyarrow as pa
import pyarrow.compute as pc
from markupsafe import Markup

import harborlight
from harborlight.recognize.ingest import rejects
from harborlight.recognize.ingest.digest import digest
from harborlight.recognize.movement.closing import Displacement
from harborlight.recognize.report import view as report_view
from harborlight.recognize.report.figures import of_closing
from harborlight.recognize.report.formatting import day, period
from harborlight.recognize.report.rows import only
from harborlight.recognize.report.visible import visible
from harborlight.recognize.review.evidence import ALONE, AWAY, TOWARD, catalogue
from harborlight.recognize.review.stage import ORDER

LEADS_IN_FULL, LEADS_IN_BRIEF, OTHERS_SHOWN, REFUSED_SHOWN, REASONS_SHOWN = 50, 500, 20, 20, 25


@dataclass(frozen=True)
class Tables:
    """Every table of a run, by ``schema``."""

    ads: pa.Table
    signals: pa.Table
    templates: pa.Table
    members: pa.Table
    organizations: pa.Table
    belongs: pa.Table
    links: pa.Table
    moves: pa.Table
    leads: pa.Table
    rejects: pa.Table


@dataclass(frozen=True)
class ReportInput(Tables):
    """Everything the report shows. The tables are read, never changed."""

    displacement: tuple[Displacement, ...] = ()  # one for each closed section
    #: What the run was told, by name; no file names or times, or the bytes would differ.
    parameters: Mapping[str, object] = field(default_factory=dict)


def write(out: Path, results: ReportInput) -> None:
    """Write ``report.html`` into the folder ``out``.

    Raises:
        OSError: the folder cannot be written to.
    """
    (out / "report.html").write_text(render(results), encoding="utf-8", newline="\n")


def render(results: ReportInput) -> str:
    """The page as text."""
    css = (files("harborlight.recognize.report") / "report.css").read_text("utf-8").rstrip("\n")
    leads, drawn = report_view.shown_leads(results, LEADS_IN_FULL)
    brief = _brief(results)
    first, last = _span(results.ads["posted_at"])
    known = catalogue()
    refused, refused_total, sample = _refused(results.links)
    page: str = (
        _environment()
        .get_template("report.html")
        .render(
            css=Markup(css),  # noqa: S704 - ours
            style_hash=_style_hash(css),
            accepted=results.ads.num_rows,
            rejected=rejects.rows(results.rejects),
            templates=results.templates.num_rows,
            organizations=results.organizations.num_rows,
            in_organizations=results.belongs.num_rows,
            total_leads=results.leads.num_rows,
            span="" if first is None else period(first, last),
            sites=_sites(results.ads),
            reasons=_reasons(rejects.kinds(results.rejects)),
            order=ORDER,
            leads=leads,
            brief=brief,
            brief_left=results.leads.num_rows - len(leads) - len(brief),
            others=_others(results),
            figures=drawn,
            closings=[of_closing(found) for found in results.displacement],
            refused=refused,
            refused_total=refused_total,
            refused_sample=sample,
            kinds_by_direction=[
                ("Looks organized", known.of(TOWARD)),
                ("Counter-evidence", known.of(AWAY)),
                ("Context, counted in neither direction", known.of(ALONE)),
            ],
            never_used=known.never_used,
            version=harborlight.__version__,
            digest=digest(results.ads),
            parameters=_parameters(results.parameters),
            text_shown=report_view.TEXT_SHOWN,
        )
    )
    return page


def _environment() -> jinja2.Environment:
    """Every value is escaped as text, and its characters are made visible."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("harborlight.recognize.report", package_path=""),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.filters["number"] = lambda value: f"{value:,}"
    environment.filters["count"] = _count
    environment.filters["shorten"] = visible
    environment.filters["sentence"] = lambda clause: f"{clause[:1].upper()}{clause[1:]}."
    return environment


def _finalize(value: Any) -> Any:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _style_hash(css: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()


def _span(moments: pa.ChunkedArray) -> tuple[Any, Any]:
    ends = pc.min_max(moments).as_py()
    return ends["min"], ends["max"]


def _reasons(kinds: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """The commonest reasons; file names and row numbers stay in rejects.parquet."""
    rest = sum(count for _, count in kinds[REASONS_SHOWN:])
    shown = list(kinds[:REASONS_SHOWN])
    return [*shown, ("other reasons", rest)] if rest else shown


def _sites(ads: pa.Table) -> list[dict[str, Any]]:
    grouped = (
        ads.select(["site", "posted_at"])
        .filter(pc.is_valid(ads["site"]))
        .group_by("site")
        .aggregate([("posted_at", "min"), ("posted_at", "max"), ([], "count_all")])
    )
    rows = sorted(grouped.to_pylist(), key=lambda row: (-row["count_all"], row["site"]))
    return [
        {
            "name": row["site"],
            "ads": row["count_all"],
            "first": day(row["posted_at_min"]),
            "last": day(row["posted_at_max"]),
        }
        for row in rows
    ]


def _brief(results: ReportInput) -> list[dict[str, Any]]:
    """The leads after those in full, a line each."""
    leads = results.leads.sort_by("review_order").slice(LEADS_IN_FULL, LEADS_IN_BRIEF)
    about = {
        row["organization_id"]: row
        for row in only(
            results.organizations.select(["organization_id", "first_posted", "last_posted"]),
            "organization_id",
            leads["organization_id"].combine_chunks(),
        ).to_pylist()
    }
    kinds = catalogue().kinds
    rows = []
    for lead in leads.to_pylist():
        organization = about[lead["organization_id"]]
        evidence = [kinds[e["kind"]] for e in lead["evidence"]]
        rows.append(
            {
                "order": lead["review_order"],
                "organization_id": lead["organization_id"],
                "ads": lead["ads"],
                "period": period(organization["first_posted"], organization["last_posted"]),
                "toward": len({k.family for k in evidence if k.direction == TOWARD}),
                "away": len({kinds[e["kind"]].family for e in lead["counter_evidence"]}),
            }
        )
    return rows


def _others(results: ReportInput) -> list[dict[str, Any]]:
    """The largest organizations that are no leads."""
    led = results.leads["organization_id"].combine_chunks()
    ids = results.organizations["organization_id"]
    others = results.organizations.filter(pc.invert(pc.is_in(ids, led.cast(ids.type))))
    keys = [("ads", "descending"), ("organization_id", "ascending")]
    return [
        {
            "organization_id": row["organization_id"],
            "ads": row["ads"],
            "period": period(row["first_posted"], row["last_posted"]),
            "wordings": len(row["templates"]),
            "phones": len(row["phones"]),
        }
        for row in others.sort_by(keys).slice(0, OTHERS_SHOWN).to_pylist()
    ]


def _refused(links: pa.Table) -> tuple[list[dict[str, Any]], int, list[dict[str, Any]]]:
    """Refused ties by kind and reason, how many there are, and a few of each."""
    refused = links.filter(pc.invert(links["kept"])).select(["source", "target", "kind", "reason"])
    counted = refused.group_by(["kind", "reason"]).aggregate([([], "count_all")]).to_pylist()
    counted.sort(key=lambda row: (-row["count_all"], row["kind"], row["reason"] or ""))
    rows = [
        {"kind": row["kind"], "reason": row["reason"] or "", "number": row["count_all"]}
        for row in counted[:REASONS_SHOWN]
    ]
    sample: list[dict[str, Any]] = []
    each = max(1, REFUSED_SHOWN // max(1, len(rows)))
    for row in rows:
        same = refused.filter(
            pc.and_(
                pc.equal(refused["kind"], row["kind"]),
                pc.equal(pc.fill_null(refused["reason"], ""), row["reason"]),
            )
        )
        smallest = pc.select_k_unstable(
            same, k=each, sort_keys=[("target", "ascending"), ("source", "ascending")]
        )
        sample += same.take(smallest).to_pylist()
    return rows, refused.num_rows, sample[:REFUSED_SHOWN]


def _parameters(told: Mapping[str, object]) -> list[tuple[str, str]]:
    rows = []
    for name, value in sorted(told.items()):
        if isinstance(value, Mapping):
            value = [f"{key}={item}" for key, item in sorted(value.items())]
        if isinstance(value, (list, tuple)):
            value = ", ".join(map(str, value)) or "none"
        rows.append((name, "none" if value is None else str(value)))
    return rows
