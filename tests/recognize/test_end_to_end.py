"""The whole job, from files to the folder: everything there, and the same whatever the order."""

from __future__ import annotations

import csv
import importlib.util
import json
import os
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from harborlight.recognize.organizations.why import why
from harborlight.recognize.output.folder import FILES
from harborlight.recognize.output.tables import ADS_OUT, SIGNALS_OUT
from harborlight.recognize.run import RunResult, run
from harborlight.recognize.schema import (
    LEADS,
    LINKS,
    MOVES,
    ORGANIZATIONS,
    REJECTS,
    TEMPLATES,
)
from harborlight.synthetic.planted import plant

RENTALS = Path(__file__).resolve().parents[3] / "shared" / "data" / "rental-ads"
CLOSED = "board.example/services@2017-01-09"
SCHEMAS = {
    "ads": ADS_OUT,
    "signals": SIGNALS_OUT,
    "templates": TEMPLATES,
    "organizations": ORGANIZATIONS,
    "links": LINKS,
    "moves": MOVES,
    "leads": LEADS,
    "rejects": REJECTS,
}


def write_csv(path: Path, rows: Sequence[dict[str, Any]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    """Planted ads, with some rows that cannot be used among them."""
    planted: list[dict[str, Any]] = plant(1500, seed=11).ads.to_pylist()
    for number in (20, 400, 900):
        planted[number]["text"] = "  "
    planted[30]["latitude"] = 123.0
    return [*planted, dict(planted[0])]


@pytest.fixture(scope="module")
def done(rows: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    folder = tmp_path_factory.mktemp("whole")
    ads = write_csv(folder / "ads.csv", rows)
    return run([ads], folder / "out", closed=[CLOSED])


def table(out: Path, name: str) -> pa.Table:
    return pq.read_table(out / f"{name}.parquet")


def test_every_file_is_there_with_its_schema(done: RunResult) -> None:
    assert sorted(path.name for path in done.out.iterdir()) == sorted(FILES)
    for name, schema in SCHEMAS.items():
        assert table(done.out, name).schema.equals(schema), name


def test_counts_are_what_the_tables_hold(done: RunResult) -> None:
    assert (done.accepted, done.rejected, done.fields_left_out) == (1497, 4, 1)
    counts = json.loads((done.out / "run.json").read_text(encoding="utf-8"))["counts"]
    for name in ("signals", "templates", "organizations", "links", "moves", "leads"):
        assert table(done.out, name).num_rows == counts[name], name
    assert table(done.out, "ads").num_rows == done.accepted == counts["accepted"]
    assert done.organizations > 10
    assert done.leads > 0


def test_tables_name_each_other_rightly(done: RunResult) -> None:
    ads = table(done.out, "ads").to_pylist()
    ids = [ad["ad_id"] for ad in ads]
    assert ids == sorted(set(ids))
    by_id = {ad["ad_id"]: ad for ad in ads}
    for kind in ("template", "organization"):
        followed = [ad[f"{kind}_id"] for ad in ads if ad[f"{kind}_id"] is not None]
        named = {row[f"{kind}_id"]: row["ads"] for row in table(done.out, f"{kind}s").to_pylist()}
        assert {name: followed.count(name) for name in set(followed)} == named
    for ad in ads:
        assert (ad["template_id"] is None) == (ad["explained"] is None)
    for signal in table(done.out, "signals").to_pylist():
        field = by_id[signal["ad_id"]][signal["field"]]
        assert field is not None
        if signal["start"] is not None:
            assert 0 <= signal["start"] < signal["end"] <= len(field)
    organizations = set(table(done.out, "organizations")["organization_id"].to_pylist())
    for name in ("moves", "leads"):
        assert set(table(done.out, name)["organization_id"].to_pylist()) <= organizations
    for lead in table(done.out, "leads").to_pylist():
        assert len({evidence["kind"] for evidence in lead["evidence"]}) >= 2
        assert lead["innocent_reading"]
        for evidence in lead["evidence"] + lead["counter_evidence"]:
            assert set(evidence["ads"] or []) <= set(ids)
    refused = [row for row in table(done.out, "links").to_pylist() if not row["kept"]]
    assert all(row["reason"] for row in refused)


def test_the_path_of_evidence_ties_any_two_ads_of_an_organization(done: RunResult) -> None:
    of: dict[str, list[str]] = {}
    for ad in table(done.out, "ads").to_pylist():
        if ad["organization_id"] is not None:
            of.setdefault(ad["organization_id"], []).append(ad["ad_id"])
    draw = random.Random(3)
    for members in draw.sample(sorted(of.values()), 10):
        first, second = draw.sample(members, 2)
        steps = why(done.out, first, second)
        assert (steps[0].source, steps[-1].target) == (f"ad:{first}", f"ad:{second}")
        assert [step.target for step in steps[:-1]] == [step.source for step in steps[1:]]


def test_run_json_tells_inputs_versions_and_costs(done: RunResult) -> None:
    told = json.loads((done.out / "run.json").read_text(encoding="utf-8"))
    assert told["versions"].keys() >= {"python", "daft", "pyarrow"}
    (file,) = told["inputs"]
    assert len(file["sha256"]) == 64
    assert (file["rows"], file["accepted"], file["rejected"]) == (1501, 1497, 4)
    assert told["parameters"]["closed"] == [CLOSED]
    names = [stage["stage"] for stage in told["stages"]]
    assert names == [
        "read", "fold", "signals", "similar", "template", "organize", "movement", "review",
        "report",
    ]  # fmt: skip
    assert all(stage["seconds"] > 0 for stage in told["stages"])
    assert all(stage["peak_memory_bytes"] > 10_000_000 for stage in told["stages"])
    assert told["displacement"][0]["closed"] == CLOSED


def test_entities_are_json_one_a_line(done: RunResult) -> None:
    lines = (done.out / "ftm.json").read_text(encoding="utf-8").splitlines()
    entities = [json.loads(line) for line in lines]
    assert len(entities) > done.organizations
    assert len({entity["id"] for entity in entities}) == len(entities)
    assert all(entity["schema"] and entity["properties"] for entity in entities)


def same_bytes(first: Path, second: Path) -> None:
    for name in FILES:
        if name not in ("run.json", "rejects.parquet"):
            assert (first / name).read_bytes() == (second / name).read_bytes(), name


def test_order_of_rows_and_files_changes_no_byte(
    done: RunResult, rows: list[dict[str, Any]], tmp_path: Path
) -> None:
    shuffled = list(rows)
    random.Random(4).shuffle(shuffled)
    first = write_csv(tmp_path / "a.csv", shuffled[:300])
    second = write_csv(tmp_path / "b.csv", shuffled[300:])
    again = run([second, first], tmp_path / "out", closed=[CLOSED])
    same_bytes(done.out, again.out)
    raw = [sorted(table(result.out, "rejects")["raw"].to_pylist()) for result in (done, again)]
    assert raw[0] == raw[1]


def recognize(ads: Path, out: Path, *options: str) -> None:
    subprocess.run(
        [
            *(sys.executable, "-c", "from harborlight.cli import main; main()", "recognize"),
            *(str(ads), "--out", str(out), "--closed", CLOSED, *options),
        ],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONHASHSEED": str(len(options))},
    )


def test_number_of_cores_changes_no_byte(done: RunResult, tmp_path: Path) -> None:
    recognize(done.out.parent / "ads.csv", tmp_path / "out", "--threads", "1")
    same_bytes(done.out, tmp_path / "out")
    told = [(result / "rejects.parquet").read_bytes() for result in (done.out, tmp_path / "out")]
    assert told[0] == told[1]


@pytest.mark.skipif(
    importlib.util.find_spec("ray") is None, reason="Ray is not installed (extra `cluster`)"
)
def test_ray_gives_the_same_bytes(done: RunResult, tmp_path: Path) -> None:
    recognize(done.out.parent / "ads.csv", tmp_path / "out", "--engine", "ray")
    same_bytes(done.out, tmp_path / "out")


@pytest.mark.skipif(
    importlib.util.find_spec("ray") is not None, reason="Ray is installed (extra `cluster`)"
)
def test_without_ray_its_engine_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "ads.csv").write_text("text\nhello\n", encoding="utf-8")
    with pytest.raises(subprocess.CalledProcessError) as failure:
        recognize(tmp_path / "ads.csv", tmp_path / "out", "--engine", "ray")
    assert failure.value.returncode == 2
    assert b"--engine ray needs Ray" in failure.value.stderr


@pytest.mark.skipif(not RENTALS.is_dir(), reason=f"{RENTALS} is not there")
def test_real_rental_ads(tmp_path: Path) -> None:
    result = run([RENTALS / "albany.csv.gz"], tmp_path / "out")
    assert (result.accepted, result.rejected) == (411, 10)
    assert result.reasons == (("text is empty", 10),)
    ads = table(result.out, "ads")
    assert ads["place"].null_count == ads["posted_at"].null_count == 0
    assert 0 < result.templates < 150
    for name, schema in SCHEMAS.items():
        assert table(result.out, name).schema.equals(schema), name
