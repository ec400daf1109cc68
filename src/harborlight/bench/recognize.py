"""The bench of Recognize: Harborlight and its peers on ads of which the truth is known.

Every contender works in a process of its own on the same file, one after the other, in the same
run. Harborlight does its whole job, from the file to the report.
"""

from __future__ import annotations

import json as json_format
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from rich.console import Console

from harborlight.bench import peers, scores
from harborlight.bench.show import show, show_on
from harborlight.recognize.errors import InputError
from harborlight.recognize.ingest.stage import read
from harborlight.synthetic.planted import Options, Planted, plant

TIERS = ("easy", "medium", "hard")
#: Stages that turn text into groups: what a peer does.
GROUPING = ("fold", "similar", "template")

Labels = npt.NDArray[np.int64]


def run(
    ads: int,
    seed: int,
    against: Sequence[str] = (),
    console: Console | None = None,
    json: bool = False,
    options: Options | None = None,
) -> dict[str, Any]:
    """Measure Harborlight and the peers ``against`` on a planted corpus; print and return it.

    Raises PeerError for a peer that is unknown or not installed, InputError for too few ads and
    RuntimeError when a contender fails.
    """
    console = console or Console()
    peers.check(against)
    if ads < 2:
        raise InputError("--ads: a bench needs at least 2 ads")
    if not json:
        console.print(f"planting {ads:,} ads with seed {seed}", highlight=False)
    corpus = plant(ads, seed, options)
    measured: dict[str, Any] = {"ads": ads, "seed": seed, "contenders": {}}
    with tempfile.TemporaryDirectory(prefix="harborlight-bench-") as folder:
        path = corpus.write(Path(folder) / "ads.parquet")
        for name in ("harborlight", *against):
            if not json:
                console.print(f"running {name}", highlight=False)
            out = Path(folder) / name.replace(":", "-")
            cost = _work(name, path, out)
            groups = pq.read_table(out / "groups.parquet")
            found = score(groups, corpus)
            if name == "harborlight":
                signals = pq.read_table(
                    out / "run" / "signals.parquet", columns=["ad_id", "kind", "value", "field"]
                )
                found["phones"] = score_phones(signals, corpus.truth)
            measured["contenders"][name] = found | _speed(ads, cost)
    measured["ratios"] = _ratios(measured["contenders"])
    if json:
        console.print_json(json_format.dumps(measured))
    else:
        show(measured, console)
    return measured


def run_on(
    file: Path | str,
    truth_column: str,
    against: Sequence[str] = (),
    console: Console | None = None,
    json: bool = False,
) -> dict[str, Any]:
    """Measure how well a file's ads are put together, its column ``truth_column`` being the truth.

    Harborlight's organizations, and its templates and the peers' groups, are scored against the
    column by pairs and adjusted Rand index. Ads without a truth are left out. The file must have a
    column of ad ids. Raises InputError and PeerError in one line.
    """
    console = console or Console()
    peers.check(against)
    accepted = read([file], {"url": truth_column}).ads.select("ad_id", *_PEER_FIELDS).to_arrow()
    truth = pc.dictionary_encode(accepted["url"]).combine_chunks().indices
    known = pc.is_valid(accepted["url"])
    measured: dict[str, Any] = {"file": str(file), "truth": truth_column, "contenders": {}}
    with tempfile.TemporaryDirectory(prefix="harborlight-bench-") as folder:
        path = Path(folder) / "ads.parquet"
        pq.write_table(accepted.drop_columns(["url"]), path)
        true = _labels(truth, known)
        for name in ("harborlight", *against):
            if not json:
                console.print(f"running {name}", highlight=False)
            out = Path(folder) / name.replace(":", "-")
            cost = _work(name, path, out)
            groups = _in_order(pq.read_table(out / "groups.parquet"), accepted["ad_id"])
            chosen = ["template", "organization"] if name == "harborlight" else ["template"]
            measured["contenders"][name] = {
                column: _grouping(_labels(groups[column], known), true) for column in chosen
            } | _speed(accepted.num_rows, cost)
    measured["ads"] = accepted.num_rows
    measured["ads_with_truth"] = len(true)
    if json:
        console.print_json(json_format.dumps(measured))
    else:
        show_on(measured, console)
    return measured


_PEER_FIELDS = (
    *("posted_at", "site", "section", "place", "latitude", "longitude"),
    *("title", "text", "phone", "image_hash", "url"),
)


def score(groups: pa.Table, corpus: Planted) -> dict[str, Any]:
    """Score the groups of a contender (ad_id, template, organization) against the truth."""
    truth = corpus.truth
    groups = _in_order(groups, truth["ad_id"])
    template, organization = (_labels(groups[c]) for c in ("template", "organization"))
    found = score_templates(template, truth)
    if len(organization) and organization.max() >= 0:
        found["organizations"] = _grouping(organization, _labels(truth["organization"]))
    return found


