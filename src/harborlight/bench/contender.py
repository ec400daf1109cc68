"""One contender at work in a process of its own, so that its peak memory is its own.

    python -m harborlight.bench.contender NAME ADS.parquet OUT

NAME is ``harborlight`` or a peer. OUT gets ``groups.parquet`` (ad_id, template, organization; null
when alone) and ``cost.json``; ``harborlight`` also leaves its run there, in ``run``.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from harborlight.bench import peers
from harborlight.recognize.runtime.measure import Measure

GROUPS = pa.schema(
    [
        pa.field("ad_id", pa.string(), nullable=False),
        pa.field("template", pa.int64()),
        pa.field("organization", pa.int64()),
    ]
)


def work(name: str, ads: Path, out: Path) -> None:
    """Let one contender group the ads of a file."""
    out.mkdir(parents=True, exist_ok=True)
    if name == "harborlight":
        _harborlight(ads, out)
    else:
        _peer(name, ads, out)


def _harborlight(ads: Path, out: Path) -> None:
    from harborlight.recognize.run import run

    with Measure() as measure:
        result = run([ads], out / "run")
    found = pq.read_table(
        out / "run" / "ads.parquet", columns=["ad_id", "template_id", "organization_id"]
    )
    numbers = [
        pc.dictionary_encode(found[column]).combine_chunks().indices.cast(pa.int64())
        for column in ("template_id", "organization_id")
    ]
    _write(out, found["ad_id"], *numbers)
    _cost(out, measure, [asdict(stage) for stage in result.stages])


def _peer(name: str, ads: Path, out: Path) -> None:
    table = pq.read_table(ads, columns=["ad_id", "title", "text"])
    titles, bodies = table["title"].to_pylist(), table["text"].to_pylist()
    texts = [f"{title or ''} {body}" for title, body in zip(titles, bodies, strict=True)]
    with Measure() as measure:
        labels = peers.group(name, texts)
    alone = pa.array(labels < 0)
    template = pc.if_else(alone, None, pa.array(labels, pa.int64()))
    _write(out, table["ad_id"], template, pa.nulls(len(labels), pa.int64()))
    _cost(out, measure, [])


def _write(out: Path, ad_id: pa.ChunkedArray, template: pa.Array, organization: pa.Array) -> None:
    table = pa.table([ad_id.cast(pa.string()), template, organization], schema=GROUPS)
    pq.write_table(table, out / "groups.parquet")


def _cost(out: Path, measure: Measure, stages: list[dict[str, object]]) -> None:
    cost = {"seconds": measure.seconds, "peak_bytes": measure.peak_bytes, "stages": stages}
    (out / "cost.json").write_text(json.dumps(cost), encoding="utf-8")


if __name__ == "__main__":
    work(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
