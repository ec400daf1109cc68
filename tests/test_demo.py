"""The demo: made-up ads of which the truth is known, the whole job on them, its report read."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from harborlight.demo import region
from harborlight.recognize.review.evidence import AWAY, catalogue

HARBORLIGHT = str(Path(sys.executable).parent / "harborlight")
AGENCY = "a licensed home-cleaning agency"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of `harborlight demo` and what it printed."""
    folder = tmp_path_factory.mktemp("demo")
    done = subprocess.run(
        [HARBORLIGHT, "demo", "--no-serve", "--out", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1"},
    )
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> region.Demo:
    return region.write(tmp_path_factory.mktemp("again"))


def posters(folder: Path, truth: region.Demo) -> dict[str, Counter[str]]:
    """Who posted the ads of each organization."""
    found: dict[str, Counter[str]] = {}
    for ad in pq.read_table(folder / "found" / "ads.parquet").to_pylist():
        if ad["organization_id"]:
            found.setdefault(ad["organization_id"], Counter())[truth.posters[ad["ad_id"]]] += 1
    return found


def leads(folder: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(folder / "found" / "leads.parquet").to_pylist()
    return rows


def test_it_tells_what_it_found_and_where_the_report_is(shown: tuple[Path, str]) -> None:
    folder, printed = shown
    assert str(folder / "found" / "report.html") in printed
    assert (folder / "found" / "report.html").stat().st_size > 50_000
    assert "--closed prairieboard.example/services@2017-01-09" in printed
    assert "7 leads" in printed


def test_a_folder_that_cannot_be_is_told_in_one_line(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file")
    done = subprocess.run(
        [HARBORLIGHT, "demo", "--no-serve", "--out", str(taken)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert str(taken) in done.stderr
    assert "Traceback" not in done.stderr
    assert taken.read_text() == "a file"


def test_the_same_ads_every_time(shown: tuple[Path, str], truth: region.Demo) -> None:
    for path in truth.files:
        assert path.read_bytes() == (shown[0] / "ads" / path.name).read_bytes()
    assert len(truth.posters) > 2_500


def test_every_row_is_accepted_or_rejected(shown: tuple[Path, str], truth: region.Demo) -> None:
    found = shown[0] / "found"
    accepted = pq.read_table(found / "ads.parquet")["ad_id"].to_pylist()
    assert sorted(accepted) == sorted(truth.posters)
    assert pq.read_table(found / "rejects.parquet").num_rows == truth.broken == 11


def test_leads_are_the_posters_of_several_hands_and_the_agency(
    shown: tuple[Path, str], truth: region.Demo
) -> None:
    found = posters(shown[0], truth)
    behind = [found[lead["organization_id"]].most_common(1)[0][0] for lead in leads(shown[0])]
    assert len(behind) == len(set(behind)) == 7
    assert AGENCY in behind
    assert not any(name.startswith("independent") for name in behind)
    assert not {n for n in behind if "cello" in n or "knife" in n}, "one person each"


def test_organizations_hold_one_poster_and_all_of_it(
    shown: tuple[Path, str], truth: region.Demo
) -> None:
    found = posters(shown[0], truth)
    whole = Counter(truth.posters.values())
    for lead in leads(shown[0]):
        ((name, ads),) = found[lead["organization_id"]].items()
        assert ads >= 0.97 * whole[name], name


def test_the_agency_is_shown_for_what_it_is(shown: tuple[Path, str], truth: region.Demo) -> None:
    found = posters(shown[0], truth)
    by_name = {
        found[lead["organization_id"]].most_common(1)[0][0]: lead for lead in leads(shown[0])
    }
    agency = by_name[AGENCY]
    against = {e["kind"] for e in agency["counter_evidence"]}
    assert {"street_address", "price_list", "own_link", "business_words", "plain_phone"} <= against
    assert agency["innocent_reading"].startswith("This may be a business that is open about itself")
    hauling = by_name["a hauling service with six phones"]
    assert hauling["review_order"] < agency["review_order"]
    families = {catalogue().kinds[kind].family for kind in against}
    assert all(catalogue().kinds[kind].direction == AWAY for kind in against)
    assert len(families) >= 2


def test_what_followed_the_closing(shown: tuple[Path, str], truth: region.Demo) -> None:
    found = posters(shown[0], truth)
    moves = pq.read_table(shown[0] / "found" / "moves.parquet").to_pylist()
    outcomes: dict[str, set[str]] = {}
    for move in moves:
        if move["kind"] != "move":
            name = found[move["organization_id"]].most_common(1)[0][0]
            outcomes.setdefault(name, set()).add(move["kind"])
    assert outcomes["a hauling service with six phones"] == {"relinked"}
    assert outcomes[AGENCY] == {"relinked"}
    towns = {m["to_site"] for m in moves if m["kind"] == "relinked"}
    assert "valleylist.example" in towns


def test_nothing_in_it_is_anybodys(truth: region.Demo) -> None:
    """Phones are 555-01xx, links end in .example."""
    for path in truth.files:
        text = path.read_text("utf-8")
        for area, rest in re.findall(r"\b(\d{3})[-. )]{1,2}(\d{3}[-. ]\d{4})\b", text):
            assert re.fullmatch(r"555[-. ]01\d\d", rest), (area, rest)
        for host in re.findall(r"(?:https?://|www\.)([\w.-]+)", text):
            assert host.rstrip(".").endswith(".example"), host
