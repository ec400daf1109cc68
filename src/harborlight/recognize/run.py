"""The whole job: files of ads in, a folder of reviewable leads out.

Every stage's table is worked out once, before the next stage begins, so that the seconds and the
peak memory told for a stage are its own; but what is settled once ads are organized is written
beside the stages that follow.
"""

from __future__ import annotations

import dataclasses
import gc
import importlib.util
import json
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import daft
import pyarrow as pa

import harborlight
from harborlight.recognize.errors import InputError
from harborlight.recognize.ingest import rejects
from harborlight.recognize.ingest.sources import expand
from harborlight.recognize.ingest.stage import InputFile, Read, read
from harborlight.recognize.movement import stage as movement
from harborlight.recognize.organizations import stage as organize
from harborlight.recognize.output import ftm
from harborlight.recognize.output.folder import check, whole
from harborlight.recognize.output.tables import (
    ADS_OUT,
    SIGNALS_OUT,
    ads_out,
    conform,
    signals_out,
    sorted_by,
    write_parquet,
)
from harborlight.recognize.report import stage as report
from harborlight.recognize.review import stage as review
from harborlight.recognize.runtime.measure import Measure
from harborlight.recognize.runtime.progress import Progress, Step, current
from harborlight.recognize.runtime.threads import limit
from harborlight.recognize.runtime.workers import end_idle, expecting
from harborlight.recognize.schema import (
    ADS,
    BELONGS,
    LEADS,
    LINKS,
    MEMBERS,
    MOVES,
    ORGANIZATIONS,
    REJECTS,
    SIGNALS,
    TEMPLATES,
)
from harborlight.recognize.signals import stage as signals
from harborlight.recognize.similar import stage as similar
from harborlight.recognize.templates import stage as template
from harborlight.recognize.text import stage as fold

Engine = Literal["native", "ray"]

#: What the stages usually cost beside each other, for the time left of a job.
COSTS = {
    "read": 1.0,
    "fold": 5.0,
    "signals": 15.0,
    "similar": 4.0,
    "template": 5.0,
    "organize": 0.6,
    "movement": 0.1,
    "review": 1.0,
    "report": 5.0,
}

_LOCAL_RAY: dict[str, Any] = {"include_dashboard": False}


@dataclass(frozen=True)
class StageCost:
    """What one stage cost: seconds of wall clock, largest resident bytes of the process tree."""

    stage: str
    seconds: float
    peak_memory_bytes: int


@dataclass(frozen=True)
class RunResult:
    """What a run found, in numbers. ``accepted`` is 0 when nothing could be read."""

    out: Path
    accepted: int
    rejected: int  # rows
    fields_left_out: int  # optional fields that were not understood, of accepted ads
    templates: int
    organizations: int
    leads: int
    inputs: tuple[InputFile, ...]
    reasons: tuple[tuple[str, int], ...]  # why rows and fields were not used, commonest first
    stages: tuple[StageCost, ...]

    @property
    def report(self) -> Path:
        """The page to open."""
        return self.out / "report.html"


@dataclass
class _Run:
    """What is known while the stages go."""

    progress: Progress
    costs: list[StageCost] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str, total: int | None = None, unit: str = "ads") -> Iterator[Step]:
        with self.progress.stage(name, total, unit) as step, Measure() as measure:
            yield step
        self.costs.append(StageCost(name, round(measure.seconds, 3), measure.peak_bytes))


def run(
    paths: Sequence[str | Path],
    out: Path,
    mapping: Mapping[str, str] | None = None,
    closed: Sequence[str] = (),
    engine: Engine = "native",
    progress: Progress | None = None,
    parameters: Mapping[str, object] | None = None,
    threads: int | None = None,
) -> RunResult:
    """Recognize the organizations behind ads and write what was found to ``out``.

    ``closed`` names sections that a site closed, as SITE[/SECTION]@YYYY-MM-DD. ``parameters`` is
    noted in run.json and the report. When no ad could be read, only ``rejects.parquet`` and
    ``run.json`` are written.

    Raises InputError, in one line, for inputs, mapping, engine or folder that cannot be used.
    """
    check(out)
    files = expand(paths)
    sections = [movement.parse_closed(section) for section in closed]
    use_engine(engine, threads)
    job = _Run(progress or Progress(quiet=True))
    job.progress.expect(COSTS)
    told = {
        "closed": [str(section) for section in sections],
        "engine": engine,
        "map": dict(sorted((mapping or {}).items())),
        **(parameters or {}),
    }
    with _no_search_for_cycles(), whole(out) as folder, job.progress:
        size = sum(file.stat().st_size for file in files)
        with job.stage("read", size, "bytes") as step:
            ads = read(paths, mapping, step.advance)
        if not ads.accepted:
            write_parquet(folder / "rejects.parquet", conform(ads.rejects, REJECTS))
            counts = _counts(ads, {})
            _write_run_json(folder, ads, told, counts, job.costs, {})
            return _result(out, ads, counts, job.costs)
        with expecting(ads.accepted):
            counts = _stages(job, ads, sections, told, folder)
    return _result(out, ads, counts, job.costs)