def score_templates(template: Labels, truth: pa.Table) -> dict[str, Any]:
    """Score template labels, one for each row of ``truth`` and negative when alone.

    Returns precision, recall, f1 and adjusted_rand over pairs of ads, recall by tier (of pairs, and
    of ads that were put with any other of their template) and the share of singles grouped.
    """
    true = _labels(truth["template"])
    tier = np.asarray(truth["tier"].to_pylist())
    return {
        **_grouping(template, true),
        "recall_by_tier": {
            name: asdict(scores.recall_among(template, true, tier == name)) for name in TIERS
        },
        "singles_wrongly_grouped": scores.wrongly_grouped(template, tier == "single"),
    }


def score_members(members: pa.Table, truth: pa.Table) -> dict[str, Any]:
    """Score a table MEMBERS (ad, template) of ads numbered as the rows of ``truth``."""
    template = np.full(truth.num_rows, -1, dtype=np.int64)
    template[members["ad"].to_numpy()] = members["template"].to_numpy()
    return score_templates(template, truth)


def score_pairs(pairs: pa.Table, truth: pa.Table) -> dict[str, Any]:
    """Score the single-link groups of a table of pairs (a, b) numbered as the rows of ``truth``."""
    a, b = pairs["a"].to_numpy(), pairs["b"].to_numpy()
    return score_templates(peers.components(truth.num_rows, a, b), truth)


def score_phones(signals: pa.Table, truth: pa.Table) -> dict[str, Any]:
    """Score phones found in titles and texts by the style they were written in, and of all."""
    kept = pc.and_(
        pc.equal(signals["kind"], "phone"),
        pc.is_in(signals["field"], pa.array(["title", "text"])),
    )
    found = signals.filter(kept)
    row = {ad_id: n for n, ad_id in enumerate(truth["ad_id"].to_pylist())}
    predicted = (
        (row[ad_id], value)
        for ad_id, value in zip(found["ad_id"].to_pylist(), found["value"].to_pylist(), strict=True)
    )
    true = [
        (n, phone, style)
        for n, (phones, styles) in enumerate(
            zip(truth["phones"].to_pylist(), truth["phone_styles"].to_pylist(), strict=True)
        )
        for phone, style in zip(phones, styles, strict=True)
    ]
    return {style: asdict(s) for style, s in scores.identifiers(predicted, true).items()}


def _grouping(predicted: Labels, true: Labels) -> dict[str, float]:
    return {
        **asdict(scores.pairwise(predicted, true)),
        "adjusted_rand": scores.adjusted_rand(predicted, true),
    }


def _labels(column: pa.ChunkedArray | pa.Array, kept: pa.ChunkedArray | None = None) -> Labels:
    if kept is not None:
        column = column.filter(kept)
    return np.asarray(pc.fill_null(column, -1).to_numpy(zero_copy_only=False), dtype=np.int64)


def _in_order(groups: pa.Table, ad_ids: pa.ChunkedArray) -> pa.Table:
    """Put the rows of ``groups`` into the order of ``ad_ids``; an ad without row stands alone."""
    return groups.take(pc.index_in(ad_ids, value_set=groups["ad_id"].combine_chunks()))


def _work(name: str, ads: Path, out: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "harborlight.bench.contender", name, str(ads), str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise RuntimeError(f"{name} failed with status {done.returncode}: {last}")
    cost: dict[str, Any] = json_format.loads((out / "cost.json").read_text(encoding="utf-8"))
    return cost


def _speed(ads: int, cost: dict[str, Any]) -> dict[str, Any]:
    speed: dict[str, Any] = {
        "seconds": cost["seconds"],
        "ads_per_second": ads / cost["seconds"],
        "peak_memory_bytes": cost["peak_bytes"],
    }
    if cost["stages"]:
        seconds = {stage["stage"]: stage["seconds"] for stage in cost["stages"]}
        speed["stages"] = cost["stages"]
        speed["similar_ads_per_second"] = ads / seconds["similar"]
        speed["grouping_ads_per_second"] = ads / sum(seconds[stage] for stage in GROUPING)
    return speed


def _ratios(contenders: dict[str, Any]) -> dict[str, Any]:
    """How many times Harborlight is faster than a peer, and how much memory it uses to its one."""
    ours = contenders["harborlight"]
    return {
        name: {
            "similar": ours["similar_ads_per_second"] / theirs["ads_per_second"],
            "grouping": ours["grouping_ads_per_second"] / theirs["ads_per_second"],
            "whole_job": ours["ads_per_second"] / theirs["ads_per_second"],
            "memory": ours["peak_memory_bytes"] / theirs["peak_memory_bytes"],
        }
        for name, theirs in contenders.items()
        if name != "harborlight"
    }
