"""SIGKILL while a file is imported and while is posted: no half entry, the import goes on where it
stopped, nothing counts twice.

10 kills in the ordinary run; with `-m proof`, 200, or as many as FUND_KILLS says. Run it with
HARBORLIGHT_TEST_DATABASE=postgresql for the other database.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from real_site import HOUSE, Site

LONG = int(os.environ.get("FUND_KILLS", "200"))
SET_UP = """
from harborlight.web.running import prepare
prepare.make_home(); prepare.migrate()
from people import make_agency
from fund_world import make_order
clerk = make_agency("finance", name="Clerk")
for n in (1, 2):
    print(make_order(clerk, {"minnesota_assessment": 10**11}))
"""


def killed(place: Path, kills: int) -> None:
    site = Site(place / "home")
    first, second = site.run(SET_UP).split()
    rows = 60 + kills * 4
    file = place / "payments.csv"
    lines = [f"{first},R-{n},2026-01-05,{n % 90 + 1}.07\n" for n in range(rows)]
    file.write_text("order,receipt,date,amount\n" + "".join(lines))
    whole = sum((n % 90 + 1) * 100 + 7 for n in range(rows))
    process = subprocess.Popen(
        [sys.executable, HOUSE / "tests/fund_worker.py", file, second],
        env=site.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    draw = random.Random(5)
    ends: Counter[str] = Counter()
    before: dict[str, Any] = {"rows": 0, "payments": 0}
    inside = 0

    def go(what: str, seconds: float) -> dict[str, Any]:
        nonlocal inside
        assert process.stdin is not None
        assert process.stdout is not None
        print(what, seconds, file=process.stdin, flush=True)
        end = process.stdout.readline().strip()
        told: dict[str, Any] = json.loads(process.stdout.readline())
        assert told["faults"] == [], (what, seconds, told)
        assert told["rows"] >= before["rows"], "what was imported is gone"
        assert told["payments"] >= before["payments"], "what was booked is gone"
        if end == "killed":
            ends[what] += 1
            inside += told["payments"] > before["payments"]
        before.update(told)
        return {"end": end, **told}

    for n in range(kills):
        # Long enough to be within a posting, at a place that is drawn.
        go("import" if n % 2 else "book", 0.03 + draw.uniform(0, 0.2))
    told = go("import", 0)
    assert told["end"] == "ended 0"
    assert (told["rows"], told["cents"]) == (rows, whole)
    again = go("import", 0)
    assert (again["rows"], again["cents"]) == (rows, whole)
    process.stdin.close()
    assert process.wait(30) == 0
    print(dict(ends), f"{inside} with something booked before, {told['payments']} payments")
    assert ends["book"] >= kills // 3
    assert ends["import"] >= kills // 5
    assert inside >= kills // 5, "killed before anything was done"


def test_a_killed_import_and_a_killed_posting_leave_no_half(tmp_path: Path) -> None:
    killed(tmp_path, 10)


@pytest.mark.proof
def test_killed_two_hundred_times(tmp_path: Path) -> None:
    killed(tmp_path, LONG)