def use_engine(engine: Engine, threads: int | None = None) -> None:
    """Choose where Daft works: in this process, or on a Ray cluster (RAY_ADDRESS, else local).

    ``threads`` is how many cores are used on this machine, by Daft and by processes of our own.
    """
    limit(threads)
    if engine == "ray":
        if importlib.util.find_spec("ray") is None:
            raise InputError("--engine ray needs Ray: pip install 'harborlight[cluster]'")
        import ray

        if not ray.is_initialized():
            local = {} if os.environ.get("RAY_ADDRESS") else _LOCAL_RAY | {"num_cpus": threads}
            ray.init(logging_level="ERROR", log_to_driver=False, **local)
        daft.set_runner_ray(noop_if_initialized=True)
    elif threads is not None:
        daft.set_runner_native(num_threads=threads)


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Millions of rows pass as Python objects and leave no cycles; looking for some takes time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _stages(
    job: _Run,
    ads: Read,
    closed: Sequence[movement.Closed],
    told: Mapping[str, object],
    folder: Path,
) -> dict[str, int]:
    """Every stage after reading; writes the folder and returns its counts."""
    n = ads.accepted
    with job.stage("fold", n):
        folded = fold.fold(_counted(ads.ads)).collect()
    with job.stage("signals", n):
        found = signals.signals(_counted(ads.ads)).collect()
    end_idle()
    with job.stage("similar", n):
        pairs = similar.similar(folded).collect()
    with job.stage("template", n):
        grouped = template.template(ads.ads, folded, pairs)
        templates, members = grouped.templates.collect(), grouped.members.collect()
    del folded
    end_idle()
    with job.stage("organize", n):
        organized = organize.organize(ads.ads, found, templates, members, pairs)
        organizations = organized.organizations.collect()
        belongs, links = organized.belongs.collect(), organized.links.collect()
        settled = {
            "ads": ads.ads.to_arrow(),
            "signals": found.to_arrow(),
            "templates": templates.to_arrow(),
            "members": members.to_arrow(),
            "organizations": organizations.to_arrow(),
            "belongs": belongs.to_arrow(),
            "links": links.to_arrow(),
        }

    def in_order() -> dict[str, pa.Table]:
        return {
            name: sorted_by(conform(settled.pop(name), schema), *order)
            for name, (schema, order) in _SETTLED.items()
        }

    with ThreadPoolExecutor(3) as aside:  # what is settled is written while the last stages work
        so_far = aside.submit(in_order)
        written = aside.submit(lambda: _write_settled(folder, so_far.result()))
        entities = aside.submit(lambda: _write_ftm(folder, so_far.result()))
        with job.stage("movement", n):
            moved = movement.movement(ads.ads, found, members, belongs, organizations, closed)
            moves = moved.moves.collect()
        with job.stage("review", organizations.count_rows(), "organizations"):
            leads = review.review(
                ads.ads, found, templates, members, organizations, belongs, links, moves
            ).collect()
        with job.stage("report", n):
            tables = _Tables(
                **so_far.result(),
                moves=_arrow(moves, MOVES, "organization_id", "kind", "sequence"),
                leads=_arrow(leads, LEADS, "review_order"),
                rejects=conform(ads.rejects, REJECTS),
            )
            for name in ("moves", "leads", "rejects"):
                write_parquet(folder / f"{name}.parquet", getattr(tables, name))
            report.write(folder, tables.for_report(moved, told))
            written.result()
            entities.result()
    counts = _counts(ads, tables.counts())
    after = {
        "displacement": [dataclasses.asdict(section) for section in moved.displacement],
        "coverage": [dataclasses.asdict(panel) for panel in moved.coverage],
        "warnings": moved.warnings,
    }
    _write_run_json(folder, ads, told, counts, job.costs, after)
    return counts


@daft.func.batch(return_dtype=daft.DataType.int64())
def _count(ad: daft.Series) -> daft.Series:
    current().advance(len(ad))
    return ad


def _counted(ads: daft.DataFrame) -> daft.DataFrame:
    """The same ads, counted as the stage takes them; on Ray the counts stay with the workers."""
    if daft.get_or_infer_runner_type() != "native":
        return ads
    return ads.into_batches(2000).with_column("ad", _count(ads["ad"]))


@dataclass(frozen=True)
class _Tables(report.Tables):
    """The tables of a run, counted and handed on."""

    def counts(self) -> dict[str, int]:
        return {
            name: getattr(self, name).num_rows
            for name in ("signals", "templates", "organizations", "links", "moves", "leads")
        } | {
            "ads_in_templates": self.members.num_rows,
            "ads_in_organizations": self.belongs.num_rows,
        }

    def for_report(
        self, moved: movement.Movement, told: Mapping[str, object]
    ) -> report.ReportInput:
        return report.ReportInput(
            **{f.name: getattr(self, f.name) for f in dataclasses.fields(self)},
            displacement=tuple(moved.displacement),
            parameters={name: value for name, value in told.items() if name != "engine"},
        )


def _arrow(frame: daft.DataFrame, schema: pa.Schema, *order: str) -> pa.Table:
    return sorted_by(conform(frame.to_arrow(), schema), *order)


#: What no stage after *organize* changes, and the order in which it is written.
_SETTLED = {
    "ads": (ADS, ("ad",)),
    "signals": (SIGNALS, ("ad", "field", "start", "end", "kind", "value")),
    "templates": (TEMPLATES, ("template",)),
    "members": (MEMBERS, ("ad",)),
    "organizations": (ORGANIZATIONS, ("organization",)),
    "belongs": (BELONGS, ("ad",)),
    "links": (LINKS, ("source", "target", "kind")),
}


def _write_settled(folder: Path, tables: Mapping[str, pa.Table]) -> None:
    """Write the tables that no later stage changes; all but members and belongs, which ads tell."""
    of_ads = ("ads", "members", "templates", "belongs", "organizations")
    ads = ads_out(*(tables[name] for name in of_ads))
    write_parquet(folder / "ads.parquet", conform(ads, ADS_OUT))
    signals_named = conform(signals_out(tables["signals"], tables["ads"]), SIGNALS_OUT)
    write_parquet(folder / "signals.parquet", signals_named)
    for name in ("templates", "organizations", "links"):
        write_parquet(folder / f"{name}.parquet", tables[name])


def _write_ftm(folder: Path, tables: Mapping[str, pa.Table]) -> None:
    of_ftm = (tables[name] for name in ("ads", "belongs", "organizations", "signals"))
    ftm.write_ftm(folder / "ftm.json", *of_ftm)


def _counts(ads: Read, found: Mapping[str, int]) -> dict[str, int]:
    return {
        "accepted": ads.accepted,
        "rejected": ads.rejected,
        "fields_left_out": rejects.fields(ads.rejects),
        **found,
    }


def _write_run_json(
    folder: Path,
    ads: Read,
    told: Mapping[str, object],
    counts: Mapping[str, int],
    costs: Sequence[StageCost],
    after: Mapping[str, object],
) -> None:
    content = {
        "harborlight": harborlight.__version__,
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("daft", "pyarrow", "numpy", "phonenumbers")},
        },
        "inputs": [dataclasses.asdict(file) for file in ads.inputs],
        "parameters": told,
        "counts": counts,
        "stages": [dataclasses.asdict(cost) for cost in costs],
        "seconds": round(sum(cost.seconds for cost in costs), 3),
        "peak_memory_bytes": max(cost.peak_memory_bytes for cost in costs),
        **after,
    }
    text = json.dumps(content, ensure_ascii=False, indent=2, default=str)
    (folder / "run.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def _result(
    out: Path, ads: Read, counts: Mapping[str, int], costs: Sequence[StageCost]
) -> RunResult:
    return RunResult(
        out=out,
        accepted=ads.accepted,
        rejected=ads.rejected,
        fields_left_out=rejects.fields(ads.rejects),
        templates=counts.get("templates", 0),
        organizations=counts.get("organizations", 0),
        leads=counts.get("leads", 0),
        inputs=tuple(ads.inputs),
        reasons=rejects.kinds(ads.rejects),
        stages=tuple(costs),
    )
